"""The benchmark `intake`: a large worker list from upload to stored, beside a raw \\copy of the same rows in one run.

A throw-away server of its own, as durable as the real one, so that nobody's data is touched; a database and a job
process of its own for every round, so that no round finds what another left in memory.
"""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import NamedTuple

import xlsxwriter

from app.actor import Actor, Role
from app.bench.report import Ratio, Report, Row, machine
from app.db.transaction import own, read, write
from app.devdb import Cluster, find_programs
from app.identity.usecases import ensure_organisation
from app.lists.intake import read_posted_list
from app.lists.queries import find_list_of_any_kind
from app.lists.stages import Stages
from app.lists.upload import Posted
from app.lists.usecases import post_list
from app.settings import ROOT, settings
from seed.demo.people import invent

DIVISION, COUNTY = "520526", "贵州省毕节市威宁县"
TODAY = date(2026, 11, 21)
TEMPLATE = "eastwest"
#: Seconds between two looks at the memory of the job process and its reading child.
LOOK = 0.02
HEADERS = (
    "序号 姓名 身份证号 联系电话 家庭住址 人员类别 文化程度 劳动能力 就业状态 技能特长 持有证书 外出意愿 意向岗位 "
    "意向地区 期望月薪 可外出时间 培训需求 本人同意 户号 备注 帮扶联系人 登记人 登记日期 上年务工地 上年务工月数"
).split()
_TOWNS = "迤那镇 草海镇 么站镇 金钟镇 炉山镇 龙场镇 黑石头镇 哲觉镇 观风海镇 牛棚镇 雪山镇 羊街镇 小海镇 盐仓镇".split()
_VILLAGES = [f"{name}{ground}" for name in "马李王张陈赵孔管" for ground in ("家坝", "家坪", "家湾", "家寨", "家沟")]
_COUNTY_AS_WRITTEN = (COUNTY, COUNTY, "毕节市威宁县", "贵州威宁")
_TRADES = (
    ("电焊工", "电焊、氩弧焊", "特种作业操作证（焊接）", "电焊工"),
    ("缝纫", "平车、拷边", "", "缝纫工"),
    ("家政", "照顾老人、做饭", "养老护理员证", "护工、保姆"),
    ("普工", "", "", "电子厂普工"),
    ("叉车", "开叉车", "叉车证", "叉车司机"),
    ("建筑", "钢筋、木工", "", "钢筋工"),
    ("驾驶", "开货车", "B2驾驶证", "货车司机"),
    ("厨师", "炒菜", "健康证", "厨师"),
    ("保安", "", "保安员证", "保安"),
    ("", "", "", ""),
)
_WISHES = ("", "不限", "广东", "广东、浙江", "沿海", "浙江宁波", "省内", "上海", "江苏或者山东", "本县")
_NOTES = ("", "", "", "", "家有老人", "需要包吃住", "夫妻同去", "国庆后可走")


class Answer(NamedTuple):
    """What a round's job process reports."""

    stages: Stages
    counts: dict[str, int]
    again: Stages
    counts_again: dict[str, int]


@dataclass(slots=True)
class Peaks:
    """Resident memory in MB: the most of the job process, of its reading child, and of both at one moment."""

    job: float = 0.0
    reader: float = 0.0
    together: float = 0.0

    def look(self, pid: int) -> None:
        """Look once; a process that ended a moment ago counts no more."""
        job = _resident(pid)
        reader = sum(map(_resident, _children(pid)))
        self.job, self.reader = max(self.job, job), max(self.reader, reader)
        self.together = max(self.together, job + reader)


