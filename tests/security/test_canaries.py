"""A thousand people who exist nowhere else go in by lists and forms, in good order and bad; then everything that is not
theirs to be in is searched: logs, errors, the database's own log, a dump, the write-ahead log, temporary files.

Names stand in the database in the clear; ID numbers and phones nowhere (SECURITY T13, T30).
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.db.backup import back_up
from app.devdb import find_client
from app.edge.public_ids import find
from app.lists.intake import read_posted_list
from app.main import create_app
from app.settings import settings
from app.workers.id_number import check_character
from tests import people
from tests.client import TestClient
from tests.database import Server

#: What all canaries have in common, so that one look finds any of them: a name's first character, the number's county
#: and birthday, the phone's first digits.
NAME, NUMBER, PHONE = "鑔", "52052619880229", "1990017"
MANY, LISTED = 1000, 800
STATION = people.actor("station")


def number(n: int) -> str:
    """The n-th canary's ID number, valid."""
    return f"{NUMBER}{n:03d}" + check_character(f"{NUMBER}{n:03d}")


def row(n: int) -> dict[str, Any]:
    """The n-th canary as a row of a list."""
    return {
        "姓名": f"{NAME}{chr(0x4E00 + n)}",
        "身份证号": number(n),
        "联系电话": f"{PHONE}{n:04d}",
        "家庭住址": "贵州省毕节市威宁县迤那镇五星村",
        "意向岗位": "电焊工",
        "本人同意": "同意",
    }


def form(n: int) -> dict[str, Any]:
    """The n-th canary as a form."""
    plain = row(n)
    return {
        "name": plain["姓名"],
        "id_number": plain["身份证号"],
        "phone": plain["联系电话"],
        "home_address": plain["家庭住址"],
    }


def spoilt(n: int) -> list[dict[str, Any]]:
    """The n-th canary's row in bad order: each is refused for something else."""
    good = row(n)
    return [
        good | {"身份证号": good["身份证号"][:-1] + ("1" if good["身份证号"][-1] != "1" else "2")},
        good | {"身份证号": float(good["身份证号"][:-1] + "0")},
        good | {"身份证号": good["身份证号"] + "9"},
        good | {"联系电话": good["联系电话"] + "7"},
        good | {"家庭住址": "某某省"},
        good | {"姓名": ""},
        good | {"意向岗位": good["姓名"] * 200},
    ]


class Spoken:
    """A client that keeps the bodies of refusals."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.refusals: list[str] = []

    def ask(self, method: str, path: str, who: str = "station", **more: Any) -> Any:
        """The answer; a refusal is kept with its headers."""
        headers = {"Authorization": f"Bearer {people.bearer(who)}"} | more.pop("headers", {})
        answer = self.client.request(method, path, headers=headers, **more)
        if answer.status_code >= 400:
            self.refusals.append(f"{answer.status_code} {dict(answer.headers)} {answer.text}")
        return answer


@pytest.fixture
def spoken(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoken]:
    """The service, whose temporary files fall where they can be found."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = create_app(rooms=("places", "workers", "lists", "oversight"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Spoken(client)


def go_in(spoken: Spoken) -> list[str]:
    """All canaries, most by a list and the rest by forms; the ids of the latter."""
    rows = [row(n) for n in range(LISTED)] + [bad for n in range(0, LISTED, 20) for bad in spoilt(n)]
    posted = spoken.ask("POST", "/v1/worker-lists?store=true", json=rows)
    read_posted_list(STATION, UUID(str(find("l", posted.json()["id"]))))
    state = spoken.ask("GET", f"/v1/worker-lists/{posted.json()['id']}").json()
    assert (state["state"], state["counts"]["new"]) == ("stored", LISTED), state["counts"]
    made = [spoken.ask("POST", "/v1/workers", json=form(n)) for n in range(LISTED, MANY)]
    assert {answer.status_code for answer in made} == {201}
    for address in ("", "/problems"):
        told = spoken.ask("GET", f"/v1/worker-lists/{posted.json()['id']}{address}").text
        assert not [word for word in (NUMBER, PHONE) if word in told]
    return [answer.json()["id"] for answer in made]


