"""What single and multiple choice share: a list of options, some of which must stay where they are."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from question_bank.errors import Problem
from question_bank.questions.checks import option_problems, weight_problems
from question_bank.questions.content import Content, content_of
from question_bank.questions.pins import pinned_last
from question_bank.questions.question import Question, contents_of, fractions_of, texts_json

__all__ = ["OptionQuestion"]


class OptionQuestion(Question):
    """A question with options; a weight per option, where given, is the share of the mark that choosing it is worth."""

    options: tuple[Content, ...]
    weights: tuple[Fraction, ...]

    def _clean_up(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "options", tuple(content_of(option) for option in self.options))
        object.__setattr__(self, "weights", tuple(Fraction(weight) for weight in self.weights))

    @cached_property
    def pinned_last(self) -> tuple[int, ...]:
        """Return the options that must stay last in source order, because they speak about the others."""
        return pinned_last(self.options)

    def texts(self) -> Sequence[Content]:
        """Return the options."""
        return self.options

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the options and their weights."""
        yield from option_problems(self.options)
        yield from weight_problems(self.weights, len(self.options))

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: stem, options, stimulus."""
        return self._common_json() | {"options": texts_json(self.options)}

    @staticmethod
    def _options_of(
        content: Mapping[str, object], key: Mapping[str, object]
    ) -> tuple[tuple[Content, ...], tuple[Fraction, ...]]:
        return contents_of(content.get("options")), fractions_of(key.get("weights"))
