"""What stands above questions: headings that name a topic, a level or a part, and passages for several questions."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from question_bank.errors import N_, Problem, warning
from question_bank.formats.word.lines import Line
from question_bank.formats.word.rich import Rich, content_of_rich, joined
from question_bank.questions.metadata import Level, level_from_words
from question_bank.questions.question import Stimulus
from question_bank.questions.text import comparable, fold

__all__ = ["Heading", "Lead", "Passage", "heading_of", "is_end", "stimulus_lead"]

_LONGEST = 200
_NUMBER = r"(?:[ivxlc]{1,6}|\d{1,3}|nhất|hai|ba|bốn|năm)"
_TITLED = re.compile(
    rf"(?:chương|chủ\s+đề|chuyên\s+đề|phần|bài|mục)\s+(?:thứ\s+)?{_NUMBER}\b(?!\s*[,;])", re.IGNORECASE
)
_KIND_OF_PART = re.compile(
    r"(?:[ivx]{1,4}\s*[.:)–-]\s*)?(?:phần\s+)?(?:câu hỏi\s+)?(?:tự luận|trắc nghiệm)\b.{0,60}", re.IGNORECASE
)
_TOPIC_LABEL = re.compile(rf"(?:chủ\s+đề|chuyên\s+đề)\s+{_NUMBER}?\s*[.:–-]\s*", re.IGNORECASE)
_SECTION = re.compile(r"(?:[ivx]{1,5}|[a-h]|\d{1,2})\s*[.:)–-]\s*", re.IGNORECASE)
#: Words of titles that are no topics.
_NO_TOPIC = ("ngan hang", "trac nghiem", "de thi", "de kiem tra", "bo cau hoi", "cau hoi on tap", "de cuong",
             "cong hoa xa hoi", "doc lap", "tu luan", "phan chung", "cau hoi va dap an")  # fmt: skip
_LEVEL_WORDS = re.compile(r"^(?:phan |cac |cau hoi |cau |muc do |o |thuoc )+|[.:]+$")
_END = re.compile(r"[-–—_.*\s]*hết[-–—_.*\s]*", re.IGNORECASE)
_RANGE = re.compile(
    r"(?:các\s+)?câu(?:\s+hỏi)?(?:\s+(?:từ|số))*\s*(?P<low>\d{1,4})\s*(?:đến|tới|[-–—]|và|,)\s*(?:câu\s*)?(?P<high>\d{1,4})",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[(\s]*(?:hãy\s+)?(?:đọc|dựa|căn cứ|cho|quan sát|sử dụng|xem|theo|từ|với|các câu|nghiên cứu|dùng)\b", re.IGNORECASE
)
_STANDS_OVER = re.compile(r"[(\s]*(?:tình huống|ngữ liệu|đoạn|văn bản|bảng|thông tin|dữ liệu|hình)\b", re.IGNORECASE)
_ASKS_BELOW = re.compile(r"\b(?:sau|dưới đây|trên)\b.*(?:trả lời|câu hỏi)", re.IGNORECASE)


class Heading(NamedTuple):
    """What a heading says about the questions below it; None and "" where it says nothing."""

    topic: str = ""
    level: Level | None = None
    essay: bool | None = None


def heading_of(line: Line, *, leads: bool) -> Heading | None:
    """Return what a line says as a heading, None for ordinary text; ``leads`` says that a question follows it."""
    text = comparable(line.text.text)
    if not text or len(text) > _LONGEST or text.endswith("?"):
        return None
    bold = line.text.wholly("bold")
    capital = text.isupper() and len(text) > 3
    titled = _TITLED.match(text) is not None or _KIND_OF_PART.fullmatch(text) is not None
    if not (line.heading or (leads and ((titled and (bold or capital or len(text) < 100)) or (bold and capital)))):
        return _level_heading(text, bold=bold or capital) if leads else None
    found = _level_heading(text, bold=True)
    if found is not None:
        return found
    folded = fold(text)
    essay = True if "tu luan" in folded else False if "trac nghiem" in folded else None
    if any(words in folded for words in _NO_TOPIC):
        return Heading(essay=essay)
    return Heading(_TOPIC_LABEL.sub("", text, count=1) if _TOPIC_LABEL.match(text) else text, essay=essay)


def _level_heading(text: str, *, bold: bool) -> Heading | None:
    words = fold(_SECTION.sub("", text, count=1) if _SECTION.match(text) else text)
    words = _LEVEL_WORDS.sub("", words).strip(" .:-–")
    level = level_from_words(words) if bold and words and not words.isdigit() and len(words) > 3 else None
    return Heading(level=level) if level else None


def is_end(text: str) -> bool:
    """Say whether a line says that the questions end here: "--- HẾT ---"."""
    return len(text) < 60 and _END.fullmatch(text) is not None


class Lead(NamedTuple):
    """The line over a passage: the numbers of its questions (None when it does not say), a title, where text begins."""

    low: int | None
    high: int | None
    title: str
    end: int


def stimulus_lead(text: str) -> Lead | None:
    """Return what the line over a passage says, None for any other line."""
    if len(text) > 1_000:
        return None
    match = _RANGE.search(text)
    asks = _ASKS.match(text)
    if match and (asks or _STANDS_OVER.match(text)) and int(match["low"]) < int(match["high"]):
        title = "" if asks else text[: match.start()].strip(" (.:–-")
        end = match.end()
        while end < len(text) and text[end] in " ).:;…":
            end += 1
        return Lead(int(match["low"]), int(match["high"]), title, end)
    if asks and len(text) < 250 and _ASKS_BELOW.search(text):
        return Lead(None, None, "", len(text))
    return None


@dataclass
class Passage:
    """A passage while it is read, and the questions that it belongs to."""

    lead: Lead
    row: int
    lines: list[Rich] = field(default_factory=list)
    used: bool = False
    #: Written by us: every text comes back exactly.
    own: bool = False
    _made: Stimulus | None = None

    def stimulus(self) -> Stimulus | None:
        """Return the stimulus, None when nothing stands below its line."""
        if self._made is None:
            while self.lines and not self.lines[-1]:
                self.lines.pop()
            if self.own:
                text = joined(self.lines, "")
            else:
                text = joined([line for line in self.lines if line]).stripped() if any(self.lines) else Rich()
            if text.spans or self.lead.title:
                self._made = Stimulus(self.lead.title, content_of_rich(text, exact=self.own))
        return self._made

    def belongs_to(self, number: int | None) -> bool:
        """Say whether a question of this number is asked about the passage."""
        if self.lead.low is None or self.lead.high is None:
            return not self.used
        return number is not None and self.lead.low <= number <= self.lead.high

    def notice(self) -> Problem | None:
        """Return what is to be said when no question took the passage, or it holds nothing."""
        if self.stimulus() is None:
            message = N_("lời dẫn ngữ liệu ở đoạn %(row)s không có nội dung theo sau.")
            return warning("stimulus_empty", message, row=self.row)
        if not self.used:
            message = N_("ngữ liệu ở đoạn %(row)s không gắn được với câu nào; hãy xem lại số câu trong lời dẫn.")
            return warning("stimulus_unused", message, row=self.row)
        return None
