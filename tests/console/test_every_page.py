"""What holds for every page: nothing serious for axe, no sideways scrolling on a phone, reachable with the keyboard."""

from __future__ import annotations

import pytest

from tests.console.market import Market
from tests.console.pages_of import every_page, token_of
from tests.console.site import PC, PHONE, Site, Size, faults_of_access, overhang

READERS = ("nobody", "station", "employer", "coordinator", "worker")


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
