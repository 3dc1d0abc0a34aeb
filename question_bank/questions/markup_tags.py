"""Foreign HTML made ready for a parser that takes minutes over hostile texts: only whole tags are left as tags."""

import re
from html import escape

__all__ = ["tags_only"]

_DECLARATION = re.compile(r"<!doctype[^<>]*>|<\?[^<>]*>", re.IGNORECASE)
#: "</kết>" closes nothing that HTML knows.
_NO_END_TAG = re.compile(r"</(?![A-Za-z][A-Za-z0-9:-]*\s*>)")


def tags_only(written: str) -> str:
    """Return HTML in which every "<" that begins no whole tag is text; comments and declarations are taken out.

    The parser below looks for the end of each of them anew, which in a hostile text takes minutes.
    """
    if "<!" in written or "<?" in written:
        written = _taken_out(written, "<!--", "-->")
        written = _taken_out(written, "<![CDATA[", "]]>", keep=True)
        written = _DECLARATION.sub("", written).replace("<!", "&lt;!").replace("<?", "&lt;?")
    written = _NO_END_TAG.sub("&lt;/", written)
    last = written.rfind(">") + 1
    return written[:last] + written[last:].replace("<", "&lt;")


def _taken_out(written: str, begin: str, end: str, *, keep: bool = False) -> str:
    """Return a text without what stands between two marks, or with that as text; what never ends stays."""
    parts: list[str] = []
    place = 0
    while (start := written.find(begin, place)) >= 0:
        stop = written.find(end, start + len(begin))
        if stop < 0:
            break
        parts.append(written[place:start])
        if keep:
            parts.append(escape(written[start + len(begin) : stop], quote=False))
        place = stop + len(end)
    return "".join([*parts, written[place:]])
