"""Storing a list's workers: new, updated, unchanged, and what a list may never do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app.db.transaction import read, write
from app.errors import NotAllowed
from app.places.queries import PlaceKey
from app.workers.drafts import Outcome, WorkerDraft
from app.workers.store import store_workers
from tests import people
from tests.workers.invented import draft

STATION = people.actor("station")
SEEN = {"witness": "王站长", "signed_on": date(2026, 3, 1)}


def store(drafts: list[WorkerDraft], who: str = "station", **paper: object) -> list[Outcome]:
    with write(people.actor(who)) as tx:
        return store_workers(tx, drafts, **(SEEN | paper))  # type: ignore[arg-type]


def became(outcomes: list[Outcome]) -> dict[str, int]:
    return dict(Counter(outcome.what for outcome in outcomes))


def rows(query: str, who: str = "station") -> list[tuple[object, ...]]:
    with read(people.actor(who)) as tx:
        return [tuple(row) for row in tx.session.execute(text(query))]


def own_word(*words: str) -> None:
    with write(STATION) as tx:
        tx.session.execute(text("update workers set own_word = :words"), {"words": list(words)})


def withdraw() -> None:
    with write(STATION) as tx:
        tx.session.execute(text("select app.withdraw_consent(id, 'matching') from workers"))


EVERYTHING = "select w, i from workers w join intentions i on i.worker_id = w.id order by w.id"


def test_the_same_list_twice_changes_nothing(db: Connection) -> None:
    drafts = [draft(n) for n in range(50)]
    first = store(drafts)
    before = rows(EVERYTHING)
    again = store(drafts)
    assert (became(first), became(again)) == ({"new": 50}, {"unchanged": 50})
    assert [o.worker_id for o in again] == [o.worker_id for o in first]
    assert rows(EVERYTHING) == before


def test_ten_thousand_rows_come_out_in_their_order_and_only_changed_ones_are_touched(db: Connection) -> None:
    drafts = [draft(n) for n in range(10_050)]
    told: list[tuple[int, int]] = []
    with write(STATION) as tx:
        first = store_workers(tx, drafts, progress=lambda done, total: told.append((done, total)))
    assert became(first) == {"new": 10_050}
    assert told == sorted(told)
    assert told[-1] == (10_050, 10_050)
    changed = [replace(d, min_wage=9000) if n % 1000 == 0 else d for n, d in enumerate(drafts)]
    second = store(changed, witness=None)
    assert [n for n, outcome in enumerate(second) if outcome.what == "updated"] == list(range(0, 10_050, 1000))
    assert became(second) == {"updated": 11, "unchanged": 10_039}
    assert rows("select version, count(*) from workers group by version order by 1") == [(1, 10_039), (2, 11)]
    assert rows("select count(*) from intentions where min_wage = 9000") == [(11,)]


def test_a_blank_keeps_what_is_known(db: Connection) -> None:
    store([draft(1, education="初中", remarks={"备注": "会唱歌"}, available_from=date(2026, 12, 1))])
    [outcome] = store([draft(1, phone=None, skills_text=None, min_wage=None, remarks={"民情": "好"})])
    assert outcome.what == "updated"
    assert rows(
        "select education, skills_text, remarks->>'备注', remarks->>'民情', phone_index is null from workers"
    ) == [("初中", "电焊", "会唱歌", "好", False)]
    assert rows("select min_wage, available_from from intentions") == [(4001, date(2026, 12, 1))]


def test_another_number_or_home_is_taken_over(db: Connection) -> None:
    store([draft(1)])
    before = rows("select phone_index, phone_sealed, home_code from workers")
    [outcome] = store([draft(1, phone="13700000000", home=PlaceKey("520527"))])
    [(index, sealed, home)] = rows("select phone_index, phone_sealed, home_code from workers")
    assert outcome.what == "updated"
    assert (index, sealed) != before[0][:2]
    assert home == "520527"


def test_the_workers_own_word_outlasts_any_list(db: Connection) -> None:
    store([draft(1)])
    own_word("min_wage", "phone", "home_address")
    before = rows(EVERYTHING)
    [outcome] = store([draft(1, min_wage=1, phone="13700000000", home=PlaceKey("520527"), home_text="别处")])
    assert (outcome.what, set(outcome.kept)) == ("unchanged", {"min_wage", "phone", "home_address"})
    assert rows(EVERYTHING) == before
    [outcome] = store([draft(1, min_wage=1, household="H9")])
    assert (outcome.what, outcome.kept) == ("updated", ("min_wage",))
    assert rows("select household from workers") == [("H9",)]


def test_a_list_gives_consent_only_for_rows_that_state_it_and_only_once(db: Connection) -> None:
    drafts = [draft(1), draft(2, consent=False)]
    store(drafts)
    store(drafts)
    assert rows("select count(*), min(witness), min(signed_on) from consents") == [(1, "王站长", date(2026, 3, 1))]


def test_without_a_witness_a_list_gives_no_consent(db: Connection) -> None:
    store([draft(1)], witness=None)
    assert rows("select count(*) from consents") == [(0,)]


def test_a_list_never_revives_a_withdrawn_consent(db: Connection) -> None:
    store([draft(1)])
    withdraw()
    [outcome] = store([draft(1)])
    assert outcome.what == "unchanged"
    assert rows("select count(*) from consents") == [(0,)]


def test_a_statement_of_consent_alone_leaves_the_row_unchanged_whatever_became_of_it(db: Connection) -> None:
    """For who never gave one and who took it back alike: the outcome must not tell them apart."""
    never, withdrew = draft(1, consent=False), draft(2)
    store([never, withdrew])
    withdraw()
    assert became(store([draft(1), draft(2)])) == {"unchanged": 2}
    assert rows("select version from workers") == [(1,), (1,)]
    assert rows("select count(*) from consents") == [(1,)]


def test_a_list_never_touches_another_stations_workers(db: Connection) -> None:
    store([draft(1)])
    before = rows(EVERYTHING)
    [theirs] = store([draft(1, name="李四", min_wage=9)], "other_station")
    assert theirs.what == "new"
    assert rows(EVERYTHING) == before
    assert rows("select name from workers", "other_station") == [("李四",)]


def test_who_is_no_station_stores_no_workers(db: Connection) -> None:
    with pytest.raises(NotAllowed):
        store([draft(1)], "employer")


def test_one_id_number_twice_in_a_call_is_a_mistake_of_the_caller(db: Connection) -> None:
    with pytest.raises(ValueError, match="two drafts"):
        store([draft(1), draft(1)])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(st.tuples(st.integers(0, 8), st.integers(1, 3)), unique_by=lambda pair: pair[0]),
    second=st.lists(st.tuples(st.integers(0, 8), st.integers(1, 3)), unique_by=lambda pair: pair[0]),
)
def test_an_outcome_says_what_storing_did(
    db: Connection, first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    """Whatever two lists hold: new, updated and unchanged follow from comparing them, and again from what is there."""
    point = db.begin_nested()
    store([draft(n, min_wage=wage, consent=False) for n, wage in first])
    outcomes = store([draft(n, min_wage=wage, consent=False) for n, wage in second])
    known = dict(first)
    expected = ["new" if n not in known else "unchanged" if known[n] == wage else "updated" for n, wage in second]
    assert [outcome.what for outcome in outcomes] == expected
    assert rows("select count(*) from workers") == [(len(known | dict(second)),)]
    point.rollback()
