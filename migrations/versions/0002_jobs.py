"""The queue of background jobs, in a schema of its own."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("set local search_path = jobs, public")
    # exec_driver_sql: the schema's own colons and percent signs are no parameters
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("set local search_path = public")


def downgrade() -> None:
    op.execute("drop schema jobs cascade")
