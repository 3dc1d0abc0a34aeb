"""Official documents: the layout of NĐ 30/2020, whole tables, signatures that never stand alone."""

import io
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from examapp.documents.fonts import BOLD, REGULAR, printable, register_fonts
from examapp.documents.heading import clocked, counted, dated, heading
from examapp.documents.lines import broken_evenly
from examapp.documents.official import (
    Basis,
    Closing,
    Column,
    Letterhead,
    NewPage,
    Paragraph,
    Part,
    Signature,
    Small,
    Table,
    Title,
    official_pdf,
)
from examapp.documents.rows import rows_table

HEAD = Letterhead(
    "Ủy ban nhân dân Thành phố Hồ Chí Minh", "Hội đồng tuyển dụng công chức", "Thành phố Hồ Chí Minh", date(2026, 12, 4)
)
COLUMNS = [Column("STT", 1), Column("Số báo danh", 2), Column("Họ và tên", 4, "left"), Column("Kết quả", 2)]
CLOSING = Closing([Signature(["TM. HỘI ĐỒNG", "CHỦ TỊCH"], "Nguyễn Văn Giả Định")], ["Thí sinh dự thi;", "Lưu: VT."])


def table(count: int) -> Table:
    return Table(COLUMNS, [[str(n), f"{n:04d}", f"Đặng Thị Ngọc Ánh {n}", "Đạt"] for n in range(1, count + 1)])


def pages(parts: Sequence[Part], closing: Closing | None = CLOSING) -> list[str]:
    """Return the text of each page, spaces collapsed."""
    made = official_pdf(HEAD, Title("Thông báo", "Về kết quả Vòng 1"), parts, closing)
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


def test_the_letterhead_and_every_letter_are_there() -> None:
    text = pages(
        [Basis("Căn cứ Nghị định số 170/2025/NĐ-CP;"), Paragraph("28 thí sinh dự thi.", lead="Kết quả chung:")]
    )[0]
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thành phố Hồ Chí Minh, ngày 04 tháng 12 năm 2026",
        "THÔNG BÁO Về kết quả Vòng 1",
        "Căn cứ Nghị định số 170/2025/NĐ-CP;",
        "Kết quả chung: 28 thí sinh dự thi.",
        "Nơi nhận:",
        "TM. HỘI ĐỒNG CHỦ TỊCH",
        "Nguyễn Văn Giả Định",
    ):
        assert wanted in text
    assert "ỦY BAN NHÂN DÂN" in text
    assert "HỘI ĐỒNG TUYỂN DỤNG" in text


def test_decomposed_letters_are_composed_and_nothing_is_markup() -> None:
    text = pages([Paragraph("Nguyê\u0303n <b>Ư\u0301ng</b> & con\u0000")])[0]
    assert "Nguyễn <b>Ứng</b> & con" in text


def test_a_break_is_a_space_and_a_control_character_nothing() -> None:
    assert printable("Nguyễn\r\nVăn\tAn\u0000\u200b\u00a0Bình") == "Nguyễn  Văn An\u00a0Bình"


def test_a_long_list_has_its_head_on_every_page_and_every_row_once() -> None:
    shown = pages([table(5000)])
    assert len(shown) > 100
    assert all("STT Số báo danh Họ và tên Kết quả" in page for page in shown)
    whole = " ".join(shown)
    for number in (1, 2, 999, 2500, 4999, 5000):
        assert whole.count(f"Đặng Thị Ngọc Ánh {number} Đạt") == 1


def test_pages_are_numbered_from_the_second_on() -> None:
    shown = pages([table(80)])
    assert not shown[0].startswith("1 ")
    assert [page.split()[0] for page in shown[1:]] == [str(number) for number in range(2, len(shown) + 1)]


@pytest.mark.parametrize("count", range(1, 60))
def test_signatures_never_begin_a_page_alone(count: int) -> None:
    """The last page has a row of the table above the signatures, however many rows there are."""
    last = pages([table(count)])[-1]
    assert "CHỦ TỊCH" in last
    assert f"Đặng Thị Ngọc Ánh {count} Đạt" in last


