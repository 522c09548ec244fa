"""`eastwest user`, and the staff of the demo market."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, text
from typer.testing import CliRunner, Result

from app.cli.user import app
from app.db.transaction import own, read
from app.identity.model import Organisation, User
from app.identity.passwords import DEMO
from app.identity.uscc import as_uscc
from app.settings import settings
from seed.demo.staff import STAFF, USCC, hire_staff
from tests import people
from tests.client import TestClient
from tests.identity.staff_at_work import PASSWORD, bearer, client, hire, sign_in, signed_in

__all__ = ["client"]


def _run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, [*words], input=given)


def _session(client: TestClient, headers: dict[str, str]) -> tuple[str, str]:
    found = client.get("/v1/me/session", headers=headers).json()
    return found["role"], found["organisation"]["division"]


def test_the_first_head_is_invited_from_the_command_line(client: TestClient) -> None:
    made = _run("add", "head", "--division", "520524", "--name", "李强", "--json")
    assert made.exit_code == 0, made.output
    code = json.loads(made.output)["code"]
    body = {"code": code, "login": "li.qiang", "password": PASSWORD}
    accepted = client.post("/v1/invitations/accept", json=body)
    assert _session(client, bearer(accepted.json()["access_token"])) == ("head", "520524")


def test_somebody_is_given_a_password_at_once(client: TestClient) -> None:
    words = ("add", "coordinator", "--division", "520500", "--name", "赵", "--login", "Zhao", "--stdin")
    assert _run(*words, given="short\n").exit_code == 2
    assert _run(*words, given=f"{PASSWORD}\n").exit_code == 0
    assert _session(client, signed_in(client, "zhao")) == ("coordinator", "520500")


def test_leaving_and_another_password_end_sessions(client: TestClient) -> None:
    hire("station")
    here = signed_in(client, "station")
    assert _run("password", "station", "--stdin", given="会当凌绝顶，一览众山小。\n").exit_code == 0
    assert client.get("/v1/me/session", headers=here).status_code == 401
    there = signed_in(client, "station", "会当凌绝顶，一览众山小。")
    assert _run("leave", "station").exit_code == 0
    assert client.get("/v1/me/session", headers=there).status_code == 401
    assert _run("leave", "station").exit_code == 2


def test_a_role_goes_with_the_organisation(client: TestClient) -> None:
    hire("station")
    here = signed_in(client, "station")
    assert _run("role", "station", "head").exit_code == 0
    assert _session(client, here)[0] == "head"
    assert _run("role", "station", "auditor").exit_code == 2


def test_the_list_shows_no_password(client: TestClient) -> None:
    hire("station")
    [listed] = json.loads(_run("list", "--json").output)
    assert (listed["login"], listed["state"], listed["org"]) == ("station", "active", "威宁县劳务工作站")
    assert "argon2" not in _run("list").output


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("words", [("add", "worker", "--name", "x"), ("add", "head", "--name", "x"), ("leave", "x")])
def test_what_is_missing_or_unknown_is_said(words: tuple[str, ...]) -> None:
    assert _run(*words).exit_code == 2


def test_what_the_command_line_does_is_written_down(client: TestClient) -> None:
    hire("station")
    _run("role", "station", "head")
    _run("leave", "station")
    with read(people.actor("auditor")) as tx:
        found = tx.session.execute(text("select action, role, purpose from audit_entries order by id")).all()
    assert [tuple(entry) for entry in found] == [
        ("user.role", "door", "command line"),
        ("user.left", "door", "command line"),
    ]


def test_every_role_of_the_demo_signs_in_and_hiring_twice_changes_nothing(client: TestClient) -> None:
    hire_staff()
    hire_staff()
    for one in STAFF:
        found = client.get("/v1/me/session", headers=signed_in(client, one.login, DEMO)).json()
        assert (found["role"], found["organisation"]["division"]) == (one.role.value, one.division)
    with own() as owner:
        assert owner.scalars(select(func.count()).select_from(User)).one() == len(STAFF)
        employer = owner.scalars(select(Organisation).where(Organisation.uscc == USCC)).one()
    assert (as_uscc(USCC), employer.approved_at is not None) == (USCC, True)


def test_the_demos_staff_is_not_hired_in_production(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "env", "production")
    hire_staff()
    assert sign_in(client, STAFF[0].login, DEMO).status_code == 401
    refused = _run("add", "operator", "--org", "x", "--name", "x", "--login", "x.y", "--stdin", given=f"{DEMO}\n")
    assert refused.exit_code == 2
