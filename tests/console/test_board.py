"""What the employer's board and its form say and ask, read as pages without a browser's help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import httpx

from app.db.base import today
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
        page = posted(browser, requirements="每天工作14小时", wage_max={"zh": "8100", "en": "8200"}[language])
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


@LANGUAGES
def test_a_place_that_is_none_is_asked_about_once_before_it_is_published(
    site: Site, market: Market, language: str
) -> None:
    asked = {"zh": "地点理解为：广东省广州市，没找到“火星区”", "en": "no county or district was found in “火星区”"}[
        language
    ]
    nowhere = OFFER | {"workplace": "广东省广州市火星区", "wage_max": {"zh": "8300", "en": "8400"}[language]}
    with board_of(site, language=language) as browser:
        page = posted(browser, **nowhere)
        assert (page.status_code, asked in words_of(page)) == (409, True)
        moved = sent(browser, page, **(nowhere | {"workplace": "广东省广州市水星区"}))
        assert (moved.status_code, "水星区" in words_of(moved)) == (409, True)
        assert sent(browser, moved, **(nowhere | {"workplace": "广东省广州市水星区"})).url.path.startswith("/board/v_")


def test_the_same_offer_again_is_asked_about_and_then_published(site: Site, market: Market) -> None:
    with board_of(site) as browser:
        same = OFFER | {"title": "装配工", "wage_min": "5200", "wage_max": "6200"}
        first = posted(browser, **same)
        again = posted(browser, **same)
        assert "您已有一条一样的岗位（装配工，3 人）" in words_of(again)
        assert f"{first.url.path}/edit" in again.text
        assert posted(browser, **(same | {"wage_min": "5300"})).url.path.startswith("/board/v_")
        second = sent(browser, again, **same)
        assert second.url.path.startswith("/board/v_")
        assert second.url.path != first.url.path
        form = browser.get(f"{second.url.path}/edit")
        assert sent(browser, form, **(same | {"headcount": "4"})).url.path == second.url.path


def test_a_zero_too_many_is_asked_about(site: Site, market: Market) -> None:
    with board_of(site) as browser:
        page = posted(browser, title="叉车司机", headcount="100000", wage_min="500000", wage_max="900000")
        assert "500,000–900,000 元" in words_of(page)
        assert "要招 100,000 人" in words_of(page)
        page = posted(browser, title="叉车司机", wage_min="500000", wage_max="")
        assert "500,000 元？" in words_of(page)


def test_pay_below_the_tier_of_its_city_waits_for_a_reader_who_is_told(site: Site, market: Market) -> None:
    with board_of(site) as browser, board_of(site, "destination") as office:
        page = posted(browser, title="保洁员", wage_min="2000", wage_max="2600")
        assert "等用工地劳务部门审核" in words_of(page)
        assert "低于这个城市的最低工资标准：2,500 元/月" in words_of(office.get(f"/desk/vacancies/{page.url.path[7:]}"))


def test_what_is_wrong_and_what_is_to_be_thought_about_are_said_at_once_in_the_words_as_typed(
    site: Site, market: Market
) -> None:
    with board_of(site, language="en") as browser:
        page = posted(browser, requirements="Male only, 每天工作14小时", workplace="广东省广州市火星区")
        assert "“火星区”" in words_of(page)
        assert "“Male only”" in words_of(page)
        assert "Eight hours a day" in words_of(page)


@LANGUAGES
def test_the_page_of_an_offer_shows_its_poster_the_contact_and_until_when_it_stands(
    site: Site, market: Market, language: str
) -> None:
    street = {"zh": "广东省广州市天河区科韵路9号", "en": "科韵路9号, Tianhe, Guangzhou, Guangdong"}[language]
    facts = {"workplace": "广东省广州市天河区科韵路9号", "contact": "刘经理", "phone": "13800000000", "title": "焊工"}
    last, soon, in_a_month = (str(today() + timedelta(days=days)) for days in (120, 5, 30))
    with board_of(site, language=language) as browser:
        page = posted(browser, **facts, valid_until=last, wage_max={"zh": "8500", "en": "8600"}[language])
        assert "刘经理 · 13800000000" in words_of(page)
        assert street in words_of(page)
        assert street in words_of(browser.get("/board"))
        assert in_a_month in words_of(page)
        assert f"{page.url.path}/confirm" not in page.text  # nothing would come of it today
        one = UUID(page.url.path[9:])
        site.scene.run("update vacancies set confirmed_at = now() - interval '25 days' where id = %s", one)
        page = browser.get(page.url.path)
        assert soon in words_of(page)
        confirmed = browser.post(f"{page.url.path}/confirm", data={"csrf": hidden(page, "csrf")})
        assert {"zh": f"记下了：留到 {in_a_month}", "en": f"stays until {in_a_month}"}[language] in words_of(confirmed)
