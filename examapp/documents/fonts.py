"""Tinos, with the metrics of Times New Roman and every Vietnamese letter; embedded as a subset of what is used."""

import threading
import unicodedata
from pathlib import Path
from typing import Any

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "Tinos"
BOLD = "Tinos-Bold"
ITALIC = "Tinos-Italic"
BOLD_ITALIC = "Tinos-BoldItalic"

_FILES = {
    REGULAR: "tinos-regular.ttf",
    BOLD: "tinos-bold.ttf",
    ITALIC: "tinos-italic.ttf",
    BOLD_ITALIC: "tinos-bold-italic.ttf",
}
#: two requests may draw at once: a font that is replaced half way, or cut for two documents, loses its letters
_lock = threading.Lock()


class _Font(TTFont):  # type: ignore[misc]  # untyped library
    """A font that is cut for one document at a time: the library keeps where it is in the file with the font."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the library's name
        """Put the used letters into the document."""
        with _lock:
            super().addObjects(doc)


def register_fonts() -> None:
    """Make the four styles known to the PDF library; calling it again costs nothing."""
    with _lock:
        known = getRegisteredFontNames()
        folder = Path(__file__).parent / "fonts"
        for name, file in _FILES.items():
            if name not in known:
                registerFont(_Font(name, str(folder / file)))
        for bold, italic, name in ((0, 0, REGULAR), (1, 0, BOLD), (0, 1, ITALIC), (1, 1, BOLD_ITALIC)):
            addMapping(REGULAR, bold, italic, name)


def printable(text: str) -> str:
    """Return a text as it can be drawn: letters composed, a space for a break or tab, no control characters."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    spaced = "".join(" " if char in "\t\n\r\v\f\u2028\u2029" else char for char in composed)
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
