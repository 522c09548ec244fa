"""What befell places: offices see it, coordinators record and end what befell their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.door import Fields, FormWrite, PageRead
from app.console.forms import checked, in_words
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.db.base import today
from app.db.transaction import Read
from app.edge.paging import Window
from app.edge.public_ids import ShockId
from app.errors import Conflict, Invalid
from app.identity.permissions import Permission, may
from app.places.areas import lies_in
from app.places.queries import codes_inside
from app.shocks import usecases
from app.shocks.queries import Wanted, effects_on
from app.shocks.schemas import ShockEffect, ShockIn, ShockKind, ShockSide

router = APIRouter(prefix="/shocks", route_class=PageRoute, include_in_schema=False)
#: Of the latest so many those that stand or are to come are shown.
_MOST = 200


@router.get("")
def see_shocks(request: Request, tx: PageRead, done: Literal["", "entered", "ended"] = "") -> Response:
    """What stands or is to come; for a coordinator the form for the next."""
    return _page(request, tx, {}, {}, done=done)


@router.post("")
def enter(request: Request, tx: FormWrite, fields: Fields) -> Response:
    """Enter what befell a place of one's own side; what is wrong is said beside what was typed."""
    english = language_of(request) == "en"
    try:
        usecases.record_shock(tx, _stated(fields).stated())
    except Invalid as problem:
        faults = in_words(problem, english)
    except Conflict as problem:
        faults = {"division": problem.message_en if english else problem.message_zh}
    else:
        return onward(request, "/shocks?done=entered")
    return _page(request, tx, fields, faults, status=422)


@router.post("/{shock_id}/end")
def end(request: Request, shock_id: ShockId, tx: FormWrite) -> Response:
    """It is over."""
    usecases.end_shock(tx, usecases.shock_to_change(tx, shock_id))
    return onward(request, "/shocks?done=ended")


def closed_today(tx: Read) -> frozenset[str]:
    """Divisions to which nobody is sent today; nothing for who may not read shocks."""
    return effects_on(tx.session, today()).closed if may(tx.actor, Permission.READ_SHOCKS) else frozenset()


def _stated(fields: Mapping[str, str]) -> ShockIn:
    """The form as the API reads it: aid is for where people come from, all else for where the work is."""
    stated: dict[str, object] = {name: fields.get(name, "").strip() for name in ShockIn.model_fields}
    stated["side"] = ShockSide.ORIGIN if stated["effect"] == ShockEffect.AID else ShockSide.DESTINATION
    kinds, effects = {one.value: one for one in ShockKind}, {one.value: one for one in ShockEffect}
    percent = fields.get("percent", "").strip().removesuffix("%")
    stated["percent"] = int(percent) if percent.isdecimal() else percent
    stated["kind"], stated["effect"] = kinds.get(fields.get("kind", "")), effects.get(fields.get("effect", ""))
    return checked(ShockIn, **{name: value for name, value in stated.items() if value})


def _page(
    request: Request, tx: Read, said: Mapping[str, str], wrong: Mapping[str, str], *, done: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    own = tx.actor.division if may(tx.actor, Permission.KEEP_SHOCKS) else None
    rows, _ = usecases.list_shocks(tx, Window("/shocks", _MOST), Wanted())
    standing = [row for row in rows if row.until is None or row.until >= today()]
    return render(
        request,
        "shocks.html",
        status=status,
        today=today(),
        shocks=[(row, own is not None and lies_in(row.division_code, own)) for row in standing],
        places=codes_inside(tx.session, own) if own else (),
        said={name: said.get(name, "") for name in ShockIn.model_fields},
        wrong=wrong,
        done=done,
    )
