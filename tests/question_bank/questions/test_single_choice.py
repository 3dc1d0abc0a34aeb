"""Single choice: what is refused, how it is judged, what may leave the vault."""

from fractions import Fraction

import pytest

from question_bank.errors import InvalidSpec
from question_bank.questions import SingleChoice, Stimulus, level_from_words
from question_bank.questions.single_choice import MAX_OPTION, MAX_STEM, MAX_STIMULUS

STEM = "Cơ quan nào ban hành nghị định?"


def question(
    stem: str = STEM,
    options: tuple[str, ...] = ("Chính phủ", "Quốc hội"),
    key: int = 0,
    stimulus: Stimulus | None = None,
) -> SingleChoice:
    return SingleChoice(stem, options, key, stimulus)


def codes(asked: SingleChoice) -> list[str]:
    return [problem.code for problem in asked.validate()]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (question(), []),
        (question(stem="\u200b \n"), ["stem_empty"]),
        (question(options=("một",)), ["options_too_few"]),
        (question(options=tuple(f"số {n}" for n in range(10))), []),
        (question(options=tuple(f"số {n}" for n in range(11))), ["options_too_many"]),
        (question(options=("một", " ", "ba")), ["option_empty"]),
        (question(options=("một", "", "")), ["option_empty", "option_empty"]),
        (question(options=("một  hai", "ba", "một\u00a0hai")), ["options_identical"]),
        (question(options=("ho\u0323c", "học", "họ c")), ["options_identical"]),
        (question(options=("n", "N")), []),
        (question(key=2), ["key_out_of_range"]),
        (question(key=-1), ["key_out_of_range"]),
        (question(stem="x" * (MAX_STEM + 1)), ["stem_too_long"]),
        (question(options=("x" * (MAX_OPTION + 1), "y")), ["option_too_long"]),
        (question(stimulus=Stimulus("", "x" * (MAX_STIMULUS + 1))), ["stimulus_too_long"]),
        (question(stem="hỏng \ud800"), ["broken_characters"]),
    ],
)
def test_what_is_refused(asked: SingleChoice, expected: list[str]) -> None:
    assert codes(asked) == expected


def test_sentences() -> None:
    asked = question(options=("Chính phủ", "Quốc hội", "Chính phủ"), key=4)
    sentences = {problem.code: problem.text() for problem in asked.validate()}
    assert sentences == {
        "options_identical": "Phương án C giống hệt phương án A.",
        "key_out_of_range": "Ghi “E” nhưng câu chỉ có ba phương án A – C.",
    }


def test_judging_takes_the_option_in_source_order() -> None:
    assert [question(key=1).judge(response) for response in (0, 1, None, 7)] == [0, Fraction(1), 0, 0]


def test_content_never_holds_the_key_and_both_together_restore_the_question() -> None:
    asked = question(stem=" Cơ quan\u00a0nào? ", key=1, stimulus=Stimulus("Tình huống", "Ông A …"))
    content, key = asked.content_json(), asked.key_json()
    assert content == {
        "kind": "single_choice",
        "stem": "Cơ quan nào?",
        "options": ["Chính phủ", "Quốc hội"],
        "stimulus": {"title": "Tình huống", "text": "Ông A …"},
    }
    assert content == question(stem="Cơ quan nào?", key=0, stimulus=asked.stimulus).content_json()
    assert SingleChoice.from_json(content, key) == asked


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ({}, {}),
        ({"kind": "essay", "stem": "?", "options": []}, {"kind": "single_choice", "option": 0}),
        ({"kind": "single_choice", "stem": "?", "options": "ab"}, {"kind": "single_choice", "option": 0}),
        ({"kind": "single_choice", "stem": "?", "options": ["a"]}, {"kind": "single_choice"}),
        (
            {"kind": "single_choice", "stem": "?", "options": ["a"], "stimulus": 1},
            {"kind": "single_choice", "option": 0},
        ),
    ],
)
def test_other_json_is_refused(content: dict[str, object], key: dict[str, object]) -> None:
    with pytest.raises(InvalidSpec):
        SingleChoice.from_json(content, key)


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("Nhận biết", "recall"), ("nhan biet", "recall"), ("NB", "recall"), ("1", "recall"),
        ("Thông  hiểu", "understanding"), ("TH", "understanding"), ("Vận dụng", "application"),
        ("vận dụng thấp", "application"), ("VẬN DỤNG CAO", "high_application"), ("VDC", "high_application"),
        ("high_application", "high_application"), ("Mức 4", "high_application"), ("siêu khó", None), ("", None),
    ],
)  # fmt: skip
def test_level_words(words: str, level: str | None) -> None:
    assert level_from_words(words) == level
