"""Aiken, a text format of single choice questions: a stem, lettered options, and a line with the right letter.

Several lines of a stem or an option belong together as long as no empty line comes between; Moodle itself reads only
one line each. An option begins with the next letter of the alphabet, anything else is text.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal, decode_beginning
from question_bank.formats.found import Found, read_text
from question_bank.formats.keys import read_key
from question_bank.formats.report import ReadResult
from question_bank.formats.written import Carries, Written, left_out, written
from question_bank.questions.checks import key_missing, letter
from question_bank.questions.content import Content
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.text import comparable

__all__ = ["CARRIES", "looks_like", "read", "write"]

CARRIES = Carries(kinds=frozenset({SingleChoice.kind}))

#: A file with more of them is no file of a person's.
_MAX_QUESTIONS = 20_000
#: Lines and characters of one question, and its options: what has more is refused anyway.
_MOST_LINES, _MOST_CHARACTERS, _MOST_OPTIONS = 12_000, 100_000, 100
_OPTION = re.compile(r"([A-Z])[.)][ \t]*")
_LABEL = re.compile(r"\s*[A-Z][.)]")
_KEY = re.compile(r"answer\s*:\s*(.*)", re.IGNORECASE)
_KEY_LINE = re.compile(r"\s*answer\s*:", re.IGNORECASE)
_SEVERAL = re.compile(r"[A-Za-z](?:\s*(?:[,;/&+ ]|and|và)\s*[A-Za-z])+|[A-Z]{2,10}")
#: Invisible and taken out again when it is read: it keeps a line from being an option, a key or empty.
_GUARD = "\u2060"
_SHOWN = 60


@dataclass
class _Draft:
    """One question while its lines are read."""

    row: int
    stem: list[str] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=list)
    #: The letters of the options as they stand there.
    letters: list[str] = field(default_factory=list)
    key: str | None = None
    paragraphs: bool = False
    lines: int = 0
    characters: int = 0
    #: Where the lines behind the first one of the last option begin.
    tail: int = 0

    def add(self, line: str, number: int) -> None:
        """Add a line of text to what was begun last."""
        self.lines += 1
        if self.options and len(self.options[-1]) == 1:
            self.tail = number
        if self.lines <= _MOST_LINES and self.characters < _MOST_CHARACTERS:
            (self.options[-1] if self.options else self.stem).append(line[:_MOST_CHARACTERS])
            self.characters += len(line)


def read(
    data: bytes, file_name: str, *, defaults: Mapping[str, str] | None = None, required: Collection[str] = ()
) -> ReadResult:
    """Read an Aiken file; whatever it holds ends in a result."""
    return read_text(data, file_name, _parse, defaults=defaults, required=required)


def looks_like(data: bytes) -> bool:
    """Say whether a file reads like Aiken; only its beginning is looked at."""
    lines = [line.strip() for line in decode_beginning(data).split("\n")]
    return any(map(_OPTION.match, lines)) and any(map(_KEY.fullmatch, lines))


def _parse(text: str) -> tuple[list[Found], list[Problem]]:
    found, rest = [], []
    for draft in _drafts(text):
        if draft.options or draft.key is not None:
            found.append(_found(draft))
        else:
            message = N_("đoạn ở dòng %(line)s không có phương án nào nên không phải câu hỏi, đã bỏ qua: “%(start)s”.")
            start = comparable(" ".join(draft.stem[:5]))[:_SHOWN]
            rest.append(warning("text_left_out", message, line=draft.row, start=start))
        if len(found) > _MAX_QUESTIONS:
            message = N_("tệp có hơn %(limit)s câu hoặc đoạn; hãy chia thành nhiều tệp.")
            raise Refusal(error("questions_too_many", message, limit=_MAX_QUESTIONS))
    if not found:
        message = N_("không có câu hỏi nào trong tệp; câu dạng Aiken có các dòng “A. …”, “B. …” và dòng “ANSWER: A”.")
        rest.append(error("no_questions", message))
    return found, rest


def _lines(text: str) -> Iterator[str]:
    """Give the lines one by one: a list of millions of them would fill the memory."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _drafts(text: str) -> Iterator[_Draft]:
    """Give the questions of a text, whole or not; one ends with its key, or where the next one begins."""
    draft: _Draft | None = None
    gap = False
    for number, line in enumerate(_lines(text.replace("\r\n", "\n").replace("\r", "\n")), 1):
        words = line.strip()
        if not words:
            gap = True
            continue
        key, option = _KEY.fullmatch(words), _OPTION.match(words)
        if draft is None:
            draft = _Draft(number)
        elif draft.options and ((option and option[1] == "A") or (gap and not option and not key)):
            # The key of the question before is missing.
            before = draft
            draft = _next(before, number) if option else _Draft(number)
            yield before
        if key:
            draft.key = key[1]
            yield draft
            draft = None
        elif option and len(draft.options) < _MOST_OPTIONS and (draft.options or option[1] == "A"):
            draft.letters.append(option[1])
            draft.options.append([])
            draft.add(words[option.end() :], number)
        else:
            draft.paragraphs = draft.paragraphs or (gap and bool(draft.stem))
            draft.add(line, number)
        gap = False
    if draft is not None:
        yield draft


