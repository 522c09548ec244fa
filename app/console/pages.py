"""How a page is made: one template, the reader's language, and a policy that lets nothing foreign in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.actor import Actor
from app.console.cookies import TYPED_COOKIE
from app.console.formats import FILTERS
from app.console.limits import limit_name, limit_words
from app.console.tours import HINTS, TOURS, is_offered, shown_step
from app.console.typed import filled_in, typed_here
from app.console.words import DECLINE, PLACEMENT, REFUSAL
from app.edge.language import Language, of_scope

HERE = Path(__file__).parent
#: What the pages load: ours, and what set-up built from the npm registry.
FOLDERS = {"static": HERE / "static", "built": HERE / "built"}
#: Everything from this address only; no inline script or style, no frames, forms go nowhere else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
LANGUAGE_COOKIE = "lang"


def language_of(request: Request) -> Language:
    """The language the reader chose, else the one the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen == "zh":
        return "zh"
    return "en" if chosen == "en" else of_scope(request.scope)


def render(
    request: Request, template: str, *, actor: Actor | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page, or a part of one, in the reader's language."""
    language = language_of(request)
    actor = actor or getattr(request.state, "actor", None)
    name = template.removesuffix(".html")
    unsent = typed_here(request, actor)
    text = (
        _templates()
        .get_template(template)
        .render(
            t=_chooser(language),
            language=language,
            actor=actor,
            office=getattr(request.state, "office", None),
            csrf=getattr(request.state, "csrf", ""),
            path=(form_page(request) or request.url.path).partition("?")[0],
            hints=HINTS.get(name, ()),
            tour=shown_step(request, actor),
            has_tour=actor is not None and actor.role.audience in TOURS,
            is_tour_offered=is_offered(request, actor),
            asset=asset_address,
            limit_name=partial(limit_name, language=language),
            limit_words=partial(limit_words, language=language),
            placement_words=PLACEMENT,
            decline_words=DECLINE,
            refusal_words=REFUSAL,
            unsent=unsent,
            has_unsent=TYPED_COOKIE in request.cookies,
            **values,
        )
    )
    answer = HTMLResponse(filled_in(text, unsent) if unsent else text, status)
    if actor and TYPED_COOKIE in request.cookies:
        answer.delete_cookie(TYPED_COOKIE, path="/")  # shown once; another's goes unread
    dress(answer)
    return answer


def form_page(request: Request) -> str | None:
    """The page of ours a form stood on, for a way back; None: no form was sent, or the browser does not say."""
    said = urlsplit(request.headers.get("referer", ""))
    is_ours = said.netloc == request.headers.get("host") and not said.path.startswith("//")
    return f"{said.path}?{said.query}" if request.method == "POST" and is_ours else None


def dress(answer: Response) -> None:
    """The headers of every page."""
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"


def onward(request: Request, address: str) -> Response:
    """After a form: the next page, also when htmx sent it."""
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _chooser(language: Language) -> Callable[[str, str], str]:
    return (lambda zh, en: en) if language == "en" else (lambda zh, en: zh)


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(FILTERS)
    return environment


@cache
def asset_address(name: str) -> str:
    """`static/page.css` -> its address, which changes with its content: browsers may keep it for ever."""
    folder, _, file = name.partition("/")
    path = FOLDERS[folder] / file
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "missing"
    return f"/{name}?v={mark}"
