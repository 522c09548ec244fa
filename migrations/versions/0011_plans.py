"""Plans, assignments, prices of openings, companions."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
