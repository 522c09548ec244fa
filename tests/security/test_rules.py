"""What holds whoever writes: consents, hidden persons, append-only audit, tenants in keys, checks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from app.actor import Actor, Role
from tests.security.attack import Connection, acting, attempt, context_here, new_row, reason, visible
from tests.security.world import ACTORS, ATTEMPTS, KEYS, ROWS, Row, insert, named, organisation

REFUSED = "42501"
NO_SUCH_PARENT = "23503"
CHECK_FAILED = "23514"
TODAY = datetime.now(UTC).date()
WITHDRAW = "select app.withdraw_consent(%s, %s)"
LIVE = "select count(*) from consents where worker_id = %s and purpose = 'matching' and withdrawn_at is null"


def _take_over(connection: Connection, actor: Actor) -> None:
    """Act as somebody from here to the end of the transaction."""
    connection.execute("reset role")
    good = context_here(connection, actor)
    connection.execute(
        "select set_config('role', %s, true), set_config('app.context', %s, true)", (f"rt_{actor.role.audience}", good)
    )


def _paper(worker: str, **more: Any) -> Row:
    """A station's consent from paper for one of the world's workers."""
    stations = {"mine": "station", "neighbour": "station", "spare": "station"}
    return {
        "id": uuid4(),
        "station_id": organisation(stations.get(worker, "other_station")),
        "worker_id": named("worker", worker),
        "purpose": "matching",
        "given_by": "paper",
        "witness": "a clerk",
    } | more


# Consents


def test_the_worker_withdraws_what_the_station_wrote_from_paper(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["station"])
    app_login.execute(*insert("consents", _paper("spare")))
    _take_over(app_login, Actor(Role.WORKER, worker_id=named("worker", "spare")))
    app_login.execute(WITHDRAW, (named("worker", "spare"), "matching"))
    assert attempt(app_login, LIVE, (named("worker", "spare"),)) == [(0,)]


def test_a_withdrawn_consent_leaves_the_stations_sight(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["station"])
    app_login.execute(WITHDRAW, (named("worker", "neighbour"), "matching"))
    assert visible(app_login, "consents") == {"mine:disclosure"}


def test_the_time_of_a_withdrawal_is_the_databases_own(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["other_worker"])
    app_login.execute(WITHDRAW, (named("worker", "foreign"), "matching"))
    late = "select withdrawn_at between now() and clock_timestamp() from consents where worker_id = %s"
    assert attempt(app_login, late, (named("worker", "foreign"),)) == [(True,)]


def test_a_withdrawal_is_of_one_worker_and_one_purpose(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["station"])
    app_login.execute(*insert("consents", _paper("spare")))
    app_login.execute(WITHDRAW, (named("worker", "neighbour"), "matching"))
    app_login.execute(WITHDRAW, (named("worker", "mine"), "matching"))
    left = attempt(app_login, "select worker_id, purpose from consents order by purpose")
    assert left == [(named("worker", "mine"), "disclosure"), (named("worker", "spare"), "matching")]


def test_withdrawing_again_does_not_move_the_time(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["worker"])
    app_login.execute(WITHDRAW, (named("worker", "mine"), "matching"))
    when = attempt(app_login, "select withdrawn_at from consents where purpose = 'matching'")
    assert when == [(datetime(2026, 2, 1, tzinfo=UTC),)]


def test_a_withdrawal_reaches_own_workers_only(app_login: Connection) -> None:
    for name in ("station", "worker"):
        _take_over(app_login, ACTORS[name])
        app_login.execute(WITHDRAW, (named("worker", "foreign"), "matching"))
    _take_over(app_login, ACTORS["other_worker"])
    assert attempt(app_login, "select withdrawn_at from consents") == [(None,)]


def test_a_withdrawn_disclosure_says_nothing_of_matching(app_login: Connection) -> None:
    spare = Actor(Role.WORKER, worker_id=named("worker", "spare"))
    _take_over(app_login, spare)
    disclosed = {"given_by": "worker", "purpose": "disclosure", "vacancy_id": UUID(int=7)}
    app_login.execute(*insert("consents", _paper("spare", **disclosed)))
    app_login.execute(WITHDRAW, (named("worker", "spare"), "disclosure"))
    _take_over(app_login, ACTORS["station"])
    assert app_login.execute(*insert("consents", _paper("spare", list_id=uuid4()))).rowcount == 1


def test_a_withdrawal_that_had_to_wait_is_dated_after_what_it_waited_for(
    superuser: Connection, app_login: Connection
) -> None:
    """An acceptance holds the consent's row (SECURITY T21)."""
    superuser.execute("select from consents where id = %s for share", (KEYS["consents"]["foreign:paper"],))
    _take_over(app_login, ACTORS["other_worker"])
    with ThreadPoolExecutor(1) as beside:
        withdrawal = beside.submit(app_login.execute, WITHDRAW, (named("worker", "foreign"), "matching"))
        waiting = "select count(*) from pg_stat_activity where pid = %s and wait_event_type = 'Lock'"
        while superuser.execute(waiting, (app_login.info.backend_pid,)).fetchone() == (0,):
            superuser.execute("select pg_stat_clear_snapshot()")
        accepted = superuser.execute("select clock_timestamp()").fetchone()
        superuser.execute("commit")
        superuser.execute("begin; savepoint one")
        withdrawal.result()
    assert accepted
    after = attempt(app_login, "select withdrawn_at > %s from consents", accepted)
    assert after == [(True,)]


