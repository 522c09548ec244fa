"""Names are found in the index of a station's workers; whom two stations registered is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_COLUMNS = ["station_id", sa.text("updated_at desc"), sa.text("id desc")]


def upgrade() -> None:
    op.drop_index("ix_workers_station_updated", table_name="workers")
    op.create_index("ix_workers_station_updated", "workers", _COLUMNS, postgresql_include=["name"])
    op.create_table(
        "counted_twice",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('workers','agreed','three')", name="ck_counted_twice_kind"),
        sa.CheckConstraint("value >= 10", name="ck_counted_twice_value"),
        sa.PrimaryKeyConstraint("kind", "code", name="pk_counted_twice"),
    )


def downgrade() -> None:
    op.drop_table("counted_twice")
    op.drop_index("ix_workers_station_updated", table_name="workers")
    op.create_index("ix_workers_station_updated", "workers", _COLUMNS)
