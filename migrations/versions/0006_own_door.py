"""The worker's own door: which record holds, a withdrawal that binds the person, complaints."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KINDS = "kind in ('asked_for_money','pay_late','id_card_kept','pressed','unsafe','other')"


def upgrade() -> None:
    op.add_column("persons", sa.Column("withdrew_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("person_records", sa.Column("holds", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(
        "uq_person_records_holds", "person_records", ["person_id"], unique=True, postgresql_where=sa.text("holds")
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("vacancy_id", sa.Uuid(), nullable=True),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("overseen_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("repeat_key", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(KINDS, name="ck_complaints_kind"),
        sa.CheckConstraint("state in ('received','in_hand','answered')", name="ck_complaints_state"),
        sa.CheckConstraint("side in ('home','destination')", name="ck_complaints_side"),
        sa.CheckConstraint("(state = 'answered') = (answer_sealed is not null)", name="ck_complaints_answer"),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
        sa.UniqueConstraint("repeat_key", name="uq_complaints_repeat_key"),
    )
    op.create_index("ix_complaints_worker", "complaints", ["worker_id"])
    op.create_index("ix_complaints_assigned_to", "complaints", ["assigned_to"])
    op.create_index("ix_complaints_overseen_by", "complaints", ["overseen_by"])


def downgrade() -> None:
    op.drop_table("complaints")
    op.drop_index("uq_person_records_holds", table_name="person_records")
    op.drop_column("person_records", "holds")
    op.drop_column("persons", "withdrew_at")
