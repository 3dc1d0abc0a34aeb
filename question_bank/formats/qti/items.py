"""From the interactions of a QTI item to a question of ours: choices, orders, pairs; texts are in ``qti.entries``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import kind_unsupported
from question_bank.formats.qti.body import Body
from question_bank.formats.qti.declarations import Declaration, Processing, by_identifier
from question_bank.formats.qti.names import children
from question_bank.questions.checks import MAX_OPTIONS, key_missing, key_out_of_range
from question_bank.questions.content import Content
from question_bank.questions.matching import MAX_ANSWERS, Matching
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.text import fold
from question_bank.questions.true_false import TrueFalse
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = ["BLOCKS", "Item", "against_marks", "choice_weights", "index_of", "shares_of"]

#: The words of the two options of our true/false questions and of those of most programs.
_TRUTHS = {"true": ("dung", "true"), "false": ("sai", "false")}
_KEY = Place(field="key")
_FULL = Fraction(1)


@dataclass
class Item:
    """What the readers of interactions share."""

    body: Body
    declarations: Mapping[str, Declaration]
    processing: Processing
    #: What the best response earns, where the item says it.
    maximum: Fraction | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def own(self) -> bool:
        """Say whether our own writer made the item."""
        return self.body.exact

    def warn_custom(self) -> None:
        """Say once that marks are given in a way of the item's own."""
        if all(problem.code != "processing_custom" for problem in self.problems):
            message = N_("cách chấm riêng của câu này không đọc được; chỉ giữ đáp án, câu sẽ được chấm như thường lệ.")
            self.problems.append(warning("processing_custom", message, _KEY))


def choice(item: Item, interaction: Element, stem: Content) -> Question:
    """Return the single choice, multiple choice or true/false question of a choiceInteraction."""
    declaration = by_identifier(item.declarations, interaction)
    elements = _elements(interaction, "simpleChoice", MAX_OPTIONS)
    identifiers = _identifiers(elements)
    options = tuple(item.body.content(one, field_name="options") for one in elements)
    key = [index_of(value, identifiers, options) for value in declaration.correct]
    if not key:
        raise Refusal(key_missing())
    _check_comparisons(item, declaration)
    _warn_fixed(item, interaction, elements, options)
    truths = [_truth(identifier, option) for identifier, option in zip(identifiers, options, strict=True)]
    if sorted(map(str, truths)) == ["False", "True"] and len(key) == 1 and declaration.cardinality == "single":
        return TrueFalse(stem, truths[key[0]] is True)
    most = interaction.get("maxChoices", "1")
    if declaration.cardinality == "multiple" and (most != "1" or len(key) > 1):
        _warn_limits(item, interaction, len(options))
        weights = choice_weights(item, declaration, identifiers, key, several=True)
        return MultipleChoice(stem, options, tuple(key), None, weights)
    if declaration.cardinality not in ("single", "multiple"):
        raise Refusal(kind_unsupported(f"choiceInteraction ({declaration.cardinality})"))
    if len(key) > 1:
        message = N_("câu chỉ cho chọn một phương án nhưng đáp án ghi %(count)s phương án.")
        raise Refusal(error("key_several", message, _KEY, count=len(key)))
    weights = choice_weights(item, declaration, identifiers, key)
    return SingleChoice(stem, options, key[0], None, weights)


