"""The key file: made once, for its owner's eyes only, and asked for in production."""

from __future__ import annotations

import base64
import json
import multiprocessing
import secrets
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from app.db.keys import KeyMissing, Keys, make_keys, read_keys
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


def _made(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "keys.json"
    make_keys(path)
    return dict(json.loads(path.read_text()))


def _production(tmp_path: Path, body: dict[str, Any]) -> Keys:
    path = tmp_path / "weak.json"
    path.write_text(json.dumps(body))
    path.chmod(0o600)
    return read_keys(_settings(path, "production"))


def _key(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize(
    "weak",
    [
        {"index": _key(bytes(32))},
        {"index": _key(b"k" * 32)},
        {"context": _key(b"change-me-change-me-change-me-32")},
        {"audit": _key(secrets.token_bytes(16))},
        {"data": {"1": _key(b"")}},
        {"data": {"2": _key(secrets.token_bytes(32))}},
        {"runtime_password": "eastwest"},
        {"runtime_password": "aaaaaaaaaaaaaaaaaaaaaaaa"},
    ],
    ids=["zero", "repeated", "typed", "short", "empty", "not there", "default password", "dull password"],
)
def test_production_does_not_start_with_a_weak_key(tmp_path: Path, weak: dict[str, Any]) -> None:
    body = _made(tmp_path)
    assert _production(tmp_path, body).active == 1
    with pytest.raises(KeyMissing):
        _production(tmp_path, body | weak)


def test_production_does_not_start_with_one_key_for_two_purposes(tmp_path: Path) -> None:
    body = _made(tmp_path)
    with pytest.raises(KeyMissing, match="the same"):
        _production(tmp_path, body | {"index": body["context"]})


def test_keys_may_come_from_the_environment_or_a_command(tmp_path: Path) -> None:
    text = json.dumps(_made(tmp_path))
    from_file = read_keys(_settings(tmp_path / "keys.json", "production"))
    from_environment = read_keys(Settings(env="production", keys=SecretStr(text)))
    command = f"{sys.executable} -c 'print(open(\"{tmp_path}/keys.json\").read())'"
    assert from_environment == read_keys(Settings(env="production", keys_command=command)) == from_file
    with pytest.raises(KeyMissing, match="ended with 3"):
        read_keys(Settings(env="production", keys_command=f"{sys.executable} -c 'raise SystemExit(3)'"))


def test_a_file_from_before_marks_and_audit_were_keys_goes_on_meaning_the_same(tmp_path: Path) -> None:
    body = _made(tmp_path)
    old = {name: value for name, value in body.items() if name not in ("marks", "audit")}
    first, second = _production(tmp_path, old), _production(tmp_path, old)
    assert first == second
    assert (first.marks, len(first.audit), first.audit != first.index) == (first.index, 32, True)
