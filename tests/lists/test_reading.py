"""Files of all kinds: read by content, refused with a reason, never half-read."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from app.lists.fields import ListKind
from app.lists.reading import FileRefused, Limits
from app.lists.reading.refusal import REASONS
from tests.lists import workbooks
from tests.lists.workbooks import (
    OTHER_WORKER,
    VACANCY,
    VACANCY_HEADER,
    WORKER,
    WORKER_HEADER,
    csv,
    repacked,
    with_sheet_xml,
    xls,
    xlsx,
)
from tests.lists.worlds import SAMPLES, read, sheets_in

GOOD = xlsx(WORKER_HEADER, WORKER)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_mark(encoding: str, mark: str) -> None:
    [sheet] = sheets_in(csv(WORKER_HEADER, WORKER, OTHER_WORKER, encoding=encoding, mark=mark))
    assert sheet.rows == [list(WORKER_HEADER), list(WORKER), list(OTHER_WORKER)]


def test_an_old_workbook_is_read_whatever_its_name() -> None:
    [sheet] = sheets_in(xls(WORKER_HEADER, WORKER))
    assert sheet.rows == [list(WORKER_HEADER), list(WORKER)]


def test_row_numbers_are_the_sheets_own_when_it_begins_lower_down() -> None:
    def move_down(sheet: object) -> None:
        sheet.insert_rows(1, 3)  # type: ignore[attr-defined]
        sheet.insert_cols(1, 2)  # type: ignore[attr-defined]

    reading = read(xlsx(WORKER_HEADER, WORKER, edit=move_down), "worker")
    assert [row.number for row in reading.rows] == [5]


def test_a_quoted_line_break_stays_one_row() -> None:
    content = csv(WORKER_HEADER) + '\r\n"马\n海",622926200305184979,13935415835,东乡县,普工,同意'.encode()
    assert len(sheets_in(content)[0].rows) == 2


def test_json_may_be_a_list_or_an_object_with_a_list() -> None:
    row = {"name": "马海", "id_number": "622926200305184979"}
    [plain] = sheets_in(json.dumps([row]).encode())
    [shared] = sheets_in(json.dumps({"township": "锁南镇", "workers": [row]}).encode())
    assert plain.start.header == ("name", "id_number")
    assert shared.rows == [["锁南镇", "马海", "622926200305184979"]]


def test_ordinary_formulas_are_no_reason_to_refuse_and_their_stored_value_counts() -> None:
    content = xlsx(("序号", *WORKER_HEADER), ("=ROW()-1", *WORKER), ("合计", "=SUM(A2:A2)"))
    reading = read(content, "worker")
    assert [row.is_rejected for row in reading.rows] == [False]


@pytest.mark.parametrize(
    "formula", ['=IF(A1="a|b",Sheet1!B1,"")', "=Sheet2!A1", "=SUM(Table1[工资])", '=CONCATENATE("x|","y!")', "=A1&B1"]
)
def test_a_formula_with_a_bar_or_a_bracket_is_no_dde_and_no_link(formula: str) -> None:
    assert sheets_in(xlsx(WORKER_HEADER, WORKER, ("", "", "", "", "", "", formula)))


def test_a_formula_without_a_stored_value_is_a_problem_of_its_row() -> None:
    content = xlsx(WORKER_HEADER, ("=CONCATENATE(1,2)", *WORKER[1:]), OTHER_WORKER)
    reading = read(content, "worker")
    [problem] = [problem for problem in reading.problems if problem.blocks]
    assert (problem.row, problem.column, problem.code) == (2, "姓名", "missing_required")
    assert "公式" in problem.message_zh


def test_vertically_merged_cells_all_carry_their_value() -> None:
    lines = [workbooks.VACANCY, (None, *workbooks.VACANCY[1:])]
    content = xlsx(workbooks.VACANCY_HEADER, *lines, edit=lambda sheet: sheet.merge_cells("A2:A3"))
    reading = read(content, "vacancy", division="370200")
    assert [row.vacancies[0].employer for row in reading.rows] == ["青岛某机械有限公司"] * 2


def _bomb() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(150):
                part.write(b" " * 1_000_000)
    return target.getvalue()


def _lying_bomb() -> bytes:
    """A package whose directory declares a few bytes for a part that unpacks to 150 MB."""
    content = bytearray(_bomb())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.rfind(signature)
        content[at + offset : at + offset + 4] = (1_000).to_bytes(4, "little")
    return bytes(content)


def _sheet_part(name: str, part: bytes) -> bytes:
    return (
        part.replace(b"</sheetData>", b'<row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData>')
        if (name.endswith("sheet1.xml"))
        else part
    )


def _dtd(name: str, part: bytes) -> bytes:
    declared = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">]><worksheet'
    return part.replace(b"<worksheet", declared, 1) if name.endswith("sheet1.xml") else part


def _encrypted() -> bytes:
    header = bytearray(OLE + b"\0" * 504)
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[76:80] = (0).to_bytes(4, "little")
    for at in range(80, 512, 4):
        header[at : at + 4] = b"\xff\xff\xff\xff"
    fat = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff\xff\xff\xff" * 126
    name = "EncryptedPackage".encode("utf-16-le")
    entry = name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little") + b"\x02\x01" + b"\0" * 60
    return bytes(header) + fat + entry.ljust(512, b"\0")


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("empty_file", lambda: b""),
    "only blanks": ("empty_file", lambda: b" \r\n\r\n"),
    "only a byte-order mark": ("empty_file", lambda: b"\xef\xbb\xbf"),
    "zip bomb": ("zip_bomb", _bomb),
    "zip bomb with a lying directory": ("broken_file", _lying_bomb),
    "far row": ("far_cell", lambda: repacked(GOOD, _sheet_part)),
    "far column": ("too_many_columns", lambda: with_sheet_xml(GOOD, b'r="A2"', b'r="XFD2"')),
    "a DTD": ("dtd", lambda: repacked(GOOD, _dtd)),
    "a DTD in UTF-16": (
        "dtd",
        lambda: repacked(GOOD, lambda n, p: p, {"xl/extra.xml": "<?xml?><!DOCTYPE a><a/>".encode("utf-16")}),
    ),
    "too many parts": (
        "too_many_parts",
        lambda: repacked(GOOD, lambda n, p: p, {f"x/{i}.xml": b"" for i in range(60)}),
    ),
    "an encrypted package": ("encrypted", _encrypted),
    "a PDF by the name of a workbook": ("not_a_list", lambda: b"%PDF-1.7\n" + b"x" * 500),
    "an image": ("not_a_list", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "a Word document": ("not_a_list", lambda: repacked(GOOD, lambda n, p: None, {"word/document.xml": b"<w/>"})),
    "an ordinary zip": ("not_a_list", lambda: repacked(GOOD, lambda n, p: None, {"a.txt": b"x"})),
    "a web page called .xls": ("other_spreadsheet", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    "half a workbook": ("broken_file", lambda: GOOD[: len(GOOD) // 2]),
    "a workbook with noise inside": ("broken_file", lambda: GOOD[:600] + b"\xff" * 400 + GOOD[1000:]),
    "half an old workbook": ("broken_file", lambda: OLE + b"\1" * 100),
    "external links": (
        "external_link",
        lambda: repacked(GOOD, lambda n, p: p, {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
    ),
    "a formula into another file": ("external_link", lambda: xlsx(WORKER_HEADER, ("=[1]Sheet1!A1", *WORKER[1:]))),
    "DDE in a workbook": ("dde", lambda: xlsx(WORKER_HEADER, ("=cmd|'/C calc'!A0", *WORKER[1:]))),
    "DDE in a CSV": ("dde", lambda: csv(WORKER_HEADER, ("=cmd|'/C calc'!A0", *WORKER[1:]))),
    "NUL in a CSV": ("nul", lambda: csv(WORKER_HEADER) + b"\r\n\0," + b"x" * 300),
    "an unclosed quote": ("unclosed_quote", lambda: csv(WORKER_HEADER) + b'\r\n"' + b"x,y\r\n" * 50),
    "text after a closed quote": ("unclosed_quote", lambda: csv(WORKER_HEADER) + b'\r\n"x"y,z'),
    "bytes of no encoding": ("unknown_encoding", lambda: b"\xff\x81\x80\xfe\xff," * 50),
    "JSON cut short": ("bad_json", lambda: b'[{"name": "x"'),
    "JSON with NaN": ("bad_json", lambda: b'[{"wage": NaN}]'),
    "JSON with a key twice": ("bad_json", lambda: b'[{"a": 1, "a": 2}]'),
    "JSON nested without end": ("bad_json", lambda: b"[" * 100_000),
    "JSON of numbers": ("json_shape", lambda: b"[1, 2]"),
    "JSON with NUL": ("nul", lambda: b'[{"a": "\\u0000"}]'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_refused_with_its_reason(name: str) -> None:
    code, make = HOSTILE[name]
    with pytest.raises(FileRefused) as refused:
        sheets_in(make())
    assert refused.value.code == code
    assert "{" not in refused.value.message_zh + refused.value.message_en


def test_a_file_over_its_limits_is_refused() -> None:
    lines = [WORKER] * 40
    for limits, code in (
        (Limits(file_bytes=1_000), "too_large"),
        (Limits(columns=3), "too_many_columns"),
        (Limits(unpacked_bytes=5_000), "zip_bomb"),
    ):
        with pytest.raises(FileRefused) as refused:
            sheets_in(xlsx(WORKER_HEADER, *lines), limits)
        assert refused.value.code == code


def test_what_excel_writes_beside_each_sheet_is_no_part_too_many() -> None:
    beside = {f"xl/worksheets/_rels/sheet{n}.xml.rels": b"<Relationships/>" for n in range(2, 42)}
    beside |= {f"xl/printerSettings/printerSettings{n}.bin": b"" for n in range(2, 42)}
    assert sheets_in(repacked(GOOD, lambda n, p: p, beside), Limits())


def test_data_rows_over_the_limit_refuse_the_list_and_title_lines_do_not_count() -> None:
    content = csv(("某县清单", "", ""), WORKER_HEADER, WORKER, OTHER_WORKER, ("合计", "2"))
    assert len(read(content, "worker", limits=Limits(rows=2)).rows) == 2
    with pytest.raises(FileRefused, match="too_many_rows"):
        read(content, "worker", limits=Limits(rows=1))


def test_a_reader_that_runs_out_of_memory_or_time_is_reported_as_too_much_work() -> None:
    with pytest.raises(FileRefused) as refused:
        sheets_in(GOOD, Limits(memory_bytes=1))
    assert refused.value.code == "too_much_work"


def test_cutting_a_good_workbook_anywhere_never_gives_rows_of_it() -> None:
    content = (SAMPLES / "workers-bijie-clean.xlsx").read_bytes()
    for part in range(1, 10):
        with pytest.raises(FileRefused):
            sheets_in(content[: len(content) * part // 10])


def test_every_reason_is_told_in_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in REASONS.values())


@pytest.mark.parametrize("kind", ["worker", "vacancy"])
def test_a_list_of_the_other_kind_is_named_as_such(kind: ListKind) -> None:
    given = csv(WORKER_HEADER, WORKER) if kind == "vacancy" else csv(VACANCY_HEADER, VACANCY)
    with pytest.raises(FileRefused) as refused:
        read(given, kind)
    assert refused.value.code == ("looks_like_worker" if kind == "vacancy" else "looks_like_vacancy")
