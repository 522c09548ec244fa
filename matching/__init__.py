"""The matching engine: pure. Plain arrays go in; indices, integer scores and parts come out.

Anyone can check it against the definition (score.py, eligibility.py) and time it without a database:

>>> import numpy as np
>>> from matching import Geography, Market, VacancyTable, WorkerTable, rank
>>> # Divisions: 0 a western county, 1 an eastern county, 2 and 3 their provinces.
>>> geography = Geography.of(prefecture=[-1, -1, -1, -1], province=[2, 3, 2, 3])
>>> tiers = np.zeros((4, 4), np.uint8)
>>> tiers[0, 1] = 5  # county pair, see Tier
>>> # Terms: 0 电焊工, 1 缝纫工 (occupations), 2 看图纸 (a skill). S in hundredths.
>>> likeness = np.array([[100, 0, 60], [0, 100, 0], [40, 0, 100]], np.uint8)
>>> market = Market(geography, tiers, likeness, occupations=2)
>>> workers = WorkerTable.of(
...     home=[0], lat_deg=[26.6], lon_deg=[105.8], occupations=[[0]], skills=[[2]], min_wage=[4500]
... )
>>> vacancies = VacancyTable.of(
...     occupation=[1, 0, 0], skills=[[-1], [2], [-1]], division=[1, 1, 1],
...     lat_deg=[23.1, 23.1, 23.1], lon_deg=[113.3, 113.3, 113.3],
...     wage_lo=[5000, 6000, 4000], wage_hi=[6000, 8000, 4400],
... )
>>> found = rank(workers, vacancies, market, top=3)
>>> found.vacancy.tolist()  # the third pays less than the least asked for
[[1, 0, -1]]
>>> found.score.tolist()  # floor(score * 1,000,000 + 0.5)
[[951327, 484660, 0]]
>>> np.round(found.parts[0, 0], 4).tolist()  # skill, distance, pairing, pay
[1.0, 0.7566, 1.0, 1.0]

`Index.build(vacancies, market).rank(workers)` answers the same without looking at every vacancy, and takes inserts,
changes and closings without building again.

Weights, tier values and neutral values are a dated `Profile` inside the market. `rank(..., floor=…)` leaves out what
is not meant (suggestions pass `market.profile.floor`), `distinct=True` gives one vacancy per employer and occupation,
`after=3` the next ones, `prices=…` subtracts the shadow prices of a plan. `shortfall` says what keeps a worker from
three, `reasons` puts the parts into words.
"""

from matching.eligibility import Limit, failed_limits
from matching.index import Index
from matching.rank import Ranked, rank, rank_by_definition
from matching.score import Score, score_one
from matching.shortfall import Opening, Removed, Shortfall, shortfall
from matching.tables import (
    NO_DAY,
    NO_MAX_AGE,
    PROFILE_2022_1,
    Geography,
    LabourAbility,
    Market,
    Profile,
    Scope,
    TableError,
    Tier,
    VacancyTable,
    Weights,
    WorkerTable,
)

__all__ = [
    "NO_DAY",
    "NO_MAX_AGE",
    "PROFILE_2022_1",
    "Geography",
    "Index",
    "LabourAbility",
    "Limit",
    "Market",
    "Opening",
    "Profile",
    "Ranked",
    "Removed",
    "Scope",
    "Score",
    "Shortfall",
    "TableError",
    "Tier",
    "VacancyTable",
    "Weights",
    "WorkerTable",
    "failed_limits",
    "rank",
    "rank_by_definition",
    "score_one",
    "shortfall",
]
