"""Broken and hostile Word files: every one ends in a result, soon, and in little memory."""

import io
import random
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats import word
from question_bank.formats.report import ReadResult
from tests.question_bank.factories import codes
from tests.question_bank.word_documents import NAMESPACES, body, edited, p, paragraphs, r

GOOD = paragraphs("Câu 1. Ai?", "A. một", "**B. hai**", "Câu 2. Gì?", "A. một", "B. hai", "Đáp án: A")


def test_a_document_that_unpacks_to_too_much_is_refused():
    assert codes(word.read(body("<w:p/>" * 3_000_000, compression=zipfile.ZIP_DEFLATED), "a.docx")) == [
        "archive_too_much"
    ]


def test_entities_are_refused():
    entity = '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>'
    attack = f"{entity}<w:document {NAMESPACES}><w:body>{p('&y;')}</w:body></w:document>"
    assert codes(word.read(edited(GOOD, {"word/document.xml": attack.encode()}), "a.docx")) == ["xml_doctype"]


def test_tables_in_tables_in_tables_are_refused():
    deep = "<w:tbl><w:tr><w:tc>" * 5_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 5_000
    assert codes(word.read(body(deep), "a.docx")) == ["xml_too_deep"]


def test_more_questions_than_anybody_reads_are_refused():
    assert codes(word.read(body(p("Câu 1. Ai?") * 6_000), "a.docx")) == ["questions_too_many"]


SLOW = {
    "empty paragraphs": p("Câu 1. Ai?") + "<w:p/>" * 100_000 + p("A. một") + p("B. hai") + p("Đáp án: B"),
    "spaces": p("Câu 1. " + " " * 1_000_000 + "A. x") + p("A. " + " " * 500_000) + p("Đáp án" + " " * 500_000 + "x"),
    "letters": p("Câu 1. " + "A. x  B. y " * 50_000),
    "answers": (p("Câu 1. x") + p("A. x") + p("B. y")) * 1_000 + p("BẢNG ĐÁP ÁN") + p("1.A 1.A 1.B") * 500,
    "truths": p("Câu 1. x") + p("a) x") + p("b) y") + p("Đáp án: " + "Đ S " * 100_000),
    "signs": p("*" * 300_000) + p("Câu 1. x") + p("(" * 300_000) + p("-" * 300_000) + p("=" * 300_000),
    "one long paragraph": "<w:p>" + r("Câu 1. x") + (r("a", "<w:b/>") + r("b")) * 15_000 + "</w:p>",
    "line ends": "<w:p>" + r("Câu 1. x") + "<w:r><w:br/><w:t>A. m</w:t></w:r>" * 20_000 + "</w:p>",
    "wide table": "<w:tbl>" + ("<w:tr>" + "<w:tc><w:p/></w:tc>" * 10_000 + "</w:tr>") * 2 + "</w:tbl>",
    "long table": "<w:tbl>" + "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>" * 20_000 + "</w:tbl>",
    "headings": p("CHƯƠNG 1", "<w:pStyle w:val='Heading1'/>") * 10_000,
    "explanations": "".join(map(p, ("Câu 1. x", "A. x", "B. y", "Đáp án: A"))) + p("Giải thích: vì thế này") * 20_000,
    "nested tables": ("<w:tbl><w:tr><w:tc>" * 30 + p("a") + "</w:tc></w:tr></w:tbl>" * 30) * 100 + p("Câu 1. x"),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_content_makes_the_reader_slow(name):
    data = body(SLOW[name])
    start = time.perf_counter()
    assert isinstance(word.read(data, "a.docx"), ReadResult)
    assert time.perf_counter() - start < 5  # about half a second by itself


def test_two_thousand_questions_are_read_soon():
    question = "".join(map(p, ("Câu {0}. Cơ quan nào có thẩm quyền số {0}?", "A. một", "B. hai", "C. ba", "Đáp án: B")))
    data = body("".join(question.format(number) for number in range(1, 2_001)))
    start = time.perf_counter()
    assert len(word.read(data, "a.docx").records) == 2_000
    assert time.perf_counter() - start < 6  # about one second by itself


def test_odd_numbers_and_addresses_do_no_harm():
    odd = p("x", "<w:numPr><w:ilvl w:val='99'/><w:numId w:val='99999999999'/></w:numPr>") + p("y", "<w:numPr/>")
    odd += "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='-1'/><w:gridSpan w:val='99999999'/></w:tcPr></w:tc></w:tr>"
    odd += "</w:tbl>"
    odd += "<w:p><w:r><w:sym w:char='XYZ'/><w:sym w:char='D800'/></w:r></w:p><w:tbl/><w:tbl><w:tr/></w:tbl>"
    assert isinstance(word.read(body(p("Câu 99999. x") + odd), "a.docx"), ReadResult)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_result(data):
    word.looks_like(data)
    assert isinstance(word.read(data, "a.docx"), ReadResult)
    assert isinstance(word.read(edited(GOOD, {"word/document.xml": data}), "a.docx"), ReadResult)


_TEXTS = (
    *(
        "Câu 1. ",
        "Câu 2: Ai?",
        "A. x",
        "B. y",
        "a) x",
        "b) y",
        "Đáp án: ",
        "B",
        "Đ S",
        "BẢNG ĐÁP ÁN",
        "1.A 2.B",
        "(NB)",
    ),
    *("Giải thích: ", "CHƯƠNG 1", "\t", "  ", "\n", "*", "Loại câu: ghép đôi", "1. ", "HẾT", ""),
    "Đọc đoạn sau và trả lời các câu từ 1 đến 2:",
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_TEXTS), max_size=5).map("".join), max_size=12))
def test_any_lines_end_in_a_result_that_loses_no_question(lines):
    result = word.read(body("".join(p(line.replace("\n", "</w:t><w:br/><w:t>")) for line in lines)), "a.docx")
    assert isinstance(result, ReadResult)
    assert len({row for row, _ in result.records} | {row.row for row in result.refused}) == result.rows_total


def test_files_with_changed_bytes_end_in_a_result():
    chance = random.Random(1)
    part = zipfile.ZipFile(io.BytesIO(GOOD)).read("word/document.xml")
    for _ in range(100):
        changed = bytearray(part)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(changed))
            changed[place : place + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 3)) or part[:30]
        assert isinstance(word.read(edited(GOOD, {"word/document.xml": bytes(changed)}), "a.docx"), ReadResult)
    for _ in range(60):
        whole = bytearray(GOOD)
        whole[chance.randrange(len(whole))] = chance.randrange(256)
        assert isinstance(word.read(bytes(whole), "a.docx"), ReadResult)
