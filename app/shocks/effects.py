"""What the shocks of a day do: places nobody is sent to, openings held back, warnings, and whom aid is meant for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from app.places.areas import lies_in


class ShockRow(NamedTuple):
    """A shock in force on the day asked about."""

    division_code: str
    division_name: str
    kind: str
    effect: str
    percent: int | None
    until: date | None
    document: str
    since: date


@dataclass(frozen=True)
class Effects:
    """The shocks in force on one day."""

    rows: Sequence[ShockRow] = ()

    @cached_property
    def closed(self) -> frozenset[str]:
        """Divisions that, with all inside them, a dated order closes as destinations."""
        return frozenset(row.division_code for row in self.rows if row.effect == "close")

    def offered(self, openings: int, workplace: str) -> int:
        """Of the openings at a workplace those that are still offered: rounded up, so that only 100 % leaves none."""
        kept = 100 - max((row.percent or 0 for row in self._at(workplace, "reduce")), default=0)
        return -(-openings * kept // 100)

    def warnings(self, workplace: str) -> Sequence[ShockRow]:
        """What is said beside a suggestion there: warnings, and that fewer are taken on."""
        return [*self._at(workplace, "warn"), *self._at(workplace, "reduce")]

    def aid(self, home: str) -> float:
        """How much help people from there are meant to get, in [0, 1]: it weighs between workers for one opening."""
        return max((row.percent or 0 for row in self._at(home, "aid")), default=0) / 100

    def diverting(self, workplace: str) -> ShockRow | None:
        """The shock for which people are sent elsewhere than there: a closing before a reduction."""
        return next(iter([*self._at(workplace, "close"), *self._at(workplace, "reduce")]), None)

    def _at(self, code: str, effect: str) -> list[ShockRow]:
        return [row for row in self.rows if row.effect == effect and lies_in(code, row.division_code)]


_KINDS = {
    "epidemic": ("疫情", "an epidemic"),
    "disaster": ("灾情", "a disaster"),
    "other": ("突发情况", "an emergency"),
}
_FEWER = {
    "reduce": ("，用工减少", ", fewer are taken on"),
    "close": ("，暂停接收", ", nobody is taken on"),
}


def sentence(row: ShockRow) -> tuple[str, str]:
    """A warning in Chinese and English, with its document."""
    zh, en = _KINDS[row.kind]
    fewer, fewer_en = _FEWER.get(row.effect, ("", ""))
    until = f"至{row.until.isoformat()}" if row.until else ""
    until_en = f" until {row.until.isoformat()}" if row.until else ""
    return (
        f"请注意：{row.division_name}{until}有{zh}{fewer}，请先向当地核实（{row.document}）",
        f"take note: {en} in {row.division_name}{until_en}{fewer_en}: ask there first ({row.document})",
    )
