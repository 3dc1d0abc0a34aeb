"""The texts of Moodle XML, both ways: HTML, plain or "auto" text, with pictures as base64 files beside it."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import unquote
from xml.etree.ElementTree import Element as XmlElement

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.questions.content import NO_TEXT, Content
from question_bank.questions.markup import Element, Node, serialize
from question_bank.questions.markup_reader import read_markup
from question_bank.questions.pictures import PictureRefused, picture_bytes

__all__ = ["PictureBudget", "TextReader", "files_xml", "has_tags", "html_of", "text_of", "text_xml", "xml_text"]

_PLUGIN = "@@PLUGINFILE@@"
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,11}(?:\s[^<>]*)?/?>")
_BLOCK = re.compile(r"<(?:p|div|br|ul|ol|table|pre|h[1-6]|blockquote)\b", re.IGNORECASE)
_BETWEEN_TAGS = re.compile(r"(?<=>)[ \t]*\n\s*(?=<)")
_MARKDOWN_PICTURE = re.compile(r"!\[([^\[\]\n]{0,300})\]\(([^()\s]{1,500})(?: [^()\n]{0,300})?\)")
_MARKDOWN_SIGNS = re.compile(r"\*\*?\S|__?\S|^\s{0,3}(?:#{1,6}|[-*+]|\d+\.|>)\s|`|\]\(", re.MULTILINE)
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SECOND_SPACE = re.compile(r"(?<= ) |^ ")
_HARD_SPACE = re.compile("&nbsp;|&#160;|&#[xX][aA]0;|\u00a0")
#: Hard spaces at the beginning of a line that has something else in it.
_INDENT = re.compile(
    f"(?:(?<=>)|^)(?:{_HARD_SPACE.pattern})(?:{_HARD_SPACE.pattern}| )*+"
    r"(?!\s*(?:$|</|<(?:br|p|div|ul|ol|li|table|tr|td|th|pre|blockquote|h[1-6]|hr)\b))",
)
#: Stands for a hard space while markup is read; for private use, so that no text has it.
_HIDDEN = "\uf8fe"
#: Elements that are not kept as a whole.
_FEEDBACK = ("feedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint")
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


class PictureBudget:
    """How much of its pictures a file may use over and over: a small file must not become a large one."""

    #: What looking at a picture costs, however small it is.
    _LEAST = 2_048

    def __init__(self, file_size: int) -> None:
        self._left = 5_000_000 + 3 * file_size

    def spend(self, size: int) -> bool:
        """Say whether one more picture of this size may be used, and count it."""
        self._left -= max(size, self._LEAST)
        return self._left >= 0


class TextReader:
    """Reads the texts of one question; ``problems`` holds what could not be kept of them."""

    def __init__(self, question: XmlElement, budget: PictureBudget) -> None:
        self.problems: list[Problem] = []
        self._question = question
        self._budget = budget
        self._used: set[int] = set()
        self._files: dict[int, dict[str, XmlElement]] = {}
        self._decoded: dict[int, bytes] = {}

    def read(self, holder: XmlElement | None, field: str) -> Content:
        """Return the text of an element that holds ``text`` and ``file`` elements; empty for None."""
        if holder is None:
            return NO_TEXT
        style = (holder.get("format") or "html").strip()
        inside = holder.find("text")
        if inside is not None and len(inside):
            style = "html"  # its elements are no plain text, whatever is said of it
        return self.content(text_of(holder), holder, field, style)

    def content(self, text: str, holder: XmlElement, field: str, style: str = "html") -> Content:
        """Return a text in one of Moodle's styles, whose pictures are files of the holder or of the question."""
        if style == "plain_text":
            return Content(text)
        if style in ("moodle_auto_format", "markdown", "wiki_like"):
            if style != "moodle_auto_format" and _MARKDOWN_SIGNS.search(text):
                message = N_("văn bản viết bằng Markdown được giữ nguyên các dấu của nó; hãy xem lại.")
                self.note(warning("markdown_unread", message, Place(field=field)))
            text = _MARKDOWN_PICTURE.sub(r'<img alt="\1" src="\2">', text) if style == "markdown" else text
            text = text if _BLOCK.search(text) else _BETWEEN_TAGS.sub("", text.strip()).replace("\n", "<br>")
        if "<" not in text and "&" not in text:
            return Content(_SPACES.sub(" ", text))
        # Hard spaces in front of a line are seen; the reader of markup takes all spaces off there, so they are hidden.
        indented = _INDENT.sub(lambda run: _HARD_SPACE.sub(_HIDDEN, run[0]), text)
        reading = read_markup(indented, lambda address: self._picture(address, holder))
        if reading.lost:
            message = N_("không giữ được %(elements)s trong văn bản; hãy xem câu có còn đủ nghĩa không.")
            elements = ", ".join(f"<{name}>" for name in reading.lost)
            self.note(warning("markup_lost", message, Place(field=field), elements=elements))
        for address, _reason in reading.pictures[:5]:
            message = N_(
                "hình “%(address)s” không có trong tệp hoặc không hiện được; câu không dùng được khi thiếu hình."
            )
            self.note(error("picture_missing", message, Place(field=field), address=address))
        if _HIDDEN in indented:
            return Content.of_markup(serialize(reading.nodes).replace(_HIDDEN, " "))
        return Content.of_nodes(reading.nodes)

    def unused_files(self) -> list[str]:
        """Return the names of the files that no text shows (sounds, documents …), without those of feedback."""
        known = {id(file) for name in _FEEDBACK for holder in self._question.iter(name) for file in holder.iter("file")}
        known |= self._used
        return [file.get("name") or "?" for file in self._question.iter("file") if id(file) not in known]

    def note(self, problem: Problem) -> None:
        """Keep a problem of the question, each once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def _picture(self, address: str, holder: XmlElement) -> bytes | None:
        name = unquote(address.removeprefix(_PLUGIN).split("?")[0]).lstrip("/")
        file = self._named(holder).get(name)
        if file is None:
            file = self._named(self._question).get(name)
        if file is None:
            return None
        self._used.add(id(file))
        if id(file) not in self._decoded:
            try:
                self._decoded[id(file)] = base64.b64decode("".join((file.text or "").split()), validate=True)
            except (binascii.Error, ValueError):
                return None
        data = self._decoded[id(file)]
        return data if self._budget.spend(len(data)) else None

    def _named(self, holder: XmlElement) -> dict[str, XmlElement]:
        """Return the files of an element by their names, with and without folder; the whole question's by any."""
        if id(holder) not in self._files:
            found: dict[str, XmlElement] = {}
            for file in holder.iter("file") if holder is self._question else holder.findall("file"):
                name = unquote(file.get("name") or "")
                found.setdefault(f"{(file.get('path') or '').strip('/')}/{name}".lstrip("/"), file)
                found.setdefault(name, file)
            self._files[id(holder)] = found
        return self._files[id(holder)]


