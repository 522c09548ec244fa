"""Vacancies approved and re-confirmed, pairings kept by coordinators, shocks, duties."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

STATES = "ck_vacancies_state"


def upgrade() -> None:
    now = sa.text("now()")
    # those that stand are asked for again a month from now
    op.add_column("vacancies", sa.Column("confirmed_at", sa.TIMESTAMP(timezone=True), server_default=now, nullable=False))
    op.add_column("vacancies", sa.Column("decided_at", sa.TIMESTAMP(timezone=True)))
    op.add_column("vacancies", sa.Column("decided_by", sa.Uuid()))
    op.create_foreign_key(op.f("fk_vacancies_decided_by"), "vacancies", "organisations", ["decided_by"], ["id"])
    op.add_column("vacancies", sa.Column("rejected_code", sa.Text()))
    op.drop_constraint(op.f(STATES), "vacancies", type_="check")
    op.create_check_constraint(op.f(STATES), "vacancies", "state in ('pending','open','closed','refused')")
    op.create_index(
        "ix_vacancies_pending", "vacancies", ["workplace_code"], postgresql_where=sa.text("state = 'pending'")
    )
    op.add_column("pairings", sa.Column("until_document", sa.Text()))
    op.add_column("pairings", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(op.f("ix_pairings_recorded_by"), "pairings", ["recorded_by"])
    op.create_table(
        "shocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=now, nullable=False),
        sa.CheckConstraint("kind in ('epidemic','disaster','other')", name=op.f("ck_shocks_kind")),
        sa.CheckConstraint(
            "(side = 'origin' and effect = 'aid') or (side = 'destination' and effect in ('reduce','warn','close'))",
            name=op.f("ck_shocks_effect"),
        ),
        sa.CheckConstraint("(effect in ('aid','reduce')) = (percent is not null)", name=op.f("ck_shocks_percent")),
        sa.CheckConstraint("percent between 1 and 100", name=op.f("ck_shocks_share")),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_shocks_dates")),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=op.f("fk_shocks_division_code")),
        sa.ForeignKeyConstraint(["recorded_by"], ["organisations.id"], name=op.f("fk_shocks_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shocks")),
    )
    op.create_index(op.f("ix_shocks_division_code"), "shocks", ["division_code"])
    op.create_index(op.f("ix_shocks_recorded_by"), "shocks", ["recorded_by"])


def downgrade() -> None:
    op.drop_table("shocks")
    op.drop_index(op.f("ix_pairings_recorded_by"), table_name="pairings")
    op.drop_column("pairings", "version")
    op.drop_column("pairings", "until_document")
    op.drop_index("ix_vacancies_pending", table_name="vacancies")
    op.execute("alter table vacancies no force row level security")  # which hides every row from the owner
    op.execute("update vacancies set state = 'closed' where state = 'refused'")
    op.execute("alter table vacancies force row level security")
    op.drop_constraint(op.f(STATES), "vacancies", type_="check")
    op.create_check_constraint(op.f(STATES), "vacancies", "state in ('pending','open','closed')")
    op.drop_constraint(op.f("fk_vacancies_decided_by"), "vacancies", type_="foreignkey")
    for column in ("rejected_code", "decided_by", "decided_at", "confirmed_at"):
        op.drop_column("vacancies", column)