def choice_weights(
    item: Item, declaration: Declaration, identifiers: Sequence[str], key: Sequence[int], *, several: bool = False,
    scale: Fraction | None = None,
) -> tuple[Fraction, ...]:  # fmt: skip
    """Return what each option is worth; nothing where the key says it all.

    Raises Refusal when the mapping gives the marks of the key to other options.
    """
    if not item.processing.maps(declaration):
        return ()
    earned = {entry.key: entry.value for entry in declaration.mapped}
    values = [earned.get(identifier, declaration.default) for identifier in identifiers]
    paid = [index for index, value in enumerate(values) if value > 0]
    best = sum((values[index] for index in paid), Fraction(0)) if several else max(values)
    kept_as_written = item.own and item.maximum is not None
    if not kept_as_written:
        right = paid if several else [index for index, value in enumerate(values) if value == best]
        if best <= 0 or sorted(set(key)) != right:
            raise Refusal(against_marks())
    best = min(best, declaration.upper) if declaration.upper and not kept_as_written else best
    weights = tuple(value / (scale or item.maximum or best) for value in values)
    if kept_as_written:
        return weights
    if sum(weight for weight in weights if weight > 0) <= 1 or not several:
        # Whoever loses everything cannot lose more.
        weights = tuple(max(weight, -_FULL) for weight in weights)
    lost = -Fraction(1, len(key)) if several else Fraction(0)
    plain = tuple(Fraction(1, len(key)) if index in key else lost for index in range(len(values)))
    return () if weights == plain else weights


def shares_of(values: Sequence[Fraction], scale: Fraction, *, as_written: bool) -> tuple[Fraction, ...]:
    """Return marks of accepted answers as shares of the whole; nothing when each is worth all of it."""
    shares = tuple(value / scale for value in values)
    return shares if as_written or any(share != 1 for share in shares) else ()


def order(item: Item, interaction: Element, stem: Content) -> Question:
    """Return the ordering question of an orderInteraction."""
    declaration = by_identifier(item.declarations, interaction)
    elements = _elements(interaction, "simpleChoice", MAX_OPTIONS)
    identifiers = _identifiers(elements)
    items = tuple(item.body.content(one, field_name="options") for one in elements)
    if not declaration.correct:
        raise Refusal(key_missing())
    right = [index_of(value, identifiers, items) for value in declaration.correct]
    if sorted(right) != list(range(len(items))):
        message = N_("đáp án không xếp đủ mọi mục, mỗi mục một lần; loại sắp thứ tự của hệ thống cần xếp đủ.")
        raise Refusal(error("order_incomplete", message, _KEY))
    _check_comparisons(item, declaration)
    if item.processing.maps(declaration):
        item.warn_custom()
    return Ordering(stem, tuple(items[index] for index in right))


def match(item: Item, interaction: Element, stem: Content) -> Question:
    """Return the matching question or true/false cluster of a matchInteraction."""
    declaration = by_identifier(item.declarations, interaction)
    sets = children(interaction, "simpleMatchSet")
    if len(sets) != 2:
        raise Refusal(kind_unsupported("matchInteraction"))
    left = _elements(sets[0], "simpleAssociableChoice", MAX_OPTIONS)
    right = _elements(sets[1], "simpleAssociableChoice", MAX_ANSWERS)
    sources, targets = _identifiers(left), _identifiers(right)
    if not declaration.correct:
        raise Refusal(key_missing())
    prompts = tuple(item.body.content(one, field_name="options") for one in left)
    answers = tuple(item.body.content(one, field_name="answers") for one in right)
    pairs: dict[int, int] = {}
    for value in declaration.correct:
        ends = value.split()
        if len(ends) != 2:
            raise Refusal(key_out_of_range(value[:80], prompts))
        source, target = index_of(ends[0], sources, prompts), index_of(ends[1], targets, answers)
        if pairs.setdefault(source, target) != target:
            message = N_("có mục bên trái ghép với nhiều mục bên phải; loại ghép đôi của hệ thống chỉ ghép được một.")
            raise Refusal(error("pairs_several", message, _KEY))
    if len(pairs) != len(prompts):
        message = N_("có mục bên trái không ghép được với mục nào bên phải.")
        raise Refusal(error("pairs_wrong", message, _KEY))
    _check_comparisons(item, declaration)
    _check_pairs(item, declaration)
    key = tuple(pairs[index] for index in range(len(prompts)))
    truths = [_truth(identifier, answer) for identifier, answer in zip(targets, answers, strict=True)]
    if sorted(map(str, truths)) == ["False", "True"]:
        return TrueFalseCluster(stem, prompts, tuple(truths[index] is True for index in key))
    return Matching(stem, prompts, answers, key)


