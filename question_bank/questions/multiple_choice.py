"""Multiple choice: two to ten options, one or more of them right; the right ones and no others must be chosen."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.checks import key_missing, key_out_of_range, letter
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.content import Content
from question_bank.questions.question import Stimulus, weights_json

__all__ = ["MultipleChoice"]


@dataclass(frozen=True)
class MultipleChoice(OptionQuestion):
    """A question with several right options."""

    kind: ClassVar[str] = "multiple_choice"
    label: ClassVar[str] = N_("chọn nhiều phương án")

    stem: Content
    options: tuple[Content, ...]
    #: Indexes of the right options in source order, ascending.
    key: tuple[int, ...]
    stimulus: Stimulus | None = None
    #: What choosing each option is worth where parts are paid; empty: 1/n for each of n right ones, −1/n for others.
    weights: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        self._clean_up()
        object.__setattr__(self, "key", tuple(sorted(set(self.key))))

    def judgement(self, response: object) -> Judgement:
        """Judge a collection of option indexes in source order; None or an empty one is no answer."""
        chosen = set(response) if isinstance(response, Collection) and not isinstance(response, str) else set()
        right, wrong = chosen & set(self.key), chosen - set(self.key)
        count = len(self.key) or 1
        earned = Fraction(len(right) - len(wrong), count)
        if self.weights:
            earned = sum((self.weights[index] for index in chosen if index in range(len(self.weights))), Fraction(0))
        return Judgement(
            right=Fraction(len(right), count),
            wrong=Fraction(len(wrong), count),
            partial=min(max(earned, Fraction(0)), Fraction(1)),
            full=chosen == set(self.key) and bool(chosen),
            # Who ticks everything has no part right.
            parts_right=max(0, len(right) - len(wrong)),
            parts=count,
        )

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the options, and keys that name none of them."""
        yield from super().own_problems()
        if not self.key:
            yield key_missing()
        for index in self.key:
            if not 0 <= index < len(self.options):
                yield key_out_of_range(letter(index) if 0 <= index < 26 else str(index), self.options)
        if any((weight > 0) != (index in self.key) for index, weight in enumerate(self.weights)):
            message = N_(
                "tỉ lệ điểm và đáp án không khớp: phương án đúng phải trên 0, phương án sai không được trên 0."
            )
            yield error("weights_against_key", message, Place(field="key"))

    def answer_identity(self) -> str:
        """Return the words of the right options: options in another order make no other question."""
        return "\n".join(sorted(self.options[index].identity for index in self.key if index < len(self.options)))

    def key_json(self) -> dict[str, object]:
        """Return the right answer as plain values: the options' indexes in source order."""
        return {"kind": self.kind, "options": list(self.key)} | weights_json(self.weights)

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        options, weights = cls._options_of(content, key)
        right = key.get("options")
        if not isinstance(right, list) or not all(isinstance(index, int) for index in right):
            raise InvalidSpec("the key is missing")
        return cls(stem, options, tuple(right), stimulus, weights)

    def native(self) -> dict[str, object]:
        """Return options and the letters of the right ones."""
        key = [letter(index) for index in self.key]
        return {"options": self.content_json()["options"], "key": key} | weights_json(self.weights)
