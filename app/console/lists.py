"""Lists on the desk: drop a workbook, see it as the own sheet with what is wrong, correct columns, store."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from app.console.desk_queries import among, how_many
from app.console.door import Fields, FormWrite, PageRead, PageWrite
from app.console.forms import checked, in_words
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.db.base import today
from app.db.transaction import Read
from app.edge.form_fields import wrong
from app.edge.paging import Paging, Window, read_page
from app.edge.public_ids import ListId, show
from app.errors import Invalid, NotFound
from app.identity.permissions import Permission, may
from app.lists import usecases
from app.lists.clerk_sheet import write_template
from app.lists.fields import FIELDS, ListKind
from app.lists.model import PostedList
from app.lists.queries import find_list_of_any_kind, first_problems, lists_of_kinds, workers_in
from app.lists.routes import workbook
from app.lists.undo import undo_list
from app.lists.upload import PostedFile
from app.workers import forms
from app.workers.queries import agreed_in, workers
from app.workers.schemas import PaperIn
from app.workers.usecases import list_workers

router = APIRouter(prefix="/desk/lists", route_class=PageRoute, include_in_schema=False)
#: While it stands in one of these, the page asks again.
AT_WORK = frozenset({"reading", "storing"})
Kind = Annotated[ListKind, Form()]
Changed = Annotated[int | None, Query(ge=0, le=1_000_000)]
NO_SHEETS = usecases.ListSheets([], are_own=False)
#: The name of a cell's field, and how much may be written into it.
_CELL = re.compile(r"cell:(?P<row>\d{1,7}):(?P<column>\d{1,3}):(?P<sheet>.*)", re.DOTALL)
_MOST_WORDS = 500
#: Papers printed at a time.
_SHEETS = 200


def kinds_of(tx: Read) -> list[ListKind]:
    """The kinds of list the actor may post."""
    may_post: dict[ListKind, Permission] = {
        "worker": Permission.POST_WORKER_LISTS,
        "vacancy": Permission.POST_VACANCY_LISTS,
    }
    return [kind for kind, permission in may_post.items() if may(tx.actor, permission)]


@router.get("")
def see_lists(request: Request, tx: PageRead, at: Paging) -> Response:
    """Drop a list here; the latest ones below."""
    kinds = kinds_of(tx)
    if not kinds:
        raise NotFound
    found, following = read_page(
        tx.session, lists_of_kinds(kinds), at, PostedList.created_at, PostedList.id, newest_first=True
    )
    return render(request, "lists.html", kinds=kinds, lists=found, following=following)


@router.post("")
def post(request: Request, posted: PostedFile, tx: FormWrite, kind: Kind) -> Response:
    """Take a workbook in and read it."""
    made = usecases.post_list(tx, kind, posted, store=False, division=None)
    usecases.order(tx, "read_list", made)
    return onward(request, f"/desk/lists/{show('l', made.id)}")


@router.get("/template/{kind}.xlsx")
def template(kind: ListKind) -> Response:
    """An empty form."""
    target = BytesIO()
    write_template(target, kind)
    return workbook(target.getvalue(), f"{kind}-list-template.xlsx")


class ListGone(NotFound):
    """This preview was discarded, or is no longer kept: please upload the workbook again."""

    code, zh = "list_gone", "这份预览已经不要了，或者过了保存期。请重新上传。"


def the_list(tx: Read, list_id: UUID) -> tuple[PostedList, ListKind]:
    """A list of the actor's organisation and its kind. Raises ListGone."""
    found = find_list_of_any_kind(tx.session, list_id)
    if found is None:
        raise ListGone
    kind: ListKind = "worker" if found.kind == "worker" else "vacancy"
    usecases.allow_lists(tx, kind)
    return found, kind


@router.get("/{list_id}")
def see(
    request: Request,
    list_id: ListId,
    tx: PageWrite,
    undone: Annotated[bool, Query()] = False,
    fixed: Changed = None,
) -> Response:
    """A list: how far it is, what was understood, what is wrong."""
    found, kind = the_list(tx, list_id)
    usecases.read_again_if_outdated(tx, kind, found)
    return _page(request, tx, list_id, undone=undone, fixed=fixed)


