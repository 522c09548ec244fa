"""Reads seed/reference into a `Lexicon`, once per process. The only place where words come from files."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

from matching.certificates import CertificateRow, CertificateRuleRow, Kind
from matching.lexicon import AliasRow, CompositionRow, Lexicon, LexiconRows, WordRow
from matching.relations import GroupRow, OccupationRow, RelationRow, SkillRow

REFERENCE = Path(__file__).resolve().parents[2] / "seed" / "reference"


@cache
def lexicon() -> Lexicon:
    """The product's lexicon, built on first use (about a second) and shared from then on."""
    return Lexicon(lexicon_rows(REFERENCE))


def lexicon_rows(folder: Path) -> LexiconRows:
    """The rows of all word tables in a folder. Raises OSError or KeyError when a table or column is missing."""
    return LexiconRows(
        occupations=[_occupation(row) for row in _rows(folder / "occupations.csv")],
        skills=[
            SkillRow(row["skill_id"], row["name"], row["name_en"], tuple(row["occupations"].split()))
            for row in _rows(folder / "skills.csv")
        ],
        aliases=[
            *(AliasRow(r["occ_id"], r["alias"], int(r["likeness"])) for r in _rows(folder / "occupation_aliases.csv")),
            *(AliasRow(r["skill_id"], r["alias"], int(r["likeness"])) for r in _rows(folder / "skill_aliases.csv")),
        ],
        relations=[
            RelationRow(row["worker_occ_id"], row["job_occ_id"], int(row["hundredths"]), row["why"])
            for row in _rows(folder / "occupation_relations.csv")
        ],
        groups=[
            GroupRow(row["name"], int(row["hundredths"]), _split(row["occupations"]))
            for row in _rows(folder / "occupation_groups.csv")
        ],
        words=[WordRow(row["word"], row["kind"], row["stands_for"]) for row in _rows(folder / "words.csv")],
        compositions=[
            CompositionRow(row["does"], row["thing"], row["term"], int(row["likeness"]))
            for row in _rows(folder / "compositions.csv")
        ],
        false_friends=[frozenset(_split(row["words"])) for row in _rows(folder / "false_friends.csv")],
        simplified={row["traditional"]: row["simplified"] for row in _rows(folder / "traditional.csv")},
        syllables={
            character: row["syllable"] for row in _rows(folder / "syllables.csv") for character in row["characters"]
        },
        lookalikes=[row["characters"] for row in _rows(folder / "lookalikes.csv")],
        certificates=[_certificate(row) for row in _rows(folder / "certificates.csv")],
        certificate_rules=[
            CertificateRuleRow(row["occ_id"], _split(row["certificates"]), row["regulation"], row["note"])
            for row in _rows(folder / "certificate_rules.csv")
        ],
    )


def _occupation(row: dict[str, str]) -> OccupationRow:
    return OccupationRow(
        id=row["occ_id"],
        name=row["name"],
        name_en=row["name_en"],
        code=row["code_2022"],
        sector=row["sector"],
        trade=row["trade"],
        line=row["line"],
        ease=int(row["ease"]),
    )


def _certificate(row: dict[str, str]) -> CertificateRow:
    return CertificateRow(
        id=row["certificate_id"],
        name=row["name"],
        name_en=row["name_en"],
        kind=cast(Kind, row["kind"]),
        regulation=row["regulation"],
        holding=row["holding"],
        valid_months=int(row["valid_months"]),
        words=_split(row["words"]),
        includes=_split(row["includes"]),
        trades=_split(row["trades"]),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)
