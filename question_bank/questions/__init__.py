"""Questions: kinds, their metadata and the rules that hold for every question."""

from question_bank.questions.metadata import KeyCheck, LegalSource, Level, Metadata, level_from_words
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import SingleChoice, Stimulus, letter

__all__ = [
    "KeyCheck",
    "LegalSource",
    "Level",
    "Metadata",
    "QuestionRecord",
    "SingleChoice",
    "Stimulus",
    "letter",
    "level_from_words",
]
