"""Bursts of truly concurrent acts on a few vacancies and workers, and what must hold after each burst.

An act goes through the product's own use cases, on a connection of its own; what the product refuses is no fault. The
workers of two stations are partly the same persons, so that a second record takes no second place. Plans for the same
workers and vacancies are made, published and taken back meanwhile: they are advice, and take no place.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.actor import Actor
from app.db.transaction import read, write
from app.edge.error_responses import of_database
from app.errors import ProductError, Unavailable
from app.placements import usecases
from app.placements.model import Placement
from app.plans import usecases as plans
from app.plans.making import make_plan
from app.plans.model import Plan
from app.suggestions.model import Suggestion
from app.vacancies import usecases as vacancies
from app.workers.queries import withdraw_consent
from tests import people
from tests.placements.scene import Scene, Somebody

#: Persons with two records: the n-th worker of the other station is the n-th of the first.
TWICE = 2
ACTS = ("interested", "offer", "accept", "end", "turn_down", "revoke", "agree", "headcount", "settle", "confirm")
WEIGHTS = (10, 9, 12, 4, 1, 1, 2, 2, 1, 1)
#: Of stations; each makes a plan of everybody in its care.
PLAN_ACTS = ("plan", "publish", "take_plan_back")

#: Each finds what must not be; `{}` is none of these.
INVARIANTS = {
    "more placed than places": "select id from vacancies where filled > headcount",
    "the counter is not the rows": """select v.id from vacancies v where v.poster_id = %(poster)s and v.filled <> (
        select count(*) from placements p where p.vacancy_id = v.id
          and p.state in ('accepted', 'departed', 'onboarded', 'settled'))""",
    "a person with two places": """select r.person_id from placements p
        join person_records r on r.worker_id = p.worker_id
        where p.state in ('accepted', 'departed', 'onboarded', 'settled') group by r.person_id having count(*) > 1""",
    "a place without its person, or the other way round": """select p.id from placements p
        full join placed_persons t on t.placement_id = p.id
        where (t.placement_id is not null) is distinct from
              coalesce(p.state in ('accepted', 'departed', 'onboarded', 'settled'), false)""",
    "accepted without a live consent": """select p.id from placements p where p.accepted_at is not null and (
        select count(distinct c.purpose) from consents c where c.worker_id = p.worker_id
          and (c.purpose = 'matching' or c.vacancy_id = p.vacancy_id)
          and c.given_at <= p.accepted_at and coalesce(c.withdrawn_at > p.accepted_at, true)) < 2""",
    "open without a live consent": """select p.id from placements p
        where p.state in ('waiting', 'introduced', 'offered') and not exists (
          select from consents c where c.worker_id = p.worker_id and c.vacancy_id = p.vacancy_id
          and c.purpose = 'disclosure' and c.withdrawn_at is null)""",
    "open after an acceptance of the same person": """select p.id from placements p
        join person_records r on r.worker_id = p.worker_id join placed_persons t on t.person_id = r.person_id
        where p.state in ('held', 'interested', 'waiting', 'introduced', 'offered')""",
    "a worker with two published jobs": """select worker_id from assignments where published
        group by worker_id having count(*) > 1""",
    "published and sent nowhere": "select worker_id from assignments where published and vacancy_id is null",
    "more introduced than allowed": """select v.id from vacancies v join placements p on p.vacancy_id = v.id
        where p.state in ('introduced', 'offered', 'accepted') and p.disclosed_at > now() - interval '1 hour'
        group by v.id, v.headcount having count(*) > 3 * %(most)s""",
}


@dataclass
class Floor:
    """Three vacancies and eight workers, and what happened on them."""

    scene: Scene
    workers: Sequence[Somebody]
    vacancies: Sequence[UUID]
    employer: Actor
    most: int
    #: Past all rules, to see whether they hold.
    watch: psycopg.Connection[Any]
    seen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def lay(
        cls, scene: Scene, watch: psycopg.Connection[Any], *, workers: int = 8, vacancies: int = 3, headcount: int = 2
    ) -> Floor:
        """A new floor."""
        employer = people.actor("employer")
        numbers = [next(scene.numbers) + 500_000 for _ in range(workers)]
        # some of the second half are persons of the first half again, at another station
        twice = [numbers[n - workers // 2] if 0 <= n - workers // 2 < TWICE else numbers[n] for n in range(workers)]
        stations = ["station" if n < workers // 2 else "other_station" for n in range(workers)]
        made = [scene.worker(station, number=number) for station, number in zip(stations, twice, strict=True)]
        jobs = scene.vacancies(3, headcount=headcount)
        for worker, station in zip(made, stations, strict=True):
            scene.suggest(worker, *jobs, station=station)
        return cls(scene, made, jobs, employer, headcount + 3, watch)

    def play(self, act: str, seed: int) -> str:
        """One act, drawn by its number; what became of it."""
        draw = random.Random(seed)
        worker, vacancy = draw.choice(self.workers), draw.choice(self.vacancies)
        try:
            done = getattr(self, f"_{act}")(draw, worker, vacancy)
        except ProductError as refused:
            return f"{act}: {refused.code}"
        except DBAPIError as error:
            meant = of_database(error)
            if not isinstance(meant, Unavailable):
                raise
            return f"{act}: {getattr(error.orig, 'sqlstate', None)} try again"
        return f"{act}: {'done' if done is None else done}"

    def burst(self, acts: Sequence[str], seed: int, pool: ThreadPoolExecutor) -> None:
        """All of them at the same moment."""
        ready = threading.Barrier(len(acts))

        def one(act: str, number: int) -> str:
            ready.wait(timeout=30)
            return self.play(act, number)

        for word in pool.map(one, acts, [seed * 100 + n for n in range(len(acts))]):
            self.seen[word] += 1

    def faults(self) -> dict[str, list[Any]]:
        """What must not be and is; empty: all is well."""
        values = {"poster": self.employer.organisation_id, "most": self.most}
        found = {what: self.watch.execute(query.encode(), values).fetchall() for what, query in INVARIANTS.items()}
        return {what: rows for what, rows in found.items() if rows}

    def _suggestion(self, tx: Any, vacancy: UUID) -> Suggestion:
        found: Suggestion = tx.session.scalars(select(Suggestion).where(Suggestion.vacancy_id == vacancy)).one()
        return found

    def _interested(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        with write(worker.actor) as tx:
            said = usecases.say_interested(tx, self._suggestion(tx, vacancy), disclose=draw.random() < 0.9)
            return said.state

    def _one_of(self, draw: random.Random, *states: str) -> tuple[UUID, Actor]:
        """A placement in one of the states as the employer sees them, and its worker."""
        query = select(Placement.id, Placement.worker_id).where(
            Placement.vacancy_id.in_(self.vacancies), Placement.state.in_(states)
        )
        with read(self.employer) as tx:
            found = [(row.id, row.worker_id) for row in tx.session.execute(query)]
        placement, whose = draw.choice(found or [(uuid4(), self.workers[0].worker_id)])
        return placement, next(worker.actor for worker in self.workers if worker.worker_id == whose)

    def _offer(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        placement, _ = self._one_of(draw, "introduced")
        with write(self.employer) as tx:
            return usecases.offer(tx, placement).state

    def _turn_down(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> None:
        placement, _ = self._one_of(draw, "introduced", "offered", "waiting")
        with write(self.employer) as tx:
            usecases.turn_down(tx, placement, "start_date")

    def _accept(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        placement, whose = self._one_of(draw, "offered")
        with write(whose) as tx:
            return usecases.accept(tx, placement).state

    def _end(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        if draw.random() < 0.5:
            placement, _ = self._one_of(draw, "accepted", "onboarded")
            with write(self.employer) as tx:
                return usecases.end(tx, placement, "contract_over").state
        placement, whose = self._one_of(draw, "introduced", "offered", "accepted", "waiting", "interested")
        with write(whose) as tx:
            return usecases.end(tx, placement, None).state

    def _revoke(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> None:
        with write(worker.actor) as tx:
            if draw.random() < 0.5:
                tx.session.execute(
                    text("select app.withdraw_my_consent(:purpose, null)"),
                    {"purpose": draw.choice(("matching", "disclosure"))},
                )
            else:
                withdraw_consent(tx, worker.worker_id, draw.choice(("matching", "disclosure")))

    def _agree(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> None:
        with write(worker.actor) as tx:
            tx.session.execute(
                text(
                    "insert into consents (id, station_id, worker_id, purpose, given_by)"
                    " select :id, station_id, id, 'matching', 'worker' from workers where id = :worker"
                    " on conflict do nothing"
                ),
                {"id": uuid4(), "worker": worker.worker_id},
            )
        self.scene.suggest(worker, *self.vacancies, station=self.station_of[worker.worker_id])

    @property
    def station_of(self) -> dict[UUID, str]:
        """Which station keeps each worker."""
        half = len(self.workers) // 2
        return {worker.worker_id: "station" if n < half else "other_station" for n, worker in enumerate(self.workers)}

    def _headcount(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> int:
        wanted = draw.randint(1, self.most)
        with write(self.employer) as tx:
            detail = vacancies.vacancy_to_change(tx, vacancy)
            return vacancies.change_vacancy(tx, detail, {"headcount": wanted}).vacancy.headcount

    def _settle(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> None:
        with write(worker.actor) as tx:
            tx.session.execute(text("select app.settle_placements()"))

    def _confirm(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        placement, whose = self._one_of(draw, "accepted")
        with write(whose) as tx:
            return usecases.confirm(tx, placement, usecases.Step.ONBOARDED).state

    def _plan(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        station = people.actor(draw.choice(_STATIONS))
        with write(station) as tx:
            plan = plans.new_plan(tx, {"lists": [], "divisions": [], "pairings": []}).id
        make_plan(station, plan)
        with read(station) as tx:
            return plans.read_plan(tx, plan).state

    def _publish(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        station, plan = self._plan_in(draw, "ready")
        with write(station) as tx:
            return plans.publish_plan(tx, plan)[0].state

    def _take_plan_back(self, draw: random.Random, worker: Somebody, vacancy: UUID) -> str:
        station, plan = self._plan_in(draw, "published")
        with write(station) as tx:
            return plans.take_back_plan(tx, plan, "演练")[0].state

    def _plan_in(self, draw: random.Random, state: str) -> tuple[Actor, UUID]:
        """A station and one of its latest plans in a state."""
        station = people.actor(draw.choice(_STATIONS))
        with read(station) as tx:
            query = select(Plan.id).where(Plan.state == state).order_by(Plan.created_at.desc()).limit(3)
            return station, draw.choice(tx.session.scalars(query).all() or [uuid4()])


_STATIONS = ("station", "other_station")


def drawn(seed: int, most: int = 8, *, plans_every: int = 0) -> list[str]:
    """The acts of one burst, drawn by its number; every so-manieth has plans made, published and taken back in it."""
    draw = random.Random(uuid5(UUID(int=0), str(seed)).int)
    acts = draw.choices(ACTS, WEIGHTS, k=draw.randint(2, most))
    with_plans = plans_every and seed % plans_every == 0
    return [*PLAN_ACTS, *acts[: most - len(PLAN_ACTS)]] if with_plans else acts
