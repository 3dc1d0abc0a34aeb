"""Pure rules of the bank's lists: what an address asks for, which words are looked for, what of a text was found."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from examapp.bank.models import BETWEEN_WORDS, Level, QuestionStatus
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold

#: where a question stands, as people say it
STATUS_NAMES = {
    QuestionStatus.APPROVED: N_("Đã duyệt"),
    QuestionStatus.DRAFT: N_("Nháp"),
    QuestionStatus.RETIRED: N_("Ngừng dùng"),
}

#: more words than anybody types; each costs a look-up
MOST_WORDS = 20
#: a text whose first find stands further in is shown from shortly before it
_SHOWN_FROM = 120
_BEFORE_FIND = 40

_BETWEEN = re.compile(BETWEEN_WORDS)
_WORD = re.compile(rf"[^\s{BETWEEN_WORDS[1:-2]}]+")

#: a piece of a text, and whether it was looked for
Piece = tuple[str, bool]


class Sort(StrEnum):
    """In which order a list of questions stands."""

    CODE = "code"
    CHANGED = "changed"


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the questions of a subject."""

    words: str = ""
    topic_id: UUID | None = None
    level: Level | None = None
    status: QuestionStatus | None = None
    sort: Sort = Sort.CODE
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Say whether the list is not simply the whole of it."""
        return bool(self.words or self.topic_id or self.level or self.status)

    def plain(self) -> dict[str, str | None]:
        """Return the search as a job keeps it, without the page."""
        return {
            "words": self.words,
            "topic_id": str(self.topic_id) if self.topic_id else None,
            "level": self.level.value if self.level else None,
            "status": self.status.value if self.status else None,
            "sort": self.sort.value,
        }

    @classmethod
    def of_plain(cls, kept: Mapping[str, str | None]) -> "Search":
        """Return the search that `plain` gave."""
        topic, level, status = kept["topic_id"], kept["level"], kept["status"]
        return cls(
            words=kept["words"] or "",
            topic_id=UUID(topic) if topic else None,
            level=Level(level) if level else None,
            status=QuestionStatus(status) if status else None,
            sort=Sort(kept["sort"] or Sort.CODE),
        )


@dataclass(frozen=True)
class Chosen:
    """A question somebody has ticked, with the version and the state he saw."""

    question_id: UUID
    number: int
    status: QuestionStatus

    def __str__(self) -> str:
        return f"{self.question_id}.{self.number}.{self.status}"


def read_chosen(texts: Sequence[str]) -> list[Chosen]:
    """Return what the boxes of a list say, each question once; what no box says is left out."""
    found: dict[UUID, Chosen] = {}
    for text in texts:
        question_id, _, rest = text.partition(".")
        number, _, status = rest.partition(".")
        if (
            number.isascii()
            and number.isdigit()
            and len(number) < 9
            and status in {one.value for one in QuestionStatus}
        ):
            try:
                one = Chosen(UUID(question_id), int(number), QuestionStatus(status))
            except ValueError:
                continue
            found[one.question_id] = one
    return list(found.values())


def words_of(typed: str) -> list[str]:
    """Return the words to look for, without accents and punctuation, each once and in their order."""
    return list(dict.fromkeys(_BETWEEN.sub(" ", fold(typed)).split()))[:MOST_WORDS]


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """Return the text in pieces, found and not, whatever the accents; the last word may be the beginning of one.

    Finds with nothing but space between them are one piece: that is how people read them.
    """
    spans: list[list[int]] = []
    for start, end in _finds(text, words):
        if spans and not text[spans[-1][1] : start].strip():
            spans[-1][1] = end
        else:
            spans.append([start, end])
    pieces, place = [], 0
    for start, end in spans:
        pieces += [(text[place:start], False), (text[start:end], True)]
        place = end
    return [piece for piece in [*pieces, (text[place:], False)] if piece[0]]


def excerpt(text: str, words: Sequence[str]) -> str:
    """Return the text, from shortly before the first find when that stands far in."""
    first = next(_finds(text, words), (0, 0))[0]
    if first <= _SHOWN_FROM:
        return text
    start = text.rfind(" ", 0, first - _BEFORE_FIND) + 1
    return f"… {text[start:]}"


def held(text: str, words: Sequence[str]) -> frozenset[str]:
    """Return those of the words that the text holds."""
    found = [fold(text[start:end]) for start, end in _finds(text, words)]
    return frozenset(
        word for word in words if word in found or (word == words[-1] and any(one.startswith(word) for one in found))
    )


def _finds(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give start and end of every word of the text that is looked for."""
    if not words:
        return
    bare, places = _bare(text)
    for found in _WORD.finditer(bare):
        if found[0] in words or found[0].startswith(words[-1]):
            end = places[found.end() - 1] + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            yield places[found.start()], end


def _bare(text: str) -> tuple[str, list[int]]:
    """Return the text letter by letter without accents, and for each letter its place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in " " if char.isspace() else fold(char):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places
