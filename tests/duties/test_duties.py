"""What offices owe follows from their clocks; a person's attributes and answers change no colour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app.actor import Actor
from app.db.base import today
from app.db.transaction import write
from app.suggestions.market import LiveMarket
from app.suggestions.usecases import suggest_vacancies
from app.workers.store import store_workers
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients
from tests.suggestions.test_three_jobs import WELDER, jobs_of
from tests.vacancies.invented import form
from tests.workers.invented import draft as somebody


def duties(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/duties", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def post(client: TestClient, **stated: Any) -> str:
    answer = client.post("/v1/vacancies", json=form(valid_until=str(today() + timedelta(days=300)), **stated))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def age(vacancy: str, days: int, column: str, who: str) -> None:
    with write(people.actor(who)) as tx:
        statement = f"update vacancies set {column} = now() - make_interval(days => :days) where id = :id"
        tx.session.execute(text(statement), {"days": days, "id": UUID(vacancy[2:])})


@pytest.mark.parametrize(
    ("days", "colour"), [(24, None), (25, "green"), (28, "yellow"), (31, "orange"), (35, "orange"), (36, "red")]
)
def test_a_poster_owes_the_confirmation_of_its_offers(of: Clients, days: int, colour: str | None) -> None:
    posted = post(of("destination"))
    age(posted, days, "confirmed_at", "destination")
    found = duties(of("destination"), kind="confirm_vacancy")
    assert [(one["subject"], one["colour"], one["days_overdue"]) for one in found] == (
        [(posted, colour, days - 30)] if colour else []
    )
    assert duties(of("station")) == []


def test_confirming_ends_it(of: Clients) -> None:
    posted = post(of("destination"))
    age(posted, 40, "confirmed_at", "destination")
    assert len(duties(of("destination"))) == 1
    of("destination").post(f"/v1/vacancies/{posted}/confirm")
    assert duties(of("destination")) == []


def test_the_office_of_the_place_of_work_owes_a_decision(of: Clients) -> None:
    posted = post(of("station"))
    [owed] = duties(of("destination"))
    assert (owed["kind"], owed["subject"], owed["due"]) == (
        "decide_vacancy",
        posted,
        str(today() + timedelta(days=3)),
    )
    assert owed["title"] == "电焊工"
    assert duties(of("coordinator")) == []
    of("destination").post(f"/v1/vacancies/{posted}/approve")
    assert duties(of("destination")) == []


def worker(actors: dict[str, Actor], n: int = 1, **stated: Any) -> UUID:
    with write(actors["station"]) as tx:
        return store_workers(tx, [somebody(n, **stated)], witness="经办人")[0].worker_id


def test_the_station_owes_the_first_three_from_the_day_of_consent(
    db: Connection, of: Clients, actors: dict[str, Actor]
) -> None:
    one = worker(actors, **WELDER, min_wage=4000)
    assert duties(of("station")) == []  # due in seven days: listed from five days before
    with write(actors["station"]) as tx:
        assert tx.session.scalar(text("select worker_id from app.waiting_for_first_three()")) == one
    jobs_of(actors, {})
    with write(actors["station"]) as tx:
        suggest_vacancies(tx, LiveMarket(listens=False), one)
    with write(actors["station"]) as tx:
        assert tx.session.execute(text("select worker_id from app.waiting_for_first_three()")).all() == []


def test_without_consent_nothing_is_owed(db: Connection, actors: dict[str, Actor]) -> None:
    worker(actors, consent=False)
    with write(actors["station"]) as tx:
        assert tx.session.execute(text("select worker_id from app.waiting_for_first_three()")).all() == []


@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stated=st.fixed_dictionaries(
        {},
        optional={
            "min_wage": st.sampled_from([None, 2000, 9000]),
            "education": st.sampled_from(["小学", "初中", "大专"]),
            "willing_to_go_out": st.sampled_from([True, False]),
            "labour_ability": st.sampled_from(["普通劳动力", "弱劳动力"]),
            "name": st.sampled_from(["张三", "买买提", "李女士"]),
        },
    )
)
def test_no_attribute_of_a_worker_changes_what_is_owed(
    db: Connection, actors: dict[str, Actor], stated: dict[str, Any]
) -> None:
    with db.begin_nested() as undone:
        worker(actors, 77, **stated)
        with write(actors["station"]) as tx:
            [row] = tx.session.execute(text("select since = now() from app.waiting_for_first_three()")).all()
            assert row[0] is True
        undone.rollback()


@pytest.mark.parametrize("who", ["employer", "operator"])
def test_duties_are_the_offices(of: Clients, who: str) -> None:
    assert of(who).get("/v1/duties").status_code == 403
    assert of(who).get("/v1/duties/offices").status_code == 403


def test_a_coordinator_sees_numbers_by_office_and_no_rows(
    db: Connection, of: Clients, actors: dict[str, Actor]
) -> None:
    posted = post(of("station"), workplace="贵州省毕节市威宁县")
    age(posted, 33, "confirmed_at", "station")
    waiting = post(of("station"), workplace="贵州省毕节市七星关区", title="装配工")
    age(waiting, 29, "confirmed_at", "station")
    [office] = of("coordinator").get("/v1/duties/offices").json()["items"]
    assert office["name"] == "威宁县劳务工作站"
    assert sorted((one["kind"], one["colour"], one["number"]) for one in office["counts"]) == [
        ("confirm_vacancy", "orange", 1),
        ("confirm_vacancy", "yellow", 1),
    ]
    assert duties(of("coordinator")) == []
    assert of("station").get("/v1/duties/offices").status_code == 403


def test_the_auditor_sees_every_offices(of: Clients) -> None:
    posted = post(of("destination"))
    age(posted, 33, "confirmed_at", "destination")
    [one] = duties(of("auditor"))
    assert one["subject"] == posted


def test_they_page_and_are_found_by_colour(of: Clients) -> None:
    for n, days in enumerate((26, 29, 31, 33, 40, 50)):
        age(post(of("destination"), title=f"电焊工{n}"), days, "confirmed_at", "destination")
    every = [one["subject"] for one in duties(of("destination"))]
    first = of("destination").get("/v1/duties", params={"limit": 4}).json()
    rest = of("destination").get("/v1/duties", params={"limit": 4, "cursor": first["next"]}).json()
    assert [one["subject"] for one in (*first["items"], *rest["items"])] == every
    assert rest["next"] is None
    colours = {colour: len(duties(of("destination"), colour=colour)) for colour in ("red", "orange", "yellow", "green")}
    assert colours == {"red": 2, "orange": 2, "yellow": 1, "green": 1}
