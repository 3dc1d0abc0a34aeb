"""GIFT: what Moodle means by a text is read, written and named; nothing is guessed and nothing is lost in silence."""

import random
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.formats import ReadResult, gift
from question_bank.questions import (
    Content,
    Essay,
    FillIn,
    Level,
    Matching,
    Metadata,
    MultipleChoice,
    Number,
    Numeric,
    Question,
    QuestionRecord,
    SingleChoice,
    Stimulus,
    TrueFalse,
)
from question_bank.questions.pictures import picture_uri
from tests.question_bank.factories import codes
from tests.question_bank.formats.test_any_input import check
from tests.question_bank.strategies import files, small_picture

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def read(text: str | bytes) -> ReadResult:
    result = gift.read(text.encode() if isinstance(text, str) else text, "đề.gift")
    check(result)
    return result


def one(text: str) -> Question:
    """The only question of a text, read without any problem."""
    result = read(text)
    assert codes(result) == []
    [(_, record)] = result.records
    return record.question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Ai ký nghị định? {}", Essay("Ai ký nghị định?")),
        ("Câu 1. Thủ đô?{=A. Hà Nội ~B) Huế}", SingleChoice("Thủ đô?", ("Hà Nội", "Huế"), 0)),
        ("[html]<b>Câu 1:</b> Ai?{~%50%<i>a.</i> Bộ ~%50%b. Sở}", MultipleChoice("Ai?", ("Bộ", "Sở"), (0, 1))),
        ("Ai?{=C. Mác ~D. Hồ}", SingleChoice("Ai?", ("C. Mác", "D. Hồ"), 0)),
        ("Ai?{=A. Bộ ~Sở}", SingleChoice("Ai?", ("A. Bộ", "Sở"), 0)),
        ("Luật là văn bản.{T}", TrueFalse("Luật là văn bản.", True)),
        ("Luật là văn bản.{ FALSE }", TrueFalse("Luật là văn bản.", False)),
        ("Ai?{~Bộ =Chính phủ ~Xã}", SingleChoice("Ai?", ("Bộ", "Chính phủ", "Xã"), 1)),
        ("Ai?{\n\n=Bộ\n\n~Xã\n}", SingleChoice("Ai?", ("Bộ", "Xã"), 0)),
        ("Ai?{=Bộ ~%50%Sở ~%-50%Xã}", SingleChoice("Ai?", ("Bộ", "Sở", "Xã"), 0, None, (1, HALF, -HALF))),
        ("Ai?{~%50%Bộ ~%50%Sở ~%-50%Xã}", MultipleChoice("Ai?", ("Bộ", "Sở", "Xã"), (0, 1))),
        ("Ai?{~%50%Bộ ~%50%Sở ~Xã}", MultipleChoice("Ai?", ("Bộ", "Sở", "Xã"), (0, 1), None, (HALF, HALF, 0))),
        (
            "Ai?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}",
            MultipleChoice("Ai?", ("a", "b", "c", "d"), (0, 1, 2), None, (THIRD, THIRD, THIRD, -1)),
        ),
        ("Thủ đô?{=Hà Nội =Ha Noi}", FillIn("Thủ đô?", ("Hà Nội", "Ha Noi"))),
        ("Thủ đô?{Hà Nội}", FillIn("Thủ đô?", ("Hà Nội",))),
        ("Thủ đô?{=%100%Hà Nội#}", FillIn("Thủ đô?", ("Hà Nội",))),
        ("Thủ đô?{=Hà Nội =%75%HN}", FillIn("Thủ đô?", ("Hà Nội", "HN"), weights=(1, Fraction(3, 4)))),
        ("Dấu?{=a\\\\*b}", FillIn("Dấu?", ("a*b",))),
        ("Việt Nam ở {=châu Á ~châu Âu}.", SingleChoice("Việt Nam ở _____.", ("châu Á", "châu Âu"), 0)),
        ("{=Hà Nội} là thủ đô.", FillIn("_____ là thủ đô.", ("Hà Nội",))),
        ("Mấy?{#3:0.1}", Numeric("Mấy?", (Number(Decimal(3), Decimal("0.1")),))),
        ("Mấy?{#1..5}", Numeric("Mấy?", (Number(Decimal(3), Decimal(2)),))),
        ("Mấy?{#-3.142..-3.141}", Numeric("Mấy?", (Number(Decimal("-3.1415"), Decimal("0.0005")),))),
        ("Mấy?{#3,14}", Numeric("Mấy?", (Number(Decimal("3.14")),))),
        ("Mấy?{#1.000}", Numeric("Mấy?", (Number(Decimal(1)),))),
        (
            "Mấy?{#=1822:0 =%50%1822:2}",
            Numeric("Mấy?", (Number(Decimal(1822)), Number(Decimal(1822), Decimal(2))), weights=(1, HALF)),
        ),
        (
            "Ghép.{=Huế -> miền Trung =Cà Mau->miền Nam = -> miền Bắc}",
            Matching("Ghép.", ("Huế", "Cà Mau"), ("miền Trung", "miền Nam", "miền Bắc"), (0, 1)),
        ),
        ("Ai?{~đi -> về =ở -> lại}", SingleChoice("Ai?", ("đi -> về", "ở -> lại"), 1)),
        ("\\{x\\} \\= \\~ \\# \\: \\\\ a\\nb \\$ //{T}", TrueFalse("{x} = ~ # : \\ a\nb \\$ //", True)),
        ("[html]<p>Một <b>hai</b></p>{T}", TrueFalse(Content.of_html("Một <b>hai</b>"), True)),
        ("[plain]a <b> c{T}", TrueFalse("a <b> c", True)),
        ("[moodle][html] là gì{T}", TrueFalse("[html] là gì", True)),
        ("[ghi chú] là gì{T}", TrueFalse("[ghi chú] là gì", True)),
        ("[html]<i>Ai</i>?{=<u>Bộ</u> ~[plain]<u>}", SingleChoice(
            Content.of_html("<i>Ai</i>?"), (Content.of_html("<u>Bộ</u>"), "<u>"), 0)),
        ("// http://a.vn {T}\nXem http\\://b.vn\n  // {F}\n{T}", TrueFalse("Xem http://b.vn", True)),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_read(text: str, question: Question) -> None:
    assert one(text) == question


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ai?{=Bộ =Sở ~Xã}", "key_more_than_one"),
        ("Ai?{=Bộ ~%100%Sở ~Xã}", "key_more_than_one"),
        ("Ai?{=%50%Bộ ~Xã}", "gift_equals_percent"),
        ("Ai?{~Bộ ~Xã}", "key_missing"),
        ("Ai?{~Bộ ~%0%Xã}", "key_missing"),
        ("Ai?{=Bộ ~}", "option_empty"),
        ("Ai?{=Bộ ~Bộ}", "options_identical"),
        ('[html]Ai?{=<b class="x">Bộ</b> ~Xã}', "gift_equals"),
        ("Ai?{true}", "truth_unknown"),
        ("Ai?{=Ng*}", "answer_wildcard"),
        ("Ai?{=%0%* =Bộ}", "answer_wildcard"),
        ("Mấy?{#}", "key_missing"),
        ("Mấy?{#ba}", "number_unreadable"),
        ("Mấy?{#1,000}", "number_unreadable"),
        ("Mấy?{#5..1}", "tolerance_negative"),
        ("Mấy?{#" + "9" * 5_000 + "}", "number_unreadable"),
        ("Ghép.{=a -> b =c}", "pair_without_arrow"),
        ("Ghép.{=a -> b}", "options_too_few"),
        ("Xếp.{>2 ALL\nmột\nhai\n}", "kind_unsupported"),
        ("Ai?{=Bộ ~Xã", "gift_braces"),
        ("Ai? =Bộ ~Xã}", "gift_braces"),
        ("Ai?{=Bộ ~Xã}\nGì?{=a ~b}", "gift_braces"),
        ("{=a ~b}", "stem_empty"),
        ("[html]<img src\\=\"@@PLUGINFILE@@/so-do.png\">?{T}", "picture_missing"),
        ("Ai?{" + "~a " * 5_000 + "}", "options_too_many"),
        ("Ai?{" + "=a -> b " * 5_000 + "}", "options_too_many"),
        ("a\n" * 30_000 + "{T}", "question_too_long"),
        ("a" * 8_000_001 + "{T}", "question_too_long"),
    ],
)  # fmt: skip
def test_what_can_mean_two_things_or_nothing_is_refused_and_the_rest_is_read(text: str, code: str) -> None:
    result = read(f"Trước?{{T}}\n\n{text}\n\nSau?{{F}}\n")
    assert [record.question for _, record in result.records] == [TrueFalse("Trước?", True), TrueFalse("Sau?", False)]
    [row] = result.refused
    assert (row.row, [p.code for p in row.problems if p.severity == "error"]) == (3, [code])


