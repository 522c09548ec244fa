"""An application of the edge alone: routes of every kind that rooms have, and nothing of a room."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, File, Form, Query, Request, Response, UploadFile
from pydantic import AwareDatetime, Field
from sqlalchemy import text

from app.edge.caching import public, revalidated
from app.edge.etags import mark, must_match
from app.edge.idempotency import OnceRoute
from app.edge.public_ids import VacancyId, WorkerId
from app.edge.strict import In, Out
from app.errors import NotFound
from app.identity.audit import record
from app.identity.door import OnceTx, PublicTx, ReadTx
from app.main import create_app

router = APIRouter(prefix="/v1", route_class=OnceRoute)


class Colour(StrEnum):
    """A named enum."""

    RED = "red"
    BLUE = "blue"


class PartIn(In):
    """Something inside."""

    count: int = Field(ge=0, le=100)


class ThingIn(In):
    """A body with a field of every kind."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    size: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    share: float = 0.5
    is_open: bool = False
    day: date | None = None
    at: AwareDatetime | None = None
    colour: Colour = Colour.RED
    owner: WorkerId | None = None
    parts: Annotated[list[PartIn], Field(max_length=5, default_factory=list)]


class ThingOut(Out):
    """What became of it."""

    id: VacancyId
    name: str


ONE = UUID(int=1)


@router.post("/things")
def create_thing(body: ThingIn) -> ThingOut:
    """Takes a body."""
    return ThingOut(id=ONE, name=body.name)


@router.get("/things/{thing_id}")
def get_thing(thing_id: VacancyId, response: Response) -> ThingOut:
    """One thing, if it is the one there is."""
    if thing_id != ONE:
        raise NotFound
    mark(response, "first version")
    return ThingOut(id=ONE, name="柜子")


@router.patch("/things/{thing_id}")
def update_thing(thing_id: VacancyId, body: ThingIn, request: Request) -> ThingOut:
    """Change it, if it is still what the caller saw."""
    must_match(request, "first version")
    return ThingOut(id=thing_id, name=body.name)


@router.get("/things")
def list_things(
    limit: Annotated[int, Query(ge=1, le=100)] = 50, colour: Colour = Colour.RED, q: str = ""
) -> list[ThingOut]:
    """Many things."""
    return [ThingOut(id=ONE, name="长" * 20)] * limit


@router.get("/colours")
def list_colours(response: Response) -> list[Colour]:
    """Reference data."""
    public(response)
    return list(Colour)


@router.get("/me/things")
def list_my_things(response: Response) -> list[Colour]:
    """Personal, but the caller may keep it."""
    revalidated(response)
    return [Colour.BLUE]


@router.post("/forms")
def sign_in(username: Annotated[str, Form(max_length=40)]) -> ThingOut:
    """Takes a form."""
    return ThingOut(id=ONE, name=username)


@router.post("/worker-lists")
def upload_list(file: Annotated[UploadFile, File()], division: str = "520526") -> ThingOut:
    """Takes a file."""
    return ThingOut(id=ONE, name=str(len(file.file.read())))


@router.get("/broken")
def get_broken() -> ThingOut:
    """Fails in a way nobody foresaw, with somebody's data in the message."""
    raise RuntimeError("田小草 530102199001011234")


@router.get("/statements/{sqlstate}")
def run_statement(sqlstate: str, tx: PublicTx) -> ThingOut:
    """The database refuses, with a SQLSTATE of the caller's choice."""
    tx.session.execute(text(STATEMENTS[sqlstate]))
    raise AssertionError


@router.get("/mine")
def read_mine(tx: ReadTx) -> ThingOut:
    """Whose token it is."""
    return ThingOut(id=ONE, name=tx.actor.role.value)


@router.post("/effects", status_code=201)
def create_effect(body: ThingIn, tx: OnceTx, response: Response) -> ThingOut:
    """One audit entry for each effect: what a repeated request must not add to."""
    record(tx, "effect", subject=body.name)
    made = tx.session.scalar(text("select gen_random_uuid()"))
    assert isinstance(made, UUID)
    response.headers["Location"] = f"/v1/effects/v_{made.hex}"
    if body.name == "又错了":
        raise NotFound
    return ThingOut(id=made, name=body.name)


@router.post("/effect-files", status_code=202)
def create_effect_from_file(file: Annotated[UploadFile, File()], tx: OnceTx) -> ThingOut:
    """The same for an upload."""
    record(tx, "effect", subject=file.filename)
    return ThingOut(id=ONE, name=str(len(file.file.read())))


async def read_and_closed(request: Request) -> int:
    """The bytes of a file, read by hand."""
    async with request.form() as form:
        file = form["file"]
        assert not isinstance(file, str)
        return len(await file.read())


@router.post("/effects-read-by-hand", status_code=202)
def create_effect_read_by_hand(size: Annotated[int, Depends(read_and_closed)], tx: OnceTx) -> ThingOut:
    """The form is read and closed before the transaction opens."""
    record(tx, "effect")
    return ThingOut(id=ONE, name=str(size))


@router.post("/effects-read-later", status_code=202)
def create_effect_read_later(tx: OnceTx, size: Annotated[int, Depends(read_and_closed)]) -> ThingOut:
    """The form is read after the transaction has opened."""
    record(tx, "effect")
    return ThingOut(id=ONE, name=str(size))


def _raise(sqlstate: str) -> str:
    return f"do $$ begin raise exception '田小草' using errcode = '{sqlstate}'; end $$"


STATEMENTS = {
    state: _raise(state)
    for state in ("22001", "22003", "23505", "23503", "40001", "40P01", "42501", "53100", "53300", "55P03", "57014")
} | {
    "42P01": "select * from no_such_table",
    "57P01": "set role eastwest_app; select pg_terminate_backend(pg_backend_pid())",
}


def trial_app() -> FastAPI:
    """The service without rooms, and these routes."""
    app = create_app(rooms=())
    app.include_router(router)
    return app
