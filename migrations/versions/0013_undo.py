"""What stood in a record before a list changed it, so that the list can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("list_rows", sa.Column("before_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("list_rows", "before_sealed")
