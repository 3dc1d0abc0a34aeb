"""The texts of GIFT: escaped signs, the mark of a text's format in front, and what a text becomes of both."""

import re
from dataclasses import dataclass, field

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.questions.content import Content
from question_bank.questions.markup import serialize
from question_bank.questions.markup_reader import Reading, read_markup

__all__ = [
    "Notes",
    "as_written",
    "escaped",
    "html_written",
    "protect",
    "split_format",
    "text_read",
    "text_written",
    "unprotect",
]

#: What a backslash takes the meaning from; "n" gets one: the end of a line.
_SIGNS = {sign: sign for sign in "~=#{}:"} | {"n": "\n"}
#: While a question is taken apart, a half character stands for each of them: no decoded text holds one.
_BACKSLASH = "\udc00"
_PROTECTED = {f"\\{sign}": chr(0xDC01 + place) for place, sign in enumerate(_SIGNS)}
_MEANT = {chr(0xDC01 + place): meant for place, meant in enumerate(_SIGNS.values())} | {_BACKSLASH: "\\"}
_MEANT_TABLE = str.maketrans(_MEANT)
_WRITTEN_TABLE = str.maketrans({half: escape for escape, half in _PROTECTED.items()} | {_BACKSLASH: "\\\\"})
_HALF = re.compile("[\udc00-\udcff]")
_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"} | {"\n": "\\n"})

_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
#: Beside tags and references, what only Markdown would show in another way.
_MARKDOWN = re.compile(r"\*\*|__|`|^#{1,6} |^[ ]*(?:[-*+]|\d{1,3}\.) |^> |\]\(|^    ", re.MULTILINE)
#: Moodle shows a text without a mark as HTML when it has tags or references to characters.
_TAGS = re.compile(
    r"</(?:p|b|i|u|em|strong|sub|sup|span|div|li|ul|ol|td|table|a)>|<br ?/?>|<img |&(?:[a-z]{2,8}|#\d{2,6});",
    re.IGNORECASE,
)
_HTML = re.compile("[<&]")
#: What our own spelling of markup never has: it need not be read twice to find out whose it is.
_FOREIGN = re.compile(
    r"<(?:p|div|span|a|b|i|font|h\d|br)[ >]|</(?:p|div|span|b|i)>|&(?:nbsp|[a-z]+uot|[A-Za-z]*acute);"
)
#: What Moodle shows otherwise than it is written, unless the text says that it is plain; or reads as something else.
_NEEDS_MARK = re.compile(r"[<&]|\A(?:\[|//|%)")
#: Of one text that are named one by one when they are missing.
_MOST_PICTURES = 5


def protect(text: str) -> str:
    """Return a file's text with half characters for escaped signs, so that what is left of them is syntax."""
    text = text.replace("\\\\", _BACKSLASH)
    for escape, half in _PROTECTED.items():
        text = text.replace(escape, half)
    return text


def as_written(text: str) -> str:
    """Return a part of a protected text as it stands in the file."""
    return text.translate(_WRITTEN_TABLE) if _HALF.search(text) else text


def unprotect(text: str) -> str:
    """Return a part of a protected text as it is meant."""
    return text.translate(_MEANT_TABLE) if _HALF.search(text) else text


def split_format(text: str, default: str) -> tuple[str, str]:
    """Return the format of a protected text and the text without its mark; other words in brackets are text."""
    text = text.strip()
    mark = _FORMAT.match(text)
    return (mark.group(1), text[mark.end() :].strip()) if mark else (default, text)


@dataclass
class Notes:
    """What was noticed while the texts of one question were read, each once."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep a problem, unless the same was said of this question."""
        if all((one.code, one.params) != (problem.code, problem.params) for one in self.problems):
            self.problems.append(problem)


def text_read(text: str, default: str, notes: Notes, place: str) -> Content:
    """Return the text that a protected text with or without a mark means; ``place`` is the field it belongs to."""
    name, inside = split_format(text, default)
    meant = unprotect(inside)
    if name == "html":
        return _html_read(meant, notes, place)
    if name == "markdown" and _MARKDOWN.search(meant):
        message = N_("văn bản viết bằng Markdown được giữ nguyên các dấu của nó; hãy xem lại.")
        notes.add(warning("markdown_unread", message, Place(field=place)))
    if name == "moodle" and _TAGS.search(meant):
        message = N_("có mã HTML (thẻ hoặc ký tự như &lt;) nhưng không ghi [html] ở đầu, nên được giữ nguyên như chữ.")
        notes.add(warning("html_as_text", message, Place(field=place)))
    return Content(meant)


def _html_read(written: str, notes: Notes, place: str) -> Content:
    if _HTML.search(written) is None:
        return Content(" ".join(written.split("\n")))
    # Where the spelling is our own, white space is kept as it stands: it was written by us.
    reading = read_markup(written, exact=True) if _FOREIGN.search(written) is None else None
    if reading is None or serialize(reading.nodes) != written:
        reading = read_markup(written)
    _note_losses(reading, notes, place)
    return Content.of_nodes(reading.nodes)


def _note_losses(reading: Reading, notes: Notes, place: str) -> None:
    if reading.lost:
        message = N_("không giữ được %(elements)s trong văn bản; hãy xem câu có còn đủ nghĩa không.")
        elements = ", ".join(f"<{name}>" for name in reading.lost)
        notes.add(warning("markup_lost", message, Place(field=place), elements=elements))
    for address, _ in reading.pictures[:_MOST_PICTURES]:
        # Candidates see the explanation after the exam at most: it must not take a sound question away.
        say = warning if place == "explanation" else error
        message = N_("hình “%(address)s” không có trong tệp hoặc không hiện được; câu không dùng được khi thiếu hình.")
        if place == "explanation":
            message = N_("hình “%(address)s” trong lời giải thích không có trong tệp hoặc không hiện được.")
        notes.add(say("picture_missing", message, Place(field=place), address=address[:80]))


def escaped(text: str) -> str:
    """Return a text with a backslash before every sign of the syntax, on one line."""
    return text.translate(_ESCAPES)


def text_written(text: Content, default: str = "moodle") -> str:
    """Return a text as GIFT; ``default`` is the format of the question's own text, which the others take over."""
    if not text.is_plain:
        return html_written(text)
    return f"[plain]{escaped(text)}" if default == "html" or _NEEDS_MARK.search(text) else escaped(text)


def html_written(text: Content) -> str:
    """Return a text as HTML in GIFT, also one that has no markup."""
    return f"[html]{escaped(text.html)}"
