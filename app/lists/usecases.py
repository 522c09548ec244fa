"""Posting a list, correcting how it was understood, storing it, dropping it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from tempfile import SpooledTemporaryFile
from typing import Literal, NamedTuple, Self
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.db.base import today
from app.db.queue import enqueue
from app.db.sealing import seal, unseal
from app.db.transaction import Read, Write
from app.edge.public_ids import show
from app.errors import Conflict, FieldError, Invalid, NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.lists.clerk_sheet import write_problem_sheet
from app.lists.fields import FIELDS, ListKind
from app.lists.kept import Place, rewritten, stream_kept
from app.lists.model import ListProblem, PostedList
from app.lists.queries import find_list, has_file, has_stored_since, problems_of
from app.lists.sheet_view import ShownSheet, differing, shown_sheets
from app.lists.upload import Posted
from app.places.queries import division_name
from app.settings import settings

#: How long the clerk's own sheet with its problems can be fetched.
SHEET_FOR = timedelta(hours=24)
#: Why a file was refused -> the kind of list it is.
OTHER_KIND: dict[str, ListKind] = {"looks_like_worker": "worker", "looks_like_vacancy": "vacancy"}
_POSTED, _KEPT = b"F", b"K"
_POST: dict[str, Permission] = {
    "worker": Permission.POST_WORKER_LISTS,
    "vacancy": Permission.POST_VACANCY_LISTS,
}


class NotStorable(Conflict):
    """The list is not ready to be stored: it is being read, was refused, or is stored already."""

    code, zh = "list_not_ready", "清单现在不能保存：正在读取、已被拒收或已经保存。"


class StillReading(Conflict):
    """The list is still being read: correct its columns when it is ready."""

    code, zh = "list_reading", "清单还在读取，读完后再纠正列。"


class AlreadyStored(Conflict):
    """The list is stored or being stored: it can no longer be changed or dropped."""

    code, zh = "list_stored", "清单已保存或正在保存，不能再改动或删除。"


def post_list(
    tx: Write,
    kind: ListKind,
    posted: Posted,
    *,
    store: bool,
    division: str | None,
    witness: str | None = None,
    signed_on: date | None = None,
    no_papers: bool = False,
) -> PostedList:
    """Take a file in, and order it to be read (and stored): the order is part of this transaction."""
    allow(tx.actor, _POST[kind])
    attested = _attested("query", witness, signed_on, no_papers=no_papers)
    row = _new_list(tx, kind, posted.filename, _division(tx, division), attested)
    row.file_sealed = sealed_file(row.id, posted.content, is_kept=False)
    row.store = store
    tx.session.flush()  # the job refers to it
    return row


def _new_list(tx: Write, kind: str, filename: str, division: str, attested: dict[str, object]) -> PostedList:
    """A list of the actor's that is about to be read, still without its file."""
    if tx.actor.organisation_id is None:
        raise NotFound
    row = PostedList(
        id=uuid4(),
        kind=kind,
        organisation_id=tx.actor.organisation_id,
        division_code=division,
        role=tx.actor.role.value,
        token_id=tx.actor.token_id,
        user_id=tx.actor.user_id,
        filename=filename,
        store=False,
        state="reading",
        keep_until=func.now() + timedelta(days=settings().keep_lists_days),
        attested=attested,
    )
    tx.session.add(row)
    record(tx, "list.post", subject=show("l", row.id))
    return row


def _attested(where: str, witness: str | None, signed_on: date | None, *, no_papers: bool) -> dict[str, object]:
    """What stands behind a column of consents, as it is stated when storing: papers that somebody saw, or none. Nobody
    named: the organisation that posts the list. Raises Invalid."""
    if no_papers and (witness or signed_on):
        zh, en = "没有签字材料，就不能有见证人和签字日期。", "Without papers there is no witness and no day of signing."
        raise Invalid(errors=(FieldError((where, "no_papers"), "contradictory", zh, en),))
    if signed_on and signed_on > today():
        zh, en = "签字日期不能在今天之后。", "The day of signing cannot lie after today."
        raise Invalid(errors=(FieldError((where, "signed_on"), "bad_date", zh, en),))
    return {"witness": witness, "signed_on": signed_on.isoformat() if signed_on else None, "no_papers": no_papers}


def _division(tx: Read, division: str | None) -> str:
    """The division whose upper levels complete short addresses; "": none."""
    code = division or tx.actor.division or ""
    if division is not None and division_name(tx.session, division) is None:
        zh, en = f"没有行政区划代码 {division[:12]}。", f"There is no division {division[:12]}."
        raise Invalid(errors=(FieldError(("query", "division"), "unknown_place", zh, en),))
    return code


