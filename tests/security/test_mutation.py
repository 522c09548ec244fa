"""Is every lock needed, and would anybody notice that it is gone? Each policy, right, constraint, trigger and predicate
is broken, one at a time, and the other tests' questions are asked again: somebody must give another answer.

Everything happens inside one transaction of a superuser, who becomes the serving login for the questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from app.db.linter import QUERY
from app.db.transaction import signed_context
from tests.security import governance_predicates, staff_predicates
from tests.security import test_governance_rules as governance
from tests.security import test_oversight_rules as oversight
from tests.security import test_own_door_rules as own_door
from tests.security import test_rules as rules
from tests.security import test_staff_rules as staff
from tests.security.attack import (
    Connection,
    acting,
    addable,
    as_role,
    attempt,
    context_here,
    new_row,
    reason,
    rights,
    visible,
)
from tests.security.matrix import COLUMNS, MATRIX, PUBLIC, expected
from tests.security.probes import PROBES
from tests.security.world import ACTORS, KEYS, named

Question = Callable[[Connection], bool]
AUDIENCES = sorted({actor.role.audience for actor in ACTORS.values()})


@contextmanager
def _serving(connection: Connection) -> Iterator[None]:
    """Within the block the superuser is the login that serves requests."""
    with connection.transaction(force_rollback=True):
        connection.execute("set local session authorization eastwest_app")
        yield


def _linter_is_silent(connection: Connection) -> bool:
    return connection.execute(QUERY.read_bytes()).fetchall() == []


def _matrix_holds(table: str) -> Question:
    """Everybody's rights in one table are the expected ones, and nobody without a context has any."""

    def holds(connection: Connection) -> bool:
        with _serving(connection):
            for name, actor in ACTORS.items():
                with acting(connection, actor):
                    if rights(connection, table) != expected(table, name):
                        return False
            for audience in AUDIENCES:
                with as_role(connection, f"rt_{audience}", ""):
                    if table not in PUBLIC and (visible(connection, table) or addable(connection, table)):
                        return False
        return True

    return holds


def _rights_are_the_matrixs(connection: Connection) -> bool:
    """An audience holds a right on a table just where the matrix lets one of its actors use it."""
    held = connection.execute(
        """select c.relname, r.rolname, v.verb from pg_class c cross join pg_roles r
           cross join (values ('select'), ('insert'), ('update'), ('delete')) v (verb)
           where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and r.rolname like 'rt\\_%%'
             and has_table_privilege(r.oid, c.oid, v.verb) and c.relname <> 'spatial_ref_sys'"""
    ).fetchall()
    columns = connection.execute(
        """select c.relname, p.grantee::regrole::text, lower(p.privilege_type), array_agg(a.attname::text)
           from pg_attribute a join pg_class c on c.oid = a.attrelid cross join aclexplode(a.attacl) p
           where c.relnamespace = 'public'::regnamespace and p.grantee::regrole::text like 'rt\\_%%'
           group by 1, 2, 3"""
    ).fetchall()
    if {tuple(key): frozenset(names) for *key, names in columns} != COLUMNS:
        return False
    due = {
        (table, f"rt_{actor.role.audience}", verb)
        for table in MATRIX
        for name, actor in ACTORS.items()
        for verb in ("select", "insert", "update", "delete")
        if getattr(expected(table, name), verb)
    }
    return set(held) == due - COLUMNS.keys()


def _passes(test: Callable[[Connection], None]) -> Question:
    """A test of test_rules as a question."""

    def passes(connection: Connection) -> bool:
        try:
            with _serving(connection):
                test(connection)
        except (AssertionError, psycopg.Error, pytest.fail.Exception):
            return False
        return True

    return passes


def _as_superuser(test: Callable[[Connection], None]) -> Question:
    """A test of test_rules that needs the superuser, as a question."""

    def passes(connection: Connection) -> bool:
        try:
            with connection.transaction(force_rollback=True):
                test(connection)
        except (AssertionError, psycopg.Error):
            return False
        return True

    return passes


