"""What a benchmark says: rows of figures and ratios within one run, as a table or as one JSON object."""

import json
import os
import platform
import resource
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure of one system: the median over rounds, and its extremes."""

    system: str
    what: str
    n: int
    unit: str
    median: float
    min: float
    max: float

    @classmethod
    def of(cls, system: str, what: str, n: int, unit: str, rounds: Sequence[float]) -> "Row":
        """From one value a round."""
        return cls(system, what, n, unit, statistics.median(rounds), min(rounds), max(rounds))


@dataclass(frozen=True)
class Ratio:
    """How many times more `of` takes than `to`: a ratio a round, never one of two runs."""

    of: str
    to: str
    what: str
    median: float
    min: float
    max: float

    @classmethod
    def of_rounds(cls, of: str, to: str, what: str, theirs: Sequence[float], ours: Sequence[float]) -> "Ratio":
        """From the two systems' values of the same rounds."""
        ratios = [a / b for a, b in zip(theirs, ours, strict=True)]
        return cls(of, to, what, statistics.median(ratios), min(ratios), max(ratios))


@dataclass
class Report:
    """One run."""

    bench: str
    machine: str
    rows: list[Row] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    #: What was proven or should be known when reading the figures.
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """One object, numbers rounded to what was measured."""
        return json.dumps(_rounded(asdict(self)), ensure_ascii=False)

    def show(self, console: Console) -> None:
        """Two tables and the notes."""
        rows = Table(title=f"{self.bench} — {self.machine}")
        for name in ("system", "what", "n", "unit", "median", "min", "max"):
            rows.add_column(name, justify="left" if name in ("system", "what", "unit") else "right")
        for row in self.rows:
            figures = (_figure(value) for value in (row.median, row.min, row.max))
            rows.add_row(row.system, row.what, f"{row.n:,}", row.unit, *figures)
        console.print(rows)
        ratios = Table(title="ratios within this run")
        for name in ("of", "to", "what", "median", "min", "max"):
            ratios.add_column(name, justify="left" if name in ("of", "to", "what") else "right")
        for ratio in self.ratios:
            figures = (_figure(value) for value in (ratio.median, ratio.min, ratio.max))
            ratios.add_row(ratio.of, ratio.to, ratio.what, *figures)
        console.print(ratios)
        for note in self.notes:
            console.print(note)


def machine() -> str:
    """Processor, cores and memory, and how busy they were when the run began."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{model}, {os.cpu_count()} cores, {gib:.0f} GiB, {load}, Python {platform.python_version()}"


def peak_memory_mb() -> float:
    """Peak resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value