def test_nobody_may_withdraw_by_an_update(app_login: Connection) -> None:
    for name in ("station", "worker"):
        with acting(app_login, ACTORS[name]):
            assert reason(app_login, "update consents set withdrawn_at = now()") == REFUSED


@pytest.mark.parametrize(
    "statement",
    [
        {"list_id": uuid4()},
        {"list_id": uuid4(), "signed_on": TODAY},
        {"signed_on": None},
        {"signed_on": datetime(2026, 1, 31).date()},
        {"signed_on": datetime(2026, 2, 1).date()},
    ],
    ids=["a list", "a list with a new day", "no day", "an older paper", "a paper of the same day"],
)
def test_what_the_worker_withdrew_is_not_revived_by(app_login: Connection, statement: Row) -> None:
    """The withdrawal of the world's worker "mine" is of 2026-02-01. It is refused without a word."""
    _take_over(app_login, ACTORS["station"])
    done = app_login.execute(*insert("consents", _paper("mine", **statement)))
    assert (done.rowcount, attempt(app_login, LIVE, (named("worker", "mine"),))) == (0, [(0,)])


def test_a_paper_signed_after_the_withdrawal_counts(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["station"])
    app_login.execute(*insert("consents", _paper("mine", signed_on=datetime(2026, 2, 2).date())))
    assert attempt(app_login, LIVE, (named("worker", "mine"),)) == [(1,)]


def test_the_day_of_a_withdrawal_is_beijings(superuser: Connection) -> None:
    evening = {"withdrawn_at": datetime(2026, 3, 1, 20, tzinfo=UTC)}  # 4 o'clock on 2 March there
    superuser.execute(*insert("consents", _paper("spare", **evening)))
    same_day = superuser.execute(*insert("consents", _paper("spare", signed_on=datetime(2026, 3, 2).date())))
    next_day = superuser.execute(*insert("consents", _paper("spare", signed_on=datetime(2026, 3, 3).date())))
    assert (same_day.rowcount, next_day.rowcount) == (0, 1)


def test_the_worker_may_agree_again(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["worker"])
    assert app_login.execute(*new_row("consents", "mine:own word")).rowcount == 1


def test_a_second_live_consent_to_the_same_is_refused(app_login: Connection) -> None:
    _take_over(app_login, ACTORS["station"])
    assert reason(app_login, *insert("consents", _paper("neighbour"))) == "23505"


def test_a_foreign_worker_answers_alike_whether_withdrawn_agreed_or_absent(app_login: Connection) -> None:
    """Neither under the station's own name nor under the other's does a try tell them apart."""
    other = {"station_id": organisation("station")}
    withdrawn, agreed = _paper("mine"), _paper("neighbour")
    absent = {"worker_id": uuid4()}
    with acting(app_login, ACTORS["other_station"]):
        for theirs in (withdrawn, agreed, agreed | absent):
            assert reason(app_login, *insert("consents", theirs | other | {"id": uuid4()})) == REFUSED
            claimed = theirs | {"station_id": organisation("other_station"), "id": uuid4()}
            assert reason(app_login, *insert("consents", claimed)) == NO_SUCH_PARENT


# Hidden persons


