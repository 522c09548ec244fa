"""How many would suit a vacancy, told so that it points to nobody: as if nobody had ever declined, rounded to five,
nothing under ten. Of a large market a part is looked at and the rest is reckoned from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import text

from app.db.base import today
from app.db.transaction import Read
from app.places.gazetteer import read_units
from app.suggestions.engine_input import CertificateBits, vacancy_table, worker_table
from app.suggestions.market import LiveMarket
from app.suggestions.queries import live_vacancies, speaking_as_engine
from app.suggestions.rows import OpenVacancy, SeekingWorker
from app.vacancies.model import Vacancy
from matching.index import Index

#: So many workers are looked at.
LOOKED_AT = 20_000
LEAST, STEP = 10, 5
#: Yuan a month: pay is told apart no finer while an offer is written.
PAY_STEP = 500

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
_reached: dict[tuple[str, str, int, int, date], Reach] = {}
_MOST_TOLD = 10_000
K = TypeVar("K")
T = TypeVar("T")


def suitable(tx: Read, market: LiveMarket, vacancy: Vacancy) -> int:
    """About how many consenting workers a vacancy of the actor's would suit; 0 for fewer than ten."""
    asked = (vacancy.id, vacancy.version, vacancy.state, today())
    if asked not in _told:
        with speaking_as_engine(tx) as session:
            row = next(iter(live_vacancies(session, [vacancy.seq])), None)
        _keep(_told, asked, rounded(_counted(tx, market, row)) if row else 0)
    return _told[asked]


class Offered(NamedTuple):
    """What an offer, posted or not, is reckoned by."""

    occupation: str | None
    #: Of the workplace.
    code: str
    wage_lo: int
    wage_hi: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an offer that is being written would reach."""

    #: About how many it would suit; 0 for fewer than ten.
    many: int
    #: Of those it would suit but for the pay, how many ask no more: "most", "half", "few". None: fewer than ten.
    pay: str | None


def would_reach(tx: Read, market: LiveMarket, offer: Offered) -> Reach | None:
    """The same for an offer that may not be posted yet: as an offer of its occupation in its county with its pay in
    steps, so that changing a word, an age or a few yuan asks nothing new and points to nobody. None: the occupation is
    not understood."""
    if offer.occupation is None:
        return None
    pay = (offer.wage_lo // PAY_STEP * PAY_STEP, offer.wage_hi // PAY_STEP * PAY_STEP)
    asked = (offer.occupation, offer.code, *pay, today())
    if asked not in _reached:
        plain = _offer(offer.occupation, offer.code, *pay)
        at_any_pay, at_this = _counted(tx, market, plain, any_pay=True), _counted(tx, market, plain)
        _keep(_reached, asked, Reach(rounded(at_this), _in_words(at_this, at_any_pay)))
    return _reached[asked]


def _offer(occupation: str, code: str, wage_lo: int, wage_hi: int) -> OpenVacancy:
    place = read_units()[code]
    return OpenVacancy(
        *(UUID(int=0), 0, occupation, [], [], wage_lo, wage_hi, 1, place.lat, place.lon, code),
        *(None, None, "enterprise", None, today(), ""),
    )


def _in_words(at_this: float, at_any_pay: float) -> str | None:
    if rounded(at_any_pay) == 0:
        return None
    return "most" if at_this >= 0.75 * at_any_pay else "half" if at_this >= 0.4 * at_any_pay else "few"


def rounded(many: float) -> int:
    """To the step; 0 for fewer than the least that is told."""
    return 0 if many < LEAST else STEP * round(many / STEP)


def _keep(told: dict[K, T], asked: K, answer: T) -> None:
    if len(told) >= _MOST_TOLD:
        told.clear()
    told[asked] = answer


def _counted(tx: Read, market: LiveMarket, offer: OpenVacancy, *, any_pay: bool = False) -> float:
    """How many an offer suits, reckoned from those who are looked at; with `any_pay` whatever they ask."""
    snapshot = market.current()
    with speaking_as_engine(tx) as session:
        all_of_them: int = max(LOOKED_AT, session.scalars(_MANY).one())
        upto = UUID(int=(2**128 - 1) * LOOKED_AT // all_of_them)
        people = [SeekingWorker._make(one) for one in session.execute(_SEEKING, {"upto": upto})]
    if any_pay:
        people = [one._replace(min_wage=None) for one in people]
    if not people:
        return 0
    bits = CertificateBits(snapshot.lexicon, [offer])
    jobs = vacancy_table([offer], snapshot.divisions, snapshot.lexicon, bits)
    workers = worker_table(people, snapshot.divisions, snapshot.lexicon, bits, snapshot.today)
    ranked = Index.build(jobs, snapshot.market).rank(workers, top=1, floor=snapshot.market.profile.floor)
    return int((ranked.vacancy[:, 0] >= 0).sum()) * all_of_them / LOOKED_AT