def test_a_category_that_nobody_wrote_is_no_topic() -> None:
    [row] = read(f"$CATEGORY: {'a/' * 2_000}\n\nTrước?{{T}}\n").refused
    assert [(problem.code, problem.place.field) for problem in row.problems] == [("field_too_long", "topic")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ai?{=Bộ#đúng ~Xã#sai}", "feedback_left_out"),
        ("Luật?{TRUE#sai rồi#đúng rồi}", "feedback_left_out"),
        ("Mấy?{#3~#sai rồi}", "feedback_left_out"),
        ("Ai?{=Bộ =%0%*#sai rồi}", "feedback_left_out"),
        ("Ai?{~%60%Bộ ~%60%Sở ~Xã}", "weights_sum"),
        ("[markdown]Ai **ký**?{T}", "markdown_unread"),
        ("Ai <b>ký</b>?{T}", "html_as_text"),
        ("a &lt; b?{T}", "html_as_text"),
        ("Mấy?{=5&\\#160;m ~Xã}", "html_as_text"),
        ('[html]Xem <a href\\="http\\://a.vn">đây</a>{T}', "markup_lost"),
        ('[html]Ai?{T####<img src\\="a.png">vì thế}', "picture_missing"),
    ],
)
def test_what_is_left_out_is_named_once(text: str, code: str) -> None:
    result = read(text)
    assert (codes(result), len(result.records)) == ([code], 1)


