"""Divisions: everybody's reference."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.edge.caching import public
from app.edge.paging import Paging
from app.identity.door import PublicTx
from app.places import usecases
from app.places.schemas import (
    AddressMatchOut,
    DivisionDetailOut,
    DivisionLevel,
    DivisionOut,
    DivisionsOut,
    FormerNameOut,
)

router = APIRouter(prefix="/v1", tags=["divisions"])
_LEVELS = {DivisionLevel.PROVINCE: 1, DivisionLevel.PREFECTURE: 2, DivisionLevel.COUNTY: 3}
Text = Annotated[
    str | None,
    Query(max_length=200, description="名称、曾用名、代码或地址 / a name, a former name, a code or an address"),
]
Near = Annotated[
    str | None, Query(pattern=r"^\d{6}$", description="重名时以此区划为准 / settles what several divisions are called")
]
Parent = Annotated[str | None, Query(pattern=r"^\d{6}$", description="上级区划代码 / the division above")]


@router.get("/divisions")
def list_divisions(
    tx: PublicTx,
    response: Response,
    at: Paging,
    q: Text = None,
    near: Near = None,
    level: DivisionLevel | None = None,
    parent: Parent = None,
) -> DivisionsOut:
    """行政区划；q 也可以是一个地址。/ Divisions; q may also be an address."""
    public(response)
    text = q.strip() if q else None
    found = usecases.find_divisions(
        tx, at, text=text or None, near=near, level=_LEVELS[level] if level else None, parent=parent
    )
    return DivisionsOut(
        items=[DivisionOut.of(row) for row in found.rows],
        next=found.next,
        match=AddressMatchOut.of(found.match, found.match_name) if found.match else None,
    )


@router.get("/divisions/{code}")
def get_division(code: str, tx: PublicTx, response: Response) -> DivisionDetailOut:
    """一个行政区划。/ One division."""
    public(response)
    known = usecases.get_division(tx, code)
    return DivisionDetailOut(
        **DivisionOut.of(known.row).model_dump(),
        former_names=[FormerNameOut.of(row) for row in known.former_names],
        key_county_since=known.key_county_since,
    )
