"""What somebody typed before they noticed that their session had ended, or changed the language: kept until they are
signed in again, or until the page is there in the other language.

It goes with the browser as ciphertext for ten minutes, out of scripts' reach, and opens for the same person only: every
form carries a mark of whose page it stood on. It is shown once, in the form it was typed into, for another look; it is
never sent by itself. Codes, passwords and files are not kept, and signing out takes it away.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.actor import Actor
from app.console.cookies import TYPED_COOKIE, set_cookie
from app.db.keys import keys
from app.db.sealing import SealBroken, seal, unseal

#: The forms in which much is typed, by the address they are sent to.
_FORMS = re.compile(
    r"/board/(new|check|v_\w+/edit)|/my/(wishes|complaint)|/office/complaints/cm_\w+|/shocks"
    r"|/desk/workers/w_\w+/wishes|/desk/plans/pn_\w+/(take-back|workers/w_\w+)"
)
_PLACE = "typed_form"
#: Seconds it is kept; characters a browser surely takes as a cookie.
STAYS = 600
_LONGEST = 3_900
_NEVER = frozenset({"csrf", "password", "code", "factor"})
#: Texts are mostly Chinese: two bytes a character here.
_CODING = "gb18030"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was typed: the page it stood on, where it was sent, its fields."""

    page: str
    sent_to: str
    fields: Mapping[str, str]


def mark_of(actor: Actor) -> str:
    """Whose page it is, as a form carries it: a keyed digest that names nobody. Empty: no person is known."""
    who = actor.worker_id or actor.user_id
    return hmac.digest(keys().marks, b"whose|" + who.bytes, hashlib.sha256).hex()[:32] if who else ""


async def keep_typed(request: Request, answer: Response, page: str, sent_to: str) -> None:
    """Let the answer that leads to signing in, or to the other language, take along what was typed into a form that is
    sent to that address, when it is worth it and fits."""
    if not _FORMS.fullmatch(sent_to):
        return
    sent = {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}
    _, _, mark = (request.headers.get("x-csrf") or sent.get("csrf", "")).partition(".")
    fields = {name: value for name, value in sent.items() if name not in _NEVER}
    sealed = _sealed(Typed(page, sent_to, fields), mark)
    if 0 < len(sealed) <= _LONGEST:
        set_cookie(request, answer, TYPED_COOKIE, sealed, STAYS)


def typed_by(request: Request, actor: Actor) -> Typed | None:
    """What this person typed before; None: nothing, too long ago, or somebody else did."""
    try:
        raw = base64.urlsafe_b64decode(request.cookies.get(TYPED_COOKIE, ""))
        until, *said = orjson.loads(zlib.decompress(unseal(raw, _PLACE, UUID(hex=mark_of(actor)))).decode(_CODING))
    except (SealBroken, ValueError, binascii.Error):
        return None
    return Typed(*said) if time.time() < until else None


def typed_here(request: Request, actor: Actor | None) -> Typed | None:
    """What this person typed on this page before."""
    if actor is None or request.method != "GET" or TYPED_COOKIE not in request.cookies:
        return None
    typed = typed_by(request, actor)
    return typed if typed and typed.page == request.url.path else None


def _sealed(typed: Typed, mark: str) -> str:
    """Ciphertext for whoever has the mark; empty for nobody's."""
    try:
        whose = UUID(hex=mark)
    except ValueError:
        return ""
    body = orjson.dumps([time.time() + STAYS, typed.page, typed.sent_to, dict(typed.fields)]).decode()
    return base64.urlsafe_b64encode(seal(zlib.compress(body.encode(_CODING), 9), _PLACE, whose)).decode()


def filled_in(page: str, typed: Typed) -> str:
    """The page with its form as it was typed."""
    filler = _Filler(typed)
    filler.feed(page)
    filler.close()
    return "".join(filler.parts)


class _Filler(HTMLParser):
    """Copies a page of ours; within the form that was sent, each field has the value that was typed."""

    def __init__(self, typed: Typed) -> None:
        super().__init__(convert_charrefs=False)
        self.typed = typed
        self.parts: list[str] = []
        self.is_in_form = self.is_replaced = False
        #: The choice whose options are read.
        self.choice: str | None = None
        #: Where folds begin that are not at their end yet.
        self.folds: list[tuple[int, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag as it stands, or with what was typed."""
        said = dict(attrs)
        if tag == "details":
            self.folds.append((len(self.parts), said))
        if tag == "form" and self._is_the_form(said):
            self.is_in_form = True
            for at, fold in self.folds:
                self.parts[at] = _tag("details", fold, open=True)
        value = self.typed.fields.get(said.get("name") or "")
        if not self.is_in_form:
            self.parts.append(self.get_starttag_text() or "")
        elif tag == "textarea" and value is not None:
            self.parts.append(f"{self.get_starttag_text()}{escape(value)}")
            self.is_replaced = True
        else:
            self.choice = value if tag == "select" else self.choice
            self.parts.append(self._as_typed(tag, said, value))

    def _is_the_form(self, said: Mapping[str, str | None]) -> bool:
        here = self.typed.page
        return said.get("method") == "post" and said.get("action", here) in (self.typed.sent_to, here)

    def _as_typed(self, tag: str, said: dict[str, str | None], value: str | None) -> str:
        """A field's tag with the value that was typed; any other as it stands."""
        mine = said.get("value")
        if tag == "option" and self.choice is not None:
            return _tag(tag, said, selected=mine == self.choice)
        if tag == "input" and said.get("type") in ("radio", "checkbox"):
            return _tag(tag, said, checked=(mine or "on") == value)
        if tag == "input" and value is not None:
            return _tag(tag, said | {"value": value})
        if tag == "form":
            return _tag(tag, said, **{"data-unsent": True})  # page.js takes it along to yet another language
        return _tag(tag, said, open=True) if tag == "details" else self.get_starttag_text() or ""

    def handle_endtag(self, tag: str) -> None:
        """The end of a tag."""
        self.is_in_form = self.is_in_form and tag != "form"
        self.is_replaced = self.is_replaced and tag != "textarea"
        if tag == "details":
            self.folds.pop()
        self.choice = None if tag == "select" else self.choice
        self._copy(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag closed in itself, as drawings have them."""
        self.parts.append(self.get_starttag_text() or "")

    def _copy(self, text: str) -> None:
        if not self.is_replaced:
            self.parts.append(text)

    def handle_data(self, data: str) -> None:
        """Words."""
        self._copy(data)

    def handle_entityref(self, name: str) -> None:
        """A named character."""
        self._copy(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """A numbered character."""
        self._copy(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        """A remark."""
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """The page's first line."""
        self.parts.append(f"<!{decl}>")


def _tag(tag: str, said: Mapping[str, str | None], **flags: bool) -> str:
    """A tag with these attributes; a flag is there or not."""
    kept: dict[str, str | None] = {name: value for name, value in said.items() if name not in flags}
    kept |= {name: None for name, is_so in flags.items() if is_so}
    return f"<{tag}{''.join(_attribute(*one) for one in kept.items())}>"


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{escape(value)}"'
