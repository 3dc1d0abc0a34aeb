"""Rules about stems: negation that is overlooked or doubled, no question at all, too much to read."""

import re
from collections.abc import Iterator

from question_bank.errors import N_, Place, Problem, Value
from question_bank.lint.rule import HALADYNA, REGULATION, Rule
from question_bank.lint.view import View, quoted
from question_bank.questions.checks import letter, option_place
from question_bank.questions.choices import OptionQuestion

__all__ = ["CHECKS", "MOST_SYLLABLES", "RULES", "negative_word"]

#: Longer stems hold a passage, which belongs into the stimulus.
MOST_SYLLABLES = 100
#: A short stem without a verb names a subject and asks nothing about it; longer ones are sentences to be completed.
_SHORT_STEM = 14

NEGATION_PLAIN = Rule(
    "negation_not_emphasised",
    N_("Từ phủ định không nổi bật"),
    N_("Đọc lướt qua chữ “không”, “trừ” hay “sai” thì người biết bài cũng chọn nhầm."),
    f"{HALADYNA}17",
)
NEGATION_DOUBLE = Rule(
    "negation_double",
    N_("Hai lần phủ định"),
    N_("Phủ định của phủ định đo khả năng đọc câu rối, không đo kiến thức."),
    f"{HALADYNA}17, 27",
)
NO_QUESTION = Rule(
    "stem_asks_nothing",
    N_("Câu hỏi không hỏi gì"),
    N_("Thí sinh phải đọc các phương án để đoán xem câu hỏi điều gì."),
    f"{HALADYNA}14, 15; {REGULATION}",
)
STEM_LONG = Rule(
    "stem_long",
    N_("Câu hỏi quá dài"),
    N_("Thời gian thi bị dùng để đọc; đoạn văn để riêng thì nhiều câu dùng chung được."),
    f"{HALADYNA}16",
)
RULES = (NEGATION_PLAIN, NEGATION_DOUBLE, NO_QUESTION, STEM_LONG)

_ASKED = r"(?:đâu|nào|gì|ai)"
_NOT = r"(?:không|chưa|chẳng)"
_BELOW = r"(?:\s+(?:sau đây|dưới đây|trên đây|sau|dưới|này))?"
_STATEMENT = r"(?:câu|ý|phát biểu|nhận định|khẳng định|phương án|đáp án|mệnh đề|quan điểm|cách viết)"
#: How stems ask for what is not so; the group is the word that must not be overlooked. "Người không chấp hành quyết
#: định thì bị xử lý thế nào?" only speaks about a negation and is none of them.
_NEGATIVE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "Đâu không phải là", "Trường hợp nào sau đây không được"
        rf"\b{_ASKED}{_BELOW},?(?:\s+(?:là|thì|đó))?\s+({_NOT})\s+(?!chỉ\b|những\b)\w",
        # "Nội dung nào của nền hành chính không thuộc"
        rf"\b{_ASKED}\b[^.?!;]{{0,60}}\b({_NOT})\s+(?:phải|thuộc|đúng|chính xác|bao gồm|nằm)\b",
        # "Những việc sau đây không phải là:", "Nội dung này không thuộc chức năng quản lý"
        rf"\b(?:này|đây|sau)\s+({_NOT})\s+(?:phải|thuộc|đúng|chính xác|bao gồm|gồm)\b",
        rf"\b({_NOT})\s+(?:đúng|chính xác|phải là|bao gồm|gồm)\s*[:?…]*\s*$",
        # "…, ngoại trừ:"; but "phép trừ" subtracts
        r"(?<!phép )(?<!khấu )(?<!loại )(?<!bù )(?<!giảm )\b((?:ngoại\s+)?trừ)\s*[:?.…]*\s*$",
        # "Chọn câu sai", "Phát biểu nào sau đây sai?"
        rf"\b{_STATEMENT}\s+(?:nào\s+)?(?:sau đây\s+|dưới đây\s+)?(?:là\s+)?(sai|{_NOT} đúng)\b(?!\s+hay|\s*/)",
        r"\b(?:là|nào)\s+(sai)\s*[?:.]*\s*$",
    )
)
_DOUBLE = re.compile(rf"\b{_NOT}\s+(?:phải|đúng|thuộc)\s+(?:\w+\s+){{0,2}}(?:{_NOT}|sai)\b", re.IGNORECASE)
_STARTS_NEGATIVE = re.compile(rf"{_NOT}\b(?! (?:gian|khí|quân|phận|lưu|trung)\b)", re.IGNORECASE)
_ASKS = re.compile(
    r"\?|\b(?:nào|gì|ai|đâu|bao nhiêu|bao lâu|mấy|sao|hãy|chọn|tính|tìm|xác định|nêu|cho biết|kể|điền|sắp xếp|ghép"
    r"|giải|viết|là|gồm|có|được|phải|thì|vì|để|khi|bằng|do|thuộc|nhằm|bị|sẽ|như|what|which|who|when|where|why|how)\b"
    r"|[:…=]\s*$|\.{2,}|(?:\. ){2,}|__+|…|\[\[|\\",
    re.IGNORECASE,
)


