"""Essay: a free text, marked by people along a rubric."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.checks import MAX_OPTION, MAX_STIMULUS, length_problems
from question_bank.questions.content import NO_TEXT, Content, content_of
from question_bank.questions.numeric import decimal_of
from question_bank.questions.question import Question, Stimulus

__all__ = ["MAX_CRITERIA", "Criterion", "Essay", "rubric_of"]

MAX_CRITERIA = 30
_MOST_POINTS = Decimal(1000)


@dataclass(frozen=True)
class Criterion:
    """One thing that a good text has, with the points it is worth."""

    text: Content
    points: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", content_of(self.text))


@dataclass(frozen=True)
class Essay(Question):
    """A question that is answered in a text of one's own."""

    kind: ClassVar[str] = "essay"
    label: ClassVar[str] = N_("tự luận")
    machine_marked: ClassVar[bool] = False

    stem: Content
    rubric: tuple[Criterion, ...] = ()
    #: What a marker reads beside the rubric: a model answer, hints.
    guide: Content = NO_TEXT
    stimulus: Stimulus | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "rubric", tuple(self.rubric))
        object.__setattr__(self, "guide", content_of(self.guide))

    def texts(self) -> Sequence[Content]:
        """Return nothing: the rubric is for those who mark."""
        return ()

    def judgement(self, response: object) -> Judgement:
        """Judge the points that a marker gave, one decimal for each criterion; a text cannot be judged.

        Raises InvalidSpec for anything but as many points as there are criteria, each between 0 and its limit.
        """
        if not isinstance(response, Sequence) or isinstance(response, str) or len(response) != len(self.rubric):
            raise InvalidSpec("an essay is judged by the points given for each criterion")
        given = [decimal_of(str(points)) for points in response]
        limits = [criterion.points for criterion in self.rubric]
        if any(not 0 <= points <= limit for points, limit in zip(given, limits, strict=True)):
            raise InvalidSpec("points must lie between 0 and those of their criterion")
        total = sum(limits, Decimal(0))
        share = Fraction(sum(given, Decimal(0))) / Fraction(total) if total else Fraction(0)
        right = sum(points == limit for points, limit in zip(given, limits, strict=True))
        return Judgement(share, 1 - share, share, bool(total) and share == 1, right, len(limits))

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the rubric; an essay may be without one."""
        place = Place(field="rubric")
        if len(self.rubric) > MAX_CRITERIA:
            message = N_("hướng dẫn chấm có %(count)s tiêu chí, nhiều nhất là %(limit)s.")
            yield error("rubric_too_long", message, place, count=len(self.rubric), limit=MAX_CRITERIA)
        if any(not criterion.text for criterion in self.rubric):
            yield error("criterion_empty", N_("hướng dẫn chấm có tiêu chí để trống."), place)
        yield from length_problems((len(criterion.text) for criterion in self.rubric), MAX_OPTION, place)
        yield from length_problems([len(self.guide)], MAX_STIMULUS, Place(field="guide"))
        if any(not 0 < criterion.points <= _MOST_POINTS for criterion in self.rubric):
            message = N_("điểm của mỗi tiêu chí phải lớn hơn 0 và không quá %(limit)s.")
            yield error("criterion_points", message, place, limit=int(_MOST_POINTS))

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: stem and stimulus."""
        return self._common_json()

    def key_json(self) -> dict[str, object]:
        """Return what markers read, as plain values."""
        return {"kind": self.kind} | self.native()

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        return cls(stem, rubric_of(key.get("rubric")), Content.from_json(key.get("guide", "")), stimulus)

    def native(self) -> dict[str, object]:
        """Return rubric and guide."""
        rubric = [{"text": one.text.to_json(), "points": str(one.points)} for one in self.rubric]
        return ({"rubric": rubric} if rubric else {}) | ({"guide": self.guide.to_json()} if self.guide else {})


def rubric_of(value: object) -> tuple[Criterion, ...]:
    """Return the rubric that ``native`` gave, none for None; raises InvalidSpec otherwise."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise InvalidSpec("a rubric must be a list of {text, points}")
    return tuple(Criterion(Content.from_json(one.get("text")), decimal_of(one.get("points"))) for one in value)
