"""The pages' addresses: the start, the language, files; the rest by reader."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app.actor import Role
from app.console import (
    answers,
    board,
    desk,
    guide,
    lists,
    my,
    office_work,
    picture,
    plans,
    shocks,
    signing_in,
    vacancies,
    warming,
    worker,
)
from app.console.cookies import COOKIE, YEAR, remember
from app.console.door import PageRead
from app.console.map_line import dots
from app.console.page_route import PageRoute
from app.console.pages import FOLDERS, LANGUAGE_COOKIE, dress, render
from app.console.picture_drawing import counties
from app.console.typed import keep_typed
from app.edge.caching import public
from app.errors import NotFound

router = APIRouter(route_class=PageRoute, include_in_schema=False)
#: Where each role begins.
HOME = {
    Role.STATION: "/desk",
    Role.HEAD: "/desk",
    Role.DESTINATION: "/office",
    Role.EMPLOYER: "/board",
    Role.COORDINATOR: "/picture",
    Role.WORKER: "/my",
    Role.AUDITOR: "/office",
    Role.OPERATOR: "/office",
}


@router.get("/welcome")
def welcome(request: Request) -> Response:
    """Who are you? Three doors."""
    return render(request, "welcome.html")


@router.get("/")
def start(request: Request) -> Response:
    """The bare address: the own page, or the three doors."""
    return RedirectResponse("/home" if request.cookies.get(COOKIE) else "/welcome", status_code=307)


@router.get("/home")
def home(tx: PageRead) -> Response:
    """The page a role begins with."""
    return RedirectResponse(HOME[tx.actor.role], status_code=307)


#: A page of ours.
_Ours = Annotated[str, Query(pattern=r"^/([^/\\].*)?$", max_length=300)]


@router.get("/language/{chosen}")
def choose_language(chosen: Literal["zh", "en"], back: _Ours = "/") -> Response:
    """Read on in the other language."""
    answer = RedirectResponse(back, status_code=303)
    remember(answer, LANGUAGE_COOKIE, chosen)
    return answer


@router.post("/language/{chosen}")
async def write_on(request: Request, chosen: Literal["zh", "en"], back: _Ours, sent_to: _Ours) -> Response:
    """The same in the middle of a form: what was typed is there again. Nothing of it is sent."""
    answer = choose_language(chosen, back)
    await keep_typed(request, answer, back, sent_to)
    return answer


@router.get("/static/{name}")
def static_file(name: str) -> Response:
    """A file of ours."""
    return _file("static", name)


@router.get("/built/{name}")
def built_file(name: str) -> Response:
    """A file made at set-up."""
    return _file("built", name)


def _file(folder: str, name: str) -> Response:
    path = FOLDERS[folder] / name
    if path.parent != FOLDERS[folder] or not path.is_file():
        raise NotFound
    answer = FileResponse(path)
    public(answer, YEAR)
    dress(answer)
    return answer


@router.get("/pictures/{ground}.svg")
def ground(ground: Literal["dots", "counties"]) -> Response:
    """The ground of every small map, and of the large one."""
    answer = Response(dots() if ground == "dots" else counties(), media_type="image/svg+xml")
    public(answer, 86_400)
    dress(answer)
    return answer


_ROOMS = (
    signing_in,
    lists,
    desk,
    worker,
    answers,
    plans,
    vacancies,
    board,
    my,
    picture,
    office_work,
    shocks,
    guide,
    warming,
)
for _pages in _ROOMS:
    router.include_router(_pages.router)
