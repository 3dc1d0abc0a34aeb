"""Moodle XML: what is read and said of it, what is written, and that both agree."""

import base64
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from question_bank.formats.moodle import CARRIES, looks_like, read, write
from question_bank.formats.moodle.category import path_of, place_of
from question_bank.questions import (
    Cloze,
    Content,
    Essay,
    FillIn,
    Gap,
    Level,
    Matching,
    Metadata,
    MultipleChoice,
    QuestionRecord,
    Rules,
    SingleChoice,
    Stimulus,
    TrueFalse,
    TrueFalseCluster,
)
from question_bank.questions.pictures import picture_uri
from tests.question_bank import moodle_rules
from tests.question_bank.strategies import EVERYTHING, files, records, small_picture

_TEXT = '<questiontext format="html"><text><![CDATA[{}]]></text>{}</questiontext>'
_PNG = base64.b64encode(small_picture()).decode()


def quiz(*questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><quiz>{"".join(questions)}</quiz>'.encode()


def question(kind: str, inside: str = "", stem: str = "Cơ quan nào ban hành nghị định?", file: str = "") -> str:
    return f'<question type="{kind}"><name><text>Câu</text></name>{_TEXT.format(stem, file)}{inside}</question>'


def answers(*pairs: tuple[str, str]) -> str:
    return "".join(f'<answer fraction="{share}"><text>{text}</text></answer>' for share, text in pairs)


def one(written: str):
    result = read(quiz(written), "de.xml")
    assert len(result.records) == 1, [problem.text() for problem in result.problems]
    return result.records[0][1]


def codes(written: str) -> list[str]:
    return [problem.code for problem in read(quiz(written), "de.xml").problems if problem.place.row]


# --- the law of the format ----------------------------------------------------------------------------------------


@settings(max_examples=70, deadline=None, suppress_health_check=list(HealthCheck))
@given(files(CARRIES))
def test_what_is_written_reads_back_equal(many):
    file = write(many)
    back = read(file.data, "de.xml")
    assert moodle_rules.faults(file.data) == []
    assert not back.refused, [problem.text() for problem in back.problems]
    lossy = {problem.place.row for problem in file.problems}
    for number, (sent, (_, got)) in enumerate(zip(many, back.records, strict=True), 1):
        if number not in lossy:
            assert got == sent
        assert got.metadata == sent.metadata
    for problem in file.problems:  # only where Moodle itself shows nothing but words
        assert many[problem.place.row - 1].question.kind == "matching"


@settings(max_examples=35, deadline=None, suppress_health_check=list(HealthCheck))
@given(files(EVERYTHING))
def test_whatever_is_written_is_what_moodle_takes_and_losses_are_named(many):
    file = write(many)
    back = read(file.data, "de.xml")
    assert moodle_rules.faults(file.data) == []
    named = {problem.place.row for problem in file.problems}
    left = {problem.place.row for problem in file.problems if problem.code == "kind_left_out"}
    sent = [(number, record) for number, record in enumerate(many, 1) if number not in left]
    assert left == {number for number, record in enumerate(many, 1) if record.question.kind == "true_false_cluster"}
    got = [record for _, record in back.records]
    if len(got) == len(sent):
        assert all(number in named or record == other for (number, record), other in zip(sent, got, strict=True))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(records(CARRIES))
def test_a_mutated_file_never_breaks_the_reader(record):
    data = bytearray(write([record]).data)
    dice = random.Random(len(data))
    for _ in range(3):
        place = dice.randrange(len(data))
        data[place : place + dice.randrange(3)] = bytes(dice.randrange(256) for _ in range(dice.randrange(3)))
    read(bytes(data), "hong.xml")
    looks_like(bytes(data))


@pytest.mark.parametrize("size", [0, 1, 40, 4_000])
def test_random_bytes_are_refused_with_a_sentence(size):
    dice = random.Random(size)
    for _ in range(60):
        data = dice.randbytes(size)
        result = read(data, "rac.xml")
        assert result.unreadable
        assert all(problem.text() for problem in result.problems)
        assert not looks_like(data)


# --- reading ------------------------------------------------------------------------------------------------------


def test_a_single_choice_has_its_key_and_its_weights_only_where_they_say_something():
    plain = one(question("multichoice", answers(("0", "Quốc hội"), ("100", "Chính phủ"))))
    assert plain.question == SingleChoice("Cơ quan nào ban hành nghị định?", ("Quốc hội", "Chính phủ"), 1)
    weighted = one(question("multichoice", answers(("-33.33333", "Quốc hội"), ("100", "Chính phủ"), ("50", "Bộ"))))
    assert weighted.question.weights == (Fraction(-1, 3), Fraction(1), Fraction(1, 2))


def test_a_multiple_choice_is_plain_when_wrong_options_take_away_what_right_ones_earn():
    many = "<single>false</single>"
    plain = one(question("multichoice", many + answers(("50", "a"), ("-50", "b"), ("50", "c"))))
    assert plain.question == MultipleChoice("Cơ quan nào ban hành nghị định?", ("a", "b", "c"), (0, 2))
    lenient = one(question("multichoice", many + answers(("50", "a"), ("0", "b"), ("50", "c"))))
    assert lenient.question.weights == (Fraction(1, 2), Fraction(0), Fraction(1, 2))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (question("multichoice", answers(("100", "a"), ("100", "b"))), "key_more_than_one"),
        (question("multichoice", answers(("50", "a"), ("0", "b"))), "key_missing"),
        (question("multichoice", answers(("nhiều", "a"), ("0", "b"))), "fraction_unreadable"),
        (question("multichoice", "<single>false</single>" + answers(("100", "a"), ("100", "b"))), "weights_sum"),
        (question("truefalse", answers(("100", "có"), ("0", "không"))), "key_unknown"),
        (question("truefalse", answers(("0", "true"), ("0", "false"))), "key_missing"),
        (question("shortanswer", answers(("100", "Hà*"))), "answer_wildcard"),
        (question("shortanswer", answers(("80", "Huế"))), "key_missing"),
        (question("shortanswer", answers(("100", "Huế"), ("0", "Vinh"))), "answers_without_marks"),
        (question("numerical", answers(("100", "năm"))), "number_unreadable"),
        (question("numerical", answers(("100", "*"))), "number_unreadable"),
        (question("numerical", answers(("100", "1,500"))), "number_unreadable"),
        (question("cloze", stem="{1:SHORTANSWER:=Huế"), "gap_open"),
        (question("cloze", stem="Không có chỗ trống."), "gaps_missing"),
        (question("cloze", stem="{1:MULTIRESPONSE:=a~=b}"), "kind_unsupported"),
        (question("cloze", stem="{1:REGEXP:=a}"), "kind_unsupported"),
        (question("gapselect"), "kind_unsupported"),
        (question("calculatedmulti"), "kind_unsupported"),
        (question("essay", stem='<img src="@@PLUGINFILE@@/mat.png">Xem hình.'), "picture_missing"),
        (question("essay", stem='Nghe <a href="@@PLUGINFILE@@/bai.mp3">bài</a>.'), "markup_lost"),
        (question("essay", file=f'<file name="bai.mp3" encoding="base64">{_PNG}</file>'), "attachments_unread"),
        (question("essay", "<responsetemplate><text>Kính gửi</text></responsetemplate>"), "template_unread"),
        (question("essay", "<attachments>2</attachments>"), "essay_limits_unread"),
        (question("essay", "<defaultgrade>2.0000000</defaultgrade>"), "grade_unread"),
        (question("essay", "<hidden>1</hidden>"), "hidden_in_moodle"),
        (question("essay", "<hint><text>Xem Điều 4</text></hint>"), "hints_unread"),
        (question("essay", "<correctfeedback><text>Giỏi lắm</text></correctfeedback>"), "feedback_unread"),
        (question("ordering", "<gradingtype>RELATIVE_TO_CORRECT</gradingtype>" + answers(("1", "a"), ("2", "b"))),
         "grading_unread"),
        (question("ordering", "<selecttype>RANDOM</selecttype>" + answers(("1", "a"), ("2", "b"))), "items_all"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_named(written, code):
    assert code in codes(written)


def test_what_moodle_always_writes_is_no_news():
    usual = (
        "<defaultgrade>1.0000000</defaultgrade><penalty>0.1</penalty><hidden>0</hidden>"
        "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"
        "<incorrectfeedback><text><![CDATA[<p>Câu trả lời của bạn sai.</p>]]></text></incorrectfeedback>"
    )
    assert codes(question("multichoice", usual + answers(("0", "Quốc hội"), ("100", "Chính phủ")))) == []


def test_every_question_is_a_record_or_refused_and_rows_count_questions():
    category = '<question type="category"><category><text>$course$/top/Luật/Chương 1</text></category></question>'
    result = read(
        quiz(category, question("essay"), question("ddmarker"), question("description"), question("essay", stem="b")),
        "de.xml",
    )
    assert [row for row, _ in result.records] == [1, 3]
    assert [row.row for row in result.refused] == [2]
    assert [problem.params["name"] for problem in result.about_file if problem.code == "description_unread"] == ["Câu"]
    assert result.records[0][1].metadata.subject == "Luật"
    assert result.problems[0].place.file == "de.xml"


@pytest.mark.parametrize(
    ("path", "subject", "topic"),
    [
        ("$course$/top/Luật/Chương 1/Mục 2", "Luật", "Chương 1/Mục 2"),
        ("$course$/Chương 1", None, "Chương 1"),
        ("$system$/top/A//B/C", "A/B", "C"),
        ("Không ngữ cảnh", None, "Không ngữ cảnh"),
        ("$course$/top", None, ""),
        ("$course$/Luật/Chưa phân loại", "Luật", ""),
        ("", None, ""),
    ],
)
def test_categories_are_subject_and_topic(path, subject, topic):
    assert (place_of(path).subject, place_of(path).topic) == (subject, topic)


@pytest.mark.parametrize("topic", ["", "a/b", "/a", "a/", "a//b", "top", "$course$"])
@pytest.mark.parametrize("subject", [None, "Luật", "x/", "/x"])
def test_any_name_survives_in_a_category(subject, topic):
    place = place_of(path_of(Metadata(topic=topic, subject=subject)))
    assert (place.subject, place.topic) == (subject, topic)


def test_codes_come_from_the_id_number_and_never_from_the_name():
    assert one(question("essay", "<idnumber> C1 &amp; 2 </idnumber>")).metadata.code == "C1 & 2"
    assert one(question("essay")).metadata.code is None


def test_the_level_is_a_tag_among_others():
    tags = "<tags><tag><text>level:recall</text></tag><tag><text>thi thử</text></tag></tags>"
    found = one(question("essay", tags)).metadata
    assert (found.level, found.tags) == (Level.RECALL, ("thi thử",))
    two = "<tags><tag><text>level:recall</text></tag><tag><text>level:Vận dụng</text></tag></tags>"
    assert one(question("essay", two)).metadata.level is None


@pytest.mark.parametrize(
    ("style", "text", "words"),
    [
        ("html", "<p>Một</p>\n<p>Hai &lt;s,d&gt;</p>", "Một\nHai <s,d>"),
        ("plain_text", "Một <b>\nHai", "Một <b>\nHai"),
        ("moodle_auto_format", "Một\nHai", "Một\nHai"),
        ("moodle_auto_format", "<p>Một</p>\n<p>Hai</p>", "Một\nHai"),
        ("markdown", "Một\nHai", "Một\nHai"),
        ("html", "a < b, c   d", "a < b, c d"),
        ("html", "<p><b>Câu 12.</b> Ai?</p>", "Ai?"),
    ],
)
def test_every_style_of_text_is_read(style, text, words):
    holder = f'<questiontext format="{style}"><text><![CDATA[{text}]]></text></questiontext>'
    written = f'<question type="essay">{holder}</question>'
    assert str(one(written).question.stem) == words


@pytest.mark.parametrize("style", ["html", "plain_text", "markdown"])
@pytest.mark.parametrize(
    ("inside", "html"),
    [
        ("10<sup>2</sup> = ?", "10<sup>2</sup> = ?"),
        ("<p>a &lt; b</p>c<br/>d<b></b>", "a &lt; b<br/>c<br/>d"),
        ("<p>a &lt;s&gt; <i>b</i></p>", "a <s> <em>b</em></s>"),
        ("&lt;b&gt;a&lt;/b&gt;<u>b</u>&amp;amp;", "<strong>a</strong><u>b</u>&amp;"),
        ('<table><tr><td colspan="2">a</td></tr></table>', '<table><tr><td colspan="2">a</td></tr></table>'),
    ],
)
def test_elements_that_were_not_escaped_are_markup(style, inside, html):
    holder = f'<questiontext format="{style}"><text>{inside}</text></questiontext>'
    assert one(f'<question type="essay">{holder}</question>').question.stem.html == html


def test_pictures_are_found_by_coded_names_and_in_other_parts_of_the_question():
    file = f'<file name="sơ đồ.png" path="/" encoding="base64">{_PNG}</file>'
    coded = '<img src="@@PLUGINFILE@@/s%C6%A1%20%C4%91%E1%BB%93.png" alt="sơ đồ">'
    found = one(question("multichoice", answers(("100", f"<![CDATA[{coded}]]>"), ("0", "b")), coded, file)).question
    assert found.stem.elements("img")[0].get("src") == picture_uri(small_picture())
    assert found.options[0] == found.stem


def test_matching_has_answers_for_several_and_for_no_prompts():
    pairs = (("Bộ trưởng", "Thông tư"), ("Chủ tịch", "Quyết định"), ("Tổng", "Thông tư"), ("", "Luật &amp;lt; 1"))
    inside = "".join(f"<subquestion><text>{a}</text><answer><text>{b}</text></answer></subquestion>" for a, b in pairs)
    found = one(question("matching", inside)).question
    assert found.answers == ("Luật < 1", "Quyết định", "Thông tư")
    assert found.key == (2, 1, 2)


def test_units_of_a_number_are_named():
    units = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
    written = question(
        "numerical", '<answer fraction="100"><text>1.5</text><tolerance>0.1</tolerance></answer>' + units
    )
    assert codes(written) == ["units_unread"]
    assert one(written).question.native() == {"key": [{"value": "1.5", "tolerance": "0.1"}]}


def test_embedded_answers_become_gaps():
    stem = (
        "Thủ đô: {2:SHORTANSWER_C:=Hà Nội#đúng~%50%Hà Nội 1~*#sai}; năm {:NM:=1945:1}; "
        "<b>{1:MCVS:sai \\} &amp;amp; &lt;~=đúng \\# ~%-50%khác}</b>"
    )
    found = one(question("cloze", stem=stem)).question
    assert str(found.stem) == "Thủ đô: [[1]]; năm [[2]]; [[3]]"
    assert [gap.weight for gap in found.gaps] == [2, 1, 1]
    assert found.gaps[0].question == FillIn(
        "", ("Hà Nội", "Hà Nội 1"), Rules(case=True), None, (Fraction(1), Fraction(1, 2))
    )
    assert found.gaps[2].question.options == ("sai } & <", "đúng #", "khác")
    assert found.gaps[2].question.key == 1


def test_a_file_of_something_else_is_refused_by_the_name_of_its_root():
    result = read(b"<questestinterop/>", "qti.xml")
    assert [problem.code for problem in result.problems] == ["xml_root"]
    assert read(b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>', "x").problems[0].code == "xml_doctype"
    assert read(b"<quiz>" + b"<a>" * 200, "x").problems[0].code == "xml_too_deep"
    assert read(b"<quiz><question></quiz>", "x").problems[0].code == "xml_broken"


def test_a_file_is_known_by_its_root():
    assert looks_like(b"\xef\xbb\xbf<?xml version='1.0'?>\r\n<!-- a <b> -->\n<quiz>")
    assert looks_like("<quiz/>".encode("utf-16"))
    assert not looks_like(b"<assessmentItem/>")
    assert not looks_like(b"<!-- <quiz> -->")


def test_hostile_files_end_soon():
    for inside in ("{1:SA:" * 100_000, "{1:SA:=" + "~" * 500_000 + "}", "![](a" * 30_000, "\u00a0" * 9_000):
        holder = f'<questiontext format="markdown"><text>{inside}</text></questiontext>'
        assert read(quiz(f'<question type="cloze">{holder}</question>'), "x").rows_total == 1
    assert read(b"<quiz>" + b"<a/>" * 200_000 + b"</quiz>", "x").problems[0].code == "xml_too_much"


# --- writing ------------------------------------------------------------------------------------------------------


def lost(made, **metadata) -> str:
    file = write([QuestionRecord(made, Metadata(**metadata))])
    assert moodle_rules.faults(file.data) == []
    return ", ".join(str(problem.params.get("parts", problem.code)) for problem in file.problems)


@pytest.mark.parametrize(
    ("made", "parts"),
    [
        (SingleChoice("a", ("b", "c"), 0, None, (Fraction(1), Fraction(-3, 7))), "weights"),
        (SingleChoice("a", ("b", "c"), 0, None, (Fraction(1, 2), Fraction(0))), "weights"),
        (MultipleChoice("a", ("b", "c"), (0,), None, (Fraction(1, 2), Fraction(0))), "weights"),
        (FillIn("a", ("b", "c"), Rules(), None, (Fraction(1), Fraction(0))), "weights"),
        (FillIn("a", ("b",), Rules(case=True)), ""),
        (FillIn("a", ("b",), Rules(accents=False)), "rules"),
        (TrueFalse("a", True, Stimulus("Đoạn 1", "b")), "stimulus"),
        (TrueFalseCluster("a", ("b", "c"), (True, False)), "kind_left_out"),
        (Matching("a", ("b", "c"), (Content.of_html("<b>d</b>"), "e"), (0, 1)), "strong"),
        (Cloze("[[1]]", (Gap(FillIn("", ("b",), Rules(spaces=True))),)), "rules"),
    ],
)  # fmt: skip
def test_what_moodle_cannot_hold_is_named(made, parts):
    assert lost(made) == parts


def test_metadata_that_moodle_cannot_hold_is_named():
    assert lost(Essay("a"), author="An", code="C" * 101, tags=("level:recall",)) == "author, code, tags"


def test_letters_of_either_case_are_told_apart_where_the_question_says_so():
    case = QuestionRecord(FillIn("a", ("Hà *", "b\\*c"), Rules(case=True)))
    assert [record for _, record in read(write([case]).data, "x").records] == [case]


def test_categories_stand_where_subject_or_topic_change():
    places = [Metadata(topic="a", subject="x"), Metadata(topic="a", subject="x"), Metadata(), Metadata(topic="b")]
    many = [QuestionRecord(Essay(f"Câu {number}"), place) for number, place in enumerate(places)]
    data = write(many).data
    assert data.count(b'type="category"') == 3
    assert [record.metadata for _, record in read(data, "x").records] == places
    assert b"category" not in write([replace(many[0], metadata=Metadata())]).data


def test_characters_that_xml_cannot_hold_are_never_written():
    data = write([QuestionRecord(Essay("a\ufffe\ud800b"), Metadata(code="c\x01"))]).data
    assert read(data, "x").rows_total == 1


def test_an_empty_list_is_an_empty_quiz():
    assert read(write([]).data, "x").rows_total == 0


def test_braces_of_a_text_begin_no_answer():
    made = Cloze("{1:SHORTANSWER:=x} và {#1}: [[1]]", (Gap(FillIn("", ("a}~b#c\\}", "=d"))),))
    file = write([QuestionRecord(made)])
    assert moodle_rules.faults(file.data) == []
    assert [record.question for _, record in read(file.data, "x").records] == [made]
