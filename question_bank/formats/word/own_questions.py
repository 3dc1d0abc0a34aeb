"""Questions of our own documents, by the styles of their paragraphs; what people typed in between is understood."""

import re

from question_bank.errors import Problem
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import Found, kind_unsupported
from question_bank.formats.kinds import RowParts, kind_of_words, question_of
from question_bank.formats.word.build import WordDraft, finished, problems_of
from question_bank.formats.word.keys import truths_of
from question_bank.formats.word.lines import Line, field_label, key_label, marks_of
from question_bank.formats.word.own import ANSWER, INFO, OPTION, own_number
from question_bank.formats.word.questions import Segment
from question_bank.formats.word.rich import Rich, content_of_rich, joined
from question_bank.questions.checks import key_missing
from question_bank.questions.content import Content

__all__ = ["RULE_WORDS", "found_of_own", "split_forms"]

_OPTION = re.compile(r"[A-Za-z][.)] ?")
_ANSWER = re.compile(r"\d{1,3}\. ?")
_KEY = re.compile(r"Đáp án: ?")
_CRITERION = re.compile(r"Tiêu chí \((?P<points>\d{1,6}(?:[.,]\d{1,6})?) điểm\): ?")
_PAIR = re.compile(r"([A-Z])\s*[-–→]\s*(\d{1,3})")
_FORM = re.compile(r"(?:\\.|[^\\|])+|(?<=\|)(?=\|)")
_ESCAPED = re.compile(r"\\(.)")
#: What is said of the comparison of words, and the rule that it means.
RULE_WORDS = {
    "phân biệt chữ hoa": ("case", True),
    "không kể dấu": ("accents", False),
    "kể cả dấu cách": ("spaces", True),
}


class _Parts:
    """The texts of one question, each as the stretches of the paragraphs and tables that make it."""

    def __init__(self) -> None:
        self.stem: list[Rich] = []
        self.options: list[list[Rich]] = []
        self.answers: list[list[Rich]] = []
        self.fields: dict[str, list[Rich]] = {}
        self.criteria: list[tuple[str, list[Rich]]] = []
        self.key: list[Rich] | None = None
        self._current = self.stem

    def take(self, line: Line) -> None:
        """Add a paragraph or a table."""
        text = line.text.text
        if line.role == OPTION:
            self._begin(self.options, line.text, _OPTION)
        elif line.role == ANSWER:
            self._begin(self.answers, line.text, _ANSWER)
        elif line.role == INFO or (not line.role and not line.is_table and self._is_info(text)):
            self._info(line.text)
        elif not line.role and not line.is_table:
            self._typed(line.text)
        else:
            self._current.append(line.text)

    def _begin(self, texts: list[list[Rich]], text: Rich, label: re.Pattern[str]) -> None:
        match = label.match(text.text)
        self._current = [text.part(match.end() if match else 0)]
        texts.append(self._current)

    @staticmethod
    def _is_info(text: str) -> bool:
        return field_label(text) is not None or key_label(text) is not None

    def _info(self, text: Rich) -> None:
        criterion, key = _CRITERION.match(text.text), _KEY.match(text.text)
        found = field_label(text.text)
        if criterion:
            self._current = [text.part(criterion.end())]
            self.criteria.append((criterion["points"], self._current))
        elif key or key_label(text.text) is not None:
            place = key.end() if key else key_label(text.text) or 0
            self.key = self._current = [text.part(place)]
        elif found is not None:
            self._current = [text.part(found[1])]
            self.fields.setdefault(found[0], self._current)
        else:
            self._current.append(joined([Rich.of("\n"), text], ""))

    def _typed(self, text: Rich) -> None:
        """Take a line that somebody typed without our styles."""
        if not text:
            return
        marks = marks_of(text.text)
        if marks and marks[0].start == 0 and marks[0].letter == len(self.options):
            self._current = [text.part(marks[0].end)]
            self.options.append(self._current)
        else:
            self._current += [Rich.of("\n"), text]


def found_of_own(segment: Segment) -> Found:
    """Return the question of the paragraphs that our writer made."""
    parts = _Parts()
    first = segment.lines[0]
    parts.stem.append(first.text.part(own_number(first.text.text)[1]))
    for line in segment.lines[1:]:
        parts.take(line)
    draft = WordDraft(segment.row, joined(parts.stem, ""), topic=segment.topic, stimulus=segment.stimulus)
    draft.exact = True
    draft.fields = {name: joined(texts, "") for name, texts in parts.fields.items()}
    draft.raw = "\n".join(line.text.text for line in segment.lines if line.text)
    everything = [*parts.stem, *(text for texts in (*parts.options, *parts.answers) for text in texts)]
    everything += [text for _, texts in parts.criteria for text in texts] + [*draft.fields.values()]
    problems: list[Problem] = [*segment.problems, *problems_of(joined(everything, ""))]
    options = tuple(_content(texts) for texts in parts.options)
    words = draft.fields["kind"].text.strip() if "kind" in draft.fields else ""
    kind = kind_of_words(words) if words else "single_choice"
    written = joined(parts.key, "").text if parts.key is not None else ""
    row = RowParts(_content(parts.stem), options, None, segment.stimulus, {}, "letter")
    question = None
    if kind is None:
        problems.append(kind_unsupported(words))
    else:
        try:
            question = question_of(kind, _with_key(row, kind, written, parts, draft))
        except Refusal as refusal:
            problems.append(refusal.problem)
    return finished(draft, question, row, kind, problems)


def _content(texts: list[Rich]) -> Content:
    return content_of_rich(joined(texts, ""), exact=True)


def _with_key(row: RowParts, kind: str, written: str, parts: _Parts, draft: WordDraft) -> RowParts:
    """Return the parts of a question with its key as ``question_of`` takes it; raises Refusal without one."""
    extras: dict[str, object] = {}
    key: object = written.strip()
    if kind == "essay":
        key = None
        extras["rubric"] = [
            {"text": _content(texts).to_json(), "points": points.replace(",", ".")} for points, texts in parts.criteria
        ]
        if "guide" in draft.fields:
            extras["guide"] = content_of_rich(draft.fields["guide"], exact=True).to_json()
    elif kind == "fill_in":
        key = split_forms(written)
        extras["rules"] = _rules(draft.fields["rules"].text) if "rules" in draft.fields else None
    elif kind == "true_false_cluster":
        truths = truths_of(written)
        key = list(truths) if truths else key
    elif kind == "matching":
        extras["answers"] = [_content(texts).to_json() for texts in parts.answers]
        key = _pairs(written, len(row.options))
    elif kind == "ordering":
        key = None
    return RowParts(row.stem, row.options, key, row.stimulus, extras, "letter")


def _pairs(written: str, count: int) -> list[int]:
    found = {ord(left) - ord("A"): int(right) for left, right in _PAIR.findall(written)}
    if sorted(found) != list(range(count)):
        raise Refusal(key_missing())
    return [found[index] for index in range(count)]


def _rules(written: str) -> dict[str, bool]:
    words = [word.strip() for word in written.split(",")]
    return dict(RULE_WORDS[word] for word in words if word in RULE_WORDS)


def split_forms(written: str) -> list[str]:
    """Return the accepted forms of "kinh đô | thủ đô"; a bar inside a form stands behind a backslash."""
    return [_ESCAPED.sub(r"\1", form).strip() for form in _FORM.findall(written)]
