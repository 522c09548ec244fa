"""Who puts offers on the market at once, who decides on the others, and that each is confirmed every month."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import ProgrammingError

from app.actor import Actor, Role
from app.db.base import today
from app.db.transaction import own, read, write
from app.identity.model import Organisation, Token
from app.identity.uscc import check_character
from app.places.queries import PlaceKey
from app.vacancies.model import Vacancy
from app.vacancies.store import store_vacancies
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients
from tests.vacancies.invented import draft, form

EMPLOYER = people.actor("employer")
USCC_NEW = "91440106MA5TE5T99" + check_character("91440106MA5TE5T99")


def post(client: TestClient, **stated: Any) -> dict[str, Any]:
    answer = client.post("/v1/vacancies", json=form(**stated))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


OWN_NAME = "示例新厂"
NEWCOMER = people.organisation_id("employer", OWN_NAME)


@pytest.fixture
def newcomer(db: Connection, app: FastAPI) -> TestClient:
    """An employer of whom nobody has approved anything yet; it stays in this process's database."""
    with own() as session:
        if session.get(Organisation, NEWCOMER) is None:
            session.add(Organisation(id=NEWCOMER, kind="employer", name=OWN_NAME))
            session.flush()
            hashed = hashlib.sha256(b"ew_test_newcomer").digest()
            session.add(Token(hash=hashed, role="employer", organisation_id=NEWCOMER, expires_at=people.FAR))
    return TestClient(app, headers={"Authorization": "Bearer ew_test_newcomer"})


def standing(db: Connection) -> Organisation:
    with read(Actor(Role.EMPLOYER, NEWCOMER)) as tx:
        return tx.session.get_one(Organisation, NEWCOMER)


def waiting(client: TestClient) -> list[str]:
    answer = client.get("/v1/vacancies", params={"state": "pending"})
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def age(vacancy: str, days: int, who: str = "employer") -> None:
    """As if it had been confirmed so many days ago."""
    with write(people.actor(who)) as tx:
        tx.session.execute(
            text(
                "update vacancies set confirmed_at = now() - make_interval(days => :days) where id = cast(:id as uuid)"
            ),
            {"days": days, "id": vacancy[2:]},
        )


def test_a_new_employers_first_offer_waits_and_is_seen_by_the_place_of_work_alone(
    newcomer: TestClient, of: Clients
) -> None:
    posted = post(newcomer, employer=OWN_NAME, uscc=USCC_NEW)
    assert posted["state"] == "pending"
    assert waiting(of("destination")) == [posted["id"]]
    assert waiting(of("coordinator")) == []
    address = f"/v1/vacancies/{posted['id']}"
    assert newcomer.get(address).status_code == of("destination").get(address).status_code == 200
    for who in ("station", "coordinator", "employer", "auditor"):
        assert of(who).get(address).status_code == 404
    assert of("station").get("/v1/vacancies").json()["items"] == []


def test_with_its_first_offer_the_employer_is_approved_and_the_next_stand_at_once(
    newcomer: TestClient, of: Clients, db: Connection
) -> None:
    first = post(newcomer, employer=OWN_NAME, uscc=USCC_NEW)["id"]
    second = post(newcomer, employer=OWN_NAME, title="装配工")["id"]
    answer = of("destination").post(f"/v1/vacancies/{first}/approve")
    assert (answer.status_code, answer.json()) == (200, {"id": first, "state": "open", "reason": None})
    assert waiting(of("destination")) == [second]
    assert post(newcomer, employer=OWN_NAME, title="包装工")["state"] == "open"
    employer = standing(db)
    assert (employer.uscc, employer.approved_by) == (USCC_NEW, people.actor("destination").organisation_id)
    assert employer.approved_at is not None
    again = of("destination").post(f"/v1/vacancies/{first}/approve")
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")


