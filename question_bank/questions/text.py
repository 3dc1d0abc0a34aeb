"""Cleaning and comparing texts: the same words must have the same bytes, whatever program they came from."""

import re
import unicodedata

__all__ = [
    "clean",
    "clean_inside",
    "comparable",
    "fold",
    "has_broken_characters",
    "has_hidden_characters",
    "is_clean",
    "repair_horn_letters",
]

#: Invisible characters that carry no meaning here and would make equal words differ: zero-width space and joiners,
#: soft hyphen, byte order mark, direction marks (those can also turn a text around on the screen).
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
#: Those of the above that change what a reader sees; the others come along with any copied text.
_HIDDEN = re.compile(f"{_CONTROL.pattern}|[\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
#: Line ends of other programs; Word's line break inside a paragraph (Shift + Enter) arrives as \x0b.
_OTHER_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")
#: Any of the above, or the end of a paragraph.
_ODD = re.compile(f"{_INVISIBLE.pattern}|{_CONTROL.pattern}|{_SPACES.pattern}|{_OTHER_LINE_END.pattern}|\u2029")
#: Halves of characters, no characters, and the sign that a program puts where it could not read one.
_BROKEN = re.compile("[\ud800-\udfff\ufffd-\uffff]")
#: Begins only where a run of spaces begins: tried at each of them, a long run in the middle of a line takes hours.
_LINE_END = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)
_LATIN_OI = str.maketrans({"ƣ": "ư", "Ƣ": "Ư"})


def clean(text: str) -> str:
    """Return a text in normal form C without invisible or control characters, with plain spaces and line ends.

    Spaces inside a line stay as they are: a question on informatics may show program text.
    """
    if is_clean(text):
        # Nearly every text of a file; a file has hundreds of thousands.
        return (_LINE_END.sub("", text) if "\n" in text else text).strip()
    return _LINE_END.sub("", clean_inside(text)).strip()


def is_clean(text: str) -> bool:
    """Say whether ``clean`` would change nothing but the white space at the ends of the text and of its lines."""
    return _ODD.search(text) is None and unicodedata.is_normalized("NFC", text)


def clean_inside(text: str) -> str:
    """Return a part of a text in the same form, but with the white space at its ends and at those of its lines."""
    if is_clean(text):
        return text
    text = _OTHER_LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _CONTROL.sub("", _INVISIBLE.sub("", text))))


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
    """Say whether a text holds halves of characters, which nothing can store, or the sign "\ufffd" for a lost one."""
    return _BROKEN.search(text) is not None


def has_hidden_characters(text: str) -> bool:
    """Say whether a text holds control characters or turns itself around on the screen; ``clean`` takes both away."""
    return _HIDDEN.search(text) is not None
