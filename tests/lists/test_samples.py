"""Every sample comes out as its expected.json says."""

import json
from pathlib import Path

import pytest

from app.lists.fields import ListKind
from tests.lists.worlds import SAMPLES, read

DIVISIONS = {"bijie": "520500", "dongxiang": "622926", "zhaotong": "530600", "guangdong": "440606"}
FILES = sorted(path for path in SAMPLES.iterdir() if not path.name.endswith("expected.json"))


def kind_of(path: Path) -> ListKind:
    return "worker" if path.name.startswith("workers") else "vacancy"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_comes_out_as_expected(path: Path) -> None:
    expected = json.loads(Path(f"{path}.expected.json").read_text(encoding="utf-8"))
    division = next((code for name, code in DIVISIONS.items() if name in path.name), "370200")

    reading = read(path.read_bytes(), kind_of(path), division=division)

    rejected = [row for row in reading.rows if row.is_rejected]
    assert (len(reading.rows), len(rejected)) == (expected["rows"], expected["rejected"])
    found = {(problem.row, problem.column, problem.code) for problem in reading.problems}
    assert {tuple(problem) for problem in expected["problems"]} <= found
    blocking = {(problem.row, problem.column, problem.code) for problem in reading.problems if problem.blocks}
    assert blocking <= {tuple(problem) for problem in expected["problems"]}


def test_a_row_that_names_three_jobs_becomes_three_vacancies_and_counts_once() -> None:
    reading = read((SAMPLES / "vacancies-qingdao-round3.xlsx").read_bytes(), "vacancy", division="370200")
    [row] = [row for row in reading.rows if row.number == 12]
    assert [(vacancy.title, vacancy.headcount) for vacancy in row.vacancies] == [
        ("钢筋工", 10),
        ("木工", 10),
        ("瓦工", 10),
    ]
    assert row.vacancies[0].wage_lo == 7800


def test_excel_text_protection_is_not_data() -> None:
    reading = read((SAMPLES / "workers-zhaotong-export.csv").read_bytes(), "worker", division="530600")
    worker = reading.rows[0].worker
    assert worker is not None
    assert (worker.id_number, worker.phone) == ("532128197508259638", "13881276450")
