"""Rotating keys while the service runs: a new key seals from now on, everything is sealed anew in the background, and
the old key goes when nothing needs it. Killed at any moment, it goes on when it is called again.

1. The key file gets the new key, which becomes the active one. Processes read the file again within a second, and at
   once when they meet a seal of a key they do not know.
2. Batches: what is sealed with another key or cipher is opened and sealed again, each row only if it is still as it was
   read; whoever changes it meanwhile wins.
3. Until every transaction that may have known the old file alone has ended, and a last pass finds nothing more.
4. The old keys leave the file. Backups made before need them: keep the key file of the time with each backup.

Blind indexes cannot be made in two steps without looking twice everywhere: `reindex` makes them anew in one transaction
that readers do not notice and writers wait for.
"""

from __future__ import annotations

import base64
import fcntl
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from app.db.keys import LOOK, Keys, keys, new_key, parsed, replace_keys
from app.db.sealing import SealBroken, blind_index, is_current, seal, unseal, unseal_text
from app.db.transaction import owner_url
from app.settings import settings

Progress = Callable[[str, int, int], None]
#: Rows sealed anew in one transaction.
BATCH = 500
#: Seconds between two looks at transactions that have not ended.
PATIENCE = 0.2


class RotationRefused(RuntimeError):
    """The keys cannot be rotated here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column: how its rows are named, and what each ciphertext is bound to."""

    table: str
    column: str
    #: The primary key.
    key: tuple[str, ...]
    #: From the primary key's values: the place and the row of the associated data.
    bound_to: Callable[..., tuple[str, UUID]]


#: Sealed columns whose ciphertexts are bound to more than "table.column" and the row's id.
_OTHERWISE: dict[str, Callable[..., tuple[str, UUID]]] = {
    "list_rows.raw_sealed": lambda row, sheet, number: (f"list_rows.raw_sealed|{sheet}|{number}", row),
    "list_rows.before_sealed": lambda row, sheet, number: (f"list_rows.before_sealed|{sheet}|{number}", row),
    "idempotent_answers.answer_sealed": lambda key: ("idempotent_answers.answer_sealed", UUID(bytes=bytes(key)[:16])),
}


def sealed_columns(connection: psycopg.Connection[Any]) -> list[Sealed]:
    """Every sealed column there is, by its name in the catalogue: `…_sealed`, of any room."""
    found = connection.execute(
        """select c.relname, a.attname,
             array(select k.attname::text from pg_index i
                   cross join lateral unnest(i.indkey::int2[]) with ordinality n (attnum, place)
                   join pg_attribute k on k.attrelid = c.oid and k.attnum = n.attnum
                   where i.indrelid = c.oid and i.indisprimary order by n.place)
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname like '%\\_sealed'
             and format_type(a.atttypid, null) = 'bytea' order by 1, 2"""
    )
    return [Sealed(table, column, tuple(key), _binding(f"{table}.{column}")) for table, column, key in found]


def _binding(place: str) -> Callable[..., tuple[str, UUID]]:
    return _OTHERWISE.get(place) or (lambda row: (place, row))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One rotation at a time on this machine. Raises RotationRefused."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RotationRefused("另一次轮换正在进行。 / another rotation is under way") from None
        yield


@contextmanager
def _everything() -> Iterator[psycopg.Connection[Any]]:
    """A connection that row security does not bind, as for backups. Raises RotationRefused."""
    address = owner_url().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, options="-c lock_timeout=10s -c timezone=Asia/Shanghai") as found:
        free = found.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user").fetchone()
        if free != (True,):
            raise RotationRefused(
                "登录角色受行级保护限制，看不到全部数据：请用超级用户或带 bypassrls 的角色。"
                " / Row security binds this login, it does not see everything: use a superuser or a role with bypassrls"
            )
        yield found


def _key_file() -> Path:
    if settings().keys is not None or settings().keys_command is not None:
        raise RotationRefused(
            "密钥不在文件中：请在密钥服务中添加新密钥并设为 active，再运行 eastwest keys reseal。"
            " / The keys are not in a file: add a new key where they are kept, make it `active`,"
            " then run `eastwest keys reseal`"
        )
    return settings().key_path


