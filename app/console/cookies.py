"""A session in the browser: kept out of scripts' reach, gone on with, forgotten."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from app.errors import ProductError
from app.identity import sign_in
from app.identity.schemas import TokensOut

#: The access token; what goes on with the session when it is over; what forms are signed with; which device this is.
COOKIE, REFRESH_COOKIE = "eastwest", "eastwest_on"
FORM_COOKIE, DEVICE_COOKIE = "eastwest_form", "eastwest_device"
#: Which number a code was sent to, until the code is typed; what was typed before the session was found to be over.
PHONE_COOKIE, TYPED_COOKIE = "eastwest_phone", "eastwest_typed"
#: How many codes were asked for and tried (codes.py).
CODES_COOKIE = "eastwest_codes"
YEAR = 365 * 86_400
#: Seconds a browser keeps what goes on with a session; on a phone that is not one's own, until it is closed.
STAY = {"staff": 12 * 3600, "worker": 60 * 86_400}


def keep(request: Request, answer: Response, tokens: TokensOut, seconds: int | None) -> None:
    """Put a session into the browser: out of scripts' reach, never sent from a foreign page."""
    values = {COOKIE: tokens.access_token, REFRESH_COOKIE: tokens.refresh_token}
    if FORM_COOKIE not in request.cookies:
        values[FORM_COOKIE] = secrets.token_urlsafe(24)
    for name, value in values.items():
        set_cookie(request, answer, name, value, seconds)


def set_cookie(request: Request, answer: Response, name: str, value: str, seconds: int | None) -> None:
    """One cookie; over HTTPS it goes no other way."""
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure, path="/")


def remember(answer: Response, name: str, chosen: str) -> None:
    """Keep for a year what a reader chose; it names no person."""
    answer.set_cookie(name, chosen, max_age=YEAR, samesite="lax", httponly=True)


def forgotten(answer: Response) -> Response:
    """Tell the browser to forget the session and what it showed. The device token stays: it names no person."""
    for name in (COOKIE, REFRESH_COOKIE, FORM_COOKIE, TYPED_COOKIE):
        answer.delete_cookie(name, path="/")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def go_on(request: Request) -> Response | None:
    """The access token is over and the session is not: new tokens, and the same request again. None: sign in."""
    token = request.cookies.get(REFRESH_COOKIE)
    if not token:
        return None
    try:
        tokens = sign_in.go_on(token)
    except ProductError:
        return None
    path = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    answer = Response(status_code=307, headers={"Location": path})
    keep(request, answer, tokens, STAY["staff"])
    return answer
