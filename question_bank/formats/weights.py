"""Weights of options as GIFT and Moodle write them: percentages, rounded to five decimals, of a fixed list."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

__all__ = ["MOODLE_FRACTIONS", "fraction_of_percent", "moodle_percent", "percent_text", "plain_weights"]

#: What Moodle accepts (question/engine/bank: "grade options"), above 0; the same below 0.
MOODLE_FRACTIONS: tuple[tuple[Fraction, str], ...] = (
    (Fraction(1), "100"), (Fraction(9, 10), "90"), (Fraction(5, 6), "83.33333"), (Fraction(4, 5), "80"),
    (Fraction(3, 4), "75"), (Fraction(7, 10), "70"), (Fraction(2, 3), "66.66667"), (Fraction(3, 5), "60"),
    (Fraction(1, 2), "50"), (Fraction(2, 5), "40"), (Fraction(1, 3), "33.33333"), (Fraction(3, 10), "30"),
    (Fraction(1, 4), "25"), (Fraction(1, 5), "20"), (Fraction(1, 6), "16.66667"), (Fraction(1, 7), "14.28571"),
    (Fraction(1, 8), "12.5"), (Fraction(1, 9), "11.11111"), (Fraction(1, 10), "10"), (Fraction(1, 20), "5"),
)  # fmt: skip
_SLACK = Fraction(1, 10_000)
_LARGEST_DIVISOR = 20
_MOST_PLACES = 20


def fraction_of_percent(written: str) -> Fraction | None:
    """Return the exact fraction meant by a percentage such as "33.33333", None for what is no number in range."""
    try:
        number = Decimal(written.strip().replace(",", "."))
    except InvalidOperation:
        return None
    # Looked at before anything is reckoned: "1e99999999" is a number of a hundred million digits.
    if not number.is_finite() or abs(number.adjusted()) > _MOST_PLACES or len(number.as_tuple().digits) > _MOST_PLACES:
        return None
    exact = Fraction(number) / 100
    near = exact.limit_denominator(_LARGEST_DIVISOR)
    return near if abs(near - exact) < _SLACK else exact


def moodle_percent(weight: Fraction) -> tuple[str, bool]:
    """Return the percentage of Moodle's list nearest to a weight, and whether it is the weight itself."""
    if weight == 0:
        return "0", True
    value, text = min(MOODLE_FRACTIONS, key=lambda one: abs(one[0] - abs(weight)))
    return (text if weight > 0 else f"-{text}"), value == abs(weight)


def percent_text(weight: Fraction) -> str:
    """Return a weight as a percentage with at most five decimals, as GIFT writes it."""
    return f"{float(weight * 100):.5f}".rstrip("0").rstrip(".")


def plain_weights(key: Sequence[int], count: int) -> tuple[Fraction, ...]:
    """Return what the options of a multiple choice are worth to Moodle where nothing is said of it.

    A wrong one takes away what a right one earns.
    """
    share = Fraction(1, len(key) or 1)
    return tuple(share if index in key else -share for index in range(count))
