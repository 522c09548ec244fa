"""What happens to a posted list in the background: read, previewed, stored; all good rows or none.

One transaction stores it, or tries to and takes it back for the preview, so that a preview says exactly what storing
would do. Workers are stored while the file is still being read: what is stored of a file that turns out to be refused
goes with the transaction. Progress goes out on transactions of its own. Killed at any point, the job is taken up again
and starts from the file.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import orjson
from sqlalchemy import func

from app.actor import Actor, Role
from app.db.base import today
from app.db.sealing import seal
from app.db.transaction import Read, Write, read, write
from app.edge.public_ids import show
from app.errors import NotFound
from app.identity.audit import record
from app.identity.model import Organisation
from app.identity.staff import organisation_of
from app.lists.drafts import vacancy_draft, worker_draft
from app.lists.fields import ListKind
from app.lists.kept import KeptCopy
from app.lists.model import PostedList
from app.lists.problems import Problem
from app.lists.queries import (
    KeptRows,
    claim,
    find_list_of_any_kind,
    replace_problems,
    replace_rows,
    set_state,
)
from app.lists.read import ListReader, RowReading, open_list
from app.lists.reading import FileRefused
from app.lists.stages import Stages
from app.lists.upload import Posted
from app.lists.usecases import OTHER_KIND, SHEET_FOR, file_of, post_list, sealed_file
from app.lists.vacancy_rows import OwnCompany
from app.occupations.lexicon_files import lexicon
from app.places.addresses import gazetteer
from app.places.areas import lies_in
from app.vacancies.drafts import VacancyDraft
from app.vacancies.minimum_wages import WageTable, wage_table
from app.vacancies.store import store_vacancies
from app.workers.drafts import WorkerDraft
from app.workers.store import foresee_workers, store_workers

Tell = Callable[[int, int], None]
#: Seconds between two tellings of progress.
TELLING = 0.5


@dataclass(slots=True)
class Gathered:
    """A file as read so far: what is to be stored, what is wrong, and the rows to be kept."""

    kind: ListKind
    workers: list[WorkerDraft] = field(default_factory=list)
    vacancies: list[VacancyDraft] = field(default_factory=list)
    rows: KeptRows = field(default_factory=KeptRows)
    #: For each draft the place of its row in `rows`.
    row_of: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warned: int = 0
    #: Workers whose row says that they agree.
    agrees: int = 0
    #: How many workers live in each division.
    homes: Counter[str] = field(default_factory=Counter)
    sheets: list[str] = field(default_factory=list)
    columns: list[dict[str, str | None]] = field(default_factory=list)
    #: The whole list without the columns that may not be kept.
    copy: bytes = b""
    #: The file was read to its end.
    is_whole: bool = False

    def add(self, row: RowReading, seal_for: UUID | None) -> None:
        """One data row; its words are sealed for the list that keeps its rows, if one does."""
        drafts = 0
        if row.worker is not None:
            draft = worker_draft(row.worker)
            self.workers.append(draft)
            self.homes[draft.home.code] += 1
            self.agrees += draft.consent
            drafts = 1
        for job in row.vacancies:
            self.vacancies.append(vacancy_draft(job))
            drafts += 1
        rows = self.rows
        self.row_of += [len(rows.row)] * drafts
        rows.sheet.append(row.sheet_index)
        rows.row.append(row.number)
        rows.outcome.append("" if drafts else "duplicate" if row.is_duplicate else "rejected")
        if seal_for:
            place = f"list_rows.raw_sealed|{row.sheet_index}|{row.number}"
            rows.raw_sealed.append(seal(orjson.dumps(row.raw), place, seal_for))
        self.problems += row.problems
        self.warned += bool(drafts and row.problems)


def take_in(
    actor: Actor,
    kind: ListKind,
    posted: Posted,
    *,
    division: str | None = None,
    witness: str | None = None,
    signed_on: date | None = None,
    no_papers: bool = False,
    progress: Tell = lambda done, total: None,
) -> UUID:
    """Post a list and store it at once in this process (command line, demo); its id."""
    with write(actor) as tx:
        number = post_list(
            tx,
            kind,
            posted,
            store=True,
            division=division,
            witness=witness,
            signed_on=signed_on,
            no_papers=no_papers,
        ).id
    read_posted_list(actor, number, progress)
    return number


def read_posted_list(
    actor: Actor, list_id: UUID, progress: Tell = lambda done, total: None, stages: Stages | None = None
) -> None:
    """The job `read_list`: read the file, then preview it or, when that was asked for, store it."""
    work_at(actor, list_id, progress, stages or Stages(), store=None)


def store_posted_list(actor: Actor, list_id: UUID, progress: Tell = lambda done, total: None) -> None:
    """The job `store_list`: store a previewed list."""
    work_at(actor, list_id, progress, Stages(), store=True)


def give_up(actor: Actor, list_id: UUID) -> None:
    """The job failed for good: say so in the list. Nothing of it is stored."""
    zh = "处理多次未成功，没有保存任何内容，请稍后重新上传。"
    en = "It failed several times; nothing is stored: upload it later."
    with write(actor) as tx:
        set_state(tx.session, list_id, state="failed", reason={"code": "failed", "zh": zh, "en": en})


def work_at(actor: Actor, list_id: UUID, progress: Tell, stages: Stages, *, store: bool | None) -> None:
    """Read the list's file and store or preview it. A list that is gone or done is left alone."""
    stages.enter("open")
    with read(actor) as tx:
        posted = find_list_of_any_kind(tx.session, list_id)
        wages, own = wage_table(tx.session), own_company(tx)
    if posted is None or posted.state not in ("reading", "storing"):
        return
    stores = posted.store if store is None else store
    tell = _Telling(actor, list_id, progress)
    gathered = Gathered("worker" if posted.kind == "worker" else "vacancy")
    rows = read_into(gathered, posted, *_file(actor, list_id), wages, own, tell, keeps_rows=stores)
    try:
        if stores:
            _store(actor, posted, gathered, rows, tell, stages)
        else:
            _preview(actor, posted, gathered, rows, tell, stages)
    except FileRefused as refused:
        with write(actor) as tx:
            reason = {"code": refused.code, "zh": refused.message_zh, "en": refused.message_en}
            file: dict[str, object] = {"file_sealed": None}
            if refused.code in OTHER_KIND:  # the file is right, its name as a kind is not: a day to put it right
                file = {"keep_until": func.now() + SHEET_FOR}
            set_state(tx.session, list_id, state="refused", reason=reason, progress={}, **file)
    stages.enter("")


