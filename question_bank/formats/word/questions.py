"""The lines of one question of a Word file: its stem, options and labelled lines."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from question_bank.errors import N_, Place, Problem, warning
from question_bank.formats.kinds import kind_of_words
from question_bank.formats.word.answers import Answer
from question_bank.formats.word.build import KEY_LINE, KEY_TABLE, WordDraft
from question_bank.formats.word.lines import (
    Line,
    bare_start,
    field_label,
    key_label,
    level_behind,
    marks_of,
    question_start,
    split_level,
)
from question_bank.formats.word.options import find_options
from question_bank.formats.word.rich import EMPTY, Rich, joined
from question_bank.questions.metadata import Level, level_from_words
from question_bank.questions.question import Stimulus

__all__ = ["Segment", "draft_of_lines", "sort_lines", "stem_and_options"]

#: Fields whose text may go on in the lines that follow.
_LONG = ("explanation", "guide")
#: A longer explanation or guide is refused for its length, however long it gets.
_LONGEST = 30_000
_LETTER = re.compile(r"\(?[A-Ja-j]\)?")
#: A sign left over behind the number; dots in a row are a gap, and a dash may be a minus.
_STRAY = re.compile(r"[ \t]*(?:[.:](?=\s|$)(?!\s*\.)[ \t]*)?")


@dataclass
class Segment:
    """The lines of one question and what stands above them."""

    row: int
    number: int | None
    lines: list[Line]
    topic: str = ""
    level: Level | None = None
    essay: bool = False
    stimulus: Stimulus | None = None
    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: How many options in turn were seen, and whether a key was: whether another question may begin.
    options: int = 0
    keyed: bool = False
    #: Other questions have the same number, so that answers by number are not clear.
    shared: bool = False
    #: Where a list of numbered statements inside the stem has come to.
    listing: int = 0

    @property
    def complete(self) -> bool:
        """Say whether the question has its options or its key."""
        return self.options >= 2 or self.keyed

    def add(self, line: Line) -> None:
        """Add a line and see what it brings."""
        self.lines.append(line)
        for mark in line.marks:
            if mark.letter == self.options:
                self.options += 1
        if not self.keyed and key_label(line.text.text) is not None:
            self.keyed = True


def draft_of_lines(segment: Segment) -> WordDraft:
    """Return the parts of a question that a person wrote."""
    body: list[Line] = []
    draft = WordDraft(segment.row, EMPTY, topic=segment.topic, level=segment.level, essay=segment.essay)
    draft.stimulus = segment.stimulus
    draft.problems, draft.number, draft.shared = segment.problems, segment.number, segment.shared
    draft.raw = "\n".join(line.text.text for line in segment.lines if line.text)
    first = _without_number(segment, draft)
    body.append(first)  # whatever it looks like: "Câu 3. Trả lời:"
    sort_lines(segment.lines[1:], body, draft)
    stem_and_options(body, draft)
    if draft.options and not draft.upper and not draft.keys and (segment.essay or "guide" in draft.fields):
        # The parts of an essay: "a) Nêu khái niệm. b) Cho ví dụ."
        draft.stem, draft.options = joined(_filled([line.text for line in body])).stripped(), []
    level, end = level_behind(draft.stem.text)
    if level is not None and draft.level in (None, segment.level):
        draft.level, draft.stem = level, draft.stem.part(0, end)
    for answer in segment.answers:
        _take_answer(answer, draft)
    return draft


def _take_answer(answer: Answer, draft: WordDraft) -> None:
    """Take an answer of a table or a list; words behind a letter belong to the key, as on a line below the question."""
    told = [answer.explanation]
    if answer.tail and draft.options and _LETTER.fullmatch(answer.key):
        written = f"{answer.key}. {answer.tail.text}"
        draft.keys.append((KEY_TABLE, written))
        draft.tails[written] = answer.tail
    else:
        draft.keys.append((KEY_TABLE, answer.key))
        told.insert(0, answer.tail)
    texts = [text for text in (draft.fields.get("explanation", EMPTY), *told) if text]
    if texts:
        draft.fields["explanation"] = joined(texts)


def stem_and_options(body: list[Line], draft: WordDraft) -> None:
    """Divide lines into stem and options and put them into a draft."""
    found = find_options(body)
    draft.stem = joined(_filled(found.stem)).stripped() if _filled(found.stem) else EMPTY
    draft.options, draft.upper = found.options, found.upper
    draft.problems += found.problems
    for loose in found.loose:
        if loose:
            message = N_("đoạn “%(text)s” sau các phương án không rõ thuộc câu nào nên không được đọc.")
            draft.problems.append(warning("text_loose", message, Place(field="options"), text=loose.text.strip()[:80]))


def _without_number(segment: Segment, draft: WordDraft) -> Line:
    """Return the first line without the number of the question and a level in brackets behind it."""
    first = segment.lines[0]
    text = first.text
    if segment.number is not None:
        start = question_start(text.text) or bare_start(text.text)
        if start is not None:
            text = text.part(start.end)
    level, end = split_level(text.text)
    if level is not None:
        draft.level = level
        text = text.part(end)
    stray = _STRAY.match(text.text)
    text = text.part(stray.end() if stray else 0)
    return Line(first.row, text, marks=marks_of(text.text))


def sort_lines(lines: list[Line], body: list[Line], draft: WordDraft) -> None:
    """Share lines out: labelled ones to their fields with what follows them, all others to the body."""
    current = ""  # the long field that lines without a label go on with
    after_key = False
    above = _Above()
    for line, below in zip(lines, _below(lines), strict=True):
        text = line.text.text
        labelled = field_label(text) if not line.is_table else None
        key = key_label(text) if labelled is None and not line.is_table else None
        if labelled is not None:
            above.look(body)
        if labelled is not None and _is_in_stem(line, labelled, below, above, draft):
            if not above.told:
                message = N_("dòng “%(text)s” đứng giữa lời dẫn nên được giữ trong nội dung câu; hãy kiểm tra.")
                draft.problems.append(warning("label_in_stem", message, Place(field="stem"), text=text.strip()[:60]))
            above.told = True
            body.append(line)
        elif labelled is not None:
            current, end = labelled
            after_key = False
            _put(draft, current, line.text.part(end))
            current = current if current in _LONG else ""
        elif key is not None:
            draft.keys.append((KEY_LINE, text[key:].strip()))
            current, after_key = "", True
        elif current and not (_begins_options(line) and not _has_options(body)):
            _put(draft, current, line.text)
        elif after_key and not line.text:
            continue
        elif after_key and not _begins_options(line) and _has_options(body):
            message = N_("đoạn “%(text)s” sau đáp án được đọc thành lời giải thích; hãy kiểm tra.")
            draft.problems.append(
                warning("text_after_key", message, Place(field="explanation"), text=text.strip()[:60])
            )
            current = "explanation"
            _put(draft, current, line.text)
        elif after_key and not draft.keys[-1][1]:
            draft.keys[-1] = (KEY_LINE, text.strip())  # the key stands below its label
        else:
            after_key = after_key and not _begins_options(line)
            body.append(line)


@dataclass
class _Above:
    """What stands above a labelled line, as far as its body has been looked at."""

    looked: int = 0
    text: bool = False
    options: bool = False
    marks: int = 0
    #: It was said that lines that look labelled stay in the stem.
    told: bool = False

    def look(self, body: list[Line]) -> None:
        """Take in the lines that were added since."""
        for line in body[self.looked :]:
            self.text |= bool(line.text)
            self.options |= _begins_options(line, first=True)
            self.marks += len(line.marks)
        self.looked = len(body)


class _Below(NamedTuple):
    """What comes below a labelled line."""

    #: The next that has no label: "options", a "key", "text", or nothing; what explains is no text.
    next: str = ""
    options: bool = False


def _below(lines: list[Line]) -> list[_Below]:
    """Return for each line what comes below it; below a guide everything belongs to the guide."""
    found: list[_Below] = []
    below = _Below()
    for line in reversed(lines):
        found.append(below)
        text = line.text.text
        if _begins_options(line, first=True):
            below = _Below("options", options=True)
        elif _names(line, "guide") or (_names(line, "explanation") and not below.options):
            below = _Below()
        elif line.is_table or (line.text and field_label(text) is None):
            key = not line.is_table and key_label(text) is not None
            below = _Below("key" if key else "text", below.options)
    return found[::-1]


def _is_in_stem(line: Line, labelled: tuple[str, int], below: _Below, above: _Above, draft: WordDraft) -> bool:
    """Say whether a line that looks labelled ("Văn bản: Luật …") is one of the stem's.

    Labels stand behind the options or the key, or at once below the number with the stem under them.
    """
    name, end = labelled
    if draft.keys or above.options or (above.marks >= 2 and not below.options):
        return False
    if name == "guide" or any(known in draft.fields for known in _LONG):
        return False
    if name in _LONG:
        return below.options
    if below.next == "options":
        return not _is_certain(name, line.text.text[end:].strip())
    return below.next == "text" and above.text


def _names(line: Line, name: str) -> bool:
    """Say whether a line has a label that names a field."""
    labelled = None if line.is_table else field_label(line.text.text)
    return labelled is not None and labelled[0] == name


def _is_certain(name: str, value: str) -> bool:
    """Say whether a label is one between stem and options too: its value can be nothing else."""
    match name:
        case "level":
            return level_from_words(value) is not None
        case "kind":
            return kind_of_words(value) is not None
    return name == "code" and " " not in value


def _begins_options(line: Line, *, first: bool = False) -> bool:
    """Say whether a line begins with the letter of an option, with the first of them if that is asked."""
    mark = line.marks[0] if line.marks else None
    if mark is None or not mark.strong or line.text.text[: mark.start].strip():
        return False
    return not first or mark.letter == 0


def _has_options(body: list[Line]) -> bool:
    return sum(len(line.marks) for line in body) >= 2


def _put(draft: WordDraft, name: str, text: Rich) -> None:
    before = draft.fields.get(name)
    if before is None:
        draft.fields[name] = text
    elif name in _LONG:
        if len(before.text) <= _LONGEST:
            draft.fields[name] = joined([before, text])
    elif before.text.strip() != text.text.strip():
        message = N_("“%(one)s” và “%(other)s” ghi cho cùng một mục; chỉ phần đầu được dùng.")
        params = {"one": before.text.strip()[:60], "other": text.text.strip()[:60]}
        draft.problems.append(warning("field_twice_written", message, Place(field=name), **params))


def _filled(lines: list[Rich]) -> list[Rich]:
    return [line for line in lines if line]