def _next(before: _Draft, number: int) -> _Draft:
    """Return the question that begins with option A behind one without a key: its stem stands in the last option."""
    stem = before.options[-1][1:]
    del before.options[-1][1:]
    return _Draft(before.tail if stem else number, stem)


def _found(draft: _Draft) -> Found:
    stem, options = "\n".join(draft.stem), tuple(Content("\n".join(option)) for option in draft.options)
    problems: list[Problem] = []
    if draft.paragraphs:
        message = N_("nội dung câu gồm nhiều đoạn cách nhau dòng trống; hãy xem có lẫn tiêu đề hay câu trước không.")
        problems.append(warning("stem_paragraphs", message, Place(field="stem")))
    raw = {"stem": stem, "options": list(options), "key": draft.key or ""}
    try:
        key = _index(draft, options)
    except Refusal as refusal:
        return Found(draft.row, None, problems=(*problems, refusal.problem), raw=raw)
    return Found(draft.row, SingleChoice(Content(stem), options, key), problems=tuple(problems), raw=raw)


def _index(draft: _Draft, options: tuple[Content, ...]) -> int:
    """Return the index of the right option; raises Refusal with the reason."""
    if any(one != chr(ord("A") + place) for place, one in enumerate(draft.letters)):
        message = N_("chữ cái trước phương án không theo thứ tự (%(labels)s), không rõ đáp án chỉ phương án nào.")
        labels = ", ".join(draft.letters[:12])
        raise Refusal(error("option_labels_disordered", message, Place(field="option_a"), labels=labels))
    if draft.key is None:
        raise Refusal(key_missing())
    if _SEVERAL.fullmatch(draft.key.strip()):
        message = N_("ghi “%(written)s”: câu một lựa chọn chỉ có một đáp án đúng.")
        raise Refusal(error("key_more_than_one", message, Place(field="key"), written=draft.key.strip()[:80]))
    return read_key(draft.key, options, "letter", None)


def write(records: Iterable[QuestionRecord]) -> Written:
    """Return the Aiken file of some questions; ``problems`` name what it cannot hold."""
    kept, problems = left_out(records, CARRIES)
    parts = []
    for number, record in kept:
        question = record.question
        if not isinstance(question, SingleChoice):
            continue
        options = [f"{letter(index)}. {_guarded(option)}" for index, option in enumerate(question.options)]
        parts.append("\n".join([_guarded(question.stem), *options, f"ANSWER: {letter(question.key)}"]))
        if any("\n" in text for text in (question.stem, *question.options)):
            message = N_("nội dung câu hoặc phương án có nhiều dòng; Moodle chỉ nhận mỗi phần một dòng.")
            problems.append(warning("moodle_differs", message, Place(row=number, unit="question")))
    problems.sort(key=lambda problem: problem.place.row or 0)
    return written("".join(f"{part}\n\n" for part in parts).encode("utf-8", "replace"), problems)


def _guarded(text: str) -> str:
    lines = str(text).split("\n")
    return "\n".join(f"{_GUARD}{line}" if not line or _LABEL.match(line) or _KEY_LINE.match(line) else line
                     for line in lines)  # fmt: skip
