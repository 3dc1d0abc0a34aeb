"""Matching: each prompt on the left belongs to one answer on the right; answers may be left over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.checks import MAX_OPTION, key_missing, length_problems, option_problems
from question_bank.questions.content import Content, content_of
from question_bank.questions.question import Question, Stimulus, contents_of, texts_json

__all__ = ["MAX_ANSWERS", "Matching"]

MAX_ANSWERS = 20


@dataclass(frozen=True)
class Matching(Question):
    """Prompts and answers; the answers are kept in the order of their words, so that their order tells nothing."""

    kind: ClassVar[str] = "matching"
    label: ClassVar[str] = N_("ghép đôi")

    stem: Content
    prompts: tuple[Content, ...]
    answers: tuple[Content, ...]
    #: The index of the right answer for each prompt.
    key: tuple[int, ...]
    stimulus: Stimulus | None = None

    def __post_init__(self) -> None:
        answers = tuple(content_of(one) for one in self.answers)
        order = sorted(range(len(answers)), key=lambda index: answers[index].identity)
        new = {old: place for place, old in enumerate(order)}
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "prompts", tuple(content_of(one) for one in self.prompts))
        object.__setattr__(self, "answers", tuple(answers[index] for index in order))
        object.__setattr__(self, "key", tuple(new.get(index, index) for index in self.key))

    def texts(self) -> Sequence[Content]:
        """Return the prompts, then the answers."""
        return (*self.prompts, *self.answers)

    def judgement(self, response: object) -> Judgement:
        """Judge a sequence of answer indexes (None for a prompt left open), one for each prompt."""
        given = list(response) if isinstance(response, Sequence) and not isinstance(response, str) else []
        given += [None] * (len(self.key) - len(given))
        return Judgement.of_parts(
            [None if one is None else one == right for one, right in zip(given, self.key, strict=False)]
        )

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the pairs."""
        yield from option_problems(self.prompts)
        place = Place(field="answers")
        if len(self.answers) > MAX_ANSWERS:
            message = N_("cột bên phải có %(count)s mục, nhiều nhất là %(limit)s.")
            yield error("answers_too_many", message, place, count=len(self.answers), limit=MAX_ANSWERS)
        if not all(self.answers):
            yield error("answer_empty", N_("cột bên phải có mục để trống."), place)
        yield from length_problems(map(len, self.answers), MAX_OPTION, place)
        if len({answer.identity for answer in self.answers}) < len(self.answers):
            yield error("answers_identical", N_("cột bên phải có hai mục giống hệt nhau."), place)
        if not self.key:
            yield key_missing()
        elif len(self.key) != len(self.prompts) or any(not 0 <= index < len(self.answers) for index in self.key):
            yield error("pairs_wrong", N_("có mục bên trái không ghép được với mục nào bên phải."), Place(field="key"))

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: stem, prompts, answers in the order of their words."""
        return self._common_json() | {"options": texts_json(self.prompts), "answers": texts_json(self.answers)}

    def answer_identity(self) -> str:
        """Return the pairs: prompts in another order make no other question."""
        pairs = zip(self.prompts, self.key, strict=False)
        found = [(one.identity, self.answers[index].identity) for one, index in pairs if index < len(self.answers)]
        return repr(sorted(found))

    def key_json(self) -> dict[str, object]:
        """Return the pairs as plain values."""
        return {"kind": self.kind, "pairs": list(self.key)}

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        pairs = key.get("pairs")
        if not isinstance(pairs, list) or not all(isinstance(one, int) for one in pairs):
            raise InvalidSpec("the key is missing")
        return cls(
            stem, contents_of(content.get("options")), contents_of(content.get("answers")), tuple(pairs), stimulus
        )

    def native(self) -> dict[str, object]:
        """Return prompts, answers, and for each prompt the number of its answer, counted from 1."""
        lists: dict[str, object] = {"options": texts_json(self.prompts), "answers": texts_json(self.answers)}
        return lists | {"key": [index + 1 for index in self.key]}