def test_without_a_code_each_offer_waits_and_the_employer_stays_unverified(
    newcomer: TestClient, of: Clients, db: Connection
) -> None:
    first = post(newcomer, employer=OWN_NAME)["id"]
    assert of("destination").post(f"/v1/vacancies/{first}/approve").status_code == 200
    assert newcomer.get(f"/v1/vacancies/{first}").json()["state"] == "open"
    assert (standing(db).approved_at, standing(db).uscc) == (None, None)
    assert post(newcomer, employer=OWN_NAME, title="装配工")["state"] == "pending"


def test_another_employers_code_approves_nobody(newcomer: TestClient, of: Clients, db: Connection) -> None:
    first = post(newcomer, employer=OWN_NAME, uscc=people.USCC["示例电子（东莞）有限公司"])["id"]
    assert of("destination").post(f"/v1/vacancies/{first}/approve").status_code == 200
    assert (standing(db).approved_at, standing(db).uscc) == (None, None)


def test_an_approved_employers_offer_in_anothers_name_waits_company_by_company(of: Clients) -> None:
    employer, office = of("employer"), of("destination")
    first, same, other = (
        post(employer, employer=name, title=title)
        for name, title in (("别家电子厂", "普工"), ("别家电子厂", "焊工"), ("第三家厂", "普工"))
    )
    assert {one["state"] for one in (first, same, other)} == {"pending"}
    assert first["recruiter"] == people.PEOPLE["employer"][2]
    office.post(f"/v1/vacancies/{first['id']}/approve")
    assert post(employer, employer="别家电子厂", title="包装工")["state"] == "open"
    assert employer.patch(f"/v1/vacancies/{other['id']}", json={"wage_max": 9000}).json()["state"] == "pending"
    assert of("station").get(f"/v1/vacancies/{first['id']}").json()["recruiter"] == people.PEOPLE["employer"][2]


def test_what_was_approved_for_one_company_is_not_approved_for_the_next(of: Clients) -> None:
    employer = of("employer")
    posted = post(employer, employer="别家电子厂")["id"]
    of("destination").post(f"/v1/vacancies/{posted}/approve")
    assert employer.patch(f"/v1/vacancies/{posted}", json={"employer": "第三家厂"}).json()["state"] == "pending"
    assert post(employer, employer="第三家厂", title="包装工")["state"] == "pending"


@pytest.mark.parametrize("name", ["示例电子(东莞)有限公司", "示例电子（东莞） 有限公司"])
def test_ones_own_name_is_ones_own_however_it_is_typed(of: Clients, name: str) -> None:
    posted = post(of("employer"), employer=name)
    assert (posted["state"], posted["recruiter"]) == ("open", None)


def test_the_own_name_with_anothers_code_waits(of: Clients) -> None:
    assert post(of("employer"), uscc=USCC_NEW)["state"] == "pending"


def test_an_offer_for_another_company_does_not_make_its_code_the_posters(
    newcomer: TestClient, of: Clients, db: Connection
) -> None:
    first = post(newcomer, employer="别家电子厂", uscc=USCC_NEW)["id"]
    assert of("destination").post(f"/v1/vacancies/{first}/approve").status_code == 200
    assert (standing(db).approved_at, standing(db).uscc) == (None, None)


@pytest.mark.parametrize("claimed", [{"state": "open"}, {"decided_at": text("now()")}])
def test_the_database_lets_no_employer_decide_for_another_company(of: Clients, claimed: dict[str, Any]) -> None:
    posted = post(of("employer"), employer="别家电子厂")["id"]
    with pytest.raises(ProgrammingError, match=r"waits for approval|office's to make"), write(EMPLOYER) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == UUID(posted[2:])).values(**claimed))


def test_a_refused_offer_says_why_and_asks_again_when_it_is_corrected(newcomer: TestClient, of: Clients) -> None:
    posted = post(newcomer, employer=OWN_NAME)["id"]
    address = f"/v1/vacancies/{posted}"
    refused = of("destination").post(f"{address}/refuse", json={"reason": "not_true"})
    assert (refused.status_code, refused.json()["state"]) == (200, "refused")
    seen = newcomer.get(address).json()
    assert (seen["state"], seen["refusal"]) == ("refused", "not_true")
    assert of("destination").get(address).status_code == 404
    assert newcomer.post(f"{address}/confirm").json()["code"] == "vacancy_ended"
    assert newcomer.patch(address, json={"wage_max": 9000}).json()["state"] == "pending"
    assert waiting(of("destination")) == [posted]
    assert of("destination").post(f"{address}/refuse", json={"reason": "no idea"}).status_code == 422


