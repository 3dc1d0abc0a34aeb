"""One row as a question of its kind: what a key, a list of options and the other fields mean for each of them.

The same functions read the native form, where keys are lists and truth values, and tables, where they are words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import kind_unsupported
from question_bank.formats.keys import read_key
from question_bank.questions.checks import key_missing, letter
from question_bank.questions.cloze import GAP_KINDS, Cloze, Gap
from question_bank.questions.content import NO_TEXT, Content, content_of
from question_bank.questions.essay import Criterion, Essay, rubric_of
from question_bank.questions.fill_in import FillIn, rules_of
from question_bank.questions.matching import Matching
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.numeric import Number, Numeric, number_readings, numbers_of
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question, Stimulus, contents_of, fractions_of
from question_bank.questions.registry import KINDS
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.text import clean, fold
from question_bank.questions.true_false import TrueFalse
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = ["ARROW", "FORMS_MARK", "RowParts", "kind_of_words", "question_of"]

#: Between the two sides of a pair, and between forms or numbers that are accepted, in one cell of a table.
ARROW = " → "
FORMS_MARK = " | "
_ARROWS = re.compile(r"→|=>|⇒")
_TOLERANCE = re.compile(r"±|\+/-|\+-")
_BETWEEN = re.compile(r"[\s,;/|&+]+|\bvà\b")
_POINTS = re.compile(r"^(?P<text>.*\S)\s*\((?P<points>\d{1,4}(?:[.,]\d{1,4})?)\s*(?:điểm|đ)\)$", re.DOTALL)
_TRUTHS = {
    **dict.fromkeys(("dung", "d", "true", "t", "yes", "co", "x"), True),
    **dict.fromkeys(("sai", "s", "false", "f", "no", "khong"), False),
}
_KEY = Place(field="key")

#: Folded words for a kind beside its name and label.
_WORDS = {
    "chon mot": "single_choice", "mot lua chon": "single_choice", "single": "single_choice", "mcq": "single_choice",
    "single choice": "single_choice", "trac nghiem": "single_choice", "multiple choice": "single_choice",
    "chon nhieu": "multiple_choice", "nhieu lua chon": "multiple_choice", "multiple response": "multiple_choice",
    "multi select": "multiple_choice", "dung/sai": "true_false", "dung sai": "true_false", "true/false": "true_false",
    "true false": "true_false", "nhieu y dung/sai": "true_false_cluster", "moi y dung/sai": "true_false_cluster",
    "moi y dung sai": "true_false_cluster", "dien tu": "fill_in", "dien khuyet": "fill_in", "short answer": "fill_in",
    "fill in": "fill_in", "fill in the blank": "fill_in", "dien so": "numeric", "tra loi ngan": "fill_in",
    "numerical": "numeric", "number": "numeric", "ghep cap": "matching", "ghep noi": "matching", "noi": "matching",
    "ghep doi": "matching", "sap xep": "ordering", "sap thu tu": "ordering", "order": "ordering",
    "tu luan": "essay", "open ended": "essay",
}  # fmt: skip
_LABELS = {fold(kind.label): name for name, kind in KINDS.items()}


@dataclass(frozen=True)
class RowParts:
    """What one row says about its question, before its kind is known to fit."""

    stem: Content
    options: tuple[Content, ...]
    key: object
    stimulus: Stimulus | None = None
    #: Fields that only some kinds have: answers, weights, rules, gaps, rubric, guide.
    extras: Mapping[str, object] = field(default_factory=dict)
    #: How single keys are written, and where numbers start; see ``keys.read_key``.
    style: str = "auto"
    base: int | None = None


def kind_of_words(words: str) -> str | None:
    """Return the kind meant by its name, its Vietnamese label or another usual word; None for none of them."""
    if not words:
        return SingleChoice.kind
    if words in KINDS:
        return words
    folded = fold(words).replace("-", " ").strip(" .:")
    return _LABELS.get(folded) or _WORDS.get(folded) or (folded if folded in KINDS else None)


def question_of(kind: str, parts: RowParts) -> Question:
    """Return the question of a row; raises Refusal with the reason when its fields do not fit its kind."""
    maker = _MAKERS.get(kind)
    if maker is None:
        raise Refusal(kind_unsupported(kind))
    try:
        return maker(parts)
    except InvalidSpec as wrong:
        message = N_("các trường của câu loại “%(kind)s” không đúng dạng; hãy ghi lại theo mẫu của loại câu này.")
        raise Refusal(error("fields_wrong", message, kind=KINDS[kind].label, reason=str(wrong))) from wrong


def _single_choice(parts: RowParts) -> Question:
    key = read_key(parts.key, parts.options, parts.style, parts.base)
    return SingleChoice(parts.stem, parts.options, key, parts.stimulus, _weights(parts))


def _multiple_choice(parts: RowParts) -> Question:
    value = parts.key
    if isinstance(value, str):
        written = clean(value)
        several = written if re.fullmatch(r"[A-Ja-j]{2,10}", written) else _BETWEEN.split(written)
        value = [one for one in several if one]
    if isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    if not value or not isinstance(value, list):
        raise Refusal(key_missing())
    if len(value) == len(parts.options) and all(isinstance(one, bool) for one in value):
        key = [index for index, right in enumerate(value) if right]
        if not key:
            raise Refusal(key_missing())
    else:
        key = [read_key(one, parts.options, parts.style, parts.base) for one in value]
    return MultipleChoice(parts.stem, parts.options, tuple(key), parts.stimulus, _weights(parts))


def _true_false(parts: RowParts) -> Question:
    value = parts.key
    if parts.options:
        meanings = [_truth(option) for option in parts.options]
        if sorted(map(str, meanings)) != ["False", "True"]:
            message = N_("câu đúng hay sai chỉ có hai phương án “Đúng” và “Sai”; hãy bỏ các phương án khác.")
            raise Refusal(error("true_false_options", message, Place(field="options")))
        if isinstance(value, str) and _truth(value) is None:
            value = meanings[read_key(value, parts.options, parts.style, parts.base)]
    truth = _truth(value)
    if truth is None:
        if value in (None, "", []):
            raise Refusal(key_missing())
        raise Refusal(_no_truth(value))
    return TrueFalse(parts.stem, truth, parts.stimulus)


def _cluster(parts: RowParts) -> Question:
    value = parts.key
    if isinstance(value, str):
        words = clean(value)
        letters = re.fullmatch(r"[ĐSđsTFtf]{2,10}", words)
        value = list(words) if letters else [one for one in re.split(r"[\s,;/|]+", words) if one]
    if not value or not isinstance(value, list):
        raise Refusal(key_missing())
    truths = [_truth(one) for one in value]
    wrong = next((one for one, truth in zip(value, truths, strict=True) if truth is None), None)
    if wrong is not None:
        raise Refusal(_no_truth(wrong))
    return TrueFalseCluster(parts.stem, parts.options, tuple(map(bool, truths)), parts.stimulus)


def _fill_in(parts: RowParts) -> Question:
    value = parts.key
    forms = [str(value)] if isinstance(value, int | float) and not isinstance(value, bool) else value
    if isinstance(forms, str):
        forms = forms.split("|")
    if not isinstance(forms, list) or not all(isinstance(form, str) for form in forms):
        raise Refusal(key_missing())
    weights = _weights(parts)
    filled = [place for place, form in enumerate(forms) if clean(form)]
    if len(weights) == len(forms):
        weights = tuple(weights[place] for place in filled)
    accepted = tuple(forms[place] for place in filled)
    return FillIn(parts.stem, accepted, rules_of(parts.extras.get("rules")), parts.stimulus, weights)


def _numeric(parts: RowParts) -> Question:
    value = parts.key
    if isinstance(value, list):
        numbers = numbers_of(value)
    else:
        written = "" if value is None or isinstance(value, bool) else clean(str(value))
        numbers = tuple(_number(one) for one in written.split("|") if one.strip())
    return Numeric(parts.stem, numbers, parts.stimulus, _weights(parts))


def _number(written: str) -> Number:
    halves = [number_readings(half) for half in _TOLERANCE.split(written, maxsplit=1)]
    if any(len(readings) != 1 for readings in halves):
        message = N_("“%(written)s” không phải một số viết rõ, ví dụ: 3,14 hoặc 3,14 ± 0,01.")
        if any(len(readings) > 1 for readings in halves):
            message = N_("“%(written)s” có thể hiểu là hai số khác nhau; hãy viết không có dấu phân nhóm.")
        raise Refusal(error("number_unreadable", message, _KEY, written=written[:80]))
    return Number(halves[0][0], halves[1][0] if len(halves) > 1 else Decimal(0))


def _matching(parts: RowParts) -> Question:
    if "answers" in parts.extras:
        answers = contents_of(parts.extras["answers"])
        key = parts.key if isinstance(parts.key, list) else []
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in key):
            raise InvalidSpec("the key must be a list of numbers of answers, counted from 1")
        return Matching(parts.stem, parts.options, answers, tuple(one - 1 for one in key), parts.stimulus)
    _without_key(parts)
    pairs = [[side.strip() for side in _ARROWS.split(option, maxsplit=1)] for option in parts.options]
    alone = next((letter(index) for index, pair in enumerate(pairs) if len(pair) != 2), None)
    if alone is not None:
        message = N_("phương án %(letter)s chưa có dấu “→” giữa hai vế cần ghép.")
        raise Refusal(error("pair_without_arrow", message, Place(field="options"), letter=alone))
    right = list(dict.fromkeys(pair[1] for pair in pairs))
    prompts = [(left, right.index(answer)) for left, answer in pairs if left]
    texts = tuple(content_of(left) for left, _ in prompts)
    answers = tuple(content_of(answer) for answer in right)
    return Matching(parts.stem, texts, answers, tuple(index for _, index in prompts), parts.stimulus)


def _without_key(parts: RowParts) -> None:
    """Refuse a key where the order or the pairs themselves are the right answer: it could say something else."""
    if parts.key not in (None, "", []):
        message = N_("câu loại này không ghi đáp án riêng: hãy ghi các mục theo thứ tự đúng, các cặp đã ghép đúng.")
        raise Refusal(error("key_not_needed", message, _KEY))


def _ordering(parts: RowParts) -> Question:
    _without_key(parts)
    return Ordering(parts.stem, parts.options, parts.stimulus)


def _cloze(parts: RowParts) -> Question:
    gaps = parts.extras.get("gaps")
    if not isinstance(gaps, list) or not all(isinstance(gap, Mapping) for gap in gaps):
        raise InvalidSpec("gaps must be a list of objects")
    return Cloze(parts.stem, tuple(_gap(gap) for gap in gaps), parts.stimulus)


def _gap(values: Mapping[str, object]) -> Gap:
    kind, weight = str(values.get("kind")), values.get("weight", 1)
    if kind not in GAP_KINDS or not isinstance(weight, int) or isinstance(weight, bool):
        raise InvalidSpec("a gap must be a word, a number or a choice")
    options = contents_of(values.get("options", []))
    extras = {name: values[name] for name in ("weights", "rules") if name in values}
    inner = question_of(kind, RowParts(NO_TEXT, options, values.get("key"), None, extras, "letter"))
    assert isinstance(inner, FillIn | Numeric | SingleChoice)
    return Gap(inner, weight)


def _essay(parts: RowParts) -> Question:
    guide = Content.from_json(parts.extras.get("guide", ""))
    if "rubric" in parts.extras:
        rubric = rubric_of(parts.extras["rubric"])
    else:
        rubric = tuple(_criterion(index, option) for index, option in enumerate(parts.options))
    if parts.key not in (None, "", []) and not guide:
        guide = content_of(str(parts.key))
    return Essay(parts.stem, rubric, guide, parts.stimulus)


def _criterion(index: int, option: Content) -> Criterion:
    written = _POINTS.match(option)
    if written is None:
        message = N_("tiêu chí %(letter)s chưa ghi điểm ở cuối, ví dụ: “Nêu đúng khái niệm (2 điểm)”.")
        raise Refusal(error("criterion_without_points", message, Place(field="options"), letter=letter(index)))
    return Criterion(content_of(written["text"]), Decimal(written["points"].replace(",", ".")))


def _weights(parts: RowParts) -> tuple[Fraction, ...]:
    return fractions_of(parts.extras.get("weights"))


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return _TRUTHS.get(fold(value).strip(" .:)")) if isinstance(value, str) else None


def _no_truth(value: object) -> Problem:
    message = N_("đáp án “%(written)s” không phải Đúng hoặc Sai.")
    return error("truth_unknown", message, _KEY, written=str(value)[:80])


_MAKERS: Mapping[str, Callable[[RowParts], Question]] = {
    "true_false": _true_false,
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false_cluster": _cluster,
    "fill_in": _fill_in,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
}
