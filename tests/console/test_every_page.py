"""What holds for every page: who gets in, nothing serious for axe, no sideways scrolling on a phone, the keyboard."""

from __future__ import annotations

import gzip

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.db.base import today
from app.edge.public_ids import show
from tests import people
from tests.console.market import PHONES, Market
from tests.console.pages_of import every_page, token_of
from tests.console.site import PC, PHONE, Site, Size, faults_of_access, overhang
from tests.identity.staff_at_work import PASSWORD
from tests.messages.outbox import code_sent

READERS = (
    *("nobody", "station", "employer", "coordinator", "worker"),
    *("destination", "head", "auditor", "operator"),
)
#: Bytes of a first page with all it loads, compressed.
WEIGHT = 150_000
FIRST_PAGES = [(None, "/welcome"), ("station", "/desk"), ("employer", "/board"), ("coordinator", "/picture")]


@pytest.mark.parametrize(("size", "language"), [(PC, "en"), (PHONE, "zh")], ids=["pc-en", "phone-zh"])
@pytest.mark.parametrize("reader", READERS)
def test_a_page_is_open_to_everybody(site: Site, market: Market, reader: str, size: Size, language: str) -> None:
    found = {}
    with site.visit(token_of(market, reader), size=size, language=language) as page:
        for name, address in every_page(market)[reader]:
            page.goto(address)
            if page.locator("figure[data-chart]").count():
                page.wait_for_selector("figure[data-drawn=yes]")
            faults = faults_of_access(page)
            if size == PHONE and overhang(page) > 0:
                faults.append(f"{overhang(page)} pixels too wide")
            if faults:
                found[name] = faults
    assert found == {}


@pytest.mark.parametrize(("reader", "name"), [("worker", "my"), ("employer", "post"), ("station", "lists")])
def test_the_keyboard_reaches_everything(site: Site, market: Market, reader: str, name: str) -> None:
    with site.visit(token_of(market, reader)) as page:
        page.goto(dict(every_page(market)[reader])[name])
        can_act = "a[href], button, input:not([type=hidden]), select, textarea, summary"
        wanted = page.locator(can_act).evaluate_all(
            "all => all.filter(one => one.checkVisibility() && !one.disabled && (one.type !== 'radio' || one.checked))"
            ".map((one, n) => { one.dataset.stop = n; return String(n); })"
        )
        reached = set()
        for _ in range(2 * len(wanted) + 5):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.dataset.stop ?? ''"))
    assert set(wanted) <= reached


@pytest.mark.parametrize(("size", "language"), [(PC, "zh"), (PHONE, "en")])
def test_staff_sign_in_with_a_password_and_out_again(site: Site, market: Market, size: Size, language: str) -> None:
    with site.visit(size=size, language=language) as page:
        page.goto("/desk")
        page.fill("[name=username]", "station")
        page.fill("[name=password]", "wrong password")
        page.click("main button")
        page.wait_for_selector("main [role=alert]")
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/desk")
        page.click("header form button")
        page.wait_for_url("**/welcome")
        names = {cookie["name"] for cookie in page.context.cookies() if cookie["value"]}
        assert not names & {"eastwest", "eastwest_on", "eastwest_form"}
        page.goto("/desk")
        page.wait_for_url("**/sign-in?back=/desk")


def sign_in(page: Page, login: str) -> None:
    page.fill("[name=username]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")


def test_what_was_typed_before_the_session_was_over_is_there_again_for_the_same_person(
    site: Site, market: Market
) -> None:
    """Signed in again they find it in its form, once and not yet sent; somebody else finds nothing."""
    typed = {"title": '冲压工 "夜班" <4 人>', "workplace": "广东省广州市天河区", "requirements": "会看图纸\n能上夜班"}
    with site.visit() as page:
        for second, is_there in (("employer", True), ("station", False)):
            page.goto("/sign-in?back=/board/new")
            sign_in(page, "employer")
            page.wait_for_selector("#post")
            for name, words in typed.items():
                page.fill(f"[name={name}]", words)
            page.select_option("[name=lodging]", "yes")
            page.context.clear_cookies()
            page.click("#post > div > button")
            expect(page.locator(".note[role=status]")).to_contain_text("还在")
            assert "冲压工" not in str(page.context.cookies())
            sign_in(page, second)
            page.wait_for_load_state()
            if is_there:
                expect(page.locator(".note[role=status]")).to_contain_text("还没有交")
                assert {name: page.input_value(f"[name={name}]") for name in typed} == typed
                assert page.input_value("[name=lodging]") == "yes"
                page.reload()
                assert page.input_value("[name=title]") == ""
            else:
                page.goto("/board/new")
                assert "冲压工" not in page.content()
            assert "eastwest_typed" not in {cookie["name"] for cookie in page.context.cookies()}
            page.click("header form button")
            page.wait_for_url("**/welcome")
        page.goto("/desk/vacancies?q=冲压工")
        assert "冲压工" not in page.inner_text("main")


