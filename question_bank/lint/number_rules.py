"""Rules about options that are numbers: the same amount twice, and brackets that overlap."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from question_bank.errors import N_, Problem, Value
from question_bank.lint.rule import HALADYNA, REGULATION, Rule
from question_bank.lint.view import View, quoted
from question_bank.questions.checks import letter, option_place
from question_bank.questions.text import comparable

__all__ = ["CHECKS", "RULES"]

OVERLAP = Rule(
    "options_overlap",
    N_("Hai phương án số trùng hoặc chồng lên nhau"),
    N_("Một giá trị nằm trong hai phương án thì câu có hai đáp án đúng."),
    f"{HALADYNA}22; {REGULATION}",
)
RULES = (OVERLAP,)

_NUMBER = r"(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)"
_UNIT = r"(%|[^\W\d_]+(?: [^\W\d_]+){0,2})?"
_POINT = re.compile(rf"{_NUMBER}\s*{_UNIT}")
_CLOSED = re.compile(rf"(?:từ )?(?:trên )?{_NUMBER}\s*{_UNIT}\s*(?:đến|tới|-|–)\s*(?:dưới )?{_NUMBER}\s*{_UNIT}")
_BELOW = re.compile(rf"(?:dưới|ít hơn|nhỏ hơn)\s+{_NUMBER}\s*{_UNIT}")
_ABOVE = re.compile(rf"(?:trên|hơn|nhiều hơn|lớn hơn)\s+{_NUMBER}\s*{_UNIT}|(?:từ )?{_NUMBER}\s*{_UNIT}\s+trở lên")
#: Longer texts are no amounts, and too many digits no numbers.
_LONGEST = 80
#: One unit in another; months and days are not each other's multiples.
_UNITS = {"năm": ("tháng", 12), "nghìn đồng": ("đồng", 1000), "triệu đồng": ("đồng", 10**6), "tỷ đồng": ("đồng", 10**9)}


@dataclass(frozen=True)
class _Range:
    low: Fraction
    #: None: without an end.
    high: Fraction | None
    unit: str
    closed: bool = False


def overlap(view: View) -> Iterator[Problem]:
    """Find equal amounts in two spellings, and brackets with a common stretch.

    Norms ("từ 1 đến 3 năm" and "từ 2 đến 5 năm" as punishments) may overlap: only options that divide a scale, some of
    them open ("dưới 5", "trên 10"), are taken for brackets.
    """
    ranges = {
        index: found for index in view.independent if (found := _range(comparable(view.options[index]))) is not None
    }
    dividing = len(ranges) == len(view.independent) and any(
        one.high is None or one.low < 0 for one in ranges.values()
    ) and any(one.closed for one in ranges.values())  # fmt: skip
    seen: list[int] = []
    for index, one in ranges.items():
        for other in seen:
            if view.options[index].identity == view.options[other].identity:
                continue  # An error of its own.
            if _same(one, ranges[other]) or (dividing and _overlap(one, ranges[other])):
                yield _problem(view, index, other)
                break
        seen.append(index)


def _problem(view: View, index: int, other: int) -> Problem:
    message = N_(
        "phương án %(letter)s “%(words)s” và phương án %(other)s “%(other_words)s” có giá trị chung; hãy sửa cho"
        " mỗi giá trị chỉ thuộc một phương án."
    )
    params: dict[str, Value] = {
        "letter": letter(index),
        "words": quoted(view.options[index]),
        "other": letter(other),
        "other_words": quoted(view.options[other]),
    }
    return OVERLAP.warning(message, option_place(index), **params)


def _range(option: str) -> _Range | None:
    text = option.casefold().strip(" .;")
    if len(text) > _LONGEST:
        return None
    if match := _POINT.fullmatch(text):
        factor, unit = _unit(match.group(2))
        value = _value(match.group(1)) * factor
        return _Range(value, value, unit)
    if match := _CLOSED.fullmatch(text):
        factor, unit = _unit(match.group(4) or match.group(2))
        return _Range(_value(match.group(1)) * factor, _value(match.group(3)) * factor, unit, closed=True)
    if match := _BELOW.fullmatch(text):
        factor, unit = _unit(match.group(2))
        return _Range(Fraction(-1), _value(match.group(1)) * factor, unit)
    if match := _ABOVE.fullmatch(text):
        factor, unit = _unit(match.group(2) or match.group(4))
        return _Range(_value(match.group(1) or match.group(3)) * factor, None, unit)
    return None


def _value(written: str) -> Fraction:
    return Fraction(written.replace(".", "").replace(",", "."))


def _unit(written: str | None) -> tuple[int, str]:
    unit, factor = _UNITS.get(written or "", (written or "", 1))
    return factor, unit


def _same(one: _Range, other: _Range) -> bool:
    """Say whether two amounts with units are equal; without a unit "2" and "02" may be a code."""
    return bool(one.unit) and not one.closed and one.low == one.high and one == other


def _overlap(one: _Range, other: _Range) -> bool:
    if one.unit != other.unit:
        return False
    highs = [end for end in (one.high, other.high) if end is not None]
    return not highs or max(one.low, other.low) < min(highs)


CHECKS = (overlap,)
