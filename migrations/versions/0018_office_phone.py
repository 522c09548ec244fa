"""Under which telephone an office is reached: on the worker's card and on printed sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("organisations", sa.Column("phone", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("organisations", "phone")
