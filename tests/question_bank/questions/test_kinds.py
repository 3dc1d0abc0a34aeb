"""Every kind of question: it judges responses exactly, says what is wrong with it, and never shows its key."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from question_bank.errors import InvalidSpec
from question_bank.marking import PARTIAL, Correction, Negative, Stepped, corrected_share, weighted_sum
from question_bank.questions import (
    KINDS,
    Cloze,
    Criterion,
    Essay,
    FillIn,
    Gap,
    Matching,
    MultipleChoice,
    Number,
    Numeric,
    Ordering,
    Question,
    QuestionRecord,
    Rules,
    SingleChoice,
    Stimulus,
    TrueFalse,
    TrueFalseCluster,
    question_from_json,
    stimulus_groups,
)
from question_bank.questions.content import Content
from question_bank.questions.key_words import key_words
from question_bank.questions.numeric import number_readings
from tests.question_bank.strategies import questions

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)

SINGLE = SingleChoice("Thủ đô?", ("Hà Nội", "Huế", "Vinh"), 0)
WEIGHTED = SingleChoice("Thủ đô?", ("Hà Nội", "Huế", "Vinh"), 0, None, (Fraction(1), HALF, Fraction(-1, 4)))
MULTIPLE = MultipleChoice("Thành phố?", ("Hà Nội", "Huế", "Lào Cai", "Sa Pa"), (0, 1))
CLUSTER = TrueFalseCluster("Luật:", ("a", "b", "c", "d"), (True, False, True, False))
PAIRS = Matching("Thủ đô:", ("Việt Nam", "Lào"), ("Hà Nội", "Viêng Chăn", "Bangkok"), (0, 1))
STEPS = Ordering("Trình tự:", ("tiếp nhận", "giải quyết", "trả kết quả"))
CITY, YEAR = FillIn("Thủ đô?", ("Hà Nội",)), FillIn("Năm?", ("hoà bình", "hòa  giải"), Rules(case=True))
PI = Numeric("Số pi?", (Number(Decimal("3.14"), Decimal("0.01")), Number(Decimal(3))), None, (Fraction(1), HALF))
THOUSAND = Numeric("Bao nhiêu?", (Number(Decimal(1000)),))
GAPS = Cloze("Thủ đô [[1]], dân số [[2]] triệu, miền [[3]]", (
    Gap(FillIn("", ("Hà Nội",)), 2), Gap(Numeric("", (Number(Decimal(8), Decimal(1)),))),
    Gap(SingleChoice("", ("Bắc", "Nam"), 0)),
))  # fmt: skip
RUBRIC = Essay("Phân tích.", (Criterion("khái niệm", Decimal("1.5")), Criterion("ví dụ", Decimal("0.5"))))


@pytest.mark.parametrize(
    ("question", "response", "whole", "partial"),
    [
        (SINGLE, 0, 1, 1),
        (SINGLE, 1, 0, 0),
        (SINGLE, None, 0, 0),
        (SINGLE, 99, 0, 0),
        (WEIGHTED, 1, 0, HALF),
        (WEIGHTED, 2, 0, 0),
        (MULTIPLE, {0, 1}, 1, 1),
        (MULTIPLE, [0], 0, HALF),
        (MULTIPLE, [0, 2], 0, 0),
        (MULTIPLE, [0, 1, 2], 0, HALF),
        (MULTIPLE, [0, 1, 2, 3], 0, 0),
        (MULTIPLE, [], 0, 0),
        (MULTIPLE, None, 0, 0),
        (TrueFalse("Đúng?", False), False, 1, 1),
        (TrueFalse("Đúng?", False), True, 0, 0),
        (TrueFalse("Đúng?", False), None, 0, 0),
        (TrueFalse("Đúng?", False), 0, 0, 0),
        (CLUSTER, [True, False, True, False], 1, 1),
        (CLUSTER, [True, False, None, True], 0, HALF),
        (CLUSTER, None, 0, 0),
        (PAIRS, [1, 2], 1, 1),
        (PAIRS, [1, 0], 0, HALF),
        (CITY, "  hà  nội ", 1, 1),
        (CITY, "Ha\u0300 No\u0323\u0302i", 1, 1),
        (CITY, "Ha Noi", 0, 0),
        (CITY, "", 0, 0),
        (YEAR, "hòa bình", 1, 1),
        (YEAR, "Hòa bình", 0, 0),
        (YEAR, "hoà giải", 1, 1),
        (FillIn("?", ("Hà Nội",), Rules(accents=False)), "ha noi", 1, 1),
        (FillIn("?", ("Hà Nội",), Rules(accents=False, case=True)), "ha noi", 0, 0),
        (FillIn("?", ("a  b",), Rules(spaces=True)), "a b", 0, 0),
        (PI, "3,14", 1, 1),
        (PI, "3.15", 1, 1),
        (PI, "3,1501", 0, 0),
        (PI, "3", 0, HALF),
        (PI, "ba", 0, 0),
        (THOUSAND, "1.000", 1, 1),
        (THOUSAND, "1,000", 1, 1),
        (THOUSAND, "1000,0", 1, 1),
        (THOUSAND, "1", 0, 0),
        (GAPS, ["hà nội", "8,5", 0], 1, 1),
        (GAPS, ["Huế", "8,5", 0], 0, HALF),
        (GAPS, ["hà nội"], 0, HALF),
        (GAPS, None, 0, 0),
        (RUBRIC, ["1.5", "0.5"], 1, 1),
        (RUBRIC, [Decimal("0.5"), 0], 0, Fraction(1, 4)),
    ],
)
def test_a_response_is_judged(question: Question, response: object, whole: int, partial: Fraction) -> None:
    assert question.judge(response) == whole
    assert question.judge(response, PARTIAL) == partial


def test_ordering_is_judged_by_the_items_as_they_are_shown() -> None:
    shown = list(STEPS.shown)
    assert shown != [0, 1, 2], "the order in which they are shown is not the right one"
    right = [shown.index(place) for place in range(3)]
    assert STEPS.judge(right) == 1
    assert STEPS.judge([right[1], right[0], right[2]], PARTIAL) == THIRD
    assert STEPS.judge([right[0]], PARTIAL) == THIRD


@pytest.mark.parametrize("response", ["một bài viết", None, ["1.5"], ["2", "0"], ["-1", "0"], ["x", "0"]])
def test_an_essay_is_judged_only_by_the_points_of_its_rubric(response: object) -> None:
    with pytest.raises(InvalidSpec):
        RUBRIC.judge(response)


class TestSchemes:
    def test_negative_marks_stop_at_the_floor(self) -> None:
        quarter = Negative(Fraction(1, 4))
        assert [SINGLE.judge(response, quarter) for response in (0, 1, None)] == [1, 0, 0]
        lower = Negative(Fraction(1, 4), Fraction(-1))
        assert SINGLE.judge(1, lower) == Fraction(-1, 4)
        assert CLUSTER.judge([True, True, None, None], lower) == Fraction(1, 4) - Fraction(1, 16)
        assert MULTIPLE.judge([2, 3], Negative(Fraction(2), Fraction(-1))) == -1

    def test_steps_pay_more_for_the_last_part(self) -> None:
        school = Stepped((Fraction(1, 10), Fraction(1, 4), HALF, Fraction(1)))
        given = ([None] * 4, [True, None, None, None], [True, False, True, True], [True, False, True, False])
        assert [CLUSTER.judge(one, school) for one in given] == [0, Fraction(1, 10), HALF, 1]
        assert PAIRS.judge([1, 0], school) == HALF, "another number of parts is paid part by part"

    @pytest.mark.parametrize(("response", "share"), [(0, 1), (1, 1), (2, 0), (None, 0)])
    def test_a_second_right_option_counts_beside_the_first(self, response: object, share: int) -> None:
        scheme = Negative(Fraction(0))
        assert corrected_share(SINGLE, response, scheme, Correction(also_right=(1,))) == share

    def test_a_doubled_option_does_not_take_away_what_the_first_key_gave(self) -> None:
        assert corrected_share(WEIGHTED, 1, PARTIAL, Correction(also_right=(2,))) == HALF
        assert corrected_share(WEIGHTED, 1, PARTIAL, Correction(also_right=(1,))) == 1
        assert corrected_share(MULTIPLE, [0], PARTIAL, Correction(also_right=((0,),))) == 1

    @pytest.mark.parametrize("response", [0, 1, None])
    def test_a_faulty_question_is_credited_to_all(self, response: object) -> None:
        assert corrected_share(SINGLE, response, PARTIAL, Correction(credit_all=True)) == 1
        assert corrected_share(SINGLE, response, PARTIAL, None) == (1 if response == 0 else 0)

    def test_other_words_and_numbers_may_be_right_too(self) -> None:
        assert corrected_share(CITY, "Thăng Long", PARTIAL, Correction(also_right=(("Thăng Long",),))) == 1
        assert corrected_share(CITY, "Hà Nội", PARTIAL, Correction(also_right=(("Thăng Long",),))) == 1
        assert corrected_share(THOUSAND, "7", PARTIAL, Correction(also_right=((Number(Decimal(7)),),))) == 1

    def test_a_single_form_is_a_form_and_not_its_letters(self) -> None:
        correction = Correction(also_right=("Thăng Long",))
        assert [corrected_share(CITY, one, PARTIAL, correction) for one in ("Thăng Long", "T", "Hà Nội")] == [1, 0, 1]
        assert corrected_share(THOUSAND, "7", PARTIAL, Correction(also_right=(Number(Decimal(7)),))) == 1

    def test_a_kind_without_a_key_has_no_other(self) -> None:
        with pytest.raises(InvalidSpec, match="no other key"):
            corrected_share(STEPS, [0, 1, 2], PARTIAL, Correction(also_right=(1,)))

    def test_who_left_an_essay_empty_is_credited_with_all_others(self) -> None:
        assert corrected_share(RUBRIC, None, PARTIAL, Correction(credit_all=True)) == 1

    def test_ticking_everything_climbs_no_step(self) -> None:
        school = Stepped((HALF, Fraction(1)))
        assert [MULTIPLE.judge(one, school) for one in ([0], [0, 1], [0, 1, 2, 3])] == [HALF, 1, 0]

    def test_weights_of_complexity_groups_add_up_exactly(self) -> None:
        shares = [(Fraction(1), "dễ"), (Fraction(1), "khó"), (THIRD, "khó"), (Fraction(0), "dễ")]
        assert weighted_sum(shares, {"dễ": Decimal("1.25"), "khó": Decimal(3)}) == Fraction(21, 4)
        with pytest.raises(KeyError):
            weighted_sum(shares, {"dễ": Decimal(1)})


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        (MultipleChoice("?", ("a", "b"), ()), ["key_missing"]),
        (MultipleChoice("?", ("a", "b"), (0, 4)), ["key_out_of_range"]),
        (SingleChoice("?", ("a", "b"), 0, None, (Fraction(1),)), ["weights_wrong"]),
        (SingleChoice("?", ("a", "b"), 0, None, (Fraction(2), Fraction(0))), ["weights_wrong"]),
        (TrueFalse("", True), ["stem_empty"]),
        (TrueFalseCluster("?", ("a", "b"), (True,)), ["key_count"]),
        (TrueFalseCluster("?", ("a", "a"), (True, False)), ["options_identical"]),
        (FillIn("?", ()), ["key_missing"]),
        (FillIn("?", ("a", "")), ["accepted_empty"]),
        (FillIn("?", tuple(map(str, range(60)))), ["accepted_too_many"]),
        (FillIn("?", ("x" * 301,)), ["accepted_too_long"]),
        (Numeric("?", ()), ["key_missing"]),
        (Numeric("?", (Number(Decimal(1), Decimal(-1)),)), ["tolerance_negative"]),
        (Numeric("?", (Number(Decimal("1e99")),)), ["number_too_long"]),
        (Matching("?", ("a", "b"), ("x", "y"), ()), ["key_missing"]),
        (Matching("?", ("a", "b"), ("x", "y"), (0, 5)), ["pairs_wrong"]),
        (Matching("?", ("a", "b"), ("x", "x"), (0, 1)), ["answers_identical"]),
        (Matching("?", ("a", "b"), ("x", ""), (0, 1)), ["answer_empty"]),
        (Ordering("?", ("a",)), ["options_too_few"]),
        (Cloze("?", ()), ["gaps_missing"]),
        (Cloze("[[2]]", (Gap(FillIn("", ("a",))),)), ["gap_marks"]),
        (Cloze("[[1]] [[1]]", (Gap(FillIn("", ("a",))),)), ["gap_marks"]),
        (Cloze("[[1]]", (Gap(FillIn("", ()), 0),)), ["gap_weight", "key_missing"]),
        (Essay("?", (Criterion("", Decimal(0)),)), ["criterion_empty", "criterion_points"]),
        (Matching("?", ("a", "b"), ("x" * 3_001, "y"), (0, 1)), ["text_too_long"]),
        (Essay("?", (Criterion("x" * 3_001, Decimal(1)),), "x" * 20_001), ["text_too_long", "text_too_long"]),
        (Matching("x" * 9_000, ("a", "b"), tuple(f"{n}" + "x" * 2_990 for n in range(20)), (0, 1)), ["text_too_long"]),
        (TrueFalse("a\ufffdb", True), ["broken_characters"]),
        (TrueFalse("?", True, Stimulus("", "x" * 20_001)), ["stimulus_too_long"]),
    ],
)
def test_a_fault_is_said(question: Question, codes: list[str]) -> None:
    problems = question.validate()
    assert [problem.code for problem in problems] == codes
    assert all(problem.sentence() for problem in problems)


@given(questions())
def test_a_question_comes_back_from_its_two_halves(question: Question) -> None:
    content, key = (json.loads(json.dumps(half)) for half in (question.content_json(), question.key_json()))
    assert question_from_json(content, key) == question
    assert question.validate() == []
    assert isinstance(key_words(question), str)


def with_another_key(question: Question) -> Question:
    """Return a question that candidates cannot tell from this one, with nothing of its key left."""
    match question:
        case SingleChoice():
            return replace(question, key=(question.key + 1) % len(question.options), weights=())
        case MultipleChoice():
            return replace(question, key=(0,) if question.key != (0,) else (1,), weights=())
        case TrueFalse():
            return replace(question, key=not question.key)
        case TrueFalseCluster():
            return replace(question, key=tuple(not one for one in question.key))
        case FillIn():
            return replace(question, accepted=("điều khác",), weights=())
        case Numeric():
            return replace(question, accepted=(Number(Decimal("98765.4321")),), weights=())
        case Matching():
            return replace(question, key=tuple((one + 1) % len(question.answers) for one in question.key))
        case Ordering():
            return replace(question, items=question.items[::-1])
        case Cloze():
            return replace(
                question,
                gaps=tuple(replace(gap, question=with_another_key(gap.question), weight=1) for gap in question.gaps),
            )
        case Essay():
            return replace(question, rubric=(), guide=Content("điều khác"))
    raise AssertionError(question.kind)


@given(questions())
def test_candidates_never_see_the_key(question: Question) -> None:
    other = with_another_key(question)
    assert other.key_json() != question.key_json() or question.kind == "ordering"
    assert other.content_json() == question.content_json()
    assert set(question.content_json()) <= {"kind", "stem", "stimulus", "options", "answers", "gaps"}
    for gap in question.content_json().get("gaps", []):  # type: ignore[attr-defined]
        assert set(gap) <= {"kind", "options"}


def test_the_order_in_which_things_are_stored_tells_nothing() -> None:
    other = Matching("Thủ đô:", ("Việt Nam", "Lào"), ("Viêng Chăn", "Bangkok", "Hà Nội"), (2, 0))
    assert other == PAIRS
    assert STEPS.content_json()["options"] == ["giải quyết", "tiếp nhận", "trả kết quả"]


@pytest.mark.parametrize("kind", KINDS)
def test_halves_of_another_kind_or_none_are_refused(kind: str) -> None:
    for content, key in (({"kind": kind}, {"kind": kind}), ({"kind": kind, "stem": "?"}, {"kind": "hotspot"}),
                         ({"kind": kind, "stem": 1}, {"kind": kind, "option": "A"})):  # fmt: skip
        if (kind, key) != ("essay", {"kind": "essay"}) or "stem" not in content:
            with pytest.raises(InvalidSpec):
                question_from_json(content, key)
    with pytest.raises(InvalidSpec):
        question_from_json({"kind": "hotspot"}, {})


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("12", ["12"]), ("-0,5", ["-0.5"]),
        ("0,125", ["0.125"]), ("−3", ["-3"]), ("1.000", ["1.000", "1000"]), ("1.234.567", ["1234567"]),
        ("1.234,5", ["1234.5"]), ("1,234.5", ["1234.5"]), ("12 000", ["12000"]), ("1e3", ["1e3"]), ("", []),
        ("1,2,3", []), ("mười", []), ("1" * 80, []), (".5", [".5"]), ("NaN", []), ("Infinity", []),
    ],
)  # fmt: skip
def test_a_number_may_be_written_in_the_habits_of_two_countries(written: str, numbers: list[str]) -> None:
    assert list(number_readings(written)) == [Decimal(one) for one in numbers]


def test_questions_about_one_stimulus_are_a_group() -> None:
    passage = Stimulus("Đoạn 1", "Nội dung")
    several = [
        QuestionRecord(TrueFalse("một", True, passage)),
        QuestionRecord(TrueFalse("hai", True)),
        QuestionRecord(SingleChoice("ba", ("a", "b"), 0, Stimulus("Đoạn 1", "Nội dung"))),
        QuestionRecord(TrueFalse("bốn", True, Stimulus("Đoạn 2", "Khác"))),
    ]
    assert stimulus_groups(several) == [[0, 2]]