_foreign_alike = _passes(rules.test_a_foreign_worker_answers_alike_whether_withdrawn_agreed_or_absent)


def _survivors(superuser: Connection, mutations: Iterable[tuple[str, tuple[Question, ...]]]) -> list[str]:
    """The mutations after which every question is answered as before."""
    alive = []
    for mutation, questions in mutations:
        with superuser.transaction(force_rollback=True):
            superuser.execute(mutation.encode())
            if all(question(superuser) for question in questions):
                alive.append(mutation)
    return alive


def _rows(superuser: Connection, query: str) -> list[tuple[Any, ...]]:
    return superuser.execute(query.encode()).fetchall()


def test_the_questions_are_answered_well_while_nothing_is_broken(superuser: Connection) -> None:
    assert _linter_is_silent(superuser)
    assert _blind_holds(superuser)
    assert _wishes_are_apart(superuser)
    assert _rights_are_the_matrixs(superuser)
    assert [table for table in MATRIX if not _matrix_holds(table)(superuser)] == []


_POLICIES = """select format('%I', tablename), format('%I', policyname), tablename, policyname, qual, with_check,
               roles::text[] from pg_policies where schemaname = 'public' and not 'eastwest_owner' = any (roles)"""


def test_a_dropped_policy_is_noticed(superuser: Connection) -> None:
    found = _rows(superuser, _POLICIES)
    assert len(found) > 30
    assert (
        _survivors(superuser, ((f"drop policy {p} on {t}", (_matrix_holds(name),)) for t, p, name, *_ in found)) == []
    )


def test_an_owners_policy_is_needed_by_what_works_in_the_owners_name(superuser: Connection) -> None:
    known_elsewhere = _passes(rules.test_storing_a_worker_known_elsewhere_answers_as_storing_a_new_one)
    needed: dict[str, Question] = {
        "tokens": _the_door_knows_a_token,
        "consents": _passes(rules.test_a_withdrawn_consent_leaves_the_stations_sight),
        "persons": known_elsewhere,
        "person_records": known_elsewhere,
        "organisations": _the_owner_finds_organisations,
        "users": _passes(staff.test_who_looks_after_the_staff_ends_an_account_and_nobody_elses),
        "passwords": _as_superuser(staff.test_leaving_ends_password_and_sessions_once),
        "api_keys": _passes(staff.test_a_key_is_revoked_by_its_organisation_or_an_operator),
        "invitations": _as_superuser(staff.test_an_invitation_is_withdrawn_by_its_organisation_while_it_is_open),
        "approvals": _passes(staff.test_one_person_asks_and_another_decides),
        "lists": partial(_what_is_over_goes, table="lists", column="keep_until"),
        "audit_entries": _passes(oversight.test_the_sixty_first_person_of_a_day_raises_an_alarm),
        "alarms": _passes(oversight.test_the_sixty_first_person_of_a_day_raises_an_alarm),
        "exports": _passes(oversight.test_the_head_allows_what_a_clerk_asked_for_and_the_clerk_fetches_it_once),
        "idempotent_answers": partial(_what_is_over_goes, table="idempotent_answers", column="until"),
        "placements": _probes_hold("worker_ends(uuid)"),
        "answer_checks": _probes_hold("decide_check(uuid,boolean)"),
        "papers": _probes_hold("decide_check(uuid,boolean)"),
        "placed_persons": _probes_hold("take_place(uuid)"),
        "suggestions": _probes_hold("keep_suggestions(uuid,jsonb)"),
        **{
            table: partial(_the_owner_finds, table=table)
            for table in (
                *("messages", "codes", "door_counts", "phones", "device_uses"),
                *("pairings", "market_changes", "match_runs", "match_results"),
            )
        },
    }
    found = _rows(superuser, "select tablename, policyname from pg_policies where 'eastwest_owner' = any (roles)")
    own = {table for table, policy in found if policy == "own_door"}
    assert own == {"workers", "lists", "list_rows", "complaints", "papers"}
    goes = _as_superuser(own_door.test_who_goes_takes_along_what_names_them_and_nothing_else)
    assert _survivors(superuser, ((f"drop policy own_door on {table}", (goes,)) for table in own)) == []
    by_policy: dict[tuple[str, str], Question] = {
        ("vacancies", "decision"): _probes_hold("decide_vacancy(uuid,text)"),
        ("vacancies", "places_taken"): _probes_hold("accept_placement(uuid,text)"),
        ("vacancies", "place_taken"): _probes_hold("accept_placement(uuid,text)"),
        ("vacancy_contacts", "accepted"): _probes_hold("accepted_job(uuid)"),
        ("workers", "by_phone"): _the_door_finds_a_phone,
        ("workers", "by_id"): _probes_hold("disclosed_contact(uuid)"),
        ("workers", "taken_back"): _probes_hold("take_back_workers(uuid,uuid[],uuid[])"),
        ("lists", "by_station"): _probes_hold("take_back_workers(uuid,uuid[],uuid[])"),
        ("complaints", "to_answer"): _probes_hold("complaint_words(uuid)"),
        ("complaints", "given_to_answer"): _probes_hold("complaint_words(uuid)"),
        ("workers", "by_station"): _probes_hold("has_many_alike(uuid,integer,integer,text[])"),
    }
    others = [(table, policy) for table, policy in found if policy != "own_door" and (table, policy) not in by_policy]
    assert {table for table, _ in others} == needed.keys()
    assert by_policy.keys() <= set(found)
    questions = by_policy | {(table, policy): needed[table] for table, policy in others}
    mutations = ((f"drop policy {policy} on {table}", (one,)) for (table, policy), one in questions.items())
    assert _survivors(superuser, mutations) == []


