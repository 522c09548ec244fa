"""Staff sign in with a password: counted before it is hashed, alike for logins nobody has, over at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update

from app.db.sealing import blind_index
from app.db.transaction import own, read
from app.identity import limits, passwords
from app.identity.model import SignInAttempt, Token, User
from app.settings import settings
from tests import people
from tests.client import TestClient
from tests.identity.staff_at_work import PASSWORD, as_, bearer, client, hire, sign_in, signed_in

__all__ = ["client"]


def _who(client: TestClient, headers: dict[str, str]) -> int:
    return int(client.get("/v1/me/session", headers=headers).status_code)


def _tried(n: int, *, login: str = "", address: str = "", minutes_ago: float = 1, succeeded: bool = False) -> None:
    """So many tries lie so long back; of any login, from anywhere, unless it is said."""
    with own() as owner:
        owner.execute(text("reset role"))
        for _ in range(n):
            owner.add(
                SignInAttempt(
                    login_index=blind_index(login or uuid4().hex, "login"),
                    address_index=blind_index(address or uuid4().hex, "address"),
                    at=func.now() - timedelta(minutes=minutes_ago),
                    succeeded=succeeded,
                )
            )


def test_a_clerk_signs_in_and_is_who_they_are(client: TestClient) -> None:
    hire("station", login="wang.fang")
    answer = sign_in(client, "Wang.Fang ")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store, private")
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    session = client.get("/v1/me/session", headers=bearer(tokens["access_token"])).json()
    assert (session["role"], session["user"]["login"], session["organisation"]["division"]) == (
        "station",
        "wang.fang",
        "520526",
    )
    assert (session["worker_id"], session["scopes"], session["gives_from"]) == (None, None, None)


def test_a_session_goes_on_by_its_refresh_token_once(client: TestClient) -> None:
    hire("station")
    first = sign_in(client, "station").json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    following = client.post("/v1/auth/token", data=form)
    assert following.status_code == 200
    assert _who(client, bearer(following.json()["access_token"])) == 200
    again = client.post("/v1/auth/token", data=form)
    assert (again.status_code, again.json()["code"]) == (401, "not_signed_in")
    assert _who(client, bearer(following.json()["access_token"])) == 401, "a copy ends the whole session"


def test_of_two_refreshing_at_once_over_http_the_session_ends(client: TestClient) -> None:
    hire("station")
    form = {"grant_type": "refresh_token", "refresh_token": sign_in(client, "station").json()["refresh_token"]}
    with ThreadPoolExecutor(6) as beside:
        answers = list(beside.map(lambda _: client.post("/v1/auth/token", data=form), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401, 401]
    [made] = [answer.json() for answer in answers if answer.status_code == 200]
    assert _who(client, bearer(made["access_token"])) == 401


def test_signing_out_ends_this_session_and_everywhere_ends_all(client: TestClient) -> None:
    hire("station")
    one, two, three = (signed_in(client, "station") for _ in range(3))
    assert client.post("/v1/auth/sign-out", headers=one).status_code == 204
    assert [_who(client, headers) for headers in (one, two, three)] == [401, 200, 200]
    assert client.post("/v1/auth/sign-out-everywhere", headers=two).status_code == 204
    assert [_who(client, headers) for headers in (two, three)] == [401, 401]


def _left(login: str) -> None:
    with own() as owner:
        owner.execute(update(User).where(User.login == login).values(state="left", left_at=func.now()))


def test_nothing_tells_a_login_nobody_has_from_a_wrong_password(client: TestClient) -> None:
    hire("station")
    hire("head")
    _left("head")
    answers = [sign_in(client, login, "a wrong password") for login in ("station", "nobody", "head", "", "x" * 300)]
    empty = answers.pop(3)
    assert empty.status_code == 422
    assert {(answer.status_code, answer.content, answer.headers["www-authenticate"]) for answer in answers} == {
        (401, answers[0].content, "Bearer")
    }
    assert answers[0].json()["code"] == "bad_credentials"


def test_a_login_nobody_has_costs_the_same_hashing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hire("station")
    looked_at: list[str] = []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            looked_at.append(kept.rpartition("$")[0].rpartition("$")[0])
            return real.verify(kept, password)

        def hash(self, password: str) -> str:
            return real.hash(password)

    real = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Counting())
    for login in ("station", "nobody"):
        sign_in(client, login, "a wrong password")
    assert len(looked_at) == 2
    assert looked_at[0] == looked_at[1], "the same cost"


def test_the_right_password_opens_after_wrong_ones(client: TestClient) -> None:
    hire("station")
    for _ in range(3):
        assert sign_in(client, "station", "a wrong password").status_code == 401
    assert sign_in(client, "station").status_code == 200


@pytest.mark.parametrize("login", ["station", "nobody"])
def test_a_login_is_tried_ten_times_a_quarter_of_an_hour(client: TestClient, login: str) -> None:
    hire("station")
    _tried(9, login=login)
    assert sign_in(client, login, "a wrong password").status_code == 401
    refused = sign_in(client, login)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert sign_in(client, "somebody else", "a wrong password").status_code == 401


def test_tries_that_succeeded_or_lie_far_back_do_not_count(client: TestClient) -> None:
    hire("station")
    _tried(20, login="station", succeeded=True)
    _tried(20, login="station", minutes_ago=16)
    assert sign_in(client, "station").status_code == 200


def test_an_address_is_let_in_a_hundred_times_for_all_its_logins(client: TestClient) -> None:
    hire("station")
    _tried(100, address="testclient")
    assert sign_in(client, "station").status_code == 429
    _tried(100, address="elsewhere")


def test_everybody_together_trips_the_breaker(client: TestClient) -> None:
    hire("station")
    _tried(1_000)
    assert sign_in(client, "station").status_code == 429


def test_the_breaker_closes_again_by_itself(client: TestClient) -> None:
    hire("station")
    _tried(1_000, minutes_ago=11)
    assert sign_in(client, "station").status_code == 200


def test_what_is_refused_by_a_limit_is_not_hashed_and_not_counted(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire("station")
    _tried(10, login="station")
    monkeypatch.setattr(passwords, "_hasher", None)
    assert sign_in(client, "station").status_code == 429
    with own() as owner:
        owner.execute(text("reset role"))
        assert owner.scalars(select(func.count()).select_from(SignInAttempt)).one() == 10


def test_of_many_at_once_none_slips_past_the_count(client: TestClient) -> None:
    hire("station")
    _tried(7, login="station")
    with ThreadPoolExecutor(8) as beside:
        answers = list(beside.map(lambda _: sign_in(client, "station", "a wrong password").status_code, range(8)))
    assert sorted(answers) == [401] * 3 + [429] * 5


def test_tries_are_forgotten_after_a_day(client: TestClient) -> None:
    _tried(5, minutes_ago=25 * 60)
    sign_in(client, "nobody", "a wrong password")
    with own() as owner:
        owner.execute(text("reset role"))
        assert owner.scalars(select(func.count()).select_from(SignInAttempt)).one() == 1


def test_the_table_of_tries_names_nobody(client: TestClient) -> None:
    sign_in(client, "wang.fang", "a wrong password")
    with own() as owner:
        owner.execute(text("reset role"))
        kept = str(owner.execute(text("select t::text from sign_in_attempts t")).all())
    assert "wang" not in kept
    assert "testclient" not in kept
    assert b"wang".hex() not in kept


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "password", "username": "station"},
        {"grant_type": "password", "username": "", "password": ""},
        {"grant_type": "refresh_token"},
        {"grant_type": "client_credentials", "username": "station", "password": PASSWORD},
        {"grant_type": "password", "username": "station", "password": "x" * 501},
        {"grant_type": "password", "username": "station", "password": "x", "one_time_code": "12345a"},
    ],
)
def test_a_form_that_lacks_something_is_told_what(client: TestClient, form: dict[str, str]) -> None:
    answer = client.post("/v1/auth/token", data=form)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]
    assert PASSWORD not in answer.text


def test_the_form_is_a_form(client: TestClient) -> None:
    assert client.post("/v1/auth/token", json={"grant_type": "password"}).status_code == 415


def test_a_sign_in_is_written_down(client: TestClient) -> None:
    user = hire("station")
    signed_in(client, "station")
    with read(people.actor("auditor")) as tx:
        found = tx.session.execute(text("select role, subject from audit_entries where action = 'user.sign_in'")).all()
    assert found == [("door", f"u_{user.hex}")]


def test_the_demo_password_opens_nothing_in_production(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hire("station", password=passwords.DEMO)
    assert sign_in(client, "station", passwords.DEMO).status_code == 200
    monkeypatch.setattr(settings(), "env", "production")
    assert sign_in(client, "station", passwords.DEMO).json()["code"] == "bad_credentials"


def test_a_token_of_the_command_line_says_who_it_is_too(client: TestClient) -> None:
    session = client.get("/v1/me/session", headers=as_("coordinator")).json()
    assert (session["role"], session["user"], session["organisation"]["kind"]) == ("coordinator", None, "authority")


def test_passwords_are_kept_as_argon2id_and_nothing_else(client: TestClient) -> None:
    hire("station")
    with own() as owner:
        kept = owner.execute(text("select hash from passwords")).scalar_one()
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert owner.scalars(select(func.count()).select_from(Token).where(Token.user_id.is_not(None))).one() == 0


def test_the_counts_of_one_login_and_of_an_address_cannot_block_each_other_for_ever(client: TestClient) -> None:
    """Crossed orders of the two locks: everybody is answered."""
    logins = ["a", "b", "c", "d"] * 3
    with ThreadPoolExecutor(6) as beside:
        answers = list(beside.map(lambda login: sign_in(client, login, "a wrong password").status_code, logins))
    assert set(answers) == {401}


def test_the_limits_are_those_of_the_threat_model() -> None:
    assert (1_000, timedelta(minutes=10)) == limits.EVERYBODY
    assert limits.A_LOGIN[0] <= 15