def test_signatures_stay_with_the_last_paragraph() -> None:
    for lines in range(18, 30):
        shown = pages([*(Paragraph(f"Đoạn số {number}.") for number in range(lines)), Paragraph("Câu cuối cùng./.")])
        assert "Câu cuối cùng./." in shown[-1]
        assert "CHỦ TỊCH" in shown[-1]


def test_a_long_last_paragraph_is_parted_and_two_lines_stay_with_the_signatures() -> None:
    words = "Hội đồng thông báo để thí sinh được biết và thực hiện đúng quy định. " * 12
    for lines in range(14, 32):
        shown = pages([*(Paragraph(f"Đoạn số {number}.") for number in range(lines)), Paragraph(f"{words}Hết./.")])
        body = shown[-1].partition("Nơi nhận:")[0]
        assert "CHỦ TỊCH" in shown[-1]
        assert "Hết./." in body
        assert len(body) > 80, "at least two lines, or one page holds all"


def test_small_lines_about_the_signatures_go_along() -> None:
    for count in range(20, 60):
        shown = pages([table(count), Small("Trên chữ ký."), CLOSING, Small("Mã: 1f2e.")], None)
        assert f"Đặng Thị Ngọc Ánh {count} Đạt Trên chữ ký." in shown[-1]
        assert "Mã: 1f2e." in shown[-1]


def test_what_a_table_is_stands_above_it() -> None:
    for lines in range(20, 36):
        parts: list[Part] = [*(Paragraph(f"Đoạn số {number}.") for number in range(lines)), Paragraph("", lead="Bảng:")]
        shown = pages([*parts, table(3)])
        assert "Bảng: STT" in " ".join(shown)
        assert not [page for page in shown if page.endswith("Bảng:")]


def test_a_draft_says_so_on_every_page_and_the_mark_stands_on_all() -> None:
    made = official_pdf(HEAD, Title("Thông báo"), [table(80)], CLOSING, draft=True, mark="mã 1f2e")
    for page in PdfReader(io.BytesIO(made)).pages:
        assert "DỰ THẢO" in page.extract_text()
        assert page.extract_text().rstrip().endswith("mã 1f2e"), "after the text of the page"
    assert "DỰ THẢO" not in " ".join(pages([table(80)]))


def test_every_document_of_a_file_counts_its_own_pages() -> None:
    shown = pages([table(80), NewPage(Title("Danh sách", "Phòng 02")), table(80)], None)
    half = len(shown) // 2
    assert [page.split()[0] for page in shown[1:half]] == [str(number) for number in range(2, half + 1)]
    assert shown[half].startswith("ỦY BAN")
    assert [page.split()[0] for page in shown[half + 1 :]] == [str(number) for number in range(2, half + 1)]


def test_progress_is_told_of_every_row_once() -> None:
    told: list[tuple[int, int]] = []
    parts = [table(90), NewPage(Title("Danh sách")), table(10)]
    official_pdf(HEAD, Title("Thông báo"), parts, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (100, 100)
    assert len(told) > 2


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 1), "ngày 01 tháng 3 năm 2026"),
        (date(2026, 12, 14), "ngày 14 tháng 12 năm 2026"),
    ],
)
def test_a_date_is_written_so_that_nothing_can_be_added(day: date, words: str) -> None:
    assert dated(day) == words


def test_moments_and_numbers_are_written_as_documents_write_them() -> None:
    assert clocked(datetime(2026, 12, 12, 1, 5, tzinfo=UTC)) == "08 giờ 05 ngày 12 tháng 12 năm 2026"
    assert [counted(number) for number in (0, 7, 23, 1004)] == ["00", "07", "23", "1.004"]


def test_a_notice_has_room_for_its_number_and_a_list_has_none() -> None:
    assert "/TB-HĐTDCC" in pages([Paragraph("x")])[0]
    made = official_pdf(HEAD, Title("Danh sách niêm yết"), [Paragraph("x")])
    assert "Số:" not in PdfReader(io.BytesIO(made)).pages[0].extract_text()
    numbered = Letterhead(HEAD.superior, HEAD.council, HEAD.place, HEAD.day, "12/TB-HĐTD")
    made = official_pdf(numbered, Title("Thông báo"), [Paragraph("x")])
    assert "Số: 12/TB-HĐTD" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


