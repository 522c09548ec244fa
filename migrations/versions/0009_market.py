"""The live market's sequence of changes and the results of batch runs."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
