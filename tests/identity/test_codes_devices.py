"""A new device waits before it gives, the old one is told, and who has a device may take it out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi.security import HTTPAuthorizationCredentials
from sqlalchemy import func, select, text, update

from app.actor import DOOR, Actor
from app.db.transaction import own, read, write
from app.identity.devices_model import DeviceUse
from app.identity.devices_queries import device_of
from app.identity.door import Knock
from app.identity.model import Token
from app.identity.queries import hash_of
from app.messages.model import Message
from tests.client import TestClient
from tests.identity.codes_at_work import MINE, ask, sign_in, store, verify
from tests.messages.outbox import carry_out, code_sent
from tests.workers.invented import id_number


def me(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


def gives_from(session: dict[str, Any]) -> datetime | None:
    """What the transaction's actor says of it."""
    with own() as owner:
        return owner.scalars(select(Token.gives_from).where(Token.hash == hash_of(session["access_token"]))).one()


def now() -> datetime:
    with read(DOOR) as tx:
        return tx.session.execute(func.now().select()).scalar_one()


def hours_left(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - now()) / timedelta(hours=1)


def devices(http: TestClient, session: dict[str, Any]) -> list[dict[str, Any]]:
    return list(http.get("/v1/me/devices", headers=me(session)).json()["items"])


def test_the_first_device_gives_at_once_and_a_second_waits_a_day(http: TestClient, mine: UUID) -> None:
    first, second = sign_in(http), sign_in(http)
    assert first["device"] != second["device"]
    assert gives_from(first) is None
    assert 23.9 < hours_left(gives_from(second)) <= 24
    assert second["gives_from"] is not None


def test_a_device_that_is_known_does_not_wait_again(http: TestClient, mine: UUID) -> None:
    first, second = sign_in(http), sign_in(http)
    assert gives_from(sign_in(http, device=first["device"])) is None
    again = sign_in(http, device=second["device"])
    assert (again["device"], gives_from(again)) == (second["device"], gives_from(second))


def test_a_made_up_device_is_a_new_one(http: TestClient, mine: UUID) -> None:
    sign_in(http)
    made_up = sign_in(http, device="ewd_made_up")
    assert made_up["device"] != "ewd_made_up"
    assert hours_left(gives_from(made_up)) > 23


def test_the_phone_is_told_of_a_new_device_after_the_first(http: TestClient, mine: UUID) -> None:
    sign_in(http)
    assert carry_out() == []
    sign_in(http)
    assert [(message.kind, message.phone) for message in carry_out()] == [("new_device", MINE)]


def test_the_old_number_is_told_when_the_new_device_comes_with_another(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    """A record at another station, with a phone somebody else holds."""
    sign_in(http)
    carry_out()
    store(actors["other_station"], 1, phone="13911112222")
    taken = sign_in(http, "13911112222")
    assert hours_left(gives_from(taken)) > 23
    assert {message.phone for message in carry_out()} == {MINE, "13911112222"}


def test_a_phone_that_is_not_the_chosen_records_waits_even_on_a_first_device(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    with own() as owner:
        owner.execute(text("update person_records set holds = true where worker_id = :mine"), {"mine": mine})
    store(actors["other_station"], 1, phone="13911112222")
    assert hours_left(gives_from(sign_in(http, "13911112222"))) > 23
    assert gives_from(sign_in(http)) is not None


def test_a_familys_device_is_one_device_and_new_for_each_of_them(http: TestClient, actors: dict[str, Actor]) -> None:
    store(actors["station"], 1, 2, phone=MINE)
    last_four = [id_number(n)[-4:] for n in (1, 2)]
    one = sign_in(http, id_last_four=last_four[0])
    two = sign_in(http, id_last_four=last_four[1], device=one["device"])
    assert (one["device"], gives_from(one)) == (two["device"], gives_from(two))
    with read(entering(one)) as mine, read(entering(two)) as theirs:
        assert device_of(mine) == device_of(theirs) is not None


def entering(session: dict[str, Any]) -> Knock:
    return Knock(HTTPAuthorizationCredentials(scheme="Bearer", credentials=session["access_token"]))


def test_staff_are_on_no_device(http: TestClient, actors: dict[str, Actor]) -> None:
    with read(actors["station"]) as tx:
        assert device_of(tx) is None


def test_the_old_device_sees_the_new_one_and_takes_it_out(http: TestClient, mine: UUID) -> None:
    old, new = sign_in(http), sign_in(http)
    seen = devices(http, old)
    [stranger] = [device for device in seen if not device["is_this"]]
    assert len(seen) == 2
    assert http.delete(f"/v1/me/devices/{stranger['id']}", headers=me(old)).status_code == 204
    assert http.get("/v1/me/devices", headers=me(new)).status_code == 401
    assert [device["is_this"] for device in devices(http, old)] == [True]
    assert hours_left(gives_from(sign_in(http, device=new["device"]))) > 23


def test_a_new_device_may_leave_but_not_take_out_the_old_one(http: TestClient, mine: UUID) -> None:
    old, new = sign_in(http), sign_in(http)
    by_age = {device["is_this"]: device["id"] for device in devices(http, new)}
    refused = http.delete(f"/v1/me/devices/{by_age[False]}", headers=me(new))
    assert (refused.status_code, refused.json()["code"]) == (409, "device_on_hold")
    assert http.delete(f"/v1/me/devices/{by_age[True]}", headers=me(new)).status_code == 204
    assert http.get("/v1/me/devices", headers=me(old)).status_code == 200


def test_after_a_day_a_new_device_may_take_out_others(http: TestClient, mine: UUID) -> None:
    old, new = sign_in(http), sign_in(http)
    with write(DOOR) as tx:
        tx.session.execute(update(DeviceUse).values(gives_from=func.now()))
    with own() as owner:
        owner.execute(text("update tokens set gives_from = now() where gives_from is not null"))
    [other] = [device["id"] for device in devices(http, new) if not device["is_this"]]
    assert http.delete(f"/v1/me/devices/{other}", headers=me(new)).status_code == 204
    assert http.get("/v1/me/devices", headers=me(old)).status_code == 401


def test_nobody_elses_device_can_be_seen_or_taken_out(
    http: TestClient, mine: UUID, actors: dict[str, Actor], bearers: dict[str, str]
) -> None:
    store(actors["station"], 2)
    session, foreign = sign_in(http), sign_in(http, "13900000002")
    [theirs] = [device["id"] for device in devices(http, foreign)]
    absent = http.delete(f"/v1/me/devices/d_{'0' * 32}", headers=me(session))
    refused = http.delete(f"/v1/me/devices/{theirs}", headers=me(session))
    assert (refused.status_code, refused.content) == (absent.status_code, absent.content) == (404, absent.content)
    clerk = {"Authorization": f"Bearer {bearers['station']}"}
    assert http.get("/v1/me/devices", headers=clerk).status_code == 403
    assert http.delete(f"/v1/me/devices/{theirs}", headers=clerk).status_code == 403


def test_a_sign_in_that_fails_at_the_end_leaves_no_device(http: TestClient, mine: UUID) -> None:
    ask(http)
    code = code_sent(MINE)
    assert verify(http, code).status_code == 200
    assert verify(http, code).status_code == 422
    with read(DOOR) as tx:
        assert tx.session.execute(func.count(DeviceUse.id).select()).scalar_one() == 1
        assert tx.session.execute(func.count(Message.id).select()).scalar_one() == 1
