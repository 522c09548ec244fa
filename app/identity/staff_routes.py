"""Organisations, their staff and systems, and what two persons decide."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from fastapi import APIRouter, Request, Response

from app.actor import Role
from app.edge.etags import mark, must_match
from app.edge.form_fields import wrong
from app.edge.idempotency import OnceRoute
from app.edge.paging import Page, Paging
from app.edge.public_ids import ApprovalId, InvitationId, KeyId, OrganisationId, UserId, show
from app.identity import api_keys, approvals, organisations, staff
from app.identity.door import OnceTx, ReadTx, WriteTx
from app.identity.model import Approval, Organisation
from app.identity.queries import is_division
from app.identity.schemas import (
    ApprovalIn,
    ApprovalKind,
    ApprovalOut,
    CarriedOutOut,
    DecisionIn,
    InvitationIn,
    InvitationOut,
    InvitedOut,
    KeyIn,
    KeyOut,
    MadeKeyOut,
    OrganisationIn,
    OrganisationOut,
    OrganisationPatch,
    RotateIn,
    UserOut,
    UserPatch,
)

router = APIRouter(prefix="/v1", tags=["organisations"], route_class=OnceRoute)
T = TypeVar("T")


@router.get("/organisations")
def list_organisations(tx: ReadTx, at: Paging) -> Page[OrganisationOut]:
    """本单位；主管部门看本地区的；运维和审计看全部。/ One's own, one's region's, or all of them."""
    found, following = organisations.list_organisations(tx, at)
    return Page(items=[OrganisationOut.of(row) for row in found], next=following)


@router.post("/organisations", status_code=201)
def create_organisation(body: OrganisationIn, tx: OnceTx, response: Response) -> OrganisationOut:
    """运维登记一个机构；其人员另需两人审批。/ An operator makes an organisation; its staff takes two persons."""
    row = organisations.make_organisation(tx, *_new_organisation(tx, body))
    response.headers["Location"] = f"/v1/organisations/{show('o', row.id)}"
    return OrganisationOut.of(row)


@router.get("/organisations/{organisation_id}")
def get_organisation(organisation_id: OrganisationId, tx: ReadTx, response: Response) -> OrganisationOut:
    """一个机构。/ One organisation."""
    row = organisations.get_organisation(tx, organisation_id)
    mark(response, *_version(row))
    return OrganisationOut.of(row)


@router.patch("/organisations/{organisation_id}")
def change_organisation(
    organisation_id: OrganisationId, body: OrganisationPatch, tx: WriteTx, request: Request
) -> OrganisationOut:
    """本单位的联系电话：印在单子上，也显示给劳动者。/ The office's telephone, as sheets and workers' cards show it."""
    must_match(request, *_version(organisations.organisation_to_change(tx, organisation_id)))
    return OrganisationOut.of(organisations.set_phone(tx, organisation_id, body.phone))


def _version(row: Organisation) -> tuple[object, ...]:
    return row.id, row.name, row.uscc, row.approved_at, row.phone


@router.get("/users")
def list_users(tx: ReadTx, at: Paging) -> Page[UserOut]:
    """本单位的工作人员。/ The staff one looks after."""
    found, following = staff.list_users(tx, at)
    return Page(items=[UserOut.model_validate(row) for row in found], next=following)


@router.get("/users/{user_id}")
def get_user(user_id: UserId, tx: ReadTx, response: Response) -> UserOut:
    """一名工作人员。/ One member of staff."""
    row = staff.get_user(tx, user_id)
    mark(response, row.id, row.role, row.state)
    return UserOut.model_validate(row)


@router.patch("/users/{user_id}")
def change_user(user_id: UserId, body: UserPatch, tx: WriteTx) -> UserOut:
    """站长改任经办人，下一次请求起生效；升任须两人审批。/ A head becomes a clerk; the other way takes two persons."""
    return UserOut.model_validate(staff.change_role(tx, user_id, Role(body.role.value)))


@router.post("/users/{user_id}/leave", status_code=204)
def end_user(user_id: UserId, tx: WriteTx) -> None:
    """离岗：登录立即失效。/ Somebody leaves; their sessions end at once."""
    staff.end_user(tx, user_id)


@router.get("/invitations")
def list_invitations(tx: ReadTx, at: Paging) -> Page[InvitationOut]:
    """本单位发出的邀请。/ The organisation's invitations."""
    found, following = staff.list_invitations(tx, at)
    return Page(items=[InvitationOut.model_validate(row) for row in found], next=following)


@router.post("/invitations", status_code=201)
def create_invitation(body: InvitationIn, tx: OnceTx) -> InvitedOut:
    """邀请一名工作人员；邀请码只显示这一次。/ Invite somebody; the code is shown this once."""
    made = staff.invite(tx, body.name, Role(body.role.value) if body.role else None)
    return InvitedOut.with_code(made.invitation, made.code)


