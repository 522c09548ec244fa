"""Who works where: invitations, places that take two persons, leaving, keys of systems, employers that register."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response
from sqlalchemy import func, select, text, update

from app.db.transaction import own, read
from app.identity.model import ApiKey, Approval, Invitation, Token, User
from app.identity.permissions import SCOPES, Permission
from app.identity.uscc import check_character
from tests import people
from tests.client import TestClient
from tests.identity.staff_at_work import PASSWORD, as_, bearer, client, hire, sign_in, signed_in

__all__ = ["client"]
MANAGERS = ("head", "destination", "employer", "coordinator")
EVERYBODY = (*people.PEOPLE,)


def _public(kind: str, row: UUID) -> str:
    return f"{kind}_{row.hex}"


def _own(name: str) -> str:
    organisation = people.actor(name).organisation_id
    assert organisation
    return _public("o", organisation)


def _accept(client: TestClient, code: str, login: str = "new.one", password: str = PASSWORD) -> Response:
    answer: Response = client.post("/v1/invitations/accept", json={"code": code, "login": login, "password": password})
    return answer


def _logins(client: TestClient, name: str) -> set[str]:
    return {user["login"] for user in client.get("/v1/users", headers=as_(name)).json()["items"]}


# Inviting and leaving


@pytest.mark.parametrize(
    ("name", "role"), [("head", "station"), ("destination", "destination"), ("employer", "employer")]
)
def test_who_looks_after_a_staff_invites_and_the_invited_signs_in(client: TestClient, name: str, role: str) -> None:
    made = client.post("/v1/invitations", json={"name": "王芳"}, headers=as_(name))
    assert made.status_code == 201
    assert made.json()["role"] == role
    accepted = _accept(client, made.json()["code"], "Wang.Fang")
    assert accepted.status_code == 201
    session = client.get("/v1/me/session", headers=bearer(accepted.json()["access_token"])).json()
    assert (session["role"], session["organisation"]["id"]) == (role, _own(name))
    assert (session["user"]["login"], session["user"]["name"]) == ("wang.fang", "王芳")
    assert sign_in(client, "wang.fang").status_code == 200
    assert _logins(client, name) == {"wang.fang"}


def test_an_invitation_is_taken_up_once(client: TestClient) -> None:
    code = client.post("/v1/invitations", json={"name": "王芳"}, headers=as_("head")).json()["code"]
    with ThreadPoolExecutor(4) as beside:
        answers = list(beside.map(lambda n: _accept(client, code, f"new.{n}").status_code, range(4)))
    assert sorted(answers) == [201, 404, 404, 404]


@pytest.mark.parametrize("how", ["withdrawn", "over", "of another's making"])
def test_an_invitation_that_is_over_opens_nothing(client: TestClient, how: str) -> None:
    made = client.post("/v1/invitations", json={"name": "王芳"}, headers=as_("head")).json()
    code = made["code"]
    if how == "withdrawn":
        assert client.delete(f"/v1/invitations/{made['id']}", headers=as_("head")).status_code == 204
        assert client.delete(f"/v1/invitations/{made['id']}", headers=as_("head")).status_code == 404
    elif how == "over":
        with own() as owner:
            owner.execute(update(Invitation).values(expires_at=func.now()))
    else:
        code = f"ewi_{'x' * 43}"
    assert _accept(client, code).json() == _accept(client, "nothing").json()
    assert _accept(client, code).status_code == 404


@pytest.mark.parametrize("name", [name for name in EVERYBODY if name not in (*MANAGERS, "other_employer")])
def test_nobody_else_invites_or_sees_staff(client: TestClient, name: str) -> None:
    hire("station")
    assert client.post("/v1/invitations", json={"name": "王芳"}, headers=as_(name)).status_code == 403
    assert (
        client.post("/v1/api-keys", json={"name": "x", "scopes": ["read_vacancies"]}, headers=as_(name)).status_code
        == 403
    )
    if name != "auditor":
        assert client.get("/v1/users", headers=as_(name)).status_code == 403


@pytest.mark.parametrize(
    ("name", "role"), [("head", "head"), ("coordinator", "coordinator"), ("coordinator", None), ("employer", "station")]
)
def test_a_place_that_takes_two_persons_is_not_given_by_one(client: TestClient, name: str, role: str | None) -> None:
    answer = client.post("/v1/invitations", json={"name": "王芳", "role": role}, headers=as_(name))
    assert (answer.status_code, answer.json()["code"]) == (403, "second_person_needed")


@pytest.mark.parametrize(("password", "code"), [("zu kurz", "password_short"), ("x" * 200, "too_long")])
def test_a_password_that_is_guessed_first_is_not_taken(client: TestClient, password: str, code: str) -> None:
    invitation = client.post("/v1/invitations", json={"name": "王芳"}, headers=as_("head")).json()["code"]
    answer = _accept(client, invitation, password=password)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    assert password not in answer.text
    for easy in ("passwordpassword", "111111111111", "new.one-2026!!"):
        assert _accept(client, invitation, password=easy).json()["errors"][0]["code"] == "password_known"
    assert _accept(client, invitation).status_code == 201, "the invitation is still there"


def test_a_login_somebody_has_is_not_taken_twice(client: TestClient) -> None:
    hire("station", login="wang.fang")
    code = client.post("/v1/invitations", json={"name": "王芳"}, headers=as_("head")).json()["code"]
    assert _accept(client, code, "wang.fang").json()["code"] == "login_taken"
    assert _accept(client, code, "wang.fang2").status_code == 201


def test_who_leaves_is_out_at_the_next_request(client: TestClient) -> None:
    clerk = hire("station")
    tokens = sign_in(client, "station").json()
    assert client.post(f"/v1/users/{_public('u', clerk)}/leave", headers=as_("head")).status_code == 204
    assert client.get("/v1/me/session", headers=bearer(tokens["access_token"])).status_code == 401
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert client.post("/v1/auth/token", data=form).status_code == 401
    assert sign_in(client, "station").status_code == 401
    shown = client.get(f"/v1/users/{_public('u', clerk)}", headers=as_("head")).json()
    assert (shown["state"], shown["left_at"] is not None) == ("left", True)
    assert client.post(f"/v1/users/{_public('u', clerk)}/leave", headers=as_("head")).status_code == 404


def test_an_operator_may_end_anybodys_account_and_sees_nobodys_name(client: TestClient) -> None:
    clerk = hire("station")
    assert client.get(f"/v1/users/{_public('u', clerk)}", headers=as_("operator")).status_code == 403
    assert client.post(f"/v1/users/{_public('u', clerk)}/leave", headers=as_("operator")).status_code == 204
    assert sign_in(client, "station").status_code == 401


@pytest.mark.parametrize("name", ["destination", "employer", "coordinator"])
def test_another_organisations_staff_is_not_there(client: TestClient, name: str) -> None:
    clerk, nobody = hire("station"), uuid4()
    for method, path in (("GET", "/v1/users/{}"), ("POST", "/v1/users/{}/leave"), ("PATCH", "/v1/users/{}")):
        answers = [
            client.request(
                method,
                path.format(_public("u", row)),
                headers=as_(name),
                json={"role": "station"} if method == "PATCH" else None,
            )
            for row in (clerk, nobody)
        ]
        assert (answers[0].status_code, answers[0].content) == (404, answers[1].content), path
    assert sign_in(client, "station").status_code == 200


def test_a_head_becomes_a_clerk_at_the_next_request(client: TestClient) -> None:
    second = hire("head", login="second")
    theirs = signed_in(client, "second")
    assert client.get("/v1/users", headers=theirs).status_code == 200
    answer = client.patch(f"/v1/users/{_public('u', second)}", json={"role": "station"}, headers=as_("head"))
    assert (answer.status_code, answer.json()["role"]) == (200, "station")
    assert client.get("/v1/users", headers=theirs).status_code == 403
    assert client.get("/v1/me/session", headers=theirs).json()["role"] == "station"


def test_a_clerk_does_not_become_head_by_one_person(client: TestClient) -> None:
    clerk = hire("station")
    answer = client.patch(f"/v1/users/{_public('u', clerk)}", json={"role": "head"}, headers=as_("head"))
    assert answer.json()["code"] == "second_person_needed"


# Two persons


def _ask(client: TestClient, name: str, headers: dict[str, str] | None = None, **what: Any) -> Response:
    wanted = {
        "kind": "role_grant",
        "reason": "新站长",
        "organisation_id": _own("station"),
        "role": "head",
        "name": "李强",
    }
    answer: Response = client.post("/v1/approvals", json=wanted | what, headers=headers or as_(name))
    return answer


def _decide(client: TestClient, approval: str, headers: dict[str, str], *, agree: bool = True) -> Response:
    answer: Response = client.post(f"/v1/approvals/{approval}/decide", json={"agree": agree}, headers=headers)
    return answer


def _carry_out(client: TestClient, approval: str, headers: dict[str, str]) -> Response:
    answer: Response = client.post(f"/v1/approvals/{approval}/carry-out", headers=headers)
    return answer


@pytest.mark.parametrize(
    ("asks", "decides"),
    [("head", "coordinator"), ("coordinator", "auditor"), ("operator", "auditor"), ("head", "auditor")],
)
def test_a_heads_place_takes_two_persons(client: TestClient, asks: str, decides: str) -> None:
    asked = _ask(client, asks)
    assert (asked.status_code, asked.json()["state"], asked.json()["mine"]) == (201, "asked", True)
    number = asked.json()["id"]
    assert _carry_out(client, number, as_(asks)).json()["code"] == "nothing_to_use"
    assert _decide(client, number, as_(decides)).json()["state"] == "approved"
    done = _carry_out(client, number, as_(asks)).json()
    accepted = _accept(client, done["code"])
    session = client.get("/v1/me/session", headers=bearer(accepted.json()["access_token"])).json()
    assert (session["role"], session["organisation"]["id"]) == ("head", _own("station"))
    assert _carry_out(client, number, as_(asks)).json()["code"] == "nothing_to_use"
    assert _decide(client, number, as_(decides), agree=False).json()["code"] == "already_decided"


def test_nobody_decides_on_their_own_wish(client: TestClient) -> None:
    number = _ask(client, "coordinator").json()["id"]
    answer = _decide(client, number, as_("coordinator"))
    assert (answer.status_code, answer.json()["code"]) == (403, "second_person_needed")
    with own() as owner:
        assert owner.scalars(select(Approval.state)).one() == "asked"


def test_a_person_is_the_same_on_every_device(client: TestClient) -> None:
    hire("coordinator")
    one, two = signed_in(client, "coordinator"), signed_in(client, "coordinator")
    number = _ask(client, "coordinator", headers=one).json()["id"]
    assert _decide(client, number, two).json()["code"] == "second_person_needed"
    hire("coordinator", login="colleague")
    assert _decide(client, number, signed_in(client, "colleague")).status_code == 200


def test_what_was_refused_is_not_carried_out(client: TestClient) -> None:
    number = _ask(client, "head").json()["id"]
    assert _decide(client, number, as_("auditor"), agree=False).json()["state"] == "refused"
    assert _carry_out(client, number, as_("head")).json()["code"] == "nothing_to_use"


def test_only_who_asked_carries_out(client: TestClient) -> None:
    number = _ask(client, "head").json()["id"]
    _decide(client, number, as_("auditor"))
    assert _carry_out(client, number, as_("coordinator")).json()["code"] == "nothing_to_use"
    assert _carry_out(client, number, as_("auditor")).status_code == 403


def test_of_many_carrying_out_at_once_one_does(client: TestClient) -> None:
    number = _ask(client, "head").json()["id"]
    _decide(client, number, as_("auditor"))
    with ThreadPoolExecutor(4) as beside:
        answers = list(beside.map(lambda _: _carry_out(client, number, as_("head")).status_code, range(4)))
    assert sorted(answers) == [201, 409, 409, 409]
    with own() as owner:
        assert owner.scalars(select(func.count()).select_from(Invitation)).one() == 1


@pytest.mark.parametrize("when", ["expires_at", "decided_at"])
def test_an_approval_does_not_wait_for_ever(client: TestClient, when: str) -> None:
    number = _ask(client, "head").json()["id"]
    if when == "expires_at":
        with own() as owner:
            owner.execute(update(Approval).values(expires_at=func.now()))
        assert _decide(client, number, as_("auditor")).json()["code"] == "already_decided"
    else:
        _decide(client, number, as_("auditor"))
        with own() as owner:
            owner.execute(text("update approvals set decided_at = now() - interval '8 days'"))
        assert _carry_out(client, number, as_("head")).json()["code"] == "nothing_to_use"


def test_a_clerk_of_the_station_becomes_head_by_two_persons(client: TestClient) -> None:
    clerk = hire("station")
    theirs = signed_in(client, "station")
    number = _ask(client, "head", user_id=_public("u", clerk)).json()["id"]
    _decide(client, number, as_("coordinator"))
    assert _carry_out(client, number, as_("head")).json() == {
        "user_id": _public("u", clerk),
        "invitation_id": None,
        "code": None,
        "organisation_id": None,
    }
    assert client.get("/v1/me/session", headers=theirs).json()["role"] == "head"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("head", {"organisation_id": "other_station"}),
        ("coordinator", {"organisation_id": "other_station"}),
        ("coordinator", {"organisation_id": "destination", "role": "destination"}),
        ("head", {"organisation_id": "nobody"}),
        ("head", {"role": "auditor"}),
        ("head", {"role": "coordinator"}),
        ("coordinator", {"role": "coordinator"}),
        ("head", {"user_id": "u_" + "0" * 32}),
    ],
)
def test_a_place_elsewhere_or_of_another_kind_is_not_asked_for(
    client: TestClient, name: str, what: dict[str, str]
) -> None:
    if where := what.get("organisation_id"):
        what = what | {"organisation_id": _own(where) if where != "nobody" else _public("o", uuid4())}
    assert _ask(client, name, None, **what).status_code == 404


@pytest.mark.parametrize("name", ["station", "destination", "employer", "auditor"])
def test_who_may_not_ask_is_refused(client: TestClient, name: str) -> None:
    assert _ask(client, name).status_code == 403


def test_an_approval_is_seen_by_those_it_concerns(client: TestClient) -> None:
    number = _ask(client, "head").json()["id"]
    seen = {
        name: client.get(f"/v1/approvals/{number}", headers=as_(name)).status_code
        for name in ("head", "coordinator", "auditor", "operator", "station", "employer")
    }
    assert seen == {"head": 200, "coordinator": 200, "auditor": 200, "operator": 404, "station": 403, "employer": 403}
    assert [a["id"] for a in client.get("/v1/approvals", headers=as_("coordinator")).json()["items"]] == [number]


def test_a_new_organisation_of_a_region_takes_two_persons(client: TestClient) -> None:
    new = {"kind": "station", "name": "织金县劳务工作站", "division": "520524"}
    wanted = {"kind": "organisation", "reason": "新建", "organisation": new}
    asked = client.post("/v1/approvals", json=wanted, headers=as_("coordinator"))
    assert asked.status_code == 201, asked.text
    number = asked.json()["id"]
    assert _decide(client, number, as_("auditor")).status_code == 200
    made = _carry_out(client, number, as_("coordinator")).json()["organisation_id"]
    shown = client.get(f"/v1/organisations/{made}", headers=as_("coordinator")).json()
    assert (shown["name"], shown["division"], shown["approved_at"] is not None) == (new["name"], "520524", True)
    head = _ask(client, "coordinator", organisation_id=made)
    assert head.status_code == 201
    elsewhere = wanted | {"organisation": new | {"division": "440106"}}
    assert client.post("/v1/approvals", json=elsewhere, headers=as_("coordinator")).status_code == 404
    assert client.post("/v1/approvals", json=wanted, headers=as_("head")).status_code == 404


# Organisations


def _names(client: TestClient, name: str) -> set[str]:
    return {row["name"] for row in client.get("/v1/organisations", headers=as_(name)).json()["items"]}


def test_an_office_says_under_which_telephone_it_is_reached(client: TestClient) -> None:
    own = f"/v1/organisations/{_own('station')}"
    assert client.patch(own, json={"phone": "0857-0000000"}, headers=as_("head")).json()["phone"] == "0857-0000000"
    wrong = client.patch(own, json={"phone": "问站长"}, headers=as_("head"))
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "bad_phone")
    assert client.patch(own, json={"phone": "12333"}, headers=as_("station")).status_code == 403, "a clerk"
    assert client.patch(own, json={"phone": "12333"}, headers=as_("coordinator")).status_code == 404, "reads only"
    assert client.get(own, headers=as_("station")).json()["phone"] == "0857-0000000"


def test_organisations_are_seen_by_those_they_concern(client: TestClient) -> None:
    own_name = {name: {people.PEOPLE[name][2]} for name in people.PEOPLE}
    every = {name for _, _, name, _ in people.PEOPLE.values()}
    assert _names(client, "station") == own_name["station"]
    assert _names(client, "employer") == own_name["employer"]
    assert _names(client, "coordinator") == own_name["coordinator"] | own_name["station"]
    assert _names(client, "operator") == _names(client, "auditor") == every
    foreign = client.get(f"/v1/organisations/{_own('other_station')}", headers=as_("station"))
    absent = client.get(f"/v1/organisations/{_public('o', uuid4())}", headers=as_("station"))
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_an_operator_makes_an_organisation_and_no_member_of_its_staff(client: TestClient) -> None:
    new = {"kind": "station", "name": "织金县劳务工作站", "division": "520524"}
    made = client.post("/v1/organisations", json=new, headers=as_("operator"))
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/organisations/{made.json()['id']}"
    again = client.post("/v1/organisations", json=new, headers=as_("operator"))
    assert (again.status_code, again.json()["code"]) == (409, "organisation_known")
    assert client.post("/v1/invitations", json={"name": "x"}, headers=as_("operator")).status_code == 403
    for name in ("head", "coordinator", "auditor"):
        assert client.post("/v1/organisations", json=new, headers=as_(name)).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"), [("division", "999999"), ("uscc", "91441900MA5EXAMP00"), ("kind", "audit")]
)
def test_an_organisation_that_cannot_be_is_not_made(client: TestClient, field: str, value: str) -> None:
    new = {"kind": "station", "name": "织金县劳务工作站", "division": "520524", field: value}
    answer = client.post("/v1/organisations", json=new, headers=as_("operator"))
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", field])


# Employers

EMPLOYER = {
    "name": "新来电子有限公司",
    "uscc": "91350211M000100Y4" + check_character("91350211M000100Y4"),
    "division": "440106",
    "login": "hr",
    "person": "张经理",
    "password": PASSWORD,
}


def test_an_employer_registers_itself_and_is_not_trusted_yet(client: TestClient) -> None:
    made = client.post("/v1/employers", json=EMPLOYER)
    assert made.status_code == 201, made.text
    assert made.json()["login"] == f"hr@{EMPLOYER['uscc'].lower()}"
    session = client.get("/v1/me/session", headers=signed_in(client, made.json()["login"])).json()
    assert (session["role"], session["organisation"]["uscc"]) == ("employer", EMPLOYER["uscc"])
    assert session["organisation"]["approved_at"] is None
    again = client.post("/v1/employers", json=EMPLOYER | {"login": "somebody"})
    assert (again.status_code, again.json()["code"]) == (409, "employer_known")


@pytest.mark.parametrize(
    ("field", "value"),
    [("uscc", "91350211M000100Y40"), ("uscc", "x"), ("division", "999999"), ("login", "a b"), ("password", "short")],
)
def test_an_employer_with_a_wrong_field_is_not_registered(client: TestClient, field: str, value: str) -> None:
    answer = client.post("/v1/employers", json=EMPLOYER | {field: value})
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", field])


def test_of_two_employers_registering_one_number_at_once_one_is(client: TestClient) -> None:
    with ThreadPoolExecutor(3) as beside:
        answers = list(beside.map(lambda _: client.post("/v1/employers", json=EMPLOYER).status_code, range(3)))
    assert sorted(answers) == [201, 409, 409]


# Keys of systems


def _key(client: TestClient, name: str, *scopes: str) -> dict[str, Any]:
    answer = client.post("/v1/api-keys", json={"name": "县人社系统", "scopes": list(scopes)}, headers=as_(name))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize(
    ("name", "role"), [("head", "station"), ("employer", "employer"), ("coordinator", "coordinator")]
)
def test_a_key_acts_for_its_organisation_within_its_scopes(client: TestClient, name: str, role: str) -> None:
    made = _key(client, name, "read_vacancies")
    session = client.get("/v1/me/session", headers=bearer(made["secret"])).json()
    assert (session["role"], session["organisation"]["id"], session["scopes"]) == (role, _own(name), ["read_vacancies"])
    assert session["user"] is None
    for path in ("/v1/users", "/v1/api-keys", "/v1/approvals", "/v1/organisations"):
        assert client.get(path, headers=bearer(made["secret"])).status_code == 403, path
    assert client.post("/v1/invitations", json={"name": "x"}, headers=bearer(made["secret"])).status_code == 403


@pytest.mark.parametrize(
    "scope", ["keep_staff", "make_keys", "own_door", "decide_approval", "everything", "READ_VACANCIES"]
)
def test_a_key_looks_after_nobody(client: TestClient, scope: str) -> None:
    answer = client.post("/v1/api-keys", json={"name": "x", "scopes": [scope]}, headers=as_("head"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "bad_scope")


def test_what_a_system_may_be_given_is_no_looking_after_people() -> None:
    assert Permission.READ_VACANCIES in SCOPES
    assert Permission.WRITE_WORKERS in SCOPES
    assert not {p for p in SCOPES if "staff" in p or "key" in p or "approval" in p}


def test_an_employers_key_gets_no_scope_of_a_station(client: TestClient) -> None:
    body = {"name": "x", "scopes": ["write_workers"]}
    assert client.post("/v1/api-keys", json=body, headers=as_("employer")).status_code == 422


def test_a_rotated_key_opens_with_both_secrets_for_a_while(client: TestClient) -> None:
    made = _key(client, "head", "read_vacancies")
    path = f"/v1/api-keys/{made['id']}/rotate"
    following = client.post(path, json={"keep_old_hours": 1}, headers=as_("head")).json()
    secrets = [made["secret"], following["secret"]]
    assert [client.get("/v1/me/session", headers=bearer(secret)).status_code for secret in secrets] == [200, 200]
    last = client.post(path, json={"keep_old_hours": 0}, headers=as_("head")).json()["secret"]
    secrets.append(last)
    assert [client.get("/v1/me/session", headers=bearer(s)).status_code for s in secrets] == [401, 401, 200]


def test_a_revoked_key_is_out_at_the_next_request(client: TestClient) -> None:
    for revoker in ("head", "operator"):
        made = _key(client, "head", "read_vacancies")
        assert client.delete(f"/v1/api-keys/{made['id']}", headers=as_(revoker)).status_code == 204
        assert client.get("/v1/me/session", headers=bearer(made["secret"])).status_code == 401
        path = f"/v1/api-keys/{made['id']}"
        assert client.delete(path, headers=as_(revoker)).status_code == 404
        assert client.post(f"{path}/rotate", json={}, headers=as_("head")).status_code == 404


def test_anothers_key_is_not_there(client: TestClient) -> None:
    made = _key(client, "employer", "read_vacancies")
    for path, method, body in (("/{}", "DELETE", None), ("/{}/rotate", "POST", {})):
        answers = [
            client.request(method, "/v1/api-keys" + path.format(key), headers=as_("other_employer"), json=body)
            for key in (made["id"], _public("k", uuid4()))
        ]
        assert (answers[0].status_code, answers[0].content) == (404, answers[1].content)
    assert client.get("/v1/me/session", headers=bearer(made["secret"])).status_code == 200


def test_the_last_use_of_a_key_is_known_whatever_it_asked_for(client: TestClient) -> None:
    made = _key(client, "head", "read_vacancies")
    shown = "/v1/api-keys"
    assert client.get(shown, headers=as_("head")).json()["items"][0]["last_used_at"] is None
    assert client.get("/v1/users", headers=bearer(made["secret"])).status_code == 403
    [listed] = client.get(shown, headers=as_("head")).json()["items"]
    assert listed["last_used_at"] is not None
    assert "secret" not in listed
    client.get("/v1/me/session", headers=bearer(made["secret"]))
    assert client.get(shown, headers=as_("head")).json()["items"][0]["last_used_at"] == listed["last_used_at"]


def test_the_database_keeps_no_secret_of_a_key(client: TestClient) -> None:
    made = _key(client, "head", "read_vacancies")
    with own() as owner:
        kept = str([vars(row) for kind in (ApiKey, Token) for row in owner.scalars(select(kind))])
    assert made["secret"] not in kept


def test_every_change_of_staff_and_keys_is_written_down(client: TestClient) -> None:
    made = client.post("/v1/invitations", json={"name": "王芳"}, headers=as_("head")).json()
    _accept(client, made["code"])
    key = _key(client, "head", "read_vacancies")
    client.post(f"/v1/api-keys/{key['id']}/rotate", json={}, headers=as_("head"))
    client.delete(f"/v1/api-keys/{key['id']}", headers=as_("head"))
    with own() as owner:
        user = owner.scalars(select(User.id)).one()
    client.post(f"/v1/users/{_public('u', user)}/leave", headers=as_("head"))
    with read(people.actor("auditor")) as tx:
        entries = tx.session.execute(text("select action, role, subject from audit_entries order by id")).all()
    assert [tuple(entry) for entry in entries] == [
        ("invitation.make", "head", made["id"]),
        ("invitation.accept", "door", made["id"]),
        ("key.make", "head", key["id"]),
        ("key.rotate", "head", key["id"]),
        ("key.revoke", "head", key["id"]),
        ("user.left", "head", _public("u", user)),
    ]
