"""Shocks: offices read them, coordinators of a side keep them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.edge.etags import mark, must_match
from app.edge.idempotency import OnceRoute
from app.edge.paging import Page, Paging
from app.edge.public_ids import ShockId, show
from app.edge.written_dates import Day
from app.identity.door import OnceTx, ReadTx, WriteTx
from app.shocks import usecases
from app.shocks.model import Shock
from app.shocks.queries import Wanted
from app.shocks.schemas import ShockIn, ShockOut, ShockPatch, ShockSide

router = APIRouter(prefix="/v1", tags=["shocks"], route_class=OnceRoute)
Code = Annotated[str | None, Query(pattern=r"^\d{6}$", description="该地及其所辖各地 / a place and all inside it")]
Side = Annotated[ShockSide | None, Query(description="来源地或目的地 / at an origin or a destination")]
OnDay = Annotated[Day | None, Query(description="当天有效的；缺省为全部 / in force on that day; all when left out")]


@router.get("/shocks")
def list_shocks(tx: ReadTx, at: Paging, division: Code = None, side: Side = None, on: OnDay = None) -> Page[ShockOut]:
    """受灾、疫情等记录，最近开始的在前。/ What befell places, the latest begun first."""
    rows, following = usecases.list_shocks(tx, at, Wanted(division, side.value if side else None, on))
    return Page(items=[ShockOut.of(row) for row in rows], next=following)


@router.post("/shocks", status_code=201)
def create_shock(body: ShockIn, tx: OnceTx, response: Response) -> ShockOut:
    """登记本辖区的受灾、疫情等，须有文件依据。/ Record what befell a place of one's own side, with its document."""
    row = usecases.record_shock(tx, body.stated())
    response.headers["Location"] = f"/v1/shocks/{show('sh', row.id)}"
    return _shown(response, row)


@router.get("/shocks/{shock_id}")
def get_shock(shock_id: ShockId, tx: ReadTx, response: Response) -> ShockOut:
    """一条记录。/ One of them."""
    return _shown(response, usecases.read_shock(tx, shock_id))


@router.patch("/shocks/{shock_id}")
def change_shock(shock_id: ShockId, body: ShockPatch, tx: WriteTx, request: Request, response: Response) -> ShockOut:
    """更正或终止本辖区的记录。/ Correct or end one of one's own side."""
    row = usecases.shock_to_change(tx, shock_id)
    must_match(request, row.id, row.version)
    return _shown(response, usecases.change_shock(tx, row, body.changes()))


def _shown(response: Response, row: Shock) -> ShockOut:
    mark(response, row.id, row.version)
    return ShockOut.of(row)
