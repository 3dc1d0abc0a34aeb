"""The right answer of a question of a Word file: written beside it, in a table, or shown by the look of an option.

Nothing is guessed. What two places say must agree; a look tells only when it sets exactly one option apart.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from question_bank.errors import N_, Place, Problem, error
from question_bank.formats.decoding import Refusal
from question_bank.formats.keys import read_key
from question_bank.formats.word.options import Option
from question_bank.questions.checks import key_out_of_range, letter
from question_bank.questions.content import Content
from question_bank.questions.text import clean, comparable, fold

__all__ = ["Key", "agreed", "ambiguous", "looks", "marked_truths", "meaning", "truths_of", "words_of"]

#: Indexes of options, truths of statements, or the words themselves.
Key = tuple[int, ...] | tuple[bool, ...] | str

_FIELD = Place(field="key")
_WORD = r"(?:đúng|sai|đ|s|true|false|t|f)"
_TRUTHS = re.compile(
    rf"(?:\(?([a-j]|[1-9])\s*[.):–-]{{0,2}}\s*)?({_WORD})(?=[\s,;.|/)–-]|$|(?-i:[ĐS]))[\s,;.|/)–-]*", re.IGNORECASE
)
_LETTERS = re.compile(r"\(?([A-J](?:\s?(?:[,;/&+]|và)?\s?[A-J])*)\)?\s*\.?")
_LETTER = re.compile(
    r"\(?([A-Ja-j])\)?(?:\s*[.):,;]\s*|\s+[-–]\s*|\s+(?=\(|vì\b|do\b|theo\b|căn cứ\b)|\s*$)", re.IGNORECASE
)
_REASON = re.compile(r"(?:\(|vì\b|do\b|theo\b|căn cứ\b|giải thích\b|lý do\b)", re.IGNORECASE)
_TRUTH_BEHIND = re.compile(r"\s*[(\[]\s*(đúng|sai|đ|s)\s*[)\]]\s*$", re.IGNORECASE)
_TRUE = frozenset({"dung", "d", "true", "t"})


def meaning(written: str, options: Sequence[Content], *, statements: bool) -> tuple[Key, str]:
    """Return what a written key means for some options, and what is written behind it; raises Refusal if unclear.

    ``statements`` says that the options may be statements, each of them true or false.
    """
    text = clean(written)
    if text.endswith((")", "]")) and text.count("(") + text.count("[") < text.count(")") + text.count("]"):
        text = text[:-1].rstrip()
    if not options:
        truths = truths_of(text)
        return (truths if truths is not None and len(truths) == 1 else text), ""
    truths = truths_of(text)
    if truths is not None and (len(truths) > 1 or (statements and len(options) == 1)):
        if len(truths) != len(options):
            message = N_("câu có %(count)s ý nhưng đáp án ghi cho %(keys)s ý.")
            raise Refusal(error("key_count", message, _FIELD, count=len(options), keys=len(truths)))
        return truths, ""
    several = _LETTERS.fullmatch(text)
    if several and "/" in several[1]:
        message = N_("ghi “%(written)s”: chưa rõ chọn một trong các phương án này hay tất cả.")
        raise Refusal(error("key_more_than_one", message, _FIELD, written=text[:80]))
    if several:
        found = tuple(dict.fromkeys(ord(one) - ord("A") for one in several[1] if "A" <= one <= "J"))
        if max(found) >= len(options):
            raise Refusal(key_out_of_range(text[:80], options))
        return tuple(sorted(found)), ""
    alone = _LETTER.match(text)
    if alone:
        return _lettered(text, ord(alone[1].upper()) - ord("A"), text[alone.end() :].strip(), options)
    return (read_key(text, options, "text", None),), ""


def _lettered(text: str, index: int, rest: str, options: Sequence[Content]) -> tuple[Key, str]:
    """Return the key of "B. Quốc hội" or "B, vì …"; words that are not those of the option make it unclear."""
    if index >= len(options):
        raise Refusal(key_out_of_range(text[:80], options))
    words = [_loosely(option) for option in options]
    if not rest or _loosely(rest) == words[index]:
        return (index,), ""
    if _REASON.match(rest) and _loosely(rest) not in words:
        return (index,), rest
    equal = [place for place, option in enumerate(options) if _loosely(option) == _loosely(text)]
    if len(equal) == 1:
        return (equal[0],), ""
    message = N_("đáp án ghi “%(written)s” nhưng phương án %(letter)s có nội dung khác; hãy ghi riêng chữ cái.")
    raise Refusal(error("key_unclear", message, _FIELD, written=text[:80], letter=letter(index)))


def _loosely(text: str) -> str:
    return comparable(text).rstrip(" .;,").casefold()


def truths_of(text: str) -> tuple[bool, ...] | None:
    """Return the truths of "a) Đúng b) Sai", "Đ S Đ S" or "ĐSĐS"; letters must come in their order."""
    if len(text) > 300:
        return None
    found: list[bool] = []
    place = 0
    while place < len(text):
        match = _TRUTHS.match(text, place)
        if match is None:
            return None
        label = match[1]
        if label and label.lower() not in ("abcdefghij"[len(found) : len(found) + 1], str(len(found) + 1)):
            return None
        found.append(fold(match[2]) in _TRUE)
        place = match.end()
    return tuple(found) or None


def marked_truths(options: Sequence[Option]) -> tuple[bool, ...] | None:
    """Return the truths in brackets behind every statement, "(Đ)" or "[Sai]", and take them off; None otherwise."""
    texts = [option.text() for option in options]
    found = [_TRUTH_BEHIND.search(text.text, max(len(text) - 20, 0)) for text in texts]
    if len(options) < 2 or not all(found):
        return None
    for option, text, match in zip(options, texts, found, strict=True):
        assert match is not None
        option.lines = [text.part(0, match.start())]
    return tuple(fold(match[1]) in _TRUE for match in found if match)


def looks(options: Sequence[Option]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give the options that a look sets apart from the others, with its name; more than one: it does not tell."""
    for parts in ([option.text() for option in options], [option.label for option in options]):
        for name, word in (("bold", N_("chữ đậm")), ("underline", N_("gạch chân"))):
            found = tuple(index for index, part in enumerate(parts) if part.wholly(name))
            if 0 < len(found) < len(parts):
                yield word, found
        for name, word in (("colour", N_("màu chữ")), ("highlight", N_("tô nền"))):
            found = _unlike([part.common(name) for part in parts])
            if found:
                yield word, found


