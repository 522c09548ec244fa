"""Staff, sessions, keys of systems, invitations and what two persons decide together."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

ROLES = "role in ('station','head','destination','employer','coordinator','operator','auditor')"
SYSTEMS = "role in ('station','destination','employer','coordinator')"


def _moment(name: str, *, blank: bool = True) -> sa.Column:
    return sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=blank)


def _made(name: str = "created_at") -> sa.Column:
    return sa.Column(name, sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False)


def _organisation(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=f"fk_{table}_organisation_id", ondelete="CASCADE"
        ),
    )


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_organisation("users"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        _made(),
        _moment("left_at"),
        sa.CheckConstraint(ROLES, name="ck_users_role"),
        sa.CheckConstraint("state in ('active','left')", name="ck_users_state"),
        sa.CheckConstraint("(state = 'left') = (left_at is not null)", name="ck_users_left"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("login", name="uq_users_login"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_users_organisation_id_id"),
    )
    op.create_table(
        "passwords",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        _made("changed_at"),
        sa.Column("second_factor_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("second_factor_step", sa.BigInteger(), server_default="0", nullable=False),
        _moment("second_factor_since"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "user_id"],
            ["users.organisation_id", "users.id"],
            name="fk_passwords_organisation_id_user_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_passwords"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_organisation("api_keys"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        _made(),
        _moment("expires_at", blank=False),
        _moment("revoked_at"),
        _moment("last_used_at"),
        sa.CheckConstraint(SYSTEMS, name="ck_api_keys_role"),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_index("ix_api_keys_organisation_id", "api_keys", ["organisation_id"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_organisation("invitations"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        _made(),
        _moment("expires_at", blank=False),
        _moment("accepted_at"),
        _moment("withdrawn_at"),
        sa.CheckConstraint(ROLES, name="ck_invitations_role"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
    )
    op.create_index("ix_invitations_organisation_id", "invitations", ["organisation_id"])
    op.create_table(
        "approvals",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_organisation("approvals"),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("division_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        _made(),
        _moment("expires_at", blank=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _moment("decided_at"),
        sa.Column("words", sa.Text(), nullable=True),
        _moment("used_at"),
        sa.CheckConstraint("kind in ('role_grant','organisation')", name="ck_approvals_kind"),
        sa.CheckConstraint("state in ('asked','approved','refused','used')", name="ck_approvals_state"),
        sa.CheckConstraint("decided_by <> asked_by", name="ck_approvals_two_persons"),
        sa.CheckConstraint("(state = 'asked') = (decided_by is null)", name="ck_approvals_decided"),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_organisation_id", "approvals", ["organisation_id"])
    op.create_index("ix_approvals_asked_by", "approvals", ["asked_by"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_index", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("succeeded", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_login", "sign_in_attempts", ["login_index", "at"])
    op.create_index("ix_sign_in_attempts_address", "sign_in_attempts", ["address_index", "at"])
    op.create_index("ix_sign_in_attempts_at", "sign_in_attempts", ["at"])

    op.add_column("organisations", _moment("approved_at"))
    op.add_column("organisations", sa.Column("approved_by", sa.Uuid(), nullable=True))

    op.add_column("tokens", sa.Column("kind", sa.Text(), server_default="access", nullable=False))
    op.add_column("tokens", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.add_column("tokens", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.add_column("tokens", sa.Column("key_id", sa.Uuid(), nullable=True))
    op.add_column("tokens", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.add_column("tokens", _moment("gives_from"))
    op.add_column("tokens", _moment("session_ends_at"))
    op.add_column("tokens", _moment("used_at"))
    op.create_check_constraint("ck_tokens_kind", "tokens", "kind in ('access','refresh','key')")
    for column in ("user_id", "session_id", "key_id", "device_id"):
        op.create_index(f"ix_tokens_{column}", "tokens", [column])


def downgrade() -> None:
    for column in ("user_id", "session_id", "key_id", "device_id"):
        op.drop_index(f"ix_tokens_{column}", "tokens")
    op.drop_constraint("ck_tokens_kind", "tokens", type_="check")
    for column in (
        "kind", "user_id", "session_id", "key_id", "device_id", "gives_from", "session_ends_at", "used_at"
    ):  # fmt: skip
        op.drop_column("tokens", column)
    op.drop_column("organisations", "approved_by")
    op.drop_column("organisations", "approved_at")
    # functions of security/ that read these tables go with them and come back with the next upgrade
    op.execute("drop function if exists app.actor_of_token(bytea)")
    for table in ("sign_in_attempts", "approvals", "invitations", "api_keys", "passwords", "users"):
        op.drop_table(table)