def _probes_hold(function: str) -> Question:
    """The questions to a function are answered rightly."""
    return lambda connection: all(probe.holds(connection) for probe in PROBES[function])


def _what_is_over_goes(connection: Connection, *, table: str, column: str) -> bool:
    with connection.transaction(force_rollback=True):
        connection.execute(f"update {table} set {column} = now() - interval '1 hour'")
        connection.execute("set local role eastwest_jobs")
        connection.execute("select app.forget_kept()")
        connection.execute("reset role")
        return not _rows(connection, f"select 1 from {table}")


def _the_door_knows_a_token(connection: Connection) -> bool:
    with _serving(connection):
        return attempt(connection, "select role from app.actor_of_token('worker')") == [("worker",)]


def _the_door_finds_a_phone(connection: Connection) -> bool:
    """And nobody the phone is not of."""
    with connection.transaction(force_rollback=True):
        connection.execute("update workers set phone_index = 'p' where id = %s", (named("worker", "mine"),))
        with _serving(connection), acting(connection, ACTORS["door"]):
            found = attempt(connection, "select worker_id from app.workers_of_phone('p')")
        return found == [(named("worker", "mine"),)]


def _the_owner_finds(connection: Connection, *, table: str) -> bool:
    """The functions of codes.sql keep these in the owner's name."""
    with connection.transaction(force_rollback=True):
        connection.execute("set local role eastwest_owner")
        return visible(connection, table) == KEYS[table].keys()


def _the_owner_finds_organisations(connection: Connection) -> bool:
    """Tokens and first organisations are made in the owner's name."""
    with connection.transaction(force_rollback=True):
        connection.execute("set local role eastwest_owner")
        return len(visible(connection, "organisations")) == len(KEYS["organisations"])


def test_a_policy_that_lets_everything_through_is_noticed(superuser: Connection) -> None:
    """By what can then be seen or written, not only by how it reads."""

    def mutations() -> Iterator[tuple[str, tuple[Question, ...]]]:
        for t, p, name, _, using, check, _ in _rows(superuser, _POLICIES):
            if using is not None:
                yield f"alter policy {p} on {t} using (true)", (_matrix_holds(name), _blind_holds)
            if check is not None:
                yield f"alter policy {p} on {t} with check (true)", (_matrix_holds(name), _linter_is_silent)

    assert _survivors(superuser, mutations()) == []