def test_what_an_unapproved_employer_changes_afterwards_waits_again(newcomer: TestClient, of: Clients) -> None:
    address = f"/v1/vacancies/{post(newcomer, employer=OWN_NAME)['id']}"
    of("destination").post(f"{address}/approve")
    assert newcomer.patch(address, json={"title": "普工"}).json()["state"] == "pending"


@pytest.mark.parametrize("who", ["station", "head", "employer", "auditor", "operator"])
def test_only_the_receiving_side_decides(newcomer: TestClient, of: Clients, who: str) -> None:
    address = f"/v1/vacancies/{post(newcomer, employer=OWN_NAME)['id']}"
    assert of(who).post(f"{address}/approve").status_code == 403
    assert of(who).post(f"{address}/refuse", json={"reason": "not_true"}).status_code == 403
    assert of(who).get("/v1/vacancies", params={"state": "pending"}).status_code == 403


def test_an_offer_elsewhere_is_as_absent_to_who_decides(newcomer: TestClient, of: Clients) -> None:
    posted = post(newcomer, employer=OWN_NAME)["id"]
    foreign = of("coordinator").post(f"/v1/vacancies/{posted}/approve")
    absent = of("coordinator").post("/v1/vacancies/v_" + "0" * 32 + "/approve")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_what_an_office_stores_for_its_province_stands_and_elsewhere_waits(of: Clients) -> None:
    assert post(of("destination"), workplace="广东省佛山市顺德区")["state"] == "open"
    assert post(of("station"), workplace="贵州省贵阳市南明区")["state"] == "open"
    away = post(of("station"))
    assert away["state"] == "pending"
    assert waiting(of("destination")) == [away["id"]]
    assert of("destination").post(f"/v1/vacancies/{away['id']}/approve").json()["state"] == "open"


def test_a_list_follows_the_same_rule(db: Connection, actors: dict[str, Actor]) -> None:
    home, away = draft(1, workplace=PlaceKey("520526")), draft(2)
    with write(actors["station"]) as tx:
        ids = [one.vacancy_id for one in store_vacancies(tx, [home, away])]
        found = tx.session.execute(select(Vacancy.id, Vacancy.state).where(Vacancy.id.in_(ids)))
        assert dict(found.all()) == {ids[0]: "open", ids[1]: "pending"}


def test_moving_an_offer_out_of_the_province_makes_it_wait(of: Clients) -> None:
    destination = of("destination")
    address = f"/v1/vacancies/{post(destination)['id']}"
    assert destination.patch(address, json={"workplace": "贵州省毕节市威宁县"}).json()["state"] == "pending"
    assert destination.patch(address, json={"workplace": "广东省广州市天河区"}).json()["state"] == "open"


def test_the_database_keeps_who_is_not_trusted_waiting(newcomer: TestClient) -> None:
    posted = post(newcomer, employer=OWN_NAME)["id"]
    with pytest.raises(ProgrammingError, match="waits for approval"), write(Actor(Role.EMPLOYER, NEWCOMER)) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == UUID(posted[2:])).values(state="open"))


def test_an_offer_leaves_the_market_after_thirty_days_and_comes_back_when_confirmed(of: Clients) -> None:
    employer, station = of("employer"), of("station")
    posted = post(employer, valid_until=str(today() + timedelta(days=200)))
    address = f"/v1/vacancies/{posted['id']}"
    assert (posted["confirm_by"], posted["stale"]) == (str(today() + timedelta(days=30)), False)
    age(posted["id"], 24)
    assert employer.get(address).json()["stale"] is False
    age(posted["id"], 25)
    assert employer.get(address).json()["stale"] is True
    assert station.get(address).json()["stale"] is False
    assert len(station.get("/v1/vacancies").json()["items"]) == 1
    age(posted["id"], 30)
    assert station.get("/v1/vacancies").json()["items"] == []
    confirmed = employer.post(f"{address}/confirm")
    assert (confirmed.status_code, confirmed.json()["stale"]) == (200, False)
    assert confirmed.json()["valid_until"] == posted["valid_until"]
    assert len(station.get("/v1/vacancies").json()["items"]) == 1


