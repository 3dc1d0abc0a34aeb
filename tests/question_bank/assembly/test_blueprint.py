"""Whether a blueprint can be drawn: the law's ratio per test refuses, a thin cell warns, an empty one refuses."""

from fractions import Fraction

import pytest

from question_bank.assembly import Blueprint, Cell, check_feasibility
from question_bank.errors import InvalidSpec

BLUEPRINT = Blueprint((Cell("HC", "recall", 4), Cell("HC", "application", 2), Cell("PL", "recall", 0)))


def codes(stock: dict[tuple[str, str], int], ratio: int | Fraction = 3, required: int = 6) -> list[str]:
    return [problem.code for problem in check_feasibility(BLUEPRINT, stock, ratio, required)]


@pytest.mark.parametrize(
    ("recall", "application", "expected"),
    [
        (12, 6, []),
        (13, 5, ["cell_near"]),
        (16, 2, ["cell_near"]),
        (17, 1, ["cell_short"]),
        (18, 0, ["cell_short"]),
        (12, 5, ["bank_ratio", "cell_near"]),
        (0, 0, ["bank_ratio", "cell_short", "cell_short"]),
    ],
)
def test_stock_against_need(recall: int, application: int, expected: list[str]) -> None:
    assert codes({("HC", "recall"): recall, ("HC", "application"): application}) == expected


def test_the_ratio_is_about_the_test_so_other_cells_count_too() -> None:
    stock = {("HC", "recall"): 12, ("HC", "application"): 2, ("PL", "recall"): 4}
    assert codes(stock) == ["cell_near"]


def test_a_fractional_ratio_is_rounded_up() -> None:
    stock = {("HC", "recall"): 6, ("HC", "application"): 3}
    assert codes(stock, Fraction(3, 2)) == []
    assert codes(stock, Fraction(31, 20)) == ["bank_ratio", "cell_near", "cell_near"]


def test_the_total_must_be_that_of_the_test() -> None:
    problems = check_feasibility(BLUEPRINT, {("HC", "recall"): 99, ("HC", "application"): 99}, 3, 60)
    assert [problem.text() for problem in problems] == ["Ma trận có 6 câu, bài thi cần 60 câu."]


def test_sentences() -> None:
    stock = {("HC", "recall"): 5, ("HC", "application"): 1}
    assert [problem.text() for problem in check_feasibility(BLUEPRINT, stock, 3, 6)] == [
        "Ngân hàng của bài thi có 6 câu, cần ít nhất 18 câu (gấp 3 lần số câu của đề).",
        "Ô HC – Vận dụng cần 2 câu nhưng ngân hàng chỉ có 1.",
        "Ô HC – Nhận biết sát mức: có 5 câu cho 4 câu rút, nên có 12.",
    ]


def test_a_blueprint_names_a_cell_once_and_counts_upwards() -> None:
    for cells in ((Cell("a", "recall", 1), Cell("a", "recall", 2)), (Cell("a", "recall", -1),)):
        with pytest.raises(InvalidSpec):
            Blueprint(cells)
