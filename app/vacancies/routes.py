"""Vacancies: everybody who matches or is matched reads open ones; a poster keeps its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.db.base import today
from app.edge.etags import mark, must_match
from app.edge.idempotency import OnceRoute
from app.edge.paging import Page, Paging
from app.edge.public_ids import VacancyId, show
from app.identity.door import OnceTx, ReadTx, WriteTx
from app.places.coordinates import Crs
from app.vacancies import forms, usecases
from app.vacancies.approval import decide_vacancy
from app.vacancies.choices import VacancyState
from app.vacancies.schemas import (
    RefusalIn,
    VacancyBriefOut,
    VacancyDecisionOut,
    VacancyIn,
    VacancyOut,
    VacancyPatch,
)

router = APIRouter(prefix="/v1", tags=["vacancies"], route_class=OnceRoute)
Near = Annotated[str | None, Query(max_length=60, description="经度,纬度；由近及远 / lon,lat; the nearest first")]
Within = Annotated[float | None, Query(gt=0, le=20_000, description="公里以内 / within so many km of `near`")]
OccupationText = Annotated[str | None, Query(max_length=100, description="职业名称或编号 / an occupation or its id")]
PayFrom = Annotated[int | None, Query(ge=1, le=1_000_000, description="月薪达到（元）/ yuan a month the pay reaches")]
Text = Annotated[str | None, Query(max_length=100, description="岗位、单位或地点 / title, employer, workplace")]
Mine = Annotated[bool, Query(description="本单位发布的，含已关闭 / one's own, closed ones too")]
State = Annotated[
    VacancyState | None,
    Query(description="pending：待本地审核的 / those that wait for one's decision; with mine=true: one's own in it"),
]


@router.get("/vacancies")
def list_vacancies(
    tx: ReadTx,
    at: Paging,
    near: Near = None,
    within_km: Within = None,
    occupation: OccupationText = None,
    pay_from: PayFrom = None,
    q: Text = None,
    crs: Crs = Crs.WGS84,
    mine: Mine = False,
    state: State = None,
) -> Page[VacancyBriefOut]:
    """在招岗位：最新的在前，或由近及远。/ Open vacancies, the newest or the nearest first."""
    wanted = forms.filters(occupation, pay_from, q)
    if mine:
        wanted = usecases.own_only(tx, wanted)
    if state is not None:
        wanted = usecases.in_state(tx, wanted, state)
    found, following = usecases.list_vacancies(tx, at, wanted, forms.nearby(near, within_km, crs))
    return Page(items=[VacancyBriefOut.of(one) for one in found], next=following)


@router.post("/vacancies", status_code=201)
def create_vacancy(body: VacancyIn, tx: OnceTx, response: Response) -> VacancyOut:
    """发布一个岗位。/ Post an offer."""
    usecases.check_may_post(tx)
    detail = usecases.post_vacancy(tx, forms.vacancy_draft(body, tx.actor.division, today()))
    response.headers["Location"] = f"/v1/vacancies/{show('v', detail.vacancy.id)}"
    return _shown(response, detail)


@router.get("/vacancies/{vacancy_id}")
def get_vacancy(vacancy_id: VacancyId, tx: ReadTx, response: Response) -> VacancyOut:
    """一个岗位。/ One vacancy."""
    return _shown(response, usecases.read_vacancy(tx, vacancy_id))


@router.patch("/vacancies/{vacancy_id}")
def change_vacancy(
    vacancy_id: VacancyId, body: VacancyPatch, tx: WriteTx, request: Request, response: Response
) -> VacancyOut:
    """更正本单位的岗位。/ Change an offer of one's own."""
    detail = usecases.vacancy_to_change(tx, vacancy_id)
    must_match(request, *detail.version)
    changes = forms.changes(body, detail.vacancy, tx.actor.division, today())
    return _shown(response, usecases.change_vacancy(tx, detail, changes))


@router.post("/vacancies/{vacancy_id}/close")
def close_vacancy(vacancy_id: VacancyId, tx: WriteTx, response: Response) -> VacancyOut:
    """关闭本单位的岗位。/ Take an offer of one's own from the market."""
    return _shown(response, usecases.close_vacancy(tx, vacancy_id))


@router.post("/vacancies/{vacancy_id}/reopen")
def reopen_vacancy(vacancy_id: VacancyId, tx: WriteTx, response: Response) -> VacancyOut:
    """重新开放本单位已关闭的岗位。/ Put an offer of one's own that was closed on the market again."""
    return _shown(response, usecases.reopen_own_vacancy(tx, vacancy_id))


@router.post("/vacancies/{vacancy_id}/confirm")
def confirm_vacancy(vacancy_id: VacancyId, tx: WriteTx, response: Response) -> VacancyOut:
    """确认本单位的岗位仍然有效，每 30 天一次。/ Say that an offer of one's own still stands, every 30 days."""
    return _shown(response, usecases.confirm_own_vacancy(tx, vacancy_id))


@router.post("/vacancies/{vacancy_id}/approve")
def approve_vacancy(vacancy_id: VacancyId, tx: WriteTx) -> VacancyDecisionOut:
    """用工地批准岗位发布；首个岗位获批，用人单位即获认可。/ Let an offer onto the market, and its employer with it."""
    return VacancyDecisionOut(id=vacancy_id, state=decide_vacancy(tx, vacancy_id, None), reason=None)


@router.post("/vacancies/{vacancy_id}/refuse")
def refuse_vacancy(vacancy_id: VacancyId, body: RefusalIn, tx: WriteTx) -> VacancyDecisionOut:
    """用工地不批准岗位发布，并说明原因。/ Keep an offer from the market, and say why."""
    return VacancyDecisionOut(id=vacancy_id, state=decide_vacancy(tx, vacancy_id, body.reason), reason=body.reason)


def _shown(response: Response, detail: usecases.VacancyDetail) -> VacancyOut:
    mark(response, *detail.version)
    return VacancyOut.of(detail)
