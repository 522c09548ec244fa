"""Builds the application: wiring and nothing else."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from starlette.middleware.gzip import GZipMiddleware

from app.actor import VISITOR
from app.db.transaction import engine, read
from app.edge import docs_page, error_responses, logs, openapi, probes
from app.edge.access import REGISTRY, Access
from app.edge.caching import Caching
from app.edge.front_door import FrontDoor
from app.edge.heads import Heads
from app.edge.rates import Buckets, Rates
from app.messages.metrics import MessageCounts
from app.messages.senders import sender
from app.plans.metrics import PlanFigures
from app.settings import ROOT, settings

if TYPE_CHECKING:
    from app.suggestions.market import LiveMarket

VERSION = "0.1.0"
#: The rooms that answer at addresses: first those that are asked most often, since a request is held against one route
#: after the other (80 of them take as long as reading a row).
ROOMS = (
    *("suggestions", "workers", "vacancies", "placements", "lists", "identity", "occupations", "places", "pairings"),
    *("shocks", "plans", "duties", "reports", "complaints", "oversight", "console"),
)
#: Where list files are posted, and so larger bodies are taken.
LIST_PATHS = frozenset({"/v1/worker-lists", "/v1/vacancy-lists", "/desk/lists"})


def routers(rooms: Sequence[str]) -> Iterator[APIRouter]:
    """The routers of the rooms: of every routes.py and …_routes.py in them."""
    for room in rooms:
        for found in sorted((ROOT / "app" / room).glob("*routes.py")):
            yield import_module(f"app.{room}.{found.stem}").router


def create_app(rooms: Sequence[str] = ROOMS) -> FastAPI:
    """The whole service, or some of its rooms: `uvicorn --factory app.main:create_app`."""
    logs.configure(settings().log_level)
    app = FastAPI(
        title="eastwest",
        summary="东西部劳务协作：两张清单进，三个合适岗位出。/ Two lists in, three explained jobs out.",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False},
    )
    app.state.rooms = rooms
    app.state.slots = asyncio.Semaphore(settings().pool_size)
    app.state.checks = {"database": is_database_there, "migrations": is_migrated}
    for router in (*routers(rooms), probes.router, docs_page.router):
        app.include_router(router)
    error_responses.keep_addresses_apart(app)
    error_responses.install(app)
    openapi.install(app)
    wrap(app)
    return app


def wrap(app: FastAPI) -> None:
    """The layers around the routes, innermost first."""
    app.add_middleware(
        FrontDoor,
        max_body=settings().max_body,
        max_list_file=settings().max_list_file,
        list_paths=LIST_PATHS,
    )
    if settings().requests_a_minute:
        app.add_middleware(Rates, buckets=Buckets(settings().requests_a_minute))
    if "console" in app.state.rooms:
        from app.console.refusals import RefusalPages  # only now: some applications of the tests have no pages

        app.add_middleware(RefusalPages)
    app.add_middleware(Caching)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Heads)
    app.add_middleware(Access)


def is_database_there() -> bool:
    """Whether a visitor's transaction opens."""
    with read(VISITOR) as tx:
        return tx.session.scalar(text("select true")) is True


def is_migrated() -> bool:
    """Whether the database stands at this version's last migration."""
    with read(VISITOR) as tx:
        return bool(tx.session.scalar(text("select app.revision()")) == _last_migration())


@cache
def _last_migration() -> str | None:
    from app.db.migration import newest_revision  # only now: serving needs no migration tool

    return newest_revision()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Serve between a warm start and a clean stop."""
    engine()  # once, before threads ask for it at the same time and make several
    sender()  # unsafe settings end the start, not the first message
    collectors = (MessageCounts(), PlanFigures())
    for one in collectors:
        REGISTRY.register(one)
    market = await run_sync(open_market, app) if "suggestions" in app.state.rooms else None
    freeze()
    yield
    if market is not None:
        market.close()
    for one in collectors:
        REGISTRY.unregister(one)
    engine().dispose()


def open_market(app: FastAPI) -> LiveMarket:
    """The live market, built in the background: the service answers meanwhile and is ready when it is there."""
    from app.suggestions.market import LiveMarket  # only now: it compiles the engine

    market = LiveMarket(listens=True)
    app.state.market = market
    app.state.checks["market"] = lambda: is_loaded(market)
    market.warm(then=freeze)
    return market


def is_loaded(market: LiveMarket) -> bool:
    """Whether the market is there; if not, it is built: who waits for readiness sends no request that would do it."""
    if not market.is_loaded:
        market.warm(then=freeze)
    return market.is_loaded


def freeze() -> None:
    """Leave what start-up made out of every later collection: p99 fell from 61-68 to 3-5 ms. Not while reloading."""
    if settings().reload:
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
