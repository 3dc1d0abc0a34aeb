"""Cloze: a text with several gaps, each a word, a number or a choice; ``[[1]]``, ``[[2]]`` … mark them in the stem."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.content import Content, content_of
from question_bank.questions.fill_in import FillIn
from question_bank.questions.numeric import Numeric
from question_bank.questions.question import Question, Stimulus
from question_bank.questions.single_choice import SingleChoice

__all__ = ["GAP_KINDS", "MAX_GAPS", "Cloze", "Gap", "gap_mark"]

MAX_GAPS = 30
_MOST_WEIGHT = 1_000
_MARK = re.compile(r"\[\[(\d{1,3})\]\]")
GAP_KINDS: Mapping[str, type[FillIn] | type[Numeric] | type[SingleChoice]] = {
    kind.kind: kind for kind in (FillIn, Numeric, SingleChoice)
}


def gap_mark(number: int) -> str:
    """Return what stands in the stem for a gap, counted from 1."""
    return f"[[{number}]]"


@dataclass(frozen=True)
class Gap:
    """One gap: a question without stem and stimulus, and what it counts beside the others."""

    question: FillIn | Numeric | SingleChoice
    weight: int = 1


@dataclass(frozen=True)
class Cloze(Question):
    """A text with gaps."""

    kind: ClassVar[str] = "cloze"
    label: ClassVar[str] = N_("điền nhiều chỗ trống")

    stem: Content
    gaps: tuple[Gap, ...]
    stimulus: Stimulus | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "gaps", tuple(self.gaps))

    def texts(self) -> Sequence[Content]:
        """Return the options of those gaps that have any."""
        return tuple(text for gap in self.gaps for text in gap.question.texts())

    def judgement(self, response: object) -> Judgement:
        """Judge a sequence of responses, one for each gap in order, each as its own kind has it."""
        given = list(response) if isinstance(response, Sequence) and not isinstance(response, str) else []
        given += [None] * (len(self.gaps) - len(given))
        judged = [gap.question.judgement(one) for gap, one in zip(self.gaps, given, strict=False)]
        total = sum(gap.weight for gap in self.gaps) or 1
        shares = [Fraction(gap.weight, total) for gap in self.gaps]
        return Judgement(
            right=sum((share * one.right for share, one in zip(shares, judged, strict=True)), Fraction(0)),
            wrong=sum((share * one.wrong for share, one in zip(shares, judged, strict=True)), Fraction(0)),
            partial=sum((share * one.partial for share, one in zip(shares, judged, strict=True)), Fraction(0)),
            full=bool(judged) and all(one.full for one in judged),
            parts_right=sum(one.full for one in judged),
            parts=len(judged),
        )

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the gaps, and marks in the stem that do not fit them."""
        place = Place(field="gaps")
        if not self.gaps:
            yield error("gaps_missing", N_("câu điền nhiều chỗ trống chưa có chỗ trống nào."), place)
        if len(self.gaps) > MAX_GAPS:
            message = N_("câu có %(count)s chỗ trống, nhiều nhất là %(limit)s.")
            yield error("gaps_too_many", message, place, count=len(self.gaps), limit=MAX_GAPS)
        marks = Counter(int(number) for number in _MARK.findall(self.stem))
        if marks != Counter(range(1, len(self.gaps) + 1)):
            message = N_("mỗi chỗ trống phải có đúng một dấu [[1]], [[2]] … trong nội dung, theo số của nó.")
            yield error("gap_marks", message, Place(field="stem"))
        if any(not 1 <= gap.weight <= _MOST_WEIGHT for gap in self.gaps):
            message = N_("trọng số của chỗ trống phải từ 1 đến %(limit)s.")
            yield error("gap_weight", message, place, limit=_MOST_WEIGHT)
        for gap in self.gaps[:MAX_GAPS]:
            yield from gap.question.own_problems()

    def answer_identity(self) -> str:
        """Return the answers of the gaps in order."""
        return "\n\n".join(gap.question.answer_identity() for gap in self.gaps)

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: the text and, of each gap, its kind and options."""
        gaps = [{name: value for name, value in gap.question.content_json().items() if name != "stem"}
                for gap in self.gaps]  # fmt: skip
        return self._common_json() | {"gaps": gaps}

    def key_json(self) -> dict[str, object]:
        """Return the keys and weights of the gaps as plain values."""
        return {"kind": self.kind, "gaps": [gap.question.key_json() | {"weight": gap.weight} for gap in self.gaps]}

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        contents, keys = content.get("gaps"), key.get("gaps")
        if not isinstance(contents, list) or not isinstance(keys, list) or len(contents) != len(keys):
            raise InvalidSpec("the gaps are missing")
        return cls(stem, tuple(_gap(*pair) for pair in zip(contents, keys, strict=True)), stimulus)

    def native(self) -> dict[str, object]:
        """Return the gaps, each as {"kind", its own fields, "weight"}."""
        gaps = [
            {"kind": gap.question.kind} | gap.question.native() | ({"weight": gap.weight} if gap.weight != 1 else {})
            for gap in self.gaps
        ]
        return {"gaps": gaps}


def _gap(content: object, key: object) -> Gap:
    if not isinstance(content, Mapping) or not isinstance(key, Mapping):
        raise InvalidSpec("a gap must be an object")
    kind, weight = GAP_KINDS.get(str(content.get("kind"))), key.get("weight", 1)
    if kind is None or not isinstance(weight, int):
        raise InvalidSpec("a gap must be a word, a number or a choice")
    return Gap(kind.from_json({**content, "stem": ""}, key), weight)
