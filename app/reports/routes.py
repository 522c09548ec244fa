"""Figures over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from app.identity.door import ReadTx
from app.reports.schemas import PictureOut
from app.reports.usecases import see_picture

router = APIRouter(prefix="/v1", tags=["figures"])


@router.get("/figures")
def get_figures(tx: ReadTx) -> PictureOut:
    """各地清单、岗位与流向；不足十人不显示，取整到五。/ Workers, openings and flows by place; none under ten."""
    return PictureOut.of(see_picture(tx))
