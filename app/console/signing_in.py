"""Signing in and out on pages: staff by password, workers by the code on their phone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.security import HTTPAuthorizationCredentials
from starlette.responses import Response

from app.console.codes import Codes, codes_of, keep_codes
from app.console.cookies import DEVICE_COOKIE, PHONE_COOKIE, STAY, TYPED_COOKIE, forgotten, keep, set_cookie
from app.console.door import FormWrite
from app.console.forms import checked
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.console.typed import typed_by
from app.db.transaction import read
from app.edge.slots import Slot
from app.errors import IdLastFourNeeded, ProductError, SecondFactorNeeded, WrongCode
from app.identity import codes_sign_in, sign_in
from app.identity.codes_schemas import CodeIn, PhoneIn
from app.identity.door import Knock
from app.identity.passes import address_of, in_turn, looked_at
from app.identity.schemas import TokensOut
from app.identity.sessions import sign_out

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Next = Annotated[str, Query(pattern=r"^/([^/\\].*)?$", max_length=300)]
Text = Annotated[str, Form(max_length=200)]
#: Seconds the browser knows the number for: longer than a code is good.
_CODE_STAYS = 600
_NO_CODES = Codes()
_WRONG_CODE = (
    "数字不对，或者已过五分钟。再看一眼短信，还可以试 {left} 次。",
    "Not these digits, or more than five minutes old. Look again; tries left: {left}.",
)


@router.get("/sign-in")
def see_sign_in(request: Request, back: Next = "/home") -> Response:
    """The door for staff."""
    return render(request, "sign_in.html", back=back, message=None, login="", ask_factor=False)


@router.post("/sign-in")
async def enter(
    request: Request,
    username: Text,
    password: Text,
    factor: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(pattern=r"^/([^/\\].*)?$", max_length=300)] = "/home",
) -> Response:
    """Sign in with a password, and the digits of the app where one is set up."""
    try:
        claimed = await in_turn(request, sign_in.claim, username, address_of(request))
        is_right = await looked_at(claimed, password)
        tokens = await in_turn(request, sign_in.enter, claimed, is_right, factor.strip() or None)
    except ProductError as problem:
        english = language_of(request) == "en"
        message = problem.message_en if english else problem.message_zh
        return render(
            request,
            "sign_in.html",
            status=429 if problem.code == "too_many_requests" else 401,
            back=back,
            message=message,
            login=username,
            ask_factor=isinstance(problem, SecondFactorNeeded),
        )
    answer = onward(request, "/home" if back == "/" else back)
    keep(request, answer, tokens, STAY["staff"])
    return answer


@router.get("/sign-in/phone")
def see_phone(request: Request) -> Response:
    """The door for workers."""
    return _phone_page(request, "")


@router.post("/sign-in/phone")
def ask_code(request: Request, phone: Text, _: Slot) -> Response:
    """Send a code; known or not, the page is the same."""
    try:
        said = checked(PhoneIn, phone=phone).phone
        codes_sign_in.request_code(said, address_of(request))
    except ProductError as problem:
        return _phone_again(request, "", problem, typed=phone)
    codes = codes_of(request, said)
    answer = onward(request, "/sign-in/phone/code" + ("?used-up=true" if codes.again_from else ""))
    set_cookie(request, answer, PHONE_COOKIE, said, _CODE_STAYS)
    keep_codes(request, answer, said, codes.one_more())
    return answer


@router.get("/sign-in/phone/code")
def see_code(request: Request, used_up: Annotated[bool, Query(alias="used-up")] = False) -> Response:
    """Where the code is typed: a page of its own, so that "back" shows no form sent before. `used_up`: the number has
    had its codes for the day, and none was sent."""
    phone = request.cookies.get(PHONE_COOKIE)
    if not phone:
        return onward(request, "/sign-in/phone")
    return _phone_page(request, phone, codes=codes_of(request, phone), is_used_up=used_up)


@router.post("/sign-in/phone/code")
def enter_by_code(
    request: Request, phone: Text, code: Text, _: Slot, id_last_four: Text = "", shared: Text = ""
) -> Response:
    """Sign in with the code."""
    device = request.cookies.get(DEVICE_COOKIE)
    try:
        said = checked(CodeIn, phone=phone, code=code.strip(), id_last_four=id_last_four.strip() or None, device=device)
        claim = codes_sign_in.Claim(said.phone, said.code, said.id_last_four, said.device, address_of(request))
        session = codes_sign_in.sign_in(claim)
    except ProductError as problem:
        return _phone_again(request, phone, problem)
    answer = onward(request, _page_typed_on(request, session.tokens) or "/my")
    answer.delete_cookie(PHONE_COOKIE, path="/")
    keep_codes(request, answer, said.phone, codes_of(request, said.phone).opened())
    seconds = None if shared else STAY["worker"]
    keep(request, answer, session.tokens, seconds)
    if not shared:
        set_cookie(request, answer, DEVICE_COOKIE, session.device, 3 * 365 * 86_400)
    return answer


def _page_typed_on(request: Request, tokens: TokensOut) -> str | None:
    """The page on which this person typed something before."""
    if TYPED_COOKIE not in request.cookies:
        return None
    with read(Knock(HTTPAuthorizationCredentials(scheme="Bearer", credentials=tokens.access_token))) as tx:
        typed = typed_by(request, tx.actor)
    return typed.page if typed else None


def _phone_again(request: Request, phone: str, problem: ProductError, *, typed: str = "") -> Response:
    """The page once more, with what is wrong and what was typed."""
    english = language_of(request) == "en"
    message = problem.message_en if english else problem.message_zh
    ask_id, codes = isinstance(problem, IdLastFourNeeded), codes_of(request, phone)
    if ask_id or isinstance(problem, WrongCode):
        codes = codes.one_try()
    if isinstance(problem, WrongCode):
        message = _WRONG_CODE[english].format(left=codes.tries_left)
    if problem.errors:
        message = problem.errors[0].en if english else problem.errors[0].zh
    answer = _phone_page(request, phone, codes=codes, status=422, typed=typed, message=message, ask_id=ask_id)
    if codes.tried:
        keep_codes(request, answer, phone, codes)
    return answer


def _phone_page(
    request: Request,
    phone: str,
    *,
    codes: Codes = _NO_CODES,
    is_used_up: bool = False,
    status: int = 200,
    typed: str = "",
    message: str | None = None,
    ask_id: bool = False,
) -> Response:
    """The door for workers: where the number is typed, and with a number where the code is."""
    return render(
        request,
        "sign_in_phone.html",
        status=status,
        phone=phone,
        codes=codes,
        is_used_up=is_used_up,
        typed=typed,
        message=message,
        ask_id=ask_id,
    )


@router.post("/sign-out")
def leave(request: Request, tx: FormWrite) -> Response:
    """End the session, and leave nothing behind on a shared phone."""
    sign_out(tx)
    return forgotten(onward(request, "/welcome"))