def _import(connection: Connection, index: bytes) -> tuple[Any, ...]:
    """What a station gets back from storing a worker with this ID number."""
    row = ATTEMPTS["workers"]["mine"] | {"id": uuid4(), "id_index": index}
    statement, values = insert("workers", row)
    done = connection.execute(statement + sql.SQL(" returning name, version, own_word"), values)
    return (done.rowcount, done.statusmessage, done.fetchall(), [n.name for n in done.description or ()])


def test_storing_a_worker_known_elsewhere_answers_as_storing_a_new_one(app_login: Connection) -> None:
    told: list[str] = []
    app_login.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    _take_over(app_login, ACTORS["station"])
    assert _import(app_login, b"foreign") == _import(app_login, b"known to nobody")
    assert told == []


def test_one_person_stands_behind_the_records_of_two_stations(superuser: Connection) -> None:
    superuser.execute(*insert("workers", ATTEMPTS["workers"]["mine"] | {"id_index": b"foreign"}))
    behind = "select count(*), count(distinct person_id) from person_records r join workers w on w.id = r.worker_id"
    assert superuser.execute(behind + " where w.id_index = 'foreign'").fetchone() == (2, 1)


def test_storing_a_worker_makes_a_person(superuser: Connection) -> None:
    superuser.execute(*insert("workers", ATTEMPTS["workers"]["mine"] | {"id_index": b"known to nobody"}))
    assert superuser.execute("select count(*) from persons where id_index = 'known to nobody'").fetchone() == (1,)


def test_every_worker_has_a_person(superuser: Connection) -> None:
    without = "select count(*) from workers w where not exists (select from person_records r where r.worker_id = w.id)"
    assert superuser.execute(without).fetchone() == (0,)


def test_a_number_twice_in_one_station_is_refused_without_telling_it(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]), pytest.raises(psycopg.errors.UniqueViolation) as refused:
        app_login.execute(*insert("workers", ATTEMPTS["workers"]["mine"] | {"id_index": b"neighbour"}))
    assert (refused.value.diag.message_detail, "neighbour" in str(refused.value)) == (None, False)


# Audit


@pytest.mark.parametrize("login", ["eastwest_owner", "postgres"])
@pytest.mark.parametrize(
    "change",
    ["update audit_entries set subject = ''", "delete from audit_entries", "truncate audit_entries"],
)
def test_audit_entries_are_altered_by_nobody(superuser: Connection, login: str, change: str) -> None:
    superuser.execute(sql.SQL("set local role {}").format(sql.Identifier(login)))
    assert reason(superuser, change) == REFUSED