@pytest.mark.parametrize(
    ("council", "sign"),
    [
        ("Hội đồng tuyển dụng công chức", "/TB-HĐTDCC"),
        ("Hội đồng tuyển dụng công chức năm 2026", "/TB-HĐTDCC"),
        ("Hội đồng tuyển dụng công chức vào làm việc tại các cơ quan thuộc Ủy ban nhân dân Thành phố", "/TB-HĐTDCC"),
        ("Hội đồng " + "kiểm tra sát hạch " * 5, "/TB-  "),
    ],
)
def test_a_long_name_of_a_council_makes_no_long_sign(council: str, sign: str) -> None:
    made = official_pdf(replace(HEAD, council=council), Title("Thông báo"), [Paragraph("x")])
    assert sign in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_lines_below_names_and_titles_are_a_third_to_a_half_of_them() -> None:
    register_fonts()
    for subject in ("Phòng 01", "Về kết quả Vòng 1", "Về kết quả bài thi kiến thức chung, " * 6, ""):
        flow = heading(HEAD, Title("Danh sách", subject), 468)
        issuer = flow[0].blocks[0]
        for lines in (issuer, flow[:-1]):
            above, rule = lines[-2:]
            length = stringWidth(above.text, BOLD, above.style.fontSize)
            assert length / 3 <= rule.length <= length / 2
    motto, rule = heading(HEAD, Title("Danh sách"), 468)[0].blocks[1][-2:]
    assert rule.length == pytest.approx(stringWidth(motto.text, BOLD, motto.style.fontSize))


def test_sizes_are_those_of_the_decree() -> None:
    sizes: dict[str, float] = {}

    def note(text: str, _matrix: object, _place: object, _font: object, size: float) -> None:
        if text.strip():
            sizes[text.strip()] = size

    made = official_pdf(
        HEAD, Title("Thông báo", "Về kết quả"), [Basis("Căn cứ Luật;"), Paragraph("Thân văn bản.")], CLOSING
    )
    page = PdfReader(io.BytesIO(made)).pages[0]
    page.extract_text(visitor_text=note)
    assert {"HỘI ĐỒNG TUYỂN DỤNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"} <= {
        t for t, size in sizes.items() if size == 12
    }
    assert {"Độc lập - Tự do - Hạnh phúc", "Thân văn bản."} <= {t for t, size in sizes.items() if 13 <= size <= 14}
    assert sizes["THÔNG BÁO"] == sizes["Về kết quả"] == 14
    assert sizes["CHỦ TỊCH"] == sizes["Nguyễn Văn Giả Định"] == 13
    assert (sizes["Nơi nhận:"], sizes["- Lưu: VT."]) == (12, 11)
    assert [round(float(edge)) for edge in page.mediabox[2:]] == [595, 842]


def test_the_file_says_what_it_is_and_in_which_language() -> None:
    alone = PdfReader(io.BytesIO(official_pdf(HEAD, Title("Danh sách", "Phòng 01"), [table(2)])))
    assert alone.metadata is not None
    assert alone.metadata.title == "Danh sách Phòng 01"
    assert alone.trailer["/Root"]["/Lang"] == "vi-VN"
    assert alone.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    parts = [table(2), NewPage(Title("Danh sách", "Phòng 02")), table(2)]
    several = PdfReader(io.BytesIO(official_pdf(HEAD, Title("Danh sách", "Phòng 01"), parts)))
    assert several.metadata is not None
    assert several.metadata.title == "Danh sách", "not the name of the first room"


@pytest.mark.parametrize("count", range(1, 60))
def test_what_is_counted_below_a_list_is_signed_on_a_page_with_rows(count: int) -> None:
    last = pages([table(count), Paragraph("Số thí sinh đã ký: …"), Paragraph("Số báo danh không ký: …")])[-1]
    assert f"Đặng Thị Ngọc Ánh {count} Đạt Số thí sinh đã ký: … Số báo danh không ký: …" in last
    assert "CHỦ TỊCH" in last


