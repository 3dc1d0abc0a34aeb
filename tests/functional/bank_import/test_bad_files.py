"""Files that are broken, hostile or no questions at all: the answer names place and advice, and nothing is changed."""

import io
import json
import zipfile

import pytest

from examapp.settings import Settings
from tests.factories import with_part
from tests.functional.bank_import.conftest import GOOD, HEADERS, SUM, Desk, sheet
from tests.functional.exam_day import checked
from tests.pages import Browser

SHEET = "xl/worksheets/sheet1.xml"


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.read(name)


BOOK = sheet(GOOD, SUM)
BOMB = with_part(BOOK, SHEET, part(BOOK, SHEET).replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"))

FIELDS = json.dumps([{f"{row} {field}": "x" for field in range(100)} for row in range(300)]).encode()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("de.xlsx", BOOK[: len(BOOK) // 2], "bị hỏng hoặc tải chưa hết; hãy mở bằng Excel", id="truncated"),
        pytest.param("de.xlsm", BOOK, "có macro; hãy lưu lại thành .xlsx thường", id="xlsm"),
        pytest.param("de.xlsx", with_part(BOOK, "xl/vbaProject.bin", b"x"), "có macro; hãy lưu lại", id="hidden macro"),
        pytest.param("de.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kiểu cũ (.xls)", id="old or locked"),
        pytest.param("de.xlsx", b"%PDF-1.7", "không phải bảng tính .xlsx", id="PDF named xlsx"),
        pytest.param("de.pdf", b"%PDF-1.7", "hãy dùng Word, Excel, CSV, JSON, Moodle XML", id="wrong type"),
        pytest.param("de.docx.txt", "Câu 1. Thủ đô?".encode(), "Không nhận ra loại tệp", id="plain text"),
        pytest.param("de.xlsx", b"", "Tệp rỗng; hãy kiểm tra lại", id="empty"),
        pytest.param("de.jsonl", b"\xef\xbb\xbf \n", "Tệp rỗng; hãy kiểm tra lại", id="nothing but a mark"),
        pytest.param("de.csv", "Câu hỏi,A\n\"Thủ đô".encode(), "hỏng từ dòng 2", id="CSV cut off"),
        pytest.param("de.csv", "Thủ đô".encode("utf-16-le")[:-1], "hãy lưu lại bằng bảng mã UTF-8", id="no Unicode"),
        pytest.param("de.json", FIELDS, "quá 256 trường khác nhau", id="fields without end"),
        pytest.param("de.json", b'{"questions": [', "Không phải JSON hợp lệ (ký tự thứ 16)", id="JSON cut off"),
    ],
)  # fmt: skip
def test_it_is_refused_in_words_and_nothing_is_kept(
    desk: Desk, author: Browser, name: str, data: bytes, words: str
) -> None:
    before = desk.stored()
    page = desk.send(author, data, name, status=422)
    assert words in page.text
    assert f"Chưa đọc được tệp {name}" in page.text
    assert "Ngân hàng không thay đổi." in page.text
    assert desk.stored() == before


def test_a_zip_bomb_is_left_to_the_worker_and_refused(desk: Desk, author: Browser) -> None:
    assert desk.send(author, BOMB).heading == "Máy chủ đang làm việc với tệp"
    desk.do_jobs()
    page = author.open(desk.path("/viec"))
    assert "tệp .xlsx bung ra lớn bất thường nên không được đọc; hãy chép các câu hỏi" in page.text.replace(
        "Tệp .", "tệp ."
    )
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.stored()["questions"] == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([*GOOD[:5], "A, B", *GOOD[6:]], "Dòng 3, cột “Đáp án”: ghi “A, B”: câu một lựa chọn chỉ có một đáp án đúng."),
        ([GOOD[0], "Hà Nội", "", "Vinh", *GOOD[4:]], "Dòng 3, cột “Phương án B”: phương án B để trống."),
        ([GOOD[0], "Huế", "Huế", *GOOD[3:]], "Dòng 3, cột “Phương án B”: phương án B giống hệt phương án A."),
        (SUM, "Dòng 3: trùng hoàn toàn với câu ở dòng 2."),
        ([GOOD[0], "Hà Nội", "", "", "", "A", *GOOD[6:]], "câu chỉ có 1 phương án, cần ít nhất hai."),
    ],
    ids=["two keys", "an option missing", "identical options", "a question twice", "one option"],
)
def test_a_faulty_row_is_named_with_its_cell_and_costs_no_other(
    desk: Desk, author: Browser, row: list[str], words: str
) -> None:
    page = desk.read(author, sheet(SUM, row))
    assert words in page.text
    assert desk.counts() == (2, 1, 0, 1)
    assert desk.stored()["questions"] == 0


def test_a_million_letters_in_a_cell_cost_their_own_row(desk: Desk, author: Browser) -> None:
    cells = ["x" * 1_000_000, *SUM[1:]]
    row = "".join(f'<c r="{"ABCDEFGH"[i]}4" t="inlineStr"><is><t>{cell}</t></is></c>' for i, cell in enumerate(cells))
    xml = part(BOOK, SHEET).replace(b"</sheetData>", f'<row r="4">{row}</row></sheetData>'.encode())
    page = desk.read(author, with_part(BOOK, SHEET, xml))
    assert "Dòng 4, cột “Câu hỏi”: ô chứa 1000000 ký tự, giới hạn là 32767; hãy rút ngắn." in page.text
    assert desk.counts() == (3, 2, 0, 1)
    assert len(page.html) < 100_000, "the page does not carry it"
    assert len(author.open(desk.path("/dong/4")).html) < 100_000
    assert author.client.get(desk.path("/dong-bi-loai.xlsx")).status_code == 200


def test_a_formula_in_a_csv_stays_a_text(desk: Desk, author: Browser) -> None:
    evil = '=HYPERLINK("http://example.vn";"bấm")'
    quoted = '"' + evil.replace('"', '""') + '"'
    lines = [",".join(HEADERS), f"Thủ đô?,{quoted},Huế,Vinh,Cần Thơ,B,Địa lý,Nhận biết"]
    page = desk.read(author, "\r\n".join(lines).encode("utf-8-sig"), "de.csv")
    assert "Dòng 2, cột “Phương án A”: ô bắt đầu bằng dấu “=” được giữ nguyên là chữ" in page.text
    assert desk.counts() == (1, 1, 1, 0)
    assert desk.row(2).payload["options"][0] == evil


def test_a_file_above_the_limit_is_refused_before_it_is_read(desk: Desk, author: Browser, settings: Settings) -> None:
    before = desk.stored()
    body = b"--x\r\n" + bytes(50 * 1024 * 1024)  # not through the form: the test's own client would spool it on disk
    answer = author.client.post(desk.upload_path, data=body, content_type="multipart/form-data; boundary=x")
    page = checked(answer, 413)
    assert page.heading == "Nội dung gửi lên quá lớn"
    assert f"tệp nặng hơn {settings.max_upload_bytes // 1024**2} MB" in page.text
    assert "Chia thành nhiều tệp" in page.text
    assert desk.stored() == before


def test_a_hostile_name_is_harmless(desk: Desk, author: Browser) -> None:
    page = desk.read(author, BOOK, "../../<script>alert(1)</script>\u202e.xlsx")
    assert "<script>alert" not in page.html
    assert desk.newest().file_name.isprintable()
