"""The benchmark `plan` proves the plan it times and writes it as promised."""

import csv
import json
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from app.bench.cli import bench_app
from app.bench.market import Size, generate, with_places_for_all
from app.bench.market_file import load_market

SMALL = Size(west=(3, 40), east=(4, 30), occupations=40, skills=60)


def test_the_plan_is_proven_written_and_beats_its_rivals(tmp_path: Path) -> None:
    market, written = tmp_path / "market.npz", tmp_path / "plan.csv"
    np.savez(market, **with_places_for_all(generate(3, 60, 400, SMALL)))  # type: ignore[arg-type]
    result = CliRunner().invoke(bench_app, ["plan", "--market", str(market), "--write", str(written), "--json"])
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    figures = {(row["system"], row["what"]): row["median"] for row in report["rows"]}
    assert figures["eastwest", "value / upper bound"] >= 0.9999
    rivals = [value for (_, what), value in figures.items() if what == "value / upper bound"]
    assert figures["eastwest", "value / upper bound"] >= max(rivals) - 1e-4
    assert len(rivals) == 5
    assert figures["priority 2", "placed with priorities"] >= figures["priority 2", "placed without"]
    assert 0 < figures["employers", "mean fill"] <= 1
    assert figures["companions", "couples"] == 4
    assert 0 <= figures["companions", "certificate lost at most"] < 0.05
    with written.open(encoding="utf-8") as file:
        rows = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    assert len(rows) == round(figures["eastwest", "placed"] * 400)
    taken = np.bincount([row["vacancy"] for row in rows], minlength=60)
    assert np.all(taken <= load_market(market).vacancies.openings)


def test_places_for_all_are_about_as_many_as_workers() -> None:
    columns = with_places_for_all(generate(5, 200, 3_000, SMALL))
    places = int(columns["vac_headcount"][columns["vac_open"]].sum())
    assert 0.95 * 3_000 <= places <= 1.1 * 3_000