@router.delete("/invitations/{invitation_id}", status_code=204)
def withdraw_invitation(invitation_id: InvitationId, tx: WriteTx) -> None:
    """撤回邀请。/ The code is good for nothing any more."""
    staff.withdraw_invitation(tx, invitation_id)


@router.get("/api-keys")
def list_keys(tx: ReadTx, at: Paging) -> Page[KeyOut]:
    """本单位各系统的接口密钥。/ The keys of the organisation's systems."""
    found, following = api_keys.list_keys(tx, at)
    return Page(items=[KeyOut.model_validate(row) for row in found], next=following)


@router.post("/api-keys", status_code=201)
def create_key(body: KeyIn, tx: OnceTx) -> MadeKeyOut:
    """为系统生成接口密钥；密钥只显示这一次。/ A key for a system; its secret is shown this once."""
    made = api_keys.make_key(tx, body.name, body.scopes, body.days)
    return MadeKeyOut.with_secret(made.key, made.secret)


@router.post("/api-keys/{key_id}/rotate", status_code=201)
def rotate_key(key_id: KeyId, body: RotateIn, tx: OnceTx) -> MadeKeyOut:
    """换发密钥，旧的再用一段时间。/ A new secret; the old one stays good for a while."""
    made = api_keys.rotate_key(tx, key_id, timedelta(hours=body.keep_old_hours))
    return MadeKeyOut.with_secret(made.key, made.secret)


@router.delete("/api-keys/{key_id}", status_code=204)
def revoke_key(key_id: KeyId, tx: WriteTx) -> None:
    """停用密钥，立即生效。/ Revoke a key, at once."""
    api_keys.revoke_key(tx, key_id)


@router.get("/approvals")
def list_approvals(tx: ReadTx, at: Paging) -> Page[ApprovalOut]:
    """本人或本单位提出的、以及可由您审批的事项。/ What one asked for, or may decide."""
    found, following = approvals.list_approvals(tx, at)
    return Page(items=[ApprovalOut.of(row, tx.actor) for row in found], next=following)


@router.post("/approvals", status_code=201)
def ask_approval(body: ApprovalIn, tx: OnceTx, response: Response) -> ApprovalOut:
    """提出须两人经办的事项。/ Ask for what takes two persons."""
    row = _asked(tx, body)
    response.headers["Location"] = f"/v1/approvals/{show('a', row.id)}"
    return ApprovalOut.of(row, tx.actor)


@router.get("/approvals/{approval_id}")
def get_approval(approval_id: ApprovalId, tx: ReadTx, response: Response) -> ApprovalOut:
    """一个审批事项。/ One of them."""
    row = approvals.get_approval(tx, approval_id)
    mark(response, row.id, row.state)
    return ApprovalOut.of(row, tx.actor)


@router.post("/approvals/{approval_id}/decide")
def decide_approval(approval_id: ApprovalId, body: DecisionIn, tx: WriteTx) -> ApprovalOut:
    """由第二人同意或不同意。/ The second person agrees or refuses."""
    return ApprovalOut.of(approvals.decide(tx, approval_id, agrees=body.agree, words=body.words), tx.actor)


@router.post("/approvals/{approval_id}/carry-out", status_code=201)
def carry_out_approval(approval_id: ApprovalId, tx: OnceTx) -> CarriedOutOut:
    """由提出人办理已批准的事项，只能一次。/ Who asked carries it out, once."""
    return CarriedOutOut.model_validate(approvals.carry_out(tx, approval_id))


def _asked(tx: OnceTx, body: ApprovalIn) -> Approval:
    if body.kind is ApprovalKind.ORGANISATION:
        wanted = _new_organisation(tx, _whole(body.organisation, "organisation"))
        return approvals.ask_for_organisation(tx, *wanted, body.reason)
    return approvals.ask_for_place(
        tx,
        _whole(body.organisation_id, "organisation_id"),
        Role(_whole(body.role, "role").value),
        name=_whole(body.name, "name"),
        reason=body.reason,
        user_id=body.user_id,
    )


def _new_organisation(tx: ReadTx, body: OrganisationIn) -> tuple[str, str, str, str | None]:
    if not is_division(tx.session, body.division):
        raise wrong("division", "unknown_place", "没有这个行政区划代码。", "There is no such division.")
    uscc = organisations.checked_uscc(body.uscc) if body.uscc else None
    return body.kind.value, body.name, body.division, uscc


def _whole(value: T | None, field: str) -> T:
    if value is None:
        raise wrong(field, "missing", "必填。", "This is required.")
    return value
