"""`./dev` and `eastwest`: what they offer, and that asking for help costs little."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from app.cli import COMMANDS, app
from tests.conftest import ROOT

OFFERED = [name for name in COMMANDS if (ROOT / f"app/cli/{name}.py").exists()]


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "dev", *arguments], capture_output=True, text=True, check=False)


def test_dev_is_plain_shell() -> None:
    subprocess.run(["sh", "-n", ROOT / "dev"], check=True)
    assert (ROOT / "dev").read_text().startswith("#!/bin/sh\n")


def test_dev_help_names_every_command() -> None:
    said = dev("help").stdout
    assert all(f"./dev {command}" in said for command in ("run", "test", "check", "bench", "soak", "eastwest", "help"))


def test_dev_refuses_what_it_does_not_know_and_shows_the_help() -> None:
    refused = dev("tset")
    assert refused.returncode == 2
    assert "./dev test" in refused.stderr


def test_ci_runs_the_command_of_the_readme() -> None:
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == "exec ./dev check"


def test_the_help_lists_the_commands_in_a_person_s_order() -> None:
    said = CliRunner().invoke(app, ["--help"]).stdout
    places = [said.index(f"│ {name} ") for name in OFFERED]
    assert places == sorted(places)


@pytest.mark.parametrize("command", OFFERED)
def test_every_command_explains_itself(command: str) -> None:
    said = CliRunner().invoke(app, [command, "--help"])
    assert said.exit_code == 0, said.output
    assert "Usage: " in said.output


def test_the_help_loads_no_library_of_a_command() -> None:
    ask = "import sys; from app.cli import app; app(['--help'], standalone_mode=False); print([*sys.modules])"
    said = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = said.stdout.splitlines()[-1]
    assert not any(f"'{heavy}'" in loaded for heavy in ("sqlalchemy", "fastapi", "numba", "numpy", "alembic"))


def test_an_unknown_command_is_named() -> None:
    said = CliRunner().invoke(app, ["nonsense"])
    assert said.exit_code == 2
    assert "nonsense" in said.output
