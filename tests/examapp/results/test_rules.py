"""Who passes, exactly: one answer more or less decides, never a rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.regulations.scoring import needed_answers
from examapp.results.rules import ResultRow, in_order, least_to_pass, passes, tally


@pytest.mark.parametrize(
    ("correct", "total", "share", "passed"),
    [
        (30, 60, "1/2", True),
        (29, 60, "1/2", False),
        (60, 60, "1/2", True),
        (0, 60, "1/2", False),
        (13, 25, "1/2", True),
        (12, 25, "1/2", False),
        (40, 60, "2/3", True),
        (39, 60, "2/3", False),
        (1, 3, "1/3", True),
        (33, 100, "1/3", False),
        (60, 60, "1/1", True),
        (59, 60, "1/1", False),
    ],
)
def test_the_share_is_reached_or_not(correct: int, total: int, share: str, passed: bool) -> None:
    assert passes(correct, total, share) is passed


@given(total=st.integers(1, 500), top=st.integers(1, 99), bottom=st.integers(1, 99), correct=st.integers(0, 500))
def test_the_list_and_the_explanation_agree_on_everybody(total: int, top: int, bottom: int, correct: int) -> None:
    share = Fraction(min(top, bottom), max(top, bottom))
    right = min(correct, total)
    assert passes(right, total, str(share)) == (right >= needed_answers(share, total))


@pytest.mark.parametrize(
    ("passed", "present", "voided", "outcome", "mark"),
    [
        (True, True, False, "Đạt", "5/8"),
        (False, True, False, "Không đạt", "5/8"),
        (False, False, False, "Vắng", None),
        (False, True, True, "Hủy bài", None),
        (False, False, True, "Hủy bài", None),
    ],
)
def test_who_was_absent_or_voided_has_no_mark(
    passed: bool, present: bool, voided: bool, outcome: str, mark: str | None
) -> None:
    row = ResultRow("0001", "Ví Dụ", None, "01", 5, 8, passed, present, voided)
    assert (row.outcome, row.mark) == (outcome, mark)


def row(number: str, correct: int, *, present: bool = True, voided: bool = False, share: str = "1/2") -> ResultRow:
    passed = present and not voided and passes(correct, 60, share)
    return ResultRow(number, "Nguyễn Văn A", None, "01", correct, 60, passed, present, voided)


def test_a_list_is_counted() -> None:
    rows = [row("1", 40), row("2", 20), row("3", 0, present=False), row("4", 50, voided=True)]
    counted = tally(rows)
    assert (counted.listed, counted.present, counted.absent, counted.passed, counted.voided) == (4, 3, 1, 1, 1)
    assert counted.share == Decimal(1) / 3
    assert tally([]).share is None


def test_the_bar_is_told_only_where_every_row_agrees_with_it() -> None:
    rows = [row("1", 30), row("2", 29), row("3", 0, present=False), row("4", 50, voided=True)]
    assert least_to_pass(rows, "1/2") == 30
    assert least_to_pass(rows, "29/60") is None, "the share has been changed since"
    assert least_to_pass([], "1/2") is None


def test_rooms_stand_as_they_are_counted() -> None:
    assert in_order(["P10", "P2", "P1", "P2"]) == ["P1", "P2", "P10"]
