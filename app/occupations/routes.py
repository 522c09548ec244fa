"""Occupations: everybody's reference."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.edge.caching import public
from app.edge.paging import Paging
from app.identity.door import PublicTx
from app.occupations.queries import occupations_page
from app.occupations.schemas import OccupationOut, OccupationsOut

router = APIRouter(prefix="/v1", tags=["occupations"])
Text = Annotated[str | None, Query(max_length=50, description="职业名称、俗称或代码 / a name, an alias or a code")]


@router.get("/occupations")
def list_occupations(tx: PublicTx, response: Response, at: Paging, q: Text = None) -> OccupationsOut:
    """职业及其俗称、持证要求。/ Occupations, the words people use for them, and the certificates the law asks for."""
    public(response)
    rows, following = occupations_page(tx.session, at, (q or "").strip() or None)
    return OccupationsOut(items=[OccupationOut.model_validate(row) for row in rows], next=following)