def _page(
    request: Request,
    tx: PageWrite,
    list_id: UUID,
    *,
    undone: bool = False,
    fixed: int | None = None,
    said: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    """`fixed`: cells just corrected; after an order to store that was not right what was said of the papers, and what
    is wrong by field."""
    found, kind = the_list(tx, list_id)
    at_work, language = found.state in AT_WORK, language_of(request)
    is_stored = kind == "worker" and found.state == "stored"
    shown = usecases.sheets_as_shown(tx, kind, list_id, english=language == "en") if not at_work else NO_SHEETS
    return render(
        request,
        "list.html",
        list=found,
        kind=kind,
        address=f"/desk/lists/{show('l', list_id)}",
        sheets=shown.sheets,
        are_own=shown.are_own,
        other_kind=usecases.OTHER_KIND.get(str(found.reason.get("code"))),
        may_post=kinds_of(tx),
        problems=first_problems(tx.session, list_id, 50) if not shown.sheets else [],
        fields=FIELDS[kind],
        at_work=at_work,
        undone=undone,
        fixed=fixed,
        asks_papers=_asks_papers(found),
        said=said or {"papers": "", "witness": "", "signed_on": ""},
        faults=faults or {},
        status=422 if faults else 200,
        agreed=len(agreed_in(tx, list_id)) if is_stored else 0,
        unsigned=how_many(tx.session, workers(only=among("not_agreed"), among=workers_in(list_id))) if is_stored else 0,
        today=today(),
    )


@router.get("/{list_id}/progress")
def progress(request: Request, list_id: ListId, tx: PageRead, fixed: Changed = None) -> Response:
    """How far the work is; when it is done the page is loaded anew."""
    found, kind = the_list(tx, list_id)
    address = f"/desk/lists/{show('l', list_id)}"
    if found.state not in AT_WORK:
        return onward(request, address if fixed is None else f"{address}?fixed={fixed}")
    return render(request, "list_progress.html", list=found, kind=kind, address=address, fixed=fixed)


@router.post("/{list_id}/columns")
def correct(request: Request, list_id: ListId, form: Fields, tx: FormWrite) -> Response:
    """Say what columns mean; the list is read again."""
    columns = {name[7:]: value or None for name, value in form.items() if name.startswith("column:")}
    _, kind = the_list(tx, list_id)
    usecases.correct_columns(tx, kind, list_id, columns)
    return onward(request, f"/desk/lists/{show('l', list_id)}")


@router.post("/{list_id}/cells")
def fix(request: Request, list_id: ListId, form: Fields, tx: FormWrite) -> Response:
    """Correct cells where they stand; the list is read again, a stored one as a new list."""
    said = {}
    for name, words in form.items():
        if found := _CELL.fullmatch(name):
            said[found["sheet"], int(found["row"]), int(found["column"])] = words.strip()[:_MOST_WORDS]
    _, kind = the_list(tx, list_id)
    fixed = usecases.fix_cells(tx, kind, list_id, said)
    return onward(request, f"/desk/lists/{show('l', fixed.posted.id)}?fixed={fixed.cells}")


@router.post("/{list_id}/store")
def store(
    request: Request,
    list_id: ListId,
    tx: FormWrite,
    papers: Annotated[Literal["", "yes", "no"], Form()] = "",
    witness: Annotated[str, Form(max_length=60)] = "",
    signed_on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Store all good rows. Who saw signed papers knows of which day they are."""
    found, kind = the_list(tx, list_id)
    try:
        paper = _paper(found, papers, witness.strip(), signed_on)
    except Invalid as problem:
        said = {"papers": papers, "witness": witness, "signed_on": signed_on}
        return _page(request, tx, list_id, said=said, faults=in_words(problem, language_of(request) == "en"))
    if paper is None:
        usecases.order_storing(tx, kind, list_id, no_papers=True)
    else:
        usecases.order_storing(tx, kind, list_id, paper.witness, paper.signed_on)
    return onward(request, f"/desk/lists/{show('l', list_id)}")


def _asks_papers(found: PostedList) -> bool:
    """Whether a column of consents has a yes in it; an older preview does not say."""
    return found.kind == "worker" and bool(found.counts.get("agrees", True))


def _paper(found: PostedList, papers: str, witness: str, signed_on: str) -> PaperIn | None:
    """The papers behind the column of consents; None: there are none. Raises Invalid."""
    if papers == "" and _asks_papers(found):
        raise wrong("papers", "missing", "请先选：有没有签字的同意书。", "Please choose: are there signed papers?")
    if papers != "yes":
        return None
    if not (witness and signed_on):
        zh, en = "见证人和签字日期都要填。", "Both the witness and the day are needed."
        raise wrong("witness" if not witness else "signed_on", "missing", zh, en)
    paper = checked(PaperIn, witness=witness, signed_on=signed_on)
    forms.check_paper(paper, today())
    return paper


@router.get("/{list_id}/papers")
def see_papers(request: Request, list_id: ListId, tx: PageWrite) -> Response:
    """The papers to sign of those in a list who have not agreed yet, a sheet each, in the list's order."""
    found, _ = the_list(tx, list_id)
    at, listed = Window(request.url.path, _SHEETS), workers_in(list_id)
    people, further = list_workers(tx, at, only=among("not_agreed"), among=listed)
    address = f"/desk/lists/{show('l', list_id)}"
    return render(request, "papers.html", list=found, address=address, workers=people, is_more=further is not None)


@router.post("/{list_id}/kind")
def switch_kind(request: Request, list_id: ListId, tx: FormWrite) -> Response:
    """It is a list of the other kind: read it as what it is."""
    _, kind = the_list(tx, list_id)
    usecases.switch_kind(tx, kind, list_id)
    return onward(request, f"/desk/lists/{show('l', list_id)}")


@router.post("/{list_id}/undo")
def undo(request: Request, list_id: ListId, tx: FormWrite) -> Response:
    """Take a stored list back; it is a preview again."""
    _, kind = the_list(tx, list_id)
    undo_list(tx, kind, list_id)
    return onward(request, f"/desk/lists/{show('l', list_id)}?undone=true")


@router.post("/{list_id}/drop")
def drop(request: Request, list_id: ListId, tx: FormWrite) -> Response:
    """Drop a list before it is stored."""
    _, kind = the_list(tx, list_id)
    usecases.drop_list(tx, kind, list_id)
    return onward(request, "/desk/lists")


@router.get("/{list_id}/problems.xlsx")
def problem_sheet(request: Request, list_id: ListId, tx: PageWrite) -> Response:
    """The own sheet with what to fix."""
    _, kind = the_list(tx, list_id)
    return workbook(usecases.problem_sheet(tx, kind, list_id, language_of(request)), "problems.xlsx")