def text_of(holder: XmlElement | None) -> str:
    """Return what stands in the ``text`` element of an element, without white space around it.

    Elements that were not escaped there, as Moodle would, become the HTML that they were meant to be.
    """
    inside = holder.find("text") if holder is not None else None
    if inside is None:
        return ""
    if not len(inside):
        return (inside.text or "").strip()
    # Where other tags were escaped, all of the text is HTML; otherwise "&lt;" was meant to be seen.
    escaped = not has_tags("".join(inside.itertext()))
    return "".join(_unescaped(inside, escaped=escaped)).strip()


def _unescaped(element: XmlElement, *, escaped: bool) -> Iterator[str]:
    """Give the inside of an element as HTML; the depth of the tree was bounded when it was parsed."""
    yield escape(element.text or "", quote=False) if escaped else element.text or ""
    for child in element:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attrib.items())
        if len(child) or child.text:
            yield f"<{child.tag}{attributes}>"
            yield from _unescaped(child, escaped=escaped)
            yield f"</{child.tag}>"
        else:
            yield f"<{child.tag}{attributes}/>"
        yield escape(child.tail or "", quote=False) if escaped else child.tail or ""


def has_tags(text: str) -> bool:
    """Say whether a text holds anything that looks like an element of HTML."""
    return _TAG.search(text) is not None


# --- writing ------------------------------------------------------------------------------------------------------


def xml_text(text: str) -> str:
    """Return a text as it stands in an XML element or attribute; what XML 1.0 cannot hold becomes U+FFFD."""
    return escape(_NOT_XML.sub("\ufffd", text))


def html_of(text: Content, files: dict[str, str] | None = None) -> str:
    """Return a text as HTML that reads the same in any browser; pictures go to ``files`` (name to base64).

    Without ``files`` pictures are left out.
    """
    nodes: Sequence[Node] = text.nodes or _lines(text)
    return serialize([_foreign(node, files) for node in nodes])


def text_xml(text: Content) -> tuple[str, str]:
    """Return the ``format`` attribute and the inside of an element that holds a text and its pictures."""
    if text.is_plain:
        return "plain_text", f"<text>{xml_text(text)}</text>"
    files: dict[str, str] = {}
    inside = f"<text>{xml_text(html_of(text, files))}</text>"
    return "html", inside + files_xml(files)


def files_xml(files: dict[str, str]) -> str:
    """Return the ``file`` elements of some pictures."""
    return "".join(
        f'\n<file name="{name}" path="/" encoding="base64">{content}</file>' for name, content in files.items()
    )


def _lines(text: str) -> list[Node]:
    nodes: list[Node] = []
    for line in text.split("\n"):
        nodes += [Element("br"), line] if nodes else [line]
    return nodes


def _foreign(node: Node, files: dict[str, str] | None) -> Node:
    """Return a node whose white space survives in HTML and whose pictures are files."""
    if isinstance(node, str):
        return _SECOND_SPACE.sub("\u00a0", node)
    if node.tag == "img":
        return _file(node, files) if files is not None else node.get("alt") or ""
    if node.tag == "pre":
        return node
    return Element(node.tag, node.attributes, tuple(_foreign(child, files) for child in node.children))


def _file(picture: Element, files: dict[str, str] | None) -> Node:
    try:
        media_type, data = picture_bytes(picture.get("src") or "")
    except PictureRefused:  # none of ours
        return picture.get("alt") or ""
    content = base64.b64encode(data).decode()
    known = files if files is not None else {}
    name = next((name for name, other in known.items() if other == content), None)
    if name is None:
        name = f"hinh-{len(known) + 1}.{_SUFFIXES[media_type]}"
        known[name] = content
    rest = tuple((key, value) for key, value in picture.attributes if key != "src")
    return Element("img", (("src", f"{_PLUGIN}/{name}"), *rest))
