"""Duties: what an office owes and by when, with its colour."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.duties import usecases
from app.duties.colours import Colour, DutyKind
from app.duties.schemas import DutyOut, OfficeDutiesOut, OfficesDutiesOut
from app.edge.language import of_scope
from app.edge.paging import Page, Paging
from app.identity.door import ReadTx

router = APIRouter(prefix="/v1", tags=["duties"])
Kind = Annotated[DutyKind | None, Query(description="哪一类 / which kind")]
OfColour = Annotated[Colour | None, Query(description="哪一色 / which colour")]


@router.get("/duties")
def list_duties(tx: ReadTx, request: Request, at: Paging, kind: Kind = None, colour: OfColour = None) -> Page[DutyOut]:
    """本机构的应办事项，最早到期的在前；颜色只看机构是否逾期。/ What one's office owes, the longest due first."""
    duties, following = usecases.list_duties(tx, at, kind, colour)
    language = of_scope(request.scope)
    return Page(items=[DutyOut.of(duty, language) for duty in duties], next=following)


@router.get("/duties/offices")
def list_office_duties(tx: ReadTx) -> OfficesDutiesOut:
    """本辖区各机构应办事项的数量。/ How many duties the offices of a coordinator's division have."""
    return OfficesDutiesOut(items=[OfficeDutiesOut.of(one) for one in usecases.office_duties(tx)])
