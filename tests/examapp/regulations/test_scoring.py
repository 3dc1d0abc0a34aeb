"""Pass or fail, exactly, with an explanation that can be checked years later."""

import copy
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.integrity.canonical import jcs, parse_jcs
from examapp.regulations.profile import load_profile
from examapp.regulations.scoring import (
    QualifyingRule,
    needed_answers,
    recompute,
    score_qualifying,
    share_text,
)

HALF = QualifyingRule(Fraction(1, 2), "Điều 9 khoản 2 điểm a Nghị định 170/2025/NĐ-CP")


@pytest.mark.parametrize(
    ("pass_share", "correct", "total", "needed", "passed"),
    [
        ("1/2", 0, 60, 30, False),
        ("1/2", 29, 60, 30, False),
        ("1/2", 30, 60, 30, True),
        ("1/2", 60, 60, 30, True),
        ("1/2", 30, 61, 31, False),
        ("1/2", 31, 61, 31, True),
        ("1/2", 0, 1, 1, False),
        ("2/3", 40, 60, 40, True),
        ("2/3", 39, 60, 40, False),
        ("2/3", 6, 10, 7, False),
        ("2/3", 7, 10, 7, True),
        ("1/1", 59, 60, 60, False),
        ("1/1", 60, 60, 60, True),
        ("1/3", 1, 3, 1, True),
    ],
)
def test_passing(pass_share: str, correct: int, total: int, needed: int, passed: bool) -> None:
    outcome = score_qualifying(QualifyingRule(Fraction(pass_share), "Điều"), correct, total)
    assert (outcome.needed, outcome.passed) == (needed, passed)
    assert (outcome.correct, outcome.total) == (correct, total)


shares = st.integers(1, 60).flatmap(lambda bottom: st.integers(1, bottom).map(lambda top: Fraction(top, bottom)))
marks = st.integers(1, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(shares, marks)
def test_needed_is_the_least_number_that_passes(share: Fraction, mark: tuple[int, int]) -> None:
    correct, total = mark
    rule = QualifyingRule(share, "Điều")
    needed = needed_answers(share, total)
    assert 1 <= needed <= total
    assert score_qualifying(rule, needed, total).passed
    assert not score_qualifying(rule, needed - 1, total).passed
    assert score_qualifying(rule, correct, total).passed == (correct >= needed)


@given(shares, marks)
def test_explanations_are_canonical_and_can_be_recomputed(share: Fraction, mark: tuple[int, int]) -> None:
    outcome = score_qualifying(QualifyingRule(share, "Điều 9"), *mark)
    stored = parse_jcs(jcs(outcome.explanation_json()))
    assert recompute(stored) == outcome
    for step in outcome.explanation:
        assert step.text()
        assert "%(" not in step.text()


def test_the_sentences() -> None:
    test = load_profile("cc-2025").rounds["round_1"].tests["general"]
    assert [step.text() for step in score_qualifying(test, 45, 60).explanation] == [
        "Trả lời đúng 45 trên tổng số 60 câu hỏi.",
        "Phải trả lời đúng từ 50\u00a0% số câu hỏi trở lên, tức là ít nhất 30 câu.",
        "45 câu đúng, không ít hơn 30 câu: đạt.",
    ]
    assert score_qualifying(test, 29, 60).explanation[-1].text() == "29 câu đúng, ít hơn 30 câu: không đạt."
    assert {step.clause for step in score_qualifying(test, 29, 60).explanation} == {test.clause}


@pytest.mark.parametrize(
    ("share", "text"), [("1/2", "50\u00a0%"), ("1/1", "100\u00a0%"), ("2/3", "2/3"), ("1/8", "1/8")]
)
def test_shares_are_never_rounded_for_people(share: str, text: str) -> None:
    assert share_text(Fraction(share)) == text


@pytest.mark.parametrize(("correct", "total"), [(-1, 60), (61, 60), (0, 0), (0, -1)])
def test_impossible_marks_are_refused(correct: int, total: int) -> None:
    with pytest.raises(ValueError, match="answers"):
        score_qualifying(HALF, correct, total)


def edited(step: int, part: str, key: str, value: Any) -> list[dict[str, Any]]:
    stored = copy.deepcopy(score_qualifying(HALF, 29, 60).explanation_json())
    stored[step][part][key] = value
    return stored


@pytest.mark.parametrize(
    "stored",
    [
        edited(2, "result", "passed", True),
        edited(1, "result", "needed", 29),
        edited(0, "values", "correct", 30),
        edited(0, "result", "share", "30/60"),
        edited(1, "values", "pass_share", "1/3"),
        edited(1, "values", "pass_share", "1/0"),
        edited(1, "values", "pass_share", "2/4"),
        edited(0, "values", "total", "60"),
        score_qualifying(HALF, 29, 60).explanation_json()[:2],
        [*score_qualifying(HALF, 29, 60).explanation_json(), {"rule": "extra"}],
        [],
        [{"rule": "count"}],
        json.loads('[{"rule":"count","values":{}}]'),
    ],
)
def test_edited_explanations_are_refused(stored: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Fraction's own refusals count as well
        recompute(stored)
