"""Machine code that pages will want, compiled where nobody waits for it.

For seconds the compiler holds up everything else its process does; what it makes is kept on disk (kernels.py), where
every process finds it. It asks for the types of its input only: one invented worker and one vacancy are enough.
"""

from __future__ import annotations

import numpy as np

from matching.rank import rank
from matching.shortfall import main_limits
from matching.tables import Geography, Market, VacancyTable, WorkerTable

#: Places a worker may name, by the widths of record for which there is code of its own; more are rare.
_PLACES = (4, 8)


def compile_ahead() -> None:
    """Every vacancy looked at for one worker, and what keeps jobs away: what a plan's page and the desk ask for."""
    market = Market(Geography.of([-1], [0]), np.zeros((1, 1), np.uint8), np.full((1, 1), 100, np.uint8), 1)
    here = {"lat_deg": [0.0], "lon_deg": [0.0]}
    vacancy = VacancyTable.of(occupation=[0], division=[0], wage_lo=[0], wage_hi=[0], **here)
    for places in _PLACES:
        somebody = WorkerTable.of(home=[0], occupations=[[0]], destinations=[[-1] * places], **here)
        rank(somebody, vacancy, market, top=1)
        main_limits(somebody, vacancy, market)