def own_company(tx: Read) -> OwnCompany | None:
    """The employer that posts for itself; None for offices, which post for many."""
    own = organisation_of(tx) if tx.actor.role is Role.EMPLOYER else None
    return OwnCompany(own.name, own.uscc) if own else None


def _file(actor: Actor, list_id: UUID) -> tuple[bytes, bool]:
    """The list's file, and whether it is our kept copy: read apart, so that nobody holds it longer than the reading."""
    with read(actor) as tx:
        posted = find_list_of_any_kind(tx.session, list_id, with_file=True)
        file = file_of(posted) if posted else None
    if file is None:
        raise NotFound
    return file


def read_into(
    found: Gathered,
    posted: PostedList,
    content: bytes,
    is_kept: bool,
    wages: WageTable,
    own: OwnCompany | None,
    tell: Tell,
    *,
    keeps_rows: bool,
) -> Iterator[None]:
    """Read the file, a step a row; what is found is complete when the iteration ends. Raises FileRefused."""
    copy = KeptCopy()
    reader: ListReader = open_list(
        content,
        posted.filename,
        kind=found.kind,
        division=posted.division_code,
        today=today(),
        places=gazetteer(),
        words=lexicon(),
        wages=wages,
        own=own,
        columns={header: None if said is None else str(said) for header, said in posted.overrides.items()},
        progress=lambda done: tell(done, 0),
        keep=copy,
        is_kept=is_kept,
    )
    for row in reader:
        found.add(row, posted.id if keeps_rows else None)
        yield
    found.copy = copy.finish()
    found.sheets = [sheet.name for sheet in reader.sheets]
    found.columns = [column.as_dict() for column in reader.columns]
    found.is_whole = True


class _TakenBack(Exception):
    """Ends a preview's transaction without keeping it."""


def _preview(
    actor: Actor, posted: PostedList, gathered: Gathered, rows: Iterator[None], tell: Tell, stages: Stages
) -> None:
    with suppress(_TakenBack), write(actor) as tx:
        if not claim(tx.session, posted.id):
            return
        stages.enter("read and store")
        kept_words = _store_drafts(tx, posted, gathered, rows, tell, foresees=True)
        raise _TakenBack
    stages.enter("keep")
    with write(actor) as tx:
        _keep(tx, posted, gathered, kept_words, state="ready")


def _store(
    actor: Actor, posted: PostedList, gathered: Gathered, rows: Iterator[None], tell: Tell, stages: Stages
) -> None:
    with write(actor) as tx:
        if not claim(tx.session, posted.id):
            return
        stages.enter("read and store")
        kept_words = _store_drafts(tx, posted, gathered, _then_storing(actor, posted, gathered, rows), tell)
        stages.enter("keep")
        replace_rows(tx.session, posted.id, posted.organisation_id, gathered.rows)
        _keep(tx, posted, gathered, kept_words, state="stored")
        record(tx, "list.stored", subject=show("l", posted.id))
        stages.enter("commit")


def _then_storing(actor: Actor, posted: PostedList, gathered: Gathered, rows: Iterator[None]) -> Iterator[None]:
    """The rows; after the last one the list says that it is being stored."""
    yield from rows
    with write(actor) as tx:
        progress = {"stage": "storing", "done": 0, "total": len(gathered.row_of)}
        set_state(tx.session, posted.id, state="storing", progress=progress)


def _worker_drafts(gathered: Gathered, rows: Iterator[None]) -> Iterator[WorkerDraft]:
    """The workers of the rows, each let go of when it is drawn."""
    for _ in rows:
        if gathered.workers:
            yield gathered.workers.pop()


