"""What the worker's own door does in the owner's name: for the person who acts, and for nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.security.attack import Connection, acting, new_row, reason
from tests.security.test_rules import _paper, _take_over
from tests.security.world import ACTORS, ATTEMPTS, insert, named, organisation

MINE, FOREIGN = named("worker", "mine"), named("worker", "foreign")


def _rows(connection: Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a superuser finds."""
    connection.execute("reset role")
    return connection.execute(query.encode(), values).fetchall()


def _second_record(superuser: Connection) -> UUID:
    """A record of the person "mine" in the other station's care, with consent from paper."""
    second = uuid4()
    superuser.execute(*insert("workers", ATTEMPTS["workers"]["foreign"] | {"id": second, "id_index": b"mine"}))
    paper = _paper("foreign") | {"worker_id": second, "station_id": organisation("other_station")}
    superuser.execute(*insert("consents", paper))
    return second


def test_ones_own_withdrawal_binds_every_record_of_the_person_and_nobody_elses(superuser: Connection) -> None:
    second = _second_record(superuser)
    _take_over(superuser, ACTORS["worker"])
    superuser.execute("select app.withdraw_my_consent('matching', null)")
    live = "select worker_id from consents where withdrawn_at is null and purpose = 'matching'"
    assert {worker for (worker,) in _rows(superuser, live)} == {named("worker", "neighbour"), FOREIGN}
    assert _rows(superuser, "select id_index from persons where withdrew_at is not null") == [(b"mine",)]
    assert _rows(superuser, "select from suggestions where worker_id = any(%s) and current", [MINE, second]) == []


def test_a_withdrawal_of_ones_own_outlasts_a_list_of_any_station(superuser: Connection) -> None:
    _take_over(superuser, ACTORS["worker"])
    superuser.execute("select app.withdraw_my_consent('matching', null)")
    superuser.execute("reset role")
    other = ATTEMPTS["workers"]["foreign"] | {"id": uuid4(), "id_index": b"mine"}
    superuser.execute(*insert("workers", other))
    paper = _paper("foreign") | {"worker_id": other["id"], "station_id": organisation("other_station")}
    assert superuser.execute(*insert("consents", paper | {"list_id": uuid4()})).rowcount == 0


def test_the_person_sees_and_chooses_among_own_records_only(superuser: Connection) -> None:
    second = _second_record(superuser)
    _take_over(superuser, ACTORS["worker"])
    found = superuser.execute("select worker_id from app.my_records()").fetchall()
    assert {worker for (worker,) in found} == {MINE, second}
    assert superuser.execute("select app.choose_record(%s)", (FOREIGN,)).fetchone() == (False,)
    assert superuser.execute("select app.choose_record(%s)", (second,)).fetchone() == (True,)
    assert _rows(superuser, "select worker_id from person_records where holds") == [(second,)]
    assert _rows(superuser, "select worker_id from tokens where hash = 'worker'") == [(second,)]
    assert _rows(superuser, "select worker_id from tokens where hash = 'other_worker'") == [(FOREIGN,)]


def test_who_goes_takes_along_what_names_them_and_nothing_else(superuser: Connection) -> None:
    """Who had a job stays as a record without a name, and the signed paper goes."""
    superuser.execute("update lists set file_sealed = 'sealed'")
    shown = f"w_{MINE.hex}"
    superuser.execute("update list_rows set records = %s where list_id = %s", ([shown], named("list", "station")))
    superuser.execute(
        "update placements set state = 'accepted', accepted_at = now(), held_until = null, held_act = null"
        " where id = %s",
        (named("placement", "mine:held"),),
    )
    _take_over(superuser, ACTORS["worker"])
    superuser.execute("select app.forget_me(%s)", (f'{{"{MINE}": "00"}}',))
    assert _rows(superuser, "select name, phone_index from workers where id = %s", MINE) == [("（已注销）", None)]
    gone = "select from list_rows where list_id = %s"
    assert _rows(superuser, gone, named("list", "station")) == []
    assert len(_rows(superuser, gone, named("list", "other_station"))) == 1
    files = dict(_rows(superuser, "select id, file_sealed is null from lists"))
    assert [one for one, is_gone in files.items() if is_gone] == [named("list", "station")]
    assert _rows(superuser, "select distinct worker_id from complaints where worker_id is not null") == [(FOREIGN,)]
    assert _rows(superuser, "select id from papers") == [(named("paper", "foreign:accepted"),)]
    assert _rows(superuser, "select from tokens where hash = 'worker'") == []
    assert len(_rows(superuser, "select from tokens where hash = 'other_worker'")) == 1


def test_another_id_number_moves_the_record_and_its_withdrawal(superuser: Connection) -> None:
    superuser.execute("update persons set withdrew_at = now() where id_index = 'mine'")
    superuser.execute("update workers set id_index = 'another' where id = %s", (MINE,))
    behind = "select p.id_index, p.withdrew_at is null from person_records r join persons p on p.id = r.person_id"
    assert _rows(superuser, behind + " where r.worker_id = %s", MINE) == [(b"another", False)]


def test_a_complaint_finds_the_office_of_its_place(superuser: Connection) -> None:
    for label in ("mine:abroad", "mine:home"):
        superuser.execute(*new_row("complaints", label, repeat_key=label.encode()))
    found = {
        bytes(key): offices
        for key, *offices in _rows(superuser, "select repeat_key, assigned_to, overseen_by from complaints")
        if key
    }
    assert found == {
        b"mine:abroad": [organisation("destination"), None],
        b"mine:home": [None, organisation("coordinator")],
    }


def test_a_withdrawn_disclosure_closes_what_stood_on_it(superuser: Connection) -> None:
    _take_over(superuser, ACTORS["worker"])
    superuser.execute("select app.withdraw_my_consent('disclosure', null)")
    states = "select state from placements where id = %s"
    assert _rows(superuser, states, named("placement", "mine:introduced")) == [("closed",)]
    assert _rows(superuser, states, named("placement", "mine:held")) == [("held",)]


def test_the_first_paper_of_a_station_is_looked_at(superuser: Connection) -> None:
    superuser.execute("delete from papers")
    superuser.execute("delete from answer_checks")
    superuser.execute(*new_row("papers", "mine:held"))
    found = _rows(superuser, "select kind, placement_id from answer_checks")
    assert found == [("paper", named("placement", "mine:held"))]


def test_a_yes_on_paper_has_its_paper(superuser: Connection) -> None:
    superuser.execute(*new_row("placements", "mine:introduced", how="paper"))
    assert reason(superuser, "set constraints all immediate") == "23514"


def test_an_office_opens_no_offer_in_another_province(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        assert reason(app_login, *new_row("vacancies", "station:open")) is None
        assert reason(app_login, *new_row("vacancies", "station:open", workplace_code="440106")) == "42501"


def test_an_office_moves_no_open_offer_into_another_province(app_login: Connection) -> None:
    with acting(app_login, ACTORS["station"]):
        moved = "update vacancies set workplace_code = %s where id = %s"
        assert reason(app_login, moved, ("520502", named("vacancy", "station:open"))) is None
        assert reason(app_login, moved, ("440106", named("vacancy", "station:open"))) == "42501"
