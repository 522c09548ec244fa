"""Storing a list's vacancies: which are the same ones, what changes, what a list may never do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from app.db.base import today
from app.db.transaction import read, write
from app.errors import NotAllowed
from app.vacancies.drafts import Outcome, VacancyDraft
from app.vacancies.store import STANDS, store_vacancies
from tests import people
from tests.vacancies.invented import draft

EVERYTHING = "select v, c from vacancies v join vacancy_contacts c on c.vacancy_id = v.id order by v.seq"


def store(drafts: list[VacancyDraft], who: str = "employer") -> list[Outcome]:
    with write(people.actor(who)) as tx:
        return store_vacancies(tx, drafts)


def became(outcomes: list[Outcome]) -> dict[str, int]:
    return dict(Counter(outcome.what for outcome in outcomes))


def rows(query: str, who: str = "employer") -> list[tuple[object, ...]]:
    with read(people.actor(who)) as tx:
        return [tuple(row) for row in tx.session.execute(text(query))]


def change(assignments: str) -> None:
    with write(people.actor("employer")) as tx:
        tx.session.execute(text(f"update vacancies set {assignments}"))


def test_the_same_list_twice_changes_nothing(db: Connection) -> None:
    drafts = [draft(n) for n in range(30)]
    first = store(drafts)
    before = rows(EVERYTHING)
    again = store(drafts)
    assert (became(first), became(again)) == ({"new": 30}, {"unchanged": 30})
    assert [o.vacancy_id for o in again] == [o.vacancy_id for o in first]
    assert rows(EVERYTHING) == before


def test_ten_thousand_vacancies_are_numbered_in_the_order_of_the_list(db: Connection) -> None:
    drafts = [draft(n) for n in range(10_020)]
    assert became(store(drafts)) == {"new": 10_020}
    assert [title for (title,) in rows("select title from vacancies order by seq")] == [d.title for d in drafts]
    changed = [replace(d, headcount=9) if n == 10_010 else d for n, d in enumerate(drafts)]
    assert became(store(changed)) == {"unchanged": 10_019, "updated": 1}
    assert rows("select count(*) from vacancies where version = 2") == [(1,)]


def test_the_same_words_twice_in_a_list_are_two_vacancies_and_stay_these_two(db: Connection) -> None:
    first = store([draft(1), draft(1, headcount=8), draft(2)])
    second = store([draft(1, headcount=6), draft(1, headcount=8), draft(2)])
    assert [o.vacancy_id for o in second] == [o.vacancy_id for o in first]
    assert [o.what for o in second] == ["updated", "unchanged", "unchanged"]


def test_a_reference_makes_it_the_same_vacancy_under_any_title(db: Connection) -> None:
    [first] = store([draft(1, external_ref="HR-1")])
    [second] = store([draft(2, external_ref="HR-1")])
    assert (second.what, second.vacancy_id) == ("updated", first.vacancy_id)


def test_three_jobs_under_one_reference_are_three_vacancies(db: Connection) -> None:
    drafts = [draft(n, external_ref="HR-1") for n in range(3)]
    first = store(drafts)
    assert len({o.vacancy_id for o in first}) == 3
    assert became(store(drafts)) == {"unchanged": 3}


def test_layout_of_the_words_does_not_make_another_vacancy(db: Connection) -> None:
    store([draft(1, title="电焊工 A班")])
    assert became(store([draft(1, title="电焊工Ａ班")])) == {"updated": 1}
    assert rows("select count(*) from vacancies") == [(1,)]


def test_a_blank_keeps_what_is_known(db: Connection) -> None:
    store([draft(1, lodging=True, age_min=18, age_max=50, remarks={"备注": "夜班"})])
    assert became(store([draft(1, contact=None, phone=None)])) == {"unchanged": 1}
    assert became(store([draft(1, age_max=45)])) == {"updated": 1}
    assert rows("select lodging, age_min, age_max, remarks->>'备注' from vacancies") == [(True, None, 45, "夜班")]
    assert rows("select name, phone_sealed is not null from vacancy_contacts") == [("王经理", True)]


def test_another_contact_is_taken_over(db: Connection) -> None:
    store([draft(1)])
    assert became(store([draft(1, contact="李经理")])) == {"updated": 1}
    assert became(store([draft(1, contact="李经理", phone="13900000000")])) == {"updated": 1}
    assert became(store([draft(1, contact="李经理", phone="13900000000")])) == {"unchanged": 1}


def test_a_vacancy_without_a_last_day_stands_thirty_days_and_is_renewed_when_posted_after_them(db: Connection) -> None:
    store([draft(1)])
    assert rows("select valid_until from vacancies") == [(today() + STANDS,)]
    change("valid_until = valid_until - 10")
    assert became(store([draft(1)])) == {"unchanged": 1}
    change("valid_until = current_date - 1")
    assert became(store([draft(1)])) == {"updated": 1}
    assert rows("select valid_until from vacancies") == [(today() + STANDS,)]
    day = today() + timedelta(days=3)
    assert became(store([draft(1, valid_until=day)])) == {"updated": 1}


def test_what_its_poster_closed_stays_closed(db: Connection) -> None:
    store([draft(1)])
    change("state = 'closed', closed_at = now()")
    assert became(store([draft(1)])) == {"unchanged": 1}
    assert rows("select state from vacancies") == [("closed",)]


def test_headcount_stays_when_more_places_are_taken(db: Connection) -> None:
    store([draft(1, headcount=5)])
    change("filled = 4")
    [outcome] = store([draft(1, headcount=3)])
    assert (outcome.what, outcome.kept) == ("unchanged", ("headcount",))
    assert rows("select headcount, filled from vacancies") == [(5, 4)]


def test_a_list_never_touches_another_posters_vacancies(db: Connection) -> None:
    store([draft(1, external_ref="HR-1")])
    before = rows(EVERYTHING)
    assert became(store([draft(1, external_ref="HR-1", headcount=99)], "other_employer")) == {"new": 1}
    assert rows(EVERYTHING) == before


def test_who_posts_nothing_stores_nothing(db: Connection) -> None:
    with pytest.raises(NotAllowed):
        store([draft(1)], "auditor")
