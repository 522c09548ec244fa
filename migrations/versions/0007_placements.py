"""Answers, introductions, disclosures, placements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "placements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("vacancy_id", sa.Uuid(), nullable=False),
        sa.Column("poster_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("destination_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("workplace_text", sa.Text(), nullable=False),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("disclose", sa.Boolean(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("held_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("held_act", sa.Text(), nullable=True),
        sa.Column("disclosed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("disclosure_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("offered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("departed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("onboarded_by_worker", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("onboarded_by_employer", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settled_by_worker", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settled_by_employer", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("employer_code", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(state in ('ended','closed')) = (ended_by is not null)", name=op.f("ck_placements_over")),
        sa.CheckConstraint(
            "ended_by in ('worker','employer','time','other_job','check')", name=op.f("ck_placements_ended_by")
        ),
        sa.CheckConstraint("held_act in ('interested','accept')", name=op.f("ck_placements_held_act")),
        sa.CheckConstraint("how in ('own','code','paper')", name=op.f("ck_placements_how")),
        sa.CheckConstraint("state <> 'ended' or accepted_at is not null", name=op.f("ck_placements_ended")),
        sa.CheckConstraint("state <> 'held' or held_act = 'interested'", name=op.f("ck_placements_held_state")),
        sa.CheckConstraint(
            "state in ('held','interested','waiting','introduced','offered','accepted','departed','onboarded','settled',"
            "'ended','closed')",
            name=op.f("ck_placements_state"),
        ),
        sa.CheckConstraint(
            "state not in ('introduced','offered') or (disclose and employer_id is not null"
            " and disclosure_until is not null)",
            name=op.f("ck_placements_introduced"),
        ),
        sa.CheckConstraint("(held_until is null) = (held_act is null)", name=op.f("ck_placements_held")),
        sa.ForeignKeyConstraint(["destination_id"], ["organisations.id"], name=op.f("fk_placements_destination_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["organisations.id"], name=op.f("fk_placements_employer_id")),
        sa.ForeignKeyConstraint(
            ["poster_id", "vacancy_id"],
            ["vacancies.poster_id", "vacancies.id"],
            name=op.f("fk_placements_poster_id_vacancy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["station_id", "worker_id"],
            ["workers.station_id", "workers.id"],
            name=op.f("fk_placements_station_id_worker_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("station_id", "id", name=op.f("uq_placements_station_id_id")),
    )
    op.create_index(
        "ix_placements_destination",
        "placements",
        ["destination_id", sa.literal_column("updated_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_placements_device",
        "placements",
        ["device_id", "answered_at"],
        unique=False,
        postgresql_where=sa.text("device_id is not null"),
    )
    op.create_index(
        "ix_placements_disclosed",
        "placements",
        ["disclosure_until"],
        unique=False,
        postgresql_where=sa.text("state in ('introduced','offered')"),
    )
    op.create_index(
        "ix_placements_employer",
        "placements",
        ["employer_id", sa.literal_column("updated_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_placements_held",
        "placements",
        ["held_until"],
        unique=False,
        postgresql_where=sa.text("held_until is not null"),
    )
    op.create_index("ix_placements_queue", "placements", ["vacancy_id", "state", "answered_at"], unique=False)
    op.create_index(
        "ix_placements_station",
        "placements",
        ["station_id", sa.literal_column("updated_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index("ix_placements_vacancy", "placements", ["poster_id", "vacancy_id"], unique=False)
    op.create_index(
        "ix_placements_worker",
        "placements",
        ["worker_id", sa.literal_column("updated_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "uq_placements_live",
        "placements",
        ["worker_id", "vacancy_id"],
        unique=True,
        postgresql_where=sa.text("state not in ('ended','closed')"),
    )
    op.create_table(
        "placement_ends",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id", "worker_id"],
            ["workers.station_id", "workers.id"],
            name=op.f("fk_placement_ends_station_id_worker_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_placement_ends")),
    )
    op.create_index("ix_placement_ends_station_worker", "placement_ends", ["station_id", "worker_id"], unique=False)
    op.create_index("ix_placement_ends_worker", "placement_ends", ["worker_id"], unique=False)
    op.create_table(
        "placed_persons",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_placed_persons_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placed_persons_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_placed_persons")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_placed_persons_placement_id")),
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("scan_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("scan_index", sa.LargeBinary(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("act in ('interested','accept')", name=op.f("ck_papers_act")),
        sa.ForeignKeyConstraint(
            ["station_id", "placement_id"],
            ["placements.station_id", "placements.id"],
            name=op.f("fk_papers_station_id_placement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
    )
    op.create_index("ix_papers_station_placement", "papers", ["station_id", "placement_id"], unique=False)
    op.create_table(
        "answer_checks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind in ('paper','device')", name=op.f("ck_answer_checks_kind")),
        sa.CheckConstraint("outcome in ('genuine','not_genuine')", name=op.f("ck_answer_checks_outcome")),
        sa.CheckConstraint("(outcome is null) = (decided_at is null)", name=op.f("ck_answer_checks_decided")),
        sa.ForeignKeyConstraint(
            ["station_id", "placement_id"],
            ["placements.station_id", "placements.id"],
            name=op.f("fk_answer_checks_station_id_placement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_checks")),
        sa.UniqueConstraint("placement_id", "kind", name=op.f("uq_answer_checks_placement_id_kind")),
    )
    op.create_index(
        "ix_answer_checks_open",
        "answer_checks",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_index("ix_answer_checks_station", "answer_checks", ["station_id", "asked_at"], unique=False)
    op.create_table(
        "declines",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id", "worker_id"],
            ["workers.station_id", "workers.id"],
            name=op.f("fk_declines_station_id_worker_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("worker_id", "seq", name=op.f("pk_declines")),
    )
    op.create_index("ix_declines_station_worker", "declines", ["station_id", "worker_id"], unique=False)


def downgrade() -> None:
    op.drop_table("declines")
    op.drop_table("answer_checks")
    op.drop_table("papers")
    op.drop_table("placed_persons")
    op.drop_table("placement_ends")
    op.drop_table("placements")
