"""What was typed before the session was over: kept for the same person, ten minutes long, put back where it stood."""

from __future__ import annotations

import asyncio
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from starlette.requests import Request
from starlette.responses import Response

from app.actor import Actor, Role
from app.console.cookies import TYPED_COOKIE
from app.console.typed import STAYS, Typed, filled_in, keep_typed, mark_of, typed_by

ME, SOMEBODY = (Actor(Role.WORKER, worker_id=uuid4()) for _ in range(2))
PAGE = """<!doctype html><form method="post"><input type="hidden" name="csrf" value="new">
<input name="q" value="a"><details><input type="checkbox" name="far" value="yes" checked></details>
<input type="radio" name="job" value="1" checked><input type="radio" name="job" value="2">
<select name="kind"><option value="">—</option><option value="x" selected>X</option>
<option value="y">Y &amp; Z</option></select><textarea name="why">old &amp; gone</textarea></form>
<form method="post" action="/other"><input name="q" value="a"></form>"""


def sent(path: str, fields: dict[str, str], *, cookie: str = "") -> Request:
    """A form on its way."""
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    scope |= {"scheme": "https", "server": ("localhost", 443)}
    body = urlencode(fields).encode()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    return Request(scope, receive)


def kept(path: str, fields: dict[str, str], whose: Actor = ME) -> str:
    """The cookie that goes with the answer; empty: nothing is kept."""
    answer = Response()
    asyncio.run(keep_typed(sent(path, fields | {"csrf": f"token.{mark_of(whose)}"}), answer, "/my/wishes", path))
    cookie = SimpleCookie(answer.headers.get("set-cookie", "")).get(TYPED_COOKIE)
    return f"{TYPED_COOKIE}={cookie.value}" if cookie else ""


def test_what_was_typed_opens_for_the_same_person_and_for_nobody_else() -> None:
    cookie = kept("/my/wishes", {"places": "青岛市", "password": "x"})
    back = sent("/my/wishes", {}, cookie=cookie)
    assert typed_by(back, ME) == Typed("/my/wishes", "/my/wishes", {"places": "青岛市"})
    assert typed_by(back, SOMEBODY) is None
    assert typed_by(sent("/my/wishes", {}, cookie=cookie[:-6] + "AAAAAA"), ME) is None
    assert typed_by(sent("/my/wishes", {}), ME) is None


def test_it_is_forgotten_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    back = sent("/my/wishes", {}, cookie=kept("/my/wishes", {"places": "青岛市"}))
    late = time.time() + STAYS + 1
    monkeypatch.setattr(time, "time", lambda: late)
    assert typed_by(back, ME) is None


@pytest.mark.parametrize("path", ["/my/delete", "/my/consent", "/sign-in", "/desk/lists", "/my/jobs/s_1/yes"])
def test_what_binds_and_what_proves_somebody_is_not_kept(path: str) -> None:
    assert kept(path, {"confirm": "delete"}) == ""


def test_nothing_is_kept_of_nobody_and_of_what_is_too_long_for_a_cookie() -> None:
    assert kept("/my/wishes", {"places": "青岛市"}, Actor(Role.OPERATOR)) == ""
    assert kept("/my/wishes", {"places": "".join(map(chr, range(0x4E00, 0x4E00 + 5000)))}) == ""
    assert kept("/my/complaint", {"words": "包工头扣了我的身份证不还给我还说要五百块钱。" * 60}) != ""


def test_a_form_is_as_it_was_typed_and_the_rest_of_the_page_as_it_stands() -> None:
    typed = {"q": '"<b>"', "job": "2", "kind": "y", "why": "a < b\nc"}
    page = filled_in(PAGE, Typed("/here", "/here", typed))
    form, rest = page.split("</form>", 1)
    assert rest == PAGE.split("</form>", 1)[1]
    assert 'name="csrf" value="new"' in form
    assert 'name="q" value="&quot;&lt;b&gt;&quot;"' in form
    assert '<details open><input type="checkbox" name="far" value="yes">' in form
    assert 'value="1"><input type="radio" name="job" value="2" checked>' in form
    assert '<option value="x">X</option>\n<option value="y" selected>Y &amp; Z</option>' in form
    assert '<textarea name="why">a &lt; b\nc</textarea>' in form


def test_a_form_that_is_folded_away_is_open_when_something_was_typed_in_it() -> None:
    page = f"<details><p>1</p></details><details class='x'><summary>2</summary>{PAGE}</details>"
    shown = filled_in(page, Typed("/here", "/here", {}))
    assert shown.startswith('<details><p>1</p></details><details class="x" open><summary>2</summary>')


def test_a_page_without_that_form_stays_as_it_is() -> None:
    page = PAGE.replace('method="post">', 'method="post" action="/x">', 1)
    assert filled_in(page, Typed("/y", "/y", {"q": "b"})) == page
