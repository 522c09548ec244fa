"""The Dockerfile and the compose file, as far as they can be read without an engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
#: What this compose file may use of the compose specification.
SERVICE_KEYS = {
    *("image", "build", "command", "environment", "env_file", "ports", "volumes", "depends_on", "healthcheck"),
    *("restart", "stop_grace_period"),
}
CONDITIONS = {"service_healthy", "service_completed_successfully"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    """The Dockerfile's instructions, one a line, without comments."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def test_the_compose_file_uses_known_keys_only(compose: dict[str, Any]) -> None:
    assert compose.keys() <= {"name", "services", "volumes"}
    for service in compose["services"].values():
        assert service.keys() <= SERVICE_KEYS


def test_every_image_has_a_pinned_version(compose: dict[str, Any], dockerfile: list[str]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += [line.split()[1] for line in dockerfile if line.startswith("FROM")]
    assert all(re.search(r":\d[\w.-]*$", image) for image in images), images


def test_the_database_image_has_postgis(compose: dict[str, Any]) -> None:
    assert compose["services"]["db"]["image"].startswith("postgis/postgis:15")


def test_what_depends_on_a_service_names_one_that_can_tell(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for name, wanted in service.get("depends_on", {}).items():
            assert name in services
            assert wanted["condition"] in CONDITIONS
            if wanted["condition"] == "service_healthy":
                assert "test" in services[name]["healthcheck"]


def test_every_volume_that_is_used_is_declared(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert used == compose["volumes"].keys()


def test_no_password_stands_in_the_compose_file_and_the_api_gets_none(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for value in service.get("environment", {}).values():
            if login := re.search(r"://[^/]*@", str(value)):
                assert name == "prepare"
                assert "postgres:${POSTGRES_PASSWORD:?" in login[0]
    assert "env_file" not in compose["services"]["api"]
    assert "env_file" not in compose["services"]["worker"]


def test_ports_are_published_on_this_machine_only(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_example_environment_holds_no_secret() -> None:
    assert "\nPOSTGRES_PASSWORD=\n" in (ROOT / ".env.example").read_text()
    assert "/.env" in (ROOT / ".gitignore").read_text().split()


def test_the_image_is_built_in_stages_and_runs_as_nobody_special(dockerfile: list[str]) -> None:
    stages = [number for number, line in enumerate(dockerfile) if line.startswith("FROM")]
    assert len(stages) == 2
    users = [line.split()[1] for line in dockerfile[stages[-1] :] if line.startswith("USER")]
    assert users
    assert int(users[-1]) > 0


def test_the_image_says_whether_it_is_well(dockerfile: list[str]) -> None:
    assert any(line.startswith("HEALTHCHECK") and "/healthz" in line for line in dockerfile)


def test_the_image_installs_by_hash_and_leaves_no_package_lists(dockerfile: list[str]) -> None:
    runs = [line for line in dockerfile if line.startswith("RUN")]
    assert all("--require-hashes" in part for run in runs for part in run.split("&&") if " pip install" in part)
    assert all("rm -rf /var/lib/apt/lists/*" in run for run in runs if "apt-get install" in run)
    assert not any(line.startswith("ADD") for line in dockerfile)


def test_what_the_image_copies_is_there_and_not_ignored(dockerfile: list[str]) -> None:
    sent = set((ROOT / ".dockerignore").read_text().replace("!", "").split())
    for line in dockerfile:
        if line.startswith("COPY") and "--from=" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists()
                assert source in sent


def test_the_image_and_the_compose_file_start_what_exists(compose: dict[str, Any], dockerfile: list[str]) -> None:
    assert any("app.main:create_app" in line for line in dockerfile if line.startswith("CMD"))
    assert "def create_app" in (ROOT / "app/main.py").read_text()
    assert compose["services"]["worker"]["command"] == ["eastwest", "worker"]
    assert (ROOT / "app/cli/worker.py").exists()
