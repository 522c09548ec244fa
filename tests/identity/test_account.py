"""One's own account: another password, a second factor."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from app.db.transaction import own
from app.identity.model import Password
from app.identity.second_factor import PERIOD_S, code_at, step_of
from tests.client import TestClient
from tests.identity.staff_at_work import PASSWORD, as_, client, hire, sign_in, signed_in

__all__ = ["client"]
ANOTHER = "会当凌绝顶，一览众山小。"


def _now_s() -> int:
    with own() as owner:
        return int(owner.execute(text("select extract(epoch from now())")).scalar_one())


def _change(client: TestClient, headers: dict[str, str], present: str = PASSWORD, password: str = ANOTHER) -> int:
    body = {"present": present, "password": password}
    return int(client.put("/v1/me/password", json=body, headers=headers).status_code)


def test_another_password_ends_the_sessions_elsewhere(client: TestClient) -> None:
    hire("station")
    here, there = signed_in(client, "station"), signed_in(client, "station")
    assert _change(client, here) == 204
    seen = [client.get("/v1/me/session", headers=headers).status_code for headers in (here, there)]
    assert seen == [200, 401]
    assert (sign_in(client, "station").status_code, sign_in(client, "station", ANOTHER).status_code) == (401, 200)


def test_the_present_password_is_asked_for_and_not_guessed(client: TestClient) -> None:
    hire("station")
    here = signed_in(client, "station")
    answers = {_change(client, here, present="a wrong password") for _ in range(9)}
    assert answers == {422}
    assert _change(client, here, present="a wrong password") == 422
    assert _change(client, here) == 429
    assert sign_in(client, "station").status_code == 429, "the same count as at sign-in"


def test_a_token_of_the_command_line_has_no_password(client: TestClient) -> None:
    assert _change(client, as_("station")) == 403


def test_a_new_password_is_looked_at_as_a_first_one_is(client: TestClient) -> None:
    hire("station")
    here = signed_in(client, "station")
    assert _change(client, here, password="passwordpassword") == 422
    assert sign_in(client, "station").status_code == 200


def _enrol(client: TestClient, headers: dict[str, str]) -> bytes:
    made = client.post("/v1/me/second-factor", json={"password": PASSWORD}, headers=headers)
    assert made.status_code == 201, made.text
    assert made.json()["secret"] in made.json()["uri"]
    return base64.b32decode(made.json()["secret"])


def _confirm(client: TestClient, headers: dict[str, str], code: str) -> int:
    return int(client.put("/v1/me/second-factor", json={"one_time_code": code}, headers=headers).status_code)


@pytest.fixture
def guarded(client: TestClient) -> tuple[UUID, bytes]:
    """A clerk with a second factor, none of whose codes was used; their secret."""
    clerk = hire("station")
    here = signed_in(client, "station")
    secret = _enrol(client, here)
    assert sign_in(client, "station").status_code == 200, "not asked for before it is confirmed"
    assert _confirm(client, here, code_at(secret, _now_s() // PERIOD_S)) == 204
    with own() as owner:
        owner.execute(text("set local role none"))
        owner.execute(update(Password).values(second_factor_step=0))
    return clerk, secret


@pytest.mark.usefixtures("guarded")
def test_without_the_digits_the_password_is_not_enough(client: TestClient) -> None:
    answer = sign_in(client, "station")
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_needed")
    assert sign_in(client, "station", "a wrong password", one_time_code="000000").json()["code"] == "bad_credentials"


def test_the_digits_of_this_half_minute_open_once(client: TestClient, guarded: tuple[UUID, bytes]) -> None:
    code = code_at(guarded[1], _now_s() // PERIOD_S)
    assert sign_in(client, "station", one_time_code=code).status_code == 200
    assert sign_in(client, "station", one_time_code=code).json()["code"] == "second_factor_needed"


def test_wrong_digits_count_as_wrong_passwords_do(client: TestClient, guarded: tuple[UUID, bytes]) -> None:
    wrong = code_at(guarded[1], 1)
    codes = [sign_in(client, "station", one_time_code=wrong).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_asking_for_the_digits_counts_as_no_failure(client: TestClient, guarded: tuple[UUID, bytes]) -> None:
    for _ in range(11):
        assert sign_in(client, "station").json()["code"] == "second_factor_needed"


def test_the_secret_of_a_second_factor_is_kept_sealed(client: TestClient, guarded: tuple[UUID, bytes]) -> None:
    with own() as owner:
        owner.execute(text("set local role none"))
        kept = owner.scalars(select(Password.second_factor_sealed)).one()
    assert kept
    assert guarded[1] not in kept


def test_a_second_factor_is_taken_away_with_password_and_digits(
    client: TestClient, guarded: tuple[UUID, bytes]
) -> None:
    code = code_at(guarded[1], _now_s() // PERIOD_S)
    here = signed_in(client, "station", one_time_code=code)
    following = code_at(guarded[1], _now_s() // PERIOD_S + 1)
    path = "/v1/me/second-factor/end"
    wrong = client.post(path, json={"password": PASSWORD, "one_time_code": code}, headers=here)
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "bad_code")
    assert client.post("/v1/me/second-factor", json={"password": PASSWORD}, headers=here).status_code == 409
    ended = client.post(path, json={"password": PASSWORD, "one_time_code": following}, headers=here)
    assert ended.status_code == 204
    assert sign_in(client, "station").status_code == 200
    assert client.post(path, json={"password": PASSWORD, "one_time_code": "000000"}, headers=here).status_code == 409


def test_wrong_first_digits_confirm_nothing(client: TestClient) -> None:
    hire("station")
    here = signed_in(client, "station")
    assert _confirm(client, here, "000000") == 409
    secret = _enrol(client, here)
    assert _confirm(client, here, code_at(secret, 1)) == 422
    assert sign_in(client, "station").status_code == 200


@pytest.mark.parametrize(("at_s", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_digits_are_those_of_the_standard(at_s: int, code: str) -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    assert code_at(b"12345678901234567890", at_s // PERIOD_S) == code


@given(secret=st.binary(min_size=20, max_size=20), now_s=st.integers(100, 4_000_000_000), shift=st.integers(-3, 3))
def test_digits_fit_this_half_minute_and_its_neighbours_once(secret: bytes, now_s: int, shift: int) -> None:
    step = now_s // PERIOD_S + shift
    found = step_of(secret, code_at(secret, step), now_s, after=0)
    if abs(shift) <= 1:
        assert found is not None
        assert step_of(secret, code_at(secret, step), now_s, after=found) is None or found != step
    elif found is not None:
        assert code_at(secret, found) == code_at(secret, step), "another half minute with the same digits"