def conjuncts(words: str) -> list[str]:
    """The parts of an "and", brackets kept together."""
    parts, depth, begin = [], 0, 0
    for at, letter in enumerate(words):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and words.startswith(" AND ", at):
            parts.append(words[begin:at])
            begin = at + len(" AND ")
    return [*parts, words[begin:]]


#: Changes that read nothing, and so are held by the policies of updates alone -> how many rows they reach.
BLIND = [
    ("coordinator", "update pairings set document = 'x'", 1),
    ("coordinator", "update shocks set document = 'x'", 1),
    ("coordinator", "update complaints set changed_at = now()", 1),
    ("destination", "update complaints set changed_at = now()", 3),
    ("worker", "update workers set name = 'x'", 1),
    ("other_worker", "update workers set name = 'x'", 1),
]


def _blind_holds(connection: Connection) -> bool:
    with _serving(connection):
        for name, change, rows in BLIND:
            with acting(connection, ACTORS[name]):
                if attempt(connection, change) != [(rows,)]:
                    return False
        with as_role(connection, "rt_door", ""):
            return attempt(connection, "update invitations set accepted_at = now()") == [(0,)]


def test_a_condition_dropped_from_a_policy_is_noticed(superuser: Connection) -> None:
    """Each part of an "and" becomes true, one at a time."""

    def mutations() -> Iterator[tuple[str, tuple[Question, ...]]]:
        for t, p, name, _, using, check, _ in _rows(superuser, _POLICIES):
            for clause, words in (("using", using), ("with check", check)):
                parts = conjuncts((words or "")[1:-1])
                for i in range(len(parts) if len(parts) > 1 else 0):
                    rest = " and ".join([*parts[:i], "true", *parts[i + 1 :]])
                    questions = (_matrix_holds(name), _blind_holds, _wishes_are_apart)
                    yield f"alter policy {p} on {t} {clause} ({rest})", questions

    broken = list(mutations())
    assert len(broken) >= 12
    assert _survivors(superuser, broken) == []


def test_row_security_switched_off_or_not_forced_is_noticed(superuser: Connection) -> None:
    tables = [t for (t,) in _rows(superuser, "select relname from pg_class where relrowsecurity")]
    assert set(tables) == MATRIX.keys() - PUBLIC
    off = ((f"alter table {t} disable row level security", (_matrix_holds(t), _linter_is_silent)) for t in tables)
    loose = ((f"alter table {t} no force row level security", (_linter_is_silent,)) for t in tables)
    assert _survivors(superuser, off) == []
    assert _survivors(superuser, loose) == []


def test_a_right_more_or_less_is_noticed(superuser: Connection) -> None:
    held = set(
        _rows(superuser, "select table_name, grantee, lower(privilege_type) from information_schema.table_privileges")
    )
    verbs = ("select", "insert", "update", "delete", "truncate", "references", "trigger")
    every = [(t, f"rt_{a}", v) for t in MATRIX for a in AUDIENCES for v in verbs]
    less = [(f"revoke {v} on {t} from {a}", (_rights_are_the_matrixs,)) for t, a, v in every if (t, a, v) in held]
    more = [
        (f"grant {v} on {t} to {a}", (_rights_are_the_matrixs if v in verbs[:4] else _linter_is_silent,))
        for t, a, v in every
        if (t, a, v) not in held and (v in verbs[:4] or a == "rt_station")
    ]
    assert len(less) > 100
    assert _survivors(superuser, less + more) == []


