"""Reading GIFT: from the blocks of a file to questions with their metadata."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from question_bank.errors import N_, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import Found, read_text
from question_bank.formats.gift.answers import question_of
from question_bank.formats.gift.blocks import MOST_CHARACTERS, MOST_LINES, Block, blocks_of
from question_bank.formats.gift.text import Notes, as_written, split_format, text_read, unprotect
from question_bank.formats.printed import without_printed
from question_bank.formats.report import ReadResult
from question_bank.questions.content import NO_TEXT, Content
from question_bank.questions.metadata import Level, Metadata
from question_bank.questions.question import Question
from question_bank.questions.text import comparable

__all__ = ["GAP", "TITLE_TAG", "is_made_of", "is_own_tag", "parse", "read"]

#: What Moodle puts in the place of answers that stand inside a sentence.
GAP = "_____"
#: A name that is not the question's code is kept as a tag.
TITLE_TAG = "title:"
_NAMED = 20
_SHOWN = 60
_MOST_RAW = 20_000


def read(
    data: bytes, file_name: str, *, defaults: Mapping[str, str] | None = None, required: Collection[str] = ()
) -> ReadResult:
    """Read a GIFT file; whatever it holds ends in a result."""
    return read_text(data, file_name, parse, defaults=defaults, required=required)


def parse(text: str) -> tuple[list[Found], list[Problem]]:
    """Return the questions of a text and what is to be said of the rest; raises Refusal when there are too many."""
    blocks, descriptions = [], []
    for block in blocks_of(text.replace("\r\n", "\n").replace("\r", "\n")):
        if block.too_long or "{" in block.text or "}" in block.text:
            blocks.append(block)
        else:
            descriptions.append(block)
    names = Counter(name for block in blocks for name in {block.code or block.title, block.title} if name)
    found = [_found(block, names) for block in blocks]
    return found, [*_described(descriptions), *([] if found else [_no_questions()])]


def _no_questions() -> Problem:
    message = N_("không có câu hỏi nào trong tệp; câu hỏi dạng GIFT có phần đáp án trong dấu {…}.")
    return error("no_questions", message)


def _described(blocks: list[Block]) -> Iterator[Problem]:
    for block in blocks[:_NAMED]:
        message = N_("đoạn ở dòng %(line)s không có phần đáp án {…} nên không phải câu hỏi, đã bỏ qua: “%(start)s”.")
        start = comparable(unprotect(block.text[: 4 * _SHOWN]))[:_SHOWN]
        yield warning("text_left_out", message, line=block.row, start=start)
    if len(blocks) > _NAMED:
        message = N_("còn %(count)s đoạn khác không phải câu hỏi, đã bỏ qua.")
        yield warning("text_left_out", message, count=len(blocks) - _NAMED)


def _found(block: Block, names: Counter[str]) -> Found:
    notes = Notes()
    question: Question | None = None
    explanation = NO_TEXT
    try:
        question, explanation = _question(block, notes)
    except Refusal as refusal:
        notes.add(refusal.problem)
    raw = {"gift": as_written(block.text[:_MOST_RAW])}
    metadata = _metadata(block, names, question.stem if question else NO_TEXT, explanation)
    question = without_printed(question) if question else None  # names were made of the stem as it stands there
    return Found(block.row, question, metadata, tuple(notes.problems), raw)


def _question(block: Block, notes: Notes) -> tuple[Question, Content]:
    """Return the question of a block and its explanation; raises Refusal with the reason."""
    text = block.text
    start, end = text.find("{"), text.find("}")
    if block.too_long:
        message = N_("câu dài quá %(lines)s dòng hoặc %(signs)s ký tự; hãy xem lại các dòng trống giữa các câu.")
        raise Refusal(error("question_too_long", message, lines=MOST_LINES, signs=MOST_CHARACTERS))
    if start < 0 or end < start:
        message = N_("dấu { và } không đi thành cặp; ngoài phần đáp án hãy viết \\{ và \\}.")
        raise Refusal(error("gift_braces", message))
    before, inside, after = text[:start], text[start + 1 : end].strip(), text[end + 1 :]
    if "{" in after or "}" in after:
        message = N_(
            "có hơn một phần đáp án {…}; các câu phải cách nhau một dòng trống, dấu ngoặc trong câu viết \\{ và \\}."
        )
        raise Refusal(error("gift_braces", message))
    inside, separator, general = inside.rpartition("####") if "####" in inside else (inside, "", "")
    written = f"{before}{GAP}{after}" if after.strip() else before
    default, _ = split_format(written, "moodle")
    stem = text_read(written, "moodle", notes, "stem")
    explanation = text_read(general, default, notes, "explanation") if separator else NO_TEXT
    return question_of(stem, inside.strip(), default, notes), explanation


def _metadata(block: Block, names: Counter[str], stem: Content, explanation: Content) -> Metadata:
    """Return what a block says beside its question.

    The code is its number in a comment, else its name where no other question has it. A name that Moodle made of the
    question's first words says nothing.
    """
    values: dict[str, str] = {}
    tags = []
    for tag in block.tags:
        name, _, value = tag.partition(":")
        if is_own_tag(tag) and name not in values:
            values[name] = value
        else:
            tags.append(tag)
    code, title = block.code, block.title
    if title and title != code and not is_made_of(title, stem):
        if not code and names[title] == 1:
            code = title
        else:
            tags.append(f"{TITLE_TAG}{title}")
    return Metadata(
        topic=block.category.topic,
        level=Level(values["level"]) if "level" in values else None,
        subject=values.get("subject") or block.category.subject,
        code=code or None,
        tags=tuple(dict.fromkeys(tags)),
        explanation=explanation,
    )


def is_own_tag(tag: str) -> bool:
    """Say whether a tag says a level or a subject, as we write them."""
    name, _, value = tag.partition(":")
    return (name == "level" and value in {level.value for level in Level}) or (name == "subject" and bool(value))


def is_made_of(title: str, stem: Content) -> bool:
    """Say whether a name is the beginning of a stem, as Moodle makes names."""
    words = comparable(stem)
    return title == words or (title.endswith("...") and words.startswith(title.removesuffix("...").rstrip()))
