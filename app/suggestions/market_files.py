"""The file that the processes of one machine share their market by: written by one, mapped by all.

Mapped copy-on-write: what a process changes it alone sees, and only the pages it changed are its own. A new file takes
the old one's place in one step; who still maps the old one keeps it until it lets go. There is nothing personal in it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import mmap
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.settings import settings
from app.suggestions import engine_input
from matching import snapshot
from matching.tables import Market

Arrays = dict[str, NDArray[Any]]
_INDEX, _TABLE = "index.", "table."
#: Code that decides what the numbers in a file mean.
_MEANING = ("kernels.py", "index.py", "tables.py", "snapshot.py")


@dataclass(frozen=True)
class Kept:
    """What a file holds."""

    index: Arrays
    table: Arrays
    #: uint8[room, 16], as long as the table's columns.
    ids: NDArray[np.uint8]
    rows: int
    #: Names by number.
    employers: list[str]
    #: What certificate bits stand for.
    bits: list[list[str]]
    #: The transactions whose changes are in: a pg_snapshot.
    seen: str
    #: What all vacancies share, and the code, when it was written: another market cannot use it.
    marks: str
    #: When it was written (Unix seconds).
    written_at: float = field(default_factory=time.time)

    @property
    def is_young(self) -> bool:
        """Whether no change that came after it can have been forgotten."""
        return time.time() - self.written_at < 1_800


def marks_of(market: Market) -> str:
    """A fingerprint of geography, tiers, likeness, day and profile, and of the code that reads them."""
    made_of = hashlib.sha256(_code())
    geography = market.geography
    for array in (geography.prefecture, geography.province, geography.closed, market.tiers, market.likeness):
        made_of.update(np.ascontiguousarray(array).data)
    made_of.update(json.dumps([market.occupations, market.today, asdict(market.profile)]).encode())
    return made_of.hexdigest()


@lru_cache(maxsize=1)
def _code() -> bytes:
    engine = Path(snapshot.__file__).parent
    return b"".join(path.read_bytes() for path in (*(engine / name for name in _MEANING), Path(engine_input.__file__)))


def _folder() -> Path:
    folder = settings().data / "market"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Wait until no other process of this machine reads or writes the file; the system lets go of what dies."""
    with (_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(name: str) -> Kept | None:
    """The file, mapped; None when there is none that can be read."""
    path = _folder() / f"{name}.snapshot"
    try:
        with path.open("rb") as file:
            block = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        arrays, facts = snapshot.unpacked(block)
    except (FileNotFoundError, ValueError):  # SnapshotError is one, as is an empty file
        return None
    index = {key.removeprefix(_INDEX): array for key, array in arrays.items() if key.startswith(_INDEX)}
    table = {key.removeprefix(_TABLE): array for key, array in arrays.items() if key.startswith(_TABLE)}
    return Kept(index, table, arrays["ids"], **facts)


def write(name: str, found: Kept) -> None:
    """Put a new file in the place of the old one."""
    path = _folder() / f"{name}.snapshot"
    arrays = {f"{_INDEX}{key}": array for key, array in found.index.items()}
    arrays |= {f"{_TABLE}{key}": array for key, array in found.table.items()} | {"ids": found.ids}
    facts = {key: getattr(found, key) for key in ("rows", "employers", "bits", "seen", "marks", "written_at")}
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for piece in snapshot.packed(arrays, facts):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
