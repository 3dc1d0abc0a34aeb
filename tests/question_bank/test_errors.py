"""Problems as sentences."""

import pytest

from question_bank.errors import Place, error, warning


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), "Phương án C để trống."),
        (Place(file="a.xlsx"), "Phương án C để trống."),
        (Place(row=14), "Dòng 14: phương án C để trống."),
        (Place(row=14, column="Đáp án"), "Dòng 14, cột “Đáp án”: phương án C để trống."),
        (Place(column="Đáp án"), "Cột “Đáp án”: phương án C để trống."),
    ],
)
def test_text(place: Place, text: str) -> None:
    problem = error("option_empty", "phương án %(letter)s để trống.", place, letter="C")
    assert problem.text() == text
    assert problem.sentence() == "Phương án C để trống."


def test_a_better_place_keeps_what_it_does_not_know() -> None:
    problem = warning("x", "x.", Place(field="key", column="Đáp án")).at(Place(file="a", row=2))
    assert problem.place == Place("a", 2, "Đáp án", "key")
