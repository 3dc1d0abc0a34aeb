"""The list as a workbook: what the filters show, without any key; a long one is made by the worker."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from examapp.bank.services import exports
from examapp.core.files import XLSX, StoredFile
from examapp.core.jobs import JobProgress
from tests.bank import add_questions
from tests.functional.bank.conftest import Bank
from tests.functional.exam_day import Day

DEED = "/xuat"


def table(data: bytes) -> list[tuple[Any, ...]]:
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_what_the_filters_show_is_in_the_file_and_no_key(bank: Bank, day: Day) -> None:
    text = {"=1+1": "=HYPERLINK(1) luật?"}
    add_questions(bank.session, bank.subject, text, now=day.clock.now(), key="D")
    bank.session.commit()
    browser = bank.author
    answer = browser.post(browser.open(bank.path(q="luat")), bank.path(DEED))
    assert answer.status_code == 200
    assert answer.mimetype == XLSX
    assert "cau-hoi-KTC.xlsx" in answer.headers["Content-Disposition"]
    header, *rows = table(answer.data)
    assert header == exports.HEADER
    assert [row[0] for row in rows] == ["=1+1", "KTC-01"]
    assert rows[0][2] == "=HYPERLINK(1) luật?", "text stays text"
    assert rows[1] == (
        "KTC-01", 1, "Theo Luật Cán bộ, công chức, ai quyết định biên chế?",
        "A. Phương án thứ nhất\nB. Phương án thứ hai\nC. Phương án thứ ba\nD. Phương án thứ tư",
        "Chủ đề", "Nhận biết", "Đã duyệt", None, None, "24/11/2026",
    )  # fmt: skip
    assert bank.actions()[-1] == "bank.list_exported"


def test_a_list_without_anything_has_its_head(bank: Bank) -> None:
    answer = bank.post(bank.author, bank.path(DEED), {"q": "không có"})
    assert table(answer.data) == [exports.HEADER]
    page = bank.author.open(bank.path(q="không có"))
    assert bank.path(DEED) not in [form.action for form in page.forms()]


def test_a_long_list_is_the_workers(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examapp.bank.routes_export.MOST_AT_ONCE", 2)
    browser = bank.author
    assert "Chưa có danh sách nào đang lập" in browser.open(bank.path(DEED)).text
    page = browser.submit(browser.open(bank.path(status="approved")), bank.path(DEED))
    assert page.heading == "Xuất danh sách câu hỏi"
    assert "Đang chờ đến lượt" in page.text
    assert bank.actions()[-1] == "bank.list_exported"
    bank.session.commit()
    job = bank.session.scalars(select(JobProgress).where(JobProgress.kind == exports.EXPORT_LIST)).one()
    assert job.owner_id is not None
    assert bank.session.scalars(select(StoredFile)).all() == []
    assert "Chưa có danh sách nào" in bank.reader.open(bank.path(DEED)).text, "it is the asker's own"


def test_whoever_may_look_may_take_it_and_nobody_else(bank: Bank) -> None:
    assert bank.post(bank.reader, bank.path(DEED), {}).status_code == 200
    with bank.unchanged():
        assert bank.post(bank.stranger, bank.path(DEED), {}).status_code == 404
        bank.stranger.open(bank.path(DEED), status=404)
        assert bank.author.client.post(bank.path(DEED), data={"csrf_token": "x"}).status_code == 400
