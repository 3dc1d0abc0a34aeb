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
#: Of a reason, which is looked through for letters.
_LONGEST = 500
_WORD = r"(?:đúng|sai|đ|s|true|false|t|f)"
_TRUTHS = re.compile(
    rf"(?:\(?([a-j]|[1-9])\s*[.):–-]{{0,2}}\s*)?({_WORD})(?=[\s,;.|/)–-]|$|(?-i:[ĐS]))[\s,;.|/)–-]*", re.IGNORECASE
)
_LETTERS = re.compile(r"\(?([A-J](?:\s?(?:[,;/&+]|và)?\s?[A-J])*)\)?\s*\.?")
_LETTER = re.compile(
    r"\(?([A-Ja-j])\)?(?:\s*[.):,;]\s*|\s+[-–]\s*|\s+(?=\(|vì\b|do\b|theo\b|căn cứ\b)|\s*$)", re.IGNORECASE
)
_REASON = re.compile(
    r"(?:\(|vì\b|bởi\b|do\b|theo\b|căn cứ\b|giải thích\b|lý do\b|lí do\b|lời giải\b|hướng dẫn\b)", re.IGNORECASE
)
#: "Điều 5 Hiến pháp", "Khoản 2, Điều 8 Luật …" behind a letter: where it is written.
_SOURCE = re.compile(
    r"(?=.{0,100}\bđiều\s+\d)(?:điểm|khoản|điều|luật|bộ luật|hiến pháp|nghị định|thông tư)\b", re.IGNORECASE
)
_ARTICLE = re.compile(r"\bđiều\s+\d", re.IGNORECASE)
#: What may stand between the words of an option and a reason.
_BREAK = re.compile(r"[.;,:]\s+|\s*(?=\()|\s+(?=(?:vì|bởi|do|theo|căn cứ)\b)", re.IGNORECASE)
_MINUS = re.compile(r"\(?[A-Ja-j]\)?\s+([-–]\s*\d.*)")
_BRACKET = re.compile(r"\(([^()]*)")
_NAMES_OPTION = re.compile(
    r"(?<!\w)(?-i:([A-J]))(?!\w)|\b(?:thành|là|chọn|đáp án|phương án)\s*:?\s*([a-j])(?!\w)", re.IGNORECASE
)
_TRUTH_BEHIND = re.compile(r"\s*[(\[]\s*(đúng|sai|đ|s)\s*[)\]]\s*$", re.IGNORECASE)
_TRUE = frozenset({"dung", "d", "true", "t"})


def meaning(written: str, options: Sequence[Content], *, statements: bool) -> tuple[Key, str]:
    """Return what a written key means for some options, and what is written behind it; raises Refusal if unclear.

    ``statements`` says that the options may be statements, each of them true or false.
    """
    key, rest = _meaning(written, options, statements=statements)
    equal = [index for index, option in enumerate(options) if _loosely(option) == _loosely(written)]
    if len(equal) == 1 and key != (equal[0],):
        message = N_("ghi “%(written)s”, có thể hiểu là phương án %(one)s hoặc %(other)s.")
        params = {"written": written.strip()[:80], "one": words_of(key), "other": letter(equal[0])}
        raise Refusal(error("key_ambiguous", message, _FIELD, **params))
    return key, rest


def _meaning(written: str, options: Sequence[Content], *, statements: bool) -> tuple[Key, str]:
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
    negative = _negative(text, words)
    if negative is not None and negative != index:
        raise Refusal(_unclear(text, index))
    if negative is not None or not rest or words[index] in (_unbracketed(rest), _loosely(rest)):
        return (index,), ""
    reason = _behind(rest, words[index])
    if reason is not None and not _speaks_against(reason, index, words) and not _begins_like(rest, words, index):
        return (index,), reason
    if (_REASON.match(rest) or _is_source(rest, index, words)) and not _speaks_against(rest, index, words):
        return (index,), rest
    equal = [place for place, option in enumerate(options) if _loosely(option) == _loosely(text)]
    if len(equal) == 1:
        return (equal[0],), ""
    raise Refusal(_unclear(text, index))


def _unclear(text: str, index: int) -> Problem:
    message = N_("đáp án ghi “%(written)s” nhưng phương án %(letter)s có nội dung khác; hãy ghi riêng chữ cái.")
    return error("key_unclear", message, _FIELD, written=text[:80], letter=letter(index))


def _negative(text: str, words: Sequence[str]) -> int | None:
    """Return the option that the number behind a letter is when its dash is a minus: "B -3"; None for no option."""
    match = _MINUS.fullmatch(text)
    found = _signed(match[1]) if match else ""
    return next((index for index, one in enumerate(words) if match and _signed(one) == found), None)


def _behind(rest: str, words: str) -> str | None:
    """Return the reason behind the words of an option, None when a text does not begin with them."""
    found = comparable(rest)
    match = _BREAK.match(found, len(words)) if words and found[: len(words)].casefold() == words else None
    return found[match.end() :] if match else None


def _begins_like(rest: str, words: Sequence[str], index: int) -> bool:
    """Say whether a text begins with the longer words of another option: "hai. ba" where another one is "hai. ba"."""
    found = comparable(rest).casefold()
    return any(found.startswith(one) and len(one) > len(words[index]) for one in words)


def _is_source(rest: str, index: int, options: Sequence[str]) -> bool:
    """Say whether a text is a legal source and no option is one, nor are the words of another option in it."""
    found = comparable(rest).casefold()
    others = (one for place, one in enumerate(options) if place != index and one)
    return bool(_SOURCE.match(rest)) and not any(map(_ARTICLE.search, options)) and not any(o in found for o in others)


def _speaks_against(reason: str, index: int, options: Sequence[str]) -> bool:
    """Say whether a reason is another option's words, or says another option in brackets: "B (sửa thành A)"."""
    others = {*options} - {options[index]}
    if _loosely(reason) in others or _unbracketed(reason) in others:
        return True
    inside = _BRACKET.match(reason[:_LONGEST])
    if inside is None:
        return False
    if inside[1] and any(_loosely(inside[1]) == one or _behind(inside[1], one) is not None for one in others):
        return True
    letters = [letter(place) for place in range(len(options)) if place != index]
    return any((match[1] or match[2]).upper() in letters for match in _NAMES_OPTION.finditer(reason[:_LONGEST]))


def _signed(text: str) -> str:
    """Return a number with its minus in one spelling."""
    return "".join(_loosely(text).replace("–", "-").split())


def _unbracketed(text: str) -> str:
    found = _loosely(text)
    return _loosely(found.removeprefix("(").removesuffix(")")) if found.startswith("(") else found


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
