"""One question with its metadata: what one row of a file holds."""

from dataclasses import dataclass, field

from question_bank.questions.metadata import Metadata
from question_bank.questions.question import Question

__all__ = ["QuestionRecord", "stimulus_groups"]


@dataclass(frozen=True)
class QuestionRecord:
    """A question and what is known about it."""

    question: Question
    metadata: Metadata = field(default_factory=Metadata)


def stimulus_groups(records: list[QuestionRecord]) -> list[list[int]]:
    """Return the groups of two or more questions asked about one stimulus, as indexes in their order."""
    groups: dict[object, list[int]] = {}
    for index, record in enumerate(records):
        if record.question.stimulus is not None:
            groups.setdefault(record.question.stimulus, []).append(index)
    return [group for group in groups.values() if len(group) > 1]
