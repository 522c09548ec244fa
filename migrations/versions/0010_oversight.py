"""Audit seals, alarms, exports."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
