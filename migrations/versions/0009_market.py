"""The live market's changes, and what matching everybody at once found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "market_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xact", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_changes")),
    )
    op.create_index("ix_market_changes_xact", "market_changes", ["xact"])
    op.create_index("ix_market_changes_at", "market_changes", ["at"])
    op.create_table(
        "match_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scoring", sa.Text(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["scoring"], ["scoring_profiles.version"], name=op.f("fk_match_runs_scoring")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
    )
    op.create_table(
        "match_results",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("vacancies", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("scores", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint("cardinality(vacancies) = cardinality(scores)", name=op.f("ck_match_results_pairs")),
        sa.ForeignKeyConstraint(
            ["station_id", "worker_id"],
            ["workers.station_id", "workers.id"],
            name=op.f("fk_match_results_station_id_worker_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_match_results")),
    )
    op.create_index("ix_match_results_station", "match_results", ["station_id", "worker_id"])
    op.create_index("ix_match_results_run", "match_results", ["run_id"])


def downgrade() -> None:
    op.drop_table("match_results")
    op.drop_table("match_runs")
    for name in ("tell_market_new", "tell_market"):
        op.execute(f"drop trigger if exists {name} on vacancies")
    for table in ("pairings", "shocks"):
        op.execute(f"drop trigger if exists tell_market on {table}")
    op.drop_table("market_changes")
