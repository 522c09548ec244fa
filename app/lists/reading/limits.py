"""How much of a file is read at most (SECURITY T16), and what the reading child may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and seconds; the defaults are the product's settings."""

    file_bytes: int = 20 * MB
    unpacked_bytes: int = 300 * MB
    ratio: int = 100
    parts: int = 60
    #: Data rows in the whole file; title lines and totals get a margin on top.
    rows: int = 100_000
    columns: int = 100
    memory_bytes: int = 900 * MB
    cpu_seconds: int = 20
    #: The longest silence of the child: generous, for a busy machine; its work is bounded by cpu_seconds.
    silence_seconds: float = 120.0

    def as_dict(self) -> dict[str, float]:
        """For the child's command line."""
        return asdict(self)


DEFAULT = Limits()
#: Lines that are no data rows: titles, headers, totals, blank lines.
MARGIN_ROWS = 20_000