def test_a_dropped_trigger_is_noticed(superuser: Connection) -> None:
    needed = {
        "know_persons": (_as_superuser(rules.test_storing_a_worker_makes_a_person),),
        "seals_stay": (_seals_stay,),
        "cap_exports": (_passes(oversight.test_four_hundred_people_a_day_leave_a_station_and_no_more),),
        "append_only": (_audit_is_append_only,),
        "keep_withdrawal": (_a_list_does_not_revive,),
        "keep_waiting_new": (_passes(governance.test_an_offer_outside_the_posters_province_waits),),
        "keep_waiting_changed": (_as_superuser(governance.test_what_waits_elsewhere_is_not_opened_by_its_poster),),
        "forget_decision": (_as_superuser(governance.test_what_was_let_for_one_company_is_not_for_another),),
        "tell_market": (partial(_market_hears, table="vacancies"), _market_hears_of_places),
        "tell_market_new": (_market_hears_of_new_ones,),
        "know_phone_changes": (_a_changed_phone_is_noted,),
        "end_disclosures": (_as_superuser(own_door.test_a_withdrawn_disclosure_closes_what_stood_on_it),),
        "sample_paper": (_as_superuser(own_door.test_the_first_paper_of_a_station_is_looked_at),),
        "ask_for_paper": (_as_superuser(own_door.test_a_yes_on_paper_has_its_paper),),
        "move_person": (_as_superuser(own_door.test_another_id_number_moves_the_record_and_its_withdrawal),),
        "route_complaint": (_as_superuser(own_door.test_a_complaint_finds_the_office_of_its_place),),
    }
    query = """select tgname, tgrelid::regclass::text from pg_trigger
               where not tgisinternal and tgrelid::regclass::text !~ '^jobs'"""
    found = _rows(superuser, query)
    assert {name for name, _ in found} == needed.keys()
    assert _survivors(superuser, ((f"drop trigger {name} on {table}", needed[name]) for name, table in found)) == []


def _seals_stay(connection: Connection) -> bool:
    return reason(connection, "truncate audit_seals") == rules.REFUSED


def _audit_is_append_only(connection: Connection) -> bool:
    return reason(connection, "truncate audit_entries") == rules.REFUSED


def _a_changed_phone_is_noted(connection: Connection) -> bool:
    """The number it was is told, and answers by the new one wait."""
    with connection.transaction(force_rollback=True):
        connection.execute("update workers set phone_index = 'old' where id = %s", (named("worker", "mine"),))
        with _serving(connection), acting(connection, ACTORS["station"]):
            changed = "update workers set phone_index = 'new' where id = %s returning 1"
            connection.execute(changed, (named("worker", "mine"),))
            connection.execute("reset role")
            connection.execute("reset session authorization")
            held = _rows(connection, "select 1 from phones where number = 'new' and held_until > now()")
            told = _rows(connection, "select 1 from messages where number = 'old' and kind = 'phone_changed'")
        return (len(held), len(told)) == (1, 1)


def _market_hears_of_new_ones(connection: Connection) -> bool:
    statement, values = new_row("vacancies", "destination:open")
    plan = attempt(connection, sql.SQL("explain (analyze, costs off, timing off) ") + statement, values)
    return any("Trigger tell_market_new" in line for (line,) in plan or ())


def _market_hears(connection: Connection, *, table: str) -> bool:
    """The trigger is called: it tells by NOTIFY, which only a commit sends."""
    column = {"vacancies": "title", "pairings": "document", "shocks": "document"}[table]
    plan = attempt(connection, f"explain (analyze, costs off, timing off) update {table} set {column} = {column}")
    return any("Trigger tell_market" in line for (line,) in plan or ())


def _market_hears_of_places(connection: Connection) -> bool:
    return all(_market_hears(connection, table=table) for table in ("pairings", "shocks"))


def test_a_dropped_check_is_noticed(superuser: Connection) -> None:
    found = _rows(
        superuser,
        """select conrelid::regclass::text, conname from pg_constraint
           where contype = 'c' and connamespace = 'public'::regnamespace
             and conrelid::regclass::text <> 'spatial_ref_sys'""",
    )
    drops = [(f"alter table {t} drop constraint {name}", (_wrong_values_refused(t),)) for t, name in found]
    assert len(drops) > 15
    assert _survivors(superuser, drops) == []