def test_forms_that_never_earn_the_whole_mark_refuse_the_question() -> None:
    result = read("Ai?{=%50%Bộ}")
    assert codes(result) == ["weights_sum", "weights_wrong"]
    assert result.records == ()


def test_a_category_gives_subject_and_topic_until_the_next() -> None:
    result = read(
        "$CATEGORY: $course$/top/Luật/Chương 1/Điều 5//6\n\nA{T}\n\n"
        "$CATEGORY: tin học: cơ bản\nB{T}\n\n$CATEGORY: $module$/top\n\nC{T}"
    )
    found = [(record.metadata.subject, record.metadata.topic) for _, record in result.records]
    assert found == [("Luật", "Chương 1/Điều 5/6"), (None, "tin học: cơ bản"), (None, "")]


def test_codes_tags_and_levels_stand_in_comments() -> None:
    result = read(
        "// question: 12  name: x\n// [id:C\\]1] [tag:luật] [tag:level:application]\n::Tên\\: riêng::A{T}\n\n"
        "::C2::B{T}\n\n::Trùng::C{T}\n\n::Trùng::D{T}\n\n::E có dài không...::E có dài không, hỏi lần nữa{T}"
    )
    about = [record.metadata for _, record in result.records]
    assert [(one.code, one.tags) for one in about] == [
        ("C]1", ("luật", "title:Tên: riêng")),
        ("C2", ()),
        (None, ("title:Trùng",)),
        (None, ("title:Trùng",)),
        (None, ()),
    ]
    assert [one.level for one in about] == [Level.APPLICATION, None, None, None, None]
    assert read(gift.write([record for _, record in result.records]).data).records[0][1].metadata == about[0]


def test_general_feedback_is_the_explanation() -> None:
    result = read("Ai?{=Bộ ~Xã####[html]Vì <b>Điều 4</b>}")
    assert result.records[0][1].metadata.explanation == Content.of_html("Vì <b>Điều 4</b>")


def test_a_text_without_answers_is_no_question_but_is_named() -> None:
    result = read("::Giới thiệu::Đọc đoạn sau.\n\nAi?{T}")
    assert (codes(result), result.rows_total) == (["text_left_out"], 1)
    assert "Đọc đoạn sau" in result.problems[0].text()


@pytest.mark.parametrize("text", ["// chỉ có ghi chú", "$CATEGORY: Luật", "chữ và chữ"])
def test_a_file_without_questions_is_refused(text: str) -> None:
    result = read(text)
    assert result.unreadable
    assert "no_questions" in codes(result)


def test_the_row_is_the_line_where_the_question_begins() -> None:
    result = read("// a\r\n\r\n\r\n// b\r\nA{T}\r\n\r\n::x::B\r\n{=a\r\n\r\n\r\n~b}\r\n\r\nC{F}")
    assert [row for row, _ in result.records] == [5, 7, 13]


