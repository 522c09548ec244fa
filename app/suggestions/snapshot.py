"""The market of one moment as the engine's arrays, with what all rankings share: built from the database, mapped from a
file, and kept up with single changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.transaction import Read
from app.errors import Unavailable
from app.occupations.lexicon_files import lexicon
from app.pairings.queries import Recorded, recorded
from app.shocks.effects import Effects
from app.shocks.queries import effects_on
from app.suggestions import market_files
from app.suggestions.engine_input import CertificateBits, Divisions, vacancy_table, worker_table
from app.suggestions.offered import Ids, Offered
from app.suggestions.queries import (
    all_divisions,
    can_follow,
    changes_since,
    database_identity,
    live_vacancies,
    profile_on,
    transactions_seen,
)
from app.suggestions.rows import OpenVacancy, SeekingWorker
from matching.index import Index
from matching.lexicon import Lexicon
from matching.shortfall import shortfall
from matching.tables import Market, Profile, VacancyTable, Weights, WorkerTable

#: Vacancies from which on a market is worth a file.
WORTH_A_FILE = 20_000
#: Vacancies that came in after the build, as a share of those built, from which on building again is worth while.
WORTH_BUILDING = 0.1


@dataclass(frozen=True)
class Snapshot:
    """The market as of one moment. Another object after every change; what changed in place changes in all of them."""

    today: date
    vacancies: VacancyTable
    #: The same, so that the best are found without looking at every one.
    index: Index
    #: The vacancy behind each row of the table.
    ids: Ids
    divisions: Divisions
    market: Market
    lexicon: Lexicon
    bits: CertificateBits
    #: What befell places, as of today.
    shocks: Effects
    #: The pairings behind the market's tiers, with their documents.
    pairings: Recorded

    def table_of(
        self, workers: Sequence[SeekingWorker], left_out: Sequence[Sequence[int]] | None = None
    ) -> WorkerTable:
        """These workers as the engine reads them; see `engine_input.worker_table`."""
        return worker_table(workers, self.divisions, self.lexicon, self.bits, self.today, left_out)


@dataclass
class Followed:
    """A snapshot and what it takes to keep it up to date."""

    snapshot: Snapshot
    offered: Offered
    #: Numbers of employers by name.
    employers: dict[str, int]
    #: The transactions whose changes are in: a pg_snapshot.
    seen: str
    #: Rows when it was built.
    built: int

    def take_in(self, session: Session, seqs: list[int]) -> None:
        """Make these vacancies what the database says of them now: new, changed, or gone."""
        snapshot = self.snapshot
        rows = {row.seq: row for row in _rows(session, snapshot.shocks, seqs)}
        known = {seq: snapshot.index.row_of(seq) for seq in seqs}
        changed = [row for seq, row in rows.items() if known[seq] >= 0]
        added = [row for seq, row in rows.items() if known[seq] < 0]
        snapshot.bits.learn([*changed, *added])
        if changed:
            newer = self._table(changed)
            snapshot.index.change(newer)
            self.offered.replace(np.array([known[row.seq] for row in changed], np.int64), newer)
        if added:
            more = self._table(added)
            snapshot.index.insert(more)
            self.offered.append(more, [row.id for row in added])
        for seq in seqs:
            if seq not in rows and known[seq] >= 0:
                snapshot.index.close(seq)
                self.offered.close(known[seq])
        self.snapshot = replace(snapshot, vacancies=self.offered.table, ids=self.offered.ids)

    def _table(self, rows: list[OpenVacancy]) -> VacancyTable:
        words = self.snapshot
        return vacancy_table(rows, words.divisions, words.lexicon, words.bits, self.employers)

    @property
    def is_overgrown(self) -> bool:
        """Whether so many came later that a search takes noticeably longer."""
        return len(self.offered.ids) - self.built > max(10_000, WORTH_BUILDING * self.built)


def build(tx: Read) -> Snapshot:
    """Read the whole market once."""
    return follow_from_now(tx.session).snapshot


def follow_from_now(session: Session) -> Followed:
    """Read the whole market once, so that it can be followed."""
    seen = transactions_seen(session)
    world = _world(session)
    rows = _rows(session, world.shocks, None)
    bits, employers = CertificateBits(world.lexicon, rows), dict[str, int]()
    table = vacancy_table(rows, world.divisions, world.lexicon, bits, employers)
    index = Index.build(table, world.market)
    offered = Offered.of(table, [row.id for row in rows])
    return Followed(
        Snapshot(vacancies=table, index=index, ids=offered.ids, bits=bits, **vars(world)),
        offered,
        employers,
        seen,
        len(table),
    )


@dataclass(frozen=True)
class _World:
    """What all vacancies share, on a day."""

    today: date
    divisions: Divisions
    market: Market
    lexicon: Lexicon
    shocks: Effects
    pairings: Recorded


def _world(session: Session) -> _World:
    today = session.scalars(select(func.current_date())).one()
    words = lexicon()
    shocks = effects_on(session, today)
    divisions = Divisions(all_divisions(session), shocks.closed)
    pairings = recorded(session)
    market = Market(
        geography=divisions.geography,
        tiers=pairings.tiers(today, divisions.index),
        likeness=words.S,
        occupations=len(words.occupations),
        today=(today - date(1970, 1, 1)).days,
        profile=_profile(session, today),
    )
    return _World(today, divisions, market, words, shocks, pairings)


def _rows(session: Session, shocks: Effects, seqs: list[int] | None) -> list[OpenVacancy]:
    rows = live_vacancies(session, seqs)
    if not shocks.rows:
        return list(rows)
    return [row._replace(openings=shocks.offered(row.openings, row.workplace_code)) for row in rows]


def map_or_build(session: Session, worth_a_file: int = WORTH_A_FILE) -> Followed:
    """The market from this database's file when there is one that can be followed; else built, and the file written.

    One process at a time: those that come meanwhile wait and then find the file."""
    name = database_identity(session)
    with market_files.one_at_a_time(name):
        kept = market_files.kept(name)
        if kept is not None and can_follow(session, kept.seen, young=kept.is_young):
            _, everything = changes_since(session, kept.seen)
            found = None if everything else _mapped(session, kept)
            if found is not None and not found.is_overgrown:
                return found
        followed = follow_from_now(session)
        if followed.built >= worth_a_file:
            snapshot = followed.snapshot
            market_files.write(
                name,
                market_files.Kept(
                    snapshot.index.arrays(),
                    *followed.offered.arrays(),
                    followed.built,
                    list(followed.employers),
                    snapshot.bits.order,
                    followed.seen,
                    market_files.marks_of(snapshot.market),
                ),
            )
        return followed


def _mapped(session: Session, kept: market_files.Kept) -> Followed | None:
    """The market of a file; None when what all vacancies share is no longer as it was."""
    world = _world(session)
    if kept.marks != market_files.marks_of(world.market):
        return None
    index = Index.from_arrays(kept.index, world.market)
    offered = Offered(kept.table, kept.ids, kept.rows)
    bits = CertificateBits(world.lexicon, (), kept.bits)
    snapshot = Snapshot(vacancies=offered.table, index=index, ids=offered.ids, bits=bits, **vars(world))
    employers = {name: number for number, name in enumerate(kept.employers)}
    return Followed(snapshot, offered, employers, kept.seen, kept.rows)


def try_out(snapshot: Snapshot) -> None:
    """Search once for nobody in particular, so that no worker's request waits for the compiler."""
    somebody = WorkerTable.of(home=[0], lat_deg=[0.0], lon_deg=[0.0], occupations=[[-1]])
    snapshot.index.rank(somebody, top=1, distinct=True)
    shortfall(somebody, 0, snapshot.vacancies, snapshot.market, found=0)


def _profile(session: Session, today: date) -> Profile:
    found = profile_on(session, today)
    if found is None:
        raise Unavailable(
            zh="参考数据尚未载入：请运行 eastwest db seed。", en="Reference data is missing: run eastwest db seed."
        )
    return Profile(
        version=found.version,
        since=found.since.isoformat(),
        weights=Weights(**{name: float(str(value)) for name, value in found.weights.items()}),
        neutral_skill=found.neutral_skill,
        floor=found.floor,
    )
