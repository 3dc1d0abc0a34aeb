"""From textEntryInteraction and inlineChoiceInteraction to questions with one gap or several."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Place, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import kind_unsupported
from question_bank.formats.qti.declarations import Compared, Declaration, by_identifier, decimal_in
from question_bank.formats.qti.items import Item, against_marks, choice_weights, index_of, shares_of
from question_bank.formats.qti.names import children, classes
from question_bank.questions.checks import MAX_OPTIONS, key_missing
from question_bank.questions.cloze import Cloze, Gap
from question_bank.questions.content import NO_TEXT, Content
from question_bank.questions.fill_in import FillIn, Rules
from question_bank.questions.numeric import Number, Numeric
from question_bank.questions.question import Question
from question_bank.questions.single_choice import SingleChoice

__all__ = ["ANY_ACCENTS", "EXACT_SPACES", "INLINE", "cloze", "entry"]

INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
#: Classes of a textEntryInteraction by which our own files keep rules that QTI does not have.
ANY_ACCENTS, EXACT_SPACES = "any-accents", "exact-spaces"
_KEY = Place(field="key")


def entry(item: Item, interaction: Element, stem: Content) -> Question:
    """Return the question of an item with one textEntryInteraction."""
    question, _ = _text(item, interaction, stem, alone=True)
    return question


def cloze(item: Item, interactions: Sequence[Element], stem: Content) -> Question:
    """Return the question of an item whose interactions stand in its text; ``stem`` holds their marks."""
    gaps = [
        _text(item, one, NO_TEXT) if one.tag == "textEntryInteraction" else _inline(item, one) for one in interactions
    ]
    known = set(item.processing.mapped) | set(item.processing.compared)
    named = {one.get("responseIdentifier") for one in interactions}
    if len(gaps) > 1 and (item.processing.template or (item.processing.present and not named <= known)):
        item.warn_custom()
    worths = [worth for _, worth in gaps]
    if any(worth <= 0 for worth in worths):
        item.warn_custom()
        worths = [Fraction(1)] * len(gaps)
    factor = lcm(*(worth.denominator for worth in worths))
    whole = [int(worth * factor) for worth in worths]
    return Cloze(stem, tuple(Gap(question, weight) for (question, _), weight in zip(gaps, whole, strict=True)))


def _inline(item: Item, interaction: Element) -> tuple[SingleChoice, Fraction]:
    declaration = by_identifier(item.declarations, interaction)
    elements = children(interaction, "inlineChoice")[: MAX_OPTIONS + 1]
    identifiers = [element.get("identifier", "") for element in elements]
    if len(set(identifiers)) != len(identifiers):
        message = N_("có hai phương án cùng mã, hoặc phương án không có mã, nên không biết đáp án là phương án nào.")
        raise Refusal(error("identifiers_twice", message, Place(field="options")))
    options = tuple(item.body.content(one, field_name="options") for one in elements)
    if not declaration.correct:
        raise Refusal(key_missing())
    if len(declaration.correct) > 1:
        message = N_("câu chỉ cho chọn một phương án nhưng đáp án ghi %(count)s phương án.")
        raise Refusal(error("key_several", message, _KEY, count=len(declaration.correct)))
    key = index_of(declaration.correct[0], identifiers, options)
    compared = item.processing.compared.get(declaration.identifier, [])
    if item.processing.custom or any(one.value is not None for one in compared):
        item.warn_custom()
    worth = _worth(item, declaration, compared)
    weights = choice_weights(item, declaration, identifiers, [key], scale=worth if worth > 0 else Fraction(1))
    return SingleChoice(NO_TEXT, options, key, None, weights), worth


def _text(item: Item, interaction: Element, stem: Content, *, alone: bool = False) -> tuple[FillIn | Numeric, Fraction]:
    declaration = by_identifier(item.declarations, interaction)
    if declaration.cardinality != "single" or declaration.base_type not in ("string", "integer", "float"):
        raise Refusal(kind_unsupported(f"textEntryInteraction ({declaration.base_type} {declaration.cardinality})"))
    if item.processing.custom:
        item.warn_custom()
    as_written = alone and item.own and item.maximum is not None
    compared = [one for one in item.processing.compared.get(declaration.identifier, []) if one.worth != 0 or as_written]
    worth = _worth(item, declaration, compared)
    scale = (item.maximum if alone else None) or (worth if worth > 0 else Fraction(1))
    if declaration.base_type == "string":
        rules = classes(interaction)
        return _fill_in(item, declaration, compared, (stem, rules), scale, as_written=as_written), worth
    return _numeric(item, declaration, compared, stem, scale, as_written=as_written), worth


def _worth(item: Item, declaration: Declaration, compared: Sequence[Compared]) -> Fraction:
    """Return what the best response to one interaction earns."""
    if item.processing.maps(declaration):
        best = max(entry.value for entry in declaration.mapped)
        return min(best, declaration.upper) if declaration.upper else best
    return max((Fraction(1) if one.worth is None else one.worth for one in compared), default=Fraction(1))


def _fill_in(
    item: Item, declaration: Declaration, compared: Sequence[Compared], text: tuple[Content, set[str]],
    scale: Fraction, *, as_written: bool,
) -> FillIn:  # fmt: skip
    stem, marks = text
    rules = {"accents": ANY_ACCENTS not in marks, "spaces": EXACT_SPACES in marks}
    if item.processing.maps(declaration):
        entries = [one for one in declaration.mapped if one.value > 0 or as_written]
        if declaration.default > 0:
            item.warn_custom()
        best = max((one.value for one in entries), default=Fraction(0))
        if best <= 0:
            raise Refusal(against_marks())
        case = {one.case for one in entries if one.value == best}
        if len(case) > 1:
            message = N_(
                "có cách trả lời phân biệt chữ hoa, có cách không; hệ thống chỉ theo được một quy tắc cho câu."
            )
            raise Refusal(error("case_mixed", message, _KEY))
        if {one.case for one in entries} != case:
            message = N_("các cách trả lời được một phần điểm sẽ phân biệt chữ hoa như cách được trọn điểm.")
            item.problems.append(warning("case_mixed_partly", message, _KEY))
        all_rules = Rules(case=case.pop(), **rules)
        full = {all_rules.normal(one.key) for one in entries if one.value == best}
        if not item.own and any(all_rules.normal(value) not in full for value in declaration.correct):
            raise Refusal(against_marks())
        shares = shares_of([one.value for one in entries], scale, as_written=as_written)
        return FillIn(stem, tuple(one.key for one in entries), all_rules, None, shares)
    accepted = [form for one in compared for form in ([one.value] if one.value is not None else declaration.correct)]
    case_counts = {one.case for one in compared} or {True}
    if len(case_counts) > 1:
        item.warn_custom()
    if not accepted:
        accepted = list(declaration.correct)
    if not accepted:
        raise Refusal(key_missing())
    weights: tuple[Fraction, ...] = ()
    if compared and len(accepted) == len(compared):
        values = [scale if one.worth is None else one.worth for one in compared]
        weights = shares_of(values, scale, as_written=as_written)
    forms = tuple(accepted) if weights else tuple(dict.fromkeys(accepted))
    return FillIn(stem, forms, Rules(case=True in case_counts, **rules), None, weights)


def _numeric(
    item: Item, declaration: Declaration, compared: Sequence[Compared], stem: Content, scale: Fraction, *,
    as_written: bool,
) -> Numeric:  # fmt: skip
    if item.processing.maps(declaration):
        entries = [one for one in declaration.mapped if one.value > 0]
        numbers = [Number(decimal_in(one.key)) for one in entries]
        values = [one.value for one in entries]
    elif compared:
        numbers = [_number(item, declaration, one) for one in compared]
        values = [scale if one.worth is None else one.worth for one in compared]
    else:
        numbers = [Number(decimal_in(value)) for value in declaration.correct]
        values = [scale] * len(numbers)
    if not numbers:
        raise Refusal(key_missing())
    if declaration.correct and not item.own:
        best = [number for number, value in zip(numbers, values, strict=True) if value == max(values)]
        if not any(number.holds(decimal_in(value)) for value in declaration.correct for number in best):
            raise Refusal(against_marks())
    return Numeric(stem, tuple(numbers), None, shares_of(values, scale, as_written=as_written))


def _number(item: Item, declaration: Declaration, compared: Compared) -> Number:
    written = compared.value if compared.value is not None else next(iter(declaration.correct), None)
    if written is None:
        raise Refusal(key_missing())
    value = decimal_in(written)
    below, above = compared.tolerance
    if below != above:
        message = N_("sai số về hai phía của đáp án khác nhau; hệ thống chỉ có một sai số cho cả hai phía.")
        raise Refusal(error("tolerance_uneven", message, _KEY))
    if not compared.ends and below:
        message = N_("hai đầu của khoảng sai số vốn không được tính là đúng; từ nay chúng được tính.")
        item.problems.append(warning("tolerance_ends", message, _KEY))
    return Number(value, abs(value) * below / Decimal(100) if compared.relative else below)
