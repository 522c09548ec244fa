"""A picture of every page in both sizes, for a person to look at: `./dev screenshots [FOLDER]`.

The README's pictures, smaller, lie in tests/console/pictures; they are written anew beside the others. On the demo
market, with a small scene in it in which somebody said yes and a plan was made.
"""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import select

from app.actor import Role
from app.db.transaction import own, read
from app.devdb import fingerprint
from app.edge.public_ids import show
from app.identity.model import Organisation
from app.identity.usecases import issue_token
from app.main import create_app
from app.suggestions.model import Suggestion
from seed.demo.load import SHOWN, load_demo, office
from tests import conftest
from tests.console.market import Market, stock
from tests.console.pages_of import Pages, every_page, token_of
from tests.console.site import PC, PHONE, Site, Size, browsing, served
from tests.database import Server, serving, template
from tests.placements.scene import set_up

SAMPLE = Path(__file__).resolve().parent.parent / "samples/workers-dongxiang-township.xlsx"
#: What the README shows: the picture's name, and between which pixels from the top; of a list, the sheet.
README = {"list-pc": (905, 1600), "worker-pc": (0, 800), "my-phone": (0, 740), "picture-pc": (690, 1560)}
PICTURES = Path(__file__).resolve().parent / "pictures"
#: A PNG as a WebP of less than half the weight, by the browser itself.
_LIGHTER = """async png => {
  const image = new Image(); image.src = 'data:image/png;base64,' + png; await image.decode();
  const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', 0.8).split(',')[1];
}"""
#: Milliseconds in which charts are drawn.
DRAWN = 800


def fill() -> None:
    """What the tests stand on, and the demo market."""
    conftest.fill()
    load_demo()


def demo_database(server: Server) -> str:
    """The template of the demo market, made when it is missing."""
    made_of = (conftest.ROOT / "migrations", conftest.key_file(), conftest.ROOT / "seed")
    return template(server, f"ew_shown_{fingerprint(*made_of)}", fill, conftest.DATA)


@contextmanager
def demo_site() -> Iterator[tuple[Site, Market]]:
    """The pages over the demo market."""
    with serving(conftest.SERVER, conftest.DATA) as server:
        name, app = demo_database(server), create_app()
        with (
            set_up(server, name, f"ew_clone_{os.getpid()}_shown", app) as scene,
            served(app) as address,
            browsing() as browser,
        ):
            site = Site(address, scene, browser)
            market = stock(scene)
            site.do_jobs()
            yield site, market


def demo_token(role: Role, division: str) -> str:
    """A token of the demo's office of a role in a division."""
    actor = office(role, division)
    with own() as owner:
        organisation = owner.get_one(Organisation, actor.organisation_id)
        return issue_token(owner, role, organisation=organisation)[0]


def with_demo_people(pages: Pages) -> Pages:
    """The station's pages, of a demo worker."""
    with read(office(Role.STATION, SHOWN)) as tx:  # whose third job suits best
        third = select(Suggestion.worker_id).where(Suggestion.current, Suggestion.rank == 3)
        worker = tx.session.scalars(third.order_by(Suggestion.score.desc(), Suggestion.worker_id).limit(1)).one()
    page = f"/desk/workers/{show('w', worker)}"
    others = {"worker": page, "read-out": f"{page}/read-out"}
    return pages | {"station": [(name, others.get(name, address)) for name, address in pages["station"]]}


def photograph(page: Page, folder: Path, name: str) -> None:
    """Write one picture; charts are waited for."""
    if page.locator("figure[data-chart]").count():
        page.wait_for_timeout(DRAWN)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    if name in README:
        keep_light(page, name)
    print(folder / f"{name}.png")


def keep_light(page: Page, name: str) -> None:
    """The part of the page that the README shows."""
    width = page.viewport_size["width"] if page.viewport_size else PC[0]
    first, last = README[name]
    part = page.screenshot(full_page=True, clip={"x": 0, "y": first, "width": width, "height": last - first})
    png = base64.b64encode(part).decode()
    with page.context.new_page() as blank:
        (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(blank.evaluate(_LIGHTER, png)))


def take_all(site: Site, market: Market, folder: Path) -> None:
    """Every page, on a PC and on a phone."""
    tokens = {
        "station": demo_token(Role.STATION, "520526"),
        "coordinator": demo_token(Role.COORDINATOR, "520500"),
    }
    for reader, pages in with_demo_people(every_page(market)).items():
        for size, mark in ((PC, "pc"), (PHONE, "phone")):
            with site.visit(tokens.get(reader) or token_of(market, reader), size=size) as page:
                for name, address in pages:
                    page.goto(address)
                    photograph(page, folder, f"{name}-{mark}")
    for size, mark in ((PC, "pc"), (PHONE, "phone")):
        take_acts(site, tokens["station"], size, folder, mark)


def take_acts(site: Site, station: str, size: Size, folder: Path, mark: str) -> None:
    """What comes of doing something: a list as it is understood, a plan."""
    with site.visit(station, size=size) as page:
        page.goto("/desk/lists")
        page.set_input_files("[name=file]", SAMPLE)
        page.wait_for_url("**/desk/lists/l_*")
        site.do_jobs()
        page.wait_for_selector("table.sheet")
        photograph(page, folder, f"list-{mark}")
        page.goto("/desk/plans")
        page.click("main form[action='/desk/plans'] button")
        page.wait_for_selector("#progress")
        site.do_jobs()
        page.wait_for_selector("figure[data-drawn=yes]")
        photograph(page, folder, f"plan-{mark}")


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else conftest.ROOT / "screenshots")
    where.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(exist_ok=True)
    with demo_site() as (shown, stocked):
        take_all(shown, stocked, where)