def go_wrong(spoken: Spoken, ids: list[str]) -> None:
    """Whatever can be refused with a canary in it."""
    for n in range(LISTED, MANY, 8):
        good = form(n)
        whole = json.dumps(good, ensure_ascii=False)
        for wrong in (
            {"json": good},
            {"json": good | {"id_number": good["id_number"][:-1] + "?"}},
            {"json": good | {"phone": good["phone"] + good["id_number"]}},
            {"json": good | {good["name"]: good["id_number"]}},
            {"json": good | {"remarks": good["name"]}},
            {"content": whole[:-1].encode(), "headers": {"Content-Type": "application/json"}},
            {"content": whole.replace(":", ": NaN,", 1).encode(), "headers": {"Content-Type": "application/json"}},
            {"content": whole.encode("gb18030"), "headers": {"Content-Type": "application/json"}},
            {"content": whole.encode(), "headers": {"Content-Type": f"text/{good['phone']}"}},
            {"json": good, "headers": {"Idempotency-Key": good["phone"] * 30}},
        ):
            assert spoken.ask("POST", "/v1/workers", **wrong).status_code >= 400
        for path in (good["phone"], good["id_number"], f"w_{good['id_number']}"):
            spoken.ask("GET", f"/v1/workers/{path}")
        spoken.ask("GET", "/v1/workers", params={"q": good["name"] * 30, "cursor": good["phone"]})
        spoken.ask("GET", f"/v1/workers/{ids[n - LISTED]}", who="other_station")
        spoken.ask("PATCH", f"/v1/workers/{ids[n - LISTED]}", json={"phone": good["phone"][:-1] + "文"})
        spoken.ask("GET", f"/{good['name']}/{good['phone']}", who=good["phone"])
        for who in ("employer", "coordinator", "operator", "auditor", "destination"):
            spoken.ask("GET", f"/v1/workers/{ids[n - LISTED]}", who=who)
    names = spoken.ask("GET", "/v1/workers?limit=100").json()["items"]
    assert all(one["name"].startswith(NAME) for one in names)


def found_in(text: str) -> set[str]:
    """Which of the canaries' marks stand in a text."""
    return {word for word in (NAME, NUMBER, PHONE, NAME.encode("unicode_escape").decode()) if word in text}


def test_a_thousand_canaries_are_found_nowhere_they_must_not_be(
    spoken: Spoken, server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = server.cluster.log.stat().st_size if server.cluster else 0
    go_wrong(spoken, go_in(spoken))
    said = capfd.readouterr()
    assert len(spoken.refusals) > 500
    assert [refusal for refusal in spoken.refusals if found_in(refusal)] == []
    assert [refusal for refusal in spoken.refusals if refusal.startswith("5")] == []
    assert '"operation": "createWorker"' in said.err
    assert found_in(said.out + said.err) == set()
    if server.cluster:  # a server that was given keeps its files to itself
        with server.cluster.log.open("rb") as log:
            log.seek(before)
            assert found_in(log.read().decode(errors="replace")) == set()
        assert numbers_in_wal(server) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file() and found_in(path.read_text(errors="replace"))] == []
    assert found_in(dumped(tmp_path / "dump")) == {NAME}


def dumped(dump: Path) -> str:
    """A backup as text."""
    back_up(dump, lambda step, done, total: None)
    client = find_client(settings().data)
    shown = subprocess.run(
        [client.path("pg_restore"), "-f", "-", str(dump)], env=client.environ(), check=True, capture_output=True
    )
    return shown.stdout.decode(errors="replace")


def numbers_in_wal(server: Server) -> list[str]:
    """The files of the write-ahead log in which a canary's number or phone stands."""
    assert server.cluster
    marks = (NUMBER.encode(), PHONE.encode())
    files = (server.cluster.pgdata / "pg_wal").glob("0*")
    return [path.name for path in files if any(mark in written(path) for mark in marks)]


def written(segment: Path) -> bytes:
    """What stands in a segment; nothing when the server, at work for other tests too, has taken it for a new one."""
    try:
        return segment.read_bytes()
    except FileNotFoundError:
        return b""
