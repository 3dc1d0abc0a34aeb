"""Fill-in (điền khuyết): the exact word or phrase, in one of the accepted forms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.checks import key_missing, weight_problems
from question_bank.questions.content import Content, content_of
from question_bank.questions.question import Question, Stimulus, fractions_of, weights_json
from question_bank.questions.text import clean, comparable, fold

__all__ = ["MAX_ACCEPTED", "FillIn", "Rules", "accepted_problems", "rules_of"]

MAX_ACCEPTED = 50
_MAX_FORM = 300
#: The mark of these syllables stands on either vowel, by the older and the newer school; both are the same word.
_TONE_PLACES = {
    old: new
    for olds, news in (("oà oá oả oã oạ", "òa óa ỏa õa ọa"), ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
                       ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"))
    for old, new in zip(olds.split(), news.split(), strict=True)
}  # fmt: skip
_TONE = re.compile(rf"({'|'.join(_TONE_PLACES)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """How a response is compared with the accepted forms; both are first brought to Unicode normal form C."""

    #: "Hà Nội" and "hà nội" differ.
    case: bool = False
    #: "Hà Nội" and "Ha Noi" differ. The place of a tone mark never counts: "hoà" is "hòa".
    accents: bool = True
    #: Spaces inside count; those around never do. Otherwise runs of white space are one space.
    spaces: bool = False

    def normal(self, text: str) -> str:
        """Return what a text is compared by under these rules."""
        words = clean(text) if self.spaces else comparable(text)
        words = _TONE.sub(_newer_place, words)
        if not self.accents:
            words = _without_marks(words)
        return words if self.case else words.casefold()

    def to_json(self) -> dict[str, object]:
        """Return the rules that are not the usual ones, as plain values."""
        return {name: getattr(self, name) for name in ("case", "accents", "spaces")
                if getattr(self, name) != getattr(USUAL, name)}  # fmt: skip


USUAL = Rules()


def rules_of(value: object) -> Rules:
    """Return the rules that ``Rules.to_json`` gave, the usual ones for None; raises InvalidSpec otherwise."""
    if value is None:
        return USUAL
    known = ("case", "accents", "spaces")
    if not isinstance(value, Mapping) or not all(
        name in known and isinstance(one, bool) for name, one in value.items()
    ):
        raise InvalidSpec("rules must say true or false for case, accents, spaces")
    return Rules(**value)


@dataclass(frozen=True)
class FillIn(Question):
    """A stem with a gap, and the forms that are accepted in it."""

    kind: ClassVar[str] = "fill_in"
    label: ClassVar[str] = N_("điền khuyết")

    stem: Content
    #: The accepted forms, the best first.
    accepted: tuple[str, ...]
    rules: Rules = USUAL
    stimulus: Stimulus | None = None
    #: What each form is worth where parts are paid; empty: 1 for every form.
    weights: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "accepted", tuple(clean(form) for form in self.accepted))
        object.__setattr__(self, "weights", tuple(Fraction(weight) for weight in self.weights))

    @property
    def key(self) -> tuple[str, ...]:
        """Return the accepted forms."""
        return self.accepted

    def texts(self) -> Sequence[Content]:
        """Return nothing: the accepted forms are the key."""
        return ()

    def judgement(self, response: object) -> Judgement:
        """Judge a text; None or nothing but white space is no answer."""
        given = self.rules.normal(response) if isinstance(response, str) else ""
        if not given.strip():
            return Judgement.whole(right=False, answered=False)
        worth = self.weights or (Fraction(1),) * len(self.accepted)
        earned = max(
            (share for form, share in zip(self.accepted, worth, strict=False) if self.rules.normal(form) == given),
            default=Fraction(0),
        )
        return Judgement.whole(right=earned == 1, partial=max(earned, Fraction(0)))

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the accepted forms."""
        yield from accepted_problems(self.accepted)
        yield from weight_problems(self.weights, len(self.accepted), best=1)

    def answer_identity(self) -> str:
        """Return the accepted forms: in another order they make no other question."""
        return "\n".join(sorted(self.rules.normal(form) for form in self.accepted))

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: stem and stimulus."""
        return self._common_json()

    def key_json(self) -> dict[str, object]:
        """Return the accepted forms and how they are compared, as plain values."""
        return {"kind": self.kind, "accepted": list(self.accepted)} | self._rest()

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        accepted = key.get("accepted")
        if not isinstance(accepted, list) or not all(isinstance(form, str) for form in accepted):
            raise InvalidSpec("the key is missing")
        return cls(stem, tuple(accepted), rules_of(key.get("rules")), stimulus, fractions_of(key.get("weights")))

    def native(self) -> dict[str, object]:
        """Return the accepted forms and how they are compared."""
        return {"key": list(self.accepted)} | self._rest()

    def _rest(self) -> dict[str, object]:
        rules = self.rules.to_json()
        return ({"rules": rules} if rules else {}) | weights_json(self.weights)


def accepted_problems(accepted: Sequence[str]) -> Iterator[Problem]:
    """Give what is wrong with a list of accepted forms."""
    place = Place(field="key")
    if not any(accepted):
        yield key_missing()
    elif not all(accepted):
        yield error("accepted_empty", N_("có một cách trả lời để trống trong đáp án."), place)
    if len(accepted) > MAX_ACCEPTED:
        message = N_("có %(count)s cách trả lời được chấp nhận, nhiều nhất là %(limit)s.")
        yield error("accepted_too_many", message, place, count=len(accepted), limit=MAX_ACCEPTED)
    for form in accepted:
        if len(form) > _MAX_FORM:
            message = N_("cách trả lời “%(start)s…” dài %(length)s ký tự, giới hạn là %(limit)s.")
            yield error("accepted_too_long", message, place, start=form[:40], length=len(form), limit=_MAX_FORM)


def _newer_place(match: re.Match[str]) -> str:
    old = match.group()
    new = _TONE_PLACES[old.lower()]
    return new if old.islower() else new.upper() if old.isupper() else new.capitalize() if old[0].isupper() else new


def _without_marks(text: str) -> str:
    """Return a text without Vietnamese marks; case is kept, so ``fold`` is asked letter by letter."""
    return "".join(
        folded.upper() if letter.isupper() else folded
        for letter in text
        for folded in [fold(letter) if letter.isalpha() else letter]
    )
