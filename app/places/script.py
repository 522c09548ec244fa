"""Traditional characters written as simplified ones, but for those that stand in names as they are (乾县)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from app.places.gazetteer import read_names, reference, rows


def simplified(text: str) -> str:
    """The text with traditional characters made simplified; its length stays."""
    return text.translate(_simpler())


@lru_cache(maxsize=1)
def _simpler() -> Mapping[int, str]:
    kept = set("".join(read_names()))
    pairs = ((row["traditional"], row["simplified"]) for row in rows(reference("traditional.csv")))
    return {ord(old): new for old, new in pairs if old not in kept}
