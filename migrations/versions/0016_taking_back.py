"""What a plan itself said stays beside what people decided; a published plan can be taken back; how crowded all are."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"

JSON = sa.dialects.postgresql.JSONB


def upgrade() -> None:
    op.add_column("plans", sa.Column("taken_back_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("taken_back_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_plans_taken_back"), "plans", "(taken_back_at is null) = (taken_back_reason is null)"
    )
    op.add_column("assignments", sa.Column("planned_id", sa.Uuid(), nullable=True))
    op.add_column("assignments", sa.Column("planned_price", sa.Integer(), server_default="0", nullable=False))
    op.add_column("assignments", sa.Column("runner_up_price", sa.Integer(), server_default="0", nullable=False))
    op.create_foreign_key("fk_assignments_planned_id", "assignments", "vacancies", ["planned_id"], ["id"])
    # the owner obeys row security, too, and has no policy here
    op.execute("alter table assignments no force row level security")
    op.execute("update assignments set planned_id = vacancy_id, planned_price = price where not overridden")
    op.execute("alter table assignments force row level security")
    op.create_table(
        "crowding",
        sa.Column("made_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("shares", JSON(), nullable=False),
        sa.PrimaryKeyConstraint("made_at", name="pk_crowding"),
    )


def downgrade() -> None:
    op.drop_table("crowding")
    op.drop_constraint("fk_assignments_planned_id", "assignments")
    for column in ("runner_up_price", "planned_price", "planned_id"):
        op.drop_column("assignments", column)
    op.drop_constraint("ck_plans_taken_back", "plans")
    for column in ("taken_back_reason", "taken_back_at"):
        op.drop_column("plans", column)
