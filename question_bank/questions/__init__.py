"""Questions: kinds, their texts and metadata, and the rules that hold for every question."""

from question_bank.questions.checks import letter
from question_bank.questions.cloze import Cloze, Gap
from question_bank.questions.content import Content
from question_bank.questions.essay import Criterion, Essay
from question_bank.questions.fill_in import FillIn, Rules
from question_bank.questions.matching import Matching
from question_bank.questions.metadata import (
    Difficulty,
    KeyCheck,
    LegalSource,
    Level,
    Measured,
    Metadata,
    level_from_words,
)
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.numeric import Number, Numeric
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question, Stimulus
from question_bank.questions.record import QuestionRecord, stimulus_groups
from question_bank.questions.registry import KINDS, question_from_json
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.true_false import TrueFalse
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = [
    "KINDS",
    "Cloze",
    "Content",
    "Criterion",
    "Difficulty",
    "Essay",
    "FillIn",
    "Gap",
    "KeyCheck",
    "LegalSource",
    "Level",
    "Matching",
    "Measured",
    "Metadata",
    "MultipleChoice",
    "Number",
    "Numeric",
    "Ordering",
    "Question",
    "QuestionRecord",
    "Rules",
    "SingleChoice",
    "Stimulus",
    "TrueFalse",
    "TrueFalseCluster",
    "letter",
    "level_from_words",
    "question_from_json",
    "stimulus_groups",
]