@pytest.mark.parametrize(
    ("who", "path", "typed"),
    [
        ("employer", "/board/new", {"title": "装配工", "requirements": "会看图纸\n能上夜班", "contract": "签"}),
        ("station", "/desk/workers/{worker}", {"occupations": "电工"}),
    ],
)
def test_what_is_half_written_is_there_in_the_other_language(
    site: Site, market: Market, who: str, path: str, typed: dict[str, str]
) -> None:
    path = path.format(worker=show("w", market.welders[4]))
    with site.visit(size=PHONE) as page:
        page.goto(f"/sign-in?back={path}")
        sign_in(page, who)
        page.wait_for_url(f"**{path}")
        page.evaluate("() => document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
        for name, words in typed.items():
            page.fill(f"[name={name}]", words)
        for language, words in (("en", "not sent yet"), ("zh", "还没有交")):
            page.click(f"header a[href^='/language/{language}']")
            expect(page.locator("main .note[role=status]").first).to_contain_text(words)
            assert page.url.endswith(path)
            assert {name: page.input_value(f"[name={name}]") for name in typed} == typed


def test_a_workers_complaint_is_not_lost_with_the_session(site: Site, market: Market) -> None:
    """Long as it is, and on a phone."""
    words, number = "包工头扣了我的身份证。" * 60, PHONES["en"]
    with site.visit(size=PHONE) as page:

        def enter() -> None:
            page.fill("[name=phone]", number)
            page.click("main button")
            page.fill("[name=code]", code_sent(number))
            page.click("main form[action$='/code'] button")

        page.goto("/sign-in/phone")
        enter()
        page.goto("/my/rights")
        page.select_option("[name=kind]", "id_card_kept")
        page.fill("[name=words]", words)
        page.check("[name=anonymous]")
        page.context.clear_cookies()
        page.click("form[action$=complaint] button:not([type=button])")
        page.wait_for_selector("[name=phone]")
        enter()
        page.wait_for_url("**/my/rights")
        assert page.input_value("[name=kind]") == "id_card_kept"
        assert page.input_value("[name=words]") == words
        assert page.is_checked("[name=anonymous]")
        expect(page.locator("#complain .line")).to_have_count(0)


def test_a_form_of_another_page_or_without_its_token_changes_nothing(site: Site, market: Market) -> None:
    wishes = f"/desk/workers/w_{market.welders[3].hex}/wishes"
    cookies = {"eastwest": people.bearer("station")}
    with httpx.Client(base_url=site.address, cookies=cookies) as client:
        body = client.get(f"/desk/workers/w_{market.welders[3].hex}").text
        csrf = body.partition('name="csrf" value="')[2].partition('"')[0]
        said = {"occupations": "保安"}
        assert client.post(wishes, data=said).status_code == 403
        assert client.post(wishes, data=said | {"csrf": "0" * 32}).status_code == 403
        foreign = client.post(wishes, data=said | {"csrf": csrf}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403
        assert "表单已过期" in foreign.text or "not ours" in foreign.text
        assert client.post(wishes, data=said | {"csrf": csrf}).status_code == 303


@pytest.mark.parametrize("who", ["other_station", "employer", "coordinator"])
def test_pages_about_people_of_others_are_not_there(site: Site, market: Market, who: str) -> None:
    cookies = {"eastwest": people.bearer(who)}
    with httpx.Client(base_url=site.address, cookies=cookies) as client:
        here, nowhere = (f"/desk/workers/w_{one}" for one in (market.welders[3].hex, "0" * 32))
        real, absent = client.get(here), client.get(nowhere)
    assert real.status_code in (403, 404)
    assert (real.status_code, real.text.replace(here, nowhere)) == (absent.status_code, absent.text)
    assert real.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("who", "path"), FIRST_PAGES)
def test_the_first_page_is_light(site: Site, market: Market, who: str | None, path: str) -> None:
    cookies = {"eastwest": people.bearer(who)} if who else {}
    with httpx.Client(base_url=site.address, cookies=cookies) as client:
        page = client.get(path)
        loaded = [
            part.partition('"')[0]
            for mark in ('src="', 'link rel="stylesheet" href="', '<image href="')
            for part in page.text.split(mark)[1:]
        ]
        parts = [client.get(address).content for address in loaded]
    assert sum(len(gzip.compress(part, 5)) for part in (page.content, *parts)) <= WEIGHT


@pytest.mark.parametrize(("language", "words"), [("zh", "最多 1 MB"), ("en", "at most 1 MB")])
def test_what_is_refused_before_a_page_is_reached_is_a_page_to_a_browser(site: Site, language: str, words: str) -> None:
    browser = {"Accept": "text/html,*/*", "Cookie": f"lang={language}"}
    with httpx.Client(base_url=site.address, headers=browser) as client:
        large = client.post("/nope", content=bytes(1_100_000))
        lost = client.get("/nope")
        program = client.get("/nope", headers={"Accept": "application/json"})
        api = client.get("/v1/nope")
    assert (large.status_code, lost.status_code) == (413, 404)
    assert words in large.text
    assert all('role="alert"' in answer.text for answer in (large, lost))
    assert {program.headers["content-type"], api.headers["content-type"]} == {"application/problem+json"}


@pytest.mark.parametrize("who", ["worker", "station", "coordinator", "auditor"])
def test_a_page_that_says_what_went_wrong_keeps_the_menu_and_leads_on(site: Site, market: Market, who: str) -> None:
    cookies = {"eastwest": token_of(market, who) or ""}
    with httpx.Client(base_url=site.address, headers={"Accept": "text/html"}, cookies=cookies) as client:
        for path in ("/nope", "/desk/workers/nobody", "/board/v_0/edit", "/my/jobs/s_0/yes"):
            page = client.get(path)
            assert page.status_code >= 400
            assert 'action="/sign-out"' in page.text
            assert page.text.count("<nav") == 1
            assert ' href="/welcome"' not in page.text
    with httpx.Client(base_url=site.address, headers={"Accept": "text/html"}) as client:
        assert ' href="/welcome"' in client.get("/nope").text


def test_a_complaint_is_answered_on_a_page_and_read_on_the_phone(site: Site, market: Market) -> None:
    """By the office the worker was told of, which reads the words, and whom to call, while it has it in hand."""
    with site.visit(market.asked.bearer, size=PHONE, language="zh") as page:
        page.goto("/my/rights")
        expect(page.locator("#readers")).to_contain_text(people.PEOPLE["coordinator"][2])
        page.select_option("select[name=kind]", "asked_for_money")
        page.fill("textarea[name=words]", "中介收了三百元")
        page.click("form[action$=complaint] button:not([type=button])")
        page.wait_for_selector("#complain .line")
    with site.visit(token_of(market, "coordinator"), size=PC, language="zh") as page:
        page.goto("/office")
        expect(page.locator("#complaints")).to_contain_text("有人向我收钱")
        expect(page.locator("#complaints")).not_to_contain_text("三百元")
        expect(page.locator("#complaints textarea")).to_have_count(0)
        page.click("#complaints button[value=in_hand]")
        expect(page.locator("#complaints .words")).to_have_text("中介收了三百元")
        page.goto("/office")
        expect(page.locator("#complaints .words")).to_have_count(0)
        page.click("#complaints article a[href*=opened]")
        expect(page.locator("#complaints .words")).to_be_visible()
        expect(page.locator("#complaints .whom a[href^='tel:']")).to_have_count(1)
        page.fill("#complaints textarea", "已联系当地监察，三天内给您回话。")
        page.click("#complaints button[value=answered]")
        assert "已答复" in page.inner_text("#complaints")
        page.click("#complaints article a[href*=opened]")
        expect(page.locator("#complaints .words")).to_be_visible()
        expect(page.locator("#complaints .whom")).to_have_count(0)
    with site.visit(market.asked.bearer, size=PHONE, language="zh") as page:
        page.goto("/my/rights")
        assert "三天内给您回话" in page.inner_text("main")
    with site.visit(people.bearer("auditor")) as page:
        page.goto("/office")
        assert "三百元" not in page.inner_text("#complaints")
        page.click("#complaints a[href*=opened]")
        expect(page.locator("#complaints .words")).to_have_text("中介收了三百元")
        expect(page.locator("#audit tbody tr").first).to_contain_text("查看投诉")


def test_the_auditor_finds_who_did_what_on_which_day(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station"), language="zh") as page:
        page.goto(f"/desk/workers/{show('w', market.welders[0])}")
    with site.visit(people.bearer("auditor"), language="zh") as page:
        page.goto("/office")
        page.fill("[name=by]", "威宁县")
        page.select_option("[name=action]", "worker.read")
        page.fill("[name=on]", today().isoformat())
        page.click("#audit form button")
        page.wait_for_url("**action=worker.read**")
        expect(page.locator("#audit tbody tr").first).to_contain_text("查看一个人的资料")
        page.goto("/office?by=没有这个人&on=")
        expect(page.locator("#audit tbody tr")).to_have_count(0)
