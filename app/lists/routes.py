"""Worker lists and vacancy lists over HTTP: the same eleven addresses for both kinds."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.edge.idempotency import OnceRoute
from app.edge.language import of_scope
from app.edge.paging import Page, Paging, read_page
from app.edge.public_ids import ListId, show
from app.edge.written_dates import Day
from app.identity.door import OnceTx, ReadTx, WriteTx
from app.lists import usecases
from app.lists.clerk_sheet import write_template
from app.lists.fields import ListKind
from app.lists.model import ListProblem, PostedList
from app.lists.queries import first_problems, lists_of_kinds, problems_of
from app.lists.schemas import ColumnsIn, ListOrderedOut, ListOut, ListState, ProblemOut, StoreIn
from app.lists.undo import undo_list
from app.lists.upload import REQUEST_BODY, PostedFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE = {"schema": {"type": "string", "format": "binary"}}
_BINARY: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: _FILE}}}
Witness = Annotated[
    str | None,
    Query(min_length=1, max_length=60, description="谁看过签字的同意书 / who saw the signed consents; with store=true"),
]
SignedOn = Annotated[Day | None, Query(description="签字日期 / the day on them")]
NoPapers = Annotated[
    bool, Query(description="没有签字材料，“同意”一栏不作数 / no signed papers: the column of consents does not count")
]
StoreNow = Annotated[bool, Query(description="读完即保存 / store as soon as it is read")]
Division = Annotated[
    str | None, Query(pattern=r"^\d{6}$", description="缺省为本机构所在行政区划 / default: the organisation's own")
]


def _ordered(posted: PostedList, response: Response, path: str) -> ListOrderedOut:
    response.headers["Location"] = f"/v1/{path}/{show('l', posted.id)}"
    return ListOrderedOut(id=posted.id, state=ListState(posted.state))


def workbook(content: bytes, filename: str) -> Response:
    """An answer that the browser saves."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, media_type=XLSX, headers=headers)


def routes_of(kind: ListKind) -> APIRouter:
    """The addresses of one kind of list."""
    path = f"{kind}-lists"
    router = APIRouter(prefix=f"/v1/{path}", tags=["lists"], route_class=OnceRoute)

    @router.post("", status_code=202, name=f"post_{kind}_list", openapi_extra=REQUEST_BODY)
    def post(
        posted: PostedFile,
        tx: OnceTx,
        response: Response,
        store: StoreNow = False,
        division: Division = None,
        witness: Witness = None,
        signed_on: SignedOn = None,
        no_papers: NoPapers = False,
    ) -> ListOrderedOut:
        """上传清单：先预览，或直接保存。/ Post a list: preview it, or store it at once."""
        made = usecases.post_list(
            tx,
            kind,
            posted,
            store=store,
            division=division,
            witness=witness,
            signed_on=signed_on,
            no_papers=no_papers,
        )
        usecases.order(tx, "read_list", made)
        return _ordered(made, response, path)

    @router.get("", name=f"list_{kind}_lists")
    def list_them(tx: ReadTx, at: Paging, request: Request) -> Page[ListOut]:
        """本机构的清单，新的在前。/ The organisation's lists, newest first."""
        usecases.allow_lists(tx, kind)
        columns = (PostedList.created_at, PostedList.id)
        rows, following = read_page(tx.session, lists_of_kinds((kind,)), at, *columns, newest_first=True)
        language = of_scope(request.scope)
        return Page(items=[ListOut.of(row, [], language) for row in rows], next=following)

    @router.get("/template.xlsx", name=f"get_{kind}_list_template", responses=_BINARY, response_class=Response)
    def get_template() -> Response:
        """空白表样。/ An empty form, with drop-downs."""
        target = BytesIO()
        write_template(target, kind)
        return workbook(target.getvalue(), f"{path}-template.xlsx")

    @router.get("/{list_id}", name=f"get_{kind}_list")
    def get_one(list_id: ListId, tx: ReadTx, request: Request) -> ListOut:
        """清单的状态、各列的理解、问题与计数。/ State, columns, counts and problems of a list."""
        found = usecases.the_list(tx, kind, list_id)
        return ListOut.of(found, list(first_problems(tx.session, list_id)), of_scope(request.scope))

    @router.get("/{list_id}/problems", name=f"list_{kind}_list_problems")
    def list_problems(list_id: ListId, tx: ReadTx, at: Paging, request: Request) -> Page[ProblemOut]:
        """全部问题，分页。/ All problems, by page."""
        usecases.the_list(tx, kind, list_id)
        rows, following = read_page(tx.session, problems_of(list_id), at, ListProblem.id)
        language = of_scope(request.scope)
        return Page(items=[ProblemOut.of(row, language) for row in rows], next=following)

    @router.get("/{list_id}/problems.xlsx", name=f"get_{kind}_list_sheet", responses=_BINARY, response_class=Response)
    def get_sheet(list_id: ListId, tx: WriteTx, request: Request) -> Response:
        """原表加一列“需要修改的问题”；仅上传者，24 小时内。/ The clerk's own sheet with what to fix."""
        return workbook(usecases.problem_sheet(tx, kind, list_id, of_scope(request.scope)), "problems.xlsx")

    @router.put("/{list_id}/columns", status_code=202, name=f"correct_{kind}_list_columns")
    def put_columns(list_id: ListId, body: ColumnsIn, tx: WriteTx, response: Response) -> ListOrderedOut:
        """纠正列的含义，重新读取。/ Correct what columns mean; the list is read again."""
        return _ordered(usecases.correct_columns(tx, kind, list_id, body.columns), response, path)

    @router.post("/{list_id}/store", status_code=202, name=f"store_{kind}_list")
    def store_it(list_id: ListId, tx: OnceTx, response: Response, body: StoreIn | None = None) -> ListOrderedOut:
        """保存已预览的清单。/ Store a previewed list."""
        said = body or StoreIn()
        stored = usecases.order_storing(tx, kind, list_id, said.witness, said.signed_on, no_papers=said.no_papers)
        return _ordered(stored, response, path)

    @router.post("/{list_id}/undo", name=f"undo_{kind}_list")
    def undo_it(list_id: ListId, tx: OnceTx, response: Response) -> ListOrderedOut:
        """撤销已保存的清单，恢复保存前的样子；已有人答复或改动过则不能。/ Take a stored list back while unanswered."""
        return _ordered(undo_list(tx, kind, list_id), response, path)

    @router.delete("/{list_id}", status_code=204, name=f"drop_{kind}_list")
    def drop(list_id: ListId, tx: WriteTx) -> None:
        """保存前删除清单。/ Drop a list before it is stored."""
        usecases.drop_list(tx, kind, list_id)

    return router


router = APIRouter()
router.include_router(routes_of("worker"))
router.include_router(routes_of("vacancy"))