def test_an_old_encoding_is_read_with_a_warning() -> None:
    result = read("Où est né Rameau, né à Dijon, été comme hiver très célèbre ?{=à Dijon ~à Orléans}".encode("cp1252"))
    assert codes(result) == ["encoding_guessed"]
    assert "né à Dijon" in result.records[0][1].question.stem


@given(files(gift.CARRIES))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_is_read_back(many: list[QuestionRecord]) -> None:
    made = gift.write(many)
    result = read(made.data)
    assert [record for _, record in result.records] == many
    assert codes(result) == []
    assert {problem.code for problem in made.problems} <= {"moodle_differs"}
    assert gift.looks_like(made.data)


@pytest.mark.parametrize(
    "question",
    [
        FillIn("Mũi tên?", ("a -> b",)),
        FillIn("Mũi tên?", ("a -> b", "c -> d")),
        FillIn("Sao?", ("*", "\\*", "[html]x", "%50%x", "true", "T")),
        FillIn("Tỉ lệ?", ("a", "b"), weights=(1, 0)),
        Matching(
            "Ghép.", ("a -> b", Content.of_html("<b>c</b> -> d")), ("[html]x", Content.of_html("<i>y</i>")), (0, 1)
        ),
        SingleChoice("// $CATEGORY: ::a::", ("%50%x", "[plain]y", "#### z"), 2),
        SingleChoice("$CATEGORY: a", ("a   b", "a\n\n  c"), 0),
        TrueFalse(Content.of_markup(f'<img src="{picture_uri(small_picture())}" alt="a=b"/> x'), True),
        TrueFalse(Content.of_markup("<ul><li>a</li></ul> b   <strong> c</strong>"), True),
        Numeric("Mấy?", (Number(Decimal("1E-7"), Decimal("1E+5")),)),
    ],
)
def test_texts_that_look_like_syntax_come_back(question: Question) -> None:
    assert [record.question for _, record in read(gift.write([QuestionRecord(question)]).data).records] == [question]


def test_what_cannot_be_written_is_named() -> None:
    stimulus = Stimulus("Đoạn", Content("văn"))
    made = gift.write(
        [
            QuestionRecord(TrueFalse("A", True, stimulus), Metadata(language="en", author="X", tags=("level:recall",))),
            QuestionRecord(SingleChoice("B", ("a", "b"), 0, None, (Fraction(1), Fraction(1, 23)))),
        ]
    )
    assert [problem.params["parts"] for problem in made.problems] == ["author, language, stimulus, tags", "weights"]


@pytest.mark.parametrize(
    "text", ["{}", '{"a": 1}', "<b>{T}", "Câu hỏi?", "A. x\nB. y\nANSWER: A", "\0\xff", "// {T}", ""]
)
def test_other_texts_do_not_look_like_gift(text: str) -> None:
    assert gift.looks_like(text.encode()) == (text == "<b>{T}")


ODD = [*"{}=~#:\\%[]<>&*/-|\n\n\t ", "->", "####", "::", "//", "$CATEGORY:", "[html]", "{T}", "=a", "~b", "%50%", "<p>"]


@given(st.lists(st.sampled_from(ODD), max_size=40).map("".join) | st.binary(max_size=80))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_ends_in_a_result(text: str | bytes) -> None:
    read(text)
    gift.looks_like(text.encode() if isinstance(text, str) else text)


def test_mutated_files_end_in_a_result() -> None:
    chance = random.Random(4)
    good = gift.write([QuestionRecord(question) for question in (
        SingleChoice("A", ("a", "b"), 0), Matching("B", ("a", "b"), ("c", "d"), (0, 1)), FillIn("C", ("x",)),
        Numeric("D", (Number(Decimal(1)),)), TrueFalse(Content.of_html("<b>E</b>"), True),
    )]).data  # fmt: skip
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 3)] = bytes(chance.choices(good, k=chance.randint(0, 3)))
        read(bytes(data))


@pytest.mark.parametrize(
    "text",
    [
        "\\",
        "{",
        "a{\n\n",
        "=",
        "[id:",
        "// [tag:a] ",
        "$CATEGORY: a\n\n",
        "ab\n",
        "[",
        "<b>",
        "ab\n\n",
        "~%1",
        "{}\n\n",
    ],
)
def test_a_large_hostile_file_takes_no_long_time(text: str) -> None:
    began = time.process_time()
    gift.read(f"// a\na{{{text * (1_000_000 // len(text))}".encode(), "a.gift")
    gift.read((text * (1_000_000 // len(text))).encode(), "a.gift")
    assert time.process_time() - began < 2
