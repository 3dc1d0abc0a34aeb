"""Writing questions into Word documents, which read again give the same questions."""

import io
from dataclasses import replace

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings

from question_bank.formats import word
from question_bank.questions import (
    Cloze,
    Content,
    FillIn,
    Gap,
    KeyCheck,
    Matching,
    Metadata,
    QuestionRecord,
    SingleChoice,
    Stimulus,
    TrueFalse,
)
from question_bank.questions.pictures import picture_uri
from tests.question_bank.factories import codes
from tests.question_bank.strategies import files, small_picture

OPTIONS = ("Chính phủ", "Quốc hội", "Tòa án")


def record(stem="Cơ quan nào?", options=OPTIONS, key=1, **metadata):
    """Return a record whose stem and options may be markup."""
    texts = [Content.of_markup(text) if "<" in text else Content(text) for text in (stem, *options)]
    return QuestionRecord(SingleChoice(texts[0], tuple(texts[1:]), key), Metadata(**metadata))


def back(records):
    """Return the records of a document that these were written to."""
    result = word.read(word.write(records).data, "ngân hàng.docx")
    assert [problem.text() for problem in result.problems if problem.severity == "error"] == []
    return [one for _, one in result.records]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files(word.CARRIES))
def test_what_is_carried_comes_back_equal(records):
    assert word.write(records).problems == ()
    assert back(records) == records


@pytest.mark.parametrize(
    "stem",
    [
        "Câu 5. Đáp án: B",
        "A. không phải phương án\nB. cũng vậy",
        "Mức độ: NB\nHẾT\nBẢNG ĐÁP ÁN",
        "<strong>Cả câu đậm</strong>",
        "<strong>a<em>b</em></strong>c",
        "a  b\tc",
        'Xem<table><tr><td colspan="2">Câu 1. a</td></tr><tr><td>A. x</td><td>B. y</td></tr></table>',
        '<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table><table><tr><td>d</td></tr></table>',
        "<table><tr><td>x<table><tr><td>y</td></tr></table></td></tr></table>sau bảng",
        f'<img src="{picture_uri(small_picture())}" alt="sơ đồ &quot;1&quot;" width="20" height="30"/>',
        '<math display="block"><mfrac><mi>a</mi><mn>2</mn></mfrac></math>',
    ],
)
def test_texts_that_look_like_something_else_come_back(stem):
    records = [record(stem, (stem, "khác")), record("Câu sau?")]
    assert word.write(records).problems == ()
    assert back(records) == records


def test_a_stimulus_is_written_once_for_its_questions():
    stimulus = Stimulus("Tình huống", Content("Đoạn một\nĐọc các câu từ 3 đến 4"))
    questions = [replace(record(f"Câu {place}?").question, stimulus=stimulus) for place in range(3)]
    records = [record("Đầu?"), *map(QuestionRecord, questions), record("Cuối?")]
    assert back(records) == records
    texts = [one.text for one in Document(io.BytesIO(word.write(records).data)).paragraphs]
    assert sum("Đoạn một" in text for text in texts) == 1


def test_equal_questions_make_equal_files():
    records = [record(), record("Ai?", topic="Luật")]
    assert word.write(records).data == word.write(records).data


def test_what_is_left_out_is_named():
    cloze = QuestionRecord(Cloze("Điền [[1]]", (Gap(FillIn("", ("a",))),)))
    made = word.write(
        [
            cloze,
            record("<ul><li>một</li><li>hai</li></ul>"),
            record("Ai?", checks=(KeyCheck("Ông X", 1),)),
            record("<em><strong>Ai vậy?</strong></em>"),
            record("Gì?", tags=("a;b",)),
        ]
    )
    assert [problem.code for problem in made.problems] == ["kind_left_out", *["parts_left_out"] * 4]
    assert [problem.params.get("parts") for problem in made.problems[1:]] == [
        "li, ul",
        "checks",
        "nested markup",
        "tags",
    ]
    result = word.read(made.data, "a.docx")
    assert str(result.records[0][1].question.stem) == "– một\n– hai"


def test_what_people_change_in_our_document_is_understood():
    document = Document(io.BytesIO(word.write([record(), record("Ai ký?")]).data))
    lines = document.paragraphs
    next(line for line in lines if line.text == "Đáp án: B").runs[-1].text = "C"
    lines[-1].insert_paragraph_before("Mức độ: VD")
    for text in ("Câu 3. Gì nữa?", "A. một", "B. hai", "Đáp án: A"):
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    result = word.read(file.getvalue(), "a.docx")
    assert [one.question.key for _, one in result.records] == [2, 1, 0]
    assert result.problems == ()


def test_a_key_taken_out_of_our_document_refuses_its_question():
    document = Document(io.BytesIO(word.write([record(), QuestionRecord(TrueFalse("Đúng không?", True))]).data))
    for line in [line for line in document.paragraphs if line.text.startswith("Đáp án")]:
        line._element.getparent().remove(line._element)
    file = io.BytesIO()
    document.save(file)
    assert codes(word.read(file.getvalue(), "a.docx")) == ["key_missing", "key_missing"]


def test_a_document_opens_as_word_expects():
    matching = Matching("Ghép:", ("một", "hai"), ("x", "y", "z"), (2, 0))
    document = Document(io.BytesIO(word.write([record(), QuestionRecord(matching)]).data))
    section = document.sections[0]
    assert (round(section.page_width.cm), round(section.page_height.cm, 1)) == (21, 29.7)
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert [one.text for one in document.paragraphs][:5] == [
        *("Câu 1. Cơ quan nào?", "A. Chính phủ", "B. Quốc hội", "C. Tòa án", "Đáp án: B")
    ]
