"""One-time codes, devices, messages to phones."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
