"""Makers of question files for the tests: the smallest good row, and rows that differ from it in one thing."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping

from openpyxl import Workbook

from question_bank.formats import FieldMapping, ReadResult, read_any
from question_bank.questions import Level, Metadata, QuestionRecord, SingleChoice

HEADERS = ("Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Phương án D", "Đáp án", "Chủ đề", "Mức độ")
DEFAULTS = {"topic": "Hành chính", "level": "recall"}


def native_line(**changes: object) -> dict[str, object]:
    """Return one native line; None takes a field away."""
    line: dict[str, object] = {
        "kind": "single_choice",
        "topic": "Hành chính",
        "level": "recall",
        "stem": "Cơ quan nào ban hành nghị định?",
        "options": ["Chính phủ", "Quốc hội", "Tòa án", "Viện kiểm sát"],
        "key": "A",
    }
    return {name: value for name, value in {**line, **changes}.items() if value is not None}


def json_lines(lines: Iterable[object]) -> bytes:
    """Return lines as a JSON Lines file; texts and bytes stand as they are."""
    return "".join(
        f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines
    ).encode()


def foreign_item(**changes: object) -> dict[str, object]:
    """Return one foreign JSON question; None takes a field away."""
    item: dict[str, object] = {
        "question": "Cơ quan nào?",
        "choices": ["Chính phủ", "Quốc hội", "Tòa án"],
        "answer": "A",
    }
    return {name: value for name, value in {**item, **changes}.items() if value is not None}


def read_foreign(*items: object, mapping: FieldMapping | None = None) -> ReadResult:
    """Read foreign items, with a topic and a level for all."""
    return read_any(json.dumps(list(items)).encode(), "tệp.json", mapping, DEFAULTS)


def workbook(*rows: Iterable[object], sheets: Mapping[str, list[list[object]]] | None = None) -> bytes:
    """Return a workbook whose first sheet has these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for name, cells in (sheets or {}).items():
        other = book.create_sheet(name)
        for row in cells:
            other.append(row)
    return workbook_of(book)


def workbook_of(book: Workbook) -> bytes:
    """Return the bytes of a workbook made by hand."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_row(**changes: object) -> list[object]:
    """Return one good row under HEADERS; names are stem, a, b, c, d, key, topic, level."""
    row: dict[str, object] = {"stem": "Cơ quan nào?", "a": "Chính phủ", "b": "Quốc hội", "c": "Tòa án", "d": "Viện"}
    row |= {"key": "B", "topic": "Hành chính", "level": "Nhận biết", **changes}
    return list(row.values())


def edit_workbook(data: bytes, changes: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a workbook with some parts replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", compression) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return file.getvalue()


def record(
    stem: str = "Cơ quan nào?", options: tuple[str, ...] = ("Chính phủ", "Quốc hội"), key: int = 0
) -> QuestionRecord:
    """Return one record."""
    return QuestionRecord(SingleChoice(stem, options, key), Metadata(topic="Hành chính", level=Level.RECALL))


def codes(result: ReadResult) -> list[str]:
    """Return the codes of all problems, in the order of their numbers."""
    return [problem.code for problem in result.problems]
