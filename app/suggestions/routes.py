"""A worker's three jobs, and how they are scored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.db.base import today
from app.edge.caching import revalidated
from app.edge.etags import mark, names
from app.edge.language import of_scope
from app.edge.public_ids import WorkerId
from app.errors import NotFound
from app.identity.door import Knocking, PublicTx, WriteTx, entered
from app.suggestions.market import LiveMarket
from app.suggestions.me import Asked, Tags, my_suggestions, my_versions
from app.suggestions.me_schemas import MySuggestionsOut, my_answer
from app.suggestions.queries import profile_on
from app.suggestions.schemas import ScoringOut, SuggestionsOut
from app.suggestions.usecases import suggest_vacancies

router = APIRouter(prefix="/v1", tags=["suggestions"])
_tags = Tags()


def market_of(request: Request) -> LiveMarket:
    """The process's market; without one (no start-up ran) a market built for this request."""
    found = getattr(request.app.state, "market", None)
    return found if isinstance(found, LiveMarket) else LiveMarket(listens=False)


@router.get("/workers/{worker_id}/suggestions")
def list_suggestions(
    worker_id: WorkerId,
    request: Request,
    response: Response,
    tx: WriteTx,
    limit: Annotated[int, Query(ge=1, le=20)] = 3,
    after: Annotated[int, Query(ge=0, le=1000, description="从第几个之后续读，不留记录 / read on, kept nowhere")] = 0,
) -> SuggestionsOut:
    """最合适的岗位及理由。/ The best jobs, with reasons."""
    offers = suggest_vacancies(tx, market_of(request), worker_id, top=limit, after=after)
    answer = SuggestionsOut.of(offers, of_scope(request.scope))
    mark(response, answer.model_dump_json(exclude={"as_of"}))
    return answer


@router.get("/me/suggestions", response_model=MySuggestionsOut)
def list_my_suggestions(
    request: Request, knock: Knocking, limit: Annotated[int, Query(ge=1, le=20)] = 3
) -> Response:
    """我的岗位及理由；没有变化时不重发（ETag，304）。/ My jobs, with reasons; unchanged they are not sent again."""
    market, seen = market_of(request), request.headers.get("if-none-match")
    with entered(knock) as tx:
        asked = Asked.by(tx, limit, of_scope(request.scope))
        standing = _tags.standing(asked, my_versions(tx), market.current()) if seen else None
        if seen and standing and names(seen, standing):
            answer = Response(status_code=304, headers={"ETag": standing})
        else:
            offers, versions = my_suggestions(tx, market, top=limit)
            body = my_answer(offers, asked.language)
            answer = Response(body.model_dump_json(), media_type="application/json")
            mark(answer, body.model_dump_json(exclude={"as_of"}))
            _tags.keep(asked, versions, offers.snapshot, answer.headers["ETag"])
    revalidated(answer)
    return answer


@router.get("/scoring")
def get_scoring(tx: PublicTx) -> ScoringOut:
    """评分权重与版本。/ Weights, tiers and version of the score."""
    profile = profile_on(tx.session, today())
    if profile is None:
        raise NotFound
    return ScoringOut.of(profile)
