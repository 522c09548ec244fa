"""Backups that prove themselves: a dump, and beside it how many rows each table had and what they add up to.

Under row security a dump can be empty and still succeed (SECURITY T31: 0 of 1,000,000 rows). So a backup is made
only as a login that row security does not bind, its rows are counted in the dump itself, and a restore is believed
when every table's count and checksum are those of the manifest. The keys are not in it: they are kept apart.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, create_engine, pool, text

from app.db.migration import migrate, newest_revision, revision_of
from app.db.transaction import RUNTIME_ROLE, owner_url
from app.devdb import find_client
from app.settings import ROOT, settings

FORMAT = 1
#: Made from the key file at every migration: a key has no place in a dump.
WITHOUT_ROWS = "app.context_key"

Progress = Callable[[str, int, int], None]


class BackupRefused(RuntimeError):
    """The backup or restore would not be what it says; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: how many rows, and the sum of their hashes, whatever their order."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a dump must contain."""

    format: int
    #: By the database's clock, RFC 3339.
    made_at: str
    server: str
    revision: str | None
    dump_bytes: int
    dump_sha256: str
    tables: dict[str, Contents]

    def to_json(self) -> str:
        """As kept beside the dump."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def read(cls, dump: Path) -> Manifest:
        """The manifest of a dump. Raises BackupRefused when there is none."""
        path = manifest_path(dump)
        if not path.exists():
            raise BackupRefused(f"{path} 不存在，备份是否完整无从证明。 / is missing: nothing proves the backup whole")
        raw = json.loads(path.read_text())
        return cls(**raw | {"tables": {name: Contents(**kept) for name, kept in raw["tables"].items()}})


def manifest_path(dump: Path) -> Path:
    """Where a dump's manifest lies."""
    return dump.with_name(f"{dump.name}.manifest.json")


def back_up(dump: Path, progress: Progress) -> Manifest:
    """Write the dump and its manifest, both of one moment, and count the rows in the dump. Raises BackupRefused."""
    if dump.exists():
        raise BackupRefused(f"{dump} 已存在，请换一个文件名。 / exists: choose another name")
    draft = dump.with_name(f"{dump.name}.partial")
    try:
        with _one_moment() as connection:
            refuse_bound_login(connection)
            snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
            draft.touch(mode=0o600)
            progress("dump", 0, 1)
            _run("pg_dump", "-Fc", f"--snapshot={snapshot}", f"--exclude-table-data={WITHOUT_ROWS}", "-f", str(draft))
            progress("dump", 1, 1)
            manifest = _manifest(connection, draft, progress)
        prove_dump(draft, manifest)
        manifest_path(dump).write_text(manifest.to_json())
        draft.rename(dump)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def restore(dump: Path, progress: Progress) -> Manifest:
    """Fill an empty database from a dump, prove it row by row, then bring it to the present. Raises BackupRefused."""
    manifest = Manifest.read(dump)
    if _sha256(dump) != manifest.dump_sha256:
        raise BackupRefused(f"{dump} 与清点记录不符，已损坏或改动。 / is not as its manifest says: damaged or altered")
    with _one_moment() as connection:
        refuse_bound_login(connection)
        if tables_of(connection):
            raise BackupRefused("目标数据库不是空的，请用 DATABASE_URL 指明空库。 / not an empty database: name one")
    _make_roles()
    progress("restore", 0, 1)
    _run("pg_restore", "--exit-on-error", "--single-transaction", str(dump))
    progress("restore", 1, 1)
    with _one_moment() as connection:
        wrong = differences(connection, manifest, progress)
    if wrong:
        raise BackupRefused("恢复后的数据与备份不一致 / the restored database differs:\n" + "\n".join(wrong))
    migrate()
    return manifest


def check(dump: Path | None, progress: Progress) -> list[str]:
    """What is wrong with the database, and what it holds otherwise than the dump's manifest says; a line each."""
    with _one_moment() as connection:
        refuse_bound_login(connection)
        wrong = faults(connection)
        return wrong + differences(connection, Manifest.read(dump), progress) if dump else wrong


def prove_dump(dump: Path, manifest: Manifest) -> None:
    """Read the dump as a restore would and count its rows. Raises BackupRefused naming the tables that fall short."""
    found = _rows_in(dump)
    wrong = [
        f"{name}: {found[name]} / {kept.rows}" for name, kept in manifest.tables.items() if found[name] != kept.rows
    ]
    if wrong:
        raise BackupRefused("备份缺行（备份 / 数据库） / rows in the dump / in the database:\n" + "\n".join(wrong))


def differences(connection: Connection, manifest: Manifest, progress: Progress) -> list[str]:
    """What the database has otherwise than the manifest says: a line a table, empty when nothing."""
    tables = _all_contents(connection, progress)
    return [
        f"{name}: {_words(tables.get(name))}，清单 / manifest: {_words(manifest.tables.get(name))}"
        for name in sorted(tables.keys() | manifest.tables.keys())
        if tables.get(name) != manifest.tables.get(name)
    ]


