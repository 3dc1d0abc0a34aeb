"""What Word keeps beside plain paragraphs: automatic numbers, tracked changes, boxes, pictures, formulas, old fonts."""

import io
import zipfile

import pytest
from docx import Document
from PIL import Image

from question_bank.formats import word
from question_bank.questions.pictures import picture_uri
from tests.question_bank.factories import codes
from tests.question_bank.strategies import small_picture
from tests.question_bank.word_documents import add, edited, p, paragraphs, r, raw, saved, table, with_body

DRAWN = (
    "<w:drawing><wp:inline><a:graphic><a:graphicData><a:blip {}/></a:graphicData></a:graphic></wp:inline></w:drawing>"
)
LINK = "<w:rStyle w:val='Hyperlink'/>"
BLUE = "<w:color w:val='0000FF'/><w:u w:val='single'/>"
BELOW = "<w:vertAlign w:val='subscript'/>"
KEYED = p("A. một") + p("B. hai") + p("Đáp án: B")


def only(result):
    """Return the one question of a result."""
    ((_, record),) = result.records
    return record.question


def read(*parts):
    """Return the result of a document with this XML in its body."""
    return word.read(raw(*parts), "a.docx")


# --- automatic numbers ----------------------------------------------------------------------------------------------


def numbered(levels, *items, nums=("<w:abstractNumId w:val='7'/>",)):
    """Return a document whose paragraphs are items of lists: (list, level, text)."""
    made = "".join(
        f"<w:lvl w:ilvl='{place}'><w:start w:val='1'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{text}'/></w:lvl>"
        for place, (form, text) in enumerate(levels)
    )
    lists = "".join(f"<w:num w:numId='{place}'>{num}</w:num>" for place, num in enumerate(nums, 51))
    content = "".join(
        p(text, f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr>" if number else "")
        for number, level, text in items
    )

    def added(old):
        return old.replace(
            b"<w:num ", f"<w:abstractNum w:abstractNumId='7'>{made}</w:abstractNum><w:num ".encode(), 1
        ).replace(b"</w:numbering>", f"{lists}</w:numbering>".encode())

    return edited(with_body(saved(Document()), content), {"word/numbering.xml": added})


@pytest.mark.parametrize("text", ["Câu %1.", "Câu %1:", "%1.", "%1)"])
def test_automatic_numbers_are_read_as_if_typed(text):
    data = numbered(
        [("decimal", text), ("upperLetter", "%2.")],
        (51, 0, "Cơ quan nào?"), (51, 1, "Chính phủ"), (51, 1, "Quốc hội"), (0, 0, "Đáp án: B"),
        (51, 0, "Ai?"), (51, 1, "Thủ tướng"), (51, 1, "Bộ trưởng"), (0, 0, "Đáp án: A"),
    )  # fmt: skip
    records = [record.question for _, record in word.read(data, "a.docx").records]
    assert [(str(one.stem), [str(text) for text in one.options], one.key) for one in records] == [
        ("Cơ quan nào?", ["Chính phủ", "Quốc hội"], 1), ("Ai?", ["Thủ tướng", "Bộ trưởng"], 0),
    ]  # fmt: skip


def test_letters_in_a_list_of_their_own_begin_anew_where_word_does():
    again = "<w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>"
    data = numbered(
        [("upperLetter", "%1.")],
        (0, 0, "Câu 1. Cơ quan nào?"), (51, 0, "Chính phủ"), (51, 0, "Quốc hội"), (0, 0, "Đáp án: B"),
        (0, 0, "Câu 2. Ai?"), (52, 0, "Thủ tướng"), (52, 0, "Bộ trưởng"), (0, 0, "Đáp án: A"),
        nums=("<w:abstractNumId w:val='7'/>", again),
    )  # fmt: skip
    result = word.read(data, "a.docx")
    assert [record.question.key for _, record in result.records] == [1, 0]


def test_letters_that_go_on_from_question_to_question_refuse_the_second():
    items = ((0, 0, "Câu {}. Ai?"), (51, 0, "một"), (51, 0, "hai"), (0, 0, "Đáp án: A"))
    made = [(number, level, text.format(place)) for place in (1, 2) for number, level, text in items]
    result = word.read(numbered([("upperLetter", "%1.")], *made), "a.docx")
    assert len(result.records) == 1
    assert "options_too_few" in codes(result)


def test_styles_of_word_number_too():
    document = Document()
    for text, style in (("Gồm những gì?", "List Number"), ("A. một", None), ("B. hai", None), ("Đáp án: A", None)):
        add(document, text, style)
    assert str(only(word.read(saved(document), "a.docx")).stem) == "Gồm những gì?"


# --- what is in the text and what is not ----------------------------------------------------------------------------


def test_tracked_changes_count_as_accepted():
    result = read(
        f"<w:p>{r('Câu 1. Ai ')}<w:ins w:id='1' w:author='x'>{r('được ')}</w:ins><w:del w:id='2' w:author='x'>"
        "<w:r><w:delText>bị </w:delText></w:r></w:del>" + r("bầu?") + "</w:p>",
        f"<w:p><w:moveFrom w:id='3'>{r('A. cũ')}</w:moveFrom><w:moveTo w:id='4'>{r('A. một')}</w:moveTo></w:p>",
        "<w:p><w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr>" + r("B. h") + "</w:p>" + p("ai"), p("Đáp án: B"),
    )  # fmt: skip
    assert (str(only(result).stem), [str(one) for one in only(result).options]) == ("Ai được bầu?", ["một", "hai"])
    assert codes(result) == ["tracked_changes"]


def test_comments_hidden_text_and_notes_are_named_once():
    result = read(
        f"<w:p>{r('Câu 1. Ai?')}<w:r><w:commentReference w:id='1'/></w:r>{r(' ẩn', '<w:vanish/>')}"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p>", KEYED,
    )  # fmt: skip
    assert str(only(result).stem) == "Ai?"
    assert codes(result) == ["comments_unread", "hidden_text", "notes_unread"]


def test_fields_controls_links_and_signs_are_read_through():
    result = read(
        f"<w:p><w:fldSimple w:instr='SEQ x'>{r('Câu 1')}</w:fldSimple>"
        f"<w:sdt><w:sdtContent>{r('. Ai')}</w:sdtContent></w:sdt>"
        f"<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText></w:r>{r(' vậy')}"
        f"<w:hyperlink>{r(' đó', LINK)}</w:hyperlink><w:r><w:noBreakHyphen/>"
        "<w:sym w:font='Symbol' w:char='F0A3'/></w:r></w:p>", KEYED,
    )  # fmt: skip
    assert only(result).stem == "Ai vậy đó-≤"
    result = read(p("Câu 1. Ai \uf0e9"), KEYED)
    assert "symbols_unknown" in codes(read(p("Câu 1. Ai \uf001"), KEYED))


def test_a_text_box_is_read_once_behind_its_paragraph():
    box = f"<wps:txbx><w:txbxContent>{p('trong khung')}</w:txbxContent></wps:txbx>"
    old = f"<v:textbox><w:txbxContent>{p('bản thay thế')}</w:txbxContent></v:textbox>"
    result = read(
        f"<w:p>{r('Câu 1. Xem khung:')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor>"
        f"<a:graphic><a:graphicData><wps:wsp>{box}</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape>{old}</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        KEYED,
    )  # fmt: skip
    assert only(result).stem == "Xem khung:\ntrong khung"
    assert result.problems == ()


def test_looks_of_parts_of_a_stem_are_kept_and_layout_is_not():
    result = read(
        f"<w:p>{r('Câu 1. ', '<w:b/>')}{r('Từ nào ')}{r('không', '<w:b/>')}{r(' là H')}{r('2', BELOW)}"
        f"{r('O?')}</w:p>", KEYED,
    )  # fmt: skip
    assert only(result).stem.markup == "Từ nào <strong>không</strong> là H<sub>2</sub>O?"
    assert only(read(f"<w:p>{r('Câu 1. Ai làm?', '<w:b/><w:i/>')}</w:p>", KEYED)).stem.is_plain


def test_struck_words_stay_struck_and_raised_ones_raised():
    struck = f"<w:p>{r('B. hai', '<w:b/>')}{r(' hoặc ba', '<w:b/><w:strike/>')}</w:p>"
    question = only(read(p("Câu 1. Ai?"), p("A. một"), struck, f"<w:p>{r('C. ')}{r('bốn', '<w:dstrike/>')}</w:p>"))
    assert (question.key, [text.markup for text in question.options[1:]]) == (1, ["hai<s> hoặc ba</s>", "<s>bốn</s>"])
    moved = "".join(r(text, f"<w:position w:val='{by}'/>") for text, by in (("2", 6), ("n", -6), ("y", 0), ("z", 2)))
    assert only(read(f"<w:p>{r('Câu 1. x')}{moved}</w:p>", KEYED)).stem.markup == "x<sup>2</sup><sub>n</sub>yz"


@pytest.mark.parametrize(
    "odd",
    ["<w:color w:val='10203A'/>", "<w:color w:val='212529'/>", "<w:color w:val='595959'/>", "<w:shd w:fill='F8F9FA'/>"],
)
def test_text_copied_from_a_page_does_not_become_the_key(odd):
    options = f"<w:p>{r('A. một', odd)}</w:p>" + p("B. hai") + p("C. ba")
    assert codes(read(p("Câu 1. Ai?"), options)) == ["key_missing"]
    link = f"<w:p>{r('A. ')}<w:hyperlink>{r('một', BLUE)}</w:hyperlink></w:p>"
    assert codes(read(p("Câu 1. Ai?"), link, p("B. hai"))) == ["key_missing"]


def test_letters_typed_in_parts_are_composed():
    assert str(only(read(p("Ca\u0302u 1. Ai?"), p("A. một"), p("B. hai"), p("Đa\u0301p a\u0301n: B"))).stem) == "Ai?"


# --- tables in a stem -----------------------------------------------------------------------------------------------


def test_a_table_between_stem_and_options_is_content():
    document = Document()
    add(document, "Câu 1. Xem bảng:")
    made = table(document, ("Năm", "Số dân", "Ghi chú"), ("2020", "5", "x"), ("2021", "6", "y"))
    made.cell(0, 1).merge(made.cell(0, 2))
    made.cell(1, 0).merge(made.cell(2, 0))
    for text in ("Số nào lớn?", "A. 5", "B. 6", "Đáp án: B"):
        add(document, text)
    stem = only(word.read(saved(document), "a.docx")).stem
    assert stem.markup == (
        'Xem bảng:<table><tr><td>Năm</td><td colspan="2">Số dân<br/>Ghi chú</td></tr>'
        '<tr><td rowspan="2">2020<br/>2021</td>'
        "<td>5</td><td>x</td></tr><tr><td>6</td><td>y</td></tr></table>Số nào lớn?"
    )  # fmt: skip


# --- pictures and formulas ------------------------------------------------------------------------------------------


def with_picture(data, kind="png"):
    """Return a document with a picture in its stem; other bytes stand in its place when they are given."""
    document = Document()
    add(document, "Câu 1. Hình nào?").add_run().add_picture(io.BytesIO(small_picture()))
    for text in ("A. một", "B. hai", "Đáp án: B", "Câu 2. Ai?", "A. một", "B. hai", "Đáp án: A"):
        add(document, text)
    return edited(saved(document), {"word/media/image1.png": data})


def test_a_picture_stands_in_its_question():
    question = word.read(with_picture(small_picture()), "a.docx").records[0][1].question
    assert question.stem.elements("img")[0].get("src") == picture_uri(small_picture())


def test_a_picture_that_cannot_be_shown_refuses_its_question():
    file = io.BytesIO()
    Image.new("RGB", (3, 3)).save(file, "BMP")
    for data in (b"\x01\0\0\0EMF", file.getvalue(), b""):
        result = word.read(with_picture(data), "a.docx")
        assert codes(result) == ["picture_missing"]
        assert [str(record.question.stem) for _, record in result.records] == ["Ai?"]
    linked = DRAWN.format("r:link='rId99'")
    assert codes(read(f"<w:p>{r('Câu 1. Ai?')}<w:r>{linked}</w:r></w:p>", KEYED)) == ["picture_missing"]


def test_one_picture_shown_very_often_is_not_multiplied():
    document = Document()
    big = io.BytesIO()
    Image.effect_noise((500, 500), 90).save(big, "PNG")
    address, _ = document.part.get_or_add_image(big)
    shown = f"<w:r>{DRAWN}</w:r>".format(f"r:embed='{address}'")
    content = "".join(f"<w:p>{r(f'Câu {number}. Ai {number}?')}{shown}</w:p>{KEYED}" for number in range(200))
    data = with_body(saved(document), content)
    result = word.read(data, "a.docx")
    assert 0 < len(result.records) < 80
    assert set(codes(result)) == {"picture_missing"}


def test_formulas_of_word_are_read_and_older_ones_refused():
    formula = (
        "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    )
    result = read(
        f"<w:p>{r('Câu 1. Tính ')}{formula}{r('?')}</w:p>", f"<w:p>{r('A. ')}{formula}</w:p>", p("B. 1"), p("Đáp án: A")
    )
    assert only(result).stem.markup == "Tính <math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>?"
    assert only(result).options[0].features == {"math"}
    old = "<w:object><v:shape><v:imagedata r:id='rId5'/></v:shape><o:OLEObject ProgID='Equation.DSMT4'/></w:object>"
    assert "formula_unread" in codes(read(f"<w:p>{r('Câu 1. Tính ')}<w:r>{old}</w:r></w:p>", KEYED))
    field = "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText> EQ \\f(1,2)</w:instrText></w:r>"
    assert "formula_unread" in codes(read(f"<w:p>{r('Câu 1. Tính ')}{field}</w:p>", KEYED))


# --- fonts from before Unicode --------------------------------------------------------------------------------------


#: A question typed in .VnTime, as its bytes look in Unicode.
OLD = (
    "C©u 1. C¬ quan nµo cã thÈm quyÒn ban hµnh nghÞ ®Þnh?",
    "A. ChÝnh phñ",
    "B. Quèc héi n\u00adíc Céng hßa",
    "§¸p ¸n: B",
)


@pytest.mark.parametrize("properties", ['<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>', ""])
def test_text_in_an_old_font_becomes_unicode(properties):
    result = read(*(f"<w:p>{r(line, properties)}</w:p>" for line in OLD))
    assert str(only(result).stem) == "Cơ quan nào có thẩm quyền ban hành nghị định?"
    assert only(result).options[1] == "Quốc hội nước Cộng hòa"
    assert codes(result) == ["legacy_encoding"]


def test_a_font_that_is_named_like_an_old_one_does_not_change_unicode():
    font = '<w:rFonts w:ascii=".VnTime"/>'
    lines = ("Câu 1. Cơ quan nào ban hành nghị định?", "A. Chính phủ", "B. Quốc hội", "Đáp án: B")
    assert str(only(read(*(f"<w:p>{r(line, font)}</w:p>" for line in lines))).options[1]) == "Quốc hội"


def lines(*texts):
    """Return the result of a document with these paragraphs."""
    return word.read(paragraphs(*texts), "a.docx")


def test_what_stands_outside_the_questions_is_named():
    result = lines("Sở Nội vụ", "Câu 1. Ai?", "A. một", "B. hai", "Đáp án: A", "--- HẾT ---", "Người soạn: A")
    assert codes(result) == ["text_unread"]
    assert "2 đoạn" in result.problems[0].sentence()
    assert codes(lines("Chỉ có lời văn")) == ["questions_none"]


# --- files that are none --------------------------------------------------------------------------------------------


def test_files_that_are_no_documents_are_refused_with_a_sentence():
    good = paragraphs("Câu 1. Ai?", "A. một", "B. hai", "Đáp án: A")
    assert codes(word.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc")) == ["word_old_or_locked"]
    assert codes(word.read(good, "a.docm")) == ["word_macros"]
    assert codes(word.read(edited(good, {"word/vbaProject.bin": b"x"}), "a.docx")) == ["word_macros"]
    assert codes(word.read(b"Cau 1", "a.docx")) == ["word_none"]
    assert codes(word.read(b"", "a.docx")) == ["file_empty"]
    assert codes(word.read(good[: len(good) // 2], "a.docx")) == ["archive_broken"]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert codes(word.read(file.getvalue(), "a.odt")) == ["word_none"]
    assert word.looks_like(good)
    assert not word.looks_like(file.getvalue())


@pytest.mark.parametrize(
    "name",
    ["word/styles.xml", "word/numbering.xml", "_rels/.rels", "word/_rels/document.xml.rels", "[Content_Types].xml"],
)
def test_a_document_without_one_of_its_parts_is_still_read(name):
    document = Document()
    for text in ("Câu 1. Ai?", "A. một", "**B. hai**"):
        add(document, text)
    data = edited(saved(document), {name: None})
    assert only(word.read(data, "a.docx")).key == 1
