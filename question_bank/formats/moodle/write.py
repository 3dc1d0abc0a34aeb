"""From questions to Moodle XML, as Moodle's own export has it: order of the elements, formats, percentages."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from question_bank.formats.moodle.answers import percentages
from question_bank.formats.moodle.category import UNSORTED, path_of
from question_bank.formats.moodle.cloze import cloze_html, decimal_text
from question_bank.formats.moodle.read import LEVEL_TAG
from question_bank.formats.moodle.text import files_xml, text_xml, xml_text
from question_bank.questions import (
    Cloze,
    Content,
    Essay,
    FillIn,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    QuestionRecord,
    SingleChoice,
    TrueFalse,
)
from question_bank.questions.metadata import level_from_words
from question_bank.questions.text import clean, comparable

__all__ = ["lost_in", "quiz_xml"]

#: In characters: the column of the database that an ID number goes to.
MAX_CODE = 100
_MAX_NAME = 80
_NO_TEXT = "<text></text>"
_FEEDBACK = f'<feedback format="html">{_NO_TEXT}</feedback>'
_OVERALL = tuple(
    f'<{name} format="html">{_NO_TEXT}</{name}>'
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
)


def quiz_xml(records: list[tuple[int, QuestionRecord]]) -> bytes:
    """Return the file of some questions with their ordinals; a category stands wherever subject or topic change."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    sorted_ = any(record.metadata.topic or record.metadata.subject for _, record in records)
    path = None
    for number, record in records:
        here = path_of(record.metadata)
        if sorted_ and here != path:
            path = here
            lines += [
                '<question type="category">',
                f"<category><text>{xml_text(path)}</text></category>",
                "</question>",
            ]
        lines += _question(number, record)
    return "\n".join([*lines, "</quiz>", ""]).encode()


def lost_in(record: QuestionRecord) -> set[str]:
    """Return what this format cannot hold of one record although it holds such things of others."""
    question, metadata = record.question, record.metadata
    lost = set()
    if isinstance(question, SingleChoice | MultipleChoice | FillIn | Numeric) and not percentages(question)[1]:
        lost.add("weights")
    if isinstance(question, FillIn) and (question.rules.spaces or not question.rules.accents):
        lost.add("rules")
    if isinstance(question, Matching):
        lost |= {tag for answer in question.answers for tag in answer.features}
    if isinstance(question, Cloze):
        for gap in question.gaps:
            lost |= lost_in(QuestionRecord(gap.question))
            lost |= {"img"} if any(text.elements("img") for text in gap.question.texts()) else set()
    if metadata.code and (len(metadata.code) > MAX_CODE):
        lost.add("code")
    if any(map(_is_level, metadata.tags)):
        lost.add("tags")
    if UNSORTED in (metadata.topic, metadata.subject):
        lost.add("topic")
    return lost


def _is_level(tag: str) -> bool:
    return tag.lower().startswith(LEVEL_TAG) and level_from_words(tag[len(LEVEL_TAG) :]) is not None


def _question(number: int, record: QuestionRecord) -> Iterator[str]:
    question, metadata = record.question, record.metadata
    kind, write = _KINDS[question.kind]
    code = clean(metadata.code or "") if len(metadata.code or "") <= MAX_CODE else ""
    yield f'<question type="{kind}">'
    yield f"<name><text>{xml_text(_name(number, code, question.stem))}</text></name>"
    if isinstance(question, Cloze):
        files: dict[str, str] = {}
        text = xml_text(cloze_html(question, files))
        yield f'<questiontext format="html"><text>{text}</text>{files_xml(files)}</questiontext>'
    else:
        yield _holder("questiontext", question.stem)
    yield _holder("generalfeedback", metadata.explanation)
    if not isinstance(question, Cloze):
        yield "<defaultgrade>1.0000000</defaultgrade>"
    yield f"<penalty>{_PENALTIES.get(kind, '0.3333333')}</penalty>"
    yield "<hidden>0</hidden>"
    yield f"<idnumber>{xml_text(code)}</idnumber>"
    yield from write(question)
    tags = [f"{LEVEL_TAG}{metadata.level}"] if metadata.level else []
    tags += [clean(tag) for tag in metadata.tags if not _is_level(tag)]
    if tags:
        yield "<tags>"
        yield from (f"<tag><text>{xml_text(tag)}</text></tag>" for tag in tags)
        yield "</tags>"
    yield "</question>"


def _name(number: int, code: str, stem: Content) -> str:
    words = comparable(stem)
    return code or (words if len(words) <= _MAX_NAME else f"{words[:_MAX_NAME].rstrip()}…") or f"Câu {number}"


