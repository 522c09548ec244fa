"""A worker's own jobs over HTTP: the station's way, sent once, and said in plain words when there are few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Connection, func, select, update

from app.actor import Actor
from app.db.transaction import read, write
from app.main import create_app
from app.suggestions import me
from app.suggestions.market import LiveMarket
from app.suggestions.model import Suggestion
from app.suggestions.snapshot import Snapshot
from app.vacancies.model import Vacancy
from app.vacancies.store import store_vacancies
from app.workers.model import Intention
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients, of
from tests.vacancies.invented import draft as job
from tests.workers.own_door import actions, client_of, entered, shown

__all__ = ["of"]

WELDER = {"occupations": ("O054",), "skills": (), "certificates_text": "焊工证", "certificates": ("welding",)}
MINE = "/v1/me/suggestions"


class PinnedMarket(LiveMarket):
    """A market that stays as it is until it is told to look, as the real one does while it hears nothing."""

    def __init__(self) -> None:
        super().__init__(listens=False)
        self.pinned: Snapshot | None = None

    def current(self) -> Snapshot:
        """The pinned snapshot."""
        if self.pinned is None:
            self.pinned = super().current()
        return self.pinned


@pytest.fixture
def app() -> FastAPI:
    """The service with the rooms of workers and suggestions, and a market of its own."""
    made = create_app(rooms=("places", "workers", "vacancies", "suggestions"))
    made.state.market = PinnedMarket()
    return made


def jobs(*stated: dict[str, Any]) -> list[UUID]:
    with write(people.actor("destination")) as tx:
        drafts = [job(n, **{"employer": f"示例{n}厂"} | one) for n, one in enumerate(stated)]
        return [one.vacancy_id for one in store_vacancies(tx, drafts)]


def change(vacancy: UUID, **values: Any) -> None:
    with write(people.actor("destination")) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == vacancy).values(**values))


def welder(n: int = 1, **stated: Any) -> UUID:
    return entered(n, **(WELDER | {"min_wage": 4000} | stated))


def again(client: TestClient, first: Response, address: str = MINE) -> Response:
    return client.get(address, headers={"If-None-Match": first.headers["etag"]})


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The workers for whom a search was made, in order."""
    made: list[UUID] = []
    search: Callable[..., Any] = me.offers_to

    def counted(tx: Any, market: Any, worker: Any, **asked: Any) -> Any:
        made.append(worker.id)
        return search(tx, market, worker, **asked)

    monkeypatch.setattr(me, "offers_to", counted)
    return made


def test_the_worker_gets_what_the_station_reads_out(of: Clients, app: FastAPI) -> None:
    jobs({}, {"wage_lo": 5600, "wage_hi": 5600}, {"wage_lo": 5900, "wage_hi": 5900})
    worker = welder()
    mine = client_of(app, worker).get(MINE)
    assert mine.status_code == 200, mine.text
    stations = of("station").get(f"/v1/workers/{shown(worker)}/suggestions").json()
    found = mine.json()
    assert found.pop("in_words") is None
    assert found == stations
    assert len(found["items"]) == 3
    assert mine.headers["cache-control"] == "private, no-cache"


def test_only_a_worker_has_own_jobs(of: Clients) -> None:
    assert {of(role).get(MINE).status_code for role in people.PEOPLE} == {403}


def test_a_reading_of_ones_own_is_nobodys_look(db: Connection, app: FastAPI) -> None:
    jobs({})
    worker = welder()
    client_of(app, worker).get(MINE)
    assert actions(worker) == []


def test_an_answer_the_phone_has_is_not_sent_again_and_not_searched_for(
    db: Connection, app: FastAPI, searches: list[UUID]
) -> None:
    jobs({}, {}, {})
    mine = client_of(app, welder())
    first = mine.get(MINE)
    assert again(mine, first).status_code == 304  # the set was kept meanwhile: looked for once more
    made = len(searches)
    unchanged = again(mine, first)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]
    assert unchanged.headers["cache-control"] == "private, no-cache"
    assert len(searches) == made


@pytest.mark.parametrize("what", ["wish", "vacancy", "openings", "market"])
def test_whatever_the_answer_is_made_of_changed_is_searched_for(
    db: Connection, app: FastAPI, searches: list[UUID], what: str
) -> None:
    first_job, *_ = jobs({}, {}, {})
    worker = welder()
    mine = client_of(app, worker)
    first = mine.get(MINE)
    again(mine, first)
    made = len(searches)
    match what:
        case "wish":
            with write(people.actor("station")) as tx:
                tx.session.execute(update(Intention).where(Intention.worker_id == worker).values(min_wage=4500))
        case "vacancy":
            change(first_job, state="closed")
        case "openings":
            change(first_job, filled=2)
        case "market":
            app.state.market.pinned = None
    answer = again(mine, first)
    assert len(searches) == made + 1
    assert answer.status_code == (304 if what == "market" else 200)


