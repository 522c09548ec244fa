"""A station at work: a worker's word taken down, and a plan for all."""

from __future__ import annotations

from playwright.sync_api import expect

from app.db.base import today
from app.edge.public_ids import show
from tests import people
from tests.console.market import Market
from tests.console.site import PC, PHONE, Site
from tests.messages.outbox import code_sent

SCAN = b"%PDF-1.4 a signed paper"


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
        job.locator("form button").click()
        expect(job.locator("[role=alert]")).to_be_visible()
        job.locator("[name=code]").fill(code_sent(number_of(5)))
        job.locator("form button").click()
        expect(job.locator("[role=status]")).to_contain_text("记下了")
        page.goto("/desk")
        page.locator(f"a[href='/desk/workers/{worker}/read-out']").first.click()
        expect(page.locator(".going")).to_have_count(1)


def test_a_signed_paper_takes_effect_after_three_days(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station"), language="en") as page:
        page.goto(f"/desk/workers/{show('w', market.welders[6])}/read-out")
        job = page.locator("article.job").first
        job.locator("summary").click()
        job.locator("[name=paper]").set_input_files(
            {"name": "signed.pdf", "mimeType": "application/pdf", "buffer": SCAN}
        )
        job.locator("[name=witness]").fill("王站长")
        job.locator("[name=signed_on]").fill(today().isoformat())
        job.locator("form[action$='/paper'] button").click()
        expect(job.locator("[role=status]")).to_contain_text("takes effect at")


def test_a_plan_is_made_changed_with_a_reason_and_published(site: Site, market: Market) -> None:
    with site.visit(people.bearer("station"), size=PC) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/desk/plans")
        page.click("main form[action='/desk/plans'] button")
        page.wait_for_selector("#progress")
        site.do_jobs()
        page.wait_for_selector("figure[data-drawn=yes] svg")
        row = page.locator("tbody tr[id^=w_]", has=page.locator("option[value^=v_]")).first
        row.locator("summary").click()
        row.locator("[name=reason]").fill("本人说要和表哥同一个厂")
        row.locator("button").click()
        expect(page.locator("main")).to_contain_text("人工决定：本人说要和表哥同一个厂")
        page.click("form[action$='/publish'] button")
        expect(page.locator("[role=status]")).to_contain_text("已发布")


def test_an_authority_sees_figures_of_its_plan_and_no_name(site: Site, market: Market) -> None:
    with site.visit(people.bearer("coordinator"), size=PHONE, language="en") as page:
        page.goto("/desk/plans")
        page.click("main form[action='/desk/plans'] button")
        page.wait_for_selector("#progress")
        site.do_jobs()
        page.wait_for_selector("figure[data-drawn=yes] svg")
        expect(page.locator("main")).to_contain_text("no names")
        assert page.locator("tbody tr[id^=w_]").count() == 0
