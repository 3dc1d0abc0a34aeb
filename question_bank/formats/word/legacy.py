"""Text in fonts from before Unicode (.VnTime, VNI-Times) inside Word documents."""

import re
from collections.abc import Sequence

from question_bank.errors import N_, Problem, warning
from question_bank.formats.legacy_text import decode_as, repair_legacy
from question_bank.formats.word.package import Package
from question_bank.formats.word.rich import Span
from question_bank.formats.word.styles import Format

__all__ = ["OldFonts"]

#: Signs among the letters of TCVN3, and vowels with a second letter as VNI writes them; in Unicode both are rare.
_SUSPECT = re.compile(
    "[\xa1-\xbf\xd7\xf1\xf6\xd1\xd6]|[aeouyAEOUY][\xc0-\xc5\xc8-\xcb\xd5\xd8-\xdc\xe0-\xeb\xef\xf5\xf8-\xfc]"
)


class OldFonts:
    """Knows which fonts of a document are old ones and how their letters are meant."""

    def __init__(self, package: Package) -> None:
        #: Whether any font of the document is named like one of the old ones.
        self.possible = package.old_fonts
        self._texts: dict[str, list[str]] = {}
        self._encodings: dict[str, str] = {}
        self._used: dict[str, None] = {}

    def decide(self) -> None:
        """Find out the encodings of the old fonts from all that was read in them."""
        for family, texts in self._texts.items():
            found = repair_legacy("\n".join(texts))
            if found is not None:
                self._encodings[family] = found.encoding
        self._texts = {}
        self._used = {}

    def spans(self, found: Sequence[tuple[str, Format]]) -> list[Span]:
        """Return some neighbouring texts of one paragraph as spans, in Unicode."""
        if self.possible:
            return [Span(self._decoded(text, form.font), form.look) for text, form in found]
        whole = "".join(text for text, _ in found)
        legacy = repair_legacy(whole) if not whole.isascii() and _SUSPECT.search(whole) else None
        if legacy is None:
            return [Span(text, form.look) for text, form in found]
        return [Span(self._reread(text, legacy.encoding), form.look) for text, form in found]

    def notices(self) -> list[Problem]:
        """Return a warning for each old encoding that was read."""
        message = N_("tệp dùng bảng mã cũ %(encoding)s; chữ đã được chuyển sang Unicode, hãy đọc lại.")
        return [warning("legacy_encoding", message, encoding=name) for name in self._used]

    def _decoded(self, text: str, font: str) -> str:
        family = _family(font)
        if not family or text.isascii():
            return text.upper() if family == "vn" and self._encodings and font.endswith("H") else text
        if family not in self._encodings:
            self._texts.setdefault(family, []).append(text)
            return text
        decoded = self._reread(text, self._encodings[family])
        return decoded.upper() if family == "vn" and font.endswith("H") else decoded

    def _reread(self, text: str, encoding: str) -> str:
        try:
            decoded = decode_as(text.encode("cp1252"), encoding)
        except UnicodeError:
            return text  # it holds letters that only Unicode has
        self._used[encoding] = None
        return decoded


def _family(font: str) -> str:
    lower = font.lower()
    return "vn" if lower.startswith(".vn") else "vni" if lower.startswith("vni") else ""