def rotate(progress: Progress, *, keep_old: bool = False) -> int:
    """A new data key, everything sealed with it, the old ones dropped; goes on where a killed one stopped. The new
    key's id. Raises RotationRefused."""
    path = _key_file()
    with _alone(path), _everything() as connection:
        body = json.loads(path.read_text())
        if "rotating" not in body:
            known = parsed(body)
            fresh = next(number for number in range(1, 256) if number not in known.data)
            body |= {name: _text(getattr(known, name)) for name in ("marks", "audit")}
            body |= {"data": body["data"] | {str(fresh): new_key()}, "active": fresh, "rotating": True}
            replace_keys(path, body)
        keys.refreshed()
        reseal(connection, progress)
        body = json.loads(path.read_text())
        del body["rotating"]
        if not keep_old:
            body["data"] = {str(body["active"]): body["data"][str(body["active"])]}
        replace_keys(path, body)
        keys.refreshed()
        return int(body["active"])


def reseal_all(progress: Progress) -> None:
    """Seal everything with the key and cipher in force, where they are kept elsewhere or the cipher was changed."""
    keys.refreshed()
    with _everything() as connection:
        reseal(connection, progress)


def reseal(connection: psycopg.Connection[Any], progress: Progress) -> None:
    """Everything under the active key and cipher, when no transaction is left that may use another."""
    [since] = _row(connection, "select clock_timestamp()")
    columns = sealed_columns(connection)
    for column in columns:
        reseal_column(connection, column, progress)
    time.sleep(2 * LOOK)  # by now every process has looked at the file
    await_transactions(connection, since, 2 * LOOK)
    while sum(reseal_column(connection, column, progress) for column in columns):
        pass


def await_transactions(connection: psycopg.Connection[Any], since: object, seconds: float) -> None:
    """Wait until every transaction has ended that began before `since` and so many seconds."""
    alive = """select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
               and backend_type = 'client backend' and xact_start < %s::timestamptz + make_interval(secs => %s)"""
    while _row(connection, alive, since, seconds)[0]:
        time.sleep(PATIENCE)


def reseal_column(connection: psycopg.Connection[Any], column: Sealed, progress: Progress) -> int:
    """One pass over a column: how many rows were sealed anew."""
    name = f"{column.table}.{column.column}"
    [total] = _row(connection, f"select count({column.column}) from {column.table}")
    done, seen, after = 0, 0, None
    while rows := _batch(connection, column, after):
        stale = [(*row[:-1], bytes(row[-1])) for row in rows if not is_current(bytes(row[-1]))]
        done += _sealed_anew(connection, column, stale)
        seen, after = seen + len(rows), rows[-1][:-1]
        progress(name, min(seen, total), total)
    return done


def _batch(connection: psycopg.Connection[Any], column: Sealed, after: Sequence[Any] | None) -> list[Any]:
    """The next rows in the order of the primary key: its values, then the ciphertext."""
    key = sql.SQL(", ").join(map(sql.Identifier, column.key))
    beyond = (
        sql.SQL("and ({}) > ({})").format(key, sql.SQL(", ").join(map(sql.Literal, after))) if after else sql.SQL("")
    )
    query = sql.SQL(
        "select {key}, {column} from {table} where {column} is not null {beyond} order by {key} limit {most}"
    )
    return connection.execute(
        query.format(
            key=key,
            column=sql.Identifier(column.column),
            table=sql.Identifier(column.table),
            beyond=beyond,
            most=sql.Literal(BATCH),
        )
    ).fetchall()


