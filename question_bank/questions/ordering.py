"""Ordering: items that must be put into their right order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Problem
from question_bank.marking import Judgement
from question_bank.questions.checks import option_problems
from question_bank.questions.content import Content, content_of
from question_bank.questions.question import Question, Stimulus, contents_of, texts_json

__all__ = ["Ordering"]


@dataclass(frozen=True)
class Ordering(Question):
    """Items in their right order; candidates get them in the order of their words, which tells nothing."""

    kind: ClassVar[str] = "ordering"
    label: ClassVar[str] = N_("sắp thứ tự")

    stem: Content
    #: The items, first to last.
    items: tuple[Content, ...]
    stimulus: Stimulus | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "items", tuple(content_of(item) for item in self.items))

    @property
    def shown(self) -> tuple[int, ...]:
        """Return the places of the items, counted in the right order, in the order in which they are shown."""
        return tuple(sorted(range(len(self.items)), key=lambda index: self.items[index].identity))

    def texts(self) -> Sequence[Content]:
        """Return the items as they are shown."""
        return tuple(self.items[index] for index in self.shown)

    def judgement(self, response: object) -> Judgement:
        """Judge a sequence of indexes into the items *as shown*, first to last; each place is a part."""
        given = list(response) if isinstance(response, Sequence) and not isinstance(response, str) else []
        given += [None] * (len(self.items) - len(given))
        shown = self.shown
        outcomes = [
            None if one is None else one in range(len(shown)) and shown[one] == place
            for place, one in enumerate(given[: len(self.items)])
        ]
        return Judgement.of_parts(outcomes)

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the items."""
        yield from option_problems(self.items)

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: stem, items as shown, stimulus."""
        return self._common_json() | {"options": texts_json(self.texts())}

    def key_json(self) -> dict[str, object]:
        """Return the right place of each item as shown, as plain values."""
        return {"kind": self.kind, "places": list(self.shown)}

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        shown, places = contents_of(content.get("options")), key.get("places")
        if not isinstance(places, list) or not all(type(one) is int for one in places):
            raise InvalidSpec("the key is missing")
        if sorted(places) != list(range(len(shown))):
            raise InvalidSpec("the key is missing")
        items = [shown[places.index(place)] for place in range(len(shown))]
        return cls(stem, tuple(items), stimulus)

    def native(self) -> dict[str, object]:
        """Return the items in their right order."""
        return {"options": texts_json(self.items)}