def _wrong_values_refused(table: str) -> Question:
    def refused(connection: Connection) -> bool:
        wrong = [(t, label, value) for t, label, value in rules.WRONG if t == table]
        return bool(wrong) and all(reason(connection, *new_row(t, w, **v)) == rules.CHECK_FAILED for t, w, v in wrong)

    return refused


def test_a_dropped_tenant_key_is_noticed(superuser: Connection) -> None:
    found = _rows(
        superuser,
        """select conrelid::regclass::text, conname from pg_constraint where contype = 'f' and cardinality(conkey) > 1
           and connamespace = 'public'::regnamespace""",
    )
    hang = rules.test_a_row_cannot_hang_on_what_is_another_stations
    nobody = rules.test_nobody_at_all_hangs_a_row_on_what_is_anothers
    by_name = {name: _as_superuser(partial(nobody, key=name)) for name in rules.OTHERS_KEYS}
    by_table = {table: _passes(partial(hang, table=table)) for table in rules.TENANT_KEYS}
    assert {name for _, name in found} >= by_name.keys()
    assert {table for table, name in found if name not in by_name} == by_table.keys()
    drops = ((f"alter table {t} drop constraint {name}", (by_name.get(name) or by_table[t],)) for t, name in found)
    assert _survivors(superuser, drops) == []


def _a_list_does_not_revive(connection: Connection) -> bool:
    statements = ({"list_id": uuid4()}, {"list_id": uuid4(), "signed_on": rules.TODAY}, {"signed_on": None})
    days = ({"signed_on": date(2026, 1, 31)}, {"signed_on": date(2026, 2, 1)})
    revive = rules.test_what_the_worker_withdrew_is_not_revived_by
    return all(_passes(partial(revive, statement=statement))(connection) for statement in (*statements, *days))


def _stolen_contexts_are_refused(connection: Connection) -> bool:
    with _serving(connection), as_role(connection, "rt_station", signed_context(ACTORS["station"], "1@0")):
        return not visible(connection, "workers")


def _tampered_contexts_are_refused(connection: Connection) -> bool:
    with _serving(connection):
        good = context_here(connection, ACTORS["station"])
        with as_role(connection, "rt_station", good[:-1] + ("1" if good[-1] == "0" else "0")):
            return not visible(connection, "workers")


def _audiences_are_apart(connection: Connection) -> bool:
    """A context that carries everything, signed for one audience, is worth nothing in another's role."""
    with _serving(connection):
        for actor in {actor.role.audience: actor for actor in ACTORS.values()}.values():
            full = replace(actor, worker_id=actor.worker_id or named("worker", "mine"))
            context = context_here(connection, full)
            for audience in set(AUDIENCES) - {actor.role.audience}:
                with as_role(connection, f"rt_{audience}", context):
                    if addable(connection, "audit_entries"):
                        return False
                    if any(visible(connection, table) for table in ("workers", "vacancies", "lists", "audit_entries")):
                        return False
    return True


def _users_are_apart(connection: Connection) -> bool:
    """Whose user a context names counts in its own audience's role only."""
    with _serving(connection), as_role(connection, "rt_operator", context_here(connection, ACTORS["station"])):
        return not visible(connection, "users")


def _wishes_are_apart(connection: Connection) -> bool:
    """What somebody asked for is theirs in their own audience's role only; a side is kept inside its own area."""
    with _serving(connection):
        with as_role(connection, "rt_operator", context_here(connection, ACTORS["head"])):
            if visible(connection, "approvals"):
                return False
        with acting(connection, ACTORS["coordinator"]):
            moves = (
                f"update {table} set {column} = '{code}' where id = '{named(table[:-1], 'own_side')}'"
                for table, column in (("pairings", "west_code"), ("shocks", "division_code"))
                for code in ("990101", "110101")
            )
            return all(reason(connection, move) == rules.REFUSED for move in moves)


def _jobs_are_ordered_in_ones_own_name(connection: Connection) -> bool:
    order = "select app.enqueue(%s, %s)"
    with _serving(connection):
        with as_role(connection, "rt_station", ""):
            nameless = reason(connection, order, ("read_list", uuid4()))
        with acting(connection, ACTORS["station"]):
            unknown = reason(connection, order, ("drop_everything", uuid4()))
    return nameless == unknown == rules.REFUSED


