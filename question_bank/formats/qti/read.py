"""One QTI item as a question: its body, rubrics, stimulus and feedback around the interactions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html import escape
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Place, Problem, error
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import kind_unsupported
from question_bank.formats.printed import without_printed
from question_bank.formats.qti.body import Body, Pictures
from question_bank.formats.qti.declarations import (
    decimal_in,
    declarations_of,
    mark_of,
    processing_of,
)
from question_bank.formats.qti.entries import INLINE, cloze, entry
from question_bank.formats.qti.items import BLOCKS, Item
from question_bank.formats.qti.names import TOOL, XML_LANGUAGE, children, classes, descendants, first, text_of
from question_bank.questions.cloze import MAX_GAPS, gap_mark
from question_bank.questions.content import NO_TEXT, Content
from question_bank.questions.essay import Criterion, Essay
from question_bank.questions.question import Question, Stimulus

__all__ = ["EXPLANATION", "FindStimulus", "ItemReading", "no_stimulus", "read_item", "stimulus_of"]

#: The modal feedback by which our own files keep the explanation.
EXPLANATION = "EXPLANATION"
_BLANK = "_____"
#: In characters: beyond it nothing is a question, with all that markers read.
_LONGEST = 400_000
_ESSAY = "extendedTextInteraction"
_GAP = re.compile(r"GAP([1-9]\d?)")

#: Returns the stimulus that an item refers to by an address; raises Refusal when it is not there.
FindStimulus = Callable[[str, str], Stimulus]


@dataclass
class ItemReading:
    """What one item came to."""

    #: The names of its interactions; none for a page that asks nothing.
    interactions: tuple[str, ...] = ()
    question: Question | None = None
    explanation: Content = NO_TEXT
    language: str = ""
    problems: list[Problem] = field(default_factory=list)


def read_item(root: Element, path: str, pictures: Pictures, find_stimulus: FindStimulus) -> ItemReading:
    """Return the reading of a tree that was normalised; ``find_stimulus`` takes the item's path and an address."""
    body = Body(pictures, path, exact=root.get("toolName") == TOOL)
    item_body = first(root, "itemBody")
    found = [] if item_body is None else [one for one in item_body.iter() if str(one.tag).endswith("Interaction")]
    reading = ItemReading(tuple(str(one.tag) for one in found))
    reading.language = root.get(XML_LANGUAGE, "").split("-")[0].strip().lower()
    if item_body is None or not found:
        return reading
    if sum(len(text) for text in item_body.itertext()) > _LONGEST:
        reading.problems.append(error("item_too_long", N_("câu hỏi dài bất thường nên không đọc.")))
        return reading
    item: Item | None = None
    try:
        _refuse_changing(root, reading)
        item = Item(body, declarations_of(root), processing_of(root), _maximum(root))
        stimulus = _stimulus(body, root, item_body, path, find_stimulus)
        question = _question(item, item_body, found)
        if not body.exact:
            question = without_printed(question)
        reading.explanation = _feedback(body, root)
        reading.question = replace(question, stimulus=stimulus)  # type: ignore[type-var]
    except Refusal as refused:
        reading.problems.append(refused.problem)
    body.lost += [str(child.tag) for child in root if child.tag in ("catalogInfo", "companionMaterialsInfo")]
    reading.problems += [*(item.problems if item else ()), *body.told()]
    return reading


def no_stimulus(address: str) -> Problem:
    """Return the problem of a question whose passage is not in the file."""
    message = N_("không có ngữ liệu “%(name)s” trong tệp; câu thiếu ngữ liệu thì không dùng được.")
    return error("stimulus_missing", message, Place(field="stimulus_text"), name=address[:80])


def stimulus_of(root: Element, path: str, pictures: Pictures) -> tuple[Stimulus, list[Problem]]:
    """Return the stimulus of a file of its own (version 3.0), normalised, and what was lost of it."""
    text = first(root, "stimulusBody")
    if root.tag != "assessmentStimulus" or text is None:
        raise Refusal(no_stimulus(path))
    body = Body(pictures, path, exact=root.get("toolName") == TOOL)
    content = body.content(text, field_name="stimulus_text")
    return Stimulus(root.get("title", ""), content), list(body.told())


def _refuse_changing(root: Element, reading: ItemReading) -> None:
    names = " + ".join(dict.fromkeys(reading.interactions))
    if root.get("adaptive") == "true":
        raise Refusal(kind_unsupported(f"{names}, adaptive"))
    if children(root, "templateDeclaration") or children(root, "templateProcessing"):
        raise Refusal(kind_unsupported(f"{names}, template"))


def _maximum(root: Element) -> Fraction | None:
    for outcome in children(root, "outcomeDeclaration"):
        if outcome.get("identifier") == "SCORE" and outcome.get("normalMaximum"):
            maximum = mark_of(outcome.get("normalMaximum", ""))
            return maximum if maximum > 0 else None
    return None


