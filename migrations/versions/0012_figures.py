"""Figures each station counts of itself; the coordinator adds them up."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "figures",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("to_code", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('workers','agreed','three','flow')", name="ck_figures_kind"),
        sa.CheckConstraint("value >= 10", name="ck_figures_value"),
        sa.ForeignKeyConstraint(
            ["station_id"], ["organisations.id"], name="fk_figures_station_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("station_id", "kind", "code", "to_code", name="pk_figures"),
    )


def downgrade() -> None:
    op.drop_table("figures")
