"""The right answer in Word files: on a line, behind the options, in words, by its look; what contradicts refuses it."""

import pytest

from question_bank.questions import Level
from tests.question_bank.factories import codes
from tests.question_bank.formats.test_word import ABC, read, shown

KEY_LINES = ["Đáp án: B", "ĐÁP ÁN B", "Đáp án đúng là: B", "Đáp án đúng: B", "=> Chọn B", "(Đáp án: B)",
             "Đáp án: B. Quốc hội", "Đáp án: Quốc hội", "Đáp án: b", "Đ/a: B", "Trả lời: B", "**Đáp án:** B.",
             "Đáp án: B vì Hiến pháp quy định"]  # fmt: skip


@pytest.mark.parametrize("line", KEY_LINES)
def test_a_key_line_is_understood(line):
    assert shown(read("Câu 1. Ai?", *ABC, line))[0][2] == "B"


@pytest.mark.parametrize(
    ("written", "explanation"),
    [
        ("B (Quốc hội)", ""),
        ("B. Quốc hội. Vì Hiến pháp quy định", "Vì Hiến pháp quy định"),
        ("B. Quốc hội (Điều 5)", "(Điều 5)"),
        ("B (Phần I, đề E)", "(Phần I, đề E)"),
        ("B (điểm a khoản 1 Điều 5)", "(điểm a khoản 1 Điều 5)"),
        ("B. Điều 69 Hiến pháp", "Điều 69 Hiến pháp"),
    ],
)
def test_what_stands_behind_a_letter_agrees_or_explains(written, explanation):
    for result in (
        read("Câu 1. Ai?", *ABC, f"Đáp án: {written}"),
        read("Câu 1. Ai?", *ABC, "ĐÁP ÁN", f"Câu 1: {written}"),
    ):
        assert (shown(result)[0][2], result.records[0][1].metadata.explanation) == ("B", explanation)
        assert codes(result) == []


@pytest.mark.parametrize(
    "written",
    [
        "C. Quốc hội",
        "C (Quốc hội)",
        "C (Quốc hội) vì luật",
        "C (Quốc hội, Điều 69)",
        "B (sửa thành A)",
        "B (sai, phải là C)",
        "B. Quốc hội (sửa thành c)",
    ],
)
def test_what_stands_behind_a_letter_and_means_another_option_refuses_the_question(written):
    assert codes(read("Câu 1. Ai?", *ABC, f"Đáp án: {written}")) == ["key_unclear"]
    assert codes(read("Câu 1. Ai?", *ABC, "ĐÁP ÁN", f"Câu 1: {written}")) == ["key_unclear"]


def test_a_key_in_words_may_begin_like_a_letter():
    assert shown(read("Câu 1. Số nào?", "A. 3", "B. -3", "Đáp án: B -3"))[0][2] == "B"
    assert shown(read("Câu 1. Ai?", "A. C. Mác", "B. Lê-nin", "C. Bác Hồ", "Đáp án: C. Mác"))[0][2] == "A"


@pytest.mark.parametrize("gap", ["\t", "    "])
def test_a_key_behind_the_last_option_is_no_part_of_it(gap):
    assert shown(read("Câu 1. Ai?", *ABC[:2], f"{ABC[2]}{gap}Đáp án: B")) == [
        ("Ai?", ["Chính phủ", "Quốc hội", "Tòa án"], "B")
    ]


@pytest.mark.parametrize(
    "options",
    [
        ("A. Chính phủ", "**B. Quốc hội**", "C. Tòa án"),
        ("**A.** Chính phủ", "**B. Quốc hội**", "**C.** Tòa án"),
        ("A. Chính phủ", "__B__. Quốc hội", "C. Tòa án"),
        ("A. Chính phủ", "B. __Quốc hội__", "C. Tòa án"),
        ("A. Chính phủ", "^^B. Quốc hội^^", "C. Tòa án"),
        ("^^A. Chính phủ^^", "^^B. ##Quốc hội##^^", "^^C. Tòa án^^"),
        ("A. Chính phủ", "*B. Quốc hội", "C. Tòa án"),
        ("A. Chính phủ", "B*. Quốc hội", "C. Tòa án"),
        ("A. Chính phủ\t**B. Quốc hội**\tC. Tòa án",),
        ("**A. Chính phủ**", "**B. ^^Quốc hội^^**", "**C. Tòa án**"),
    ],
)
def test_the_option_that_looks_different_is_the_right_one(options):
    result = read("Câu 1. Ai?", *options)
    assert shown(result) == [("Ai?", ["Chính phủ", "Quốc hội", "Tòa án"], "B")]
    assert all(option.is_plain for option in result.records[0][1].question.texts())