def negative_word(view: View) -> str:
    """Return the word by which a stem asks for what is not so, as it is written; empty when it does not."""
    stem = str(view.question.stem)
    lower = stem.casefold()
    if not any(word in lower for word in ("không", "chưa", "chẳng", "trừ", "sai")):
        return ""
    return next((match.group(1) for pattern in _NEGATIVE if (match := pattern.search(stem)) is not None), "")


def negation_plain(view: View) -> Iterator[Problem]:
    """Find a negation in a stem that neither capital letters nor markup make stand out."""
    word = negative_word(view)
    if word and not word.isupper() and not any(word.casefold() in text for text in view.emphasised):
        message = N_("câu hỏi phủ định mà chữ “%(word)s” không nổi bật; hãy viết “%(capitals)s” hoặc hỏi xuôi.")
        yield NEGATION_PLAIN.warning(message, Place(field="stem"), word=word, capitals=word.upper())


def negation_double(view: View) -> Iterator[Problem]:
    """Find two negations in one stem, and options that begin with one below a negative stem."""
    match = _DOUBLE.search(view.question.stem)
    if match is not None:
        message = N_("câu hỏi phủ định hai lần: “%(words)s”; hãy viết lại cho xuôi.")
        yield NEGATION_DOUBLE.warning(message, Place(field="stem"), words=quoted(match.group()))
    if not isinstance(view.question, OptionQuestion) or not (word := negative_word(view)):
        return
    for index in view.independent:
        if _STARTS_NEGATIVE.match(view.options[index]):
            message = N_(
                "câu hỏi có “%(word)s” mà phương án %(letter)s cũng phủ định: “%(words)s”; hãy hỏi xuôi hoặc viết"
                " lại phương án."
            )
            params: dict[str, Value] = {"word": word, "letter": letter(index), "words": quoted(view.options[index])}
            yield NEGATION_DOUBLE.warning(message, option_place(index), **params)


def asks_nothing(view: View) -> Iterator[Problem]:
    """Find short stems of choice questions that have neither a question, a verb nor a gap."""
    stem = view.question.stem
    if not isinstance(view.question, OptionQuestion) or not stem.is_plain or not stem:
        return
    if len(view.stem_words) <= _SHORT_STEM and not _ASKS.search(stem):
        message = N_("“%(words)s” chưa phải là câu hỏi; hãy thêm từ để hỏi, dấu hai chấm hoặc chỗ trống “…”.")
        yield NO_QUESTION.warning(message, Place(field="stem"), words=quoted(stem))


def too_long(view: View) -> Iterator[Problem]:
    """Find long stems without a stimulus."""
    count = len(view.stem_words)
    if count > MOST_SYLLABLES and view.question.stimulus is None and view.question.kind not in ("cloze", "essay"):
        message = N_(
            "câu hỏi dài %(count)s tiếng (nên không quá %(most)s); hãy chuyển đoạn văn sang ngữ liệu hoặc rút gọn."
        )
        yield STEM_LONG.warning(message, Place(field="stem"), count=count, most=MOST_SYLLABLES)


CHECKS = (negation_plain, negation_double, asks_nothing, too_long)