def _unlike(values: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the values that are not like most; two or more when it cannot be said."""
    if len(set(values)) < 2:
        return ()
    (usual, count), *others = Counter(values).most_common()
    if "" in values and (usual != "" and count == others[0][1]):
        usual = ""
    found = tuple(index for index, value in enumerate(values) if value != usual)
    # Ordinary text among coloured options may be the right one or simply one that was missed.
    return found if usual == "" and "" in values else tuple(range(len(values)))


def agreed(sources: Sequence[tuple[str, Key]]) -> Key | None:
    """Return what all sources say, None for no source; raises Refusal when two of them say different things."""
    if not sources:
        return None
    name, key = sources[0]
    for other, value in sources[1:]:
        if value != key or isinstance(value, tuple) != isinstance(key, tuple):
            message = N_("đáp án mâu thuẫn: %(one)s là %(key)s, %(other)s là %(value)s; hãy sửa cho khớp.")
            params = {"one": name, "key": words_of(key), "other": other, "value": words_of(value)}
            raise Refusal(error("key_sources_disagree", message, _FIELD, **params))
    return key


def words_of(key: Key) -> str:
    """Return a key in words."""
    if isinstance(key, str):
        return f"“{key[:80]}”"
    return ", ".join(("Đúng" if one else "Sai") if isinstance(one, bool) else letter(one) for one in key)


def ambiguous(name: str, found: Sequence[int]) -> Problem:
    """Return the problem of a look or of stars at several options."""
    message = N_("%(name)s ở nhiều phương án (%(letters)s), không rõ đáp án; hãy ghi dòng “Đáp án: …”.")
    return error("key_ambiguous_look", message, _FIELD, name=name, letters=", ".join(map(letter, found)))
