"""The worker's own door: which record holds, complaints, what became of a deletion."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
