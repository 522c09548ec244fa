"""A clerk's word about a phone is not the worker's: changed ones wait and tell, shared ones are looked into first."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app.actor import DOOR, Actor, Role
from app.db.transaction import own, read, write
from app.errors import NotAllowed, NotFound
from app.identity.codes_model import Phone
from app.identity.codes_phones import PhoneStanding, check_phone, phone_may_answer, phone_standing
from tests.client import TestClient
from tests.identity.codes_at_work import MINE, sign_in, store
from tests.identity.test_codes_devices import gives_from, hours_left
from tests.messages.outbox import carry_out
from tests.workers.invented import id_number

NEW = "13911112222"


def change(http: TestClient, bearer: str, worker: UUID, phone: str | None) -> None:
    """The clerk enters another phone."""
    headers = {"Authorization": f"Bearer {bearer}"}
    answer = http.patch(f"/v1/workers/w_{worker.hex}", headers=headers, json={"phone": phone})
    assert answer.status_code == 200, answer.text


def standing(actor: Actor, worker: UUID) -> PhoneStanding:
    with read(actor) as tx:
        found = phone_standing(tx, worker)
    assert found is not None
    return found


def test_a_phone_typed_by_a_clerk_is_unverified_until_the_first_code(
    http: TestClient, mine: UUID, actors: dict[str, Actor]
) -> None:
    before = standing(actors["station"], mine)
    assert (before.verified_at, before.shared, before.may_answer) == (None, 1, True)
    sign_in(http)
    assert standing(actors["station"], mine).verified_at is not None


def test_a_changed_phone_waits_72_hours_and_the_old_number_is_told(
    http: TestClient, mine: UUID, actors: dict[str, Actor], bearers: dict[str, str]
) -> None:
    sign_in(http)
    carry_out()
    change(http, bearers["station"], mine, NEW)
    now = standing(actors["station"], mine)
    assert (now.verified_at, now.may_answer) == (None, False)
    assert 71.9 < hours_left(now.held_until) <= 72
    assert [(message.kind, message.phone) for message in carry_out()] == [("phone_changed", MINE)]


def test_a_session_by_a_changed_phone_waits_too(http: TestClient, mine: UUID, bearers: dict[str, str]) -> None:
    first = sign_in(http)
    change(http, bearers["station"], mine, NEW)
    by_new = sign_in(http, NEW, device=first["device"])
    assert hours_left(gives_from(by_new)) > 71


def test_taking_a_phone_out_first_does_not_help(
    http: TestClient, mine: UUID, actors: dict[str, Actor], bearers: dict[str, str]
) -> None:
    change(http, bearers["station"], mine, None)
    assert [message.phone for message in carry_out()] == [MINE]
    with read(actors["station"]) as tx:
        assert not phone_may_answer(tx, mine)
    change(http, bearers["station"], mine, NEW)
    assert hours_left(standing(actors["station"], mine).held_until) > 71


def test_a_first_phone_is_no_change(http: TestClient, actors: dict[str, Actor], bearers: dict[str, str]) -> None:
    [worker] = store(actors["station"], 5, phone=None)
    change(http, bearers["station"], worker, NEW)
    assert standing(actors["station"], worker).held_until is None
    assert carry_out() == []


def test_the_wait_ends(http: TestClient, mine: UUID, actors: dict[str, Actor], bearers: dict[str, str]) -> None:
    change(http, bearers["station"], mine, NEW)
    with write(DOOR) as tx:
        tx.session.execute(text("update phones set held_until = now()"))
    assert standing(actors["station"], mine).may_answer


def test_a_list_that_changes_phones_tells_each_old_number(http: TestClient, actors: dict[str, Actor]) -> None:
    store(actors["station"], 1, 2, 3)
    store(actors["station"], 2, 3, 4, phone=NEW)
    assert sorted(message.phone for message in carry_out()) == ["13900000002", "13900000003"]
    with read(DOOR) as tx:
        assert tx.session.scalars(select(func.count()).where(Phone.held_until > func.now())).one() == 2


def test_a_change_that_is_rolled_back_tells_nobody(http: TestClient, mine: UUID, actors: dict[str, Actor]) -> None:
    with write(actors["station"]) as tx:
        tx.session.execute(text("update workers set phone_index = 'x'"))
        tx.session.rollback()
    assert carry_out() == []


def test_a_phone_of_three_workers_answers_for_none_until_the_head_has_looked(
    http: TestClient, actors: dict[str, Actor], bearers: dict[str, str]
) -> None:
    ids = store(actors["station"], 1, 2, phone=NEW)
    assert all(standing(actors["station"], worker).may_answer for worker in ids)
    ids += store(actors["station"], 3, phone=NEW)
    assert [standing(actors["station"], worker).may_answer for worker in ids] == [False] * 3
    address = f"/v1/workers/w_{ids[0].hex}/phone-check"
    assert http.post(address, headers={"Authorization": f"Bearer {bearers['station']}"}).status_code == 403
    checked = http.post(address, headers={"Authorization": f"Bearer {bearers['head']}"})
    assert (checked.status_code, checked.json()["may_answer"], checked.json()["shared"]) == (200, True, 3)
    assert [standing(actors["station"], worker).may_answer for worker in ids] == [True, False, False]
    with read(actors["auditor"]) as tx:
        assert tx.session.scalars(text("select worker_id from audit_entries where action = 'phone.check'")).all() == [
            ids[0]
        ]


def test_nobody_gives_in_a_session_by_such_a_phone_and_everybody_may_take_back(
    http: TestClient, actors: dict[str, Actor]
) -> None:
    ids = store(actors["station"], 1, 2, 3, phone=NEW)
    session = sign_in(http, NEW, id_last_four=id_number(1)[-4:])
    mine = {"Authorization": f"Bearer {session['access_token']}"}
    assert http.delete("/v1/me/consents/matching", headers=mine).status_code == 204
    refused = http.post("/v1/me/consents", headers=mine, json={"purpose": "matching"})
    assert (refused.status_code, refused.json()["code"]) == (409, "phone_on_hold")
    with write(actors["head"]) as tx:
        check_phone(tx, ids[0])
    assert http.post("/v1/me/consents", headers=mine, json={"purpose": "matching"}).status_code == 201


def test_a_phone_is_counted_within_one_station(http: TestClient, actors: dict[str, Actor]) -> None:
    [worker] = store(actors["station"], 1, phone=NEW)
    store(actors["other_station"], 2, 3, 4, phone=NEW)
    assert standing(actors["station"], worker).shared == 1


def test_the_worker_learns_it_too(http: TestClient, mine: UUID) -> None:
    assert standing(Actor(Role.WORKER, worker_id=mine), mine).shared == 1


def test_a_check_is_of_the_phone_that_was_looked_at(
    http: TestClient, actors: dict[str, Actor], bearers: dict[str, str]
) -> None:
    ids = store(actors["station"], 1, 2, 3, phone=NEW)
    with write(actors["head"]) as tx:
        check_phone(tx, ids[0])
    change(http, bearers["station"], ids[0], MINE)
    assert standing(actors["station"], ids[0]).checked_at is None


@pytest.mark.parametrize("name", ["other_station", "employer", "auditor", "destination"])
def test_nobody_else_learns_how_a_phone_stands(
    http: TestClient, mine: UUID, actors: dict[str, Actor], name: str
) -> None:
    if name == "other_station":
        with read(actors[name]) as tx:
            assert phone_standing(tx, mine) is None
        foreign_head = Actor(Role.HEAD, actors[name].organisation_id, "622926", token_id=actors[name].token_id)
        with pytest.raises(NotFound), write(foreign_head) as tx:
            check_phone(tx, mine)
    else:
        with pytest.raises(NotAllowed), write(actors[name]) as tx:
            check_phone(tx, mine)


def test_the_persons_own_new_number_does_not_wait_and_the_old_one_is_told(http: TestClient, mine: UUID) -> None:
    """As a worker's own door changes it: an owner's function in the worker's name."""
    with own() as owner:
        owner.execute(
            text(
                "create function app.test_change() returns void language sql security definer as "
                "$$ update public.workers set phone_index = 'y' where phone_index = app.asked_phone() $$"
            )
        )
        owner.execute(text("grant execute on function app.test_change() to rt_worker"))
        owner.execute(text("create policy test on workers for update to eastwest_owner using (true)"))
    with write(Actor(Role.WORKER, worker_id=mine)) as tx:
        asked = "select set_config('app.asked_phone', encode(phone_index, 'hex'), true) from workers"
        tx.session.execute(text(asked))
        tx.session.execute(text("select app.test_change()"))
    with read(DOOR) as tx:
        [phone] = tx.session.scalars(select(Phone)).all()
    assert (phone.held_until, phone.verified_at is not None) == (None, True)
    assert [message.phone for message in carry_out()] == [MINE]
