"""One question with its metadata: what one row of a file holds."""

from dataclasses import dataclass

from question_bank.questions.metadata import Metadata
from question_bank.questions.single_choice import SingleChoice

__all__ = ["QuestionRecord"]


@dataclass(frozen=True)
class QuestionRecord:
    """A question and what is known about it."""

    question: SingleChoice
    metadata: Metadata
