"""Every kind of question by its name: the one list that readers, writers and pages go by."""

from collections.abc import Mapping

from question_bank.errors import InvalidSpec
from question_bank.questions.cloze import Cloze
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import FillIn
from question_bank.questions.matching import Matching
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.numeric import Numeric
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.true_false import TrueFalse
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = ["KINDS", "question_from_json"]

KINDS: Mapping[str, type[Question]] = {
    kind.kind: kind
    for kind in (
        TrueFalse,
        SingleChoice,
        MultipleChoice,
        TrueFalseCluster,
        FillIn,
        Numeric,
        Matching,
        Ordering,
        Cloze,
        Essay,
    )
}


def question_from_json(content: Mapping[str, object], key: Mapping[str, object]) -> Question:
    """Return the question whose two halves these are; raises InvalidSpec for an unknown kind or a broken half."""
    kind = KINDS.get(str(content.get("kind")))
    if kind is None:
        raise InvalidSpec(f"no such kind of question: {str(content.get('kind'))[:40]}")
    return kind.from_json(content, key)
