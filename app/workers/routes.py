"""Workers in a station's care."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.db.base import today
from app.edge.etags import mark, must_match
from app.edge.idempotency import OnceRoute
from app.edge.paging import Page, Paging
from app.edge.public_ids import WorkerId, show
from app.edge.written_dates import Moment
from app.identity.door import Knocking, OnceTx, WriteTx, entered
from app.workers import forms, usecases
from app.workers.schemas import (
    ConsentPurpose,
    IntentionIn,
    PaperIn,
    StatementOut,
    WorkerBriefOut,
    WorkerIn,
    WorkerOut,
    WorkerPatch,
)

router = APIRouter(prefix="/v1", tags=["workers"], route_class=OnceRoute)
NamePrefix = Annotated[str | None, Query(max_length=50, description="姓名开头 / how the name begins")]
Since = Annotated[Moment | None, Query(description="此时以后有变动 / changed at or after this time")]


@router.get("/workers")
def list_workers(tx: WriteTx, at: Paging, q: NamePrefix = None, updated_since: Since = None) -> Page[WorkerBriefOut]:
    """本站的劳动者，最近变动的在前。/ The station's workers, the last changed first."""
    found, following = usecases.list_workers(tx, at, name_prefix=q, updated_since=updated_since)
    return Page(items=[WorkerBriefOut.of(brief) for brief in found], next=following)


@router.post("/workers", status_code=201)
def create_worker(body: WorkerIn, tx: OnceTx, response: Response) -> WorkerOut:
    """登记一名劳动者。/ Take a worker into the station's care."""
    usecases.check_may_write(tx)
    paper = body.consent
    detail = usecases.add_worker(
        tx,
        forms.worker_draft(body, tx.actor.division, today()),
        witness=paper.witness if paper else None,
        signed_on=paper.signed_on if paper else None,
    )
    response.headers["Location"] = f"/v1/workers/{show('w', detail.worker.id)}"
    return _shown(response, detail)


@router.get("/workers/{worker_id}", response_model=WorkerOut)
def get_worker(worker_id: WorkerId, knock: Knocking) -> Response:
    """一名劳动者的详情，查看留痕。/ One worker in detail; every look is recorded."""
    with entered(knock) as tx:
        detail = usecases.read_sheet(tx, worker_id)
        answer = Response(WorkerOut.of(detail).model_dump_json(), media_type="application/json")
    mark(answer, *detail.version)
    return answer


@router.patch("/workers/{worker_id}")
def change_worker(
    worker_id: WorkerId, body: WorkerPatch, tx: WriteTx, request: Request, response: Response
) -> WorkerOut:
    """更正一名劳动者的信息。/ Change what is known of a worker."""
    detail = usecases.worker_to_change(tx, worker_id)
    must_match(request, *detail.version)
    return _shown(response, usecases.change_worker(tx, detail, forms.changes(body, tx.actor.division)))


@router.put("/workers/{worker_id}/intention")
def set_intention(
    worker_id: WorkerId, body: IntentionIn, tx: WriteTx, request: Request, response: Response
) -> WorkerOut:
    """登记就业意向（整体替换）。/ Put down what a worker wants, whole."""
    detail = usecases.worker_to_change(tx, worker_id)
    must_match(request, *detail.version)
    return _shown(response, usecases.set_intention(tx, detail, forms.intention(body, detail.worker.home_code)))


@router.post("/workers/{worker_id}/consents", status_code=201)
def give_consent(worker_id: WorkerId, body: PaperIn, tx: OnceTx) -> StatementOut:
    """登记劳动者签字的匹配授权。/ Take down a worker's signed paper for matching."""
    usecases.check_may_write(tx)
    forms.check_paper(body, today())
    usecases.take_consent(tx, worker_id, witness=body.witness, signed_on=body.signed_on)
    return StatementOut(worker_id=worker_id, purpose=body.purpose, witness=body.witness, signed_on=body.signed_on)


@router.delete("/workers/{worker_id}/consents/{purpose}", status_code=204)
def withdraw_consent(worker_id: WorkerId, purpose: ConsentPurpose, tx: WriteTx) -> None:
    """劳动者撤回授权。/ The worker takes a consent back."""
    usecases.withdraw_consent(tx, worker_id, purpose.value)


def _shown(response: Response, detail: usecases.WorkerDetail) -> WorkerOut:
    mark(response, *detail.version)
    return WorkerOut.of(detail)