def bench_intake(rows: int, *, rounds: int, seed: int, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Post and store a list of `rows` rows in each round, post it again, and copy the same rows raw."""
    report = Report("intake", machine())
    progress("writing the list")
    table = list(people(rows, seed))
    content = workbook(table)
    report.notes.append(f"{rows:,} rows × {len(HEADERS)} columns, {len(content) / 1e6:.1f} MB")
    answers: list[tuple[Answer, Peaks]] = []
    copies: dict[str, list[float]] = {name: [] for name in _TABLES}
    with _server(progress) as (cluster, folder):
        (folder / "list.xlsx").write_bytes(content)
        (folder / "list.csv").write_text(_as_csv(table), encoding="utf-8")
        del content, table
        for number in range(1, rounds + 1):
            progress(f"round {number} of {rounds}")
            for name in _TABLES:
                copies[name].append(_copied(cluster, name, folder / "list.csv"))
            answers.append(_stored(cluster, number, folder / "list.xlsx"))
    _report(report, rows, answers, copies)
    return report


# The list ---


def people(rows: int, seed: int) -> Iterator[list[object]]:
    """The rows of an invented worker list, with the gaps, habits and mistakes of real ones."""
    random = Random(seed)
    for number in range(rows):
        yield _person(random, number)


def _person(random: Random, number: int) -> list[object]:
    person, (trade, skill, held, wish) = invent(random, DIVISION, number, TODAY), random.choice(_TRADES)
    low = random.randint(30, 90) * 100
    return [
        number + 1,
        person.name,
        person.id_number if random.random() < 0.997 else person.id_number[:-1],
        person.phone if random.random() < 0.97 else "",
        f"{random.choice(_COUNTY_AS_WRITTEN)}{random.choice(_TOWNS)}{random.choice(_VILLAGES)}村"
        f"{random.randint(1, 9)}{random.choice(('组', '组', ''))}",
        random.choice(("脱贫户", "脱贫户", "监测对象", "脱贫户、易地搬迁", "一般农户", "")),
        random.choice(("小学", "初中", "初中", "高中", "中职", "大专")),
        random.choice(("普通劳动力", "技能劳动力", "半劳动力", "弱劳动力", "")),
        random.choice(("未就业", "未就业", "在家务农", "已就业", "")),
        skill if random.random() < 0.8 else "",
        held if random.random() < 0.85 else "",
        random.choice(("是", "是", "是", "否", "")),
        wish,
        random.choice(_WISHES),
        random.choice((low, low, low, f"{low / 1000:g}k", f"{low}左右", "面议", f"{low}-{low + 1500}", "")),
        f"{TODAY + timedelta(days=random.randint(-60, 90)):%Y-%m-%d}",
        trade if random.random() < 0.3 else "",
        "同意" if random.random() < 0.97 else "",
        f"H{number // 4:06d}",
        random.choice(_NOTES),
        random.choice(("张主任", "李书记", "王队长", "陈老师")),
        random.choice(("小周", "小吴", "小郑")),
        f"{TODAY - timedelta(days=random.randint(1, 40)):%Y.%m.%d}",
        random.choice(("广东东莞", "浙江宁波", "福建泉州", "本县", "")),
        random.randint(0, 12),
    ]


def workbook(table: list[list[object]]) -> bytes:
    """The rows as a station keeps them: a title, a header, numbers as numbers, words as text."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("清单")
        sheet.write_string(0, 0, f"{COUNTY}有意愿外出人员清单（虚构）")
        lines: list[list[object]] = [[*HEADERS], *table]
        for place, row in enumerate(lines, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(place, column, value)
                elif value:
                    sheet.write_string(place, column, str(value))
    return target.getvalue()


def _as_csv(table: list[list[object]]) -> str:
    target = io.StringIO()
    csv.writer(target).writerows(table)
    return target.getvalue()


# The server ---


@contextmanager
def _server(progress: Callable[[str], None]) -> Iterator[tuple[Cluster, Path]]:
    """A server with a prepared database to clone, and a folder for files; both are gone afterwards."""
    folder = settings().data / f"bench-{os.getpid()}"
    cluster = Cluster(folder / "pg")
    folder.mkdir(parents=True)
    try:
        progress("starting a server of its own")
        cluster.start()
        cluster.ensure_database(TEMPLATE)
        for step in ("migrate", "seed"):
            progress(f"preparing it: {step}")
            subprocess.run(
                [sys.executable, "-m", "app.cli", "db", step],
                env=os.environ | _environment(folder, cluster.url(TEMPLATE)),
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield cluster, folder
    finally:
        cluster.destroy()
        for file in (*folder.glob("*.*"), folder):
            file.rmdir() if file.is_dir() else file.unlink()


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "EASTWEST_KEYS_FILE": str(folder / "keys.json"), "EASTWEST_ENV": "development"}


# A round ---


def _stored(cluster: Cluster, number: int, file: Path) -> tuple[Answer, Peaks]:
    """Store the file twice in a database of its own, in a process of its own, and watch that process's memory."""
    database = f"round{number}"
    cluster.sql(f'create database {database} template "{TEMPLATE}" strategy wal_log')
    cluster.sql(f"grant connect on database {database} to eastwest_app, eastwest_jobs")
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_store_twice, args=(_environment(file.parent, cluster.url(database)), file, there)
    )
    process.start()
    there.close()
    peaks = Peaks()
    try:
        while not here.poll(LOOK):
            peaks.look(process.pid or 0)
        answer: Answer = here.recv()
    finally:
        process.join()
        cluster.sql(f"drop database {database} with (force)")
    return answer, peaks


def _store_twice(environment: dict[str, str], file: Path, there: Connection) -> None:
    os.environ.update(environment)
    with own() as owner:
        station = ensure_organisation(owner, Role.STATION, DIVISION, None, "威宁县")
        actor = Actor(Role.STATION, station.id, DIVISION)
    there.send(Answer(*_store(actor, file), *_store(actor, file)))


def _store(actor: Actor, file: Path) -> tuple[Stages, dict[str, int]]:
    """One list through the use case that posts it and the job that stores it."""
    stages = Stages()
    stages.enter("post")
    with write(actor) as tx:
        posted = post_list(
            tx, "worker", Posted(file.name, file.read_bytes()), store=True, division=None, witness="经办人"
        ).id
    read_posted_list(actor, posted, stages=stages)
    with read(actor) as tx:
        stored = find_list_of_any_kind(tx.session, posted)
    if stored is None or stored.state != "stored":
        raise AssertionError(f"not stored: {stored and (stored.state, stored.reason)}")
    return stages, {name: int(str(count)) for name, count in stored.counts.items()}


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, path.read_text().split())
        except OSError:
            continue
    return found


