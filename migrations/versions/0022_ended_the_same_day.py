"""What befell a place may be over, or entered by mistake, on its first day: then it has no day at all."""

from alembic import op

revision = "0022"
down_revision = "0021"

_DATES = "ck_shocks_dates"


def upgrade() -> None:
    op.drop_constraint(op.f(_DATES), "shocks")
    op.create_check_constraint(op.f(_DATES), "shocks", "until is null or until >= since - 1")


def downgrade() -> None:
    op.execute("update shocks set until = since where until < since")
    op.drop_constraint(op.f(_DATES), "shocks")
    op.create_check_constraint(op.f(_DATES), "shocks", "until is null or until >= since")
