"""The clerk's desk: what waits today, and the workers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import ColumnElement, Subquery
from starlette.responses import Response

from app.console.desk_queries import Lacking, among, how_many, jobs_of, still_lacking
from app.console.desk_standing import kept_count, station_standing
from app.console.door import PageWrite
from app.console.lists import the_list
from app.console.page_route import PageRoute
from app.console.pages import render
from app.console.worker import going
from app.db.base import today
from app.edge.paging import Paging, Window
from app.edge.public_ids import ListId, show
from app.errors import ConsentMissing
from app.identity.permissions import Permission, allow
from app.lists.queries import waiting_lists, workers_in
from app.placements.queries import settle
from app.suggestions.market import LiveMarket
from app.suggestions.queries import seeking_worker
from app.suggestions.routes import market_of
from app.suggestions.usecases import main_limits, offers_to
from app.workers import usecases
from app.workers.id_number import age_on
from app.workers.queries import workers

router = APIRouter(prefix="/desk", route_class=PageRoute, include_in_schema=False)
#: People for whom a visit to the desk looks for jobs, if nobody has yet.
_LOOKED_NOW = 3
#: People of a name: more are told to be more.
MOST_COUNTED = 1_000
Kept = Literal["", "few", "none", "some", "unseen", "three", "agreed", "not_agreed", "today"]


@router.get("")
def see_desk(request: Request, tx: PageWrite, anew: Annotated[bool, Query()] = False) -> Response:
    """Today: what waits, and who has fewer than three jobs. What takes long (`anew`: a large station's counts, a first
    look for jobs) the page asks for when it is there."""
    allow(tx.actor, Permission.READ_WORKERS)
    settle(tx)
    standing = station_standing(tx, anew=anew)
    few = still_lacking(tx.session, standing.lacking) if standing else []
    market = market_of(request)
    if anew:
        few = looked_for(tx, market, few)
    return render(
        request,
        "desk.html",
        few=few,
        why=_held_back_by(tx, market, few) if few and market.is_warm.is_set() else {},
        standing=standing,
        asks_anew=not anew and (standing is None or standing.is_old or any(who.jobs is None for who in few)),
        going=going(request, tx),
        lists=waiting_lists(tx.session),
    )


def _held_back_by(tx: PageWrite, market: LiveMarket, few: Sequence[Lacking]) -> dict[UUID, str]:
    found = main_limits(tx, market, [who.id for who in few])
    return {worker_id: limit.label for worker_id, limit in found.items() if limit}


def looked_for(tx: PageWrite, market: LiveMarket, few: Sequence[Lacking]) -> list[Lacking]:
    """The same, jobs looked for where nobody had, a few at a visit: what was never looked for is not none."""
    found: dict[object, int] = {}
    for who in [who for who in few if who.jobs is None][: _LOOKED_NOW if market.is_warm.is_set() else 0]:
        worker = seeking_worker(tx.session, who.id)
        if worker is not None:
            with suppress(ConsentMissing):
                found[who.id] = len(offers_to(tx, market, worker, top=3).items)
    counted = [who._replace(jobs=found.get(who.id, who.jobs)) for who in few]
    return [who for who in counted if who.jobs is None or who.jobs < 3]


@router.get("/workers")
def see_workers(
    request: Request,
    tx: PageWrite,
    at: Paging,
    q: Annotated[str, Query(max_length=50)] = "",
    kept: Kept = "",
    from_list: Annotated[ListId | None, Query(alias="list")] = None,
    before: Annotated[str | None, Query(max_length=600)] = None,
) -> Response:
    """The station's workers, the last changed first, or those of a list in its order: by a part of the name, by what
    is asked of them."""
    part, of_list = q.strip() or None, the_list(tx, from_list)[0] if from_list else None
    only, listed = among(kept), workers_in(of_list.id) if of_list else None
    window = Window(at.address, at.limit, before) if before else at
    found, further = usecases.list_workers(
        tx, window, name_part=part, only=only, among=listed, is_backwards=bool(before)
    )
    is_whole = before is None and at.cursor is None and further is None  # then nothing is left to count
    people = [brief.worker for brief in found[:1] + found[-1:]]
    ends = [at.seal((one.updated_at if listed is None else one.place, one.id)) for one in people]
    return render(
        request,
        "workers.html",
        workers=found,
        age=lambda born: age_on(today(), born),
        jobs=jobs_of(tx.session, [brief.worker.id for brief in found]),
        total=len(found) if is_whole else _total(tx, kept, part, only, listed),
        following=ends[-1] if before and ends else further,
        previous=further and ends[0] if before else ends[0] if at.cursor and ends else None,
        most=MOST_COUNTED if part else None,
        q=q,
        kept=kept,
        of_list=of_list,
        asked={"q": q, "kept": kept} | ({"list": show("l", of_list.id)} if of_list else {}),
    )


def _total(
    tx: PageWrite, kept: Kept, part: str | None, only: ColumnElement[bool] | None, listed: Subquery | None
) -> int:
    """Everybody who is asked for, on whichever page; of a name no more than are worth counting."""
    if part:
        return how_many(tx.session, workers(name_part=part, only=only, among=listed).limit(MOST_COUNTED + 1))
    known = kept_count(tx, kept) if listed is None else None
    return how_many(tx.session, workers(only=only, among=listed)) if known is None else known
