"""Single choice: one stem, two to ten options, exactly one right option."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.checks import (
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_STEM,
    MAX_STIMULUS,
    MIN_OPTIONS,
    broken_characters,
    key_out_of_range,
    letter,
)
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.content import Content
from question_bank.questions.question import Stimulus, weights_json

__all__ = [
    "MAX_OPTION",
    "MAX_OPTIONS",
    "MAX_STEM",
    "MAX_STIMULUS",
    "MIN_OPTIONS",
    "SingleChoice",
    "Stimulus",
    "broken_characters",
    "key_out_of_range",
    "letter",
]


@dataclass(frozen=True)
class SingleChoice(OptionQuestion):
    """A single choice question; its texts are cleaned when it is made, so equal questions have equal bytes."""

    kind: ClassVar[str] = "single_choice"
    label: ClassVar[str] = N_("chọn một phương án")

    stem: Content
    options: tuple[Content, ...]
    #: Index of the right option in source order.
    key: int
    stimulus: Stimulus | None = None
    #: What choosing each option is worth where parts are paid; empty: 1 for the key, 0 for the others.
    weights: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        self._clean_up()

    def judgement(self, response: object) -> Judgement:
        """Judge an option's index in *source* order, or None for no answer."""
        answered = response is not None
        paid = None
        if self.weights and isinstance(response, int) and 0 <= response < len(self.weights):
            paid = max(Fraction(0), self.weights[response])
        return Judgement.whole(right=answered and response == self.key, answered=answered, partial=paid)

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the options, and a key that names none of them."""
        yield from super().own_problems()
        if not 0 <= self.key < len(self.options):
            yield key_out_of_range(letter(self.key) if 0 <= self.key < 26 else str(self.key), self.options)
        elif self.key < len(self.weights) and self.weights[self.key] != max(self.weights):
            message = N_("đáp án không phải phương án có tỉ lệ điểm cao nhất.")
            yield error("weights_against_key", message, Place(field="key"))

    def answer_identity(self) -> str:
        """Return the words of the right option: options in another order make no other question."""
        return self.options[self.key].identity if 0 <= self.key < len(self.options) else ""

    def key_json(self) -> dict[str, object]:
        """Return the right answer as plain values: the option's index in source order."""
        return {"kind": self.kind, "option": self.key} | weights_json(self.weights)

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        options, weights = cls._options_of(content, key)
        right = key.get("option")
        if not isinstance(right, int):
            raise InvalidSpec("the key is missing")
        return cls(stem, options, right, stimulus, weights)

    def native(self) -> dict[str, object]:
        """Return options and the key's letter."""
        return {"options": self.content_json()["options"], "key": letter(self.key)} | weights_json(self.weights)