def _store_drafts(
    tx: Write, posted: PostedList, gathered: Gathered, rows: Iterator[None], tell: Tell, *, foresees: bool = False
) -> list[Problem]:
    """Store the drafts, let go of them, and say in the rows what became of each; the warnings that only this gives.
    `foresees`: workers are not written, only what would become of them is said."""
    if gathered.kind == "vacancy":
        deque(rows, maxlen=0)
        return _store_vacancies(tx, posted, gathered, tell)
    drafts, say = _worker_drafts(gathered, rows), _once_whole(gathered, tell)
    if foresees:
        outcomes = foresee_workers(tx, drafts, progress=say)
    else:
        witness, signed_on = _witness(tx, posted), _signed_on(posted)
        outcomes = store_workers(tx, drafts, list_id=posted.id, witness=witness, signed_on=signed_on, progress=say)
    kept_words = []
    for place, outcome in zip(gathered.row_of, outcomes, strict=True):
        gathered.rows.became(place, outcome.what, show("w", outcome.worker_id), outcome.before)
        kept_words += [_said_of(gathered, place, name, "kept_own_word") for name in outcome.kept]
    return kept_words


def _store_vacancies(tx: Write, posted: PostedList, gathered: Gathered, tell: Tell) -> list[Problem]:
    outcomes = store_vacancies(tx, gathered.vacancies, list_id=posted.id, progress=tell)
    found: list[Problem] = []
    for place, draft, outcome in zip(gathered.row_of, gathered.vacancies, outcomes, strict=True):
        gathered.rows.became(place, outcome.what, show("v", outcome.vacancy_id), outcome.before)
        if outcome.for_another:
            found.append(_said_of(gathered, place, "employer", "another_company", draft.employer))
        if outcome.elsewhere:
            found.append(_said_of(gathered, place, "title", "posted_elsewhere", f"{draft.employer} {draft.title}"))
    gathered.warned += len({problem.row for problem in found} - {problem.row for problem in gathered.problems})
    gathered.vacancies.clear()
    return found


def _once_whole(gathered: Gathered, tell: Tell) -> Tell:
    """Tells nothing while the file is still being read."""
    return lambda done, drawn: tell(done, drawn) if gathered.is_whole else None


def _witness(tx: Write, posted: PostedList) -> str | None:
    """Who attests the consent column: the clerk who said so when storing, else the organisation that posted it. None:
    there are no signed papers."""
    if posted.attested.get("no_papers"):
        return None
    said = posted.attested.get("witness")
    if said:
        return str(said)
    organisation = tx.session.get(Organisation, posted.organisation_id)
    if organisation is None:
        raise NotFound
    return organisation.name


def _signed_on(posted: PostedList) -> date | None:
    said = posted.attested.get("signed_on")
    return date.fromisoformat(str(said)) if said else None


def _keep(tx: Write, posted: PostedList, gathered: Gathered, kept_words: Sequence[Problem], *, state: str) -> None:
    """Columns, counts and problems, with the state they belong to. The list's own row comes last: from then on telling
    its progress waits for the commit."""
    replace_problems(tx.session, posted.id, posted.organisation_id, [*gathered.problems, *kept_words])
    became = Counter(gathered.rows.outcome)
    names = ("new", "updated", "unchanged", "duplicate", "rejected")
    rows = len(gathered.rows.row)
    set_state(
        tx.session,
        posted.id,
        state=state,
        file_sealed=sealed_file(posted.id, gathered.copy, is_kept=True),
        sheets=gathered.sheets,
        columns=gathered.columns,
        counts={
            "rows": rows,
            **{name: became[name] for name in names},
            "warned": gathered.warned,
            "agrees": gathered.agrees,
            "elsewhere": _elsewhere(gathered, posted.division_code),
        },
        progress={"stage": state, "done": rows, "total": rows},
        reason={},
    )


def _elsewhere(gathered: Gathered, division: str) -> int:
    """How many of its workers live outside the list's division; "": nobody knows."""
    return sum(
        many
        for code, many in gathered.homes.items()
        if division and not lies_in(code, division) and not lies_in(division, code)  # coarse: may be inside
    )


def _said_of(gathered: Gathered, place: int, name: str, reason: str, value: str = "") -> Problem:
    """What storing says of a row's field: a warning."""
    rows = gathered.rows
    sheet = gathered.sheets[rows.sheet[place]]
    return Problem(rows.row[place], sheet, header_of(gathered, name), reason, value)


def header_of(gathered: Gathered, name: str) -> str:
    """The sheet's header of a field; the field's name when it has none."""
    return next((str(column["header"]) for column in gathered.columns if column["field"] == name), name)


class _Telling:
    """Tells progress to the caller, and now and then to the list's own row."""

    def __init__(self, actor: Actor, list_id: UUID, also: Tell) -> None:
        self._actor, self._list_id, self._also = actor, list_id, also
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        self._also(done, total)
        now = time.monotonic()
        if now >= self._next:
            self._next = now + TELLING
            stage = "storing" if total else "reading"
            with write(self._actor) as tx:
                set_state(tx.session, self._list_id, progress={"stage": stage, "done": done, "total": total})
