"""A small market for the pages: welders of a county, jobs for them, staff who sign in, one introduction under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.db.transaction import write
from app.reports.usecases import count_own_station
from app.suggestions.market import LiveMarket
from app.suggestions.usecases import suggest_vacancies
from app.vacancies.store import store_vacancies
from app.workers.store import store_workers
from tests import people
from tests.identity.staff_at_work import hire
from tests.placements.scene import Scene, Somebody
from tests.vacancies.invented import draft as job
from tests.workers.invented import draft as somebody

WELDERS = 24
WELDER: dict[str, Any] = {
    "occupations": ("O054",),
    "skills": (),
    "certificates_text": "焊工证",
    "certificates": ("welding",),
}
#: Of the workers who sign in by code.
PHONES = {"zh": "13800138000", "en": "13800138001"}


@dataclass(frozen=True)
class Market:
    """Who is there."""

    welders: Sequence[UUID]
    #: Somebody with a session who said yes to the employer's vacancy.
    willing: Somebody
    #: Somebody with a session who has answered nothing.
    asked: Somebody
    own_vacancy: UUID


def stock(scene: Scene) -> Market:
    """Fill the scene."""
    for name in ("station", "employer", "coordinator", "destination"):
        hire(name)
    with write(people.actor("destination")) as tx:
        jobs = [job(n, title="电焊工", employer=f"示例焊接{n}厂", headcount=3 + n, lodging=True) for n in range(6)]
        store_vacancies(tx, jobs)
    own = scene.vacancy(title="二保焊工", employer="示例电子（东莞）有限公司", wage_lo=6500, wage_hi=8000, lodging=True)
    with write(people.actor("station")) as tx:
        kept = store_workers(tx, [somebody(n, **WELDER) for n in range(100, 100 + WELDERS)], witness="王站长")
        store_workers(tx, [somebody(200, consent=False)], witness=None)
        owners = [somebody(n, phone=phone, **WELDER) for n, phone in enumerate(PHONES.values(), 201)]
        store_workers(tx, owners, witness="王站长")
    welders = [one.worker_id for one in kept]
    willing, asked = scene.session(welders[0]), scene.session(welders[1])
    scene.interested(willing, own)
    three_jobs_each(welders[2:])
    return Market(welders, willing, asked, own)


def three_jobs_each(workers: Sequence[UUID]) -> None:
    """What the job after a stored list does, and the count for the coordinator."""
    market = LiveMarket(listens=False)
    for worker in workers:
        with write(people.actor("station")) as tx:
            suggest_vacancies(tx, market, worker)
    market.close()
    with write(people.actor("station")) as tx:
        count_own_station(tx)
