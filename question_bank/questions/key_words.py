"""The right answer of any kind in one text, for people: "B", "A, C", "Đúng", "3,14 ± 0,01", "thủ đô | kinh đô"."""

from decimal import Decimal

from question_bank.questions.checks import letter
from question_bank.questions.cloze import Cloze, gap_mark
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import FillIn
from question_bank.questions.matching import Matching
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.numeric import Number, Numeric
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.true_false import TrueFalse
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = ["decimal_words", "key_words", "number_words", "truth_word"]


def key_words(question: Question) -> str:
    """Return the key as people write it; empty where there is none to write (an essay without rubric)."""
    match question:
        case SingleChoice(key=key):
            return letter(key) if 0 <= key < len(question.options) else ""
        case MultipleChoice(key=key):
            return ", ".join(letter(index) for index in key)
        case TrueFalse(key=key):
            return truth_word(key)
        case TrueFalseCluster(key=key):
            return ", ".join(f"{letter(index)} {truth_word(right)}" for index, right in enumerate(key))
        case FillIn(accepted=accepted):
            return " | ".join(accepted)
        case Numeric(accepted=accepted):
            return " | ".join(number_words(number) for number in accepted)
        case Matching(key=key):
            pairs = zip(question.prompts, key, strict=False)
            return "; ".join(f"{prompt} → {question.answers[index]}" for prompt, index in pairs)
        case Ordering(items=items):
            return " → ".join(items)
        case Cloze(gaps=gaps):
            return "; ".join(f"{gap_mark(number)} {key_words(gap.question)}" for number, gap in enumerate(gaps, 1))
        case Essay(rubric=rubric):
            return "; ".join(f"{one.text} ({decimal_words(one.points)} điểm)" for one in rubric)
    return ""


def truth_word(right: bool) -> str:
    """Return "Đúng" or "Sai"."""
    return "Đúng" if right else "Sai"


def number_words(number: Number) -> str:
    """Return a number with its tolerance as Vietnamese readers write them: 3,14 ± 0,01."""
    words = decimal_words(number.value)
    return f"{words} ± {decimal_words(number.tolerance)}" if number.tolerance else words


def decimal_words(number: Decimal) -> str:
    """Return a number with a decimal comma and nothing between its digits.

    Three decimals get a zero behind: "1,000" could be read as a thousand.
    """
    written = format(number, "f").replace(".", ",")
    return f"{written}0" if len(written.partition(",")[2]) == 3 else written
