"""What stands between the braces of a GIFT question: which kind it is, its options and its key.

As Moodle reads it: a tilde makes a choice, an arrow a matching, a number sign a number, ``=`` alone accepted forms.
Where two keys could be meant the question is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import kind_unsupported
from question_bank.formats.gift.text import Notes, split_format, text_read, unprotect
from question_bank.formats.weights import fraction_of_percent, percent_text, plain_weights
from question_bank.questions.checks import MAX_OPTIONS, key_missing, letter
from question_bank.questions.content import Content
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import MAX_ACCEPTED, FillIn
from question_bank.questions.matching import MAX_ANSWERS, Matching
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.numeric import Number, Numeric, number_readings
from question_bank.questions.question import Question
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.true_false import TrueFalse

__all__ = ["question_of"]

_KEY = Place(field="key")
#: Beyond these nothing is looked at one by one: so many answers are refused whatever they say.
_MOST_ANSWERS = MAX_OPTIONS + max(MAX_ACCEPTED, MAX_ANSWERS)
_ANSWER = re.compile(r"[=~][^=~]*")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:[.,]\d{1,10})?)%")
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?")
_WILDCARD = re.compile(r"(?<!\\)\*")
#: HTML whose signs were not escaped: the sign between a name and its value would begin an answer.
_ATTRIBUTE = re.compile(r"[A-Za-z]=[\"']")
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True)
class _Answer:
    """One answer as it stands there, still protected."""

    #: "=", "~", or "" for what stands before the first sign.
    sign: str
    text: str
    weight: Fraction | None
    feedback: bool


def question_of(stem: Content, answers: str, default: str, notes: Notes) -> Question:
    """Return the question of a stem and the protected text between its braces, without the general feedback.

    ``default`` is the format of the stem, which the answers take over. Raises Refusal with the reason.
    """
    if not answers:
        return Essay(stem)
    if answers.startswith("#"):
        return _numeric(stem, answers[1:], notes)
    if answers.startswith(">"):
        raise Refusal(kind_unsupported("ordering"))
    if _ATTRIBUTE.search(answers):
        message = N_("phần đáp án có dấu = trong thẻ HTML; hãy viết \\= để nó không thành dấu mở một đáp án.")
        raise Refusal(error("gift_equals", message, _KEY))
    if "~" in answers:
        return _choice(stem, _split(answers), default, notes)
    if "=" in answers and "->" in answers:
        return _matching(stem, answers, default, notes)
    word = answers.partition("#")[0].strip()
    if word in _TRUTHS:
        _feedback(any(part.strip() for part in answers.split("#")[1:]), notes)
        return TrueFalse(stem, _TRUTHS[word])
    if word.upper() in _TRUTHS:
        message = N_("“{%(written)s}” có thể là Đúng/Sai hoặc là chữ phải điền; hãy ghi {TRUE}, {FALSE} hoặc {=…}.")
        raise Refusal(error("truth_unknown", message, _KEY, written=word))
    return _fill_in(stem, _split(answers), notes)


def _split(text: str) -> list[_Answer]:
    """Return the answers of a text in which each begins with its sign."""
    first = re.match(r"[^=~]*", text)
    before = first.group().strip() if first else ""
    found = [_answer("", before)] if before else []
    for match in _ANSWER.finditer(text, first.end() if first else 0):
        if len(found) > _MOST_ANSWERS:
            raise Refusal(_too_many())
        found.append(_answer(match.group()[0], match.group()[1:]))
    return found


def _too_many() -> Problem:
    message = N_("câu có hơn %(limit)s đáp án; hãy xem lại các dấu = và ~.")
    return error("options_too_many", message, Place(field="options"), limit=_MOST_ANSWERS)


def _answer(sign: str, written: str) -> _Answer:
    text = written.strip()
    percent = _WEIGHT.match(text)
    weight = fraction_of_percent(percent.group(1)) if percent else None
    if percent:
        text = text[percent.end() :]
    text, _, feedback = text.partition("#")
    return _Answer(sign, text.strip(), weight, bool(feedback.strip()))


def _feedback(there: bool, notes: Notes) -> None:
    if there:
        message = N_("không giữ lời nhận xét riêng của từng đáp án.")
        notes.add(warning("feedback_left_out", message, Place(field="options")))


def _choice(stem: Content, answers: list[_Answer], default: str, notes: Notes) -> Question:
    _feedback(any(answer.feedback for answer in answers), notes)
    options = tuple(
        text_read(answer.text, default, notes, f"option_{letter(index).lower()}" if index < MAX_OPTIONS else "options")
        for index, answer in enumerate(answers)
    )
    best = [index for index, answer in enumerate(answers) if answer.sign == "="]
    if not best:
        return _multiple(stem, options, [answer.weight or Fraction(0) for answer in answers], notes)
    if any(answers[index].weight not in (None, 1) for index in best):
        message = N_(
            "có đáp án vừa ghi dấu = vừa ghi tỉ lệ %%; dùng = cho đáp án đúng, ~%%…%% cho đáp án đúng một phần."
        )
        raise Refusal(error("gift_equals_percent", message, _KEY))
    weights = tuple(Fraction(1) if answer.sign == "=" else answer.weight or Fraction(0) for answer in answers)
    right = [index for index, weight in enumerate(weights) if weight >= 1]
    if len(right) > 1:
        message = N_("ghi “%(written)s”: câu một lựa chọn chỉ có một đáp án đúng.")
        written = ", ".join(letter(index) if index < MAX_OPTIONS else str(index + 1) for index in right[:MAX_OPTIONS])
        raise Refusal(error("key_more_than_one", message, _KEY, written=written))
    paid = any(weight for index, weight in enumerate(weights) if index != best[0])
    return SingleChoice(stem, options, best[0], None, weights if paid else ())


def _multiple(stem: Content, options: tuple[Content, ...], weights: list[Fraction], notes: Notes) -> Question:
    """Return a choice without ``=``: several may be chosen, those that are worth something are right."""
    key = tuple(index for index, weight in enumerate(weights) if weight > 0)
    if not key:
        raise Refusal(key_missing())
    total = sum(weights[index] for index in key)
    if total != 1:
        message = N_("tỉ lệ điểm của các phương án đúng cộng lại được %(sum)s%%, không phải 100%%; hãy xem lại.")
        notes.add(warning("weights_sum", message, _KEY, sum=percent_text(Fraction(total))))
    own = () if tuple(weights) == plain_weights(key, len(options)) else tuple(weights)
    return MultipleChoice(stem, options, key, None, own)


def _matching(stem: Content, text: str, default: str, notes: Notes) -> Question:
    prompts: list[Content] = []
    answers: dict[str, tuple[int, Content]] = {}
    key: list[int] = []
    if text.count("=") > _MOST_ANSWERS:
        raise Refusal(_too_many())
    pairs = [pair for pair in text.split("=") if pair.strip()]
    for number, pair in enumerate(pairs, 1):
        left, arrow, right = pair.partition("->")
        if not arrow:
            message = N_("cặp thứ %(number)s chưa có dấu “->” giữa hai vế cần ghép.")
            raise Refusal(error("pair_without_arrow", message, Place(field="options"), number=number))
        # Moodle shows what stands on the right as it is written, so no format is taken over from the question.
        answer = text_read(right, "plain", notes, "answers")
        place = answers.setdefault(answer.identity, (len(answers), answer))[0]
        if left.strip():
            prompts.append(text_read(left, default, notes, "options"))
            key.append(place)
    return Matching(stem, tuple(prompts), tuple(answer for _, answer in answers.values()), tuple(key))


def _fill_in(stem: Content, answers: list[_Answer], notes: Notes) -> Question:
    kept = list(_without_rest(answers, notes))
    forms = []
    for answer in kept:
        form = unprotect(split_format(answer.text, "plain")[1])
        if _WILDCARD.search(form):
            message = N_("đáp án “%(written)s” có dấu * thay cho chữ bất kỳ; hãy ghi đủ các cách trả lời.")
            raise Refusal(error("answer_wildcard", message, _KEY, written=form[:80]))
        forms.append(form.replace("\\*", "*"))
    return FillIn(stem, tuple(forms), weights=_weights(kept, notes))


def _numeric(stem: Content, text: str, notes: Notes) -> Question:
    text, tilde, rest = text.partition("~")
    answers = list(_without_rest(_split(text), notes))
    _feedback(bool(tilde and rest.strip(" #\n")), notes)
    numbers = tuple(_number(unprotect(answer.text)) for answer in answers)
    return Numeric(stem, numbers, weights=_weights(answers, notes))


def _without_rest(answers: list[_Answer], notes: Notes) -> Iterator[_Answer]:
    """Give the answers but a last ``*`` that is worth nothing: it only says something to all who are wrong."""
    _feedback(any(answer.feedback for answer in answers), notes)
    for place, answer in enumerate(answers):
        if not (answer.text == "*" and answer.weight == 0 and place == len(answers) - 1):
            yield answer


def _weights(answers: list[_Answer], notes: Notes) -> tuple[Fraction, ...]:
    weights = tuple(Fraction(1) if answer.weight is None else answer.weight for answer in answers)
    if weights and max(weights) < 1:
        message = N_("không đáp án nào được 100%% số điểm, nên không ai đạt điểm tối đa; hãy xem lại.")
        notes.add(warning("weights_sum", message, _KEY))
    return weights if any(weight != 1 for weight in weights) else ()


def _number(written: str) -> Number:
    """Return the number of "3", "3:0.1" or "2.9..3.1"; raises Refusal for what is none of them."""
    low, dots, high = written.partition("..")
    if dots:
        with localcontext() as context:
            context.prec = 200
            middle = (_decimal(low, written) + _decimal(high, written)) / 2
            return Number(middle, _decimal(high, written) - middle)
    value, colon, tolerance = written.partition(":")
    return Number(_decimal(value, written), _decimal(tolerance, written) if colon else Decimal(0))


def _decimal(part: str, written: str) -> Decimal:
    text = part.strip()
    # With a point it is read as Moodle does; a comma only where it can be nothing but a decimal mark.
    readings = (Decimal(text),) if _NUMBER.fullmatch(text) else number_readings(text)
    if len(readings) != 1:
        message = N_("“%(written)s” không rõ là số nào; hãy viết như 3.14, 3.14:0.01 hoặc 3.1..3.2.")
        raise Refusal(error("number_unreadable", message, _KEY, written=written.strip()[:80]))
    return readings[0]