# The rival ---

_COLUMNS = ", ".join(f"c{number} text" for number in range(len(HEADERS)))
#: What a raw copy goes into: a bare table; and one with indexes like those of `workers`, our widest of five tables.
_TABLES = {
    "copy": [f"create table copied ({_COLUMNS})"],
    "copy with indexes": [
        "create table copied"
        f" (id uuid primary key default gen_random_uuid(), at timestamptz default now(), {_COLUMNS})",
        *(f"create index on copied ({columns})" for columns in ("c2", "c2, id", "c3", "c4", "at desc, id desc")),
    ],
}


def _copied(cluster: Cluster, name: str, file: Path) -> float:
    """Seconds of psql's \\copy into a new table."""
    for statement in ("drop table if exists copied", *_TABLES[name]):
        cluster.sql(statement)
    columns = ", ".join(f"c{number}" for number in range(len(HEADERS)))
    programs = find_programs(settings().data)
    command = [programs.path("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(cluster.socket), "-U", "postgres"]
    started = time.perf_counter()
    subprocess.run(
        [*command, "-d", "postgres", "-c", f"\\copy copied ({columns}) from '{file}' csv"],
        env=programs.environ(),
        check=True,
    )
    return time.perf_counter() - started


# The report ---


def _report(report: Report, rows: int, answers: list[tuple[Answer, Peaks]], copies: dict[str, list[float]]) -> None:
    first = [answer.stages for answer, _ in answers]
    for name in first[0].wall:
        report.rows.append(Row.of("eastwest", name, rows, "s", [one.wall[name] for one in first]))
        report.rows.append(Row.of("eastwest", f"{name}: CPU of the job", rows, "s", [one.cpu[name] for one in first]))
    whole = [sum(one.wall.values()) for one in first]
    report.rows.append(Row.of("eastwest", "upload to stored", rows, "s", whole))
    report.rows.append(Row.of("eastwest", "rows stored a second", rows, "workers/s", [rows / one for one in whole]))
    again = [sum(answer.again.wall.values()) for answer, _ in answers]
    report.rows.append(Row.of("eastwest", "the same list again", rows, "s", again))
    for what in ("job", "reader", "together"):
        values = [getattr(peaks, what) for _, peaks in answers]
        report.rows.append(Row.of("eastwest", f"peak memory: {what}", rows, "MB", values))
    for name, seconds in copies.items():
        report.rows.append(Row.of(name, "rows copied", rows, "s", seconds))
        report.ratios.append(Ratio.of_rounds("eastwest", name, "seconds from upload to stored", whole, seconds))
    answer = answers[0][0]
    if answer.counts_again["unchanged"] != sum(answer.counts[name] for name in ("new", "updated", "unchanged")):
        raise AssertionError(f"the same list again changed something: {answer.counts_again}")
    report.notes += [f"first: {answer.counts}", f"again: {answer.counts_again}"]
