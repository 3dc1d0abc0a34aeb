"""What is known about a question beside its text: subject, topic, level, legal source, author."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from question_bank.errors import N_
from question_bank.questions.content import NO_TEXT, Content, content_of
from question_bank.questions.text import clean, fold, is_clean

__all__ = ["Difficulty", "KeyCheck", "LegalSource", "Level", "Measured", "Metadata", "level_from_words"]


class Level(StrEnum):
    """The four levels of the Vietnamese blueprint, from easy to hard."""

    RECALL = "recall"
    UNDERSTANDING = "understanding"
    APPLICATION = "application"
    HIGH_APPLICATION = "high_application"

    @property
    def label(self) -> str:
        """Return the Vietnamese word of the level (a gettext message id)."""
        return _LABELS[self]


_LABELS = {
    Level.RECALL: N_("Nhận biết"),
    Level.UNDERSTANDING: N_("Thông hiểu"),
    Level.APPLICATION: N_("Vận dụng"),
    Level.HIGH_APPLICATION: N_("Vận dụng cao"),
}

#: Folded words (no marks, lower case) found in real files.
_LEVEL_WORDS = {
    "nhan biet": Level.RECALL, "biet": Level.RECALL, "nb": Level.RECALL, "muc 1": Level.RECALL, "1": Level.RECALL,
    "de": Level.RECALL,
    "thong hieu": Level.UNDERSTANDING, "hieu": Level.UNDERSTANDING, "th": Level.UNDERSTANDING,
    "muc 2": Level.UNDERSTANDING, "2": Level.UNDERSTANDING, "trung binh": Level.UNDERSTANDING,
    "tb": Level.UNDERSTANDING,
    "van dung": Level.APPLICATION, "van dung thap": Level.APPLICATION, "vd": Level.APPLICATION,
    "vdt": Level.APPLICATION, "muc 3": Level.APPLICATION, "3": Level.APPLICATION, "kho": Level.APPLICATION,
    "van dung cao": Level.HIGH_APPLICATION, "vdc": Level.HIGH_APPLICATION, "muc 4": Level.HIGH_APPLICATION,
    "4": Level.HIGH_APPLICATION, "rat kho": Level.HIGH_APPLICATION,
}  # fmt: skip


def level_from_words(words: str) -> Level | None:
    """Return the level meant by an identifier, a Vietnamese word with or without marks, or a number 1 – 4."""
    folded = fold(words).rstrip(".")
    if folded in {level.value for level in Level}:
        return Level(folded)
    return _LEVEL_WORDS.get(folded)


@dataclass(frozen=True)
class LegalSource:
    """The rule a question rests on, for example document “Luật Cán bộ, công chức”, article “Điều 4”."""

    document: str
    article: str | None = None
    #: First and last day on which the rule is in force; None where it is not known.
    in_force_from: date | None = None
    in_force_to: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "document", clean(self.document))
        object.__setattr__(self, "article", clean(self.article) if self.article else None)


@dataclass(frozen=True)
class Measured:
    """How a question did in real sittings."""

    #: Share of candidates who answered rightly, between 0 and 1.
    share_right: Decimal
    #: How many candidates that was; the standard error of the share follows from both.
    responses: int


@dataclass(frozen=True)
class Difficulty:
    """How hard a question is: what its authors think, and what was measured."""

    #: Share of typical candidates expected to answer rightly, between 0 and 1.
    judged: Decimal | None = None
    measured: Measured | None = None


@dataclass(frozen=True)
class KeyCheck:
    """A second, blind answering of the question, which confirms or doubts its key."""

    by: str
    #: Index of the option chosen by the checker, in source order.
    answer: int


@dataclass(frozen=True)
class Metadata:
    """Everything beside the question itself. Subject and topic are codes or names; the bank resolves them."""

    topic: str = ""
    #: None where a file does not say; the bank asks for it.
    level: Level | None = None
    subject: str | None = None
    code: str | None = None
    source: LegalSource | None = None
    author: str | None = None
    language: str = "vi"
    tags: tuple[str, ...] = ()
    checks: tuple[KeyCheck, ...] = ()
    difficulty: Difficulty = Difficulty()
    #: The complexity group whose points the question is worth (NĐ 170/2025 Điều 9 khoản 2 điểm b).
    points_group: str | None = None
    competencies: tuple[str, ...] = ()
    #: The job positions, ranks or levels it is meant for.
    job_levels: tuple[str, ...] = ()
    #: Codes of questions that must not stand in one paper with it.
    enemies: tuple[str, ...] = ()
    #: Why the key is right; shown after the exam at most.
    explanation: Content = NO_TEXT

    def __post_init__(self) -> None:
        object.__setattr__(self, "explanation", content_of(self.explanation))
        for name in ("topic", "subject", "code", "author", "language", "points_group"):
            written = getattr(self, name)
            if written and not is_clean(written):
                object.__setattr__(self, name, clean(written))
        for name in ("tags", "competencies", "job_levels", "enemies"):
            object.__setattr__(self, name, tuple(text for one in getattr(self, name) if (text := clean(one))))