def test_no_candidate_sees_the_key_by_bold_words_in_the_right_option():
    result = read("Câu 1. Ai?", "A. Chính phủ", "**B.** Quốc hội **khóa** này", "C. Tòa án")
    assert all(option.is_plain for option in result.records[0][1].question.texts())
    result = read("Câu 1. Ai **không** làm?", "A. Chính phủ **không** làm", "B. Quốc **hội**", "Đáp án: B")
    assert [text.is_plain for text in result.records[0][1].question.all_texts()] == [False, False, False]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("A. một", "B. hai"), "key_missing"),
        (("A. một", "B. hai", "Đáp án: ……"), "key_missing"),
        (("**A. một**", "**B. hai**"), "key_missing"),
        (("**A. một**", "**B. hai**", "C. ba"), "key_ambiguous_look"),
        (("^^A. một^^", "^^B. hai^^", "C. ba"), "key_ambiguous_look"),
        (("^^A. một^^", "B. hai", "^^C. ba^^"), "key_ambiguous_look"),
        (("*A. một", "*B. hai", "C. ba"), "key_ambiguous_look"),
        (("**A. một**", "__B. hai__", "C. ba"), "key_sources_disagree"),
        (("**A. một**", "B. hai", "Đáp án: B"), "key_sources_disagree"),
        (("A. một", "B. hai", "Đáp án: B", "Đáp án: A"), "key_sources_disagree"),
        (("A. một", "B. hai", "Đáp án: E"), "key_out_of_range"),
        (("A. một", "B. hai", "Đáp án: B. một hai ba"), "key_unclear"),
        (("A. Theo luật", "B. hai", "Đáp án: B. Theo luật"), "key_unclear"),
        (("A. AB", "B. CD", "C. AC", "D. BD", "Đáp án: AC"), "key_ambiguous"),
        (("A. B", "B. A", "C. D", "Đáp án: B"), "key_ambiguous"),
        (("A. 3", "B. -3", "Đáp án: A -3"), "key_unclear"),
        (("A. Điều 5", "B. Điều 6 Luật X", "Đáp án: A. Điều 6"), "key_unclear"),
        (("A. một (S)", "B. hai (Đ)", "C. ba (S)", "Đáp án: C"), "key_sources_disagree"),
        (("A. một (S)", "B. hai (Đ)", "C. ba (S)", "Đáp án: S Đ Đ"), "key_sources_disagree"),
        (("A. một", "B. một", "Đáp án: B"), "options_identical"),
        (("A. một", "Đáp án: A"), "options_too_few"),
        (("Đáp án: A",), "options_too_few"),
        (("A. một", "B. hai", "Loại câu: Nối chữ", "Đáp án: A"), "kind_unsupported"),
        (("A. một", "B. hai", "Mức độ: siêu khó", "Đáp án: A"), "level_unknown"),
    ],
)
def test_a_question_without_a_clear_key_is_refused_and_the_rest_goes_on(lines, code):
    result = read("Câu 1. Hỏi gì?", *lines, "Câu 2. Sau đó?", *ABC, "Đáp án: A")
    assert [stem for stem, _, _ in shown(result)] == ["Sau đó?"]
    assert code in codes(result)
    assert result.rows_total == 2
    assert "Hỏi gì?" in str(result.refused[0].raw["text"])
    assert result.refused[0].row == 1


def test_bold_that_is_layout_does_not_disturb_a_written_key():
    result = read("Câu 1. Ai?", "**A. Chính phủ**", "**B. Quốc hội**", "C. Tòa án", "Đáp án: C")
    assert shown(result)[0][2] == "C"


def test_a_bold_option_in_capitals_is_no_heading():
    result = read(
        "Câu 1. Ai?", "A. HĐND", "B. CP", "**C. UBND**", "Câu 2. Gì?", "**A. TTHC**", "**B. CP**", "Đáp án: B"
    )
    assert shown(result) == [("Ai?", ["HĐND", "CP", "UBND"], "C"), ("Gì?", ["TTHC", "CP"], "B")]
    result = read(
        "Câu 1. Ai?", "A. x", "B. y", "Đáp án: A", "**B. THÔNG HIỂU**", "Câu 2. Gì?", "A. x", "B. y", "Đáp án: A"
    )
    assert [record.metadata.level for _, record in result.records] == [None, Level.UNDERSTANDING]


def test_several_letters_make_a_multiple_choice():
    for line in ("Đáp án: A, C", "Đáp án: A và C", "Đáp án: AC", "Đáp án: A; C"):
        result = read("Câu 1. Ai?", *ABC, line)
        assert result.records[0][1].question.kind == "multiple_choice"
        assert shown(result)[0][2] == "AC"
    result = read("Câu 1. Ai?", "**A. một**", "B. hai", "**C. ba**", "Loại câu: Chọn nhiều phương án")
    assert shown(result)[0][2] == "AC"


@pytest.mark.parametrize(
    "key", ["a) Đúng b) Sai c) Đúng d) Sai", "Đ S Đ S", "ĐSĐS", "Đ-S-Đ-S", "a-Đ, b-S, c-Đ, d-S", "1. Đ 2. S 3. Đ 4. S"]
)
def test_statements_with_their_truths_make_a_cluster(key):
    result = read("Câu 1. Xét các ý sau:", "a) Một", "b) Hai", "c) Ba", "d) Bốn", f"Đáp án: {key}")
    assert result.records[0][1].question.kind == "true_false_cluster"
    assert shown(result)[0][2] == [True, False, True, False]


def test_truths_behind_the_statements_make_a_cluster():
    result = read("Câu 1. Xét:", "a) Một (Đ)", "b) Hai (S)", "c) Ba [Đúng]")
    assert shown(result) == [("Xét:", ["Một", "Hai", "Ba"], [True, False, True])]
    for line, key in (("", [False, True, False]), ("Đáp án: S Đ S", [False, True, False]), ("Đáp án: B", "B")):
        result = read("Câu 1. Ý nào đúng?", "**A. Một (S)**", "**B. Hai (Đ)**", "C. Ba (S)", line)
        assert shown(result) == [("Ý nào đúng?", ["Một", "Hai", "Ba"], key)]
