"""Tables in Word: one question in each row, or mere layout of questions and options."""

import pytest
from docx import Document

from question_bank.formats import word
from question_bank.questions import Level
from tests.question_bank.factories import codes
from tests.question_bank.word_documents import add, saved, table

HEADERS = ("STT", "Nội dung câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Đáp án", "Mức độ", "Căn cứ pháp lý")
ROW = (
    "1",
    "Cơ quan nào ban hành nghị định?",
    "Chính phủ",
    "Quốc hội",
    "Tòa án",
    "A",
    "NB",
    "Luật Tổ chức Chính phủ, Điều 4",
)


def read(*rows, above=(), below=()):
    """Return the result of a document with one table."""
    document = Document()
    for text in above:
        add(document, text)
    table(document, *rows)
    for text in below:
        add(document, text)
    return word.read(saved(document), "a.docx")


def test_a_row_is_a_question():
    result = read(HEADERS, ROW, ("2", "Câu 2. Ai?", "một", "hai", "", "b", "", ""), above=("CHƯƠNG 1. BỘ MÁY",))
    (first, one), (second, two) = result.records
    assert (str(one.question.stem), one.question.key, one.metadata.level) == (ROW[1], 0, Level.RECALL)
    assert (one.metadata.source.article, one.metadata.topic) == ("Điều 4", "CHƯƠNG 1. BỘ MÁY")
    assert (str(two.question.stem), [str(text) for text in two.question.options], two.question.key) == (
        "Ai?",
        ["một", "hai"],
        1,
    )
    assert (first, second) == (10, 18)
    assert result.problems == ()


def test_options_may_stand_inside_the_cell_of_the_question():
    rows = [("TT", "Câu hỏi", "Đáp án"), ("1", "Ai?\nA. một\nB. hai\tC. ba", "C"), ("2", "Hà Nội là thủ đô.", "Đúng")]
    records = [record.question for _, record in read(*rows).records]
    assert [str(text) for text in records[0].options] == ["một", "hai", "ba"]
    assert (records[0].key, records[1].key) == (2, True)
    rows = [("TT", "Câu hỏi", "Ghi chú"), ("1", "Ai?\nA. một\nB. hai\nĐáp án: B", "")]
    assert read(*rows).records[0][1].question.key == 1
    rows = [("TT", "Câu hỏi", "Các phương án", "Đáp án"), ("1", "Ai?", "A. một\nB. hai", "B")]
    assert read(*rows).records[0][1].question.key == 1


def test_a_faulty_row_is_refused_alone():
    result = read(
        HEADERS,
        ("1", "Ai?", "một", "hai", "ba", "", "", ""),
        ROW,
        ("3", "Ai đó?", "một", "hai", "", "C", "khó lắm", ""),
    )
    assert len(result.records) == 1
    assert set(codes(result)) == {"key_missing", "key_out_of_range", "level_unknown"}
    assert [refused.row for refused in result.refused] == [9, 25]


def test_the_right_option_may_be_bold_in_its_cell():
    document = Document()
    made = table(document, HEADERS[:5], ("1", "Ai?", "một", "hai", "ba"))
    made.cell(1, 3).paragraphs[0].runs[0].bold = True
    question = word.read(saved(document), "a.docx").records[0][1].question
    assert (question.key, question.options[1].is_plain) == (1, True)


def test_cells_keep_their_markup():
    document = Document()
    made = table(document, HEADERS, ROW)
    run = made.cell(1, 1).paragraphs[0].add_run("2")
    run.font.superscript = True
    assert word.read(saved(document), "a.docx").records[0][1].question.stem.markup.endswith("<sup>2</sup>")


def test_merged_cells_repeat_downwards_and_are_named_sideways():
    document = Document()
    made = table(
        document,
        ("Chủ đề", "Câu hỏi", "A", "B", "Đáp án"),
        ("Bộ máy", "Ai?", "x", "y", "A"),
        ("", "Gì?", "x", "y", "B"),
        ("Phần thủ tục", "", "", "", ""),
        ("", "Sao?", "x", "y", "B"),
    )
    made.cell(1, 0).merge(made.cell(2, 0))
    made.cell(3, 0).merge(made.cell(3, 4))
    result = word.read(saved(document), "a.docx")
    assert [record.metadata.topic for _, record in result.records] == ["Bộ máy", "Bộ máy", "Phần thủ tục"]
    made.cell(1, 2).merge(made.cell(1, 3))
    assert "cells_merged_across" in codes(word.read(saved(document), "a.docx"))


def test_columns_that_are_not_read_are_named():
    result = read((*HEADERS, "Người duyệt"), (*ROW, "Ông X"))
    assert codes(result) == ["columns_unused"]
    assert "Người duyệt" in result.problems[0].sentence()


def test_tables_that_only_arrange_options_are_read_cell_by_cell():
    result = read(("A. một", "B. hai"), ("C. ba", "D. bốn"), above=("Câu 1. Số nào?",), below=("Đáp án: C",))
    assert [str(text) for text in result.records[0][1].question.options] == ["một", "hai", "ba", "bốn"]
    result = read(("Câu 1", "Số nào?"), ("A", "một"), ("B", "hai"), ("Đáp án", "B"), ("Mức độ", "TH"))
    question, metadata = result.records[0][1].question, result.records[0][1].metadata
    assert (str(question.stem), question.key, metadata.level) == ("Số nào?", 1, Level.UNDERSTANDING)
    for one, two in (("1", "2"), ("1.", "2.")):
        result = read(
            (one, "Ai?"), ("A", "một"), ("B", "hai"), ("Đáp án", "B"), (two, "Gì?\nA. một\nB. hai\nĐáp án: A")
        )
        assert [(str(one.question.stem), one.question.key) for _, one in result.records] == [("Ai?", 1), ("Gì?", 0)]
    result = read(("Câu 1. Ai?\nA. một\nB. hai\nĐáp án: A",), ("Câu 2. Gì?\nA. một\nB. hai\nĐáp án: B",))
    assert [record.question.key for _, record in result.records] == [0, 1]


@pytest.mark.parametrize(
    "rows",
    [
        [("Năm", "Thành thị", "Nông thôn"), ("2019", "33", "64"), ("2020", "36", ""), ("2021", "", "62")],
        [("STT", "Họ tên", "Điểm"), ("1.", "An", "5"), ("2.", "Bình", "6")],
        [("A", "B"), ("1", "2")],
        [("Cột", "Số"), ("A", "1"), ("B", "2")],
        [("2019", "2020"), ("33", "")],
    ],
)
def test_a_table_of_data_in_a_stem_stays_a_table(rows):
    result = read(*rows, above=("Câu 1. Xem bảng:",), below=("Số nào?", "A. một", "B. hai", "Đáp án: B"))
    cells = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
    assert result.records[0][1].question.stem.markup == f"Xem bảng:<table>{cells}</table>Số nào?"


def test_paragraphs_and_tables_in_one_file_are_all_read():
    result = read(
        HEADERS, ROW, above=("Câu 1. Ai?", "A. một", "B. hai", "Đáp án: B"), below=("Câu 9. Gì?", "A. x", "B. y")
    )
    assert (len(result.records), codes(result)) == (2, ["key_missing"])
