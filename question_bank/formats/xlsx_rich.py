"""Parts of an Excel cell that look different from the rest ("10²", "want" with one letter underlined), as markup."""

import re
from html import escape
from xml.parsers import expat

from question_bank.formats.xlsx_extent import TooMuch

__all__ = ["MAX_MARKUP", "RICH", "with_rich_texts"]

#: Stands in front of a text that is markup; a private character that no program writes.
RICH = "\ue001"
#: In bytes, of all cells of a file together: what is read in a few seconds.
MAX_MARKUP = 5_000_000

#: A shared text or one inside its cell. No part runs over the next beginning: a hostile file has a million of them.
_TEXT = re.compile(
    rb"<((?:\w+:)?)(si|is)\b[^<>]*>((?:[^<]++|<(?!/?(?:\w+:)?(?:si|is)\b))*+)</\1\2>",
)
_ELEMENTS = {"b": "strong", "i": "em", "u": "u", "strike": "s", "superscript": "sup", "subscript": "sub"}
#: What may be the look of a whole text without a meaning.
_PLAIN_ALONE = frozenset({"strong", "em", "u"})
#: In bytes: longer than any cell can be.
_LONGEST = 1_000_000
_OFF = frozenset({"0", "false", "none"})


def with_rich_texts(content: bytes, room: int = MAX_MARKUP) -> tuple[bytes, int]:
    """Return a part with its texts of several looks as markup behind ``RICH``, and how long that markup is.

    Raises TooMuch when it is longer than ``room``.
    """
    if b"rPr" not in content:
        return content, 0
    made = 0

    def marked(text: re.Match[bytes]) -> bytes:
        nonlocal made
        markup = _markup(text[3]) if b"rPr" in text[3] else None
        if markup is None:
            return text[0]
        made += len(markup)
        if made > room:
            raise TooMuch
        prefix, name = text[1], text[2]
        inside = escape(RICH + markup, quote=False).encode()
        return b'<%b%b><%bt xml:space="preserve">%b</%bt></%b%b>' % (prefix, name, prefix, inside, prefix, prefix, name)

    return _TEXT.sub(marked, content), made


def _markup(written: bytes) -> str | None:
    """Return the runs of a text as markup, None when they look alike or cannot be read."""
    if len(written) > _LONGEST:
        return None
    try:
        runs = [(looks, "".join(texts)) for looks, texts in _Runs(written).found if texts]
    except expat.ExpatError:  # another encoding than the one that spreadsheets write
        return None
    alike = set.intersection(*(looks for looks, text in runs if text.strip()), _PLAIN_ALONE) if runs else set()
    parts = []
    for looks, text in runs:
        names = [name for name in _ELEMENTS.values() if name in looks - alike] if text.strip() else []
        begin, end = "".join(f"<{name}>" for name in names), "".join(f"</{name}>" for name in reversed(names))
        parts.append(f"{begin}{escape(text, quote=False)}{end}")
    markup = "".join(parts)
    return markup if "<" in markup else None


class _Runs:
    """The runs of a text with their looks; what a run says of how it is read aloud is left out."""

    def __init__(self, written: bytes) -> None:
        self.found: list[tuple[set[str], list[str]]] = []
        self._name = ""
        self._aloud = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._hear
        parser.Parse(b"<x>" + written + b"</x>", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._name = tag = name.rpartition(":")[2]
        self._aloud += tag == "rPh"
        if tag == "r" or not self.found:
            self.found.append((set(), []))
        value = attributes.get("val", "")
        look = _ELEMENTS.get(value if tag == "vertAlign" else tag)
        if look and value not in _OFF and not self._aloud:
            self.found[-1][0].add(look)

    def _end(self, name: str) -> None:
        self._aloud -= name.rpartition(":")[2] == "rPh"
        self._name = ""

    def _hear(self, letters: str) -> None:
        if self._name == "t" and not self._aloud:
            self.found[-1][1].append(letters)
