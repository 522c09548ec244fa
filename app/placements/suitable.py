"""How many would suit a vacancy, told so that it points to nobody: as if nobody had ever declined, rounded to five,
nothing under ten. Of a large market a part is looked at and the rest is reckoned from it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import text

from app.db.base import today
from app.db.transaction import Read
from app.suggestions.engine_input import CertificateBits, vacancy_table, worker_table
from app.suggestions.market import LiveMarket
from app.suggestions.queries import live_vacancies, speaking_as_engine
from app.suggestions.rows import SeekingWorker
from app.vacancies.model import Vacancy
from matching.index import Index

#: So many workers are looked at.
LOOKED_AT = 20_000
LEAST, STEP = 10, 5

#: Ids are random: those up to a bound are a fair part of all.
_SEEKING = text("""
    select w.id, w.station_id, w.birth_date, w.home_code, p.sure, st_y(p.point::geometry), st_x(p.point::geometry),
      w.skills, null, w.certificates, w.labour_ability, w.employment_status, i.willing_to_go_out, i.occupations, null,
      i.destinations, i.not_destinations, i.scope, i.min_wage, i.reach_km, i.reach_is_limit, i.available_from,
      i.in_work_asks, true
    from workers w join intentions i on i.worker_id = w.id join places p on p.id = w.home_id
    where w.id <= :upto and exists (select from consents c where c.worker_id = w.id and c.purpose = 'matching'
                                      and c.withdrawn_at is null)""")
_MANY = text("select greatest(reltuples, 0)::bigint from pg_class where oid = 'public.workers'::regclass")


#: Vacancy, its version and the day -> the count told: asked again the same day it tells no more by a difference.
_told: dict[tuple[UUID, int, str, date], int] = {}
_MOST_TOLD = 10_000


def suitable(tx: Read, market: LiveMarket, vacancy: Vacancy) -> int:
    """About how many consenting workers a vacancy of the actor's would suit; 0 for fewer than ten."""
    asked = (vacancy.id, vacancy.version, vacancy.state, today())
    if asked not in _told:
        if len(_told) >= _MOST_TOLD:
            _told.clear()
        _told[asked] = rounded(_counted(tx, market, vacancy))
    return _told[asked]


def rounded(many: float) -> int:
    """To the step; 0 for fewer than the least that is told."""
    return 0 if many < LEAST else STEP * round(many / STEP)


def _counted(tx: Read, market: LiveMarket, vacancy: Vacancy) -> float:
    snapshot = market.current()
    with speaking_as_engine(tx) as session:
        row = next(iter(live_vacancies(session, [vacancy.seq])), None)
        all_of_them: int = max(LOOKED_AT, session.scalars(_MANY).one())
        upto = UUID(int=(2**128 - 1) * LOOKED_AT // all_of_them)
        people = [SeekingWorker._make(one) for one in session.execute(_SEEKING, {"upto": upto})] if row else []
    if row is None or not people:
        return 0
    bits = CertificateBits(snapshot.lexicon, [row])
    jobs = vacancy_table([row], snapshot.divisions, snapshot.lexicon, bits)
    workers = worker_table(people, snapshot.divisions, snapshot.lexicon, bits, snapshot.today)
    ranked = Index.build(jobs, snapshot.market).rank(workers, top=1, floor=snapshot.market.profile.floor)
    return int((ranked.vacancy[:, 0] >= 0).sum()) * all_of_them / LOOKED_AT
