"""First jobs of people whom two stations registered: which roads they make too wide."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_KEY, _KIND = "pk_counted_twice", "ck_counted_twice_kind"
#: As 0017 came to name it.
_BEFORE = "ck_counted_twice_ck_counted_twice_kind"


def upgrade() -> None:
    op.add_column("counted_twice", sa.Column("to_code", sa.Text(), server_default="", nullable=False))
    op.drop_constraint(op.f(_KEY), "counted_twice")
    op.create_primary_key(op.f(_KEY), "counted_twice", ["kind", "code", "to_code"])
    op.drop_constraint(op.f(_BEFORE), "counted_twice")
    op.create_check_constraint(op.f(_KIND), "counted_twice", "kind in ('workers','agreed','three','flow')")


def downgrade() -> None:
    op.execute("delete from counted_twice where kind = 'flow'")
    op.drop_constraint(op.f(_KIND), "counted_twice")
    op.create_check_constraint(op.f(_BEFORE), "counted_twice", "kind in ('workers','agreed','three')")
    op.drop_constraint(op.f(_KEY), "counted_twice")
    op.create_primary_key(op.f(_KEY), "counted_twice", ["kind", "code"])
    op.drop_column("counted_twice", "to_code")
