"""A decline is unreadable in the other rooms too (SECURITY T4): duties, plans, figures, exports, alarms, the audit log,
and the console's pages. The twins are those of tests/placements/test_twins.py, asked about more."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from app.actor import Actor
from app.console.cookies import COOKIE
from app.main import create_app
from tests.client import TestClient
from tests.placements import test_twins as twins

OTHERS = {
    "station": ("/v1/duties", "/v1/plans", "/v1/exports", "/v1/workers?limit=100", "/desk", "/desk/workers"),
    "head": ("/v1/duties", "/v1/alarms", "/v1/approvals", "/v1/exports"),
    "other_station": ("/v1/duties", "/v1/plans", "/desk", "/desk/workers"),
    "destination": ("/v1/duties", "/v1/complaints", "/v1/vacancies/{v}/fill", "/board"),
    "employer": ("/v1/vacancies?mine=true", "/board"),
    "coordinator": ("/v1/duties", "/v1/duties/offices", "/v1/figures", "/v1/plans", "/v1/complaints", "/picture"),
    "operator": ("/v1/organisations", "/v1/approvals", "/v1/api-keys"),
    "auditor": ("/v1/duties", "/v1/figures", "/v1/exports", "/v1/alarms", "/v1/audit-entries", "/v1/complaints"),
}
ABOUT_THE_WORKER = ("/desk/workers/{w}", "/desk/workers/{w}/read-out", "/v1/workers/{w}/suggestions")
#: Drawn anew for every answer: what signs a form, ids of audit entries.
_DRAWN = re.compile(rb'(name="form_key" value="|nonce[-=]"?|"id":)[^"&,]*')


class Street(twins.Street):
    """The same street, asked with a browser's cookie where a page is asked for."""

    def client(self, bearer: str) -> TestClient:
        """Signed in both ways."""
        return TestClient(self.app, headers={"Authorization": f"Bearer {bearer}"}, cookies={COOKIE: bearer})


@pytest.fixture
def rooms() -> FastAPI:
    app = create_app()
    app.state.market = twins.SameMarket()
    return app


def _plain(told: twins.Told) -> twins.Told:
    """Without what is drawn anew, and the lengths of what it stands in."""
    found = twins.Told()
    for asked, (status, heads, kind, content) in told.items():
        plain = _DRAWN.sub(rb"\1", content)
        if asked[1].startswith("/"):
            found[asked] = (status, heads if plain == content else heads.rpartition("|")[2], kind, plain)
    return found


def test_no_other_room_tells_of_a_decline(
    rooms: FastAPI,
    db: Connection,
    bearers: dict[str, str],
    actors: dict[str, Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(twins, "OTHERS", OTHERS)
    monkeypatch.setattr(twins, "ABOUT_THE_WORKER", ABOUT_THE_WORKER)
    street = Street.of(rooms, db, bearers, actors, seed=3, jobs=16)
    said, of_worker, of_others = street.declining(rounds=2, each=4, seed=3)
    closed, _ = street.closing(said)
    _, quiet = street.quiet(len(said))
    asked = {(address, status) for (_, address), (status, *_) in of_others.items() if address.startswith("/")}
    assert {address for address, status in asked if status >= 400} <= {
        f"/v1/vacancies/{v}/fill" for v in (a.split("/")[3] for a, _ in asked if a.endswith("/fill"))
    }
    assert twins.differences(_plain(of_worker), _plain(closed)) == []
    assert twins.differences(_plain(of_others), _plain(quiet)) == []
