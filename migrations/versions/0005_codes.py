"""One-time codes, devices, messages to phones."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KINDS = "kind in ('sign_in','answer','phone','new_device','phone_changed','asked_again','notice')"
STATES = "state in ('queued','sent','failed','not_sent','dropped')"


def _moment(name: str, *, blank: bool = True, default: str | None = None) -> sa.Column:
    server = sa.text(default) if default else None
    return sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=blank, server_default=server)


def _bytes(name: str, *, blank: bool = True) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=blank)


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _bytes("number"),
        _bytes("phone_sealed"),
        sa.Column("sealed_of", sa.Uuid(), nullable=True),
        _bytes("words_sealed"),
        _bytes("text_sealed"),
        sa.Column("code_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        _moment("wanted_until"),
        _moment("created_at", blank=False, default="now()"),
        _moment("sent_at"),
        sa.CheckConstraint(KINDS, name="ck_messages_kind"),
        sa.CheckConstraint(STATES, name="ck_messages_state"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index("ix_messages_created_at", "messages", ["created_at"])
    op.create_table(
        "codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        _bytes("number", blank=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        _bytes("hash"),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        _moment("created_at", blank=False, default="now()"),
        _moment("expires_at", blank=False),
        _moment("matched_at"),
        sa.Column("matched_by", sa.Uuid(), nullable=True),
        _moment("ended_at"),
        sa.CheckConstraint("purpose in ('sign_in','answer','phone')", name="ck_codes_purpose"),
        sa.CheckConstraint("(purpose = 'sign_in') = (worker_id is null)", name="ck_codes_worker"),
        sa.CheckConstraint("tries <= 5", name="ck_codes_tries"),
        sa.PrimaryKeyConstraint("id", name="pk_codes"),
    )
    op.create_index("ix_codes_number", "codes", ["number", "purpose", "created_at"])
    op.create_index(
        "uq_codes_live",
        "codes",
        ["number", "purpose", "worker_id", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "door_counts",
        sa.Column("what", sa.Text(), nullable=False),
        _bytes("key", blank=False),
        _moment("slot", blank=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 0", name="ck_door_counts_n"),
        sa.PrimaryKeyConstraint("what", "key", "slot", name="pk_door_counts"),
    )
    op.create_table(
        "phones",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        _bytes("number"),
        _moment("verified_at"),
        _moment("held_until"),
        _moment("checked_at"),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id", "worker_id"],
            ["workers.station_id", "workers.id"],
            name="fk_phones_station_id_worker_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("worker_id", name="pk_phones"),
    )
    op.create_index("ix_phones_station", "phones", ["station_id", "worker_id"])
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        _bytes("hash", blank=False),
        _moment("created_at", blank=False, default="now()"),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("hash", name="uq_devices_hash"),
    )
    op.create_table(
        "device_uses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        _bytes("number"),
        _bytes("phone_sealed"),
        _moment("first_at", blank=False, default="now()"),
        _moment("last_at", blank=False, default="now()"),
        _moment("gives_from"),
        _moment("removed_at"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_device_uses_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name="fk_device_uses_device_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_device_uses"),
        sa.UniqueConstraint("person_id", "device_id", name="uq_device_uses_person_id_device_id"),
    )
    op.create_index("ix_device_uses_device_id", "device_uses", ["device_id"])
    op.create_index("ix_workers_phone", "workers", ["phone_index"])


def downgrade() -> None:
    # functions of security/ come back with the next upgrade; the trigger would write into what is gone
    op.execute("drop trigger if exists know_phone_changes on workers")
    op.execute("drop function if exists app.know_phone_changes()")
    op.drop_index("ix_workers_phone", table_name="workers")
    for table in ("device_uses", "devices", "phones", "door_counts", "codes", "messages"):
        op.drop_table(table)
