"""Rules about a whole set: where the keys stand, and which levels it has."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from question_bank.errors import N_, Problem, Value
from question_bank.lint.rule import HALADYNA, REGULATION, Rule
from question_bank.lint.view import View
from question_bank.questions.checks import letter
from question_bank.questions.metadata import Level
from question_bank.questions.single_choice import SingleChoice

__all__ = ["CHECKS", "LEAST_QUESTIONS", "P_LIMIT", "RULES", "chi_square_tail"]

#: Smaller sets say nothing about habits.
LEAST_QUESTIONS = 20
#: Below so many expected keys a place the chi-square distribution no longer fits well enough.
_LEAST_EXPECTED = 5
P_LIMIT = 0.01
#: A set of which so large a share has one level has no levels.
_ONE_LEVEL = 0.9

KEY_POSITIONS = Rule(
    "key_positions",
    N_("Đáp án hay đứng ở một vị trí"),
    N_("Thí sinh không biết bài sẽ chọn vị trí hay trúng; đề in trên giấy không trộn phương án thì lộ rõ."),
    f"{HALADYNA}20; Pearson chi-square, p < 0.01",
)
ONE_LEVEL = Rule(
    "levels_one_sided",
    N_("Mức độ gần như chỉ có một loại"),
    N_("Ma trận đề cần câu ở nhiều mức độ để phân loại thí sinh."),
    REGULATION,
)
RULES = (KEY_POSITIONS, ONE_LEVEL)


def key_positions(views: Sequence[View]) -> Iterator[Problem]:
    """Find keys that do not stand in every place equally often, among the options that may change places.

    Single choice questions are grouped by how many options may move; a key that is pinned, or a question without
    movable options, has no part. Pearson's statistic is added up over the groups: sum of (observed - expected)² /
    expected with n - 1 degrees of freedom for n places.
    """
    groups: dict[int, Counter[int]] = defaultdict(Counter)
    for view in views:
        question = view.question
        if isinstance(question, SingleChoice):
            movable = [index for index in range(len(question.options)) if index not in question.pinned_last]
            if len(movable) > 1 and question.key in movable:
                groups[len(movable)][movable.index(question.key)] += 1
    large = {places: keys for places, keys in groups.items() if keys.total() >= places * _LEAST_EXPECTED}
    total = sum(keys.total() for keys in large.values())
    if total < LEAST_QUESTIONS:
        return
    statistic = sum(
        (keys[place] - keys.total() / places) ** 2 / (keys.total() / places)
        for places, keys in large.items()
        for place in range(places)
    )
    chance = chi_square_tail(statistic, sum(places - 1 for places in large))
    if chance < P_LIMIT:
        counts = sum(large.values(), Counter[int]())
        message = N_(
            "đáp án không rải đều: %(counts)s trong %(total)s câu (χ² = %(statistic)s, p %(chance)s); hãy đổi chỗ đáp"
            " án ở một số câu hoặc trộn phương án khi ra đề."
        )
        params: dict[str, Value] = {
            "counts": " · ".join(f"{letter(place)} {counts[place]}" for place in range(max(large))),
            "total": total,
            "statistic": f"{statistic:.1f}".replace(".", ","),
            "chance": "< 0,001" if chance < 0.001 else f"= {chance:.3f}".replace(".", ","),
        }
        yield KEY_POSITIONS.warning(message, **params)


def levels_one_sided(views: Sequence[View]) -> Iterator[Problem]:
    """Find sets in which nearly every question with a level has the same one."""
    levels = Counter(view.metadata.level for view in views if view.metadata.level is not None)
    total = levels.total()
    if total < LEAST_QUESTIONS:
        return
    level, count = levels.most_common(1)[0]
    if isinstance(level, Level) and count >= _ONE_LEVEL * total:
        message = N_("%(count)s trong %(total)s câu cùng mức “%(level)s”; hãy thêm câu ở mức khác.")
        yield ONE_LEVEL.warning(message, count=count, total=total, level=level.label)


def chi_square_tail(statistic: float, degrees: int) -> float:
    """Return the chance of a chi-square value at least so large; exact, by the recurrence of the incomplete gamma.

    Q(1/2, x) = erfc(√x), Q(1, x) = e^-x, Q(a + 1, x) = Q(a, x) + x^a e^-x / Γ(a + 1), with x half the statistic.
    """
    half = statistic / 2
    if half <= 0:
        return 1.0
    order = 0.5 if degrees % 2 else 1.0
    tail = math.erfc(math.sqrt(half)) if degrees % 2 else math.exp(-half)
    while order < degrees / 2:
        tail += math.exp(order * math.log(half) - half - math.lgamma(order + 1))
        order += 1
    return min(tail, 1.0)


CHECKS = (key_positions, levels_one_sided)
