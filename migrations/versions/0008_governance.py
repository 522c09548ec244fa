"""Vacancies approved and re-confirmed, pairings kept by coordinators, shocks, duties."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Filled by the room that needs it."""


def downgrade() -> None:
    """Nothing to take back."""
