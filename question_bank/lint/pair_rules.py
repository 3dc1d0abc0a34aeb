"""Rules that need the other questions: the same stem with another key, and words that only stem and key share."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from question_bank.errors import N_, Place, Problem, Value
from question_bank.lint.rule import HALADYNA, HOUSE, Rule
from question_bank.lint.view import View, quoted
from question_bank.questions.checks import letter, option_place
from question_bank.questions.sameness import names_of

__all__ = ["RULES", "key_repeats_stem", "other_keys"]

OTHER_KEY = Rule(
    "stem_twice_other_key",
    N_("Hai câu cùng nội dung mâu thuẫn nhau"),
    N_("Điều đúng ở câu này lại sai ở câu kia thì một trong hai đáp án sai."),
    HOUSE,
)
SAME_OTHER_KEY = Rule(
    "question_twice_other_key",
    N_("Hai câu giống hệt có đáp án khác nhau"),
    N_("Cùng câu hỏi, cùng phương án mà đáp án khác thì một trong hai đáp án sai."),
    HOUSE,
)
CUE = Rule(
    "key_repeats_stem",
    N_("Chỉ đáp án lặp lại chữ của câu hỏi"),
    N_("Cụm từ hiếm có cả trong câu hỏi và trong một phương án duy nhất chỉ thẳng vào đáp án."),
    f"{HALADYNA}28b",
)
RULES = (OTHER_KEY, SAME_OTHER_KEY, CUE)

#: A pair of syllables is rare when so many questions of the set have it at most, or this share of them.
_RARE, _RARE_SHARE = 2, 0.005
#: Syllables without a meaning of their own; a pair with one of them is no term.
_EMPTY = frozenset({
    "ai", "bằng", "bao", "bị", "bởi", "các", "cách", "cái", "cần", "cho", "chưa", "có", "còn", "của", "cùng",
    "cũng", "đã", "đang", "để", "đến", "đi", "điều", "do", "đối", "đó", "đúng", "được", "gì", "giữa", "hay",
    "hoặc", "hơn", "khác", "khi", "không", "là", "làm", "lên", "loại", "một", "mỗi", "mọi", "mức", "năm", "nào",
    "này", "nếu", "ngày", "người", "nhằm", "nhiều", "như", "nhưng", "những", "ở", "phải", "qua", "ra", "rằng",
    "rồi", "sau", "sẽ", "số", "tại", "theo", "thì", "trong", "trên", "từ", "từng", "và", "vào", "về", "vì",
    "việc", "với", "vừa",
})  # fmt: skip
_Pair = tuple[str, str]
#: Terms that stand in half of the questions of a civil service bank, however small the set at hand is.
_EVERYWHERE = frozenset({
    ("việt", "nam"), ("nhà", "nước"), ("cơ", "quan"), ("quy", "định"), ("pháp", "luật"), ("công", "chức"),
})  # fmt: skip
_WORD = re.compile(r"\w+")


def other_keys(views: Sequence[View], names: Sequence[str]) -> Iterator[tuple[int, Problem]]:
    """Give the questions, by index, whose key contradicts that of an earlier one with the same stem and stimulus.

    ``names`` are what the questions are called in a sentence ("câu 6", "dòng 14").
    """
    whole: dict[tuple[str, ...], tuple[int, str]] = {}
    right: dict[tuple[str, str], int] = {}
    wrong: dict[tuple[str, str], int] = {}
    for index, view in enumerate(views):
        question = view.question
        stem, words = names_of(question)
        first, answer = whole.setdefault(words, (index, question.answer_identity()))
        if answer != question.answer_identity():
            message = N_("giống hệt %(first)s nhưng đáp án khác; hãy xem câu nào đúng.")
            yield index, SAME_OTHER_KEY.error(message, Place(field="key"), first=names[first])
        elif first == index:
            yield from ((index, problem) for problem in _contradictions(view, stem, names, right, wrong))
        for place in view.independent:
            kept = right if place in view.right else wrong
            kept.setdefault((stem, _words(view, place)), index)


def _contradictions(
    view: View,
    stem: str,
    names: Sequence[str],
    right: dict[tuple[str, str], int],
    wrong: dict[tuple[str, str], int],
) -> Iterator[Problem]:
    for place in view.independent if view.right else ():
        key = (stem, _words(view, place))
        first = wrong.get(key) if place in view.right else right.get(key)
        if first is not None:
            message = N_(
                "cùng nội dung với %(first)s, nhưng phương án “%(words)s” đúng ở câu này thì sai ở câu kia hoặc"
                " ngược lại; hãy xem câu nào đúng."
            )
            yield OTHER_KEY.warning(message, Place(field="key"), first=names[first], words=quoted(view.options[place]))
            return


def _words(view: View, place: int) -> str:
    return view.options[place].identity.casefold().rstrip(" .;")


def key_repeats_stem(views: Sequence[View]) -> Iterator[tuple[int, Problem]]:
    """Give the questions, by index, whose key alone shares a rare term of two syllables with the stem."""
    candidates = {index: shared for index, view in enumerate(views) if (shared := _shared_with_key(view))}
    wanted = {pair for shared in candidates.values() for pair in shared}
    counts: Counter[_Pair] = Counter()
    for view in views if wanted else ():
        counts.update(wanted & set().union(_pairs(view.stem_words), *map(_pairs, view.option_words)))
    limit = max(_RARE, int(len(views) * _RARE_SHARE))
    for index, shared in candidates.items():
        view, rare = views[index], [pair for pair in shared if counts[pair] <= limit]
        if rare and view.only_right is not None:
            message = N_(
                "trong các phương án chỉ đáp án %(letter)s lặp lại “%(words)s” của câu hỏi; hãy diễn đạt khác."
            )
            words = _as_written(view.question.stem, rare[0], view.option_words[view.only_right])
            params: dict[str, Value] = {"letter": letter(view.only_right), "words": words}
            yield index, CUE.warning(message, option_place(view.only_right), **params)


def _shared_with_key(view: View) -> list[_Pair]:
    """Return the terms that the stem shares with the key, none of whose syllables stands in another option."""
    key = view.only_right
    if key is None:
        return []
    shared = _pairs(view.stem_words) & _pairs(view.option_words[key])
    if not shared:
        return []
    elsewhere = {word for index in range(len(view.options)) if index != key for word in view.option_words[index]}
    return sorted(pair for pair in shared if not elsewhere & set(pair))


def _pairs(words: Sequence[str]) -> set[_Pair]:
    found = {
        (one, two)
        for one, two in pairwise(words)
        if one.isalpha() and two.isalpha() and one not in _EMPTY and two not in _EMPTY
    }
    return found - _EVERYWHERE


def _as_written(stem: str, pair: _Pair, key: Sequence[str]) -> str:
    """Return the longest run of the stem around a shared pair that stands in the key, as it is written."""
    words = _WORD.findall(stem)
    lower, answer = [word.casefold() for word in words], f" {' '.join(key)} "
    start = next(index for index in range(len(lower) - 1) if (lower[index], lower[index + 1]) == pair)
    end = start + 2
    while start > 0 and f" {' '.join(lower[start - 1 : end])} " in answer:
        start -= 1
    while end < len(lower) and f" {' '.join(lower[start : end + 1])} " in answer:
        end += 1
    return " ".join(words[start:end])
