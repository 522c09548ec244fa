"""Runs migrations as the owner, then re-applies security/: the past in versions/, the present in SQL files."""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path

import psycopg
from alembic import context
from geoalchemy2 import alembic_helpers
from psycopg import sql
from sqlalchemy import Connection, create_engine, pool, text

from app.db.base import Base
from app.db.keys import keys
from app.db.transaction import JOBS_ROLE, RUNTIME_ROLE, owner_url

HERE = Path(__file__).resolve().parent

for found in sorted((HERE.parent / "app").glob("*/*model.py")):
    importlib.import_module(f"app.{found.parent.name}.{found.stem}")
importlib.import_module("app.identity.audit")


def run_file(connection: Connection, name: str) -> None:
    """One SQL file, as it stands."""
    connection.exec_driver_sql((HERE / "security" / name).read_text().replace("%", "%%"))


def install_secrets(connection: Connection) -> None:
    """Give the login roles their password, hashed here so that no server log ever holds it."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    for role in (RUNTIME_ROLE, JOBS_ROLE):
        hashed = driver.pgconn.encrypt_password(keys().runtime_password.encode(), role.encode(), b"scram-sha-256")
        statement = sql.SQL("alter role {} password {}").format(sql.Identifier(role), hashed.decode())
        connection.exec_driver_sql(statement.as_string(driver).replace("%", "%%"))


def install_context_key(connection: Connection) -> None:
    """HMAC's two padded keys, so that SQL needs no extension to verify (RFC 2104)."""
    key = keys().context.ljust(64, b"\0")
    pads = {name: bytes(b ^ mask for b in key) for name, mask in (("inner", 0x36), ("outer", 0x5C))}
    connection.execute(text("delete from app.context_key"))
    connection.execute(text("insert into app.context_key values (:inner, :outer)"), pads)


def migrate(connection: Connection) -> None:
    """Roles, tables, then policies: in one transaction, so a failure leaves the database as it was."""
    # roles are the whole server's: another of its databases may be migrating, which takes as long as it takes
    connection.execute(text("set lock_timeout = '5min'"))
    connection.execute(
        text("select pg_advisory_xact_lock(:key)"),
        {"key": int.from_bytes(hashlib.sha256(b"eastwest migrations").digest()[:7], "big")},
    )
    connection.exec_driver_sql("create extension if not exists postgis")
    run_file(connection, "roles.sql")
    connection.execute(text("set lock_timeout = '10s'"))
    install_secrets(connection)
    connection.execute(text("set local role eastwest_owner"))
    run_file(connection, "clear.sql")
    context.run_migrations()
    if set(context.get_context().get_current_heads()) == set(context.script.get_heads()):
        for name in ("context", "row_security", "rules", "own_door", "codes", "placements", "duties", "queue"):
            run_file(connection, f"{name}.sql")
        install_context_key(connection)


engine = create_engine(owner_url(), poolclass=pool.NullPool, hide_parameters=True)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        migrate(connection)
