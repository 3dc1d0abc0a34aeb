"""Which options must keep their place because they speak about other options."""

# Shuffling turns "Cả A và B" into a lie. Four kinds of options refer to others:
#
# * to all of them without a letter ("Tất cả các phương án trên", "Không có phương án nào đúng"): true wherever the
#   others stand, but it reads rightly only at the end, so it is *pinned last*;
# * to a number of them ("Cả ba đều đúng", "Hai câu trên"): the same when the number covers all others, otherwise it
#   means particular neighbours;
# * by place ("Hai phương án đầu", "Ý thứ nhất và thứ ba"): it means particular ones;
# * by letter ("A và B", "Cả A, B, C đều đúng"): when it names *every* movable option, in a sentence that treats them
#   alike, it stays true after shuffling those; otherwise the letters are meaningful only in the source order.
#
# Whenever particular options are meant, the **whole question keeps its source order**: every option is pinned. In doubt
# we pin, because an order that is not shuffled costs little and a false sentence costs a mark.

import re
from typing import Literal

from question_bank.questions.text import comparable

__all__ = ["pinned_last"]

#: What an option refers to: options by index, a number of options, all of them, or some in a way that needs the order.
Reference = frozenset[int] | int | Literal["all", "order"]

_LETTERS = "abcdefghij"
_COUNTS = {"hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "both": 2, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_COUNT = r"(?P<count>hai|ba|bốn|năm|sáu|[2-6])"
_NOUN = (
    r"(?:phương án|đáp án|lựa chọn|câu trả lời|câu|ý kiến|ý|nội dung|trường hợp|khẳng định|nhận định|phát biểu"
    r"|mệnh đề|yếu tố)"
)
#: Words that say nothing of their own; an option made of them, letters and counts only speaks about others.
_EMPTY_WORDS = re.compile(
    rf"\b(?:{_NOUN}|cả|gồm|bao gồm|chỉ|có|các|những|mọi|toàn bộ|tất cả|và|hoặc|với|hay|cùng|lẫn|đều|cũng|đúng|sai|không"
    r"|chưa|chính xác|là|trên|nêu|kể|ở|này|đó|còn lại|hết|nào|phải|khác|trong số|trong|một|vừa|đồng thời|kết hợp|chọn"
    r"|all|of|the|above|none|these|them|both|and|or|neither|nor|are|is|correct|incorrect|true|false|only|answers?)\b"
)
_LIST = r"[a-j](?:\s*(?:[,;.&]\s*(?:và|hoặc|vừa)?|và|hoặc|vừa|với|lẫn|hay|and|or|nor)\s*(?:cả\s+|câu\s+|ý\s+)?[a-j])+"
#: "A + B", "A/B"; in small letters it is a formula.
_ADDED = re.compile(r"(?<![\w+/)])([A-J])\s*[+/]\s*(?=[A-J](?![\w(]))")
#: "A, B và C" as a whole word group; "(a >>= b)" and "E dè" are none.
_LETTER_LIST = re.compile(rf"(?<![\w=])({_LIST})(?![\w=])")
#: Only after such a beginning, or before "đều", may words with a content of their own stand around a list of letters.
_LIST_INTRODUCED = re.compile(r"(?:cả|tất cả|các|những|chỉ|gồm|bao gồm|both|neither)\b")
_LIST_ALIKE = re.compile(rf"(?:{_NOUN}\s+)?(?:{_LIST})\s+(?:đều|cùng|là|are)\b.*", re.DOTALL)
_NOUN_LETTER = re.compile(rf"\b{_NOUN}\s+([a-j])\b")
_NUMBERED = re.compile(rf"(?:.*\b{_NOUN}|cả)\s+[1-9]\s*(?:[,;&]|và|hoặc)\s*(?:{_NOUN}\s+)?[1-9]\b.*", re.DOTALL)
_JUDGED_LETTER = re.compile(r"(?:chỉ\s+)?(?:có\s+)?([a-j])\s+(?:là\s+)?(?:đúng|sai|không đúng)")
_ONLY_LETTER = re.compile(r"(?:chỉ|chọn|chỉ\s+(?:có|chọn))\s+([a-j])")
#: Places among the options. Without a noun they are none: "thứ hai" is a day, "lần đầu" a time.
_ORDINAL = re.compile(
    r"\b(?:thứ\s+(?:nhất|nhì|hai|ba|tư|bốn|năm|sáu|[1-6])|đầu(?:\s+tiên)?|cuối(?:\s+cùng)?|sau(?:\s+cùng)?|giữa)\b"
)
_ANY_NOUN = re.compile(rf"\b{_NOUN}\b")

#: "… trên" at the end means the options above, unless it is a superior ("cấp trên") or a place ("phía trên").
_ENDS_ABOVE = re.compile(r".*\w\s+(?:trên|above)", re.DOTALL)
_OTHER_ABOVE = re.compile(r".*\b(?:cấp|phía|bên|lớp|tầng|hàng|dòng|đầu|mặt|môi|chi|hàm|thứ)\s+trên", re.DOTALL)
_NOUN_ABOVE = re.compile(
    rf"(?:không phải\s+|tất cả\s+|cả\s+|toàn bộ\s+|mọi\s+)?(?:{_COUNT}\s+)?(?:các\s+|những\s+)?{_NOUN}\s+"
    r"(?:(?:đã\s+)?(?:nêu|kể|ở)\s+)?(?:phía\s+)?(?:trên|còn lại)\b.*",
    re.DOTALL,
)
_ALL_ALIKE = re.compile(
    rf"(?:tất cả|cả|các|mọi)\s+(?:{_COUNT}\s+)?(?:các\s+|những\s+)?(?:{_NOUN}\s+)?(?:trên\s+)?đều\b.*", re.DOTALL
)
_NO_OPTION = re.compile(
    r"(?:không|chẳng)\s+(?:có\s+|phải\s+)?(?:phương án|đáp án|lựa chọn|câu trả lời|câu|ý)\s+(?:nào\b.*|đúng|sai)",
    re.DOTALL,
)
_WHOLE = re.compile(
    rf"tất cả(?:\s+(?:các\s+|những\s+)?{_NOUN})?|toàn bộ|(?:tất cả|không có)\s+{_NOUN}(?:\s+nào)?"
    rf"|(?:một\s+)?{_NOUN}\s+khác"
    r"|all of (?:them|these)|none of (?:them|these)|(?:all|none|neither) of the (?:answers|options)"
)
_COUNTED = re.compile(
    rf"cả\s+{_COUNT}(?:\s+{_NOUN})?(?:\s+(?:đúng|sai))?|(?:{_COUNT.replace('count', 'n')}\s+){_NOUN}\s+(?:đúng|sai)"
)
_SOME_COUNT = re.compile(rf"\b(?:cả|trong|các|tất cả)\s+{_COUNT}\b|^{_COUNT.replace('count', 'first')}\b")


def pinned_last(options: tuple[str, ...]) -> tuple[int, ...]:
    """Return the indexes, ascending, of the options that stay last in source order; all of them when none may move."""
    everything = tuple(range(len(options)))
    texts = [_plain(option) for option in options]
    found = {index: reference for index, text in enumerate(texts) if (reference := _reference(text, len(options)))}
    movable = frozenset(everything) - frozenset(found)
    at_the_end = tuple(found) == everything[len(movable) :]
    for index, reference in found.items():
        looks_up = re.search(r"\b(?:trên|above)\b", texts[index]) is not None
        if not _holds(reference, index, movable, at_the_end, looks_up):
            return everything
    return tuple(found)


def _holds(reference: Reference, index: int, movable: frozenset[int], at_the_end: bool, looks_up: bool) -> bool:
    """Say whether a reference stays true when only the movable options change places and the others go last."""
    if reference == "order":
        return False
    if reference == "all":
        # "Above" in the middle means only the options above; in front there are none, so it can only mean all others.
        return at_the_end or not looks_up or index == 0
    if isinstance(reference, int):
        return reference == len(movable) or (at_the_end and reference == index)
    return at_the_end and isinstance(reference, frozenset) and reference & movable in (frozenset(), movable)


def _plain(option: str) -> str:
    """Return an option for matching: lower case, no brackets around letters, "03" as "3", no mark at the end."""
    listed = _ADDED.sub(r"\1, ", comparable(option)).casefold()
    text = re.sub(r"\(\s*((?:[a-j]|[1-9])(?:[\s,;&]+(?:và\s+)?(?:[a-j]|[1-9]))*)\s*\)", r" \1 ", listed)
    return " ".join(re.sub(r"\b0([2-6])\b", r"\1", text).split()).strip(" .;:!,")


def _reference(text: str, count: int) -> Reference | None:
    return _by_letter(text, count) or _without_letter(text)


def _by_letter(text: str, count: int) -> Reference | None:
    """Return the options named by letters, "order" when they are not treated alike, or nothing."""
    listed = _LETTER_LIST.search(text)
    if listed and (named := _indexes(re.findall(r"\b[a-j]\b", listed.group(1)), count)):
        around = f"{text[: listed.start()]} {text[listed.end() :]}"
        alike = not re.search(r"\bđúng\b.*\bsai\b|\bsai\b.*\bđúng\b|\bkhông đúng\b|\btrước\b|\bsau\b", text)
        if _says_nothing(around) or _LIST_INTRODUCED.match(text) or _LIST_ALIKE.fullmatch(text):
            single = re.findall(r"\b[a-j]\b", around)
            return named if alike and not single else "order"
    single = _NOUN_LETTER.findall(text) + _JUDGED_LETTER.findall(text)[: 1 if _says_nothing(text) else 0]
    if only := _ONLY_LETTER.fullmatch(text):
        single.append(only[1])
    if single and _indexes(single, count):
        return "order"
    return "order" if _NUMBERED.fullmatch(text) else None


def _says_nothing(text: str) -> bool:
    """Say whether a text consists of letters, counts and words of reference only."""
    rest = re.sub(r"\b(?:[a-j]|[2-6]|hai|ba|bốn|năm|sáu)\b", " ", _EMPTY_WORDS.sub(" ", text))
    return not re.sub(r"[\s,;.:&()]+", "", rest)


def _indexes(letters: list[str], count: int) -> frozenset[int] | None:
    """Return the options named by letters, or nothing when a letter names no option of this question."""
    found = frozenset(_LETTERS.index(letter) for letter in letters)
    return found if found and max(found) < count else None


def _without_letter(text: str) -> Reference | None:
    if _ORDINAL.search(text) and _ANY_NOUN.search(text) and _says_nothing(_ORDINAL.sub(" ", text)):
        return "order"
    if match := _NOUN_ABOVE.fullmatch(text) or _ALL_ALIKE.fullmatch(text):
        return _COUNTS[match.group("count")] if match.group("count") else "all"
    if match := _COUNTED.fullmatch(text):
        return _COUNTS[match.group("count") or match.group("n")]
    if text in ("both", "both of them", "both are correct", "both are true"):
        return 2
    if _ENDS_ABOVE.fullmatch(text) and not _OTHER_ABOVE.fullmatch(text):
        some = _SOME_COUNT.search(text)
        return _COUNTS[some.group("count") or some.group("first")] if some else "all"
    return "all" if _NO_OPTION.fullmatch(text) or _WHOLE.fullmatch(text) else None