def order(tx: Write, job: Literal["read_list", "store_list"], posted: PostedList) -> None:
    """Order the background job of a list."""
    enqueue(tx, job, posted.id)


def allow_lists(tx: Read, kind: ListKind) -> None:
    """Pass when the actor may have lists of this kind."""
    allow(tx.actor, _POST[kind])


def the_list(tx: Read, kind: ListKind, list_id: UUID, *, with_file: bool = False) -> PostedList:
    """A list of the actor's organisation. Raises NotFound."""
    allow(tx.actor, _POST[kind])
    found = find_list(tx.session, kind, list_id, with_file=with_file)
    if found is None:
        raise NotFound
    return found


def order_storing(
    tx: Write,
    kind: ListKind,
    list_id: UUID,
    witness: str | None = None,
    signed_on: date | None = None,
    *,
    no_papers: bool = False,
) -> PostedList:
    """Store a previewed list; with `no_papers` its column of consents counts for nothing. Asking again while it is
    being stored is no error. Raises NotStorable."""
    posted = the_list(tx, kind, list_id)
    if posted.state in ("storing", "stored"):
        return posted
    if posted.state != "ready":
        raise NotStorable
    posted.attested = _attested("body", witness, signed_on, no_papers=no_papers)
    posted.state = "storing"
    order(tx, "store_list", posted)
    record(tx, "list.store", subject=show("l", list_id))
    return posted


def correct_columns(tx: Write, kind: ListKind, list_id: UUID, columns: Mapping[str, str | None]) -> PostedList:
    """Correct which column holds which field, and read again. Raises StillReading, AlreadyStored, Invalid."""
    posted = the_list(tx, kind, list_id)
    _check_may_read_again(posted)
    wrong = [header for header, field in columns.items() if field and field.partition("@")[0] not in FIELDS[kind]]
    if wrong:
        known = "、".join(FIELDS[kind])
        raise Invalid(
            errors=tuple(
                FieldError(("body", "columns", header), "unknown_field", f"可选字段：{known}。", f"One of: {known}.")
                for header in wrong
            )
        )
    headers = {column["header"] for column in posted.columns}
    strange = [header for header in columns if header not in headers]
    if headers and strange:
        raise Invalid(
            errors=tuple(
                FieldError(
                    ("body", "columns", header), "unknown_column", "清单中没有这一列。", "The list has no such column."
                )
                for header in strange
            )
        )
    posted.overrides = posted.overrides | dict(columns)
    posted.state, posted.store = "reading", False
    order(tx, "read_list", posted)
    return posted


def switch_kind(tx: Write, kind: ListKind, list_id: UUID) -> None:
    """Read a list that was refused as one of the other kind as what it is. Raises NotStorable when it was not."""
    posted = the_list(tx, kind, list_id)
    other = OTHER_KIND.get(str(posted.reason.get("code")))
    if posted.state != "refused" or other is None or not has_file(tx.session, list_id):
        raise NotStorable
    allow(tx.actor, _POST[other])
    posted.kind, posted.state, posted.store, posted.reason = other, "reading", False, {}
    posted.keep_until = func.now() + timedelta(days=settings().keep_lists_days)
    order(tx, "read_list", posted)
    record(tx, "list.switch", subject=show("l", list_id))


def read_again_if_outdated(tx: Write, kind: ListKind, posted: PostedList) -> None:
    """Read a preview again when lists were stored since: what would be new may be there by now."""
    if posted.state == "ready" and has_stored_since(tx.session, posted):
        correct_columns(tx, kind, posted.id, {})


class Fixed(NamedTuple):
    """The list that is read with its corrections, and how many cells they changed."""

    posted: PostedList
    cells: int


def fix_cells(tx: Write, kind: ListKind, list_id: UUID, said: Mapping[Place, str]) -> Fixed:
    """Put other words into cells of the own sheet, and read it again; of a list that is stored as a new list, as if the
    corrected workbook was posted. Raises as problem_sheet, and StillReading, AlreadyStored."""
    posted, kept = _own_copy(tx, kind, list_id)
    if posted.state != "stored":
        _check_may_read_again(posted)
    changed = differing(stream_kept(kept), said)
    if not changed:
        return Fixed(posted, 0)
    if posted.state == "stored":
        stored, posted = posted, _new_list(tx, kind, posted.filename, posted.division_code, {})
        posted.overrides = stored.overrides
    posted.file_sealed = sealed_file(posted.id, rewritten(kept, changed), is_kept=True)
    posted.state, posted.store = "reading", False
    tx.session.flush()  # the job refers to it
    order(tx, "read_list", posted)
    record(tx, "list.fix", subject=show("l", posted.id), purpose=str(len(changed)))
    return Fixed(posted, len(changed))


