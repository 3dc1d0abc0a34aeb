"""From each kind of question to its interaction in QTI: declarations, body and processing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.formats.qti.entries import ANY_ACCENTS, EXACT_SPACES
from question_bank.formats.qti.markup import Spelling, mark_text, split_gaps, xml_text
from question_bank.questions.checks import letter
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.cloze import Cloze, Gap
from question_bank.questions.content import Content
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import FillIn
from question_bank.questions.markup import Element, Node
from question_bank.questions.matching import Matching
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.numeric import Numeric
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.true_false import TrueFalse
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = ["Parts", "cannot_stand", "lost_weights", "parts_of"]

_RESPONSE = "RESPONSE"
_TRUTHS = (("true", "Đúng"), ("false", "Sai"))
_FULL = Fraction(1)


@dataclass(frozen=True)
class Parts:
    """The parts of an item that its kind decides."""

    interaction: str
    declarations: str
    #: Without the stimulus.
    body: str
    processing: str
    #: What the best response earns, where that is said.
    maximum: str | None = None
    by_people: bool = False


def parts_of(question: Question, spell: Spelling) -> Parts:
    """Return the parts of an item for a question of any kind."""
    return _WRITERS[question.kind](question, spell)


def cannot_stand(question: Question) -> bool:
    """Say whether a cloze has marks of gaps in places where no interaction can stand: in formulas, across elements."""
    if not isinstance(question, Cloze):
        return False
    nodes: tuple[Node, ...] = question.stem.nodes or (str(question.stem),)
    return sorted(_marks(nodes)) != list(range(1, len(question.gaps) + 1))


def lost_weights(question: Question) -> bool:
    """Say whether weights of gaps cannot be kept: a gap is worth all of its weight for its best answer, and no more."""
    if not isinstance(question, Cloze):
        return False
    return any(gap.question.weights and not _kept_weights(gap) for gap in question.gaps)


def _marks(nodes: Sequence[Node]) -> list[int]:
    found = []
    for node in nodes:
        if isinstance(node, str):
            found += [part for part in split_gaps(node) if isinstance(part, int)]
        elif isinstance(node, Element) and node.tag != "math":
            found += _marks(node.children)
    return found


def _kept_weights(gap: Gap) -> tuple[Fraction, ...]:
    """Return the weights of a gap's answers as far as a file can tell them from none."""
    inner, weights = gap.question, gap.question.weights
    if not weights or max(weights) != 1:
        return ()
    if isinstance(inner, SingleChoice):
        best = [index for index, weight in enumerate(weights) if weight == 1]
        plain = all(weight == 0 for index, weight in enumerate(weights) if index != inner.key)
        return () if plain or best != [inner.key] else weights
    return () if min(weights) == 1 or min(weights) <= 0 else weights


# --- pieces ----------------------------------------------------------------------------------------------------------


def _declaration(
    spell: Spelling, cardinality: str, base_type: str, correct: Sequence[str], mapping: str = "",
    *, name: str = _RESPONSE,
) -> str:  # fmt: skip
    values = "".join(spell.element("value", {}, xml_text(value)) for value in correct)
    right = spell.element("correctResponse", {}, values) if values else ""
    attributes = {"identifier": name, "cardinality": cardinality, "baseType": base_type}
    return spell.element("responseDeclaration", attributes, right + mapping)


def _mapping(spell: Spelling, keys: Sequence[str], marks: Sequence[Fraction], case: bool | None = None) -> str:
    entries = "".join(
        spell.element("mapEntry", {"mapKey": key, "mappedValue": mark_text(mark), "caseSensitive": case})
        for key, mark in zip(keys, marks, strict=True)
    )
    return spell.element("mapping", {"defaultValue": "0"}, entries)


def _template(spell: Spelling, name: str) -> str:
    # Version 3.0 names the files themselves.
    suffix = ".xml" if spell.version.kebab else ""
    return spell.element("responseProcessing", {"template": f"{spell.version.templates}{name}{suffix}"})


def _choices(spell: Spelling, name: str, choices: Sequence[tuple[str, Content]], **attributes: object) -> str:
    return "".join(
        spell.element(name, {"identifier": identifier, **attributes}, spell.inside(text) or " ")
        for identifier, text in choices
    )


def _stem(spell: Spelling, question: Question) -> str:
    return spell.block(question.stem, "stem")


# --- kinds -----------------------------------------------------------------------------------------------------------


def _choice(question: OptionQuestion, key: Sequence[int], spell: Spelling) -> Parts:
    several = isinstance(question, MultipleChoice)
    identifiers = [letter(index) for index in range(len(question.options))]
    weighted = len(question.weights) == len(identifiers) and bool(identifiers)
    mapping = _mapping(spell, identifiers, question.weights) if weighted else ""
    correct = [letter(index) for index in key]
    declaration = _declaration(spell, "multiple" if several else "single", "identifier", correct, mapping)
    pinned = question.pinned_last
    choices = "".join(
        _choices(spell, "simpleChoice", [(identifier, option)], fixed=True if index in pinned else None)
        for index, (identifier, option) in enumerate(zip(identifiers, question.options, strict=True))
    )
    attributes = {"responseIdentifier": _RESPONSE, "shuffle": True, "maxChoices": 0 if several else 1}
    body = _stem(spell, question) + spell.element("choiceInteraction", attributes, choices)
    processing = _template(spell, "map_response" if weighted else "match_correct")
    return Parts("choiceInteraction", declaration, body, processing, "1" if weighted else None)


