"""The pages behind a real server and in a real browser: who visits, what a visit must never show."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from app.console.build import BUILT, build, is_built
from app.jobs.worker import make_app
from tests.placements.scene import Scene

PC, PHONE = (1366, 768), (360, 740)
Size = tuple[int, int]
#: Chromium as Debian installs it; a sandbox needs rights that containers lack.
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
#: Milliseconds for a page on a busy machine.
PATIENCE = 30_000


class NoBrowser(RuntimeError):
    """No Chromium on the path: `./dev test` installs it, or `apt-get install chromium fonts-noto-cjk`."""


def chromium() -> str:
    """Where Chromium is: where ./dev found it, or else on the path. Raises NoBrowser."""
    found = next((path for name in (os.environ.get("CHROMIUM", ""), *NAMES) if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser(NoBrowser.__doc__)
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser for a while."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application on a loopback port of its own, in a thread; its address."""
    if not is_built():
        build()
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    is_up = threading.Event()
    tell = server.startup

    async def startup(sockets: Any = None) -> None:
        await tell(sockets)
        is_up.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    assert is_up.wait(120)
    assert app.state.market.is_warm.wait(120)  # until then pages say that they are getting ready
    [socket] = server.servers[0].sockets
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@cache
def axe_source() -> str:
    """axe-core, as set-up built it."""
    return (BUILT / "axe.js").read_text()


@dataclass
class Site:
    """The service, the scene it shows, the browser that looks at it."""

    address: str
    scene: Scene
    browser: Browser

    @contextmanager
    def visit(
        self, bearer: str | None = None, *, size: Size = PC, language: str = "zh", busy: bool = False
    ) -> Iterator[Page]:
        """A browser window, signed in with a token or not. At the end nothing may have gone wrong in its console;
        `busy`: but for the service having been too busy (503)."""
        context = self._window(bearer, size, language)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        heard: list[str] = []
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("console", lambda message: heard.extend(_complaints(page, message, busy=busy)))
        try:
            yield page
        except BaseException:
            print(page.url, page.locator("body").inner_text())  # what the failed visit saw
            raise
        finally:
            context.close()
        assert heard == []

    def _window(self, bearer: str | None, size: Size, language: str) -> BrowserContext:
        width, height = size
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            locale="en-US" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=width < 500,
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        if bearer:
            context.add_cookies([{"name": "eastwest", "value": bearer, "url": self.address}])
        return context

    def do_jobs(self) -> None:
        """Do every job that waits, as the worker process would; the browser's own loop keeps this thread."""
        worker = threading.Thread(target=asyncio.run, args=(_work(),))
        worker.start()
        worker.join()


async def _work() -> None:
    app = make_app()
    async with app.open_async():
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


def _complaints(page: Page, message: ConsoleMessage, *, busy: bool) -> list[str]:
    """What the console says is wrong; a refused form (422), and a page that is a 404 page, are answers, not faults."""
    is_answer = "status of 422" in message.text or message.location.get("url") == page.url
    is_answer |= busy and "status of 503" in message.text
    is_own_status = "Failed to load resource" in message.text and is_answer
    return [message.text] if message.type in ("error", "warning") and not is_own_status else []


def faults_of_access(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    page.evaluate(axe_source())
    found: Sequence[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".map(v => ({id: v.id, impact: v.impact, at: v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary)}))"
    )
    return [f"{one['id']}: {one['at'][:3]}" for one in found if one["impact"] in ("serious", "critical")]


def overhang(page: Page) -> int:
    """How many pixels of the page lie beyond its right edge."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
