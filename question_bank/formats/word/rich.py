"""Text of a Word document with the look of each stretch: what can be cut like a string and becomes a ``Content``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from question_bank.errors import Problem
from question_bank.questions.content import Content
from question_bank.questions.markup_reader import read_markup
from question_bank.questions.text import clean_inside

__all__ = ["EMPTY", "OBJECT", "PLAIN", "Look", "Rich", "Thing", "content_of_rich", "joined"]

#: Stands in the text for a picture, a formula or a table, so that places in the text are places in the spans.
OBJECT = "\ufffc"


class Look(NamedTuple):
    """How a stretch of text looks."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    code: bool = False
    #: "sub", "sup" or nothing.
    raised: str = ""
    #: The colour as the file names it; nothing for the colour of ordinary text.
    colour: str = ""
    highlight: str = ""


PLAIN = Look()


@dataclass(frozen=True)
class Thing:
    """What stands in a text without being text; ``html`` is its markup, the problem says why it has none."""

    html: str
    problem: Problem | None = None
    is_block: bool = False


class Span(NamedTuple):
    """Neighbouring characters with one look, or one thing."""

    text: str
    look: Look
    thing: Thing | None = None


class Rich:
    """Some spans; ``text`` is what is read of them, with a sign for each thing."""

    __slots__ = ("spans", "text")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans: tuple[Span, ...] = tuple(spans)
        self.text = "".join(span.text for span in self.spans)

    @classmethod
    def of(cls, text: str, look: Look = PLAIN) -> "Rich":
        """Return a text in one look."""
        return cls((Span(text, look),)) if text else cls()

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def __len__(self) -> int:
        return len(self.text)

    def part(self, start: int, end: int | None = None) -> "Rich":
        """Return the characters from ``start`` up to ``end``."""
        end = len(self.text) if end is None else end
        if start <= 0 and end >= len(self.text):
            return self
        found, place = [], 0
        for span in self.spans:
            first, last = max(start - place, 0), min(end - place, len(span.text))
            if first < last:
                found.append(span if last - first == len(span.text) else span._replace(text=span.text[first:last]))
            place += len(span.text)
            if place >= end:
                break
        return Rich(found)

    def stripped(self) -> "Rich":
        """Return the text without white space at its ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, max(start, len(self.text.rstrip())))

    def lines(self) -> list["Rich"]:
        """Return the lines of the text."""
        if "\n" not in self.text:
            return [self]
        found, start = [], 0
        for line in self.text.split("\n"):
            found.append(self.part(start, start + len(line)))
            start += len(line) + 1
        return found

    def things(self) -> list[Thing]:
        """Return the pictures, formulas and tables."""
        return [span.thing for span in self.spans if span.thing is not None]

    def wholly(self, name: str) -> bool:
        """Say whether every letter has a look (a field of ``Look``) that is more than plain; False without letters."""
        seen = False
        for span in self.spans:
            if span.thing is None and any(map(str.isalnum, span.text)):
                if not getattr(span.look, name):
                    return False
                seen = True
        return seen

    def anywhere(self, name: str) -> bool:
        """Say whether any letter has a look that is more than plain."""
        return any(
            getattr(span.look, name) for span in self.spans if span.thing is None and any(map(str.isalnum, span.text))
        )

    def common(self, name: str) -> str:
        """Return the look that all letters share, empty when they differ or there are none."""
        values = {
            str(getattr(span.look, name) or "")
            for span in self.spans
            if span.thing is None and any(map(str.isalnum, span.text))
        }
        return values.pop() if len(values) == 1 else ""


EMPTY = Rich()


def joined(parts: Sequence[Rich], between: str = "\n") -> Rich:
    """Return some texts as one."""
    if len(parts) == 1:
        return parts[0]
    spans: list[Span] = []
    for place, part in enumerate(parts):
        if place and between:
            spans.append(Span(between, PLAIN))
        spans += part.spans
    return Rich(spans)


#: In the order of nesting, outermost first.
_TAGS = (("bold", "strong"), ("italic", "em"), ("underline", "u"), ("strike", "s"), ("code", "code"))


def content_of_rich(rich: Rich, *, exact: bool = False, without: frozenset[str] = frozenset()) -> Content:
    """Return a text of a question; unless ``exact``, bold and the like over the whole of it is layout and goes.

    A stroke through the whole is none: it says that the text does not count.
    ``without`` names further looks (fields of ``Look``) that go.
    """
    if all(span.thing is None and span.look[:6] == _UNMARKED for span in rich.spans):
        return Content(rich.text)
    layout = without if exact else without | {name for name, _ in _TAGS if name != "strike" and rich.wholly(name)}
    pieces = [(_tags(span.look, layout), span) for span in rich.spans]
    if not any(tags or span.thing for tags, span in pieces):
        return Content(rich.text)
    return Content.of_nodes(read_markup(html_of(pieces), exact=True).nodes)


#: The looks that markup has, none of them on.
_UNMARKED = PLAIN[:6]


def html_of(pieces: Iterable[tuple[tuple[str, ...], Span]]) -> str:
    """Return spans with the elements around each as our markup."""
    written: list[str] = []
    before: tuple[str, ...] = ()
    for tags, span in pieces:
        if tags != before:
            kept = next((n for n, (a, b) in enumerate(zip(before, tags, strict=False)) if a != b),
                        min(len(before), len(tags)))  # fmt: skip
            written += [f"</{tag}>" for tag in reversed(before[kept:])]
            written += [f"<{tag}>" for tag in tags[kept:]]
            before = tags
        if span.thing is None:
            written.append(escape(clean_inside(span.text), quote=False).replace("\n", "<br/>"))
        else:
            written.append(span.thing.html)
    written += [f"</{tag}>" for tag in reversed(before)]
    return "".join(written)


def cell_html(rich: Rich) -> str:
    """Return the markup of a text that stands inside a table."""
    return html_of((_tags(span.look, frozenset()), span) for span in rich.spans)


def _tags(look: Look, layout: frozenset[str]) -> tuple[str, ...]:
    if look is PLAIN:
        return ()
    tags = [tag for name, tag in _TAGS if getattr(look, name) and name not in layout]
    if look.raised:
        tags.append(look.raised)
    return tuple(tags)
