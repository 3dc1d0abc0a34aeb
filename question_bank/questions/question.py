"""What all kinds of questions have in common: a stem, maybe a stimulus, a judgement, problems and two JSON halves."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from question_bank.errors import InvalidSpec, Place, Problem
from question_bank.marking import ALL_OR_NOTHING, Judgement, Scheme
from question_bank.questions import checks
from question_bank.questions.content import Content, content_of

__all__ = ["Question", "Stimulus", "contents_of", "fractions_of", "texts_json", "weights_json"]


_FRACTION = re.compile(r"-?\d{1,9}(?:/[1-9]\d{0,8})?")


@dataclass(frozen=True)
class Stimulus:
    """A passage or picture that a question, or several, are asked about; equal stimuli make a group of questions."""

    title: str
    text: Content

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", str(content_of(self.title)))
        object.__setattr__(self, "text", content_of(self.text))

    def to_json(self) -> dict[str, object]:
        """Return the stimulus as plain values."""
        return {"title": self.title, "text": self.text.to_json()}

    @classmethod
    def from_json(cls, value: object) -> "Stimulus | None":
        """Return the stimulus that ``to_json`` gave, None for None; raises InvalidSpec otherwise."""
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise InvalidSpec("the stimulus is no object")
        return cls(str(value.get("title", "")), Content.from_json(value.get("text", "")))


class Question(ABC):
    """One question of some kind: an immutable value whose equal contents have equal bytes."""

    kind: ClassVar[str]
    #: The Vietnamese name of the kind (a gettext message id).
    label: ClassVar[str]
    #: False where only a person can say how right a response is.
    machine_marked: ClassVar[bool] = True

    stem: Content
    stimulus: Stimulus | None

    @abstractmethod
    def texts(self) -> Sequence[Content]:
        """Return what candidates read beside the stem and the stimulus, in source order; never the key."""

    @abstractmethod
    def judgement(self, response: object) -> Judgement:
        """Return how right a response is; each kind says what its responses look like."""

    @abstractmethod
    def own_problems(self) -> Iterator[Problem]:
        """Give what forbids the use of this question beside faults of its stem and stimulus."""

    @abstractmethod
    def content_json(self) -> dict[str, object]:
        """Return what candidates may see, as plain values; never the key."""

    @abstractmethod
    def key_json(self) -> dict[str, object]:
        """Return the right answer as plain values."""

    @classmethod
    @abstractmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""

    @abstractmethod
    def native(self) -> dict[str, object]:
        """Return the fields of the native form that are the kind's own, without stem and stimulus."""

    def answer_identity(self) -> str:
        """Return what the keys of two questions with the same words are compared by."""
        return json.dumps(self.key_json(), sort_keys=True)

    def judge(self, response: object, scheme: Scheme = ALL_OR_NOTHING) -> Fraction:
        """Return the share of the mark that a response earns under a scheme."""
        return scheme.share(self.judgement(response))

    def validate(self) -> list[Problem]:
        """Return everything that forbids the use of this question; empty when it is sound."""
        problems = [*checks.stem_problems(self.stem), *self.own_problems()]
        if self.stimulus:
            problems += checks.stimulus_problems(self.stimulus.title, self.stimulus.text)
        if not problems:  # a single text that is too long was named
            problems += checks.length_problems([len(self.visible_text())], checks.MAX_VISIBLE, Place(field="stem"))
        problems += checks.broken_texts(self.all_texts())
        return problems

    def all_texts(self) -> tuple[Content, ...]:
        """Return every text that candidates read: the stimulus, the stem, then what belongs to the kind."""
        own = self.stimulus
        before = (Content(own.title), own.text) if own else ()
        return (*before, self.stem, *self.texts())

    def visible_text(self) -> str:
        """Return all that candidates read but the stimulus, one text a line: what questions are compared by."""
        return "\n".join([self.stem, *self.texts()])

    def _common_json(self) -> dict[str, object]:
        content: dict[str, object] = {"kind": self.kind, "stem": self.stem.to_json()}
        if self.stimulus:
            content["stimulus"] = self.stimulus.to_json()
        return content

    @classmethod
    def _check_kind(cls, content: Mapping[str, object], key: Mapping[str, object]) -> tuple[Content, Stimulus | None]:
        """Return stem and stimulus of the two halves of this kind; raises InvalidSpec for another one."""
        if content.get("kind") != cls.kind or key.get("kind") != cls.kind:
            raise InvalidSpec(f"not a question of the kind {cls.kind}")
        return Content.from_json(content.get("stem")), Stimulus.from_json(content.get("stimulus"))


def fractions_of(value: object) -> tuple[Fraction, ...]:
    """Return the fractions of a list of texts such as "-1/2", none for None; raises InvalidSpec otherwise."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str | int) for one in value):
        raise InvalidSpec("weights must be a list of fractions")
    # "1e40000000" is a fraction too, of forty million digits.
    if not all(_FRACTION.fullmatch(str(one)) for one in value):
        raise InvalidSpec("weights must be fractions such as 1/2")
    return tuple(Fraction(one) for one in value)


def weights_json(weights: Sequence[Fraction]) -> dict[str, object]:
    """Return the field of the native form that ``fractions_of`` reads, nothing without weights."""
    return {"weights": [str(weight) for weight in weights]} if weights else {}


def contents_of(value: object) -> tuple[Content, ...]:
    """Return a list of texts; raises InvalidSpec for anything else."""
    if not isinstance(value, list):
        raise InvalidSpec("a list of texts is missing")
    return tuple(Content.from_json(one) for one in value)


def texts_json(texts: Sequence[Content]) -> list[object]:
    """Return texts as plain values."""
    return [text.to_json() for text in texts]