def test_a_last_day_nobody_gave_moves_on_with_the_confirmation(of: Clients) -> None:
    employer = of("employer")
    posted = post(employer)["id"]
    with write(people.actor("employer")) as tx:
        tx.session.execute(text("update vacancies set valid_until = current_date - 10"))
    age(posted, 40)
    answer = employer.post(f"/v1/vacancies/{posted}/confirm")
    assert answer.json()["valid_until"] == str(today() + timedelta(days=30))


def test_what_has_ended_is_not_confirmed(of: Clients) -> None:
    employer = of("employer")
    closed, over = post(employer)["id"], post(employer, title="装配工", valid_until=str(today()))["id"]
    employer.post(f"/v1/vacancies/{closed}/close")
    with write(people.actor("employer")) as tx:
        tx.session.execute(text("update vacancies set valid_until = current_date - 1 where title = '装配工'"))
    for one in (closed, over):
        answer = employer.post(f"/v1/vacancies/{one}/confirm")
        assert (answer.status_code, answer.json()["code"]) == (409, "vacancy_ended")


def test_nobody_confirms_anothers_offer(of: Clients) -> None:
    posted = post(of("employer"))["id"]
    assert of("station").post(f"/v1/vacancies/{posted}/confirm").status_code == 403
    assert of("other_employer").post(f"/v1/vacancies/{posted}/confirm").status_code == 404


def test_a_list_that_names_an_offer_again_confirms_it_and_the_same_list_on_one_day_touches_nothing(
    db: Connection, actors: dict[str, Actor]
) -> None:
    def store() -> tuple[str, Any, int]:
        with write(actors["destination"]) as tx:
            [outcome] = store_vacancies(tx, [draft(1)])
        with read(actors["destination"]) as tx:
            row = tx.session.get_one(Vacancy, outcome.vacancy_id)
            return outcome.what, row.confirmed_at, row.version

    _, first, version = store()
    assert store() == ("unchanged", first, version)
    with write(actors["destination"]) as tx:
        tx.session.execute(text("update vacancies set confirmed_at = now() - interval '29 days'"))
    assert store() == ("unchanged", first, version)


def test_ones_own_are_found_by_state(newcomer: TestClient) -> None:
    first = post(newcomer, employer=OWN_NAME)["id"]
    second = post(newcomer, employer=OWN_NAME, title="装配工")["id"]
    newcomer.post(f"/v1/vacancies/{first}/close")

    def found(state: str) -> list[str]:
        answer = newcomer.get("/v1/vacancies", params={"mine": True, "state": state})
        return [one["id"] for one in answer.json()["items"]]

    assert (found("pending"), found("closed"), found("open")) == ([second], [first], [])
    assert newcomer.get("/v1/vacancies", params={"state": "closed"}).status_code == 422


def test_a_closed_offer_is_opened_again_and_no_other(of: Clients) -> None:
    employer = of("employer")
    address = f"/v1/vacancies/{post(employer)['id']}"
    assert employer.post(f"{address}/reopen").json()["code"] == "not_closed"
    employer.post(f"{address}/close")
    with write(EMPLOYER) as tx:
        tx.session.execute(text("update vacancies set valid_until = current_date - 1"))
    opened = employer.post(f"{address}/reopen").json()
    assert (opened["state"], opened["valid_until"]) == ("open", str(today() + timedelta(days=30)))
    assert len(of("station").get("/v1/vacancies").json()["items"]) == 1


def test_a_closed_offer_for_another_company_waits_again(of: Clients) -> None:
    employer = of("employer")
    address = f"/v1/vacancies/{post(employer, employer='别家电子厂')['id']}"
    employer.post(f"{address}/close")
    assert employer.post(f"{address}/reopen").json()["state"] == "pending"
