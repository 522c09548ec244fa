"""What the worker's phone says and asks, read as a page without a browser's help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.console.market import WELDER, Market
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
