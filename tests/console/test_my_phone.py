"""What the worker's phone says and asks, read as a page without a browser's help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.console.market import PHONES, WELDER, Market
from tests.console.site import Site
from tests.placements.scene import Somebody

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@contextmanager
def phone_of(site: Site, owner: Somebody, language: str = "zh") -> Iterator[httpx.Client]:
    """A worker's phone, signed in."""
    cookies = {"eastwest": owner.bearer, "lang": language}
    with httpx.Client(base_url=site.address, cookies=cookies, follow_redirects=True) as phone:
        yield phone


def words_of(page: httpx.Response) -> str:
    """What the page says."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page.text.partition("<main")[2]))


@pytest.mark.parametrize("number", [PHONES["zh"], "13900139000"], ids=["known", "unknown"])
def test_the_door_says_which_codes_still_help_and_the_same_of_known_and_unknown_numbers(
    site: Site, market: Market, number: str
) -> None:
    with httpx.Client(base_url=site.address, headers={"Accept-Language": "zh"}, follow_redirects=True) as phone:
        asked = [words_of(phone.post("/sign-in/phone", data={"phone": number})) for _ in range(2)]
        assert ["以前短信里的数字不能用了" in page for page in asked] == [False, True]
        digits = {"phone": number, "code": "000000"}
        tried = [words_of(phone.post("/sign-in/phone/code", data=digits)) for _ in range(5)]
        assert all(f"还可以试 {4 - n} 次" in page for n, page in enumerate(tried[:4]))
        assert "这个码不能用了" in tried[4]
        assert "这个码不能用了" in words_of(phone.get("/sign-in/phone/code"))
        last, none = (words_of(phone.post("/sign-in/phone", data={"phone": number})) for _ in range(2))
        assert "这是今天最后一次" in last
        assert "今天的用完了" in none
        assert "马上到" not in none
        assert number not in phone.cookies["eastwest_codes"]


@LANGUAGES
def test_whether_the_employer_is_verified_is_told_before_the_yes(site: Site, market: Market, language: str) -> None:
    calls, waits = {
        "zh": ("这是劳务部门核实过的单位", "劳务部门还在核实这家单位"),
        "en": ("has checked this company", "still checking that this company"),
    }[language]
    badge = {"zh": "单位还在核实", "en": "company still being checked"}[language]
    welder = site.scene.worker(**WELDER)
    verified, other = market.own_vacancy, site.scene.vacancy(poster="destination")
    of_verified, of_other = site.scene.suggest(welder, verified, other)
    with phone_of(site, welder, language) as phone:
        asked = [words_of(phone.get(f"/my/jobs/{one}/yes")) for one in (of_verified, of_other)]
        assert [(calls in page, waits in page) for page in asked] == [(True, False), (False, True)]
        cards = phone.get("/my").text.split("<article")[1:]
        assert [badge in card for card in cards] == ["示例电子" not in card for card in cards]


def test_three_jobs_of_one_name_are_told_apart_by_where_they_are(site: Site, market: Market) -> None:
    with phone_of(site, site.scene.worker(**WELDER)) as phone:
        page = phone.get("/my").text
    for number, card in enumerate(page.split("<article")[1:], 1):
        assert f'aria-labelledby="job{number} where{number}"' in card
        assert f'aria-describedby="where{number}"' in card
        assert re.search(rf'id="job{number}">\S+<small> · \S+</small>', card)
