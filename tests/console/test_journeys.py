"""What each reader comes for, done in a browser, at both sizes and in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect
from python_calamine import CalamineWorkbook

from app.complaints.schemas import ComplaintKind
from app.console.tours import OVER, TOURS
from app.db.base import today
from app.edge.public_ids import show
from app.plans.making import price_openings
from app.reports.gone_before import count_gone_before
from tests import people
from tests.console.market import PHONES, WELDER, Market
from tests.console.site import PC, PHONE, Site, Size
from tests.messages.outbox import code_sent

SCAN = b"%PDF-1.4 a signed paper"
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
BOTH = pytest.mark.parametrize(("size", "language"), [(PC, "zh"), (PHONE, "en")], ids=["pc-zh", "phone-en"])


@pytest.fixture(scope="module")
def ground(demo_template: str) -> str:
    """The demo market: what each reader comes for is done among some thousand people."""
    return demo_template


def said(page: Page, words: str) -> None:
    """The words are there to be read."""
    expect(page.locator("main")).to_contain_text(words)


@BOTH
def test_a_clerk_turns_a_workbook_into_three_jobs_to_read_out(
    site: Site, market: Market, size: Size, language: str
) -> None:
    english = language == "en"
    with site.visit(people.bearer("other_station"), size=size, language=language) as page:
        page.goto("/desk/lists")
        page.set_input_files("[name=file]", SAMPLES / "workers-dongxiang-township.xlsx")
        page.wait_for_url("**/desk/lists/l_*")
        site.do_jobs()
        page.wait_for_selector("table.sheet td.blocks .why")
        assert page.locator("table.sheet td.warns").count() + page.locator("table.sheet tr.warns").count() > 0
        page.evaluate("document.querySelector('details.card').open = true")
        page.locator("details.card select", has=page.locator("option[value=skills]:checked")).select_option("")
        page.locator("details.card button").click()
        site.do_jobs()
        page.wait_for_selector("[name=witness]")
        assert page.locator("[name=papers]:checked").count() == 0
        page.check("[name=papers][value=yes]")
        page.fill("[name=witness]", "马站长")
        page.locator("form[action$='/store'] button").click()
        page.wait_for_selector("#store [role=alert]")
        assert page.input_value("[name=witness]") == "马站长"
        page.fill("[name=signed_on]", "2026-11-01")
        page.locator("form[action$='/store'] button").click()
        site.do_jobs()
        page.wait_for_selector(".note.good[role=status]")
        page.click(".note.good a")
        page.wait_for_url("**/desk/workers*")
        page.locator("tbody tr", has=page.locator(".badge.good")).first.locator("a").click()
        said(page, "The three most suitable jobs" if english else "最合适的三个岗位")
        page.click("a[href$='/read-out']")
        said(page, "yours to decide" if english else "您自己定")


def test_what_is_typed_while_the_last_look_is_under_way_is_looked_at(site: Site, market: Market) -> None:
    held: list[Route] = []
    with site.visit(people.bearer("employer"), size=PHONE) as page:
        page.goto("/board/new")
        page.route("**/board/check", lambda asked: asked.continue_() if held else held.append(asked))
        with page.expect_request("**/board/check"):
            page.type("[name=title]", "氩弧焊工")
        page.type("[name=requirements]", "只要男性")
        page.wait_for_selector("#said-requirements .error")


@BOTH
def test_an_employer_is_told_what_is_unlawful_and_posts_what_is_lawful(
    site: Site, market: Market, size: Size, language: str
) -> None:
    english = language == "en"
    with site.visit(people.bearer("employer"), size=size, language=language) as page:
        page.goto("/board")
        page.click("a[href='/board/new']")
        expect(page.locator("main")).to_contain_text("示例电子（东莞）有限公司")
        form = {
            "title": "氩弧焊工",
            "workplace": "广东省广州市天河区",
            "headcount": "6",
            "wage_min": "6500",
            "wage_max": "8000",
        }
        for name, value in form.items():
            page.fill(f"[name={name}]", value)
        page.type("[name=requirements]", "只要男性")
        page.wait_for_selector("#said-requirements .error")
        page.click("form#post button")
        page.wait_for_selector(".note.bad[role=alert]")
        expect(page.locator("#said-requirements")).to_contain_text("“男性”")
        assert page.input_value("[name=title]") == "氩弧焊工"
        page.fill("[name=requirements]", "")
        page.type("[name=requirements]", "会氩弧焊，35岁以下")
        page.wait_for_selector("#check .note.warn")
        expect(page.locator("#said-requirements .think")).to_be_visible()
        said(page, "about" if english else "约")
        page.click("form#post button")
        page.wait_for_url("**/board/v_*")
        said(page, "Posted" if english else "已发布")
        page.click("a[href$='/edit']")
        page.fill("[name=wage_max]", "8,500元")
        page.click("form#post button")
        page.wait_for_url("**said=changed")
        said(page, "6,500–8,500")
        page.click("a[href$='/edit']")
        site.scene.run("update vacancies set headcount = 9, version = version + 1 where title = '氩弧焊工'")
        page.click("form#post button")
        expect(page.locator(".note.warn[role=alert]")).to_contain_text("another window" if english else "别的窗口")
        expect(page.locator(".note.warn[role=alert]")).to_contain_text("：9")
        page.click("form#post button")
        page.wait_for_url("**said=changed")


@BOTH
def test_a_worker_signs_in_by_code_chooses_sees_who_looked_and_takes_it_back(
    site: Site, market: Market, size: Size, language: str
) -> None:
    number = PHONES[language]
    with site.visit(size=size, language=language) as page:
        page.goto("/welcome")
        page.click("a[href='/sign-in/phone']")
        page.fill("[name=phone]", number)
        page.click("main button")
        page.wait_for_selector("[name=code]")
        page.fill("[name=code]", code_sent(number))
        page.click("main form[action$='/code'] button")
        page.wait_for_url("**/my")
        page.go_back()
        page.wait_for_selector("[name=phone]")
        page.goto("/my")
        cards = page.locator("article.job")
        expect(cards).to_have_count(3)
        first = cards.first.locator("form[action$='/another']").get_attribute("action")
        cards.first.locator("form button").click()
        expect(page.locator(f"form[action='{first}']")).to_have_count(0)
        expect(page.locator("article.job")).to_have_count(3)
        page.goto("/my")
        page.locator("details", has=page.locator("form[action$='/back']")).locator("summary").click()
        page.click("form[action$='/back'] button")
        expect(page.locator(f"form[action='{first}']")).to_have_count(1)
        page.locator("article.job a.button").first.click()
        page.click("button[name=disclose][value=yes]")
        expect(page.locator("details.standing[open] [role=status]")).to_be_visible()
        under_way = page.locator("form[action$='/end']")
        expect(under_way).to_have_count(1)
        page.goto("/my/rights")
        said(page, "Who looked at me" if language == "en" else "谁看过我")
        page.locator("form[action='/my/withdraw']", has=page.locator("[name=vacancy]")).locator("button").click()
        page.wait_for_selector(".note.good")
        page.goto("/my")
        expect(under_way).to_have_count(0)
        expect(page.locator("details a[href$='/yes']")).to_have_count(1)


@BOTH
def test_a_coordinator_sees_the_picture_its_table_and_takes_the_workbook(
    site: Site, market: Market, size: Size, language: str
) -> None:
    with site.visit(people.bearer("coordinator"), size=size, language=language) as page:
        page.goto("/picture")
        page.wait_for_selector("svg.picture circle", state="attached")
        page.click("a.tile[href='/picture/origins']")
        page.wait_for_selector("tbody td.figure")
        with page.expect_download() as download:
            page.click("a[href$='table.xlsx']")
        [sheet] = CalamineWorkbook.from_path(download.value.path()).sheet_names
        rows = CalamineWorkbook.from_path(download.value.path()).get_sheet_by_name(sheet).to_python()
        assert len(rows) >= 2
        page.goto("/picture/flows")


def test_an_employer_offers_and_the_worker_accepts(site: Site, market: Market) -> None:
    board = f"/board/{show('v', market.own_vacancy)}"
    with site.visit(people.bearer("employer")) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(board)
        page.click("a[href$='/contact']")
        expect(page.locator("main a[href^='tel:']")).to_have_count(1)
        page.click("form[action$='/offer'] button")
        page.wait_for_url(f"**{board}?said=offer")
        page.goto("/board")
        said(page, "已录用，等本人决定")
    with site.visit(market.willing.bearer, size=PHONE) as page:
        page.goto("/my/rights")
        said(page, "示例电子")
        site.scene.run(f"update vacancies set state = 'closed', closed_at = now() where id = '{market.own_vacancy}'")
        page.goto("/my")
        expect(page.locator("a[href$='/accept']")).to_have_count(1)
        site.scene.run(f"update vacancies set state = 'open', closed_at = null where id = '{market.own_vacancy}'")
        page.goto("/my")
        page.click("a[href$='/accept']")
        said(page, "位子就给您留着")
        page.click("form[action$='/accept'] button")
        said(page, "位子给您留好了")


def test_what_is_not_understood_of_a_wish_is_said_there_and_nothing_typed_is_lost(site: Site, market: Market) -> None:
    with site.visit(market.asked.bearer, size=PHONE) as page:
        page.goto("/my/wishes")
        page.fill("[name=occupations]", "焊工")
        page.fill("[name=places]", "青岛、火星")
        page.fill("[name=min_wage]", "四千五")
        with page.expect_response(lambda answer: answer.status == 422):
            page.click("main form button")
        expect(page.locator(".field", has=page.locator("[name=places]")).locator(".error")).to_be_visible()
        assert page.input_value("[name=places]") == "青岛、火星"
        page.fill("[name=places]", "青岛")
        page.click("main form button")
        said(page, "记下了")
        assert page.input_value("[name=min_wage]") == "4500"


@pytest.mark.parametrize("path", ["/my", "/my/rights"])
def test_a_worker_whose_session_is_over_comes_to_the_door_for_phones(site: Site, path: str) -> None:
    with httpx.Client(base_url=site.address) as client:
        assert client.get(path).headers["location"] == "/sign-in/phone"


@pytest.mark.parametrize("kind", [kind.value for kind in ComplaintKind])
def test_a_worker_complains_of_anything_the_page_names(site: Site, market: Market, kind: str) -> None:
    with httpx.Client(base_url=site.address, cookies={"eastwest": market.asked.bearer}) as client:
        page = client.get("/my/rights").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        assert f'value="{kind}"' in page
        sent = client.post("/my/complaint", data={"csrf": csrf, "kind": kind, "words": "工头要我交 500 元"})
    assert sent.headers["location"] == "/my/rights?said=complaint"


def number_of(which: int) -> str:
    """The phone of an invented welder."""
    return f"139{100 + which:08d}"


def test_a_yes_on_the_phone_is_taken_down_with_the_code_and_never_a_no(site: Site, market: Market) -> None:
    worker = show("w", market.welders[5])
    with site.visit(people.bearer("station"), size=PHONE) as page:
        page.goto(f"/desk/workers/{worker}/read-out")
        job = page.locator("article.job").first
        assert page.locator("main").get_by_text("不想去").count() == 0
        job.locator("[name=disclose]").first.check()
        job.locator("form[action$='/code'] button").click()
        job.locator("[name=code]").fill("000000")
        job.get_by_role("button", name="记下“愿意”").click()
        expect(job.locator("[role=alert]")).to_contain_text("还可以试 4 次")
        job.locator("[name=code]").fill(code_sent(number_of(5)))
        job.get_by_role("button", name="记下“愿意”").click()
        expect(job.locator("[role=status]")).to_contain_text("记下了")
        page.goto("/desk")
        page.locator(f"a[href='/desk/workers/{worker}/read-out']").first.click()
        expect(page.locator(".going")).to_have_count(1)


def test_a_yes_without_a_phone_number_is_completed_later_and_taken_back(site: Site, market: Market) -> None:
    worker = f"/desk/workers/{show('w', market.welders[7])}"
    with site.visit(people.bearer("station"), language="en") as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{worker}/read-out")
        job = page.locator("article.job").first
        job.locator("form[action$='/code'] button").click()
        job.locator("[name=code]").wait_for()
        job.locator("[name=code]").fill(code_sent(number_of(7)))
        job.get_by_role("button", name="Take down the yes").click()
        expect(job.locator("[role=status]")).to_contain_text("Taken down")
        page.goto(worker)
        going = page.locator(".going")
        going.locator("form[action$='/code'] button").click()
        going.locator("[name=code]").wait_for()
        going.locator("[name=code]").fill(code_sent(number_of(7)))
        going.get_by_role("button", name="Take down the agreement").click()
        expect(going.locator("[role=status]")).to_be_visible()
        page.goto(worker)
        expect(going.locator("[name=code], form[action$='/code']")).to_have_count(0)
        going.locator("form[action$='/back'] button").click()
        page.wait_for_url("**done=not_going")
        expect(going).to_have_count(0)


def test_a_signed_paper_takes_effect_after_three_days(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station"), language="en") as page:
        page.goto(f"/desk/workers/{show('w', market.welders[6])}/read-out")
        job = page.locator("article.job").first
        job.locator("summary").click()
        for name, content in (("signed.heic", b"no picture we know"), ("signed.pdf", SCAN)):
            job.locator("[name=paper]").set_input_files({"name": name, "mimeType": "", "buffer": content})
            if name == "signed.heic":
                job.locator("[name=witness]").fill("王站长")
                job.locator("[name=signed_on]").fill(today().isoformat())
            job.locator("form[action$='/paper'] button").click()
            expect(job.locator("[role=alert], [role=status]")).to_have_count(1)
        expect(job.locator("[role=status]")).to_contain_text("takes effect at")


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station")) as page:
        page.goto(f"/desk/workers/{show('w', market.welders[8])}")
        page.fill("[name=places]", "青岛、火星")
        page.fill("[name=min_wage]", "三千五")
        page.click("form[action$='/wishes'] button")
        expect(page.locator("#desired_places_why")).to_contain_text("“火星”")
        assert page.input_value("[name=min_wage]") == "三千五"
        page.fill("[name=places]", "不限")
        page.click("form[action$='/wishes'] button")
        page.wait_for_url("**done=wishes")
        assert page.input_value("[name=min_wage]") == "3500"


def test_all_that_is_wrong_with_an_offer_is_said_at_once_and_the_first_of_it_is_in_hand(
    site: Site, market: Market
) -> None:
    typed = {"title": "电焊工", "workplace": "火星", "headcount": "几个", "wage_min": "90", "wage_max": "80"}
    with site.visit(people.bearer("employer"), size=PHONE) as page:
        page.goto("/board/new")
        for name, value in typed.items():
            page.fill(f"[name={name}]", value)
        page.click("form#post button")
        for name in ("workplace", "headcount", "wage_max"):
            expect(page.locator(f"#said-{name} .error")).to_have_count(1)
        expect(page.locator("[name=workplace]")).to_be_focused()
        assert {name: page.input_value(f"[name={name}]") for name in typed} == typed
        page.fill("[name=workplace]", "广东省广州市天河区")
        page.click("form#post button")
        for name in ("headcount", "wage_min", "wage_max"):
            expect(page.locator(f"#said-{name} .error")).to_have_count(1)
        expect(page.locator("#said-wage_min")).to_contain_text("最低工资")


def test_a_form_is_sent_once_however_often_it_is_pressed_and_says_that_it_is_on_its_way(
    site: Site, market: Market
) -> None:
    held: list[Route] = []
    with site.visit(people.bearer("station"), language="en") as page:
        page.route("**/jobs/*/code", lambda route: held.append(route))
        page.goto(f"/desk/workers/{show('w', market.welders[9])}")
        wishes = page.locator("form[action$='/wishes']")
        words = wishes.locator("button").inner_text()
        page.evaluate("() => { sent = 0; onsubmit = (event) => { event.preventDefault(); sent += 1; } }")  # no answer
        wishes.locator("button").click()
        expect(wishes.locator("button")).to_have_text("Sending…")
        wishes.locator("button").click()
        assert page.evaluate("sent") == 1
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")  # as the browser says on the way back
        expect(wishes.locator("button")).to_have_text(words)
        wishes.locator("button").click()
        assert page.evaluate("sent") == 2
        page.goto(f"/desk/workers/{show('w', market.welders[9])}/read-out")
        code = page.locator("form[action$='/code']").first
        code.locator("button").click()
        expect(code.locator("button")).to_have_text("Sending…")
        code.locator("button").click()
        assert len(held) == 1
        held.pop().fulfill(status=204)
        expect(code.locator("button")).not_to_have_text("Sending…")


def test_an_employer_with_a_list_of_workers_is_told_who_uploads_those(site: Site, market: Market) -> None:
    with site.visit(people.bearer("employer"), language="en") as page:
        page.goto("/desk/lists")
        page.set_input_files("[name=file]", SAMPLES / "workers-bijie-clean.xlsx")
        page.wait_for_url("**/desk/lists/l_*")
        site.do_jobs()
        expect(page.locator(".note.warn[role=alert]")).to_contain_text("uploaded by labour stations")
        expect(page.locator("form[action$='/kind']")).to_have_count(0)


def test_consent_is_taken_back_at_the_station_in_one_step(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station"), size=PHONE) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"/desk/workers/{show('w', market.welders[9])}")
        expect(page.locator("article.job")).to_have_count(3)
        page.click("form[action$='/withdrawn'] button")
        page.wait_for_url("**done=withdrawn")
        expect(page.locator("article.job")).to_have_count(0)
        expect(page.locator("a[href$='/paper']")).to_have_count(1)


def test_whom_no_job_suits_is_asked_what_else_and_the_clerk_sees_what_would_open(site: Site, market: Market) -> None:
    dear = site.scene.worker("other_station", number=900, min_wage=90_000, **WELDER)
    with site.visit(people.bearer("other_station")) as page:
        page.goto(f"/desk/workers/{show('w', dear.worker_id)}/read-out")
        said(page, "现在没有合适的岗位，想问问您还愿意做什么")
        expect(page.locator("main")).not_to_contain_text("没有更多岗位")
        expect(page.locator(".readout li").first).to_contain_text("想要的工资")
        page.goto(f"/desk/workers/{show('w', dear.worker_id)}/read-out?after=3")
        said(page, "没有更多岗位了")


def test_the_workers_page_goes_on_and_back(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station")) as page:
        page.goto("/desk/workers?limit=10&kept=agreed")
        names = page.locator("tbody a")
        first = names.all_inner_texts()
        page.click("a[href*='cursor=']")
        page.wait_for_selector("a[href*='before=']")
        assert not set(first) & set(names.all_inner_texts())
        page.click("a[href*='before=']")
        expect(names.first).to_have_text(first[0])


@BOTH
def test_an_office_reads_what_a_vacancy_waits_for_before_it_decides(
    site: Site, market: Market, size: Size, language: str
) -> None:
    english = language == "en"
    title = "两班焊工" if english else "长班焊工"
    with site.visit(people.bearer("employer"), size=size, language=language) as page:
        page.goto("/board/new")
        form = {"title": title, "workplace": "广东省广州市天河区", "headcount": "6", "wage_min": "6500"}
        for name, value in (form | {"requirements": "每天工作14小时"}).items():
            page.fill(f"[name={name}]", value)
        page.click("form#post button")
        page.wait_for_url("**/board/v_*")
    with site.visit(people.bearer("destination"), size=size, language=language) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/office")
        waits = page.locator("#waiting .line", has_text="14小时").filter(has_text="焊")
        expect(waits.locator("button")).to_have_count(0)
        waits.locator("a").first.click()
        expect(page.locator("#decide")).to_contain_text("每天工作14小时")
        expect(page.locator("#decide")).to_contain_text("Labour Law" if english else "《劳动法》")
        page.locator("#decide button[value=approve]").click()
        said(page, "Approved" if english else "通过了")


def test_a_plan_is_made_changed_with_a_reason_and_published(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station"), size=PC, busy=True) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/desk/plans")
        page.click("main form[action='/desk/plans'] button")
        page.wait_for_selector("#progress")
        with page.expect_response(lambda answer: answer.status == 503):
            page.route("**/progress", lambda asked: asked.fulfill(status=503, body="busy"), times=1)
        site.do_jobs()
        page.wait_for_selector("figure[data-drawn=yes] svg")
        welders = page.locator("tbody tr[id^=w_]", has_text="电焊工")
        welders.locator("a[href*='/workers/']", has_text="改").first.click()
        page.fill("#q", "电焊工")
        page.click("form[role=search] button")
        page.locator("[name=vacancy]:not(:checked)").first.check()
        page.fill("[name=reason]", "本人说要和表哥同一个厂")
        page.click("form.stack > .row button")
        changed = page.locator("tbody tr", has_text="人工决定：本人说要和表哥同一个厂")
        expect(changed.locator("[role=status]")).to_be_in_viewport()
        expect(page.locator(".tiles")).to_contain_text("1 人是人工改的")
        page.click("form[action$='/publish'] button")
        expect(page.locator(".note[role=status]")).to_contain_text("已发布")
        page.locator("summary", has_text="收回方案").click()
        page.fill("form[action$='/take-back'] [name=reason]", "发错了")
        page.click("form[action$='/take-back'] button")
        expect(page.locator(".note[role=status]")).to_contain_text("已收回")


def test_an_authority_sees_figures_of_its_plan_and_no_name(site: Site, market: Market) -> None:
    with site.visit(people.bearer("coordinator"), size=PHONE, language="en") as page:
        page.goto("/desk/plans")
        page.click("main form[action='/desk/plans'] button")
        page.wait_for_selector("#progress")
        site.do_jobs()
        page.wait_for_selector("figure[data-drawn=yes] svg")
        expect(page.locator("main")).to_contain_text("no names")
        assert page.locator("tbody tr[id^=w_]").count() == 0


def test_an_employer_reads_how_many_suit_and_what_keeps_a_vacancy_empty(site: Site, market: Market) -> None:
    rare = site.scene.vacancy(title="月嫂", employer="示例电子（东莞）有限公司", wage_lo=2500, wage_hi=2600, age_min=58)
    price_openings()
    with site.visit(people.bearer("employer"), language="en") as page:
        page.goto(f"/board/{show('v', rare)}")
        said(page, "under 10")
        said(page, "What keeps it empty")
        page.goto(f"/board/{show('v', market.own_vacancy)}")
        said(page, "about ")


def test_how_many_from_home_went_there_is_counted_once_a_day_and_told(site: Site, market: Market) -> None:
    site.scene.run(
        "insert into placements (id, station_id, worker_id, vacancy_id, poster_id, state, title, employer,"
        " workplace_text, card, how, disclose, accepted_at) select gen_random_uuid(), w.station_id, w.id, v.id,"
        " v.poster_id, 'accepted', v.title, v.employer, v.workplace_text, '{}', 'own', false, now()"
        " from workers w, vacancies v where v.id = %s and w.id = any(%s)",
        *(market.own_vacancy, list(market.welders[10:22])),
    )
    site.scene.run("update gone_before set counted_at = counted_at - interval '1 day'")
    assert count_gone_before()
    assert not count_gone_before()
    worker = show("w", market.welders[4])
    with site.visit(people.bearer("station"), language="en") as page:
        page.goto(f"/desk/workers/{worker}/read-out")
        told = re.compile("At least [12][05] people from Weining work in Guangzhou")
        expect(page.locator("main")).to_contain_text(told)


@pytest.mark.parametrize(("reader", "size", "language"), [("station", PC, "zh"), ("worker", PHONE, "en")])
def test_the_tour_is_walked_with_the_keyboard_and_left_with_escape(
    site: Site, market: Market, reader: str, size: Size, language: str
) -> None:
    # A worker of whom no other test changes what there is to be shown.
    bearer = site.scene.session(market.welders[7]).bearer if reader == "worker" else people.bearer(reader)
    with site.visit(bearer, size=size, language=language) as page:
        steps = TOURS[reader]
        page.goto("/tour/1")
        for number in range(1, len(steps) + 1):
            page.wait_for_url(f"**tour={number}")
            expect(page.locator("#tour")).to_be_focused()
            assert page.locator(".guided").count() == 1
            if number < len(steps):
                for _ in range(1 if number == 1 else 2):
                    page.keyboard.press("Tab")
                page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.wait_for_url(f"**{steps[0].page}")
        assert page.locator("#tour").count() == 0
        assert any(cookie["name"] == OVER for cookie in page.context.cookies())


def test_an_authority_enters_an_emergency_with_its_notice_and_ends_it(site: Site, market: Market) -> None:
    with site.visit(people.bearer("coordinator")) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/shocks")
        page.select_option("[name=division]", "520526")
        page.select_option("[name=effect]", "aid")
        page.fill("[name=document]", "毕节市应急〔2026〕9号")
        page.click("#enter button")
        expect(page.locator("[name=percent][aria-invalid]")).to_have_count(1)
        expect(page.locator("[name=document]")).to_have_value("毕节市应急〔2026〕9号")
        page.fill("[name=percent]", "50")
        page.click("#enter button")
        page.wait_for_url("**done=entered")
        expect(page.locator("tbody tr")).to_contain_text("毕节市应急〔2026〕9号")
        page.click("form[action$='/end'] button")
        page.wait_for_url("**done=ended")
        expect(page.locator("main")).not_to_contain_text("毕节市应急〔2026〕9号")
        expect(page.locator("form[action$='/end']")).to_have_count(0)
