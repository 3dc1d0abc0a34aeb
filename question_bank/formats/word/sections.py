"""From the blocks of a Word file to its questions: where each begins, and what stands above several of them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from question_bank.errors import N_, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.word.answers import Answer, Answers, answer_line, answer_table
from question_bank.formats.word.document import Block, Paragraph
from question_bank.formats.word.headings import Heading, Passage, heading_of, is_end, stimulus_lead
from question_bank.formats.word.lines import (
    Line,
    QuestionStart,
    bare_start,
    is_answers_heading,
    is_key,
    key_label,
    marks_of,
    question_start,
    without_key_behind,
)
from question_bank.formats.word.own import LEAD, OWN_TABLE, PASSAGE, QUESTION, own_lead, own_line, own_number
from question_bank.formats.word.questions import Segment
from question_bank.formats.word.rich import Rich, joined
from question_bank.formats.word.tables import QuestionTable, layout_lines, question_table, table_line

__all__ = ["Sections"]

_Item = Line | QuestionTable | Answers
_SAYS_KEY = re.compile(
    r"(?:=>\s*)?(?:đáp\s*án|chọn|trả\s+lời)(?:\s+(?:đáp\s*án|phương\s+án|câu|đúng|là))*\s*:?\s*", re.IGNORECASE
)
#: Real banks have a few hundred; with more nobody would look at a report of problems.
_MOST_QUESTIONS = 5_000
#: How far ahead a heading may stand of its first question.
_AHEAD = 6


def _items(blocks: Iterable[Block]) -> Iterator[_Item]:
    """Give the lines of the paragraphs and what each table is."""
    for block in blocks:
        if isinstance(block, Paragraph):
            own = own_line(block)
            if own is not None:
                yield own
                continue
            for text in block.text.lines():
                yield from _line(Line(block.row, text, heading=block.heading))
            continue
        if block.style == OWN_TABLE:
            yield table_line(block)
            continue
        found = answer_table(block) or question_table(block)
        if found is not None:
            yield found
            continue
        lines = layout_lines(block)
        if lines is None:
            yield table_line(block)
        for line in lines or ():
            yield from _line(line)


def _line(line: Line) -> Iterator[Line]:
    """Give a line with its marks, a key behind its text as a line of its own."""
    text = line.text
    place = without_key_behind(text.text)
    while place is not None:
        line.text = text.part(0, place)
        line.marks = marks_of(line.text.text)
        yield line
        text = text.part(place)
        line = Line(line.row, text, heading=False)
        place = without_key_behind(text.text)
    line.marks = marks_of(text.text)
    yield line


class Sections:
    """Reads the blocks of a file; ``questions`` are its questions in order, those of tables as their tables."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._items: Sequence[_Item] = [*_items(blocks)]
        self._bare = not any(
            isinstance(item, Line) and not item.is_table and question_start(item.text.text) for item in self._items
        )
        self.questions: list[Segment | QuestionTable] = []
        self.noticed: list[Problem] = []
        self._current: Segment | None = None
        self._heading = Heading()
        self._passage: Passage | None = None
        #: Lines go to the passage until its first question begins.
        self._in_passage = False
        self._in_answers = False
        self._free: Answer | None = None
        #: The first question that the next answers are for, and whether some were given since.
        self._scope = 0
        self._count = 0
        self._answered = False
        self._unread: list[str] = []
        self._orphans: dict[int, None] = {}
        self._by_number: tuple[tuple[int, int], dict[int, list[Segment]]] | None = None
        for place, item in enumerate(self._items):
            if isinstance(item, QuestionTable):
                self._close()
                self._in_answers = False
                item.topic, item.level = self._heading.topic, self._heading.level
                self.questions.append(item)
                self._counted(len(item.rows))
            elif isinstance(item, Answers):
                self._answers(item)
            elif item.role and self._own(item):
                continue
            elif not item.text:
                self._put(item)
            else:
                self._text(place, item)
        self._close()
        self._finish()

    def _own(self, line: Line) -> bool:
        """Take a paragraph of our own writer; says whether it was one that stands by itself."""
        if line.role == QUESTION:
            number, _ = own_number(line.text.text)
            self._begin(line, number)
            return True
        if line.role == LEAD:
            self._close()
            lead = own_lead(line.text.text) or stimulus_lead(line.text.text)
            self._passage = Passage(lead, line.row, own=True) if lead else None
            self._in_passage = lead is not None
            return True
        if line.role == PASSAGE and self._in_passage:
            self._put(line)
            return True
        if self._current is not None or self._in_passage:
            self._put(line)
            return True
        return False

    def _text(self, place: int, line: Line) -> None:
        """Find out what a line with text is and do what it asks."""
        text = line.text.text
        if line.is_table:
            self._put(line)
            return
        start = self._start(line)
        if start is not None:
            entries = answer_line(text)
            if entries and (len(entries) > 1 or self._in_answers or not self._has_options_ahead(place)):
                self._take(entries)
            elif self._in_answers and not self._has_options_ahead(place):
                self._free_answer(start, line)
            else:
                self._begin(line, start.number)
            return
        if self._may_end():
            if is_end(text):
                self._close()
                return
            if is_answers_heading(text) and key_label(text) is None:
                self._close()
                self._in_answers = True
                return
            entries = answer_line(text)
            if entries:
                self._take(entries)
                return
        if not self._in_answers and self._stands_above(place, line):
            return
        self._put(line)

    def _may_end(self) -> bool:
        return self._current is None or self._current.complete or self._current.essay

    def _stands_above(self, place: int, line: Line) -> bool:
        """Take a heading or the line over a passage."""
        if not (self._may_end() or line.heading) or self._goes_on(line):
            return False
        lead = stimulus_lead(line.text.text)
        if lead is not None:
            self._close()
            self._passage = Passage(lead, line.row)
            self._in_passage = True
            self._passage.lines.append(line.text.part(lead.end))
            return True
        if self._in_passage and not line.heading:
            return False
        heading = heading_of(line, leads=self._leads(place))
        if heading is None:
            return False
        self._close()
        self._in_passage = False
        topic = heading.topic or self._heading.topic
        level = heading.level if heading.level or heading.topic else self._heading.level
        essay = self._heading.essay if heading.essay is None else heading.essay
        self._heading = Heading(topic, level, essay)
        return True

    def _goes_on(self, line: Line) -> bool:
        """Say whether a line begins with the next letter of the options: "D. UBND" in bold is no heading."""
        if self._current is None or not line.marks:
            return False
        first = line.marks[0]
        return first.letter == self._current.options and not line.text.text[: first.start].strip()

    def _leads(self, place: int) -> bool:
        """Say whether a question follows soon, with nothing but headings or passages between."""
        for item in self._items[place + 1 : place + 1 + _AHEAD]:
            if isinstance(item, QuestionTable):
                return True
            if isinstance(item, Answers) or item.is_table:
                return False
            if item.text:
                text = item.text.text
                if question_start(text) or (self._bare and bare_start(text)) or stimulus_lead(text):
                    return True
                if not (item.heading or item.text.wholly("bold") or text.isupper()):
                    return False
        return False

    def _start(self, line: Line) -> QuestionStart | None:
        text = line.text.text
        if not self._bare:
            return question_start(text)
        start = bare_start(text)
        current = self._current
        if start is None or current is None or self._in_answers:
            return start
        if current.listing and start.number == current.listing + 1 and not current.complete:
            current.listing += 1  # statements inside a stem: "1. …", "2. …"
            return None
        following = current.number is not None and start.number == current.number + 1
        if following or (current.complete and start.number != 0):
            return start
        current.listing = start.number
        return None

    # --- questions --------------------------------------------------------------------------------------------------

    def _begin(self, line: Line, number: int | None) -> None:
        self._close()
        self._in_answers = self._in_passage = False
        if self._answered:
            self._scope, self._answered = len(self.questions), False
        above = self._heading
        self._current = Segment(line.row, number, [], above.topic, above.level, bool(above.essay))
        self._current.add(line)
        passage = self._passage
        if passage is not None and passage.belongs_to(number):
            self._current.stimulus = passage.stimulus()
            if passage.lead.low is None and self._current.stimulus is not None:
                message = N_("ngữ liệu không ghi rõ cho những câu nào nên chỉ gắn với câu này; hãy kiểm tra.")
                self._current.problems.append(warning("stimulus_unscoped", message))
            passage.used = True
        elif passage is not None:
            self._drop_passage()

    def _put(self, line: Line) -> None:
        """Add a line to what is being read."""
        if self._in_passage and self._passage is not None:
            self._passage.lines.append(line.text)
        elif self._in_answers:
            if self._free is not None:
                self._free.explanation = _with_line(self._free.explanation, line.text)
            elif line.text:
                self._unread.append(line.text.text)
        elif self._current is not None:
            self._current.add(line)
        elif line.text:
            self._unread.append("(bảng)" if line.is_table else line.text.text)

    def _close(self) -> None:
        if self._current is not None:
            self.questions.append(self._current)
            self._current = None
            self._counted(1)
        self._free = None

    def _counted(self, more: int) -> None:
        self._count += more
        if self._count > _MOST_QUESTIONS:
            message = N_("tệp có hơn %(limit)s câu; hãy chia thành nhiều tệp.")
            raise Refusal(error("questions_too_many", message, limit=_MOST_QUESTIONS))

    def _drop_passage(self) -> None:
        if self._passage is not None:
            notice = self._passage.notice()
            if notice is not None:
                self.noticed.append(notice)
            self._passage = None

    def _has_options_ahead(self, place: int) -> bool:
        """Say whether options come before the next question: then it is one, and no solution of one."""
        for item in self._items[place : place + 60]:
            if not isinstance(item, Line):
                return False
            if item is not self._items[place] and question_start(item.text.text):
                return False
            if sum(mark.letter in (0, 1) and mark.strong for mark in item.marks) and item.marks[0].letter == 0:
                return True
        return False

    # --- answers ----------------------------------------------------------------------------------------------------

    def _answers(self, answers: Answers) -> None:
        self._close()
        if answers.unclear:
            message = N_("bảng đáp án có nhiều mã đề hoặc bị lệch cột nên không được dùng; hãy để một cột đáp án.")
            self.noticed.append(warning("answers_unclear", message))
            return
        self._take(answers.entries)

    def _take(self, entries: Sequence[Answer]) -> None:
        """Give answers to the questions of their numbers since the last answers."""
        self._close()
        self._answered = True
        for entry in entries:
            found = self._numbered().get(entry.number, [])
            if not found:
                self._orphans[entry.number] = None
            elif len(found) == 1:
                if entry.tail or not any(known.key == entry.key for known in found[0].answers):
                    found[0].answers.append(entry)
            else:
                for segment in found:
                    segment.shared = True

    def _numbered(self) -> dict[int, list[Segment]]:
        """Return the questions since the last answers by their numbers."""
        extent = (self._scope, len(self.questions))
        if self._by_number is None or self._by_number[0] != extent:
            found: dict[int, list[Segment]] = {}
            for question in self.questions[self._scope :]:
                if isinstance(question, Segment) and question.number is not None:
                    found.setdefault(question.number, []).append(question)
            self._by_number = (extent, found)
        return self._by_number[1]

    def _free_answer(self, start: QuestionStart, line: Line) -> None:
        """Take "Câu 5. Chọn B. Vì …" below the heading of the answers."""
        rest = line.text.part(start.end).stripped()
        says = _SAYS_KEY.match(rest.text)
        if says is not None:
            rest = rest.part(says.end()).stripped()
        head, _, tail = rest.text.partition(". ")
        entry = Answer(start.number, rest.text)
        if tail and is_key(head):
            entry = Answer(start.number, head, tail=rest.part(len(head) + 2))
        self._take([entry])
        self._free = entry

    def _finish(self) -> None:
        self._drop_passage()
        if self._orphans:
            numbers = ", ".join(map(str, [*self._orphans][:40]))
            message = N_("bảng đáp án có câu %(numbers)s nhưng không thấy câu hỏi tương ứng.")
            self.noticed.append(warning("answers_without_question", message, numbers=numbers))
        if self._unread:
            message = N_("%(count)s đoạn ngoài các câu hỏi không được đọc (bắt đầu: “%(text)s”).")
            first = self._unread[0].strip()[:60]
            self.noticed.append(warning("text_unread", message, count=len(self._unread), text=first))


def _with_line(before: Rich, line: Rich) -> Rich:
    return joined([before, line]) if before else line
