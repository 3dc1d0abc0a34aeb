"""Cleaning and comparing texts: the same words must have the same bytes, whatever program they came from."""

import re
import unicodedata

__all__ = ["clean", "comparable", "fold", "has_broken_characters", "repair_horn_letters"]

#: Invisible characters that carry no meaning here and would make equal words differ: zero-width space and joiners,
#: soft hyphen, byte order mark, direction marks (those can also turn a text around on the screen).
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
#: Any of the above, or a line end that is not ours.
_ODD = re.compile(f"{_INVISIBLE.pattern}|{_CONTROL.pattern}|{_SPACES.pattern}|[\r\u2028\u2029]")
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"[ \t]+$", re.MULTILINE)
_LATIN_OI = str.maketrans({"ƣ": "ư", "Ƣ": "Ư"})


def clean(text: str) -> str:
    """Return a text in normal form C without invisible or control characters, with plain spaces and line ends.

    Spaces inside a line stay as they are: a question on informatics may show program text.
    """
    if _ODD.search(text) is None and unicodedata.is_normalized("NFC", text):
        # Nearly every text of a file; a file has hundreds of thousands.
        return (_LINE_END.sub("", text) if "\n" in text else text).strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _SPACES.sub(" ", _CONTROL.sub("", _INVISIBLE.sub("", text)))
    return _LINE_END.sub("", unicodedata.normalize("NFC", text)).strip()


def comparable(text: str) -> str:
    """Return what two texts are compared by: cleaned, runs of white space as one space; case counts."""
    return " ".join(clean(text).split())


def fold(text: str) -> str:
    """Return a text for looking up words: lower case, without Vietnamese marks, white space as one space.

    đ is replaced by hand because Unicode does not split it into d and a mark.
    """
    split = unicodedata.normalize("NFD", comparable(text).casefold().replace("đ", "d"))
    return "".join(character for character in split if not unicodedata.combining(character))


def repair_horn_letters(text: str) -> str:
    """Return the text with the look-alike letter ƣ (gha, from old Vietnamese fonts) replaced by ư, and Ƣ by Ư."""
    return text.translate(_LATIN_OI)


def has_broken_characters(text: str) -> bool:
    """Say whether a text holds halves of characters, which no file and no database can store."""
    return _BROKEN.search(text) is not None