#: The interactions that stand alone in their item, by name.
BLOCKS: Mapping[str, Callable[[Item, Element, Content], Question]] = {
    "choiceInteraction": choice,
    "orderInteraction": order,
    "matchInteraction": match,
}


def index_of(identifier: str, identifiers: Sequence[str], texts: Sequence[Content]) -> int:
    """Return the place of a choice by its identifier; raises Refusal when there is none."""
    if identifier not in identifiers:
        raise Refusal(key_out_of_range(identifier[:80], texts))
    return identifiers.index(identifier)


def against_marks() -> Problem:
    """Return the problem of a mapping that pays other answers than the declared right ones."""
    message = N_("bảng điểm của câu không khớp với đáp án: trả lời khác cũng đủ điểm hoặc đáp án không đủ điểm.")
    return error("key_against_marks", message, _KEY)


def _elements(parent: Element, name: str, most: int) -> list[Element]:
    """Return the choices; raises Refusal for more than any question may have, before they are read."""
    found = children(parent, name)
    if len(found) > 5 * most:
        message = N_("câu có %(count)s phương án, nhiều nhất là %(limit)s.")
        raise Refusal(error("choices_too_many", message, Place(field="options"), count=len(found), limit=most))
    return found


def _identifiers(elements: Sequence[Element]) -> list[str]:
    found = [element.get("identifier", "") for element in elements]
    if len(set(found)) != len(found) or "" in found:
        message = N_("có hai phương án cùng mã, hoặc phương án không có mã, nên không biết đáp án là phương án nào.")
        raise Refusal(error("identifiers_twice", message, Place(field="options")))
    return found


def _truth(identifier: str, text: Content) -> bool | None:
    words = _TRUTHS.get(identifier, ())
    return identifier == "true" if text.is_plain and fold(text) in words else None


def _check_comparisons(item: Item, declaration: Declaration) -> None:
    """Warn when responses are compared with something else than the declared right one."""
    compared = item.processing.compared.get(declaration.identifier, [])
    if item.processing.custom or any(one.value is not None for one in compared):
        item.warn_custom()


def _check_pairs(item: Item, declaration: Declaration) -> None:
    """Refuse marks for other pairs; warn when pairs count differently."""
    if not item.processing.maps(declaration):
        return
    earned = {tuple(entry.key.split()): entry.value for entry in declaration.mapped}
    right = {tuple(value.split()) for value in declaration.correct}
    if any(value > 0 for pair, value in earned.items() if pair not in right) or declaration.default > 0:
        raise Refusal(against_marks())
    values = {earned.get(pair, declaration.default) for pair in right}
    if len(values) != 1 or declaration.default < 0 or any(value < 0 for value in earned.values()):
        message = N_("điểm riêng hoặc điểm trừ của từng cặp không giữ được; các cặp sẽ có điểm như nhau.")
        item.problems.append(warning("pair_marks", message, _KEY))


def _warn_fixed(item: Item, interaction: Element, elements: Sequence[Element], options: Sequence[Content]) -> None:
    """Warn of options that the file keeps in their place when others move, and that ours would not."""
    if item.own or interaction.get("shuffle") != "true":
        return
    fixed = {index for index, element in enumerate(elements) if element.get("fixed") == "true"}
    if fixed - set(SingleChoice(Content(), tuple(options), 0).pinned_last):
        message = N_("tệp giữ cố định vị trí một số phương án khi đảo; hãy xem lại nếu thứ tự đó có ý nghĩa.")
        item.problems.append(warning("option_fixed", message, Place(field="options")))


def _warn_limits(item: Item, interaction: Element, count: int) -> None:
    most, least = interaction.get("maxChoices", "0"), interaction.get("minChoices", "0")
    limited = (most.isdecimal() and 1 < int(most[:4]) < count) or (least.isdecimal() and int(least[:4]) > 1)
    if limited:
        message = N_("giới hạn số phương án được chọn (minChoices %(least)s, maxChoices %(most)s) không giữ được.")
        item.problems.append(
            warning("choices_limited", message, Place(field="options"), least=least[:9], most=most[:9])
        )