def _question(item: Item, item_body: Element, found: list[Element]) -> Question:
    names = list(dict.fromkeys(str(one.tag) for one in found))
    rubrics = _take_rubrics(item.body, item_body, scored=names == [_ESSAY])
    if set(names) <= INLINE:
        return _inline(item, item_body, found)
    if len(found) > 1 or not (names[0] in BLOCKS or names[0] == _ESSAY):
        raise Refusal(kind_unsupported(" + ".join(names)))
    prompt = first(found[0], "prompt")
    item.body.replaced[found[0]] = "" if prompt is None else f"<div>{item.body.html(prompt)}</div>"
    stem = item.body.content(item_body)
    if names[0] == _ESSAY:
        return _essay(item, found[0], stem, rubrics)
    return BLOCKS[names[0]](item, found[0], stem)


def _inline(item: Item, item_body: Element, found: list[Element]) -> Question:
    if len(found) > MAX_GAPS:
        message = N_("câu có %(count)s chỗ trống, nhiều nhất là %(limit)s.")
        raise Refusal(error("gaps_too_many", message, Place(field="gaps"), count=len(found), limit=MAX_GAPS))
    several = item.own and any("cloze" in classes(one) for one in item_body.iter("div"))
    replaced = item.body.replaced
    if len(found) == 1 and found[0].tag == "textEntryInteraction" and not several:
        alone = item.own or _stands_alone(item_body, found[0])
        replaced[found[0]] = "" if alone else _BLANK
        return entry(item, found[0], item.body.content(item_body))
    if item.own:
        found = _in_own_order(found)
    for number, interaction in enumerate(found, 1):
        replaced[interaction] = gap_mark(number)
    return cloze(item, found, item.body.content(item_body))


def _in_own_order(found: list[Element]) -> list[Element]:
    """Return the gaps by their numbers, which need not rise in the text."""
    numbers = [_GAP.fullmatch(one.get("responseIdentifier", "")) for one in found]
    if not all(numbers):
        return found
    return sorted(found, key=lambda one: int(one.get("responseIdentifier", "GAP0")[3:]))


def _stands_alone(item_body: Element, interaction: Element) -> bool:
    """Say whether an interaction has a paragraph of its own, so that it needs no mark in the text."""
    parent = next(one for one in item_body.iter() if interaction in one)
    return len(parent) == 1 and not (parent.text or "").strip() and not (interaction.tail or "").strip()


def _essay(item: Item, interaction: Element, stem: Content, rubrics: list[Element]) -> Question:
    criteria, guides = [], []
    for rubric in rubrics:
        words = classes(rubric)
        inside = first(rubric, "contentBody")
        inside = rubric if inside is None else inside
        points = next((one for one in inside if "points" in classes(one)), None)
        if item.own and "criterion" in words and points is not None:
            item.body.replaced[points] = ""
            criteria.append(Criterion(item.body.content(inside, field_name="rubric"), decimal_in(text_of(points))))
        else:
            guides.append(inside)
    guide = item.body.content(*guides, field_name="guide") if guides else NO_TEXT
    declaration = item.declarations.get(interaction.get("responseIdentifier", ""))
    model = "\n".join(declaration.correct) if declaration else ""
    if model and not guide:
        guide = Content(model)
    elif model:
        guide = Content.of_markup(f"{guide.html}<br/>{escape(model, quote=False)}")
    return Essay(stem, tuple(criteria), guide)


def _take_rubrics(body: Body, item_body: Element, *, scored: bool) -> list[Element]:
    """Return what only markers read; it is taken out of the text, what candidates read stays in its place."""
    kept = []
    inner: set[Element] = set()
    for rubric in descendants(item_body, "rubricBlock"):
        if rubric in inner:
            continue
        inner.update(descendants(rubric, "rubricBlock"))
        views = rubric.get("view", "candidate").split()
        if "candidate" in views:
            body.replaced[rubric] = f"<div>{body.html(rubric)}</div>"
            continue
        body.replaced[rubric] = ""
        if scored and "scorer" in views:
            kept.append(rubric)
        else:
            body.lost.append(f"rubricBlock ({' '.join(views)[:40]})")
    return kept


def _stimulus(body: Body, root: Element, item_body: Element, path: str, find_stimulus: FindStimulus) -> Stimulus | None:
    found = list(_inner_stimuli(body, item_body)) if body.exact else []
    for reference in children(root, "assessmentStimulusRef"):
        stimulus = find_stimulus(path, reference.get("href", ""))
        found.append(stimulus)
    if len(found) < 2:
        return found[0] if found else None
    text = Content.of_markup("<br/>".join(one.text.html for one in found))
    return Stimulus(" – ".join(one.title for one in found if one.title), text)


def _inner_stimuli(body: Body, item_body: Element) -> Iterator[Stimulus]:
    """Give the stimulus that our own files of the older versions hold in the body."""
    for block in item_body:
        if "stimulus" in classes(block):
            title = next((one for one in block if "stimulus-title" in classes(one)), None)
            text = next((one for one in block if "stimulus-text" in classes(one)), None)
            if text is not None:
                body.replaced[block] = ""
                title_text = "" if title is None else str(body.content(title, field_name="stimulus_title"))
                yield Stimulus(title_text, body.content(text, field_name="stimulus_text"))


def _feedback(body: Body, root: Element) -> Content:
    """Return the explanation; all other feedback is counted."""
    explanation = NO_TEXT
    for feedback in children(root, "modalFeedback"):
        if body.exact and feedback.get("identifier") == EXPLANATION:
            inside = first(feedback, "contentBody")
            explanation = body.content(feedback if inside is None else inside, field_name="explanation")
        else:
            body.feedback += 1
    return explanation
