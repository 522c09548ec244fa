"""The demo lists, as stations and destination offices would have kept them: workbooks with titles, gaps and habits."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Literal

import xlsxwriter

from app.actor import Role
from seed.demo.people import invent

WORKERS_A_LIST, VACANCIES_A_LIST = 200, 36
_BRANDS = ("锦程", "远山", "同心", "山海", "宏图", "润东", "春晓", "向阳", "启明", "百川", "万里", "安顺达")
#: Three townships, three habits: headers for the same ten things.
_HABITS = (
    "姓名 身份证号 联系电话 家庭住址 人员类别 文化程度 技能特长 持有证书 意向岗位 意向地区 期望月薪 本人同意",
    "姓\u3000名 公民身份号码 手机 住址 户属性 学历 会什么手艺 证书 想干什么工作 想去哪里 "
    "工资要求（元/月） 是否同意推送岗位",
    "劳动力姓名 证件号码 电话 户籍地址 脱贫属性 受教育程度 特长 证书情况 意向工种 务工意向地 期望薪资 同意推送",
)
_VACANCY_HEADERS = (
    "序号 企业名称 招聘岗位 需求人数 薪酬待遇 工作地址 条件要求 需持证书 年龄要求 是否包吃住 联系人 联系方式 有效期至"
)
#: The demo employer's own list, which need not say whose it is.
EMPLOYER_AT = "440106"
_OWN_HEADERS = "招聘岗位 需求人数 薪酬待遇 工作地址 条件要求 需持证书 是否包吃住 联系人 联系方式 有效期至"
#: How many are wanted of each.
_OWN_JOBS = {
    "电子厂普工": 20,
    "品检员": 16,
    "仓库管理员": 12,
    "保洁员": 10,
    "注塑工": 10,
    "电工": 8,
    "搬运工": 8,
    "电子厂普工（夜班）": 4,
}
_LOCAL_HEADERS = "用人单位 岗位名称 招聘人数 月薪 工作地点 岗位类型 截止日期"
_LOCAL_KINDS = (
    ("保洁员", "公益性岗位", "2200"),
    ("服装加工", "帮扶车间", "2800-4000"),
    ("护林员", "公益性岗位", "2100"),
    ("电子加工", "帮扶车间", "2600-3800"),
)


@dataclass(frozen=True, slots=True)
class DemoList:
    """One list to load: who posts it, in which division, and the file."""

    kind: Literal["worker", "vacancy"]
    role: Role
    division: str
    filename: str
    content: bytes


def _table(name: str) -> list[dict[str, str]]:
    text = files("seed").joinpath("demo", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def jobs() -> list[dict[str, str]]:
    """The kinds of job, each as employers and as workers put it."""
    return _table("jobs.csv")


@cache
def markets() -> list[dict[str, str]]:
    """The key counties of the west and the cities of the east they are paired with."""
    return _table("markets.csv")


def demo_lists(today: date) -> Iterator[DemoList]:
    """All lists, eastern ones first; the same for the same day."""
    for market in markets():
        if market["side"] == "east":
            name = f"岗位需求清单-{market['code']}.xlsx"
            yield DemoList("vacancy", Role.DESTINATION, market["code"], name, _vacancies(market, today))
    yield DemoList("vacancy", Role.EMPLOYER, EMPLOYER_AT, "我单位的岗位.xlsx", _own_vacancies(today))
    for number, market in enumerate(market for market in markets() if market["side"] == "west"):
        name = f"就近岗位-{market['code']}.xlsx"
        yield DemoList("vacancy", Role.STATION, market["code"], name, _local_posts(market, today))
        content = _workers(market, _HABITS[number % len(_HABITS)].split(" "), today)
        yield DemoList("worker", Role.STATION, market["code"], f"外出务工意愿清单-{market['code']}.xlsx", content)


def _draw(random: Random) -> dict[str, str]:
    return random.choices(jobs(), [int(job["share"]) for job in jobs()])[0]


def _workers(market: dict[str, str], headers: Sequence[str], today: date) -> bytes:
    random = Random(f"workers {market['code']}")
    rows = [_worker(random, market, serial, today) for serial in range(WORKERS_A_LIST)]
    return _workbook(f"{market['place']}外出务工意愿清单（演示数据）", headers, rows)


def _worker(random: Random, market: dict[str, str], serial: int, today: date) -> list[object]:
    person, job = invent(random, market["code"], serial, today), _draw(random)
    low = int(job["wage_lo"])
    asked = random.choice(("", low - 500, low - 1000, f"{low / 1000:g}k", f"{low - 500}左右", "面议", low))
    town = random.choice(market["towns"].split())
    return [
        person.name,
        person.id_number,
        person.phone if random.random() < 0.97 else "",
        f"{market['place']}{town}{random.choice(('新民', '团结', '红星', '前进', '幸福'))}村",
        random.choice(("脱贫户", "脱贫户", "监测对象", "脱贫户、易地搬迁", "")),
        random.choice(("小学", "初中", "初中", "高中", "中职")),
        job["skill"] if random.random() < 0.8 else "",
        job["held"] if random.random() < 0.85 else "",
        job["wish"] if random.random() < 0.96 else "",
        random.choice(("", "不限", "广东", "广东、浙江", "沿海", "山东或者江苏", "省内", "上海")),
        asked,
        "同意" if random.random() < 0.97 else "",
    ]


def _vacancies(market: dict[str, str], today: date) -> bytes:
    random = Random(f"vacancies {market['code']}")
    rows = [[number, *_vacancy(random, market, today)] for number in range(1, VACANCIES_A_LIST + 1)]
    return _workbook(f"{market['place']}东西部劳务协作岗位需求清单（演示数据）", _VACANCY_HEADERS.split(), rows)


def _vacancy(random: Random, market: dict[str, str], today: date) -> list[object]:
    job = _draw(random)
    low, high = int(job["wage_lo"]) + random.randint(-3, 5) * 100, int(job["wage_hi"]) + random.randint(-3, 6) * 100
    pay = random.choice((f"{low}-{high}", f"{low}~{high}元/月", f"{low}-{high}", f"综合工资{low}-{high}"))
    name = f"{_own_name(market)}{random.choice(_BRANDS)}{job['firm']}有限公司（演示）"
    ends = today + timedelta(days=random.randint(40, 170))
    return [
        name,
        job["title"],
        random.choice((2, 3, 5, 8, 10, "15人", 20, "30名")),
        pay,
        market["place"],
        job["requirement"],
        job["certificate"],
        random.choice(("", "18-55周岁", "18-50", "55岁以下")),
        random.choice(("包吃住", "包住，餐补", "免费住宿", "是")),
        f"{random.choice('王李张陈黄')}经理",
        f"1{random.choice('38')}{random.randint(0, 9)}{random.randint(0, 99_999_999):08d}",
        f"{ends:%Y.%m.%d}",
    ]


def _own_vacancies(today: date) -> bytes:
    kinds, ends = {job["title"]: job for job in jobs()}, f"{today + timedelta(days=120):%Y-%m-%d}"
    rows = []
    for number, (title, wanted) in enumerate(_OWN_JOBS.items()):
        job = kinds[title.partition("（")[0]]
        pay = f"{int(job['wage_lo']) + 1000}-{int(job['wage_hi']) + 1200}"
        workplace = f"广东省广州市天河区科韵路{8 + number}号"
        stated = (title, wanted, pay, workplace, job["requirement"], job["certificate"])
        rows.append([*stated, "包吃住", "王经理", "13900000000", ends])
    return _workbook("岗位清单（演示数据）", _OWN_HEADERS.split(), rows)


def _own_name(market: dict[str, str]) -> str:
    """How companies name the place: 东昌府 for 山东省聊城市东昌府区."""
    parts: list[str] = re.findall(r".+?(?:[省市区县]|州(?!市))|.+", market["place"])
    return parts[-1][:-1]


def _local_posts(market: dict[str, str], today: date) -> bytes:
    """Posts near home: workshops and public-welfare posts, for those who cannot or will not go far."""
    random = Random(f"local {market['code']}")
    ends = f"{today + timedelta(days=150):%Y-%m-%d}"
    rows = [
        [f"{_own_name(market)}{kind}（演示）", title, random.randint(2, 12), pay, market["place"], kind, ends]
        for title, kind, pay in _LOCAL_KINDS
    ]
    return _workbook(f"{market['place']}就近就业岗位（演示数据）", _LOCAL_HEADERS.split(), rows)


def _workbook(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("清单")
        sheet.write_string(0, 0, title)
        for place, row in enumerate([headers, *rows], start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(place, column, value)
                elif value:
                    sheet.write_string(place, column, str(value))
    return out.getvalue()
