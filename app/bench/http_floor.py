"""What a request costs at least: a bare hello, one row by raw SQL; and a worker's three jobs as if they were stored.

`floor` is FastAPI with nothing of the product; `product` is the product with one address more.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import FastAPI, Path, Response
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text

from app.edge.caching import revalidated
from app.identity.door import Knocking, entered
from app.main import create_app, freeze

#: The address of the database, for the raw read.
RAW_URL = "EASTWEST_BENCH_RAW_URL"
_ROW = "select id, name, home_code, home_text, birth_date, skills_text, version from workers where id = %s"
_STORED = text("select body from bench_stored where worker_id = :worker")


def floor() -> FastAPI:
    """Two addresses, and the memory frozen as the product's is."""
    pool = AsyncConnectionPool(
        os.environ[RAW_URL], min_size=8, max_size=8, open=False, kwargs={"autocommit": True, "prepare_threshold": 1}
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await pool.open(wait=True)
        freeze()
        yield
        await pool.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.get("/hello")
    async def hello() -> Response:
        return Response(b'{"hello":"world"}', media_type="application/json")

    @app.get("/row/{row}")
    async def one_row(row: Annotated[UUID, Path()]) -> Response:
        async with pool.connection() as connection:
            found = await (await connection.execute(_ROW, (row,))).fetchone()
        return Response(orjson.dumps(found), media_type="application/json")

    return app


def product() -> FastAPI:
    """The product, and the same request as /v1/me/suggestions answered from a stored row."""
    app = create_app()

    @app.get("/bench/stored")
    def stored(knock: Knocking) -> Response:
        with entered(knock) as tx:
            body = tx.session.execute(_STORED, {"worker": tx.actor.worker_id}).scalar_one()
        answer = Response(bytes(body), media_type="application/json")
        revalidated(answer)
        return answer

    return app
