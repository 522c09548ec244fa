"""What only storing knows of a row: whose job it is, who offers it already, and what a column of consents stands on."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, Literal
from uuid import UUID

import pytest

from app.db.transaction import write
from app.edge.public_ids import find, show
from app.lists.intake import read_posted_list, store_posted_list, take_in
from app.lists.upload import Posted
from app.lists.usecases import order_storing, post_list
from app.main import create_app
from tests import people
from tests.client import TestClient
from tests.database import Server
from tests.lists.workbooks import csv
from tests.placements.scene import Scene, set_up
from tests.workers.invented import id_number

OWN_NAME = people.PEOPLE["employer"][2]
numbers = count(5001)


@pytest.fixture(scope="module")
def scene(server: Server, full_template: str) -> Iterator[Scene]:
    """A scene whose commits are real, as the reading of a list makes them."""
    app = create_app(rooms=("lists", "workers", "vacancies", "suggestions", "placements", "console"))
    with set_up(server, full_template, f"ew_clone_{os.getpid()}_{uuid.uuid4().hex[:8]}", app) as found:
        yield found


def jobs(*rows: tuple[str, str]) -> Posted:
    """(employer, title) as a list."""
    header = ("用人单位", "岗位名称", "招聘人数", "月薪", "工作地点")
    body = [(employer, title, "3", "5000-7000", "广东省广州市天河区") for employer, title in rows]
    return Posted("list.csv", csv(header, *body))


def previewed(who: str, kind: Literal["worker", "vacancy"], posted: Posted) -> UUID:
    """A list that waits to be stored."""
    with write(people.actor(who)) as tx:
        number = post_list(tx, kind, posted, store=False, division=None).id
    read_posted_list(people.actor(who), number)
    return number


def told(scene: Scene, who: str, number: UUID) -> Sequence[tuple[int, str]]:
    """(row, code) of what the preview says that storing alone knows."""
    found = scene.of(who).get(f"/v1/vacancy-lists/{show('l', number)}").json()["problems"]
    codes = ("another_company", "posted_elsewhere")
    return [(one["row"], one["code"]) for one in found if one["code"] in codes]


def test_a_preview_tells_whose_jobs_wait_and_which_stand_elsewhere(scene: Scene) -> None:
    take_in(people.actor("destination"), "vacancy", jobs((OWN_NAME, "电焊工"), ("别家电子厂", "包装工")))
    number = previewed(
        "employer", "vacancy", jobs((OWN_NAME, "电焊工"), (OWN_NAME, "装配工"), ("别家电子厂", "包装工"))
    )
    assert sorted(told(scene, "employer", number)) == [
        (2, "posted_elsewhere"),
        (4, "another_company"),
        (4, "posted_elsewhere"),
    ]


def test_a_job_answered_at_one_account_is_not_offered_from_another(scene: Scene) -> None:
    mine = scene.vacancy(title="钢筋工", workplace_text="广东省广州市天河区", wage_lo=5500)
    twin = scene.vacancy(title="钢筋工", workplace_text="广东省广州市天河区", wage_lo=5500, poster="destination")
    scene.run("update vacancies set employer = %s where id = %s", OWN_NAME, twin)
    worker = scene.worker(number=next(numbers), occupations=("O054",))
    scene.interested(worker, mine)
    jobs_now = scene.client(worker.bearer).get("/v1/me/suggestions?limit=20").json()["items"]
    assert not {show("v", mine), show("v", twin)} & {one["vacancy"]["id"] for one in jobs_now}


def agreed(scene: Scene, **stated: Any) -> list[dict[str, Any]]:
    """The consents of somebody whose row says yes, stored with what the clerk stated."""
    number = previewed("station", "worker", consents("同意"))
    with write(people.actor("station")) as tx:
        order_storing(tx, "worker", number, **stated)
    store_posted_list(people.actor("station"), number)
    return consents_of(scene, number)


def consents(word: str) -> Posted:
    """A list of one person, with a column of consents."""
    row = ("张三", id_number(next(numbers)), "贵州省毕节市威宁县迤那镇", "普工", word)
    return Posted("list.csv", csv(("姓名", "身份证号", "家庭住址", "期望岗位", "本人同意"), row))


def consents_of(scene: Scene, number: UUID) -> list[dict[str, Any]]:
    """The consents of the one person a list brought."""
    [(worker,)] = scene.run("select records[1] from list_rows where list_id = %s", number)
    found: list[dict[str, Any]] = scene.of("station").get(f"/v1/workers/{worker}").json()["consents"]
    return found


def test_a_column_of_consents_claims_no_paper_that_nobody_dated(scene: Scene) -> None:
    [bare] = agreed(scene)
    assert (bare["given_by"], bare["witness"], bare["signed_on"]) == ("list", people.PEOPLE["station"][2], None)
    [dated] = agreed(scene, witness="王站长", signed_on=scene.run("select current_date")[0][0])
    assert (dated["given_by"], dated["witness"]) == ("paper", "王站长")
    assert agreed(scene, no_papers=True) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [({"no_papers": True, "witness": "王站长"}, "no_papers"), ({"signed_on": "2999-01-01"}, "signed_on")],
)
def test_an_order_to_store_contradicts_neither_itself_nor_the_calendar(
    scene: Scene, said: dict[str, Any], field: str
) -> None:
    number = previewed("station", "worker", consents("同意"))
    answer = scene.of("station").post(f"/v1/worker-lists/{show('l', number)}/store", json=said)
    assert answer.status_code == 422
    assert [one["loc"] for one in answer.json()["errors"]] == [["body", field]]


def test_the_api_is_told_that_there_are_no_papers_as_the_page_is(scene: Scene) -> None:
    asked = "/v1/worker-lists?store=true&no_papers=true"
    made = scene.of("station").post(asked, files={"file": ("list.csv", consents("同意").content)})
    number = find("l", made.json()["id"])
    read_posted_list(people.actor("station"), number)
    assert consents_of(scene, number) == []


def test_who_stores_a_preview_that_another_window_discarded_is_told_to_upload_again(scene: Scene) -> None:
    address = f"/desk/lists/{show('l', previewed('station', 'worker', consents('同意')))}"
    page = TestClient(scene.app, cookies={"eastwest": people.bearer("station")})
    form = {"csrf": re.findall('name="csrf" value="([^"]+)"', page.get(address).text)[0], "papers": "no"}
    asked = {"headers": {"origin": "http://testserver"}, "data": form}
    assert page.post(f"{address}/drop", **asked).status_code == 200
    answer = page.post(f"{address}/store", **asked)
    assert answer.status_code == 404
    assert "这份预览已经不要了" in answer.text
    assert 'href="/desk/lists">重新上传' in answer.text


@pytest.mark.parametrize(("word", "is_asked"), [("同意", True), ("不同意", False)])
def test_the_page_asks_for_papers_only_when_somebody_agreed(scene: Scene, word: str, is_asked: bool) -> None:
    address = f"/desk/lists/{show('l', previewed('station', 'worker', consents(word)))}"
    page = TestClient(scene.app, cookies={"eastwest": people.bearer("station")})
    assert ('name="papers"' in page.get(address).text) is is_asked


def clerks(scene: Scene) -> TestClient:
    """The browser of the station's clerk."""
    return TestClient(scene.app, cookies={"eastwest": people.bearer("station")})