@pytest.mark.parametrize(
    "lie",
    [
        {"role": "auditor"},
        {"organisation_id": organisation("other_station")},
        {"organisation_id": None},
        {"token_id": ACTORS["other_station"].token_id},
        {"token_id": None},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)
def test_an_audit_entry_cannot_lie_about_who_and_when(app_login: Connection, lie: Row) -> None:
    with acting(app_login, ACTORS["station"]):
        assert reason(app_login, *new_row("audit_entries", "station", **lie)) == REFUSED


# Tenants in keys: foreign keys are checked past row security, so the tenant is part of them


#: table -> (a row of ours, the column that names its parent, another organisation's parent)
TENANT_KEYS = {
    "intentions": ("mine", "worker_id", named("worker", "foreign_spare")),
    "consents": ("spare:paper", "worker_id", named("worker", "foreign_spare")),
    "papers": ("mine:held", "placement_id", named("placement", "foreign:accepted")),
    "passwords": ("head", "user_id", named("user", "other_station")),
    "list_rows": ("station", "list_id", named("list", "other_station")),
    "list_problems": ("station", "list_id", named("list", "other_station")),
    "vacancy_contacts": ("station", "vacancy_id", named("vacancy", "other_station:pending")),
    "phones": ("mine", "worker_id", named("worker", "foreign_spare")),
}
#: Who writes a table's rows; otherwise the station.
WRITTEN_BY = {"phones": "door", "passwords": "door"}


@pytest.mark.parametrize("table", TENANT_KEYS)
def test_a_row_cannot_hang_on_what_is_another_stations(app_login: Connection, table: str) -> None:
    label, column, foreign = TENANT_KEYS[table]
    base = ATTEMPTS[table][label]
    with acting(app_login, ACTORS[WRITTEN_BY.get(table, "station")]):
        hung, absent = base | {column: foreign}, base | {column: uuid4()}
        assert reason(app_login, *insert(table, hung)) == reason(app_login, *insert(table, absent)) == NO_SUCH_PARENT


_SPARE = {"worker_id": named("worker", "foreign_spare")}
#: What functions, the engine or a worker write: constraint -> table, a row of one's own, what would be another's.
OTHERS_KEYS: dict[str, tuple[str, Row, Row]] = {
    "fk_answer_checks_station_id_placement_id": (
        "answer_checks",
        ATTEMPTS["answer_checks"]["mine:introduced"] | {"station_id": organisation("other_station")},
        {},
    ),
    "fk_placements_poster_id_vacancy_id": (
        "placements",
        ATTEMPTS["placements"]["mine:introduced"],
        {"vacancy_id": named("vacancy", "other_employer:closed")},
    ),
    "fk_vacancy_fills_poster_id_vacancy_id": (
        "vacancy_fills",
        ATTEMPTS["vacancy_fills"]["employer"],
        {"vacancy_id": named("vacancy", "other_employer:closed")},
    ),
    **{
        f"fk_{table}_station_id_worker_id": (table, ATTEMPTS[table][label], _SPARE)
        for table, label in (
            ("assignments", "mine"),
            ("companions", "mine"),
            ("declines", "mine"),
            ("match_results", "mine"),
            ("placement_ends", "mine:closed"),
            ("placements", "mine:introduced"),
            ("suggestions", "mine"),
        )
    },
}


@pytest.mark.parametrize("key", OTHERS_KEYS)
def test_nobody_at_all_hangs_a_row_on_what_is_anothers(superuser: Connection, key: str) -> None:
    table, base, foreign = OTHERS_KEYS[key]
    assert reason(superuser, *insert(table, base | foreign)) == NO_SUCH_PARENT


@pytest.mark.parametrize("table", ["intentions"])
def test_a_row_cannot_be_moved_to_another_stations_worker(app_login: Connection, table: str) -> None:
    move = sql.SQL("update {} set worker_id = %s where worker_id = %s").format(sql.Identifier(table))
    with acting(app_login, ACTORS["station"]):
        moved = (named("worker", "foreign_spare"), named("worker", "mine"))
        assert reason(app_login, move, moved) == NO_SUCH_PARENT


def test_a_worker_cannot_leave_the_station_by_changing_the_intention(app_login: Connection) -> None:
    with acting(app_login, ACTORS["worker"]):
        move = "update intentions set station_id = %s"
        assert reason(app_login, move, (organisation("other_station"),)) == NO_SUCH_PARENT


# The door


@pytest.mark.parametrize("wrong", ["expires_at = now()", "revoked_at = now()", "hash = 'another'"])
def test_the_door_stays_shut_for_a_token_with(superuser: Connection, wrong: str) -> None:
    knock = "select role from app.actor_of_token('worker')"
    assert attempt(superuser, knock) == [("worker",)]
    superuser.execute(f"update tokens set {wrong} where hash = 'worker'".encode())
    assert attempt(superuser, knock) == []


# Checks: one wrong value each

WRONG: list[tuple[str, str, Row]] = [
    ("organisations", "station", {"kind": "police"}),
    ("users", "station", {"role": "worker"}),
    ("users", "station", {"state": "ill"}),
    ("users", "station", {"state": "left"}),
    ("tokens", "worker", {"kind": "master"}),
    ("tokens", "worker", {"role": "visitor"}),
    ("api_keys", "head", {"role": "head"}),
    ("invitations", "head", {"role": "worker"}),
    ("approvals", "head", {"kind": "salary"}),
    ("approvals", "head", {"state": "forgotten", "decided_by": UUID(int=7)}),
    ("approvals", "head", {"state": "approved"}),
    ("approvals", "head", {"state": "approved", "decided_by": ACTORS["head"].token_id}),
    ("places", "county", {"sure": "perhaps"}),
    ("pairings", "pair", {"kind": "counterpart"}),
    ("pairings", "pair", {"level": "village"}),
    ("pairings", "pair", {"until": datetime(2025, 1, 1).date()}),
    ("shocks", "own_side", {"kind": "war"}),
    ("shocks", "own_side", {"effect": "aid", "percent": 10}),
    ("shocks", "own_side", {"percent": 10}),
    ("shocks", "own_side", {"effect": "reduce", "percent": 101}),
    ("shocks", "own_side", {"until": datetime(2025, 1, 1).date()}),
    ("intentions", "mine", {"scope": "abroad"}),
    ("consents", "spare:paper", {"purpose": "everything"}),
    ("consents", "spare:paper", {"vacancy_id": UUID(int=7)}),
    ("consents", "spare:disclosure", {"vacancy_id": None}),
    ("consents", "spare:paper", {"given_by": "clerk"}),
    ("consents", "spare:paper", {"witness": None}),
    ("vacancies", "employer:open", {"state": "hidden"}),
    ("vacancies", "employer:open", {"headcount": 0}),
    ("vacancies", "employer:open", {"filled": 2}),
    ("vacancies", "employer:open", {"filled": -1}),
    ("vacancies", "employer:open", {"wage_lo": 0, "wage_hi": 0}),
    ("vacancies", "employer:open", {"wage_lo": 5000, "wage_hi": 4000}),
    ("vacancies", "employer:open", {"kind": "agency"}),
    ("lists", "station", {"kind": "people"}),
    ("lists", "station", {"state": "half"}),
    ("list_rows", "station", {"outcome": "perhaps"}),
    ("complaints", "mine:home", {"kind": "gossip"}),
    ("complaints", "mine:home", {"state": "forgotten"}),
    ("complaints", "mine:home", {"side": "sky"}),
    ("complaints", "mine:home", {"state": "answered"}),
    ("messages", "planted", {"kind": "advert"}),
    ("messages", "planted", {"state": "half"}),
    ("codes", "planted", {"purpose": "everything", "worker_id": UUID(int=7)}),
    ("codes", "planted", {"worker_id": UUID(int=7)}),
    ("codes", "planted", {"tries": 6}),
    ("door_counts", "planted", {"n": -1}),
    ("alarms", "station", {"kind": "whim"}),
    ("exports", "station", {"state": "lost", "decided_by": UUID(int=7)}),
    ("exports", "station", {"worker_ids": []}),
    ("exports", "station", {"worker_ids": [UUID(int=n) for n in range(201)]}),
    ("exports", "station", {"decided_by": ATTEMPTS["exports"]["station"]["asked_by"]}),
    ("exports", "station", {"state": "approved"}),
    ("placements", "mine:introduced", {"state": "lost"}),
    ("placements", "mine:introduced", {"ended_by": "worker"}),
    ("placements", "mine:held", {"held_act": "accept"}),
    ("placements", "mine:introduced", {"disclose": False}),
    ("placements", "mine:introduced", {"held_act": "interested"}),
    ("placements", "mine:introduced", {"how": "gossip"}),
    ("placements", "mine:introduced", {"held_until": datetime(2100, 1, 1, tzinfo=UTC), "held_act": "gossip"}),
    ("placements", "mine:closed", {"ended_by": "weather"}),
    ("placements", "mine:closed", {"state": "ended"}),
    ("answer_checks", "mine:introduced", {"kind": "gossip"}),
    ("answer_checks", "mine:introduced", {"outcome": "perhaps", "decided_at": datetime(2026, 1, 1, tzinfo=UTC)}),
    ("answer_checks", "mine:introduced", {"decided_at": datetime(2026, 1, 1, tzinfo=UTC)}),
    ("assignments", "mine", {"overridden": True}),
    ("companions", "mine", {"wish": "planet"}),
    ("figures", "station", {"value": 9}),
    ("figures", "station", {"kind": "mood"}),
    ("counted_twice", "planted", {"value": 9}),
    ("counted_twice", "planted", {"kind": "mood"}),
    ("match_results", "mine", {"scores": [1, 2]}),
    ("papers", "mine:held", {"act": "gossip"}),
    ("plans", "station", {"state": "lost"}),
    ("plans", "station", {"taken_back_reason": "a reason without a day"}),
]


@pytest.mark.parametrize(("table", "label", "wrong"), WRONG, ids=[f"{t}-{w}" for t, _, w in WRONG])
def test_a_wrong_value_is_refused(superuser: Connection, table: str, label: str, wrong: Row) -> None:
    assert reason(superuser, *new_row(table, label)) is None
    assert reason(superuser, *new_row(table, label, **wrong)) == CHECK_FAILED


def test_every_planted_row_is_what_the_tests_take_it_for(superuser: Connection) -> None:
    for table in ROWS:
        assert visible(superuser, table) >= ROWS[table].keys()
    assert all(visible(superuser, table) == KEYS[table].keys() for table in ("organisations", "tokens", "persons"))
