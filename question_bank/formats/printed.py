"""Numbers and letters that were printed with a question: taken off when it is read from a format that has none.

What our own files hold is read back as it was: a question whose texts really begin so is written with another number
or letter in front.
"""

from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.prefixes import split_label, strip_stem_number, without_beginning
from question_bank.questions.checks import letter
from question_bank.questions.content import Content
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.question import Question
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import SingleChoice

__all__ = ["guarded", "without_printed"]


def without_printed(question: Question) -> Question:
    """Return a question without "Câu 1." in front of its stem and without letters that all options have in order."""
    stem = without_beginning(question.stem, strip_stem_number(question.stem, bare=False))
    if isinstance(question, SingleChoice | MultipleChoice):
        options = _without_letters(question.options)
        if options != question.options:
            question = replace(question, options=options)
    return question if stem == question.stem else replace(question, stem=stem)  # type: ignore[type-var]


def guarded(record: QuestionRecord) -> QuestionRecord:
    """Return a record that ``without_printed`` turns into this one."""
    question = record.question
    read = without_printed(question)
    if read == question:
        return record
    stem = question.stem if read.stem == question.stem else _behind("Câu 1. ", question.stem)
    if isinstance(question, SingleChoice | MultipleChoice) and _without_letters(question.options) != question.options:
        lettered = (_behind(f"{letter(index)}. ", option) for index, option in enumerate(question.options))
        question = replace(question, options=tuple(lettered))
    return replace(record, question=replace(question, stem=stem))  # type: ignore[type-var]


def _without_letters(options: Sequence[Content]) -> tuple[Content, ...]:
    split = [split_label(option) for option in options]
    if len(split) < 2 or any(label != index or not text.strip() for index, (label, text) in enumerate(split)):
        return tuple(options)
    bare = tuple(without_beginning(option, text) for option, (_, text) in zip(options, split, strict=True))
    return bare if all(one != option for one, option in zip(bare, options, strict=True)) else tuple(options)


def _behind(words: str, text: Content) -> Content:
    return Content(f"{words}{text}") if text.is_plain else Content.of_nodes((words, *text.nodes))