def test_a_place_that_is_long_stays_beside_the_number() -> None:
    made = official_pdf(replace(HEAD, place="Phường Sài Gòn, " * 6), Title("Thông báo"), [Paragraph("x")])
    text = " ".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    assert "/TB-HĐTDCC Phường Sài Gòn, Phường" in text


def test_names_of_bodies_are_not_broken_inside() -> None:
    register_fonts()
    lines = broken_evenly("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH", 12.5, REGULAR, 180)
    assert lines == ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HỒ CHÍ MINH"]
    assert broken_evenly("HỘI ĐỒNG THI", 12.5, REGULAR, 180) == ["HỘI ĐỒNG THI"]


@settings(deadline=None)
@given(st.text(max_size=200), st.floats(30, 400))
def test_a_heading_keeps_every_word(text: str, width: float) -> None:
    register_fonts()
    assert " ".join(broken_evenly(text, 14, REGULAR, width)).split() == text.split()


def test_a_word_longer_than_its_column_is_broken() -> None:
    shown = pages([Table(COLUMNS, [["1", "0" * 60, "Ánh", "Đạt"]])])[0]
    assert "0" * 60 not in shown
    assert shown.count("0") >= 60


def test_every_section_begins_a_page_with_a_letterhead_and_its_own_signatures() -> None:
    own = Closing([Signature(["GIÁM THỊ 1"]), Signature(["GIÁM THỊ 2"]), Signature(["KỸ THUẬT VIÊN"])])
    shown = pages([table(3), own, NewPage(Title("Danh sách", "Phòng 02")), table(3), own, Small("Mã: 1f2e")], None)
    assert len(shown) == 2
    for page in shown:
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
        assert "GIÁM THỊ 1 GIÁM THỊ 2 KỸ THUẬT VIÊN" in page
    assert "DANH SÁCH Phòng 02" in shown[1]


def test_equal_input_gives_equal_bytes() -> None:
    parts = [table(100)]
    assert official_pdf(HEAD, Title("Thông báo"), parts, CLOSING) == official_pdf(
        HEAD, Title("Thông báo"), parts, CLOSING
    )


def test_documents_drawn_at_once_do_not_mix() -> None:
    def draw(_: int = 0) -> bytes:
        return official_pdf(HEAD, Title("Thông báo"), [table(3)], CLOSING)

    alone, usual = draw(), sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(draw, range(80))) == {alone}
    finally:
        sys.setswitchinterval(usual)


def test_every_font_is_embedded() -> None:
    made = official_pdf(HEAD, Title("Thông báo", "Về kết quả"), [Basis("Căn cứ"), table(3)], CLOSING)
    fonts = {
        font.get_object()["/BaseFont"]: font.get_object()
        for page in PdfReader(io.BytesIO(made)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    for name, font in fonts.items():
        assert "Tinos" in name
        assert "/FontFile2" in font["/FontDescriptor"]


def test_an_empty_table_is_a_head() -> None:
    assert "STT Số báo danh" in pages([Table(COLUMNS, [])])[0]


@settings(deadline=None)
@given(st.lists(st.text(max_size=200), min_size=4, max_size=4), st.integers(1, 40))
def test_any_text_finds_room(cells: list[str], count: int) -> None:
    assert pages([Table(COLUMNS, [cells] * count)])


@settings(deadline=None)
@given(st.integers(0, 200), st.floats(20, 700), st.floats(0, 40))
def test_pieces_of_a_table_have_every_row_once_and_in_order(count: int, height: float, least: float) -> None:
    register_fonts()
    piece = rows_table(COLUMNS, [[str(n)] * 4 for n in range(count)], width=400, least=least)
    seen: list[int] = []
    while True:
        parts = piece.split(400, height)
        if len(parts) != 2:
            seen += range(piece.first, piece.last)
            break
        assert parts[0].wrap(400, height)[1] <= height
        seen += range(parts[0].first, parts[0].last)
        piece = parts[1]
    assert seen == list(range(count))
