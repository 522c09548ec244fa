"""A worker's three jobs: live, distinct, explained, and what is said when there are fewer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from app.actor import Actor, Role
from app.db.base import today
from app.db.transaction import read, write
from app.errors import ConsentMissing, NotAllowed, NotFound
from app.identity.audit import AuditEntry
from app.suggestions.market import LiveMarket
from app.suggestions.model import Suggestion
from app.suggestions.schemas import SuggestionsOut
from app.suggestions.usecases import Offers, suggest_vacancies
from app.vacancies.model import Vacancy
from app.vacancies.store import store_vacancies
from app.workers.store import store_workers
from tests.vacancies.invented import draft as job
from tests.workers.invented import draft as somebody

WELDER = {"occupations": ("O054",), "skills": (), "certificates_text": "焊工证", "certificates": ("welding",)}


@pytest.fixture
def station(db: Connection, actors: dict[str, Actor]) -> Actor:
    return actors["station"]


def worker_of(station: Actor, n: int = 1, **stated: Any) -> UUID:
    with write(station) as tx:
        return store_workers(tx, [somebody(n, **(WELDER | {"min_wage": 4000} | stated))], witness="经办人")[0].worker_id


def jobs_of(actors: dict[str, Actor], *stated: dict[str, Any]) -> list[UUID]:
    with write(actors["destination"]) as tx:
        drafts = [job(n, **{"employer": f"示例{n}厂"} | one) for n, one in enumerate(stated)]
        return [one.vacancy_id for one in store_vacancies(tx, drafts)]


def change(actors: dict[str, Actor], vacancy: UUID, **values: Any) -> None:
    with write(actors["destination"]) as tx:
        tx.session.execute(update(Vacancy).where(Vacancy.id == vacancy).values(**values))


def three(station: Actor, worker: UUID, **asked: int) -> Offers:
    with write(station) as tx:
        return suggest_vacancies(tx, LiveMarket(listens=False), worker, **asked)


def ids(offers: Offers) -> list[UUID]:
    return [offer.vacancy.id for offer in offers.items]


def test_the_best_paid_of_equal_jobs_comes_first(station: Actor, actors: dict[str, Actor]) -> None:
    low, high, middle = jobs_of(actors, *({"wage_lo": pay, "wage_hi": pay} for pay in (5000, 5900, 5500)))
    assert ids(three(station, worker_of(station))) == [high, middle, low]


@pytest.mark.parametrize(
    "gone",
    [
        {"state": "closed"},
        {"filled": 5},
        {"valid_until": today() - timedelta(days=1)},
    ],
    ids=["closed", "filled", "expired"],
)
def test_a_job_that_is_gone_never_appears(gone: dict[str, Any], station: Actor, actors: dict[str, Actor]) -> None:
    first, second = jobs_of(actors, {}, {})
    worker = worker_of(station)
    market = LiveMarket(listens=False)
    snapshot = market.current()
    change(actors, first, **gone)
    market.current = lambda: snapshot  # type: ignore[method-assign]  # a market that has not heard of it yet
    with write(station) as tx:
        assert ids(suggest_vacancies(tx, market, worker)) == [second]


def test_the_three_are_not_one_employers_same_job(station: Actor, actors: dict[str, Actor]) -> None:
    same = {"employer": "一家厂"}
    jobs_of(actors, same, same, same, {"employer": "另一家厂"})
    employers = [offer.vacancy.employer for offer in three(station, worker_of(station)).items]
    assert sorted(employers) == ["一家厂", "另一家厂"]


def test_reading_on_gives_the_next_ones_and_keeps_nothing(station: Actor, actors: dict[str, Actor]) -> None:
    jobs_of(actors, *({"wage_lo": 5000 + 100 * n, "wage_hi": 5000 + 100 * n} for n in range(6)))
    worker = worker_of(station)
    best = three(station, worker, top=6)
    assert ids(three(station, worker, after=3)) == ids(best)[3:]
    with read(station) as tx:
        kept = tx.session.scalars(select(Suggestion.vacancy_id).where(Suggestion.current).order_by(Suggestion.rank))
        assert list(kept) == ids(best)


def test_the_set_stands_until_something_changes(station: Actor, actors: dict[str, Actor], db: Connection) -> None:
    first, *_ = jobs_of(actors, {}, {}, {})
    worker = worker_of(station)
    one, again = three(station, worker), three(station, worker)
    assert [offer.id for offer in one.items] == [offer.id for offer in again.items]
    assert rows_of(station, worker) == 3
    change(actors, first, state="closed")
    assert first not in ids(three(station, worker))
    assert rows_of(station, worker) == 2
    assert rows_of(Actor(Role.WORKER, worker_id=worker), worker) == 3  # what is no longer current stays the worker's


def rows_of(station: Actor, worker: UUID) -> int:
    with read(station) as tx:
        return tx.session.scalar(select(func.count()).where(Suggestion.worker_id == worker)) or 0


def test_without_consent_there_is_nothing_to_suggest(station: Actor, actors: dict[str, Actor]) -> None:
    jobs_of(actors, {})
    worker = worker_of(station, consent=False)
    with pytest.raises(ConsentMissing):
        three(station, worker)
    assert rows_of(station, worker) == 0


def test_another_stations_worker_is_not_there(station: Actor, actors: dict[str, Actor]) -> None:
    worker = worker_of(station)
    with pytest.raises(NotFound):
        three(actors["other_station"], worker)
    with pytest.raises(NotAllowed):
        three(actors["employer"], worker)


def test_a_reading_is_written_down(station: Actor, actors: dict[str, Actor]) -> None:
    jobs_of(actors, {})
    worker = worker_of(station)
    three(station, worker)
    with read(actors["auditor"]) as tx:
        assert "suggestions.read" in entries_about(tx.session, worker)


def entries_about(session: Session, worker: UUID) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).where(AuditEntry.worker_id == worker)))


def test_a_shortfall_says_what_would_open(station: Actor, actors: dict[str, Actor]) -> None:
    jobs_of(actors, *({"wage_lo": 3800, "wage_hi": 3800} for _ in range(12)), {"wage_lo": 9000, "wage_hi": 9000})
    answer = SuggestionsOut.of(three(station, worker_of(station, min_wage=4500)), "zh")
    assert len(answer.items) == 1
    assert answer.shortfall is not None
    assert answer.shortfall.missing == 2
    [limit] = [one for one in answer.shortfall.limits if one.limit == "min_wage"]
    assert limit.removes == 12
    assert limit.would_open == {"min_wage": 3800, "jobs": 12}


def test_other_work_that_would_open_jobs_is_named(station: Actor, actors: dict[str, Actor]) -> None:
    cleaning, cooking = ({"title": name, "occupation": code} for name, code in (("保洁员", "O209"), ("厨师", "O186")))
    jobs_of(actors, *[cleaning] * 5, *[cooking] * 2)
    answer = SuggestionsOut.of(three(station, worker_of(station)), "zh")
    assert answer.shortfall is not None
    [limit] = [one for one in answer.shortfall.limits if one.limit == "skill"]
    assert limit.would_open == {"occupation": "O209", "name": "保洁员", "jobs": 5}
    assert limit.others == [{"occupation": "O186", "name": "中式烹调师", "jobs": 2}]


def test_welding_needs_the_statutory_certificate(station: Actor, actors: dict[str, Actor]) -> None:
    jobs_of(actors, {})
    without = worker_of(station, 2, certificates_text=None, certificates=())
    answer = SuggestionsOut.of(three(station, without), "zh")
    assert answer.items == []
    assert answer.shortfall is not None
    assert [one.limit for one in answer.shortfall.limits] == ["certificates"]


def test_every_part_says_why_in_the_readers_language(station: Actor, actors: dict[str, Actor]) -> None:
    jobs_of(actors, {})
    offers = three(station, worker_of(station))
    zh, en = (SuggestionsOut.of(offers, "zh").items[0], SuggestionsOut.of(offers, "en").items[0])
    assert zh.parts.pairing.tier == "prefecture"
    assert "毕节市—广州市" in zh.parts.pairing.why
    assert "约" in zh.parts.distance.why
    assert en.parts.distance.why.startswith("about ")
    parts = (zh.parts.skill, zh.parts.distance, zh.parts.pairing, zh.parts.pay)
    assert abs(100 * sum(part.value * part.weight for part in parts) - zh.score) < 0.06


def test_a_wish_nobody_understood_is_scored_neutral_and_asked_about(station: Actor, actors: dict[str, Actor]) -> None:
    jobs_of(actors, {})
    vague = worker_of(station, occupations_text="搞七搞八的活", occupations=())
    answer = SuggestionsOut.of(three(station, vague), "zh")
    assert answer.items[0].parts.skill.value == 0.3
    assert "搞七搞八的活" in answer.items[0].parts.skill.why
    assert "搞七搞八的活" in (answer.question or "")
    assert SuggestionsOut.of(three(station, worker_of(station, 5)), "zh").question is None


def test_pay_beyond_all_measure_spoils_the_market_for_nobody(station: Actor, actors: dict[str, Actor]) -> None:
    worker = worker_of(station)
    [vacancy] = jobs_of(actors, {"wage_lo": 9000, "wage_hi": 900_000})
    assert ids(three(station, worker)) == [vacancy]
