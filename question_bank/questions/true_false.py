"""True/false: one statement that is right or wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Problem
from question_bank.marking import Judgement
from question_bank.questions.content import Content, content_of
from question_bank.questions.question import Question, Stimulus

__all__ = ["TrueFalse"]


@dataclass(frozen=True)
class TrueFalse(Question):
    """A statement with its truth."""

    kind: ClassVar[str] = "true_false"
    label: ClassVar[str] = N_("đúng hay sai")

    stem: Content
    key: bool
    stimulus: Stimulus | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))

    def texts(self) -> Sequence[Content]:
        """Return nothing: the two options are the same for every such question."""
        return ()

    def judgement(self, response: object) -> Judgement:
        """Judge True, False or None for no answer."""
        return Judgement.whole(right=response is self.key, answered=response is not None)

    def own_problems(self) -> Iterator[Problem]:
        """Give nothing: a statement with its truth is whole."""
        yield from ()

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: the statement and its stimulus."""
        return self._common_json()

    def key_json(self) -> dict[str, object]:
        """Return the truth as plain values."""
        return {"kind": self.kind, "value": self.key}

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        value = key.get("value")
        if not isinstance(value, bool):
            raise InvalidSpec("the key is missing")
        return cls(stem, value, stimulus)

    def native(self) -> dict[str, object]:
        """Return the truth."""
        return {"key": self.key}
