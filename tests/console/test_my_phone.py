"""What the worker's phone says and asks, read as a page without a browser's help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.console.formats import day_in_words
from tests import people
from tests.console.market import PHONES, WELDER, Market
from tests.console.site import Site
from tests.messages.outbox import code_sent
from tests.placements.scene import Somebody
from tests.workers.own_door import entered, token_of

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
        assert "发了三次都没登进去" in none
        assert "马上到" not in none
        assert number not in phone.cookies["eastwest_codes"]


def test_who_signs_in_and_out_gets_a_code_each_time(site: Site, market: Market) -> None:
    number = "13800138009"
    site.scene.worker("other_station", number=909, phone=number)
    with httpx.Client(base_url=site.address, headers={"Accept-Language": "zh"}, follow_redirects=True) as phone:
        for _ in range(5):
            assert "马上到" in words_of(phone.post("/sign-in/phone", data={"phone": number}))
            page = phone.post("/sign-in/phone/code", data={"phone": number, "code": code_sent(number)})
            [token] = re.findall(r'name="csrf" value="([^"]+)"', page.text)[:1]
            phone.post("/sign-out", data={"csrf": token})


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


def test_all_that_is_not_understood_of_the_wishes_is_said_at_once_and_what_is_kept_is_said_in_one_word(
    site: Site, market: Market
) -> None:
    with phone_of(site, site.scene.worker(**WELDER)) as phone:

        def wish(**typed: str) -> str:
            [token] = re.findall(r'name="csrf" value="([^"]+)"', phone.get("/my/wishes").text)[:1]
            return words_of(phone.post("/my/wishes", data={"csrf": token, **typed}))

        page = wish(occupations="阿巴阿巴", places="不去远地方", min_wage="很多钱")
        assert "还没记" in page
        for words in ("没听懂“阿巴阿巴”是什么活", "没看懂“远地方”", "没看懂：请写每月多少元"):
            assert words in page
        page = wish(occupations="阿巴阿巴", min_wage="四千五")
        assert "别的都记下了" in page
        assert "记下了。 听懂了" not in page
        assert "记下了。 听懂了" in wish(occupations="打螺丝", min_wage="四千五")
        wish(occupations="焊工", going_out="no")
        page = words_of(phone.get("/my"))
        assert "为什么现在没有？" in page
        assert "您说不离开本县；县外有" in page


def test_whoever_has_a_place_says_no_second_yes_and_what_was_called_off_is_no_no_of_theirs(
    site: Site, market: Market
) -> None:
    welder, terms = site.scene.worker(**WELDER), {"requirements": "视力好", "contract": "签一年合同"}
    taken, other = (site.scene.vacancy(title=title, **terms) for title in ("装配工", "包装工"))
    site.scene.interested(welder, other)
    placement = site.scene.offered(welder, taken)
    going = f"/my/going/{placement}"
    with phone_of(site, welder) as phone:

        def send(path: str) -> httpx.Response:
            [token] = re.findall(r'name="csrf" value="([^"]+)"', phone.get("/my").text)[:1]
            return phone.post(path, data={"csrf": token})

        site.scene.act(people.bearer("employer"), placement, "take-offer-back")
        assert "又把录用收回了" in words_of(phone.get("/my"))
        site.scene.act(people.bearer("employer"), placement, "offer")
        asked = words_of(phone.get(f"{going}/accept"))
        assert "视力好" in asked
        assert "签一年合同" in asked
        page = send(f"{going}/accept")
        assert "您已经定了一家" in words_of(page)
        assert "我想去" not in words_of(page)
        assert "您定了别家，自动取消的" in words_of(page)
        assert "已经结束：他们看不到您的电话了" in words_of(phone.get("/my/rights"))
        assert "好，不去了，没有任何影响。按错了？又想去了" in words_of(send(f"{going}/end"))


def test_a_yes_on_a_new_phone_says_beforehand_from_when_it_counts(site: Site, market: Market) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    welder = site.scene.worker(gives_from=tomorrow, **WELDER)
    [job] = site.scene.suggest(welder, market.own_vacancy)
    with phone_of(site, welder) as phone:
        page = phone.get(f"/my/jobs/{job}/yes")
        assert f"现在说的{day_in_words(tomorrow)}起才算数" in words_of(page)
        [token] = re.findall(r'name="csrf" value="([^"]+)"', page.text)[:1]
        said = words_of(phone.post(f"/my/jobs/{job}/yes", data={"csrf": token, "disclose": "yes"}))
        assert "这部手机是新用的" in said
        assert "您签了字" not in said
        assert "起才算数，现在还看不到" in words_of(phone.get("/my/rights"))


def test_three_jobs_of_one_name_are_told_apart_by_where_they_are(site: Site, market: Market) -> None:
    with phone_of(site, site.scene.worker(**WELDER)) as phone:
        page = phone.get("/my").text
    for number, card in enumerate(page.split("<article")[1:], 1):
        assert f'aria-labelledby="job{number} where{number}"' in card
        assert f'aria-describedby="where{number}"' in card
        assert re.search(rf'id="job{number}">\S+<small> · \S+</small>', card)


def test_who_deletes_everything_leaves_nothing_on_the_phone(site: Site, market: Market) -> None:
    cookies = {"eastwest": token_of(entered(901)), "eastwest_form": "form", "eastwest_device": "device"}
    with httpx.Client(base_url=site.address, cookies=cookies) as phone:
        csrf = phone.get("/my/rights").text.partition('name="csrf" value="')[2].partition('"')[0]
        gone = phone.post("/my/delete", data={"csrf": csrf, "confirm": "delete"})
        forgotten = {one.partition("=")[0] for one in gone.headers.get_list("set-cookie") if "Max-Age=0" in one}
        assert (gone.status_code, cookies.keys() - forgotten) == (200, set())