def _check_may_read_again(posted: PostedList) -> None:
    if posted.state == "reading":
        raise StillReading
    if posted.state in ("storing", "stored"):
        raise AlreadyStored


def drop_list(tx: Write, kind: ListKind, list_id: UUID) -> None:
    """Drop a list before it is stored. Raises AlreadyStored."""
    posted = the_list(tx, kind, list_id)
    if posted.state in ("storing", "stored"):
        raise AlreadyStored
    tx.session.delete(posted)
    record(tx, "list.drop", subject=show("l", list_id))


def sealed_file(list_id: UUID, content: bytes, *, is_kept: bool) -> bytes:
    """A list's file as ciphertext: as posted, or (kept) our copy without the columns that may not be kept."""
    return seal((_KEPT if is_kept else _POSTED) + content, "lists.file_sealed", list_id)


def file_of(posted: PostedList) -> tuple[bytes, bool] | None:
    """The file and whether it is our kept copy; None when it is no longer there."""
    if posted.file_sealed is None:
        return None
    plain = unseal(posted.file_sealed, "lists.file_sealed", posted.id)
    return plain[1:], plain[:1] == _KEPT


def problem_sheet(tx: Write, kind: ListKind, list_id: UUID, lang: str) -> bytes:
    """The uploader's own sheet with what to fix in a last column, for a day. Raises NotFound for anybody else."""
    posted, kept = _own_copy(tx, kind, list_id)
    record(tx, "list.problem_sheet", subject=show("l", list_id))
    with SpooledTemporaryFile(max_size=4_000_000) as target:
        problems = _remarks(tx, list_id)
        write_problem_sheet(target, stream_kept(kept), problems, kind=kind, overrides=_overrides(posted), lang=lang)
        target.seek(0)
        return target.read()


class ListSheets(NamedTuple):
    """A list's sheets for a page; whether they are the reader's own, to be corrected and downloaded."""

    sheets: list[ShownSheet]
    are_own: bool


def sheets_as_shown(tx: Write, kind: ListKind, list_id: UUID, *, english: bool) -> ListSheets:
    """The sheets as they were posted, as long as they are kept: first lines and those with problems. Whole to who
    uploaded them and for a day; afterwards, and to colleagues, without the digits of ID numbers and phones."""
    posted, kept = _copy(tx, kind, list_id)
    if kept is None:
        return ListSheets([], are_own=False)
    are_own = _is_own(tx, posted)
    record(tx, "list.read", subject=show("l", list_id))
    remarks, overrides = _remarks(tx, list_id), _overrides(posted)
    found = shown_sheets(
        stream_kept(kept), remarks, kind=kind, overrides=overrides, english=english, is_masked=not are_own
    )
    return ListSheets(found, are_own)


def _own_copy(tx: Read, kind: ListKind, list_id: UUID) -> tuple[PostedList, bytes]:
    """The list and its kept copy, for who uploaded it and for a day. Raises NotFound."""
    posted, kept = _copy(tx, kind, list_id)
    if kept is None or not _is_own(tx, posted):
        raise NotFound
    return posted, kept


def _copy(tx: Read, kind: ListKind, list_id: UUID) -> tuple[PostedList, bytes | None]:
    """The list and our copy of it; None: it is not kept any more, or was never read."""
    posted = the_list(tx, kind, list_id, with_file=True)
    file = file_of(posted)
    return posted, file[0] if file and file[1] else None


def _is_own(tx: Read, posted: PostedList) -> bool:
    """Whether the actor uploaded it, within a day: the same member of staff, whichever the sign-in; else the token."""
    is_young = select(func.now() - PostedList.created_at <= SHEET_FOR).where(PostedList.id == posted.id)
    actor = tx.actor
    is_theirs = posted.user_id == actor.user_id if posted.user_id else posted.token_id == actor.token_id
    return is_theirs and bool(tx.session.scalar(is_young))


def _remarks(tx: Read, list_id: UUID) -> list[SheetRemark]:
    return [SheetRemark.of(row) for row in tx.session.scalars(problems_of(list_id).order_by(ListProblem.id))]


def _overrides(posted: PostedList) -> dict[str, str | None]:
    return {header: None if said is None else str(said) for header, said in posted.overrides.items()}


class SheetRemark(NamedTuple):
    """A stored problem as the clerk's sheet needs it."""

    sheet: str
    row: int
    column: str
    code: str
    blocks: bool
    message_zh: str
    message_en: str

    @classmethod
    def of(cls, row: ListProblem) -> Self:
        """From the row."""
        return cls(row.sheet, row.row, row.header, row.code, row.blocks, row.message_zh, row.message_en)