def _the_door_is_shut(connection: Connection) -> bool:
    wrongs = ("expires_at = now()", "revoked_at = now()", "hash = 'another'")
    return all(
        _as_superuser(partial(rules.test_the_door_stays_shut_for_a_token_with, wrong=w))(connection) for w in wrongs
    )


def _a_clerk_decides_nothing(connection: Connection) -> bool:
    return _passes(partial(oversight.test_a_clerk_decides_nothing, name="station"))(connection)


#: function, what it says, what it would say broken, who must notice
PREDICATES: list[tuple[str, str, str, Question]] = [
    ("context()", "fields[8] is distinct from app.here()", "false", _stolen_contexts_are_refused),
    ("context()", "fields[9] is distinct from", "null is distinct from", _matrix_holds("workers")),
    ("context()", "raise exception", "raise notice", _tampered_contexts_are_refused),
    ("ctx_organisation(text)", "c[1] = audience", "true", _audiences_are_apart),
    ("ctx_worker()", "c[1] = 'worker'", "true", _audiences_are_apart),
    ("ctx_is(text)", "= audience", "is not null", _audiences_are_apart),
    ("ctx_acts()", "= current_user", "is not null", _audiences_are_apart),
    ("ctx_signature()", "'rt_' || c[1] = current_user", "true", _audiences_are_apart),
    ("actor_of_token(bytea)", "t.hash = token_hash and", "", _the_door_is_shut),
    ("actor_of_token(bytea)", "t.revoked_at is null and", "", _the_door_is_shut),
    ("actor_of_token(bytea)", "and t.expires_at > now()", "", _the_door_is_shut),
    ("enqueue(text,uuid)", "who is null or", "", _jobs_are_ordered_in_ones_own_name),
    (
        "enqueue(text,uuid)",
        "or task not in (",
        "or false and task not in (",
        _jobs_are_ordered_in_ones_own_name,
    ),
    *(
        ("keep_withdrawal()", words, broken, question)
        for words, broken, question in (
            ("new.given_by = 'paper'", "true", _passes(rules.test_the_worker_may_agree_again)),
            ("and new.station_id = coalesce(app.ctx_organisation('station'), new.station_id)", "", _foreign_alike),
            ("and c.station_id = new.station_id", "", _foreign_alike),
            ("c.worker_id = new.worker_id", "true", _matrix_holds("consents")),
            ("and c.withdrawn_at is not null", "", _passes(rules.test_a_second_live_consent_to_the_same_is_refused)),
            ("new.list_id is not null or", "", _a_list_does_not_revive),
            ("new.signed_on is null", "false", _a_list_does_not_revive),
            ("new.signed_on <=", "new.signed_on <", _a_list_does_not_revive),
            ("'Asia/Shanghai'", "'UTC'", _as_superuser(rules.test_the_day_of_a_withdrawal_is_beijings)),
        )
    ),
    *(
        ("withdraw_consent(uuid,text)", words, broken, _passes(test))
        for words, broken, test in (
            ("worker_id = of_worker and", "", rules.test_a_withdrawal_is_of_one_worker_and_one_purpose),
            ("and purpose = for_purpose", "", rules.test_a_withdrawal_is_of_one_worker_and_one_purpose),
            ("and withdrawn_at is null", "", rules.test_withdrawing_again_does_not_move_the_time),
            (
                "station_id = app.ctx_organisation('station')",
                "true",
                rules.test_a_withdrawal_reaches_own_workers_only,
            ),
            ("worker_id = app.ctx_worker()", "true", rules.test_a_withdrawal_reaches_own_workers_only),
        )
    ),
    *(
        ("decide_export(uuid,boolean)", words, broken, question)
        for words, broken, question in (
            ("id = of_export and", "", _passes(oversight.test_nobody_decides_on_an_own_wish)),
            (
                "organisation_id = app.ctx_manages('station')",
                "app.ctx_manages('station') is not null",
                _as_superuser(oversight.test_another_stations_head_decides_nothing),
            ),
            ("ctx_manages('station')", "ctx_organisation('station')", _a_clerk_decides_nothing),
            ("and state = 'asked'", "", _passes(oversight.test_a_decision_is_made_once)),
            (
                "and asked_by <> app.ctx_person()",
                "",
                _as_superuser(oversight.test_two_tokens_of_one_person_are_one_person),
            ),
            ("and asked_token <> app.ctx_token()", "", _as_superuser(oversight.test_one_token_is_one_person)),
        )
    ),
    *(
        ("fetch_export(uuid)", words, broken, question)
        for words, broken, question in (
            (
                "organisation_id = app.ctx_organisation('station') and",
                "",
                _as_superuser(oversight.test_the_file_is_fetched_inside_the_station),
            ),
            ("expires_at > now()", "true", _as_superuser(oversight.test_an_approval_ends_after_a_day)),
            ("and asked_by = app.ctx_person()", "", _as_superuser(oversight.test_the_file_is_fetched_by_who_asked)),
        )
    ),
    *(
        ("cap_exports()", words, broken, question)
        for words, broken, question in (
            (
                "organisation_id = new.organisation_id and",
                "",
                _passes(oversight.test_four_hundred_people_a_day_leave_a_station_and_no_more),
            ),
            ("and asked_at >= current_date", "", _as_superuser(oversight.test_yesterdays_exports_are_not_todays)),
        )
    ),
    *(
        ("raise_alarms()", words, broken, question)
        for words, broken, question in (
            ("distinct e.worker_id", "*", _passes(oversight.test_the_same_person_counts_once)),
            (
                "and e.action in ('worker.read', 'placement.contact', 'complaint.contact', 'paper.read')",
                "",
                _passes(oversight.test_what_shows_nobodys_details_is_no_look),
            ),
            (
                "people > most",
                "people >= most",
                _passes(oversight.test_the_sixty_first_person_of_a_day_raises_an_alarm),
            ),
            (
                "and e.role in ('station', 'head', 'destination', 'employer', 'coordinator')",
                "",
                _passes(oversight.test_a_worker_who_looks_at_the_own_record_raises_none),
            ),
            ("e.at >= current_date", "true", _as_superuser(oversight.test_yesterdays_looks_are_not_todays)),
            (
                "and e.action = 'worker.list'",
                "and e.action = 'nothing'",
                _passes(oversight.test_the_two_thousand_and_first_line_of_lists_raises_an_alarm),
            ),
        )
    ),
]


