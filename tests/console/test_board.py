"""What the employer's board and its form say and ask, read as pages without a browser's help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests import people
from tests.console.market import Market
from tests.console.site import Site
from tests.console.test_my_phone import LANGUAGES, words_of

OFFER = {
    "title": "氩弧焊工",
    "workplace": "广东省广州市天河区",
    "headcount": "3",
    "wage_min": "6500",
    "wage_max": "8000",
}


@contextmanager
def board_of(site: Site, who: str = "employer", language: str = "zh") -> Iterator[httpx.Client]:
    """An employer's browser, signed in."""
    cookies = {"eastwest": people.bearer(who), "lang": language}
    with httpx.Client(base_url=site.address, cookies=cookies, follow_redirects=True, timeout=30) as browser:
        yield browser


def hidden(page: httpx.Response, name: str) -> str:
    """What the page's form carries unseen; empty: nothing of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def sent(browser: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """The form of a page, filled in and sent."""
    unseen = {name: hidden(page, name) for name in ("csrf", "version", "sure")}
    return browser.post(page.url.path, data=unseen | fields)


def posted(browser: httpx.Client, **fields: str) -> httpx.Response:
    """A new vacancy, sent once."""
    return sent(browser, browser.get("/board/new"), **(OFFER | fields))


@LANGUAGES
def test_what_the_office_sent_back_says_why_and_is_corrected_and_sent_again(
    site: Site, market: Market, language: str
) -> None:
    why, again, waits = {
        "zh": ("没有通过审核：工资或工时不合规", "修改并重新提交", "等用工地劳务部门审核"),
        "en": (
            "Sent back by the labour office: pay or hours",
            "Correct and send again",
            "Waiting for the labour office",
        ),
    }[language]
    with board_of(site, language=language) as browser:
        page = posted(browser, requirements="每天工作14小时", headcount={"zh": "31", "en": "32"}[language])
        address = page.url.path
        refused = site.scene.of("destination").post(
            f"/v1/vacancies/{address[7:]}/refuse", json={"reason": "pay_or_hours"}
        )
        assert refused.status_code == 200, refused.text
        page = browser.get(address)
        assert why in words_of(page)
        assert again in words_of(page)
        form = browser.get(f"{address}/edit")
        changed = sent(browser, form, **(OFFER | {"requirements": "每天工作8小时"}))
        assert waits in words_of(changed)