def faults(connection: Connection) -> list[str]:
    """What is wrong with the database's revision, row security and runtime role, a line each."""
    lines = []
    if (stands := revision_of(connection)) != newest_revision():
        lines.append(f"迁移版本 {stands}，应为 {newest_revision()}：请运行 / run: eastwest db migrate")
    unprotected = connection.execute(
        text(
            "select c.oid::regclass::text from pg_class c join pg_policy p on p.polrelid = c.oid "
            "where not (c.relrowsecurity and c.relforcerowsecurity) group by 1 order by 1"
        )
    )
    lines += [f"{name}：行级保护未强制。 / row security is not forced" for name in unprotected.scalars()]
    weak = text(
        "select not (rolsuper or rolbypassrls or rolcreaterole) "
        "and not exists (select from pg_class c where c.relowner = r.oid) from pg_roles r where rolname = :role"
    )
    if connection.execute(weak, {"role": RUNTIME_ROLE}).scalar_one_or_none() is not True:
        lines.append(f"{RUNTIME_ROLE}：运行角色缺失或权限过大。 / the runtime role is missing or too strong")
    return lines


def refuse_bound_login(connection: Connection) -> None:
    """Raises BackupRefused when row security binds this login: its dump could be empty and look whole."""
    free = text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
    if not connection.execute(free).scalar_one():
        login = connection.execute(text("select current_user")).scalar_one()
        raise BackupRefused(
            f"登录角色 {login} 受行级保护限制，备份可能是空的：请用超级用户，或先执行 alter role {login} bypassrls。"
            f" / Row security binds {login}, its dump may be empty: use a superuser, or: alter role {login} bypassrls"
        )


def tables_of(connection: Connection) -> list[str]:
    """The product's tables, `schema.table`, without those of extensions and what WITHOUT_ROWS leaves out."""
    found = connection.execute(
        text(
            "select format('%I.%I', n.nspname, c.relname) "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' "
            "and n.nspname in ('public', 'app', 'jobs') and not exists "
            "(select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') "
            "order by 1"
        )
    )
    return [name for name in found.scalars() if name != WITHOUT_ROWS]


@contextmanager
def _one_moment() -> Iterator[Connection]:
    """An owner's connection that sees one moment and writes values as text in one way, whatever the settings."""
    engine = create_engine(owner_url(), poolclass=pool.NullPool, hide_parameters=True)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        for setting in ("timezone = 'UTC'", "datestyle = 'ISO'", "extra_float_digits = 1", "bytea_output = 'hex'"):
            connection.exec_driver_sql(f"set local {setting}")
        yield connection
        connection.rollback()


def _manifest(connection: Connection, dump: Path, progress: Progress) -> Manifest:
    clock, server = connection.execute(
        text("select to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SSOF'), current_setting('server_version')")
    ).one()
    return Manifest(
        format=FORMAT,
        made_at=clock,
        server=server,
        revision=revision_of(connection),
        dump_bytes=dump.stat().st_size,
        dump_sha256=_sha256(dump),
        tables=_all_contents(connection, progress),
    )


def _all_contents(connection: Connection, progress: Progress) -> dict[str, Contents]:
    names = tables_of(connection)
    contents = {}
    for done, name in enumerate(names):
        progress("count", done, len(names))
        contents[name] = _contents(connection, name)
    progress("count", len(names), len(names))
    return contents


def _contents(connection: Connection, table: str) -> Contents:
    """Rows and checksum of one table: 60 bits of each row's MD5, summed, so that order does not matter and a row
    counted twice shows."""
    rows, checksum = connection.exec_driver_sql(
        "select count(*), coalesce(sum(('x0' || left(md5(t::text), 15))::bit(64)::bigint::numeric), 0)::text "
        f"from only {table} t"
    ).one()
    return Contents(rows, checksum)


def _rows_in(dump: Path) -> Counter[str]:
    """Rows of each table in a dump: the lines between `COPY schema.table …` and `\\.`."""
    counted: Counter[str] = Counter()
    table = None
    client = find_client(settings().data)
    with subprocess.Popen(
        [client.path("pg_restore"), "--data-only", "-f", "-", str(dump)], env=client.environ(), stdout=subprocess.PIPE
    ) as reading:
        assert reading.stdout is not None
        for line in reading.stdout:
            if table is None:
                if line.startswith(b"COPY "):
                    table = line.split(b" ", 2)[1].decode()
            elif line == b"\\.\n":
                table = None
            else:
                counted[table] += 1
    if reading.returncode != 0:
        raise BackupRefused(f"{dump} 无法读取：不是备份文件或已损坏。 / cannot be read: no dump, or a damaged one")
    return counted


def _make_roles() -> None:
    """The roles a dump's rights name must exist first; the schemas roles.sql makes too come with the dump."""
    engine = create_engine(owner_url(), poolclass=pool.NullPool, hide_parameters=True)
    with engine.begin() as connection:
        connection.exec_driver_sql((ROOT / "migrations/security/roles.sql").read_text().replace("%", "%%"))
        connection.exec_driver_sql("drop schema if exists app, jobs")


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's clients on the owner's database; the password goes by the environment, hidden from `ps`."""
    client, url = find_client(settings().data), owner_url()
    _, options = url.get_dialect()().create_connect_args(url.set(password=None))
    address = make_conninfo(**options)
    password = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(
        [client.path(program), "-d", address, *arguments],
        env=client.environ() | password,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupRefused(f"{program}: {done.stderr.strip()[-2000:]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _words(contents: Contents | None) -> str:
    return "没有 / none" if contents is None else f"{contents.rows} 行 / rows ({contents.checksum[-12:]})"
