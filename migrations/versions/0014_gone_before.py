"""How many from one's own parts have gone to a city to work: told on the worker's card, never under ten."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "gone_before",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("least >= 10 and least % 5 = 0", name="ck_gone_before_least"),
        sa.PrimaryKeyConstraint("origin", "city", name="pk_gone_before"),
    )


def downgrade() -> None:
    op.drop_table("gone_before")