def _holder(tag: str, text: Content, attributes: str = "", after: str = "") -> str:
    """Return an element that holds a text; an empty one as Moodle writes it."""
    style, inside = text_xml(text) if text else ("html", _NO_TEXT)
    return f'<{tag}{attributes} format="{style}">{inside}{after}</{tag}>'


def _answer(share: str, text: str, more: str = "") -> str:
    start = f'<answer fraction="{share}" format="moodle_auto_format">'
    return f"{start}<text>{xml_text(text)}</text>{_FEEDBACK}{more}</answer>"


def _choice(question: SingleChoice | MultipleChoice) -> Iterator[str]:
    yield f"<single>{'true' if isinstance(question, SingleChoice) else 'false'}</single>"
    yield "<shuffleanswers>true</shuffleanswers>"
    yield "<answernumbering>abc</answernumbering>"
    yield "<showstandardinstruction>0</showstandardinstruction>"
    yield from _OVERALL
    yield "<shownumcorrect/>"
    for share, option in zip(percentages(question)[0], question.options, strict=True):
        yield _holder("answer", option, f' fraction="{share}"', _FEEDBACK)


def _true_false(question: TrueFalse) -> Iterator[str]:
    yield _answer("100" if question.key else "0", "true")
    yield _answer("0" if question.key else "100", "false")


def _short(question: FillIn) -> Iterator[str]:
    yield f"<usecase>{int(question.rules.case)}</usecase>"
    for share, form in zip(percentages(question)[0], question.accepted, strict=True):
        yield _answer(share, form.replace("*", "\\*"))


def _numerical(question: Numeric) -> Iterator[str]:
    for share, number in zip(percentages(question)[0], question.accepted, strict=True):
        yield _answer(share, decimal_text(number.value), f"<tolerance>{decimal_text(number.tolerance)}</tolerance>")


def _matching(question: Matching) -> Iterator[str]:
    yield "<shuffleanswers>true</shuffleanswers>"
    yield from _OVERALL
    yield "<shownumcorrect/>"
    pairs = list(zip(question.prompts, question.key, strict=True))
    left_over = [index for index in range(len(question.answers)) if index not in question.key]
    for prompt, index in [*pairs, *((Content(), index) for index in left_over)]:
        # Moodle shows answers as lines of a list: without markup, but references to characters count.
        answer = escape(str(question.answers[index]), quote=False)
        yield _holder("subquestion", prompt, "", f"<answer><text>{xml_text(answer)}</text></answer>")


def _ordering(question: Ordering) -> Iterator[str]:
    yield "<layouttype>VERTICAL</layouttype>"
    yield "<selecttype>ALL</selecttype>"
    yield f"<selectcount>{len(question.items)}</selectcount>"
    yield "<gradingtype>ABSOLUTE_POSITION</gradingtype>"
    yield "<showgrading>SHOW</showgrading>"
    yield from _OVERALL
    yield "<shownumcorrect>1</shownumcorrect>"
    for place, item in enumerate(question.items, 1):
        yield _holder("answer", item, f' fraction="{place}.0000000"')


def _essay(question: Essay) -> Iterator[str]:
    yield "<responseformat>editor</responseformat>"
    yield "<responserequired>1</responserequired>"
    yield "<responsefieldlines>15</responsefieldlines>"
    yield "<minwordlimit></minwordlimit>"
    yield "<maxwordlimit></maxwordlimit>"
    yield "<attachments>0</attachments>"
    yield "<attachmentsrequired>0</attachmentsrequired>"
    yield "<maxbytes>0</maxbytes>"
    yield "<filetypeslist></filetypeslist>"
    yield _holder("graderinfo", question.guide)
    yield f'<responsetemplate format="html">{_NO_TEXT}</responsetemplate>'


def _cloze(question: Cloze) -> Iterator[str]:
    """Give nothing: the answers stand in the text."""
    yield from ()


#: The kinds as Moodle calls them; any penalty but the usual one.
_KINDS: Mapping[str, tuple[str, Callable[[Any], Iterator[str]]]] = {
    "single_choice": ("multichoice", _choice),
    "multiple_choice": ("multichoice", _choice),
    "true_false": ("truefalse", _true_false),
    "fill_in": ("shortanswer", _short),
    "numeric": ("numerical", _numerical),
    "matching": ("matching", _matching),
    "ordering": ("ordering", _ordering),
    "essay": ("essay", _essay),
    "cloze": ("cloze", _cloze),
}
_PENALTIES = {"truefalse": "1.0000000", "essay": "0.0000000"}