PREDICATES += [
    ("ctx_manages(text)", "and c[2] <> 'station'", "", _matrix_holds("users")),
    ("ctx_user()", "'rt_' || c[1] = current_user", "true", _users_are_apart),
    *(
        (function, words, broken, _passes(test))
        for function, found in (*staff_predicates.AS_LOGIN.items(), *governance_predicates.AS_LOGIN.items())
        for words, broken, test in found
    ),
    *(
        (function, words, broken, _as_superuser(test))
        for function, found in (*staff_predicates.AS_SUPERUSER.items(), *governance_predicates.AS_SUPERUSER.items())
        for words, broken, test in found
    ),
]


def test_a_dropped_predicate_of_a_function_is_noticed(superuser: Connection) -> None:
    def mutations() -> Iterator[tuple[str, tuple[Question, ...]]]:
        for function, words, broken, question in PREDICATES:
            [(source,)] = _rows(superuser, f"select pg_get_functiondef('app.{function}'::regprocedure)")
            assert words in source, (function, words)
            yield source.replace(words, broken), (question,)

    assert _survivors(superuser, mutations()) == []


def test_the_questions_about_functions_are_answered_well_while_nothing_is_broken(superuser: Connection) -> None:
    questions = {question: function for function, _, _, question in PREDICATES}
    assert [function for question, function in questions.items() if not question(superuser)] == []
