"""One effect for each Idempotency-Key, however often and however much at once it is asked for (SECURITY T19)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.db.transaction import read, write
from app.edge.body_digest import BodyDigest
from tests import people
from tests.client import TestClient


def headers(bearers: dict[str, str], key: str, who: str = "station") -> dict[str, bytes]:
    """Of somebody's request with a key."""
    return {"authorization": f"Bearer {bearers[who]}".encode(), "idempotency-key": key.encode()}


def effects() -> int:
    """How many there are."""
    with read(people.actor("auditor")) as tx:
        return tx.session.scalar(text("select count(*) from audit_entries where action = 'effect'")) or 0


def at_once(served: TestClient, all_headers: list[dict[str, bytes]]) -> list[httpx.Response]:
    """The answers to the same request, sent in parallel with these headers."""
    with ThreadPoolExecutor(len(all_headers)) as threads:
        return list(
            threads.map(lambda found: served.post("/v1/effects", json={"name": "柜子"}, headers=found), all_headers)
        )


def test_fifty_at_once_have_one_effect_and_fifty_equal_answers(served: TestClient, bearers: dict[str, str]) -> None:
    answers = at_once(served, [headers(bearers, "k")] * 50)
    assert effects() == 1
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert sum("idempotent-replay" not in answer.headers for answer in answers) == 1


def test_fifty_different_requests_at_once_are_all_served(served: TestClient, bearers: dict[str, str]) -> None:
    with ThreadPoolExecutor(50) as threads:
        answers = list(
            threads.map(
                lambda n: served.post("/v1/effects", json={"name": "柜子"}, headers=headers(bearers, f"k{n}")),
                range(50),
            )
        )
    assert {answer.status_code for answer in answers} == {201}
    assert effects() == 50


def test_the_same_key_with_another_body_is_a_conflict(served: TestClient, bearers: dict[str, str]) -> None:
    assert served.post("/v1/effects", json={"name": "柜子"}, headers=headers(bearers, "k")).status_code == 201
    other = served.post("/v1/effects", json={"name": "桌子"}, headers=headers(bearers, "k"))
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert effects() == 1


def test_somebody_elses_key_another_address_and_no_key_are_other_requests(
    served: TestClient, bearers: dict[str, str]
) -> None:
    body = {"name": "柜子"}
    assert served.post("/v1/effects", json=body, headers=headers(bearers, "k")).status_code == 201
    assert served.post("/v1/effects", json=body, headers=headers(bearers, "k", "other_station")).status_code == 201
    assert served.post("/v1/effects?q=1", json=body, headers=headers(bearers, "k")).status_code == 201
    for _ in range(2):
        without = {"authorization": f"Bearer {bearers['station']}"}
        assert served.post("/v1/effects", json=body, headers=without).status_code == 201
    assert effects() == 5


def test_a_request_that_failed_left_nothing_and_may_be_sent_again(served: TestClient, bearers: dict[str, str]) -> None:
    for _ in range(2):
        failed = served.post("/v1/effects", json={"name": "又错了"}, headers=headers(bearers, "k"))
        assert failed.status_code == 404
    assert effects() == 0
    assert served.post("/v1/effects", json={"name": "柜子"}, headers=headers(bearers, "k")).status_code == 201


@pytest.mark.parametrize("address", ["effect-files", "effects-read-by-hand", "effects-read-later"])
def test_an_upload_sent_again_within_another_boundary_is_the_same_upload(
    served: TestClient, bearers: dict[str, str], address: str
) -> None:
    def upload(content: bytes, name: str = "名单.csv") -> tuple[int, str]:
        answer = served.post(f"/v1/{address}", files={"file": (name, content)}, headers=headers(bearers, "k"))
        return answer.status_code, answer.json().get("name", answer.json().get("code"))

    big = b"a" * 900_000
    assert upload(big) == upload(big) == (202, "900000")
    assert effects() == 1
    assert upload(b"b" * 900_000) == (409, "idempotency_key_reused")
    assert upload(big, "别的.csv") == (409, "idempotency_key_reused")


@given(st.lists(st.binary(max_size=30), max_size=6), st.lists(st.integers(0, 40), max_size=12))
def test_the_digest_of_a_form_knows_neither_its_boundary_nor_how_it_was_cut(
    pieces: list[bytes], cuts: list[int]
) -> None:
    def digest(boundary: bytes, sizes: list[int]) -> bytes:
        whole, found = boundary.join(pieces), BodyDigest(boundary)
        for size in sizes:
            found.add(whole[:size], more=True)
            whole = whole[size:]
        found.add(whole, more=False)
        return found.digest()

    assert digest(b"--one-7b1f", cuts) == digest(b"--another-93ac07", [])


def test_an_answer_is_kept_as_ciphertext_for_seven_days_and_then_forgotten(
    served: TestClient, bearers: dict[str, str]
) -> None:
    first = served.post("/v1/effects", json={"name": "金丝雀"}, headers=headers(bearers, "k"))
    with write(people.actor("station")) as tx:
        kept = tx.session.execute(text("select answer_sealed, until, key from idempotent_answers")).one()
        assert "金丝雀".encode() not in kept.answer_sealed
        assert abs(kept.until - datetime.now(UTC) - timedelta(days=7)) < timedelta(hours=1)
        tx.session.execute(text("update idempotent_answers set until = now() - interval '1 second'"))
    later = served.post("/v1/effects", json={"name": "金丝雀"}, headers=headers(bearers, "k"))
    assert later.json()["id"] != first.json()["id"]
    assert effects() == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "ключ"])
def test_a_key_that_is_none_is_refused(served: TestClient, bearers: dict[str, str], key: str) -> None:
    answer = served.post("/v1/effects", json={"name": "柜子"}, headers=headers(bearers, key))
    assert answer.status_code in (400, 422)
    assert effects() == 0
