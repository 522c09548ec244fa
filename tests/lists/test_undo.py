"""A stored list is taken back while nothing that came of it has been answered: everything is then as it was."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from itertools import count
from typing import Any, Literal
from uuid import UUID

import pytest

from app.db.base import today
from app.db.transaction import write
from app.edge.public_ids import show
from app.lists.intake import store_posted_list, take_in
from app.lists.upload import Posted
from app.lists.usecases import order_storing
from app.main import create_app
from app.vacancies.usecases import close_vacancy
from app.workers.usecases import take_consent, withdraw_consent
from tests import people
from tests.database import Server
from tests.lists.workbooks import csv
from tests.placements.scene import Scene, set_up
from tests.workers.invented import id_number

WORKERS = ("姓名", "身份证号", "联系电话", "家庭住址", "期望岗位", "期望工资", "本人同意")
VACANCIES = ("岗位编号", "用人单位", "岗位名称", "招聘人数", "月薪", "工作地点", "联系人", "联系电话")
#: What must be as before: all but ciphertexts, versions and times of change.
SEEN = (
    "select to_jsonb(w) - '{version,updated_at,phone_sealed}'::text[] from workers w order by id",
    "select to_jsonb(i) - 'updated_at' from intentions i order by worker_id",
    "select to_jsonb(c) from consents c order by id",
    "select to_jsonb(s) from suggestions s where current order by id",
    "select to_jsonb(v) - '{version,updated_at,confirmed_at}'::text[] from vacancies v"
    " where state <> 'closed' order by id",
    "select to_jsonb(c) - 'phone_sealed' from vacancy_contacts c join vacancies v on v.id = c.vacancy_id"
    " where v.state <> 'closed' order by v.id",
)
numbers = count(1)
Kind = Literal["worker", "vacancy"]
OF: dict[Kind, str] = {"worker": "station", "vacancy": "employer"}


@pytest.fixture(scope="module")
def scene(server: Server, full_template: str) -> Iterator[Scene]:
    """A scene whose commits are real: a list is known by the moment at which it was stored."""
    app = create_app(rooms=("lists", "workers", "vacancies", "suggestions", "placements"))
    with set_up(server, full_template, f"ew_clone_{os.getpid()}_{uuid.uuid4().hex[:8]}", app) as found:
        yield found


def worker(n: int, *, trade: str = "普工", pay: str = "4000", phone: str = "", consent: str = "") -> tuple[str, ...]:
    """The n-th invented person as a row."""
    return ("张三", id_number(n), phone or f"139{n:08d}", "贵州省毕节市威宁县迤那镇", trade, pay, consent)


def job(n: int, *, pay: str = "5000-7000", contact: str = "王经理", phone: str = "13900000001") -> tuple[str, ...]:
    """The n-th invented vacancy as a row."""
    return (f"N{n}", people.PEOPLE["employer"][2], "电焊工", "3", pay, "广东省广州市天河区", contact, phone)


def stored(kind: Kind, *rows: tuple[str, ...], witness: str | None = "王站长") -> UUID:
    """A list that is stored."""
    header = WORKERS if kind == "worker" else VACANCIES
    return take_in(people.actor(OF[kind]), kind, Posted("list.csv", csv(header, *rows)), witness=witness)


def seen(scene: Scene) -> list[Any]:
    """What must be as before."""
    return [scene.run(query) for query in SEEN]


def records(scene: Scene, list_id: UUID) -> list[UUID]:
    """What a list's rows became, in the rows' order."""
    rows = scene.run("select unnest(records) from list_rows where list_id = %s order by row", list_id)
    return [UUID(record[2:]) for (record,) in rows]


def undo(scene: Scene, kind: Kind, list_id: UUID) -> Any:
    """The answer to the one who wants it back."""
    return scene.of(OF[kind]).post(f"/v1/{kind}-lists/{show('l', list_id)}/undo")


def refused(scene: Scene, kind: Kind, list_id: UUID) -> list[tuple[int, str]]:
    """The rows in the way, and why; nothing has changed."""
    before = seen(scene)
    answer = undo(scene, kind, list_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "list_answered"), answer.text
    assert seen(scene) == before
    return [(error["loc"][-1], error["code"]) for error in answer.json()["errors"]]


def test_undone_everything_is_as_before_and_the_list_can_be_stored_again(scene: Scene) -> None:
    a, b, c, d = (next(numbers) for _ in range(4))
    stored("worker", worker(a), worker(b, consent="同意"), worker(c))
    before = seen(scene)
    changes = (
        worker(a, trade="电焊工", pay="6500", consent="同意"),
        worker(b, phone="13712345678"),
        worker(c, consent="同意"),
        worker(d, consent="同意"),
    )
    again = stored("worker", *changes)
    after = seen(scene)
    assert after != before
    assert undo(scene, "worker", again).json()["state"] == "ready"
    assert seen(scene) == before
    with write(people.actor("station")) as tx:
        order_storing(tx, "worker", again, "王站长")
    store_posted_list(people.actor("station"), again)
    assert [len(rows) for rows in seen(scene)] == [len(rows) for rows in after]
    assert undo(scene, "worker", again).status_code == 200
    assert seen(scene) == before


def test_a_restored_phone_is_the_workers_own_again(scene: Scene) -> None:
    n = next(numbers)
    [one] = records(scene, stored("worker", worker(n)))
    again = stored("worker", worker(n, phone="13712345679"))
    assert undo(scene, "worker", again).status_code == 200
    assert scene.of("station").get(f"/v1/workers/{show('w', one)}").json()["phone"] == f"139{n:08d}"


def test_undone_new_vacancies_leave_the_market_and_changed_ones_are_as_before(scene: Scene) -> None:
    a, b = next(numbers), next(numbers)
    stored("vacancy", job(a))
    before = seen(scene)
    again = stored("vacancy", job(a, pay="6000-9000", contact="李经理"), job(b))
    assert undo(scene, "vacancy", again).json()["state"] == "ready"
    assert seen(scene) == before
    with write(people.actor("employer")) as tx:
        order_storing(tx, "vacancy", again)
    store_posted_list(people.actor("employer"), again)
    assert len(seen(scene)[4]) == len(before[4]) + 1


def test_what_a_worker_did_since_is_not_taken_back_and_looks_the_same_whatever_it_was(scene: Scene) -> None:
    rows = [worker(next(numbers), consent="同意") for _ in range(3)]
    brought = stored("worker", *rows)
    looked, said_no, _ = records(scene, brought)
    scene.session(looked)
    somebody = scene.session(said_no)
    [suggestion] = scene.suggest(somebody, scene.vacancy())
    no = scene.client(somebody.bearer).post(f"/v1/suggestions/{suggestion}/answer", json={"answer": "not_this_one"})
    assert no.status_code == 200, no.text
    assert refused(scene, "worker", brought) == [(2, "acted"), (3, "acted")]


def test_a_change_since_and_a_later_list_are_named(scene: Scene) -> None:
    a, b, c = (next(numbers) for _ in range(3))
    first = stored("worker", worker(a), worker(b), worker(c))
    changed, agreed, _ = records(scene, first)
    scene.of("station").patch(f"/v1/workers/{show('w', changed)}", json={"phone": "13700000009"})
    with write(people.actor("station")) as tx:
        take_consent(tx, agreed, witness="王站长", signed_on=today())
    later = stored("worker", worker(c))
    assert refused(scene, "worker", first) == [(2, "changed"), (3, "changed"), (4, "later_list")]
    assert undo(scene, "worker", later).status_code == 200
    assert refused(scene, "worker", first) == [(2, "changed"), (3, "changed")]


def test_what_was_withdrawn_stays_withdrawn_when_the_list_is_stored_anew(scene: Scene) -> None:
    n = next(numbers)
    brought = stored("worker", worker(n, consent="同意"))
    [one] = records(scene, brought)
    with write(people.actor("station")) as tx:
        withdraw_consent(tx, one, "matching")
    assert undo(scene, "worker", brought).status_code == 200
    again = stored("worker", worker(n, consent="同意"))
    [one] = records(scene, again)
    assert scene.run("select 1 from consents where worker_id = %s and withdrawn_at is null", one) == []


def test_a_yes_keeps_a_vacancys_list_and_one_taken_back_does_not(scene: Scene) -> None:
    brought = stored("vacancy", job(next(numbers)), job(next(numbers)))
    first, _ = records(scene, brought)
    somebody = scene.worker(number=next(numbers))
    placement = scene.interested(somebody, first)
    assert refused(scene, "vacancy", brought) == [(2, "answered")]
    assert scene.act(somebody.bearer, placement["id"], "end").status_code == 200
    assert undo(scene, "vacancy", brought).status_code == 200


def test_a_vacancy_changed_since_is_named(scene: Scene) -> None:
    brought = stored("vacancy", job(next(numbers)))
    with write(people.actor("employer")) as tx:
        close_vacancy(tx, records(scene, brought)[0])
    assert refused(scene, "vacancy", brought) == [(2, "changed")]


def test_only_what_is_stored_is_taken_back_and_only_ones_own(scene: Scene) -> None:
    brought = stored("worker", worker(next(numbers)))
    other = scene.of("other_station").post(f"/v1/worker-lists/{show('l', brought)}/undo")
    assert other.status_code == 404
    assert undo(scene, "worker", brought).status_code == 200
    assert undo(scene, "worker", brought).json()["code"] == "list_not_stored"


def test_a_list_is_not_taken_back_without_what_stood_there_before(scene: Scene) -> None:
    n = next(numbers)
    stored("worker", worker(n))
    again = stored("worker", worker(n, pay="9000"))
    scene.run("update list_rows set before_sealed = null where list_id = %s", again)
    assert refused(scene, "worker", again) == [(2, "not_kept")]
