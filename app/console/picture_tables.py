"""The tables behind the coordinator's figures: on a page, and as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

from app.console.formats import moment
from app.console.picture_drawing import full_name
from app.console.plans import CROWDING, Share, shares, shares_of
from app.db.base import BEIJING
from app.db.transaction import Read
from app.edge.language import Language
from app.edge.paging import Window
from app.plans import usecases as plans
from app.reports.queries import LEAST, Cell
from app.reports.usecases import Picture, see_picture

Name = Literal["origins", "lists", "flows", "market", "crowding"]
#: Plans looked through for the last one that says how crowded things are.
_PLANS = 10
TITLES: dict[Name, tuple[str, str]] = {
    "origins": ("来源地：人和三个岗位", "Origins: people and their three jobs"),
    "lists": ("清单：哪里报了多少行，多少等改", "Lists: rows received from each place, and how many need correcting"),
    "flows": ("流向：第一个岗位往哪里去", "Flows: where first jobs lead"),
    "market": ("岗位：哪里还有余量", "Vacancies: where places are left"),
    "crowding": ("挤不挤：各选各的，和按方案", "How crowded: on their own, and with the plan"),
}
_HEADS: dict[Name, tuple[tuple[str, str], ...]] = {
    "origins": (
        ("县区", "county"),
        ("劳动力", "workers"),
        ("同意推荐", "agreed"),
        ("有三个岗位", "three jobs"),
        ("三个岗位占同意的 %", "three jobs, % of agreed"),
    ),
    "lists": (
        ("县区", "county"),
        ("清单行数", "rows in lists"),
        ("已保存", "stored"),
        ("等改", "to be corrected"),
        ("还在预览或重复", "in preview, or twice"),
        ("已保存占 %", "stored, %"),
    ),
    "flows": (("从", "from"), ("到", "to"), ("首选人数", "people")),
    "market": (("县区", "county"), ("岗位", "vacancies"), ("余量", "places left")),
    "crowding": tuple(zip(*CROWDING, strict=True)),
}
_TOTAL = ("合计", "all")


class Coverage(NamedTuple):
    """A county's people; None: under ten."""

    code: str
    workers: int | None
    agreed: int | None
    three: int | None

    @property
    def share(self) -> float | None:
        """Per cent of those who agreed who have three jobs: at most all of them, both are rounded."""
        return min(100.0, round(100 * (self.three or 0) / self.agreed, 1)) if self.agreed else None


class Listed(NamedTuple):
    """Rows of the worker lists of a county's stations; None: under ten."""

    code: str
    rows: int | None
    kept: int | None
    amiss: int | None

    @property
    def neither(self) -> int | None:
        """Rows that are neither stored nor to be corrected: of lists still in preview, or there twice."""
        left = (self.rows or 0) - (self.kept or 0) - (self.amiss or 0)
        return left if left >= LEAST else None

    @property
    def share(self) -> float | None:
        """Per cent that is stored: at most all of them, both are rounded."""
        return min(100.0, round(100 * (self.kept or 0) / self.rows, 1)) if self.rows else None


class Crowded(NamedTuple):
    """Name, per cent when each chooses alone, per cent with the plan; as of a moment; of the whole market, or of the
    office's last plan."""

    rows: list[Share]
    as_of: datetime
    is_market: bool


class Table(NamedTuple):
    """A table with its heads, and as of when it holds."""

    title: str
    heads: list[str]
    rows: list[list[Any]]
    note: str


def coverage(picture: Picture) -> list[Coverage]:
    """County by county, the most people first."""
    found = [Coverage(code, *figures) for code, *figures in _by_county(picture.origins, "workers", "agreed", "three")]
    return sorted(found, key=lambda county: -(county.workers or 0))


def listed(picture: Picture) -> list[Listed]:
    """County by county, the longest lists first."""
    found = [Listed(code, *figures) for code, *figures in _by_county(picture.lists, "listed", "kept", "amiss")]
    return sorted(found, key=lambda county: -(county.rows or 0))


def _by_county(cells: Iterable[Cell], *kinds: str) -> Iterator[tuple[str, int | None, int | None, int | None]]:
    """A county's code and its figures of three kinds."""
    found: dict[str, dict[str, int]] = {}
    for cell in cells:
        found.setdefault(cell.code, {})[cell.kind] = cell.value
    first, second, third = kinds
    return ((code, of.get(first), of.get(second), of.get(third)) for code, of in found.items())


def crowded(tx: Read, language: Language) -> Crowded | None:
    """How crowded things are: in the whole market as last reckoned, else without and with the office's last plan."""
    english = language == "en"
    if market := plans.read_crowding(tx):
        return Crowded(shares(market.shares, english=english), market.made_at, is_market=True)
    for plan in plans.list_plans(tx, Window("/picture", _PLANS))[0]:
        if found := shares_of(dict(plan.outcome), None, english=english):
            return Crowded(found, plan.created_at, is_market=False)
    return None


def as_of(picture: Picture, language: Language) -> str:
    """When people were counted, and places."""
    now = moment(datetime.now(BEIJING))
    counted = " – ".join(dict.fromkeys(moment(at) for at in picture.counted or ())) or "—"
    if language == "en":
        return f"People: as the stations counted, {counted}. Places left: now, {now}."
    return f"人数：各站统计于 {counted}。余量：现在（{now}）。"


def table_of(tx: Read, name: Name, language: Language) -> Table:
    """A table, largest first; nothing where a cell would be under ten."""
    at = 1 if language == "en" else 0
    heads = [words[at] for words in _HEADS[name]]
    if name == "crowding":
        found = crowded(tx, language)
        note = f"{('截至', 'as of')[at]} {moment(found.as_of)}" if found else ""
        return Table(TITLES[name][at], heads, [list(row) for row in found.rows] if found else [], note)
    picture = see_picture(tx)
    return Table(TITLES[name][at], heads, _rows(picture, name, language), as_of(picture, language))


def _rows(picture: Picture, name: Name, language: Language) -> list[list[Any]]:
    total = _TOTAL[1 if language == "en" else 0]
    if name == "flows":
        named = (
            [full_name(cell.code, language), full_name(cell.to_code, language), cell.value] for cell in picture.flows
        )
        return [*named, [total, "", sum(cell.value for cell in picture.flows)]]
    if name == "market":
        ordered = sorted(picture.market, key=lambda place: -place.openings)
        sums = [sum(place.vacancies for place in ordered), sum(place.openings for place in ordered)]
        return [*([full_name(one.code, language), one.vacancies, one.openings] for one in ordered), [total, *sums]]
    if name == "lists":
        sums = [sum(cell.value for cell in picture.lists if cell.kind == kind) for kind in ("listed", "kept", "amiss")]
        all_lists = Listed("", *sums)
        shown = ([full_name(one.code, language), *one[1:], one.neither, one.share] for one in listed(picture))
        return [*shown, [total, *(value or "—" for value in sums), all_lists.neither or "—", all_lists.share]]
    whole = Coverage("", *(picture.total(kind) for kind in ("workers", "agreed", "three")))
    counties = ([full_name(one.code, language), *one[1:], one.share] for one in coverage(picture))
    return [*counties, [total, *whole[1:], whole.share]]
