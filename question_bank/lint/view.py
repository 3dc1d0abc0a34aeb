"""A question as the rules see it: its texts made ready once, because twenty rules ask for the same words."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from question_bank.questions.checks import letter
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.content import Content
from question_bank.questions.markup import plain_text, walk
from question_bank.questions.metadata import Metadata
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.pins import pinned_last
from question_bank.questions.question import Question
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import SingleChoice

__all__ = ["View", "quoted", "syllables"]

_WORD = re.compile(r"\w+")
_SHOWN = 60
_EMPHASIS = frozenset({"strong", "em", "u"})
#: What cannot be taken for a reference to other options.
_INERT = "x y z"


class View:
    """One question with what rules ask of it."""

    def __init__(self, record: QuestionRecord) -> None:
        self.question: Question = record.question
        self.metadata: Metadata = record.metadata

    @cached_property
    def options(self) -> tuple[Content, ...]:
        """Return the options of a choice question, nothing for other kinds."""
        return self.question.options if isinstance(self.question, OptionQuestion) else ()

    @cached_property
    def right(self) -> frozenset[int]:
        """Return the indexes of the right options, without those that name none."""
        question = self.question
        key: Sequence[int] = ()
        if isinstance(question, SingleChoice):
            key = (question.key,)
        elif isinstance(question, MultipleChoice):
            key = question.key
        return frozenset(index for index in key if 0 <= index < len(self.options))

    @cached_property
    def about_others(self) -> tuple[int, ...]:
        """Return the indexes of the options that speak about others ("Cả A, B, C đều đúng")."""
        question = self.question
        if not isinstance(question, OptionQuestion) or not question.pinned_last:
            return ()
        return tuple(
            index
            for index in range(len(self.options))
            if pinned_last(tuple(o if place == index else _INERT for place, o in enumerate(self.options)))
        )

    @cached_property
    def independent(self) -> tuple[int, ...]:
        """Return the indexes of the options that have a content of their own."""
        return tuple(index for index in range(len(self.options)) if index not in self.about_others)

    @cached_property
    def only_right(self) -> int | None:
        """Return the one right option when it has a content of its own and at least two others have, too."""
        if isinstance(self.question, SingleChoice) and len(self.independent) >= 3:
            return next((index for index in self.right if index in self.independent), None)
        return None

    @cached_property
    def others(self) -> tuple[int, ...]:
        """Return the wrong options with a content of their own."""
        return tuple(index for index in self.independent if index not in self.right)

    @cached_property
    def stem_words(self) -> tuple[str, ...]:
        """Return the syllables and numbers of the stem, in lower case."""
        return syllables(self.question.stem)

    @cached_property
    def option_words(self) -> tuple[tuple[str, ...], ...]:
        """Return the syllables of each option."""
        return tuple(syllables(option) for option in self.options)

    @cached_property
    def emphasised(self) -> tuple[str, ...]:
        """Return what stands out in the stem: bold, italic or underlined, in lower case."""
        return tuple(plain_text((one,)).casefold() for one in walk(self.question.stem.nodes) if one.tag in _EMPHASIS)

    def read_texts(self) -> Iterator[tuple[str, Content]]:
        """Give the fields of texts that a candidate or a reviewer reads as true: never the wrong options."""
        yield "stem", self.question.stem
        for index in sorted(self.right):
            yield f"option_{letter(index).lower()}", self.options[index]
        if not isinstance(self.question, OptionQuestion):
            yield from (("options", text) for text in self.question.texts())
        yield "explanation", self.metadata.explanation


def syllables(text: str) -> tuple[str, ...]:
    """Return the syllables and numbers of a text, in lower case and without punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def quoted(text: str) -> str:
    """Return the beginning of a text, as it is quoted in a sentence: one line, not long."""
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"
