"""The preview: key figures, numbered problems with what to do, and the very cells marked with the same numbers."""

import pytest

from tests.factories import question_lines
from tests.functional.bank_import.conftest import BEYOND, GOOD, HEADERS, NO_KEY, SUM, Desk, sheet
from tests.pages import Browser, Page

SAME = ["Hai phương án giống?", "Một", "Hai", "Một", "Ba", "B", "Toán", "Nhận biết"]
AGAIN = [GOOD[0], "Hà Nội", "Huế", "Vinh", "Cần Thơ", "A", "Địa lý", "Nhận biết"]


def marked(page: Page) -> dict[tuple[str, str], str]:
    """Return (class, words of the cell without the mark) by the mark's number."""
    found = {}
    for cell in page.all("td"):
        marks = [ref for ref in page.all("a") if cell in ref.parents and "ref" in ref.attributes.get("class", "")]
        for ref in marks:
            number = ref.attributes["href"].removeprefix("#loi-")
            found[(cell.attributes["class"].split()[0], cell.text.partition("Vấn đề")[0].strip())] = number
    return found


def test_problems_are_numbered_errors_first_and_mark_their_very_cells(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(GOOD, AGAIN, BEYOND, SAME))
    assert desk.counts() == (4, 2, 1, 2)
    assert "3 vấn đề cần xem, dòng bị loại xếp trước" in page.text
    assert "1 Lỗi: Dòng 4, cột “Đáp án”: ghi “E” nhưng câu chỉ có bốn phương án A – D.Sửa đáp án" in page.text
    assert "2 Lỗi: Dòng 5, cột “Phương án C”: phương án C giống hệt phương án A.Hai phương án giống nhau" in page.text
    assert "3 Dòng 3, cột “Câu hỏi”: cùng nội dung câu hỏi với dòng 2, phương án khác.Vẫn nhập được." in page.text
    assert marked(page) == {("bad", "E"): "1", ("bad", "Một"): "2", ("warned", GOOD[0]): "3"}
    for target in ("#dong-3", "#dong-4", "#dong-5", "#loi-1", "#loi-2", "#loi-3"):
        assert target in page.links()
        assert any(element.attributes.get("id") == target[1:] for element in page.elements), target


def test_key_figures_tell_what_becomes_of_the_rows(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD))
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    page = desk.read(author, sheet(GOOD, SUM, SUM, NO_KEY, BEYOND))
    figures = [
        element.text.strip() for element in page.all("li") if "câu nhập được" in element.text or "dòng" in element.text
    ]
    assert figures[:1] == ["1câu nhập được"]
    assert "2dòng có lỗi, không nhập" in page.text
    assert "2câu trùng đã có, bỏ qua" in page.text, "one in the bank, one in the file"
    assert "Nhập 1 câu hợp lệ" in page.text


def test_only_rows_with_problems_are_shown_until_all_are_asked_for(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(GOOD, SUM, NO_KEY))
    assert SUM[0] not in page.text
    assert f"{desk.path()}?dong=tat-ca" in page.links()
    page = author.open(f"{desk.path()}?dong=tat-ca")
    assert SUM[0] in page.text
    assert "Dòng 1 – 3 trong 3" in page.text
    assert marked(page) == {("bad", ""): "1"}, "the number stays the same"


def test_what_is_about_the_whole_file_stands_on_top(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet([*GOOD, "xem lại"], headers=[*HEADERS, "Ghi chú"]))
    assert "Về cả tệp" in page.text
    assert "Không đọc các cột: Ghi chú." in page.text
    assert "Không dòng nào có vấn đề" in page.text


def test_a_broken_line_is_shown_as_it_is_and_can_be_typed_anew(desk: Desk, author: Browser) -> None:
    page = desk.send(author, question_lines(1) + b'\n{"kind": "single_choice", "key": "A", "key": "B"}', "de.jsonl")
    assert "trường “key” ghi hai lần trong một câu" in page.text
    assert '{"kind": "single_choice", "key": "A", "key": "B"}' in page.text


def test_thousands_of_rows_come_in_pages(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(*([f"Câu {number} thiếu đáp án?", "Có", "Không", *NO_KEY[3:]] for number in range(120))))
    page = author.open(f"{desk.path()}?page=5")
    assert "Dòng có vấn đề 101 – 120 trong 120" in page.text
    assert "101 Lỗi: Dòng 102" in page.text, "numbers go on from page to page"
    assert len(page.all("tr")) == 21


@pytest.mark.parametrize("address", ["", "?dong=tat-ca"])
def test_its_statements_do_not_grow_with_the_rows(desk: Desk, author: Browser, address: str) -> None:
    counts = []
    for count in (3, 60):
        rows = [[f"Câu {count}/{number} thiếu đáp án?", "Có", "Không", *NO_KEY[3:]] for number in range(count)]
        desk.read(author, sheet(*rows))
        path = desk.path(address)
        author.open(path)
        with desk.statements() as seen:
            author.open(path)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_a_colleague_may_look_and_a_stranger_finds_nothing(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    assert "Xem trước khi nhập" in desk.browser(name="soan.hai").open(desk.path()).heading
    stranger = desk.browser(subject=desk.other)
    for rest in ("", "/viec", "/ghep-cot", "/dua-vao", "/hoan-tac", "/bo", "/dong/3", "/dong-bi-loai.xlsx"):
        stranger.open(desk.path(rest), status=404)
    assert desk.post(author, desk.path()).status_code == 405


def test_it_speaks_english(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    assert author.open(f"{desk.path()}?lang=en").all("html")[0].attributes["lang"] == "en"