def test_whom_a_list_brings_without_consent_has_a_paper_to_sign_a_sheet_each_in_its_order(scene: Scene) -> None:
    rows = [
        (name, id_number(next(numbers)), "贵州省毕节市威宁县迤那镇", "普工", "") for name in ("王二", "张三", "李四")
    ]
    posted = Posted("list.csv", csv(("姓名", "身份证号", "家庭住址", "期望岗位", "本人同意"), *rows))
    address = f"/desk/lists/{show('l', take_in(people.actor('station'), 'worker', posted))}"
    page = clerks(scene)
    assert f'<a href="{address}/papers">' in page.get(address).text
    assert re.findall("我叫 <b>([^<]+)</b>", page.get(f"{address}/papers").text) == ["王二", "张三", "李四"]


def test_a_list_that_is_stored_already_asks_for_nothing_to_be_stored(scene: Scene) -> None:
    posted = consents("")
    take_in(people.actor("station"), "worker", posted)
    words = clerks(scene).get(f"/desk/lists/{show('l', previewed('station', 'worker', posted))}").text
    assert "没有新的要存：1 行都存好了" in words
    assert 'id="store"' not in words


def test_a_file_that_cannot_be_used_is_taken_off_the_lists(scene: Scene) -> None:
    address = f"/desk/lists/{show('l', previewed('station', 'worker', Posted('picture.csv', b'no list')))}"
    page = clerks(scene)
    words = page.get(address).text
    assert "换一个文件" in words
    form = {"csrf": re.findall('name="csrf" value="([^"]+)"', words)[0]}
    assert address not in page.post(f"{address}/drop", headers={"origin": "http://testserver"}, data=form).text
