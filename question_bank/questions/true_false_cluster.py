"""True/false cluster: one stem, several statements, each right or wrong ("mỗi ý đúng hoặc sai")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.checks import option_problems
from question_bank.questions.content import Content, content_of
from question_bank.questions.question import Question, Stimulus, contents_of, texts_json

__all__ = ["TrueFalseCluster"]


@dataclass(frozen=True)
class TrueFalseCluster(Question):
    """A stem with two to ten statements and the truth of each."""

    kind: ClassVar[str] = "true_false_cluster"
    label: ClassVar[str] = N_("mỗi ý đúng hay sai")

    stem: Content
    statements: tuple[Content, ...]
    #: The truth of each statement, in the same order.
    key: tuple[bool, ...]
    stimulus: Stimulus | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "statements", tuple(content_of(one) for one in self.statements))
        object.__setattr__(self, "key", tuple(self.key))

    def texts(self) -> Sequence[Content]:
        """Return the statements."""
        return self.statements

    def judgement(self, response: object) -> Judgement:
        """Judge a sequence of True, False or None, one for each statement; None alone is no answer."""
        given = list(response) if isinstance(response, Sequence) and not isinstance(response, str) else []
        given += [None] * (len(self.key) - len(given))
        return Judgement.of_parts(
            [None if one is None else one is right for one, right in zip(given, self.key, strict=False)]
        )

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the statements, and a key that does not fit them."""
        yield from option_problems(self.statements)
        if len(self.key) != len(self.statements):
            message = N_("câu có %(count)s ý nhưng đáp án ghi cho %(keys)s ý.")
            params = {"count": len(self.statements), "keys": len(self.key)}
            yield error("key_count", message, Place(field="key"), **params)

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: stem, statements, stimulus."""
        return self._common_json() | {"options": texts_json(self.statements)}

    def answer_identity(self) -> str:
        """Return the true statements: statements in another order make no other question."""
        return "\n".join(sorted(one.identity for one, right in zip(self.statements, self.key, strict=False) if right))

    def key_json(self) -> dict[str, object]:
        """Return the truths as plain values."""
        return {"kind": self.kind, "values": list(self.key)}

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        values = key.get("values")
        if not isinstance(values, list) or not all(isinstance(value, bool) for value in values):
            raise InvalidSpec("the key is missing")
        return cls(stem, contents_of(content.get("options")), tuple(values), stimulus)

    def native(self) -> dict[str, object]:
        """Return statements and truths."""
        return {"options": texts_json(self.statements), "key": list(self.key)}