def _sealed_anew(connection: psycopg.Connection[Any], column: Sealed, stale: list[tuple[Any, ...]]) -> int:
    """Seal these rows again, those of them that are still as they were read; how many there were to do."""
    match = " and ".join(f"{name} = %s" for name in column.key)
    change = f"update {column.table} set {column.column} = %s where {match} and {column.column} = %s"
    values = []
    for *key, sealed in stale:
        place, row = column.bound_to(*key)
        try:
            values.append((seal(unseal(sealed, place, row), place, row), *key, sealed))
        except SealBroken:
            raise RotationRefused(
                f"{column.table}.{column.column} 有一行打不开，旧密钥保留，请先核对：{key}"
                f" / a row of {column.table}.{column.column} does not open, the old key stays; look at {key}"
            ) from None
    if values:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(change.encode(), values)
    return len(values)


# Blind indexes ---


def reindex(progress: Progress) -> None:
    """A new index key, and every blind index made with it: in one transaction, which readers do not notice and writers
    wait for. Raises RotationRefused."""
    path = _key_file()
    with _alone(path), _everything() as connection:
        body = json.loads(path.read_text())
        if "next_index" not in body:
            known = parsed(body)
            body |= {name: _text(getattr(known, name)) for name in ("marks", "audit")} | {"next_index": new_key()}
            replace_keys(path, body)
        fresh = parsed(body | {"index": body["next_index"]})
        with connection.transaction():
            connection.execute("lock table workers, persons, person_records in exclusive mode")
            _index_workers(connection, fresh, progress)
            _index_persons(connection)
            body["index"] = body.pop("next_index")
            replace_keys(path, body)
            _let_nobody_span(connection)
    keys.refreshed()


def _index_workers(connection: psycopg.Connection[Any], fresh: Keys, progress: Progress) -> None:
    [total] = _row(connection, "select count(*) from workers")
    page = "select id, id_sealed, phone_sealed from workers where id > %s order by id limit 5000"
    change = """update workers w set id_index = n.id_index, phone_index = n.phone_index
                from unnest(%s::uuid[], %s::bytea[], %s::bytea[]) n (id, id_index, phone_index) where w.id = n.id"""
    done, after = 0, UUID(int=0)
    while rows := connection.execute(page, (after,)).fetchall():
        ids = [row[0] for row in rows]
        numbers = [_indexed(row[0], row[1], "workers.id_sealed", "id_number", fresh) for row in rows]
        phones = [_indexed(row[0], row[2], "workers.phone_sealed", "phone", fresh) for row in rows]
        connection.execute(change, (ids, numbers, phones))
        done, after = done + len(rows), ids[-1]
        progress("workers", done, total)


def _indexed(row: UUID, sealed: bytes | None, place: str, kind: str, fresh: Keys) -> bytes | None:
    return blind_index(unseal_text(bytes(sealed), place, row), kind, fresh.index) if sealed is not None else None


def _index_persons(connection: psycopg.Connection[Any]) -> None:
    """A person is known by the number of any of their records; without a record nobody can tell, and none needs to."""
    connection.execute("delete from persons p where not exists (select from person_records r where r.person_id = p.id)")
    connection.execute(
        """update persons p set id_index = known.id_index
           from (select distinct on (r.person_id) r.person_id, w.id_index
                 from person_records r join workers w on w.id = r.worker_id) known where known.person_id = p.id"""
    )


def _let_nobody_span(connection: psycopg.Connection[Any]) -> None:
    """Until nobody is left who began before the new index key was known: those who wait for us are sent away (503, try
    again), for they would look with the old one."""
    [since] = _row(connection, "select clock_timestamp()")
    time.sleep(2 * LOOK)
    alive = """select pid, pg_backend_pid() = any (pg_blocking_pids(pid)) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
                 and xact_start < %s::timestamptz + make_interval(secs => %s)"""
    while waiting := connection.execute(alive, (since, 2 * LOOK)).fetchall():
        for pid in (pid for pid, is_ours in waiting if is_ours):
            connection.execute("select pg_cancel_backend(%s)", (pid,))
        time.sleep(PATIENCE)
        connection.execute("select pg_stat_clear_snapshot()")  # within a transaction it shows the same for ever


def _row(connection: psycopg.Connection[Any], query: str, *values: Any) -> tuple[Any, ...]:
    found = connection.execute(query.encode(), values or None).fetchone()
    assert found is not None
    return tuple(found)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
