"""What changed between two questions: word by word in their texts, option by option, fact by fact."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from question_bank.questions.checks import letter
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.key_words import key_words
from question_bank.questions.question import Question
from question_bank.questions.record import QuestionRecord
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = ["Change", "Piece", "paired", "question_changes", "word_difference"]

Kind = Literal["same", "del", "ins"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n+|[^\n]+")
#: Above these, in pairs of words, finding the shortest difference takes seconds; nobody reads so long a one anyway.
_MOST_PAIRS = 1_000_000
_MOST_EQUAL_PAIRS = 200_000
#: How much of their words two options share, at the three steps at which they are found to belong together.
_EQUAL, _ALIKE, _SAME_PLACE = 2.0, 0.5, 0.0


@dataclass(frozen=True)
class Piece:
    """A part of two texts: in both, only in the older one or only in the newer one."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """One part of a question in two states; an option has its letters, None where it does not exist."""

    #: ``stem``, ``option``, ``key``, ``topic``, ``level``, ``document``, ``article``, ``stimulus_title``,
    #: ``stimulus_text``
    field: str
    pieces: tuple[Piece, ...]
    before: str | None = None
    after: str | None = None

    @property
    def changed(self) -> bool:
        """Say whether the two states differ here."""
        return self.before != self.after or any(piece.kind != "same" for piece in self.pieces)


def word_difference(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces that give the older text without the inserted ones, and the newer without the deleted ones.

    White space between two changed words belongs to the change, so that changed phrases stay whole.
    """
    return _joined(_differing(_WORDS.findall(before), _WORDS.findall(after)))


def paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return which option became which, by index: None for one that was added or removed.

    Equal ones belong together wherever they stand, then those that share most of their words, then those that have the
    same letter.
    """
    free = list(range(len(before)))
    partner: dict[int, int] = {}
    for least in (_EQUAL, _ALIKE, _SAME_PLACE):
        for index, text in enumerate(after):
            likeness = {other: _likeness(before[other], text) for other in free}
            likely = [other for other, share in likeness.items() if share >= least]
            if least == _SAME_PLACE:
                likely = [other for other in likely if other == index]
            if index not in partner and likely:
                partner[index] = index if index in likely else max(likely, key=lambda other: likeness[other])
                free.remove(partner[index])
    pairs: list[tuple[int | None, int | None]] = [(partner.get(index), index) for index in range(len(after))]
    return [*pairs, *((index, None) for index in free)]


def _likeness(before: str, after: str) -> float:
    """Return which share of the words of two texts are in both; 2 for equal ones."""
    if before == after:
        return _EQUAL
    older, newer = (Counter(word for word in _WORDS.findall(text) if not word.isspace()) for text in (before, after))
    return 2 * (older & newer).total() / max(older.total() + newer.total(), 1)


def question_changes(before: QuestionRecord, after: QuestionRecord) -> list[Change]:
    """Return every part of the two questions, changed or not, in the order people read them."""
    older, newer = before.question, after.question
    return [
        *_texts(_stimulus(older), _stimulus(newer)),
        Change("stem", word_difference(older.stem, newer.stem)),
        *(_option(_listed(older), _listed(newer), *pair) for pair in paired(_listed(older), _listed(newer))),
        Change("key", _whole(key_words(older), key_words(newer))),
        *_texts(_facts(before), _facts(after)),
    ]


def _texts(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for field, text in before.items():
        if text or after[field]:
            whole = field in ("topic", "level")
            yield Change(field, (_whole if whole else word_difference)(text, after[field]))


def _stimulus(question: Question) -> dict[str, str]:
    own = question.stimulus
    return {"stimulus_title": own.title if own else "", "stimulus_text": own.text if own else ""}


def _facts(record: QuestionRecord) -> dict[str, str]:
    about = record.metadata
    return {
        "topic": about.topic,
        "level": about.level.label if about.level else "",
        "document": about.source.document if about.source else "",
        "article": (about.source.article or "") if about.source else "",
    }


def _listed(question: Question) -> Sequence[str]:
    """Return the texts of a question that have letters in front."""
    if isinstance(question, OptionQuestion):
        return question.options
    return question.statements if isinstance(question, TrueFalseCluster) else question.texts()


def _option(older: Sequence[str], newer: Sequence[str], before: int | None, after: int | None) -> Change:
    texts = ("" if before is None else older[before], "" if after is None else newer[after])
    letters = (None if before is None else letter(before), None if after is None else letter(after))
    return Change("option", word_difference(*texts), *letters)


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    if before == after:
        return (Piece("same", after),)
    return tuple(piece for piece in (Piece("del", before), Piece("ins", after)) if piece.text)


def _differing(before: list[str], after: list[str], *, lines: bool = True) -> Iterator[Piece]:
    """Give the pieces of two lists of words; what both begin and end with is set aside first.

    Long ones are compared by lines, or not at all when these are such lines already.
    """
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    yield Piece("same", "".join(before[:head]))
    older, newer = before[head : len(before) - tail], after[head : len(after) - tail]
    if not _is_long(older, newer):
        yield from _matched(older, newer)
    elif lines:
        yield from _by_lines(older, newer)
    else:
        yield from _pieces("replace", older, newer)
    yield Piece("same", "".join(before[len(before) - tail :]))


def _is_long(before: list[str], after: list[str]) -> bool:
    counts = Counter(after)
    equal = sum(count * counts[word] for word, count in Counter(before).items() if not word.isspace())
    return len(before) * len(after) > _MOST_PAIRS or equal > _MOST_EQUAL_PAIRS


def _by_lines(before: list[str], after: list[str]) -> Iterator[Piece]:
    """Give the pieces of two long texts: line by line, and word by word in the lines that changed if these are few."""
    older, newer = (_LINES.findall("".join(words)) for words in (before, after))
    if _is_long(older, newer):
        yield from _pieces("replace", older, newer)
        return
    for tag, start, end, new_start, new_end in _opcodes(older, newer):
        words = [_WORDS.findall("".join(lines)) for lines in (older[start:end], newer[new_start:new_end])]
        yield from _differing(*words, lines=False) if tag == "replace" else _pieces(tag, *words)


def _matched(before: list[str], after: list[str]) -> Iterator[Piece]:
    for tag, start, end, new_start, new_end in _opcodes(before, after):
        yield from _pieces(tag, before[start:end], after[new_start:new_end])


def _opcodes(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes()


def _pieces(tag: str, before: list[str], after: list[str]) -> list[Piece]:
    if tag == "equal":
        return [Piece("same", "".join(before))]
    return [Piece("del", "".join(before)), Piece("ins", "".join(after))]


def _joined(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Return the pieces with neighbouring changes as one deletion and one insertion; empty ones are left out."""
    found = [piece for piece in pieces if piece.text]
    joined: list[Piece] = []
    texts = {"del": "", "ins": ""}
    for place, piece in enumerate(found):
        between = piece.text.isspace() and any(texts.values()) and place + 1 < len(found)
        if piece.kind != "same":
            texts[piece.kind] += piece.text
        elif between and "\n" not in piece.text:
            texts = {kind: text + piece.text for kind, text in texts.items()}
        else:
            joined += _changes(texts)
            texts = {"del": "", "ins": ""}
            same = joined.pop().text if joined and joined[-1].kind == "same" else ""
            joined.append(Piece("same", same + piece.text))
    joined += _changes(texts)
    return tuple(joined)


def _changes(texts: dict[str, str]) -> list[Piece]:
    found = (Piece("del", texts["del"]), Piece("ins", texts["ins"]))
    return [piece for piece in found if piece.text]
