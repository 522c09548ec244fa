"""The locks: every file by hash, nothing that names a machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-uv.lock"]


def requirements(lock: str) -> dict[str, str]:
    """name, with its marker when there is one -> the lines of its hashes"""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text(), flags=re.M)
    entries = re.findall(r"^([a-zA-Z0-9][^\n\\]*?) \\\n((?:    .*\n?)+)", text, flags=re.M)
    return dict(entries)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_by_hash(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text().splitlines() if re.match(r"[a-zA-Z0-9]", line)]
    assert lines
    assert len(requirements(lock)) == len(lines)
    assert all("==" in name and "--hash=sha256:" in hashes for name, hashes in requirements(lock).items())


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_host(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


def test_tests_run_on_the_versions_that_serve() -> None:
    assert requirements("requirements.lock").items() <= requirements("requirements-dev.lock").items()


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = {name.split("==")[0].split("[")[0] for name in requirements("requirements-dev.lock")}
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {re.split(r"[\[><=~ ]", name)[0].lower() for name in asked} <= locked
