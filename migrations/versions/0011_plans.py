"""Plans, assignments, prices of openings, companions."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

STATES = "state in ('ordered','planning','ready','published','replaced','cancelled','failed')"
NOW = sa.text("now()")
JSON = sa.dialects.postgresql.JSONB


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    default = None if nullable else NOW
    return sa.Column(name, sa.TIMESTAMP(timezone=True), server_default=default, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="ordered", nullable=False),
        sa.Column("scope", JSON(), nullable=False),
        sa.Column("options", JSON(), nullable=False),
        sa.Column("progress", JSON(), server_default="{}", nullable=False),
        sa.Column("outcome", JSON(), server_default="{}", nullable=False),
        sa.Column("reason", JSON(), server_default="{}", nullable=False),
        _moment("created_at"),
        _moment("finished_at", nullable=True),
        _moment("published_at", nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(STATES, name="ck_plans_state"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_plans_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_plans_organisation_id_id"),
    )
    op.create_index(
        "ix_plans_organisation_created", "plans", ["organisation_id", sa.text("created_at desc"), sa.text("id desc")]
    )
    op.create_table(
        "assignments",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("vacancy_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("runner_up_id", sa.Uuid(), nullable=True),
        sa.Column("runner_up_cost", sa.Integer(), nullable=True),
        sa.Column("overridden", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("overridden = (override_reason is not null)", name="ck_assignments_override"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_assignments_plan_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["station_id", "worker_id"],
            ["workers.station_id", "workers.id"],
            name="fk_assignments_station_id_worker_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["vacancy_id"], ["vacancies.id"], name="fk_assignments_vacancy_id"),
        sa.ForeignKeyConstraint(["runner_up_id"], ["vacancies.id"], name="fk_assignments_runner_up_id"),
        sa.PrimaryKeyConstraint("plan_id", "worker_id", name="pk_assignments"),
    )
    op.create_index("ix_assignments_station", "assignments", ["station_id", "plan_id"])
    op.create_index("ix_assignments_worker", "assignments", ["worker_id"], postgresql_where=sa.text("published"))
    op.create_table(
        "opening_prices",
        sa.Column("vacancy_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        _moment("made_at"),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["vacancies.id"], name="fk_opening_prices_vacancy_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vacancy_id", name="pk_opening_prices"),
    )
    op.create_index("ix_opening_prices_made_at", "opening_prices", ["made_at"])
    op.create_table(
        "vacancy_fills",
        sa.Column("vacancy_id", sa.Uuid(), nullable=False),
        sa.Column("poster_id", sa.Uuid(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("limit", sa.Text(), nullable=True),
        sa.Column("kept_away", sa.Integer(), nullable=False),
        sa.Column("pay_under_by", sa.Integer(), nullable=False),
        _moment("made_at"),
        sa.ForeignKeyConstraint(
            ["poster_id", "vacancy_id"],
            ["vacancies.poster_id", "vacancies.id"],
            name="fk_vacancy_fills_poster_id_vacancy_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("vacancy_id", name="pk_vacancy_fills"),
    )
    op.create_index("ix_vacancy_fills_poster", "vacancy_fills", ["poster_id"])
    op.create_table(
        "companions",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        _moment("created_at"),
        sa.CheckConstraint("wish in ('workplace','town')", name="ck_companions_wish"),
        sa.ForeignKeyConstraint(
            ["station_id", "worker_id"],
            ["workers.station_id", "workers.id"],
            name="fk_companions_station_id_worker_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("worker_id", name="pk_companions"),
    )
    op.create_index("ix_companions_station", "companions", ["station_id", "group_id"])


def downgrade() -> None:
    for table in ("companions", "vacancy_fills", "opening_prices", "assignments", "plans"):
        op.drop_table(table)
