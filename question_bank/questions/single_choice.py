"""Single choice: one stem, two to ten options, exactly one right option."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from question_bank.errors import N_, InvalidSpec, Place, Problem, Value, error
from question_bank.questions.pins import pinned_last
from question_bank.questions.text import clean, comparable, has_broken_characters

__all__ = [
    "MAX_OPTION",
    "MAX_OPTIONS",
    "MAX_STEM",
    "MAX_STIMULUS",
    "MIN_OPTIONS",
    "SingleChoice",
    "Stimulus",
    "broken_characters",
    "key_out_of_range",
    "letter",
]

MIN_OPTIONS = 2
MAX_OPTIONS = 10
#: In characters. Generous for print, small enough that one question cannot fill a candidate's page or a database row.
MAX_STEM = 10_000
MAX_OPTION = 3_000
MAX_STIMULUS = 20_000

_COUNT_WORDS = (
    *(N_("không"), N_("một"), N_("hai"), N_("ba"), N_("bốn"), N_("năm")),
    *(N_("sáu"), N_("bảy"), N_("tám"), N_("chín"), N_("mười")),
)


def letter(index: int) -> str:
    """Return the letter of an option, A for 0."""
    return chr(ord("A") + index)


def count_word(count: int) -> str:
    """Return a small number in words (marked texts), a large one in digits."""
    return _COUNT_WORDS[count] if count < len(_COUNT_WORDS) else str(count)


@dataclass(frozen=True)
class Stimulus:
    """A text that a question, or several, are asked about."""

    title: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))
        object.__setattr__(self, "text", clean(self.text))


@dataclass(frozen=True)
class SingleChoice:
    """A single choice question; its texts are cleaned when it is made, so equal questions have equal bytes."""

    kind: ClassVar[str] = "single_choice"

    stem: str
    options: tuple[str, ...]
    #: Index of the right option in source order.
    key: int
    stimulus: Stimulus | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", clean(self.stem))
        object.__setattr__(self, "options", tuple(clean(option) for option in self.options))

    @cached_property
    def pinned_last(self) -> tuple[int, ...]:
        """Return the options that must stay last in source order, because they speak about the others."""
        return pinned_last(self.options)

    def judge(self, response: int | None) -> Fraction:
        """Return the share of the mark for a response, given as an option's index in *source* order or None."""
        return Fraction(1 if response == self.key else 0)

    def validate(self) -> list[Problem]:
        """Return everything that forbids the use of this question; empty when it is sound."""
        problems = [*self._missing(), *self._too_long(), *self._identical()]
        if not 0 <= self.key < len(self.options):
            problems.append(key_out_of_range(letter(self.key) if 0 <= self.key < 26 else str(self.key), self.options))
        texts = (self.stem, *self.options, *((self.stimulus.title, self.stimulus.text) if self.stimulus else ()))
        if any(has_broken_characters(text) for text in texts):
            problems.append(broken_characters())
        return problems

    def _missing(self) -> list[Problem]:
        problems = []
        if not self.stem:
            problems.append(error("stem_empty", N_("chưa có nội dung câu hỏi."), Place(field="stem")))
        if len(self.options) < MIN_OPTIONS:
            message = N_("câu chỉ có %(count)s phương án, cần ít nhất hai.")
            problems.append(error("options_too_few", message, Place(field="options"), count=len(self.options)))
        if len(self.options) > MAX_OPTIONS:
            message = N_("câu có %(count)s phương án, nhiều nhất là mười.")
            problems.append(error("options_too_many", message, Place(field="options"), count=len(self.options)))
        for index, option in enumerate(self.options[:MAX_OPTIONS]):
            if not option:
                message = N_("phương án %(letter)s để trống.")
                problems.append(error("option_empty", message, _option(index), letter=letter(index)))
        return problems

    def _too_long(self) -> list[Problem]:
        problems = []
        if len(self.stem) > MAX_STEM:
            message = N_("nội dung câu hỏi dài %(length)s ký tự, giới hạn là %(limit)s.")
            place = Place(field="stem")
            problems.append(error("stem_too_long", message, place, length=len(self.stem), limit=MAX_STEM))
        for index, option in enumerate(self.options[:MAX_OPTIONS]):
            if len(option) > MAX_OPTION:
                message = N_("phương án %(letter)s dài %(length)s ký tự, giới hạn là %(limit)s.")
                params: dict[str, Value] = {"letter": letter(index), "length": len(option), "limit": MAX_OPTION}
                problems.append(error("option_too_long", message, _option(index), **params))
        if self.stimulus and len(self.stimulus.title) + len(self.stimulus.text) > MAX_STIMULUS:
            length = len(self.stimulus.title) + len(self.stimulus.text)
            message = N_("ngữ liệu dài %(length)s ký tự, giới hạn là %(limit)s.")
            place = Place(field="stimulus_text")
            problems.append(error("stimulus_too_long", message, place, length=length, limit=MAX_STIMULUS))
        return problems

    def _identical(self) -> list[Problem]:
        """Return one problem per option that repeats an earlier one: two equal options mean two right answers."""
        problems = []
        first: dict[str, int] = {}
        for index, option in enumerate(self.options[:MAX_OPTIONS]):
            words = comparable(option)
            if words and words in first:
                message = N_("phương án %(letter)s giống hệt phương án %(other)s.")
                params: dict[str, Value] = {"letter": letter(index), "other": letter(first[words])}
                problems.append(error("options_identical", message, _option(index), **params))
            first.setdefault(words, index)
        return problems

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see, as plain values; never the key."""
        content: dict[str, object] = {"kind": self.kind, "stem": self.stem, "options": list(self.options)}
        if self.stimulus:
            content["stimulus"] = {"title": self.stimulus.title, "text": self.stimulus.text}
        return content

    def key_json(self) -> dict[str, object]:
        """Return the right answer as plain values: the option's index in source order."""
        return {"kind": self.kind, "option": self.key}

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> "SingleChoice":
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, options, right = content.get("stem"), content.get("options"), key.get("option")
        if content.get("kind") != cls.kind or key.get("kind") != cls.kind:
            raise InvalidSpec("not a single choice question")
        if not isinstance(stem, str) or not isinstance(options, list) or not isinstance(right, int):
            raise InvalidSpec("stem, options or key are missing")
        return cls(stem, tuple(str(option) for option in options), right, _stimulus(content.get("stimulus")))


def broken_characters() -> Problem:
    """Return the problem of a text that holds characters which cannot be meant."""
    return error("broken_characters", N_("có ký tự hỏng (\ufffd hoặc không lưu được); hãy gõ lại câu này."))


def key_out_of_range(written: str, options: tuple[str, ...]) -> Problem:
    """Return the problem of a key that names no option of the question."""
    message = N_("ghi “%(written)s” nhưng câu chỉ có %(count_words)s phương án A – %(last)s.")
    last, words = letter(max(len(options), 1) - 1), count_word(len(options))
    return error("key_out_of_range", message, Place(field="key"), written=written, count_words=words, last=last)


def _option(index: int) -> Place:
    return Place(field=f"option_{letter(index).lower()}")


def _stimulus(value: object) -> Stimulus | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidSpec("the stimulus is no object")
    return Stimulus(str(value.get("title", "")), str(value.get("text", "")))
