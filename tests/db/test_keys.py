"""The key file: made once, for its owner's eyes only, and asked for in production."""

from __future__ import annotations

import multiprocessing
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest

from app.db.keys import KeyMissing, Keys, read_keys
from app.settings import Settings


def _settings(path: Path, env: Literal["production", "development"]) -> Settings:
    return Settings(env=env, keys_file=path)


def _context_key(path: Path) -> bytes:
    return read_keys(_settings(path, "development")).context


def test_production_does_not_start_without_a_key_file(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=r"keys\.json.*eastwest keys make"):
        read_keys(_settings(tmp_path / "keys.json", "production"))
    assert not (tmp_path / "keys.json").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_production_does_not_start_with_a_key_file_others_can_reach(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    read_keys(_settings(path, "development"))
    path.chmod(mode)
    with pytest.raises(KeyMissing, match="chmod 600"):
        read_keys(_settings(path, "production"))


def test_a_key_file_is_made_for_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    first = read_keys(_settings(path, "development"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_keys(_settings(path, "production")) == first
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_every_key_is_its_own_and_long_enough(tmp_path: Path) -> None:
    made = read_keys(_settings(tmp_path / "keys.json", "development"))
    assert {len(key) for key in (*made.data.values(), made.index, made.context)} == {32}
    assert len({*made.data.values(), made.index, made.context}) == 3
    assert len(made.runtime_password) >= 32


def test_keys_are_not_shown_when_printed(tmp_path: Path) -> None:
    made = read_keys(_settings(tmp_path / "keys.json", "development"))
    assert repr(made) == "Keys(active=1)"
    assert made.runtime_password not in f"{made!s}{[made]}"


def test_processes_that_make_keys_at_once_get_the_same(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_context_key, [tmp_path / "keys.json"] * 8, chunksize=1))) == 1


def test_threads_that_make_keys_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(_context_key, [tmp_path / "keys.json"] * 32))) == 1
    assert isinstance(read_keys(_settings(tmp_path / "keys.json", "development")), Keys)
