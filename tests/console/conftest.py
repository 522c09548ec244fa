"""One served application, one browser and one small scene a module; where a module asks for it, in the demo market."""

from __future__ import annotations

import gc
import os
import uuid
from collections.abc import Iterator

import pytest

from app.main import create_app
from tests.console.market import Market, stock
from tests.console.screenshots import demo_database
from tests.console.site import Site, browsing, served
from tests.database import Server
from tests.placements.scene import set_up


@pytest.fixture(scope="session")
def demo_template(server: Server) -> str:
    """The database with the demo market."""
    return demo_database(server)


@pytest.fixture(scope="module")
def ground(full_template: str) -> str:
    """The database in which the scene is set."""
    return full_template


@pytest.fixture(scope="module")
def site(server: Server, ground: str) -> Iterator[Site]:
    """The service with a scene whose commits are real, and a browser."""
    threshold = gc.get_threshold()
    app = create_app()
    with (
        set_up(server, ground, f"ew_clone_{os.getpid()}_{uuid.uuid4().hex[:8]}", app) as scene,
        served(app) as address,
        browsing() as browser,
    ):
        yield Site(address, scene, browser)
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.fixture(scope="module")
def market(site: Site) -> Market:
    """Workers, vacancies, staff and one introduction under way."""
    return stock(site.scene)
