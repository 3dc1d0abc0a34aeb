"""Documents of our own writer: the style of each paragraph says what it is, so that every text comes back exactly."""

import re

from question_bank.formats.word.document import Paragraph
from question_bank.formats.word.headings import Lead
from question_bank.formats.word.lines import Line

__all__ = ["ANSWER", "CONTINUED", "INFO", "LEAD", "OPTION", "OWN_STYLES", "OWN_TABLE", "PASSAGE", "QUESTION",
           "lead_words", "own_lead", "own_line", "own_number"]  # fmt: skip

QUESTION = "KtQuestion"
OPTION = "KtOption"
#: The right-hand side of a matching question.
ANSWER = "KtAnswer"
#: "Đáp án: …" and other labelled lines.
INFO = "KtInfo"
#: The line over a passage, and the passage.
LEAD = "KtLead"
PASSAGE = "KtPassage"
#: Goes on with the text of the paragraph before, behind a table.
CONTINUED = "KtContinued"
OWN_STYLES = {
    QUESTION: "Câu hỏi",
    OPTION: "Phương án",
    ANSWER: "Vế phải",
    INFO: "Thông tin câu hỏi",
    LEAD: "Lời dẫn ngữ liệu",
    PASSAGE: "Ngữ liệu",
    CONTINUED: "Viết tiếp",
}
OWN_TABLE = "KtTable"
_LEAD = re.compile(r"Đọc ngữ liệu sau và trả lời các câu từ (\d{1,6}) đến (\d{1,6})\. ?")
_NUMBER = re.compile(r"Câu (\d{1,6})\. ?")


def lead_words(first: int, last: int) -> str:
    """Return what we write over a passage before its title."""
    return f"Đọc ngữ liệu sau và trả lời các câu từ {first} đến {last}. "


def own_lead(text: str) -> Lead | None:
    """Return what our line over a passage says, None when people have changed it."""
    match = _LEAD.match(text)
    return Lead(int(match[1]), int(match[2]), text[match.end() :], len(text)) if match else None


def own_line(paragraph: Paragraph) -> Line | None:
    """Return a paragraph in one of our styles as one line, None for any other."""
    return Line(paragraph.row, paragraph.text, paragraph.style) if paragraph.style in OWN_STYLES else None


def own_number(text: str) -> tuple[int | None, int]:
    """Return the number that we wrote in front of a question and where its text begins."""
    match = _NUMBER.match(text)
    return (int(match[1]), match.end()) if match else (None, 0)