def test_a_filled_job_is_gone_from_the_next_answer(db: Connection, app: FastAPI) -> None:
    gone, *_ = jobs({}, {}, {})
    mine = client_of(app, welder())
    first = mine.get(MINE)
    change(gone, filled=5)
    left = again(mine, first).json()["items"]
    assert f"v_{gone.hex}" not in {item["vacancy"]["id"] for item in left}


def test_another_language_or_limit_is_another_answer(db: Connection, app: FastAPI) -> None:
    jobs({}, {}, {})
    mine = client_of(app, welder())
    first = mine.get(MINE)
    again(mine, first)
    tag = {"If-None-Match": first.headers["etag"]}
    assert mine.get(MINE, headers=tag | {"Accept-Language": "en"}).status_code == 200
    assert mine.get(MINE + "?limit=1", headers=tag).status_code == 200


def test_another_workers_tag_is_worth_nothing(db: Connection, app: FastAPI) -> None:
    jobs({}, {}, {})
    one, other = client_of(app, welder(1)), client_of(app, welder(2))
    first = one.get(MINE)
    again(one, first)
    assert again(other, first).status_code == 200


@pytest.mark.parametrize("limit", [0, 21])
def test_at_most_twenty_are_asked_for(db: Connection, app: FastAPI, limit: int) -> None:
    assert client_of(app, welder()).get(f"{MINE}?limit={limit}").status_code == 422


def test_few_jobs_are_explained_in_plain_words(db: Connection, app: FastAPI) -> None:
    jobs(*({"wage_lo": 3800, "wage_hi": 3800} for _ in range(12)), {"wage_lo": 9000, "wage_hi": 9000})
    mine = client_of(app, welder(min_wage=4500))
    words = mine.get(MINE).json()["in_words"]
    assert words.startswith("比想要的少 2 个。")
    assert "另有 12 个因为您要的最低工资不合（若 3800 元也可以，多 12 个）。" in words
    english = mine.get(MINE, headers={"Accept-Language": "en"}).json()["in_words"]
    assert english.startswith("2 fewer than asked for.")


def test_a_withdrawal_ends_the_jobs_at_once_for_both(of: Clients, app: FastAPI) -> None:
    jobs({}, {}, {})
    worker = welder()
    mine = client_of(app, worker)
    first = mine.get(MINE)
    assert again(mine, first).status_code == 304
    mine.delete("/v1/me/consents/matching")
    for answer in (again(mine, first), of("station").get(f"/v1/workers/{shown(worker)}/suggestions")):
        assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    with read(people.actor("station")) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Suggestion)) == 0


def test_to_the_station_jobs_of_who_took_back_are_as_of_who_never_agreed(of: Clients, app: FastAPI) -> None:
    jobs({}, {}, {})
    withdrew, never = welder(1), welder(2, consent=False)
    client_of(app, withdrew).get(MINE)
    client_of(app, withdrew).delete("/v1/me/consents/matching")
    for query in ("", "?after=3", "?limit=20"):
        one, other = (of("station").get(f"/v1/workers/{shown(w)}/suggestions{query}") for w in (withdrew, never))
        assert (one.status_code, one.content) == (other.status_code, other.content)
        assert one.headers.get("etag") == other.headers.get("etag")


def test_agreeing_again_brings_the_jobs_back(db: Connection, app: FastAPI) -> None:
    jobs({}, {}, {})
    mine = client_of(app, welder())
    first = mine.get(MINE)
    mine.delete("/v1/me/consents/matching")
    mine.post("/v1/me/consents", json={})
    assert mine.get(MINE).json()["items"] == first.json()["items"]


def test_who_asks_for_three_takes_nothing_from_who_asked_for_twenty(of: Clients, app: FastAPI) -> None:
    jobs(*({"wage_lo": 5000 + 100 * n, "wage_hi": 5000 + 100 * n} for n in range(6)))
    worker = welder()
    mine = client_of(app, worker)
    assert len(mine.get(f"{MINE}?limit=6").json()["items"]) == 6
    of("station").get(f"/v1/workers/{shown(worker)}/suggestions")
    with read(Actor(people.actor("station").role, people.actor("station").organisation_id)) as tx:
        assert tx.session.scalar(select(func.count()).where(Suggestion.current)) == 6
