"""`eastwest similar`: how far a worker's words serve a job's words, and how good that is beside its rivals."""

import csv
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer
from rapidfuzz import fuzz

from app.occupations.lexicon_files import lexicon
from matching.likeness import Likeness, likeness

app = typer.Typer()
Scorer = Callable[[str, str], float]

#: A pair labelled 2 (a day's briefing) or 3 (same occupation) serves; 1 and 0 do not.
SERVES: Final = 2


def similar(worker_text: str, job_text: str) -> Likeness:
    """How far a worker's words serve a job's words, 0–1, and why."""
    return likeness(lexicon(), worker_text, job_text)


def write_pairs(source: TextIO, target: TextIO) -> int:
    """Reads worker_text,job_text and writes them with a likeness column; returns how many.

    Raises ValueError when a column is missing.
    """
    reader = csv.DictReader(source)
    _need(reader.fieldnames, ("worker_text", "job_text"))
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("worker_text", "job_text", "likeness"))
    count = 0
    for row in reader:
        worker, job = row["worker_text"] or "", row["job_text"] or ""
        writer.writerow((worker, job, f"{similar(worker, job).value:.4f}"))
        count += 1
    return count


def evaluate(source: TextIO) -> list[tuple[str, float, float, float]]:
    """Per system: (name, AUC of labels 2–3 against 0–1, share of pairs ordered right, share of noughts above .5).

    Reads worker_text,job_text,label. Raises ValueError when a column is missing or only one side is labelled.
    """
    reader = csv.DictReader(source)
    _need(reader.fieldnames, ("worker_text", "job_text", "label"))
    rows = list(reader)
    labels = [int(row["label"]) for row in rows]
    if len({label >= SERVES for label in labels}) < 2:
        raise ValueError("评价要有标签 2–3 的对，也要有 0–1 的对 / labels on both sides of 2 are needed")
    measured = []
    for name, score in _SYSTEMS:
        values = [score(row["worker_text"], row["job_text"]) for row in rows]
        serving = [v for v, label in zip(values, labels, strict=True) if label >= SERVES]
        others = [v for v, label in zip(values, labels, strict=True) if label < SERVES]
        noughts = [v for v, label in zip(values, labels, strict=True) if label == 0]
        high = sum(v > 0.5 for v in noughts) / len(noughts) if noughts else 0.0
        measured.append((name, _ordered([(serving, others)]), _ordered(_by_label(values, labels)), high))
    return measured


def _need(present: Sequence[str] | None, wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in (present or ())]
    if missing:
        raise ValueError(f"缺少列 {'、'.join(missing)} / missing columns {', '.join(missing)}")


def _by_label(values: Sequence[float], labels: Sequence[int]) -> list[tuple[list[float], list[float]]]:
    """(values of one label, values of all lower labels) for each label."""
    return [
        (
            [v for v, label in zip(values, labels, strict=True) if label == one],
            [v for v, label in zip(values, labels, strict=True) if label < one],
        )
        for one in sorted(set(labels))
    ]


def _ordered(groups: Sequence[tuple[Sequence[float], Sequence[float]]]) -> float:
    """Share of (higher, lower) pairs whose values stand in that order; a tie counts half."""
    right = total = 0.0
    for higher, lower in groups:
        for one in higher:
            for other in lower:
                total += 1
                right += 1.0 if one > other else 0.5 if one == other else 0.0
    return right / total if total else 0.0


def _trigrams(text: str) -> set[str]:
    """PostgreSQL's show_trgm: words padded by two blanks before and one after."""
    return {
        padded[i : i + 3]
        for word in re.findall(r"\w+", text.lower())
        for padded in (f"  {word} ",)
        for i in range(len(padded) - 2)
    }


def _pg_trgm(one: str, other: str) -> float:
    """PostgreSQL's similarity(): shared trigrams over all trigrams."""
    a, b = _trigrams(one), _trigrams(other)
    return len(a & b) / len(a | b) if a | b else 0.0


_SYSTEMS: Final[tuple[tuple[str, Scorer], ...]] = (
    ("eastwest", lambda worker, job: similar(worker, job).value),
    ("rapidfuzz ratio", lambda worker, job: fuzz.ratio(worker, job) / 100),
    ("rapidfuzz WRatio", lambda worker, job: fuzz.WRatio(worker, job) / 100),
    ("rapidfuzz partial_ratio", lambda worker, job: fuzz.partial_ratio(worker, job) / 100),
    ("pg_trgm similarity", _pg_trgm),
)


@app.command()
def similar_command(
    worker: Annotated[str | None, typer.Argument(help="劳动力的说法 / the worker's words")] = None,
    job: Annotated[str | None, typer.Argument(help="岗位的说法 / the job's words")] = None,
    pairs: Annotated[Path | None, typer.Option(help="CSV: worker_text,job_text → + likeness")] = None,
    evaluate_file: Annotated[Path | None, typer.Option("--evaluate", help="CSV: worker_text,job_text,label")] = None,
) -> None:
    """说法有多像，为什么 / how far a worker's words serve a job's words, 0–1, and why."""
    try:
        if pairs:
            with pairs.open(encoding="utf-8-sig", newline="") as source:
                write_pairs(source, sys.stdout)
        elif evaluate_file:
            with evaluate_file.open(encoding="utf-8-sig", newline="") as source:
                _print_table(evaluate(source))
        elif worker is not None and job is not None:
            found = similar(worker, job)
            typer.echo(f"{found.value:.2f}  {found.why}\n      {found.why_en}")
        else:
            raise typer.BadParameter("给出两个说法，或 --pairs，或 --evaluate / two texts, or --pairs, or --evaluate")
    except (OSError, ValueError) as error:
        typer.echo(f"读不了文件：{error} / cannot read the file", err=True)
        raise typer.Exit(2) from error


def _print_table(measured: Sequence[tuple[str, float, float, float]]) -> None:
    typer.echo(f"{'system':<26}{'AUC':>8}{'ordered':>10}{'0 > .5':>9}")
    for name, auc, ordered, high in measured:
        typer.echo(f"{name:<26}{auc:>8.3f}{ordered:>10.3f}{high:>9.1%}")