def _single_choice(question: SingleChoice, spell: Spelling) -> Parts:
    return _choice(question, [question.key], spell)


def _multiple_choice(question: MultipleChoice, spell: Spelling) -> Parts:
    return _choice(question, question.key, spell)


def _true_false(question: TrueFalse, spell: Spelling) -> Parts:
    declaration = _declaration(spell, "single", "identifier", ["true" if question.key else "false"])
    choices = _choices(spell, "simpleChoice", [(name, Content(words)) for name, words in _TRUTHS])
    attributes = {"responseIdentifier": _RESPONSE, "shuffle": False, "maxChoices": 1}
    body = _stem(spell, question) + spell.element("choiceInteraction", attributes, choices)
    return Parts("choiceInteraction", declaration, body, _template(spell, "match_correct"))


def _pairs(
    question: Question, left: Sequence[Content], right: Sequence[tuple[str, Content]], key: Sequence[str],
    spell: Spelling, *, shuffle: bool,
) -> Parts:  # fmt: skip
    sources = [(f"P{place}", text) for place, text in enumerate(left, 1)]
    correct = [f"{source} {target}" for (source, _), target in zip(sources, key, strict=False)]
    declaration = _declaration(spell, "multiple", "directedPair", correct)
    first = spell.element("simpleMatchSet", {}, _choices(spell, "simpleAssociableChoice", sources, matchMax=1))
    second = spell.element("simpleMatchSet", {}, _choices(spell, "simpleAssociableChoice", right, matchMax=0))
    attributes = {"responseIdentifier": _RESPONSE, "shuffle": shuffle, "maxAssociations": len(sources)}
    body = _stem(spell, question) + spell.element("matchInteraction", attributes, first + second)
    return Parts("matchInteraction", declaration, body, _template(spell, "match_correct"))


def _matching(question: Matching, spell: Spelling) -> Parts:
    targets = [(f"T{place}", text) for place, text in enumerate(question.answers, 1)]
    return _pairs(question, question.prompts, targets, [f"T{index + 1}" for index in question.key], spell, shuffle=True)


def _cluster(question: TrueFalseCluster, spell: Spelling) -> Parts:
    targets = [(name, Content(words)) for name, words in _TRUTHS]
    key = ["true" if right else "false" for right in question.key]
    return _pairs(question, question.statements, targets, key, spell, shuffle=False)


def _ordering(question: Ordering, spell: Spelling) -> Parts:
    shown = question.shown
    names = {place: f"I{number}" for number, place in enumerate(shown, 1)}
    declaration = _declaration(spell, "ordered", "identifier", [names[place] for place in range(len(shown))])
    choices = _choices(spell, "simpleChoice", [(names[place], question.items[place]) for place in shown])
    attributes = {"responseIdentifier": _RESPONSE, "shuffle": True}
    body = _stem(spell, question) + spell.element("orderInteraction", attributes, choices)
    return Parts("orderInteraction", declaration, body, _template(spell, "match_correct"))


def _fill_in(question: FillIn, spell: Spelling) -> Parts:
    weighted = len(question.weights) == len(question.accepted) and bool(question.accepted)
    marks = question.weights if weighted else (_FULL,) * len(question.accepted)
    declaration = _text_declaration(question, marks, spell, _RESPONSE)
    body = _stem(spell, question) + f"<div>{_text_entry(question, spell, _RESPONSE)}</div>"
    return Parts("textEntryInteraction", declaration, body, _template(spell, "map_response"), "1" if weighted else None)


def _text_declaration(question: FillIn, marks: Sequence[Fraction], spell: Spelling, name: str) -> str:
    mapping = _mapping(spell, question.accepted, marks, question.rules.case) if question.accepted else ""
    return _declaration(spell, "single", "string", question.accepted[:1], mapping, name=name)


def _text_entry(question: FillIn | Numeric, spell: Spelling, name: str) -> str:
    rules = getattr(question, "rules", None)
    words = [ANY_ACCENTS] * (rules is not None and not rules.accents)
    words += [EXACT_SPACES] * (rules is not None and rules.spaces)
    return spell.element("textEntryInteraction", {"class": " ".join(words) or None, "responseIdentifier": name})


def _numeric(question: Numeric, spell: Spelling) -> Parts:
    weighted = len(question.weights) == len(question.accepted) and bool(question.accepted)
    marks = question.weights if weighted else (_FULL,) * len(question.accepted)
    declaration = _number_declaration(question, spell, _RESPONSE)
    processing = spell.element("responseProcessing", {}, _number_condition(question, marks, spell, _RESPONSE))
    body = _stem(spell, question) + f"<div>{_text_entry(question, spell, _RESPONSE)}</div>"
    return Parts("textEntryInteraction", declaration, body, processing, "1" if weighted else None)


