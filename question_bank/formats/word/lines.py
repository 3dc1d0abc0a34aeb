"""Lines of a Word document and what their beginnings say: a question, an option, a label ("Đáp án:"), a heading."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from question_bank.formats.word.rich import Rich
from question_bank.questions.metadata import Level, level_from_words
from question_bank.questions.text import comparable, fold

__all__ = ["FIELD_LABELS", "Line", "Mark", "QuestionStart", "bare_start", "field_label", "is_answers_heading", "is_key",
           "key_label", "level_behind", "marks_of", "question_start", "split_level", "without_key_behind"]  # fmt: skip


class Mark(NamedTuple):
    """A letter in front of an option: where it stands in its line, which it is, and how sure that is."""

    start: int
    end: int
    letter: int
    upper: bool
    #: At the beginning of the line, or behind a tab or several spaces; else behind a single space.
    strong: bool
    starred: bool


@dataclass(slots=True)
class Line:
    """One line of a paragraph, or a table that is content."""

    row: int
    text: Rich
    #: The paragraph style of our own writer, nothing for every other one.
    role: str = ""
    heading: bool = False
    is_table: bool = False
    marks: tuple[Mark, ...] = field(default=())


class QuestionStart(NamedTuple):
    """A number in front of a question: the number and where the text begins."""

    number: int
    end: int


#: Behind a number: signs that end it. Three dots or more are one such sign and a gap; a dash in front of a word of two
#: letters ends the number too, but one in front of a digit, a single letter or a bracket is a minus.
_SIGNS = r"(?:[:)/]+(?:\.(?!\.))?|\.(?:\.(?!\.))?)[:)/]*(?:[-–](?=\s+[^\W\d_]{2}))?"
_GAP = r"(?<=\s)(?=\.{3}|…|__)"
_DASH = r"(?<=[\d)\]])[-–](?!\s*\d)|[-–](?!\s*\d)(?=\s|[^\W\d_]{2}|$)|(?=[-–][^\s\d])"
_QUESTION = re.compile(
    r"[\s*]*(?:câu(?:\s+hỏi)?|question)\s*(?:số\s*)?(?P<number>\d{1,5})(?P<part>\.(?:\d{1,2}(?=[.:)/](?:\s|$))|\d(?=\s)))?"
    rf"(?P<tag>\s*[(\[][^()\[\]]{{1,30}}[)\]])?(?:\s*(?P<mark>{_GAP}|{_SIGNS}|{_DASH})\s*|(?P<space>\s+)|$)",
    re.IGNORECASE,
)
_BARE = re.compile(r"[\s*]*(?P<number>\d{1,4})\s*(?:[:)/]|\.(?!\d)|[-–](?=\s))\s*(?=\S)")
_MARK = re.compile(
    r"(?P<star>\*[ ]?)?(?:\((?P<inner>[A-Ja-j])\)|(?P<letter>[A-Ja-j])[ ]?(?P<star2>\*)?[ ]?[.):\]/]"
    r"|(?P<lone>[A-Ja-j])(?:(?=\t)|[ ][-–](?=[ ])))(?P<star3>\*)?[ \t]*"
)
_KEY_LABEL = re.compile(
    r"[\s*•+=>⇒→(\[–-]*(?P<word>đáp\s*án|đ\s*/\s*a|đa|answer|key|trả\s+lời|chọn(?:\s+(?:đáp\s*án|phương\s*án|câu))?)"
    r"(?:\s+(?:đúng|chính\s+xác|là|phương\s+án))*\s*(?P<mark>[:.]|[-–](?=\s))?\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LETTERS = r"(?-i:[A-J](?:\s?(?:[,;/&+]|và)?\s?[A-J])*)"
_TRUTH = r"(?:đúng|sai|đ|s|true|false)"
_TRUTHS = rf"(?:(?:[a-j]|[1-9])\s*[.):–-]*\s*)?{_TRUTH}(?:[\s,;|/–-]*(?:(?:[a-j]|[1-9])\s*[.):–-]*\s*)?{_TRUTH})*"
_KEY = re.compile(rf"(?:\(?(?:{_LETTERS}|[a-j])\)?|{_TRUTHS})[\s.;]*", re.IGNORECASE)
_TRAILING = re.compile(r"[(\[]?\b(?:Đáp án|ĐÁP ÁN|đáp án)\b")
#: Longer lines are no keys; the patterns above need not look at them.
_LONGEST_KEY = 200
_MOST_MARKS = 60

#: Words in front of a colon, longest first, and the field that each names.
FIELD_LABELS = {
    "mã câu hỏi": "code", "mã câu": "code", "mã số": "code", "mã": "code", "chủ đề": "topic", "chuyên đề": "topic",
    "mức độ nhận thức": "level", "mức độ": "level", "cấp độ": "level", "căn cứ pháp lý": "document",
    "căn cứ": "document", "văn bản": "document", "điều khoản": "article", "giải thích": "explanation",
    "lời giải chi tiết": "explanation", "lời giải": "explanation", "hướng dẫn giải": "explanation",
    "lý do": "explanation", "lí do": "explanation", "hướng dẫn chấm": "guide", "gợi ý trả lời": "guide",
    "gợi ý đáp án": "guide", "gợi ý chấm": "guide", "tiêu chí": "rubric", "tác giả": "author", "người soạn": "author",
    "người biên soạn": "author", "môn thi": "subject", "môn": "subject", "lĩnh vực": "subject", "nhãn": "tags",
    "từ khóa": "tags", "loại câu hỏi": "kind", "loại câu": "kind", "dạng câu hỏi": "kind", "dạng câu": "kind",
    "nhóm điểm": "points_group", "năng lực": "competencies", "vị trí việc làm": "job_levels",
    "không đi cùng": "enemies", "ngôn ngữ": "language", "tỉ lệ làm đúng": "judged", "hiệu lực từ": "in_force_from",
    "hiệu lực đến": "in_force_to", "so sánh đáp án": "rules",
}  # fmt: skip
_FIELD = re.compile(rf"[\s*•+–-]*(?P<word>{'|'.join(FIELD_LABELS)})\s*:[ \t]*", re.IGNORECASE)
_LEVEL_TAG = re.compile(
    r"\s*[(\[]\s*(?P<words>[^()\[\]\d]{1,30}?)\s*[)\]](?:[.:](?!\.)|\s+[.:](?=\s|$)(?!\s*\.))?"
    r"(?:\s*[-–](?=\s+[^\W\d_]{2}))?\s*"
)
_LEVEL_BEHIND = re.compile(
    r"\s*[(\[]\s*(NB|TH|VD|VDC|VDT|nhận biết|thông hiểu|vận dụng|vận dụng cao)\s*[)\]]\s*$", re.IGNORECASE
)
_SECTION = re.compile(r"^(?:[ivx]{1,5}|[a-h]|\d{1,2}|phần(?:\s+[ivx\d]{1,5})?)\s*[.:)–-]\s*", re.IGNORECASE)


def question_start(text: str) -> QuestionStart | None:
    """Return the number of a question when a line begins with one: "Câu 5.", "CÂU HỎI 5:", "Câu 5 (NB):"."""
    match = _QUESTION.match(text)
    if match is None:
        return None
    end = match.end()
    # Without a mark only a capital shows that a question begins: "Câu 5 trong bài thơ nói gì?" is one itself.
    sure = match["mark"] is not None or match["tag"] or end == len(text) or not text[end:].strip()
    if not sure and not text[end].isupper():
        # "Câu 1.5 triệu đồng là …": the number ends at its dot.
        return QuestionStart(int(match["number"]), match.start("part") + 1) if match["part"] else None
    if match["tag"]:
        end = match.start("tag") + len(match["tag"]) - len(match["tag"].lstrip())
    return QuestionStart(int(match["number"]), end)


def bare_start(text: str) -> QuestionStart | None:
    """Return the number of a line that begins with one alone: "7.", "133:"."""
    match = _BARE.match(text)
    return QuestionStart(int(match["number"]), match.end()) if match else None


def marks_of(text: str) -> tuple[Mark, ...]:
    """Return the letters of options that a line may hold."""
    found: list[Mark] = []
    indent = len(text) - len(text.lstrip(" "))
    for match in _MARK.finditer(text):
        if len(found) >= _MOST_MARKS:
            break
        start = match.start()
        before = text[max(start - 2, 0) : start]
        strong = start == indent or before.endswith(("\t", "  ", "\t "))
        written = match["inner"] or match["letter"] or match["lone"]
        # Behind one space a small letter is a word, and so is what hangs on the end of one.
        if not strong and (not before.endswith(" ") or written.islower()):
            continue
        starred = bool(match["star"] or match["star2"] or match["star3"])
        number = ord(written.upper()) - ord("A")
        found.append(Mark(start, match.end(), number, written.isupper(), strong, starred))
    return tuple(found)


def is_key(text: str) -> bool:
    """Say whether a text is nothing but a key: "B", "A, C", "Đúng", "a) Đúng b) Sai"."""
    return len(text) <= _LONGEST_KEY and _KEY.fullmatch(text.strip()) is not None


def key_label(text: str) -> int | None:
    """Return where the key begins in a line such as "Đáp án: B", "ĐÁP ÁN B", "=> Chọn B"; None for other lines."""
    match = _KEY_LABEL.match(text)
    if match is None:
        return None
    value = match["value"].rstrip(" )]")
    word = fold(match["word"])
    if word.startswith("chon") and not value[:1].isupper():
        return None  # "Chọn câu sai" asks
    if match["mark"] == ":" and word in ("dap an", "d/a", "d / a", "tra loi", "answer", "da"):
        return match.start("value")
    return match.start("value") if value and is_key(value) else None


def field_label(text: str) -> tuple[str, int] | None:
    """Return the field that a line such as "Mức độ: …" names and where its text begins; None for other lines."""
    match = _FIELD.match(text)
    return (FIELD_LABELS[" ".join(match["word"].lower().split())], match.end()) if match else None


def without_key_behind(text: str) -> int | None:
    """Return where a key stands behind the text of a line, set off by a tab or spaces; None when it does not."""
    match = _TRAILING.search(text, 2)
    if match is None or not text[: match.start()].endswith(("\t", "  ")):
        return None
    return match.start() if key_label(text[match.start() :]) is not None else None


def split_level(text: str) -> tuple[Level | None, int]:
    """Return the level in brackets at the beginning of a stem ("(NB)", "[TH]") and where the stem goes on."""
    match = _LEVEL_TAG.match(text)
    level = level_from_words(match["words"]) if match else None
    return (level, match.end()) if match and level else (None, 0)


def level_behind(text: str) -> tuple[Level | None, int]:
    """Return the level in brackets at the end of a stem and where the stem ends."""
    match = _LEVEL_BEHIND.search(text, max(len(text) - 40, 0))
    return (level_from_words(match[1]), match.start()) if match else (None, len(text))


def is_answers_heading(text: str) -> bool:
    """Say whether a line stands over answers: "BẢNG ĐÁP ÁN", "III. ĐÁP ÁN", "HƯỚNG DẪN CHẤM"."""
    words = fold(_SECTION.sub("", comparable(text)[:200])).strip(" .:-–*")
    if words.startswith("bang dap an"):
        return True
    if len(words) > 80 or not words.startswith(("dap an", "huong dan cham", "huong dan tra loi", "phan dap an")):
        return False
    rest = words.removeprefix("phan ").removeprefix("dap an").strip(" .:-–")
    return rest != "dung" and ":" not in text.rstrip(" :") and not is_key(rest.upper()) if rest else ":" not in text
