"""By which words two questions are the same one."""

import re

from question_bank.questions.question import Question
from question_bank.questions.text import comparable

__all__ = ["names_of", "stem_words"]

_BEFORE_MARK = re.compile(r" (?=[?.,;:!])")


def names_of(question: Question) -> tuple[str, tuple[str, ...]]:
    """Return what a question is known by: its stem alone, and all that candidates read, whatever its order."""
    stem = stem_words(question.stem.identity, question.stimulus.text.identity if question.stimulus else "")
    return stem, (question.kind, stem, *sorted(text.identity for text in question.texts()))


def stem_words(stem: str, stimulus: str = "") -> str:
    """Return what two questions are compared by before their options: what is read before answering, then the stem."""
    return _BEFORE_MARK.sub("", f"{comparable(stimulus)}\n{comparable(stem)}".casefold())
