"""Files that are broken or hostile: refused in words, and nothing is changed; a faulty cell costs its row only."""

import io
import zipfile
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditEvent
from examapp.bank.imports import FileRefused, preview_import
from examapp.bank.models import Import, ImportRowState
from examapp.bank.services import create_subject
from tests.factories import with_part, workbook

HEADERS = ["Câu hỏi", "Phương án A", "Phương án B", "Đáp án", "Chủ đề", "Mức độ"]
GOOD = workbook([HEADERS, ["Thủ đô?", "Hà Nội", "Huế", "A", "Địa lý", "Nhận biết"]])


def with_long_cell(data: bytes, size: int) -> bytes:
    """Return the workbook with a second row whose question is `size` letters long, written as XML: openpyxl cuts it."""
    cells = ["x" * size, "Hà Nội", "Huế", "A", "Địa lý", "Nhận biết"]
    row = "".join(f'<c r="{"ABCDEF"[i]}3" t="inlineStr"><is><t>{cell}</t></is></c>' for i, cell in enumerate(cells))
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        sheet = source.read("xl/worksheets/sheet1.xml").decode()
    sheet = sheet.replace("</sheetData>", f'<row r="3">{row}</row></sheetData>')
    return with_part(data, "xl/worksheets/sheet1.xml", sheet.encode())


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        pytest.param("de.xlsx", GOOD[: len(GOOD) // 2], "xlsx_broken", id="half of a workbook"),
        pytest.param("de.xlsx", b"PK\x03\x04", "xlsx_broken", id="four bytes"),
        pytest.param("de.xlsm", GOOD, "xlsx_macros", id="named as a macro file"),
        pytest.param("de.xlsx", with_part(GOOD, "xl/vbaProject.bin", b"x"), "xlsx_macros", id="hidden macros"),
        pytest.param("de.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xlsx_old_or_locked", id="old Excel"),
        pytest.param("de.xlsx", workbook([["Một", "Hai"]]), "columns_unknown", id="no such columns"),
        pytest.param(
            "de.xlsx",
            with_part(GOOD, "xl/worksheets/sheet1.xml", b"<sheetData>" + b" " * 40_000_000),
            "xlsx_too_much",
            id="unpacks a thousandfold",
        ),
        pytest.param("de.jsonl", b"", "file_empty", id="empty"),
        pytest.param("de.json", b'{"title": "none"}', "columns_unknown", id="JSON of something else"),
        pytest.param("de.jsonl", b"\xff\xfe\xfa", "encoding_unknown", id="no text"),
        pytest.param("de.docx.txt", b"Cau 1. Thu do?", "format_unknown", id="plain text"),
    ],
)
def test_an_unreadable_file_is_refused_in_words_and_leaves_nothing(
    session: Session, now: datetime, name: str, data: bytes, code: str
) -> None:
    subject = create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now)
    session.flush()
    events = session.scalar(select(func.count()).select_from(AuditEvent))
    with pytest.raises(FileRefused) as refusal:
        preview_import(session, subject, data, file_name=name, actor=SYSTEM, now=now)
    assert refusal.value.problem.code == code
    assert refusal.value.text().startswith("Không đọc được tệp: ")
    assert "%(" not in refusal.value.text()
    assert session.scalar(select(func.count()).select_from(Import)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == events


@pytest.mark.parametrize("size", [40_000, 1_000_000])
def test_an_endless_cell_costs_its_own_row_only(session: Session, now: datetime, size: int) -> None:
    subject = create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now)
    data = with_long_cell(GOOD, size)
    batch = preview_import(session, subject, data, file_name="de.xlsx", actor=SYSTEM, now=now)
    assert (batch.rows_accepted, batch.rows_refused) == (1, 1)
    refused = next(row for row in batch.rows if row.state is ImportRowState.REFUSED)
    assert refused.row == 3
    assert "cell_too_long" in [problem["code"] for problem in refused.problems]
