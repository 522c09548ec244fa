"""How many rows of worker lists came from where, and how many of them wait to be mended."""

from alembic import op

revision = "0020"
down_revision = "0019"

#: As an earlier step came to name it.
_BEFORE, _KIND = "ck_figures_ck_figures_kind", "ck_figures_kind"


def upgrade() -> None:
    op.drop_constraint(op.f(_BEFORE), "figures")
    op.create_check_constraint(
        op.f(_KIND), "figures", "kind in ('workers','agreed','three','flow','listed','kept','amiss')"
    )


def downgrade() -> None:
    op.execute("delete from figures where kind in ('listed','kept','amiss')")
    op.drop_constraint(op.f(_KIND), "figures")
    op.create_check_constraint(op.f(_BEFORE), "figures", "kind in ('workers','agreed','three','flow')")
