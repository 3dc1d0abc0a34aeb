"""Reading the right answer, which real files write as a letter, a number, the option's text or flags.

A wrong key costs every candidate a mark, so nothing is guessed: what can mean two options is refused.
"""

import re
from collections.abc import Iterable, Sequence

from question_bank.errors import N_, Place, Problem, error
from question_bank.formats.decoding import Refusal
from question_bank.formats.prefixes import split_label
from question_bank.questions.single_choice import key_out_of_range, letter
from question_bank.questions.text import clean, comparable

__all__ = ["KEY_STYLES", "number_base", "read_key"]

#: "auto" finds out; the others say it. Numbers start at 0 ("index0") or at 1 ("index1").
KEY_STYLES = ("auto", "letter", "index0", "index1", "text")

_LETTER = re.compile(r"(?:(?:đáp án|phương án|câu|chọn|answer)\s*:?\s*)?\(?([A-Za-z])\s*[.)\]:]?", re.IGNORECASE)
_SEVERAL = re.compile(r"[A-Ja-j](?:\s*(?:[,;/&+]|và|hoặc)\s*[A-Ja-j])+")
_NUMBER = re.compile(r"\d{1,3}")
_FIELD = Place(field="key")
#: Of four options each is right about every fourth time; what shows the counting far more rarely is a slip.
_LEAST_SHARE = 0.1


def number_base(values: Iterable[tuple[object, int]]) -> int | None:
    """Return where the numeric keys of a file start counting, seen over all (key, number of options).

    None when nothing shows it, when one row shows the one and another row the other, or when so few rows show it that
    it may be a slip, which must not shift the keys of all others. People count from 1: one 0 alone shows nothing.
    """
    numbers = [(number, count) for value, count in values if (number := _number(value)) is not None]
    zeros = sum(number == 0 for number, _ in numbers)
    lasts = sum(number == count > 0 for number, count in numbers)
    shown = zeros or lasts
    if not shown or (zeros and lasts):
        return None
    rare = zeros == 1 or shown < _LEAST_SHARE * len(numbers)
    return None if rare and shown < len(numbers) else int(bool(lasts))


def read_key(value: object, options: Sequence[str], style: str, base: int | None) -> int:
    """Return the index of the right option; raises Refusal with the reason."""
    if value is None or (isinstance(value, str) and not clean(value)) or value == []:
        raise Refusal(error("key_missing", N_("chưa có đáp án."), _FIELD))
    if isinstance(value, list):
        return _from_list(value, options, style, base)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refusal(_unknown(str(value), options, "text", None))
    written = clean(str(value))
    if _SEVERAL.fullmatch(written):
        raise Refusal(_several(written))
    found = {index for index in _meanings(written, options, style, base) if index is not None}
    if len(found) > 1:
        message = N_("ghi “%(written)s”, có thể hiểu là phương án %(one)s hoặc %(other)s.")
        one, other = sorted(found)[:2]
        raise Refusal(
            error("key_ambiguous", message, _FIELD, written=written[:80], one=letter(one), other=letter(other))
        )
    if not found:
        raise Refusal(_unknown(written, options, style, base))
    return found.pop()


def _meanings(written: str, options: Sequence[str], style: str, base: int | None) -> list[int | None]:
    """Return every option the written key may mean under a style."""
    meanings: list[int | None] = []
    alphabetic = _LETTER.fullmatch(written)
    if style in ("auto", "letter") and alphabetic:
        meanings.append(_in_range(ord(alphabetic.group(1).upper()) - ord("A"), options))
    if style in ("auto", "text"):
        equal = [index for index, option in enumerate(options) if comparable(option) == comparable(written)]
        if len(equal) > 1:
            message = N_("đáp án “%(written)s” trùng với hai phương án %(one)s và %(other)s.")
            params = {"written": written[:80], "one": letter(equal[0]), "other": letter(equal[1])}
            raise Refusal(error("key_matches_two", message, _FIELD, **params))
        meanings += equal
        label, text = split_label(written)
        if label is not None and label < len(options) and comparable(options[label]) == comparable(text):
            # "B. Hai" where the letters in front of the options were taken off.
            meanings.append(label)
    number = _number(written)
    if number is None or style in ("letter", "text"):
        return meanings
    start = {"index0": 0, "index1": 1}.get(style, base)
    if start is not None:
        meanings.append(_in_range(number - start, options))
    elif not meanings and number <= len(options):
        message = N_("đáp án ghi số %(written)s: chưa rõ đếm từ 0 hay từ 1; hãy chọn cách đếm khi ghép cột.")
        raise Refusal(error("key_base_unknown", message, _FIELD, written=written))
    return meanings


def _from_list(values: list[object], options: Sequence[str], style: str, base: int | None) -> int:
    if len(values) == len(options) and all(value in (0, 1) for value in values):
        right = [index for index, value in enumerate(values) if value]
        if len(right) == 1:
            return right[0]
        if not right:
            raise Refusal(error("key_missing", N_("chưa có đáp án: không phương án nào được đánh dấu đúng."), _FIELD))
        raise Refusal(_several(", ".join(letter(index) for index in right)))
    if len(values) == 1:
        return read_key(values[0], options, style, base)
    raise Refusal(_several(", ".join(str(value) for value in values)))


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    text = clean(str(value)) if isinstance(value, str | int) else ""
    return int(text) if _NUMBER.fullmatch(text) else None


def _in_range(index: int, options: Sequence[str]) -> int | None:
    return index if 0 <= index < len(options) else None


def _several(written: str) -> Problem:
    message = N_("ghi “%(written)s”: câu một lựa chọn chỉ có một đáp án đúng.")
    return error("key_more_than_one", message, _FIELD, written=written[:80])


def _unknown(written: str, options: Sequence[str], style: str, base: int | None) -> Problem:
    """Return the problem of a key that means nothing: beyond the options, or no kind of key at all."""
    counted = style in ("index0", "index1") or (style == "auto" and base is not None)
    lettered = style in ("auto", "letter")
    if (lettered and _LETTER.fullmatch(written)) or (counted and _NUMBER.fullmatch(written)):
        return key_out_of_range(written, tuple(options))
    message = N_("đáp án “%(written)s” không khớp phương án nào.")
    return error("key_unknown", message, _FIELD, written=written[:80])
