"""Benchmarks prove what they time: files are read as written, answers equal the definition, reports are one object."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from app.bench.cli import bench_app
from app.bench.market import Size, generate, occupation_names
from app.bench.market_file import load_market, market_from_columns
from app.bench.rivals import Eastwest, ExhaustiveScan, NumpyColumns, System
from app.bench.top import K, only, prove
from matching import rank_by_definition

SMALL = Size(west=(3, 40), east=(4, 30), occupations=40, skills=60)


@pytest.fixture(scope="module")
def market_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small market, written as a file."""
    path = tmp_path_factory.mktemp("market") / "market.npz"
    columns = generate(3, 400, 60, SMALL)
    np.savez(path, **columns)  # type: ignore[arg-type]
    return path


def test_the_same_seed_gives_the_same_market() -> None:
    one, other = generate(5, 50, 20, SMALL), generate(5, 50, 20, SMALL)
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_different_seeds_give_different_markets() -> None:
    assert not np.array_equal(generate(5, 50, 20, SMALL)["vac_lat"], generate(6, 50, 20, SMALL)["vac_lat"])


def test_every_exact_system_answers_as_the_definition_does(market_file: Path) -> None:
    loaded = load_market(market_file)
    systems: list[System] = [Eastwest(loaded, K), ExhaustiveScan(loaded), NumpyColumns(loaded)]
    assert prove(loaded, systems, seed=1).startswith("exact")


def test_a_market_read_from_a_file_is_the_one_that_was_written(market_file: Path) -> None:
    read, made = load_market(market_file), market_from_columns(generate(3, 400, 60, SMALL), SMALL.occupations)
    assert np.array_equal(read.workers.points, made.workers.points)
    assert np.array_equal(read.market.tiers, made.market.tiers)
    assert np.array_equal(read.vacancies.skills, made.vacancies.skills)


def test_top_writes_the_definitions_answers(market_file: Path, tmp_path: Path) -> None:
    written = tmp_path / "top.csv"
    arguments = ["top", "--market", str(market_file), "--first", "12", "--write", str(written)]
    assert CliRunner().invoke(bench_app, arguments).exit_code == 0
    with written.open(encoding="utf-8") as file:
        rows = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    loaded = load_market(market_file)
    for worker in range(12):
        answer = [(row["vacancy"], row["score"]) for row in rows if row["worker"] == worker]
        assert answer == rank_by_definition(only(loaded.workers, worker), loaded.vacancies, loaded.market, top=K)[0]
    assert [row["rank"] for row in rows if row["worker"] == 0] == [1, 2, 3][: len(rows)]


def test_json_is_one_object_with_rows_and_ratios(market_file: Path) -> None:
    result = CliRunner().invoke(bench_app, ["top", "--market", str(market_file), "--json"])
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["bench"] == "top"
    assert {"system", "what", "n", "unit", "median", "min", "max"} == set(report["rows"][0])
    assert {"of", "to", "what", "median", "min", "max"} == set(report["ratios"][0])
    assert any(row["system"] == "eastwest" and row["unit"] == "workers/s" for row in report["rows"])


def test_a_file_that_is_no_market_names_the_missing_column(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, sim=np.zeros(1))
    with pytest.raises(ValueError, match="no column 'east_code'"):
        load_market(path)


def test_enough_trades_have_names() -> None:
    names = occupation_names(1_000)
    assert len(set(names)) == 1_000
