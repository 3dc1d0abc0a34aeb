"""The refused rows as a workbook with what is wrong in words: mended there, it goes in without joining columns."""

import io
import json

from openpyxl import load_workbook

from examapp.access.roles import Role
from tests.factories import question_lines
from tests.functional.bank_import.conftest import BEYOND, GOOD, HEADERS, NO_KEY, SUM, Desk, sheet
from tests.pages import Browser

FILE = "/dong-bi-loai.xlsx"


def taken(desk: Desk, author: Browser) -> bytes:
    answer = author.client.get(desk.path(FILE))
    assert answer.status_code == 200
    return answer.data


def mended(data: bytes, **values: str) -> bytes:
    """Return the workbook with these values put into every row, by header."""
    book = load_workbook(io.BytesIO(data))
    cells = book.worksheets[0]
    headers = [cell.value for cell in cells[1]]
    for row in range(2, cells.max_row + 1):
        for header, value in values.items():
            cells.cell(row, headers.index(header) + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_refused_rows_go_out_are_mended_and_come_in(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(GOOD, SUM, NO_KEY, BEYOND), "đợt 1.xlsx")
    assert desk.path(FILE) in page.links()
    answer = author.client.get(desk.path(FILE))
    assert "dong-bi-loai.xlsx" in answer.headers["Content-Disposition"]
    cells = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in cells.iter_rows()]
    assert rows[0][2:8] == ["Mã", "Môn", "Chủ đề", "Mức độ", "Loại", "Câu hỏi"]
    assert [row[1] for row in rows[1:]] == ["4", "5"]
    assert rows[1][0] == "Cột “Đáp án”: chưa có đáp án. Ghi một chữ cái A, B, C… của phương án đúng."
    assert rows[2][4:9] == ["Toán", "Nhận biết", "chọn một phương án", BEYOND[0], "Một"]
    page = desk.send(author, mended(answer.data, **{"Đáp án": "B"}), "đợt 1 đã sửa.xlsx")
    assert page.heading == "Xem trước khi nhập", "nobody joins columns of our own file"
    assert desk.counts() == (2, 2, 0, 0)
    assert "Về cả tệp" not in page.text, "our own notes beside the rows are no columns that were not read"


def test_unmended_it_says_the_same_again(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(NO_KEY, BEYOND))
    desk.send(author, taken(desk, author), "lại.xlsx")
    assert desk.counts() == (2, 0, 0, 2)
    assert [desk.row(row).problems[0]["code"] for row in (2, 3)] == ["key_missing", "key_out_of_range"]


def test_rows_of_json_come_out_in_the_same_columns(desk: Desk, author: Browser) -> None:
    options = [{"text": "Có", "correct": True}, {"text": "Không", "correct": True}]
    data = [{"question": "Hai cờ?", "choices": options, "topic": "Luật", "level": "NB", "tags": ["a", "b"]}]
    desk.read(author, json.dumps(data).encode(), "de.json")
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(taken(desk, author))).worksheets[0]]
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Đáp án"], row["Phương án B"], row["Nhãn"]) == ("A, B", "Không", "a, b")
    desk.send(author, mended(taken(desk, author), **{"Đáp án": "A"}), "lại.xlsx")
    assert desk.counts() == (1, 1, 0, 0)


def test_no_text_becomes_a_formula(desk: Desk, author: Browser) -> None:
    row = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "=A1", "", "Toán", "Nhận biết"]
    page = desk.read(author, "\n".join([",".join(HEADERS), ",".join(row)]).encode(), "de.csv")
    assert page.heading == "Xem trước khi nhập"
    cells = load_workbook(io.BytesIO(taken(desk, author))).worksheets[0]
    assert {"=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "=A1"} <= {cell.value for cell in cells[2]}
    assert {cell.data_type for line in cells.iter_rows() for cell in line if cell.value is not None} == {"s"}


def test_a_cell_that_failed_is_told(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(["=1/0", *GOOD[1:]]))
    assert "ô báo lỗi hoặc có công thức chưa tính (#?); hãy dán giá trị vào ô rồi lưu lại." in page.text
    assert desk.counts() == (1, 0, 0, 1)


def test_a_broken_line_comes_out_as_it_was(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(1) + b'\n{"kind": "single_choice", "key": "A", "key": "B"}', "de.jsonl")
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(taken(desk, author))).worksheets[0]]
    assert '"key": "A", "key": "B"' in rows[1][7]


def test_it_is_there_after_bringing_in_too_and_only_when_there_are_any(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    assert taken(desk, author)
    page = desk.read(author, sheet(SUM))
    assert desk.path(FILE) not in page.links()
    assert author.open(desk.path(FILE)).heading == "Xem trước khi nhập"


def test_nobody_else_takes_it(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(NO_KEY))
    desk.browser(subject=desk.other).open(desk.path(FILE), status=404)
    desk.browser(Role.COUNCIL_CHAIR).open(desk.path(FILE), status=403)
    assert desk.post(author, desk.path(FILE)).status_code == 405


def test_a_hostile_file_name_makes_no_hostile_header(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(NO_KEY))
    batch = desk.newest()
    batch.file_name = 'a"\r\nSet-Cookie: x=y\u202exslx.exe.xlsx'
    desk.session.commit()
    assert page.heading == "Xem trước khi nhập"
    answer = author.client.get(desk.path(FILE))
    assert (answer.status_code, answer.headers.get("Set-Cookie", "").startswith("x=")) == (200, False)
    assert "%E2%80%AE" not in answer.headers["Content-Disposition"]


def test_what_a_sheet_would_lose_does_not_come_back_as_another_question(desk: Desk, author: Browser) -> None:
    formula = {"html": "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math> là?"}
    lines = [
        {"stem": formula, "options": ["1", "2"], "key": "E", "topic": "Toán", "level": "recall"},
        {"kind": "cloze", "stem": "Thủ đô", "gaps": [], "topic": "Địa", "level": "recall"},
    ]
    desk.send(author, "\n".join(map(json.dumps, lines)).encode(), "đề.jsonl")
    data = taken(desk, author)
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]
    for row, stem in zip(rows[1:], ("a/2 là?", "Thủ đô"), strict=True):
        assert "Sửa câu này trong tệp gốc; ở đây chỉ ghi câu dẫn." in row[0]
        assert [cell for cell in row[2:] if cell] == [stem]
    desk.send(author, data, "đề đã sửa.xlsx")
    assert desk.counts() == (2, 0, 0, 2)


def test_a_text_that_speaks_of_markup_has_none(desk: Desk, author: Browser) -> None:
    line = {
        "kind": "single_choice",
        "stem": "Ngôn ngữ nào mô tả trang?",
        "options": ["html", '{"html": "b"}'],
        "key": "E",
    }
    desk.send(author, json.dumps(line | {"topic": "Tin", "level": "recall"}).encode(), "đề.jsonl")
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(taken(desk, author))).worksheets[0].rows]
    assert {"html", '{"html": "b"}'} <= set(rows[1])
