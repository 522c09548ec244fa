"""Alarms, exports that two people answer for, and the audit log for the auditor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.edge.form_fields import wrong
from app.edge.idempotency import OnceRoute
from app.edge.paging import Page, Paging
from app.edge.public_ids import WorkerId, show
from app.edge.written_dates import Moment
from app.identity.door import OnceTx, ReadTx, WriteTx
from app.oversight import usecases
from app.oversight.schemas import AlarmOut, AuditEntryOut, AuditSealOut, ExportId, ExportIn, ExportOut

router = APIRouter(prefix="/v1", tags=["oversight"], route_class=OnceRoute)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
About = Annotated[WorkerId | None, Query(description="关于某位劳动者 / about a worker")]
Action = Annotated[str | None, Query(max_length=50, description="某种操作 / of an action, e.g. worker.read")]
Since = Annotated[Moment | None, Query(description="此时以后 / at or after this time")]


@router.get("/alarms")
def list_alarms(tx: WriteTx, at: Paging) -> Page[AlarmOut]:
    """一天内查看人数过多的告警（本站负责人、审计）。/ Who looked at too many people: for the head and the auditor."""
    found, following = usecases.list_alarms(tx, at)
    return Page(items=[AlarmOut.of(one) for one in found], next=following)


@router.post("/exports", status_code=201)
def ask_export(body: ExportIn, tx: OnceTx, response: Response) -> ExportOut:
    """申请导出（至多 200 人，不含身份证号和电话），由负责人批准。/ Ask for a file; the head decides."""
    asked = usecases.ask_export(tx, _chosen(tx, body), body.reason)
    response.headers["Location"] = f"/v1/exports/{show('ex', asked.id)}"
    return ExportOut.of(asked)


@router.get("/exports")
def list_exports(tx: ReadTx, at: Paging) -> Page[ExportOut]:
    """本站的导出申请，最新的在前。/ What the station asked for, the newest first."""
    found, following = usecases.list_exports(tx, at)
    return Page(items=[ExportOut.of(one) for one in found], next=following)


@router.get("/exports/{export_id}")
def get_export(export_id: ExportId, tx: ReadTx) -> ExportOut:
    """一项导出申请。/ One of them."""
    return ExportOut.of(usecases.read_export(tx, export_id))


@router.post("/exports/{export_id}/approve")
def approve_export(export_id: ExportId, tx: OnceTx) -> ExportOut:
    """批准他人的申请。/ Allow what somebody else asked for."""
    return ExportOut.of(usecases.decide_export(tx, export_id, allowed=True))


@router.post("/exports/{export_id}/reject")
def reject_export(export_id: ExportId, tx: OnceTx) -> ExportOut:
    """不批准。/ Not allow it."""
    return ExportOut.of(usecases.decide_export(tx, export_id, allowed=False))


@router.get(
    "/exports/{export_id}/file",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_export_file(export_id: ExportId, tx: WriteTx) -> Response:
    """下载文件：仅申请人，批准后 24 小时内，一次。/ The file: for whoever asked, within 24 hours, once."""
    content = usecases.fetch_file(tx, export_id)
    name = f'attachment; filename="{show("ex", export_id)}.xlsx"'
    return Response(content, media_type=XLSX, headers={"Content-Disposition": name})


@router.get("/audit-entries")
def list_audit_entries(
    tx: WriteTx, at: Paging, worker_id: About = None, action: Action = None, since: Since = None
) -> Page[AuditEntryOut]:
    """审计日志，最新的在前（审计）。/ The audit log, the newest first: for the auditor."""
    found, following = usecases.list_entries(tx, at, worker_id=worker_id, action=action, since=since)
    return Page(items=[AuditEntryOut.of(one) for one in found], next=following)


@router.get("/audit-seals")
def list_audit_seals(tx: ReadTx, at: Paging) -> Page[AuditSealOut]:
    """审计日志的封签链（审计）。/ The seals over the audit log: for the auditor."""
    found, following = usecases.list_seals(tx, at)
    return Page(items=[AuditSealOut.of(one) for one in found], next=following)


def _chosen(tx: OnceTx, body: ExportIn) -> Sequence[UUID]:
    if (body.worker_ids is None) == (body.filter is None):
        raise wrong("worker_ids", "one_of", "请在 worker_ids 和 filter 中填一项。", "Give worker_ids or filter.")
    if body.worker_ids is not None:
        return body.worker_ids
    assert body.filter
    found = usecases.choose(tx, occupation=body.filter.occupation, division=body.filter.division)
    if not found:
        raise wrong("filter", "nobody", "没有符合条件的劳动者。", "Nobody fits this filter.")
    return found
