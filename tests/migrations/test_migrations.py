"""The database's past and present: up, down and up again, whole or not at all, once or twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from app.db.migration import migrate, newest_revision
from app.settings import ROOT
from tests.database import Server

#: Everything the security files say: policies, rights, row security, functions, triggers.
PRESENT = """
    select array_agg(t::text order by t::text) from (
      select 'policy', schemaname || '.' || tablename, policyname, roles::text, cmd, qual, with_check from pg_policies
      union all select 'table', c.oid::regclass::text,
        (select string_agg(a::text, ' ' order by a::text) from unnest(c.relacl) a), c.relowner::regrole::text,
        c.relrowsecurity::text, c.relforcerowsecurity::text, null from pg_class c
        where c.relnamespace::regnamespace::text in ('public', 'app', 'jobs')
      union all select 'column', a.attrelid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attacl::text, a.attnotnull::text, null from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace::regnamespace::text in ('public', 'app', 'jobs') and c.relkind = 'r'
          and a.attnum > 0 and not a.attisdropped
      union all select 'function', p.oid::regprocedure::text, p.proacl::text, md5(pg_get_functiondef(p.oid)),
        p.proowner::regrole::text, null, null from pg_proc p where p.pronamespace::regnamespace::text in ('app', 'jobs')
      union all select 'trigger', g.tgrelid::regclass::text, pg_get_triggerdef(g.oid), g.tgenabled::text,
        null, null, null from pg_trigger g where not g.tgisinternal
      union all select 'constraint', k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid), null,
        null, null from pg_constraint k where k.connamespace::regnamespace::text in ('public', 'app', 'jobs')
      union all select 'schema', nspname,
        (select string_agg(a::text, ' ' order by a::text) from unnest(nspacl) a),
        nspowner::regrole::text, null, null, null from pg_namespace
        where nspname in ('public', 'app', 'jobs')
    ) t"""
CONFIG = ROOT / "pyproject.toml"


@contextmanager
def _owner(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def _present(url: str) -> list[str]:
    with _owner(url) as connection:
        row = connection.execute(PRESENT).fetchone()
    assert row is not None
    assert isinstance(row[0], list)
    return row[0]


def _ours(url: str) -> set[object]:
    """The tables, types, sequences and functions of ours: nothing that PostGIS brought."""
    with _owner(url) as connection:
        found = connection.execute(
            """select c.oid::regclass::text from pg_class c where c.relnamespace = 'public'::regnamespace
                 and c.relkind in ('r', 'S', 'v', 'm')
                 and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('e', 'i'))"""
        )
        return {name for (name,) in found}


def _migrate_beside(url: str) -> subprocess.Popen[bytes]:
    """A migration in a process of its own."""
    program = "from app.db.migration import migrate; migrate()"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_up_down_and_up_again_leaves_the_same(empty_database: str) -> None:
    migrate()
    first = _present(empty_database)
    command.downgrade(Config(toml_file=CONFIG), "base")
    assert _ours(empty_database) == {"alembic_version"}
    migrate()
    assert _present(empty_database) == first


def test_every_step_goes_down_and_up_again(empty_database: str) -> None:
    migrate()
    first = _present(empty_database)
    for script in ScriptDirectory.from_config(Config(toml_file=CONFIG)).walk_revisions():
        below = str(script.down_revision or "base")
        command.downgrade(Config(toml_file=CONFIG), below)
        command.upgrade(Config(toml_file=CONFIG), script.revision)
        command.downgrade(Config(toml_file=CONFIG), below)
    migrate()
    assert _present(empty_database) == first


def test_the_models_and_the_migrations_agree(migrated_database: str) -> None:
    command.check(Config(toml_file=CONFIG))  # raises when there would be anything to write


def test_there_is_one_newest_revision() -> None:
    assert ScriptDirectory.from_config(Config(toml_file=CONFIG)).get_heads() == [newest_revision()]


def test_postgis_is_left_alone(empty_database: str) -> None:
    migrate()
    with _owner(empty_database) as connection:
        count = "select count(*) from spatial_ref_sys"
        before = connection.execute(count).fetchone()
        command.downgrade(Config(toml_file=CONFIG), "base")
        assert connection.execute(count).fetchone() == before != (0,)
        assert connection.execute("select extname from pg_extension where extname = 'postgis'").fetchone()


def test_security_applied_twice_is_as_applied_once(migrated_database: str) -> None:
    once = _present(migrated_database)
    migrate()
    migrate()
    assert _present(migrated_database) == once


def test_security_applied_again_removes_what_was_added_by_hand(migrated_database: str) -> None:
    once = _present(migrated_database)
    with _owner(migrated_database) as connection:
        connection.execute("create policy planted on workers to rt_employer using (true)")
        connection.execute("grant select, delete on workers to rt_employer, public")
        connection.execute("drop policy in_our_care on workers")
        connection.execute("alter table workers no force row level security")
        connection.execute(
            "create or replace function app.ctx_is(audience text) returns boolean "
            "language sql stable set search_path = pg_catalog as 'select true'"
        )
        connection.execute("drop trigger append_only on audit_entries")
    migrate()
    assert _present(migrated_database) == once


def test_two_migrations_at_once_end_well(empty_database: str) -> None:
    beside = [_migrate_beside(empty_database) for _ in range(2)]
    ends = [(process.communicate()[0], process.returncode) for process in beside]
    assert [code for _, code in ends] == [0, 0], ends
    with _owner(empty_database) as connection:
        assert connection.execute("select * from alembic_version").fetchall() == [(newest_revision(),)]


def test_two_databases_of_one_server_migrate_at_once(server: Server, empty_database: str) -> None:
    """They share the roles."""
    other = f"ew_beside_{os.getpid()}"
    server.run("create database {}", other)
    beside = [_migrate_beside(url) for url in (empty_database, server.url(other))]
    ends = [(process.communicate()[0], process.returncode) for process in beside]
    server.drop(other)
    assert [code for _, code in ends] == [0, 0], ends


BROKEN = '''"""Half a change, then a mistake."""

from alembic import op

revision = "9999"
down_revision = {below!r}


def upgrade() -> None:
    op.execute("create table half (id int)")
    op.execute("alter table workers add column half int")
    op.execute("select 1 / 0")


def downgrade() -> None:
    op.execute("drop table half")
'''


def _with_a_broken_newest(tmp_path: Path) -> Config:
    """A copy of the migrations whose newest fails half-way."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_broken.py").write_text(BROKEN.format(below=newest_revision()))
    config = Config(toml_file=CONFIG)
    config.set_main_option("script_location", str(folder))
    return config


def test_a_migration_that_fails_leaves_the_database_as_it_was(migrated_database: str, tmp_path: Path) -> None:
    before = _present(migrated_database)
    with pytest.raises(Exception, match="division by zero"):
        command.upgrade(_with_a_broken_newest(tmp_path), "head")
    assert _present(migrated_database) == before


def test_a_first_migration_that_fails_leaves_an_empty_database(empty_database: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="division by zero"):
        command.upgrade(_with_a_broken_newest(tmp_path), "head")
    assert _ours(empty_database) == set()
