"""Pairings: everybody's reference, as of a day; kept by the coordinators of either side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.db.base import today
from app.edge.caching import public
from app.edge.etags import mark, must_match
from app.edge.idempotency import OnceRoute
from app.edge.language import of_scope
from app.edge.paging import Paging
from app.edge.public_ids import PairingId, show
from app.edge.written_dates import Day
from app.identity.door import OnceTx, PublicTx, WriteTx
from app.pairings import usecases
from app.pairings.model import Pairing
from app.pairings.schemas import BetweenOut, PairingIn, PairingOut, PairingPatch, PairingsOut, note_on

router = APIRouter(prefix="/v1", tags=["pairings"], route_class=OnceRoute)
Code = Annotated[str, Query(pattern=r"^\d{6}$", description="行政区划代码 / a division's code")]
AnyCode = Annotated[str | None, Query(pattern=r"^\d{6}$", description="行政区划代码 / a division's code")]
OnDay = Annotated[Day | None, Query(description="哪一天；默认今天 / as of which day; today when left out")]


@router.get("/pairings")
def list_pairings(
    tx: PublicTx,
    request: Request,
    response: Response,
    at: Paging,
    west: AnyCode = None,
    east: AnyCode = None,
    on: OnDay = None,
) -> PairingsOut:
    """结对关系：对某地有效的，以及该地所辖各地的。/ Pairings that hold for a place, and those of places inside it."""
    public(response)
    day = on or today()
    rows, following = usecases.list_pairings(tx, at, west=west, east=east, on=day)
    return PairingsOut(
        on=day,
        items=[PairingOut.listed(row, day) for row in rows],
        next=following,
        note=note_on(day, of_scope(request.scope)),
    )


@router.get("/pairings/between")
def get_pairing_between(
    tx: PublicTx, request: Request, response: Response, west: Code, east: Code, on: OnDay = None
) -> BetweenOut:
    """西部一地与东部一地之间的结对层级与依据。/ The tier between two places, and the documents behind it."""
    public(response)
    day = on or today()
    return BetweenOut.of(west, east, day, usecases.what_holds(tx, west, east, day), of_scope(request.scope))


@router.post("/pairings", status_code=201)
def create_pairing(body: PairingIn, tx: OnceTx, response: Response) -> PairingOut:
    """登记本辖区一方的结对关系，须有文件依据。/ Record a pairing of one's own side, with its document."""
    row = usecases.record_pairing(tx, body.stated(), body.east_name)
    response.headers["Location"] = f"/v1/pairings/{show('p', row.id)}"
    return _shown(response, row)


@router.get("/pairings/{pairing_id}")
def get_pairing(pairing_id: PairingId, tx: PublicTx, response: Response) -> PairingOut:
    """一条结对关系。/ One pairing."""
    return _shown(response, usecases.read_pairing(tx, pairing_id))


@router.patch("/pairings/{pairing_id}")
def change_pairing(
    pairing_id: PairingId, body: PairingPatch, tx: WriteTx, request: Request, response: Response
) -> PairingOut:
    """更正或终止本辖区一方的结对关系。/ Correct or end a pairing of one's own side."""
    row = usecases.pairing_to_change(tx, pairing_id)
    must_match(request, row.id, row.version)
    return _shown(response, usecases.change_pairing(tx, row, body.changes()))


def _shown(response: Response, row: Pairing) -> PairingOut:
    mark(response, row.id, row.version)
    return PairingOut.listed(row, today())
