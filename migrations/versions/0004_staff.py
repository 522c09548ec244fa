"""Staff, sessions, keys of systems, invitations and what two persons decide together."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
