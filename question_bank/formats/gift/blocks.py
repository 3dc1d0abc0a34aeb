"""From the text of a GIFT file to its parts: categories, comments with codes and tags, and one block per question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.errors import N_, error
from question_bank.formats.decoding import Refusal
from question_bank.formats.gift.text import as_written, protect, unprotect
from question_bank.formats.moodle.category import place_of
from question_bank.questions.metadata import Metadata

__all__ = ["MAX_PARTS", "MOST_CHARACTERS", "MOST_LINES", "Block", "blocks_of"]

#: A file with more of them is no file of a person's.
MAX_PARTS = 10_000
#: More than any question has, pictures included; a file of nothing but one question must not fill the memory.
MOST_LINES, MOST_CHARACTERS = 20_000, 8_000_000
_GAP = re.compile(r"\n(?:[^\S\n]*+\n)++")
_CATEGORY = "$CATEGORY:"
_IN_COMMENT = re.compile(r"\[(?P<name>id|tag):(?P<text>(?:\\\]|[^\]]){1,500})\]")
#: Longer comments have no codes that anybody wrote.
_MOST_COMMENT = 10_000
_MOST_PATH = 3_000
#: Of the empty lines inside the braces of one question.
_MOST_GAPS = 200
#: Outside all categories.
_NOWHERE = Metadata()


@dataclass(frozen=True)
class Block:
    """What stands between two empty lines, its escaped signs protected."""

    #: The line on which the question begins.
    row: int
    text: str
    title: str = ""
    code: str = ""
    tags: tuple[str, ...] = ()
    #: Subject and topic of the category that it stands in.
    category: Metadata = _NOWHERE
    too_long: bool = False


def blocks_of(text: str) -> Iterator[Block]:
    """Give the blocks of a text that hold anything but comments and categories.

    Raises Refusal when there are too many parts.
    """
    category = _NOWHERE
    for count, (row, part) in enumerate(_joined(text)):
        if count > MAX_PARTS:
            message = N_("tệp có hơn %(limit)s câu hoặc đoạn; hãy chia thành nhiều tệp.")
            raise Refusal(error("questions_too_many", message, limit=MAX_PARTS))
        if len(part) > MOST_CHARACTERS or part.count("\n") > MOST_LINES:
            yield Block(row, part[:2_000], category=category, too_long=True)
            continue
        begins, body, comments, categories = _sorted(row, part)
        if categories:
            category = _place(unprotect(categories[-1]))
        if body:
            title, inside = _title(body)
            code, tags = _codes(as_written(comments))
            yield Block(begins, inside, title, code, tags, category)


def _sorted(row: int, part: str) -> tuple[int, str, str, list[str]]:
    """Return the line on which the question of a part begins, its text, its comments, and the categories before it."""
    comments: list[str] = []
    categories: list[str] = []
    body: list[str] = []
    begins = row
    for number, line in enumerate(map(str.strip, part.split("\n")), row):
        if line.startswith("//"):
            comments.append(line)
        elif body:
            body.append(line)
        elif line.startswith(_CATEGORY):
            categories.append(line[len(_CATEGORY) :])
        elif line:
            begins = number
            body.append(line)
    return begins, "\n".join(body).strip(), "\n".join(comments), categories


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Give what stands between empty lines, its escaped signs protected, with the line it begins on."""
    row, start = 1, 0
    for gap in _GAP.finditer(text):
        part = text[start : gap.start()]
        if part.strip():
            yield row, protect(part)
        row += text.count("\n", start, gap.end())
        start = gap.end()
    if text[start:].strip():
        yield row, protect(text[start:])


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Give the parts, those put together again whose answers have empty lines between them.

    A brace that is never closed takes nothing along: the next brace, of whichever side, ends the search.
    """
    waiting: list[tuple[int, str]] = []
    for row, part in _parts(text):
        if not waiting:
            if _opens(part):
                waiting.append((row, part))
            else:
                yield row, part
            continue
        opened, closed = part.find("{"), part.find("}")
        if closed >= 0 and (opened < 0 or closed < opened):
            first = waiting[0][0]
            gaps = [*waiting, (row, part)]
            yield first, "".join(_with_gaps(gaps))
            waiting = []
        elif opened >= 0:
            yield from waiting
            waiting = []
            if _opens(part):
                waiting.append((row, part))
            else:
                yield row, part
        elif len(waiting) < _MOST_GAPS:
            waiting.append((row, part))
        else:
            yield from waiting
            waiting = []
            yield row, part
    yield from waiting


def _with_gaps(parts: list[tuple[int, str]]) -> Iterator[str]:
    """Give parts with as many line ends between them as the file has, so that lines can be counted."""
    at = parts[0][0]
    for row, part in parts:
        yield "\n" * (row - at)
        yield part
        at = row + part.count("\n")


def _opens(part: str) -> bool:
    """Say whether answers begin in a part and do not end in it."""
    start = part.find("{")
    return start >= 0 and part.find("}", start) < 0


def _place(path: str) -> Metadata:
    """Return subject and topic of a category path; one that nobody wrote is one name, too long for a topic."""
    return place_of(path) if len(path) <= _MOST_PATH else Metadata(topic=path[:_MOST_PATH].strip())


def _title(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    end = text.find("::", 2)
    if end < 0:
        return "", text[2:].strip()
    return " ".join(unprotect(text[2:end]).split()), text[end + 2 :].strip()


def _codes(comment: str) -> tuple[str, tuple[str, ...]]:
    """Return the code and the tags that stand in comments."""
    code, tags = "", []
    for match in _IN_COMMENT.finditer(comment[:_MOST_COMMENT]):
        text = " ".join(match["text"].replace("\\]", "]").split())
        if match["name"] == "id":
            code = code or text
        elif text:
            tags.append(text)
    return code, tuple(dict.fromkeys(tags))
