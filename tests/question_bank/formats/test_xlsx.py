"""Workbooks: finding the table, reading cells as they look, and refusing hostile files."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from question_bank.formats import FieldMapping, preview, xlsx, xlsx_guard, xlsx_rich
from tests.question_bank.factories import HEADERS, codes, edit_workbook, record, sheet_row, workbook, workbook_of

SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(cells: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def test_a_table_below_a_title_with_faults_in_the_middle() -> None:
    data = workbook(
        ["NGÂN HÀNG CÂU HỎI"],
        [],
        HEADERS,
        sheet_row(),
        sheet_row(stem="Hỏi hai?", key="E"),
        [None] * 8,
        sheet_row(stem="Hỏi ba?", c="Chính phủ"),
        sheet_row(stem="Câu 4. Hỏi bốn?", key="d", level="VD", d=None),
        sheet_row(stem="Câu 5. Hỏi năm?", level="VD"),
    )
    result = xlsx.read(data, "đề.xlsx")
    assert [(row, record.question.stem) for row, record in result.records] == [(4, "Cơ quan nào?"), (9, "Hỏi năm?")]
    assert [problem.text() for problem in result.problems] == [
        "1 dòng phía trên dòng tiêu đề không được đọc.",
        "Dòng 5, cột “Đáp án”: ghi “E” nhưng câu chỉ có bốn phương án A – D.",
        "Dòng 7, cột “Phương án C”: phương án C giống hệt phương án A.",
        "Dòng 8, cột “Đáp án”: ghi “d” nhưng câu chỉ có ba phương án A – C.",
    ]
    assert result.rows_total == 5


def test_columns_of_unknown_names_below_a_title_can_be_joined() -> None:
    data = workbook(
        ["NGÂN HÀNG CÂU HỎI MÔN QUẢN LÝ NHÀ NƯỚC"],
        ["Phòng Công chức", "11/2026"],
        [],
        ["STT", "Trích yếu", "Ý 1", "Ý 2", "Ý 3", "Ý đúng"],
        [1, "Cơ quan nào?", "Chính phủ", "Bộ", "Sở", "Chính phủ"],
    )
    seen = preview(data, "a.xlsx")
    assert seen.columns == ("STT", "Trích yếu", "Ý 1", "Ý 2", "Ý 3", "Ý đúng")
    assert [row["Ý 2"] for row in seen.samples] == ["Bộ"]
    columns = {"stem": "Trích yếu", "option_a": "Ý 1", "option_b": "Ý 2", "option_c": "Ý 3", "key": "Ý đúng"}
    mapping = FieldMapping(columns, {"topic": "Bộ máy", "level": "NB"})
    [(row, read)] = xlsx.read(data, "a.xlsx", mapping).records
    assert (row, read.question.stem, read.question.key) == (5, "Cơ quan nào?", 0)


@pytest.mark.parametrize(
    "rows",
    [
        [["UBND THÀNH PHỐ", "CỘNG HÒA XÃ HỘI"], [], ["Hỏi về", "Ý 1", "Ý 2", "Ý đúng"], ["Ai?", "x", "y", "1"]],
        [["Danh sách năm 2026"], ["Hỏi về", "Các ý"], ["Ai?", "x"]],
        [["Hỏi về", "Ý 1"], ["Ai?", "x"], ["Gì?", "x", "y", "z", "t"], ["Đâu?", "x"]],
        [["Hỏi về"], ["Ai?"], ["Gì?"]],
    ],
    ids=["a letterhead", "two columns", "a long row later", "one column"],
)
def test_the_likeliest_header_row(rows: list[list[str]]) -> None:
    assert preview(workbook(*rows), "a.xlsx").columns[0] == "Hỏi về"


def test_an_empty_row_and_merged_cells_far_out_are_nothing() -> None:
    data = workbook(HEADERS, sheet_row())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read(SHEET)
    far = b'<row r="1048576" ht="12.8"></row></sheetData><mergeCells><mergeCell ref="A2:FZZZZZ3"/></mergeCells>'
    assert b"</sheetData>" in sheet
    seen = xlsx.read(edit_workbook(data, {SHEET: sheet.replace(b"</sheetData>", far)}), "a.xlsx")
    assert (len(seen.records), codes(seen)) == (1, ["cells_merged"])


def test_cells_are_read_as_they_look_and_doubtful_ones_warned_about() -> None:
    row = sheet_row(stem="Ngày nào?", a=dt.date(2026, 7, 1), b=5.0, c=0.5, d=True, key=2)
    other = sheet_row(stem="Khác?", key=4)
    result = xlsx.read(workbook(HEADERS, row, other), "a.xlsx")
    assert result.records[0][1].question.options == ("01/07/2026", "5", "0,5", "TRUE")
    assert [record.question.key for _, record in result.records] == [1, 3]
    assert codes(result) == ["key_base_guessed", *["cell_not_text"] * 3]
    assert (
        result.problems[1].text()
        == "Dòng 2, cột “Phương án A”: ô không phải dạng chữ, đọc thành “01/07/2026”; hãy kiểm tra lại."
    )


def block(text: str, **looks: object) -> TextBlock:
    return TextBlock(InlineFont(**looks), text)


def test_parts_of_a_cell_that_look_different_are_markup() -> None:
    stem = CellRichText(
        block("Câu 1. w", b=True), block("a", b=True, u="single"), "nt 10", block("2", vertAlign="superscript")
    )
    a = CellRichText("A. ", block("1", strike=True), "0")
    alike = CellRichText(block("C. một ", b=True), block("<hai>", b=True, sz=20))
    data = workbook(
        HEADERS,
        sheet_row(stem=stem, a=a, b="B. hai", c=alike, d=CellRichText("D. H", block("2", vertAlign="subscript"))),
    )
    [(_, read)] = xlsx.read(data, "a.xlsx").records
    assert [text.html for text in (read.question.stem, *read.question.options)] == [
        "<strong>w</strong><strong><u>a</u></strong>nt 10<sup>2</sup>",
        "<s>1</s>0", "hai", "một &lt;hai&gt;", "H<sub>2</sub>",
    ]  # fmt: skip
    # As Excel itself writes them, with how a text is read aloud.
    shared = (
        "<si><r><t>x</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>2</t></r><rPh sb='0'><t>y</t></rPh></si>"
    )
    made = xlsx_rich.with_rich_texts(
        f"<sst><si/>{shared}<si><r><rPr><b val='0'/></rPr><t>z</t></r></si></sst>".encode()
    )[0]
    assert f'<si><t xml:space="preserve">{xlsx_rich.RICH}x&lt;sup&gt;2&lt;/sup&gt;</t></si><si><r>' in made.decode()


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (0.25, "0%", "Excel hiện ô này là “25%” nhưng chỉ đọc được “0,25”"),
        (0.125, "0.0%", "Excel hiện ô này là “12,5%”"),
        (5, '0"%"', "Excel hiện ô này là “5%”"),
        (7, "000", "Excel hiện ô này là “007”"),
        (7, '"$"0', 'ô có định dạng số “"$"0” nên Excel hiện khác “7” đã đọc'),
        (7, "0.00", ""),
        (7, "#,##0", ""),
        (7, '#,##0 "đ";[Red]-0', "ô có định dạng số"),
        ("7", "0%", ""),
        (dt.date(2026, 1, 2), "dd/mm/yyyy", "ô không phải dạng chữ, đọc thành “02/01/2026”"),
        ("Bộ", Font(strike=True), "ô có chữ gạch ngang"),
        ("Bộ", Font(vertAlign="superscript"), "ô có chữ gạch ngang"),
        ("Bộ", Font(bold=True), ""),
    ],
)
def test_cells_that_show_something_else_than_their_value(value: object, code: object, said: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEADERS, sheet_row(a=value))))
    cell = book.active["B2"]
    cell.font, cell.number_format = (code, "General") if isinstance(code, Font) else (Font(), code)
    problems = xlsx.read(workbook_of(book), "a.xlsx").problems
    assert [said in problem.text() for problem in problems] == [True] * bool(said), problems


def test_shapes_refuse_the_row_on_which_they_begin_and_comments_are_named() -> None:
    def anchor(row: int) -> str:
        return f"<x:twoCellAnchor><x:from><x:row>{row}</x:row></x:from><x:to><x:row>2</x:row></x:to></x:twoCellAnchor>"

    def relations(kind: str, target: str) -> bytes:
        relation = f'<Relationship Id="rId9" Type="http://x/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="http://x">{relation}</Relationships>'.encode()

    data = workbook(HEADERS, sheet_row(), sheet_row(stem="Hình?"), sheet_row(stem="Ba?"))
    drawing = f'<x:wsDr xmlns:x="http://x">{anchor(2)}{anchor(2)}{anchor(0)}{anchor(90)}</x:wsDr>'.encode()
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    result = xlsx.read(
        edit_workbook(data, {"xl/drawings/d.xml": drawing, rels: relations("drawing", "../drawings/d.xml")}), "a.xlsx"
    )
    assert [row for row, _ in result.records] == [2, 4]
    assert [(problem.code, problem.place.row) for problem in result.problems] == [
        ("shapes_unread", None),
        ("picture_missing", 3),
    ]
    assert "(dòng 1, 91)" in result.problems[0].text()
    commented = edit_workbook(
        data, {"xl/comments1.xml": b"<comments/>", rels: relations("comments", "/xl/comments1.xml")}
    )
    assert codes(xlsx.read(commented, "a.xlsx")) == ["comments_unread"]
    broken = edit_workbook(data, {"xl/drawings/d.xml": b"<a", rels: relations("drawing", "../drawings/d.xml")})
    assert codes(xlsx.read(broken, "a.xlsx")) == ["xlsx_broken"]


def test_other_sheets_and_unused_columns_are_named() -> None:
    data = workbook((*HEADERS, "Ghi chú", ""), [*sheet_row(), "xem lại", "lạc"], sheets={"Cũ": [["a"]], "Trống": []})
    assert [problem.text() for problem in xlsx.read(data, "a.xlsx").problems] == [
        "Trang tính “Cũ” không được đọc.",
        "Không đọc các cột: Ghi chú, (cột J).",
    ]


def test_headers_of_the_same_name_hide_nothing() -> None:
    headers = (*HEADERS, "Ghi chú", "Ghi chú", "Ghi chú (cột J)", "Đáp án")
    result = xlsx.read(workbook(headers, [*sheet_row(key=None), "một", "hai", "ba", "B"]), "a.xlsx")
    raw = dict(result.refused[0].raw)
    assert (raw["Ghi chú"], raw["Ghi chú (cột J)"], raw["Ghi chú (cột J) (cột K)"]) == ("một", "hai", "ba")
    assert codes(result) == ["columns_unused", "key_missing"], "the first of two columns is the one that is read"


def test_a_mapping_of_own_headers() -> None:
    data = workbook(["Hỏi gì", "Một", "Hai", "Trả lời"], ["Cơ quan nào?", "Chính phủ", "Quốc hội", "Quốc hội"])
    assert codes(xlsx.read(data, "a.xlsx")) == ["columns_unknown"]
    columns = {"stem": "Hỏi gì", "option_a": "Một", "option_b": "Hai", "key": "Trả lời"}
    result = xlsx.read(data, "a.xlsx", FieldMapping(columns, {"topic": "HC", "level": "recall"}))
    assert result.records[0][1].question.key == 1


def test_the_template_explains_itself_and_is_read_back() -> None:
    data = xlsx.write().data
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Câu hỏi", "Hướng dẫn"]
    assert [cell.value for cell in book["Câu hỏi"][1]][4:11] == ["Loại", "Câu hỏi", *HEADERS[1:5], "Đáp án"]
    result = xlsx.read(data, "mẫu.xlsx")
    assert (result.rows_total, result.problems) == (0, ())


def test_a_question_never_becomes_a_formula() -> None:
    data = xlsx.write([record(stem="=1+1", options=("=A1", "+2", "01/07"))]).data
    question = xlsx.read(data, "a.xlsx").records[0][1].question
    assert (question.stem, question.options) == ("=1+1", ("=A1", "+2", "01/07"))
    cells = openpyxl.load_workbook(io.BytesIO(data))["Câu hỏi"][2]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_preview_shows_columns_samples_and_a_guess() -> None:
    seen = preview(workbook(HEADERS, sheet_row()), "a.xlsx")
    assert (seen.format, seen.columns, seen.samples[0]["Đáp án"], seen.problem) == ("xlsx", HEADERS, "B", None)
    assert seen.mapping.columns["key"] == "Đáp án"
    broken = preview(b"PK\x03\x04", "a.xlsx").problem
    assert broken is not None
    assert broken.code == "xlsx_broken"


class TestHostileFiles:
    GOOD = workbook(HEADERS, sheet_row())

    def code(self, data: bytes, name: str = "a.xlsx") -> str:
        result = xlsx.read(data, name)
        assert result.unreadable
        assert len(result.problems) == 1
        return result.problems[0].code

    @pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.99])
    def test_truncated(self, share: float) -> None:
        assert self.code(self.GOOD[: int(len(self.GOOD) * share)]) == "xlsx_broken"

    def test_every_flipped_byte_is_answered(self) -> None:
        for position in range(0, len(self.GOOD), 97):
            flipped = bytearray(self.GOOD)
            flipped[position] ^= 0xFF
            result = xlsx.read(bytes(flipped), "a.xlsx")
            assert result.rows_total == len(result.records) + len(result.refused)
            assert result.problems or result.records

    def test_old_or_locked(self) -> None:
        assert self.code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)) == "xlsx_old_or_locked"

    def test_macros_by_name_and_by_content(self) -> None:
        assert self.code(self.GOOD, "a.XLSM") == "xlsx_macros"
        assert self.code(edit_workbook(self.GOOD, {"xl/vbaProject.bin": b"x"})) == "xlsx_macros"

    def test_other_zip(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "x")
        assert self.code(file.getvalue()) == "xlsx_none"

    def test_too_many_entries(self) -> None:
        assert self.code(edit_workbook(self.GOOD, {f"x{n}": b"" for n in range(1_001)})) == "xlsx_too_much"

    def test_bomb_by_ratio(self) -> None:
        assert self.code(edit_workbook(self.GOOD, {SHEET: sheet_xml(" " * 8_000_000)})) == "xlsx_too_much"

    def test_bomb_by_size(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(xlsx_guard, "MAX_UNPACKED", 1_000_000)
        big = {f"xl/part{n}.xml": bytes(range(32, 127)) * 4_000 for n in range(4)}
        assert self.code(edit_workbook(self.GOOD, big, zipfile.ZIP_STORED)) == "xlsx_too_much"

    def test_part_that_lies_about_its_size(self) -> None:
        data = edit_workbook(self.GOOD, {SHEET: sheet_xml("<row r='1'/>" * 5_000)})
        central = data.rindex(SHEET.encode()) - 46
        shorter = data[: central + 24] + (100).to_bytes(4, "little") + data[central + 28 :]
        assert self.code(shorter) == "xlsx_broken"

    @pytest.mark.parametrize(
        "cell", ['<c r="XFD1048576"><v>1</v></c>', "<c r = 'A1048576'><v>1</v></c>", '<c r="ZZ1"/>']
    )
    def test_cells_far_out(self, cell: str) -> None:
        sheet = sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>')
        assert self.code(edit_workbook(self.GOOD, {SHEET: sheet})) == "xlsx_sheet_too_large"

    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="1"><c r="A1"/></row><row r="100000"><c r="IV100000"><v>1</v></c></row>',
            "<row/>" * 30_000 + "<row>" + '<c a=">"/>' * 200 + "</row>",
        ],
        ids=["one far out", "places that are not named"],
    )
    def test_a_table_of_millions_of_empty_cells(self, rows: str) -> None:
        assert self.code(edit_workbook(self.GOOD, {SHEET: sheet_xml(rows)})) == "xlsx_too_much"

    def test_a_cell_without_a_place_far_out(self) -> None:
        sheet = sheet_xml("<row>" + "<c><v>1</v></c>" * 257 + "</row>")
        assert self.code(edit_workbook(self.GOOD, {SHEET: sheet})) == "xlsx_sheet_too_large"

    @pytest.mark.parametrize("named", ["<v>0</v>", "<v> &#48; </v>", "<v><!-- 1 -->0</v>"])
    def test_one_long_text_in_a_thousand_cells(self, named: str) -> None:
        cells = "".join(f'<row r="{n}"><c r="A{n}" t="s">{named}</c></row>' for n in range(1, 1_001))
        texts = f"<sst><!--<si> sheetData--><si><t>{'x' * 500_000}</t></si></sst>".encode()
        changes = {SHEET: sheet_xml(cells), "xl/sharedStrings.xml": texts}
        assert self.code(edit_workbook(self.GOOD, changes)) == "xlsx_too_much"

    def test_one_part_as_several_sheets(self) -> None:
        with zipfile.ZipFile(io.BytesIO(self.GOOD)) as archive:
            book = archive.read("xl/workbook.xml")
            links = archive.read("xl/_rels/workbook.xml.rels")
        more = b'<sheet xmlns:q="q" name="Hai" sheetId="2" state="visible" q:id="again"/></sheets>'
        link = links[links.index(b"<Relationship ") : links.index(b"/>") + 2]
        again = re.sub(rb'Id="[^"]*"', b'Id="again"', link) + b"</Relationships>"
        assert b"sheet1.xml" in link
        changes = {
            "xl/workbook.xml": book.replace(b"</sheets>", more),
            "xl/_rels/workbook.xml.rels": links.replace(b"</Relationships>", again),
        }
        assert self.code(edit_workbook(self.GOOD, changes)) == "xlsx_too_much"

    def test_cells_that_never_end(self) -> None:
        # Looking for the end of each of them anew would take hours.
        cell = '<c r="A1" t="e">'
        for endless in (cell + " " * 900_000, cell * 50_000, f"{cell}<f>" * 40_000, "<c " * 300_000):
            assert self.code(edit_workbook(self.GOOD, {SHEET: sheet_xml(endless)})) == "xlsx_broken"

    @pytest.mark.parametrize("unit", ["<si>", "<si><r><rPr>", "<si/>", "<is><", "<si>rPr</is>"])
    def test_texts_that_never_end(self, unit: str) -> None:
        hostile = f"<sst>{unit * 400_000}rPr</sst>".encode()
        assert xlsx_rich.with_rich_texts(hostile) == (hostile, 0)

    def test_too_much_markup(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(xlsx_guard, "MAX_MARKUP", 10)
        stem = CellRichText("x", block("2", vertAlign="superscript"))
        assert self.code(workbook(HEADERS, sheet_row(stem=stem))) == "xlsx_too_much"

    @pytest.mark.parametrize("styles", ["<a>" * 60 + "</a>" * 60, f"<s><cellXfs>{'<xf/>' * 70_000}</cellXfs></s>"])
    def test_styles_without_measure(self, styles: str) -> None:
        data = edit_workbook(workbook(HEADERS, sheet_row()), {"xl/styles.xml": styles.encode()})
        assert self.code(data) == "xlsx_broken"

    def test_entities(self) -> None:
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + sheet_xml("")[21:]
        assert self.code(edit_workbook(self.GOOD, {SHEET: bomb})) == "xlsx_broken"

    def test_a_cell_longer_than_any_program_writes(self) -> None:
        def text_cell(name: str, text: str) -> str:
            return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'

        header = "".join(text_cell(f"{'ABCDEFGH'[i]}1", header) for i, header in enumerate(HEADERS))
        values = ["x" * 40_000, "một", "hai", "ba", "bốn", "A", "HC", "NB"]
        row = "".join(text_cell(f"{'ABCDEFGH'[i]}2", str(value)) for i, value in enumerate(values))
        sheet = sheet_xml(f'<row r="1">{header}</row><row r="2">{row}</row>')
        result = xlsx.read(edit_workbook(self.GOOD, {SHEET: sheet}), "a.xlsx")
        assert codes(result) == ["cell_too_long", "stem_too_long"]
        assert len(result.refused) == 1
