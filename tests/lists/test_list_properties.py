"""What holds for every list, whatever its cells say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.lists.fields import FIELDS, ListKind
from app.lists.kept import KeptCopy
from app.lists.problems import MESSAGES
from app.lists.read import RowReading, open_list
from app.lists.reading import Cell, SheetStart
from app.occupations.lexicon_files import lexicon
from app.places.addresses import gazetteer
from tests.lists.workbooks import VACANCY, VACANCY_HEADER, WORKER, WORKER_HEADER
from tests.lists.worlds import TODAY, WAGES

CELLS: st.SearchStrategy[Cell] = (
    st.text(max_size=40)
    | st.text(alphabet="0123456789-~.年月日元千万k人名男女限押金不是否无，、（）/", max_size=20)
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
)


def rows_of(kind: ListKind, *lines: list[Cell]) -> list[RowReading]:
    """The rows of a one-sheet list, read without a file."""
    copy = KeptCopy()
    copy.sheet(SheetStart("Sheet"))
    for line in lines:
        copy.line(tuple(line))
    reader = open_list(
        copy.finish(),
        kind=kind,
        division="622926",
        today=TODAY,
        places=gazetteer(),
        words=lexicon(),
        wages=WAGES,
        is_kept=True,
    )
    return list(reader)


def good(kind: ListKind) -> tuple[list[Cell], list[Cell]]:
    return (
        (list(WORKER_HEADER), list(WORKER))
        if kind == "worker"
        else (list(VACANCY_HEADER), [str(cell) for cell in VACANCY])
    )


@settings(deadline=None, max_examples=60)
@given(kind=st.sampled_from(["worker", "vacancy"]), data=st.data())
def test_whatever_stands_in_the_cells_a_row_is_stored_or_says_why_not(kind: ListKind, data: st.DataObject) -> None:
    labels = [field.label for field in FIELDS[kind].values()]
    lines = data.draw(st.lists(st.lists(CELLS, min_size=len(labels), max_size=len(labels)), max_size=4))
    header, first = good(kind)
    start = [first[header.index(label)] if label in header else "" for label in labels]

    rows = rows_of(kind, list(labels), start, *lines)

    for row in rows:
        assert row.is_rejected == any(problem.blocks for problem in row.problems)
        for problem in row.problems:
            assert problem.reason in MESSAGES
            assert problem.column in labels
            assert (problem.message_zh, problem.message_en) != ("", "")


@settings(deadline=None, max_examples=40)
@given(kind=st.sampled_from(["worker", "vacancy"]), data=st.data())
def test_the_order_of_the_columns_changes_nothing(kind: ListKind, data: st.DataObject) -> None:
    header, line = good(kind)
    order = data.draw(st.permutations(range(len(header))))
    [before] = rows_of(kind, header, line)
    [after] = rows_of(kind, [header[i] for i in order], [line[i] for i in order])
    assert (after.worker, after.vacancies) == (before.worker, before.vacancies)


@settings(deadline=None, max_examples=40)
@given(blank=st.integers(0, 3), titles=st.integers(0, 3))
def test_row_numbers_count_every_line_of_the_sheet(blank: int, titles: int) -> None:
    header, line = good("worker")
    empty: list[Cell] = [""] * len(header)
    title: list[Cell] = ["某县清单"]
    lines = [title] * titles + [header] + [empty] * blank + [line]
    assert [row.number for row in rows_of("worker", *lines)] == [titles + 1 + blank + 1]


def test_progress_is_told_in_rows_and_ends_with_all_of_them() -> None:
    told: list[int] = []
    copy = KeptCopy()
    copy.sheet(SheetStart("Sheet"))
    header, line = good("vacancy")
    for cells in [header, *[line] * 2_500]:
        copy.line(tuple(cells))
    reader = open_list(
        copy.finish(),
        kind="vacancy",
        division="370200",
        today=TODAY,
        places=gazetteer(),
        words=lexicon(),
        wages=WAGES,
        is_kept=True,
        progress=told.append,
    )
    assert sum(1 for _ in reader) == 2_500
    assert told == [1_000, 2_000, 2_500]
