"""Fractions and accepted answers as Moodle has them: for whole questions and for the gaps of a cloze alike."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.weights import fraction_of_percent, moodle_percent, percent_text, plain_weights
from question_bank.questions import Content, FillIn, MultipleChoice, Number, Numeric, Rules, SingleChoice
from question_bank.questions.checks import letter
from question_bank.questions.numeric import number_readings

__all__ = ["Answer", "fill_in", "fraction_of", "multiple_choice", "numeric", "percentages", "single_choice"]

_KEY = Place(field="key")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_WILDCARD = re.compile(r"(?<!\\)\*")
_ONE = Fraction(1)

#: What is written of an answer, what it is worth, and how far a number may lie from it.
Answer = tuple[str, Fraction, str]
#: Takes a problem of the question that is being read.
Note = Callable[[Problem], None]


@lru_cache(256)
def fraction_of(written: str | None) -> Fraction:
    """Return what an answer is worth; raises Refusal for what is no percentage."""
    worth = fraction_of_percent(written) if written and written.strip() else Fraction(0)
    if worth is None:
        message = N_("tỉ lệ điểm “%(written)s” không đọc được; hãy sửa trong Moodle rồi xuất lại.")
        raise Refusal(error("fraction_unreadable", message, _KEY, written=(written or "")[:40]))
    return worth


def single_choice(stem: Content, options: Sequence[Content], weights: Sequence[Fraction]) -> SingleChoice:
    """Return the question whose one right option is worth everything; raises Refusal when there is not one."""
    best = [index for index, weight in enumerate(weights) if weight == 1]
    if len(best) > 1:
        message = N_("ghi “%(written)s”: câu một lựa chọn chỉ có một đáp án đúng.")
        raise Refusal(error("key_more_than_one", message, _KEY, written=", ".join(map(_letter, best))))
    if not best:
        raise Refusal(_nothing_right())
    kept = tuple(weights) if any(weight for index, weight in enumerate(weights) if index != best[0]) else ()
    return SingleChoice(stem, tuple(options), best[0], None, kept)


def multiple_choice(
    stem: Content, options: Sequence[Content], weights: Sequence[Fraction], note: Note
) -> MultipleChoice:
    """Return the question whose right options are those that earn something."""
    key = tuple(index for index, weight in enumerate(weights) if weight > 0)
    total = sum((weights[index] for index in key), Fraction(0))
    if key and total != 1:
        message = N_("tỉ lệ điểm của các phương án đúng cộng lại được %(sum)s%%, không phải 100%%; hãy xem lại.")
        note(warning("weights_sum", message, _KEY, sum=percent_text(total)))
    kept = () if tuple(weights) == plain_weights(key, len(options)) else tuple(weights)
    return MultipleChoice(stem, tuple(options), key, None, kept)


def fill_in(stem: Content, answers: Sequence[Answer], case: bool, note: Note) -> FillIn:
    """Return the question of some accepted forms; raises Refusal for wildcards, which stand for any text."""
    kept = _worth_something(answers, note)
    for text, _, _ in kept:
        if _WILDCARD.search(text):
            message = N_("đáp án “%(written)s” có dấu * thay cho chữ bất kỳ; hãy ghi đủ các cách trả lời.")
            raise Refusal(error("answer_wildcard", message, _KEY, written=text[:80]))
    forms = tuple(text.replace("\\*", "*") for text, _, _ in kept)
    return FillIn(stem, forms, Rules(case=case), None, _weights(kept))


def numeric(stem: Content, answers: Sequence[Answer], note: Note) -> Numeric:
    """Return the question of some accepted numbers; raises Refusal for what is none."""
    kept = _worth_something(answers, note)
    numbers = tuple(Number(_number(text), _number(tolerance or "0")) for text, _, tolerance in kept)
    return Numeric(stem, numbers, None, _weights(kept))


def percentages(question: SingleChoice | MultipleChoice | FillIn | Numeric) -> tuple[list[str], bool]:
    """Return what each answer is worth as Moodle takes it, and whether the weights are among that."""
    plain = _plain(question)
    weights = question.weights or plain
    if weights != plain and not _moodle_takes(question, weights):
        return [moodle_percent(weight)[0] for weight in plain], False
    return [moodle_percent(weight)[0] for weight in weights], True


def _plain(question: SingleChoice | MultipleChoice | FillIn | Numeric) -> tuple[Fraction, ...]:
    if isinstance(question, MultipleChoice):
        return plain_weights(question.key, len(question.options))
    if isinstance(question, SingleChoice):
        return tuple(Fraction(index == question.key) for index in range(len(question.options)))
    return (_ONE,) * len(question.accepted)


def _moodle_takes(question: SingleChoice | MultipleChoice | FillIn | Numeric, weights: Sequence[Fraction]) -> bool:
    """Say whether Moodle would import these weights, and whether they mean the key that the question has."""
    if not all(moodle_percent(weight)[1] for weight in weights):
        return False
    if isinstance(question, MultipleChoice):
        right = tuple(index for index, weight in enumerate(weights) if weight > 0)
        return right == question.key and sum(weights[index] for index in right) == 1
    if isinstance(question, SingleChoice):
        return [index for index, weight in enumerate(weights) if weight == 1] == [question.key]
    return len(weights) == len(question.accepted) and 1 in weights and all(weight > 0 for weight in weights)


def _worth_something(answers: Sequence[Answer], note: Note) -> list[Answer]:
    """Return the answers that earn anything; the others are named, but "*", which only means "anything else"."""
    kept = [answer for answer in answers if answer[1] > 0]
    dropped = [text for text, worth, _ in answers if worth < 0 or (worth == 0 and text not in ("", "*"))]
    if dropped:
        message = N_("các câu trả lời được 0 điểm hoặc bị trừ điểm không được giữ: %(answers)s.")
        note(warning("answers_without_marks", message, _KEY, answers="; ".join(one[:60] for one in dropped[:10])))
    if not any(worth == 1 for _, worth, _ in kept):
        raise Refusal(_nothing_right())
    return kept


def _weights(answers: Sequence[Answer]) -> tuple[Fraction, ...]:
    weights = tuple(worth for _, worth, _ in answers)
    return weights if any(weight != 1 for weight in weights) else ()


def _number(written: str) -> Decimal:
    text = written.strip()
    readings = (Decimal(text),) if len(text) < 80 and _NUMBER.fullmatch(text) else number_readings(text)
    if len(readings) != 1:
        message = N_("“%(written)s” không rõ là số nào; hãy sửa trong Moodle rồi xuất lại.")
        raise Refusal(error("number_unreadable", message, _KEY, written=text[:80]))
    return readings[0]


def _nothing_right() -> Problem:
    return error("key_missing", N_("chưa có đáp án: không câu trả lời nào được 100%% điểm."), _KEY)


def _letter(index: int) -> str:
    return letter(index) if index < 26 else str(index + 1)
