"""Who opens a page: the token in the cookie -> the actor -> a transaction; and that a form was ours.

The cookie is HttpOnly and SameSite=Strict. A form carries a token made of the cookie as well, so that neither a
foreign page nor a stolen form can change anything (CSRF).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.console.cookies import COOKIE, FORM_COOKIE
from app.console.office import office_of
from app.console.typed import mark_of
from app.db.keys import keys
from app.db.transaction import Read, Write, read, write
from app.edge.slots import Slot
from app.errors import NotAllowed, NotSignedIn, ProductError
from app.identity.door import Knock
from app.identity.passes import in_turn


class ForgedForm(NotAllowed):
    """The form is too old or not ours: open the page again and send it once more."""

    code, zh = "forged_form", "表单已过期或不是本站发出的：请重新打开页面再提交。"


def csrf_of(request: Request) -> str:
    """What a form of this session carries, before the mark of whose page it is; nothing before signing in."""
    secret = request.cookies.get(FORM_COOKIE) or request.cookies.get(COOKIE, "")
    return hmac.new(keys().marks, b"csrf|" + secret.encode(), hashlib.sha256).hexdigest()[:32] if secret else ""


def knock(request: Request) -> Knock:
    """The cookie at the door. Without a live session it raises NotSignedIn, which a page answers with the sign-in."""
    token = request.cookies.get(COOKIE, "")
    return Knock(HTTPAuthorizationCredentials(scheme="Bearer", credentials=token) if token else None)


def _signed_in(request: Request, tx: Read) -> None:
    """What every page says of who is signed in: on a shared PC the office and the name stand beside "sign out"."""
    request.state.actor = tx.actor
    request.state.csrf = f"{csrf_of(request)}.{mark_of(tx.actor)}"
    request.state.office = office_of(tx.session, tx.actor)


async def recognised(request: Request, status: int) -> None:
    """Let a page that says what went wrong keep its menu, where somebody is signed in. Never fails; a service that is
    too busy to answer is not asked once more."""
    if status < HTTPStatus.TOO_MANY_REQUESTS and COOKIE in request.cookies and not hasattr(request.state, "actor"):
        with suppress(ProductError, DBAPIError, PoolTimeout):
            await in_turn(request, _look, request)


def _look(request: Request) -> None:
    with read(knock(request)) as tx:
        _signed_in(request, tx)


def page_read(request: Request, _: Slot) -> Iterator[Read]:
    """A reading transaction in the name of whoever opened the page."""
    with read(knock(request)) as tx:
        _signed_in(request, tx)
        yield tx


def page_write(request: Request, _: Slot) -> Iterator[Write]:
    """A changing transaction for a page that records what it shows (GET)."""
    with write(knock(request)) as tx:
        _signed_in(request, tx)
        yield tx


async def checked_form(request: Request) -> None:
    """Pass when the form is ours. Raises ForgedForm, and NotSignedIn where the session is over."""
    ours = csrf_of(request)
    if not ours:
        raise NotSignedIn
    said = request.headers.get("x-csrf") or (await request.form()).get("csrf")
    if not (isinstance(said, str) and hmac.compare_digest(said.partition(".")[0].encode(), ours.encode())):
        raise ForgedForm
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForgedForm


async def form_fields(request: Request) -> dict[str, str]:
    """The texts of a form; files are left to who takes them."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(form_fields)]
CheckedForm = Annotated[None, Depends(checked_form)]


def form_write(request: Request, _: CheckedForm, slot: Slot) -> Iterator[Write]:
    """A changing transaction for a form of ours."""
    yield from page_write(request, slot)


PageRead = Annotated[Read, Depends(page_read, scope="function")]
PageWrite = Annotated[Write, Depends(page_write, scope="function")]
FormWrite = Annotated[Write, Depends(form_write, scope="function")]
