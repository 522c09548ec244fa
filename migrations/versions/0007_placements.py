"""Answers, introductions, disclosures, placements."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
