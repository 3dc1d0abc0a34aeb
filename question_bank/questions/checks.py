"""Checks that several kinds of questions share; every problem is a sentence for whoever wrote the question."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from question_bank.errors import N_, Place, Problem, Value, error
from question_bank.questions.content import MAX_MARKUP, Content
from question_bank.questions.text import has_broken_characters

__all__ = [
    "MAX_OPTION",
    "MAX_OPTIONS",
    "MAX_STEM",
    "MAX_STIMULUS",
    "MAX_VISIBLE",
    "MIN_OPTIONS",
    "broken_characters",
    "count_word",
    "key_out_of_range",
    "letter",
    "option_problems",
]

MIN_OPTIONS = 2
MAX_OPTIONS = 10
#: In characters. Generous for print, small enough that one question cannot fill a candidate's page or a database row.
MAX_STEM = 10_000
MAX_OPTION = 3_000
MAX_STIMULUS = 20_000
#: All that candidates read of one question but the stimulus; a bank looks words up in it.
MAX_VISIBLE = 60_000

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


def option_place(index: int) -> Place:
    """Return the place of an option."""
    return Place(field=f"option_{letter(index).lower()}")


def stem_problems(stem: Content) -> Iterator[Problem]:
    """Give what is wrong with a stem."""
    if not stem:
        yield error("stem_empty", N_("chưa có nội dung câu hỏi."), Place(field="stem"))
    if len(stem) > MAX_STEM:
        message = N_("nội dung câu hỏi dài %(length)s ký tự, giới hạn là %(limit)s.")
        yield error("stem_too_long", message, Place(field="stem"), length=len(stem), limit=MAX_STEM)


def stimulus_problems(title: str, text: Content) -> Iterator[Problem]:
    """Give what is wrong with a stimulus."""
    length = len(title) + len(text)
    if length > MAX_STIMULUS:
        message = N_("ngữ liệu dài %(length)s ký tự, giới hạn là %(limit)s.")
        yield error("stimulus_too_long", message, Place(field="stimulus_text"), length=length, limit=MAX_STIMULUS)


def broken_texts(texts: Iterable[Content]) -> Iterator[Problem]:
    """Give one problem when a text holds characters that cannot be meant, and one when pictures weigh too much."""
    texts = tuple(texts)
    if any(has_broken_characters(text) for text in texts):
        yield broken_characters()
    if sum(len(text.markup or "") for text in texts if not text.is_plain) > MAX_MARKUP:
        message = N_("hình và định dạng của câu nặng hơn %(limit)s MB; hãy giảm cỡ hình.")
        yield error("markup_too_large", message, Place(field="stem"), limit=MAX_MARKUP // (1024 * 1024))


def option_problems(options: Sequence[Content], *, least: int = MIN_OPTIONS) -> Iterator[Problem]:
    """Give what is wrong with a list of options: too few, too many, empty, too long, two the same."""
    if len(options) < least:
        message = N_("câu chỉ có %(count)s phương án, cần ít nhất hai.")
        yield error("options_too_few", message, Place(field="options"), count=len(options))
    if len(options) > MAX_OPTIONS:
        message = N_("câu có %(count)s phương án, nhiều nhất là mười.")
        yield error("options_too_many", message, Place(field="options"), count=len(options))
    for index, option in enumerate(options[:MAX_OPTIONS]):
        if not option:
            message = N_("phương án %(letter)s để trống.")
            yield error("option_empty", message, option_place(index), letter=letter(index))
    for index, option in enumerate(options[:MAX_OPTIONS]):
        if len(option) > MAX_OPTION:
            message = N_("phương án %(letter)s dài %(length)s ký tự, giới hạn là %(limit)s.")
            params: dict[str, Value] = {"letter": letter(index), "length": len(option), "limit": MAX_OPTION}
            yield error("option_too_long", message, option_place(index), **params)
    yield from _identical(options)


def length_problems(lengths: Iterable[int], limit: int, place: Place) -> Iterator[Problem]:
    """Give one problem when the longest of some texts, by their lengths in characters, is above a limit."""
    longest = max(lengths, default=0)
    if longest > limit:
        message = N_("có nội dung dài %(length)s ký tự, giới hạn là %(limit)s.")
        yield error("text_too_long", message, place, length=longest, limit=limit)


def _identical(options: Sequence[Content]) -> Iterator[Problem]:
    """Give one problem per option that repeats an earlier one: two equal options mean two right answers."""
    first: dict[str, int] = {}
    for index, option in enumerate(options[:MAX_OPTIONS]):
        words = option.identity
        if words and words in first:
            message = N_("phương án %(letter)s giống hệt phương án %(other)s.")
            params: dict[str, Value] = {"letter": letter(index), "other": letter(first[words])}
            yield error("options_identical", message, option_place(index), **params)
        first.setdefault(words, index)


def weight_problems(weights: Sequence[Fraction], count: int, *, best: int | None = None) -> Iterator[Problem]:
    """Give one problem when weights do not fit what they are for: as many, each between -1 and 1, the best above 0.

    ``best`` is what the best one must be, where nobody could be fully right otherwise.
    """
    if not weights:
        return
    top = max(weights)
    if len(weights) != count or top <= 0 or any(not -1 <= one <= 1 for one in weights) or (best and top != best):
        message = N_("tỉ lệ điểm của các phương án không hợp lệ: mỗi phương án một số từ -100%% đến 100%%.")
        yield error("weights_wrong", message, Place(field="key"))


def broken_characters() -> Problem:
    """Return the problem of a text that holds characters which cannot be meant."""
    return error("broken_characters", N_("có ký tự hỏng (\ufffd hoặc không lưu được); hãy gõ lại câu này."))


def key_out_of_range(written: str, options: Sequence[str]) -> Problem:
    """Return the problem of a key that names no option of the question."""
    message = N_("ghi “%(written)s” nhưng câu chỉ có %(count_words)s phương án A – %(last)s.")
    last, words = letter(max(len(options), 1) - 1), count_word(len(options))
    return error("key_out_of_range", message, Place(field="key"), written=written, count_words=words, last=last)


def key_missing() -> Problem:
    """Return the problem of a question without any right answer."""
    return error("key_missing", N_("chưa có đáp án."), Place(field="key"))
