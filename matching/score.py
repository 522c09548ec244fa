"""START HERE: how well a vacancy suits a worker.

    score = weights.skill * skill + weights.distance * distance + weights.pairing * pairing + weights.pay * pay

Each part lies in [0, 1] and the weights sum to 1, so a score reads as a share (times 100 on every page). It is kept
as whole micro-points, floor(score * 1,000,000 + 0.5), so that SQL, NumPy, Numba and this page agree exactly and ties
are real ties: the higher score comes first, then the vacancy inserted earlier.

- skill: S[x, t] says in hundredths how far term x serves where term t is asked. With g[t] the best S[x, t] over the
  worker's wished occupations and skills x, and go[o] the same over wished occupations only:
  0.6 * go[occupation] + 0.4 * mean of g over the required skills, or go[occupation] when none are required.
  A worker of whom no occupation or skill is known or understood counts as 0.30; so does an occupation of a vacancy
  that nobody understood.
- distance: 1 / (1 + (km / reach)^2), great-circle km, reach the worker's own or 1500.
- pairing: the value of the tier that holds between home and workplace on the day.
- pay: how far the middle of the pay range exceeds the least pay asked for: 0 at par, 1 from half as much again on,
  0.5 when the worker named none.

Who may be matched at all is a separate question, with yes or no for an answer: eligibility.py.
"""

from dataclasses import dataclass
from math import floor, isnan

from matching.geo import kilometres, nearness
from matching.tables import Market, Profile, VacancyRow, Weights, WorkerRow

#: Micro-points of a full score.
FULL_SCORE = 1_000_000


@dataclass(frozen=True)
class Score:
    """The four parts, each in [0, 1], and what they add up to in micro-points."""

    skill: float
    distance: float
    pairing: float
    pay: float
    km: float
    micropoints: int


def score_one(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> Score:
    """How well one vacancy suits one worker, whether or not the worker may have it."""
    profile = market.profile
    km = kilometres(worker.point, vacancy.point)
    reach_km = profile.default_reach_km if isnan(worker.reach_km) else worker.reach_km
    skill = skill_part(worker, vacancy, market)
    distance = nearness(km, reach_km)
    pairing = profile.tier_values[market.tiers[worker.home, vacancy.division]]
    pay = pay_part(worker.min_wage, vacancy.wage_lo, vacancy.wage_hi, profile)
    return Score(skill, distance, pairing, pay, km, micropoints(profile.weights, skill, distance, pairing, pay))


def skill_part(worker: WorkerRow, vacancy: VacancyRow, market: Market) -> float:
    """How far what the worker wishes and can do serves what the vacancy asks for."""
    profile = market.profile
    if not worker.occupations and not worker.skills:
        return profile.neutral_skill
    if vacancy.occupation < 0:
        occupation = profile.neutral_skill
    else:
        occupation = best_likeness(worker.occupations, vacancy.occupation, market) / 100.0
    if not vacancy.skills:
        return occupation
    known = worker.occupations + worker.skills
    served = sum(best_likeness(known, skill, market) for skill in vacancy.skills)
    required = served / (100.0 * len(vacancy.skills))
    return profile.occupation_share * occupation + (1.0 - profile.occupation_share) * required


def best_likeness(terms: tuple[int, ...], asked: int, market: Market) -> int:
    """In hundredths, how far the best of the terms serves where `asked` is asked; 0 when there are none."""
    return max((int(market.likeness[term, asked]) for term in terms), default=0)


def pay_part(min_wage: int, wage_lo: int, wage_hi: int, profile: Profile) -> float:
    """0 where the middle of the range is what the worker asks at least, 1 from half as much again on."""
    if min_wage == 0:
        return profile.neutral_pay
    middle = (wage_lo + wage_hi) * 0.5
    return min(1.0, max(0.0, (middle / min_wage - 1.0) / 0.5))


def micropoints(weights: Weights, skill: float, distance: float, pairing: float, pay: float) -> int:
    """The weighted sum in whole micro-points."""
    total = weights.skill * skill + weights.distance * distance + weights.pairing * pairing + weights.pay * pay
    return floor(total * FULL_SCORE + 0.5)