def _number_declaration(question: Numeric, spell: Spelling, name: str) -> str:
    return _declaration(spell, "single", "float", [str(number.value) for number in question.accepted[:1]], name=name)


def _number_condition(
    question: Numeric, marks: Sequence[Fraction], spell: Spelling, name: str, *, added: bool = False
) -> str:
    """Return the condition that gives a number its mark; ``added`` to the marks of other gaps."""
    branches = ""
    for place, (number, mark) in enumerate(zip(question.accepted, marks, strict=True)):
        variable = spell.element("variable", {"identifier": name})
        value = spell.element("baseValue", {"baseType": "float"}, str(number.value))
        attributes = {"toleranceMode": "absolute", "tolerance": f"{number.tolerance} {number.tolerance}"}
        if not number.tolerance:
            attributes = {"toleranceMode": "exact"}
        test = spell.element("equal", attributes, variable + value)
        earned = spell.element("baseValue", {"baseType": "float"}, mark_text(mark))
        step = _score(spell, _sum(spell, earned) if added else earned)
        branches += spell.element("responseElseIf" if place else "responseIf", {}, test + step)
    return spell.element("responseCondition", {}, branches) if branches else ""


def _score(spell: Spelling, value: str) -> str:
    return spell.element("setOutcomeValue", {"identifier": "SCORE"}, value)


def _sum(spell: Spelling, value: str) -> str:
    return spell.element("sum", {}, spell.element("variable", {"identifier": "SCORE"}) + value)


def _cloze(question: Cloze, spell: Spelling) -> Parts:
    declarations, steps = "", ""
    interactions: dict[int, str] = {}
    for number, gap in enumerate(question.gaps, 1):
        name, inner, weights = f"GAP{number}", gap.question, _kept_weights(gap)
        if isinstance(inner, SingleChoice):
            declarations += _choice_gap_declaration(gap, weights, spell, name)
            # Before version 2.2 such a choice holds nothing but text.
            choices = [(letter(place), Content(str(text))) for place, text in enumerate(inner.options)]
            attributes = {"responseIdentifier": name, "shuffle": True}
            interactions[number] = spell.element(
                "inlineChoiceInteraction", attributes,
                "".join(spell.element("inlineChoice", {"identifier": one}, xml_text(text)) for one, text in choices),
            )  # fmt: skip
        else:
            marks = [gap.weight * one for one in weights or (_FULL,) * len(inner.accepted)]
            interactions[number] = _text_entry(inner, spell, name)
            if isinstance(inner, Numeric):
                declarations += _number_declaration(inner, spell, name)
                steps += _number_condition(inner, marks, spell, name, added=True)
                continue
            declarations += _text_declaration(inner, marks, spell, name)
        steps += _score(spell, _sum(spell, spell.element("mapResponse", {"identifier": name})))
    body = spell.block(question.stem, "stem cloze", interactions)
    first = "inlineChoiceInteraction" if question.gaps and isinstance(question.gaps[0].question, SingleChoice) else ""
    processing = spell.element("responseProcessing", {}, steps)
    return Parts(first or "textEntryInteraction", declarations, body, processing)


def _choice_gap_declaration(gap: Gap, weights: Sequence[Fraction], spell: Spelling, name: str) -> str:
    inner = gap.question
    assert isinstance(inner, SingleChoice)
    identifiers = [letter(place) for place in range(len(inner.options))] if weights else [letter(inner.key)]
    marks = [gap.weight * weight for weight in weights or (_FULL,)]
    return _declaration(
        spell, "single", "identifier", [letter(inner.key)], _mapping(spell, identifiers, marks), name=name
    )  # fmt: skip


def _essay(question: Essay, spell: Spelling) -> Parts:
    rubrics = "".join(
        _rubric(spell, "criterion", f'<div class="points">{criterion.points}</div>{spell.block(criterion.text)}')
        for criterion in question.rubric
    )
    if question.guide:
        rubrics += _rubric(spell, "guide", spell.block(question.guide))
    interaction = spell.element("extendedTextInteraction", {"responseIdentifier": _RESPONSE})
    declaration = _declaration(spell, "single", "string", [])
    maximum = str(sum(criterion.points for criterion in question.rubric)) if question.rubric else None
    body = _stem(spell, question) + interaction + rubrics
    return Parts("extendedTextInteraction", declaration, body, "", maximum, by_people=True)


def _rubric(spell: Spelling, name: str, inside: str) -> str:
    if spell.version.kebab:
        inside = spell.element("contentBody", {}, inside)
    attributes = {"class": name, "view": "scorer", "use": "scoring" if spell.version.kebab else None}
    return spell.element("rubricBlock", attributes, inside)


_WRITERS: Mapping[str, Callable[..., Parts]] = {
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
