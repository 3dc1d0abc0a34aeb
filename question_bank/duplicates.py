"""Questions that are nearly the same: all pairs among many, or the nearest to a new one.

Texts are compared by their words and numbers: in lower case, without Vietnamese marks, whatever the punctuation.
Two steps. Candidates are pairs whose TF-IDF vectors of runs of one to three words have a cosine of ``_COSINE`` or more
(Salton and Buckley 1988; weight of a run ln((1 + n) / (1 + df)) + 1 as in scikit-learn's ``TfidfTransformer``; columns
by hashing, Weinberger and others 2009). Each of them then gets its score, see ``similarity``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel, LCSseq
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from question_bank.questions.difference import Piece, word_difference
from question_bank.questions.text import clean, comparable, fold

__all__ = ["Pair", "Prepared", "differing_words", "differs_in", "near_duplicates", "nearest", "similarity"]

DiffersIn = Literal["", "number", "negation"]
Progress = Callable[[int, int], None]
_Array = npt.NDArray[Any]

#: Of 389 pairs among 4,000 real questions all are found at 0.4, two less at 0.5; at 0.3 only the time grows.
_COSINE = 0.4
#: Runs that more than this share of the texts have ("cơ quan", "nào sau đây"), so many at most, are multiplied as a
#: dense matrix: they cost nearly all the time of a sparse one.
_COMMON, _MOST_COMMON = 0.05, 500
#: Odd numbers without a pattern in their bits, for multiplicative hashing (Knuth, volume 3, 6.4).
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
#: Cosines of one block at most; texts counted at once. Both keep the memory small.
_BLOCK, _TEXTS_AT_ONCE = 2_000_000, 2_000
#: A run is known by a hash of so many bits; the others hold the text's place among those counted at once.
_BITS = 52
#: A text is paired with so many earlier ones, the likest of so many. Who has found the second number is not looked for
#: among the later ones: 20,000 questions made from one sentence are 200 million pairs otherwise.
_MOST, _MOST_FOUND = 10, 30
#: Above so many pairs of lines these are put in order instead of being matched.
_MOST_LINE_PAIRS = 400

#: A number with its separators, a word, a sign of arithmetic; a minus only where it is no hyphen or dash.
_TOKENS = re.compile(r"\d+(?:[.,]\d+)+|\w+|[+<=>≤≥≠±×÷%^√]|(?<![\w)\]])[-−](?=\d)")
#: ð and ƣ are what some keyboards and old fonts put for đ and ư.
_LOOK_ALIKE = str.maketrans({"ð": "đ", "Ð": "Đ", "ƣ": "ư", "Ƣ": "Ư"})
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_ROMAN = re.compile(r"[ivx]+")
_TEN = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_NUMBER_WORDS = {word: str(value) for value, word in enumerate(_TEN, 1)}
_NUMBER_WORDS |= {"tư": "4", "bẩy": "7", "trăm": "100", "nghìn": "1000", "ngàn": "1000", "triệu": "1000000"}
#: "trừ" means except, but not in "khấu trừ"; "sai" means wrong, but "sai số" is an error of measurement.
_NEGATIONS = re.compile(
    r"\b(?:không|chưa|chẳng|đừng|chớ|cấm|sai(?! số| lệch| phạm| sót)|(?<!khấu )(?<!loại )(?<!giảm )(?<!bù )trừ)\b"
)
_PLAIN_NUMBER_WORDS = {fold(word): value for word, value in _NUMBER_WORDS.items()}
_PLAIN_NEGATIONS = re.compile(fold(_NEGATIONS.pattern))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by their indexes, the smaller first, their ``similarity`` and what makes them two questions."""

    first: int
    second: int
    score: float
    differs_in: DiffersIn = ""


class Prepared:
    """Texts made ready for ``nearest``; worth keeping where one list is asked many times."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.plain = _plain(texts)
        self.by_words = [" ".join(sorted(text.split())) for text in self.plain]


def near_duplicates(texts: Sequence[str], *, least: float = 0.85, progress: Progress | None = None) -> list[Pair]:
    """Return the pairs with a score of `least` or more, the likest first.

    Texts with the same lines are one group: each is paired with the first of it, and the first alone with others. A
    text is paired with at most ten earlier ones, the likest of thirty. Texts without a word are equal or have no pair.
    Below a `least` of about 0.7 pairs are missing. `progress` hears how many of the texts are done, of how many.
    """
    _check(least)
    plain = _plain(texts)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, text in enumerate(plain):
        if text:
            groups[tuple(sorted(text.split("\n")))].append(index)
    found = [(group[0], other, 1.0) for group in groups.values() for other in group[1:]]
    firsts = [group[0] for group in groups.values()]
    for first, second, score in _scored([plain[index] for index in firsts], least, progress):
        found.append((firsts[first], firsts[second], score))
    found.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    return [Pair(*pair, differs_in(texts[pair[0]], texts[pair[1]])) for pair in found]


def nearest(
    text: str, texts: Sequence[str] | Prepared, *, least: float = 0.85, most: int = 5
) -> list[tuple[int, float]]:
    """Return the indexes of the texts nearest to a new one and their scores, the likest first."""
    _check(least)
    known, own = texts if isinstance(texts, Prepared) else Prepared(texts), Prepared([text])
    # Texts that have their options in another order are alike in the order of their words.
    likely = {
        index
        for new, old, cut in ((own.plain, known.plain, least), (own.by_words, known.by_words, least - 0.05))
        for index in np.flatnonzero(cdist(new, old, scorer=Indel.normalized_similarity, score_cutoff=cut)).tolist()
        if old[index]
    }
    scores = ((index, _similarity(own.plain[0], known.plain[index], least)) for index in likely)
    return sorted((one for one in scores if one[1] >= least), key=lambda one: (-one[1], one[0]))[:most]


def similarity(first: str, second: str) -> float:
    """Return the score of two texts: 1.0 for the same words in the same order within the same lines, else less.

    It is twice the number of characters that both have in the same order, divided by the number of all characters of
    both: the normalized indel similarity, ``rapidfuzz.fuzz.ratio`` / 100. Counted over the whole texts, and again line
    by line with the lines matched so that most is in common, because options may stand in another order; the larger
    counts. Case, Vietnamese marks and punctuation do not.
    """
    plain = _plain([first, second])
    return _similarity(plain[0], plain[1])


def differing_words(first: str, second: str) -> list[Piece]:
    """Return the pieces that both texts have, that only the first and that only the second has, in reading order."""
    return list(word_difference(clean(first), clean(second)))


def differs_in(first: str, second: str) -> DiffersIn:
    """Say what makes two texts different questions however alike they are: a number or a negation, "" for neither.

    Words count with their marks ("trừ" is no "trụ") unless one text has none at all.
    """
    if first == second:
        return ""
    texts = [clean(text).translate(_LOOK_ALIKE).casefold() for text in (first, second)]
    number_words, negations = _NUMBER_WORDS, _NEGATIONS
    if any(text.isascii() for text in texts):
        texts = ["\n".join(fold(line) for line in text.split("\n")) for text in texts]
        number_words, negations = _PLAIN_NUMBER_WORDS, _PLAIN_NEGATIONS
    words = [Counter(_TOKENS.findall(text)) for text in texts]
    changed = [list(side.elements()) for side in (words[0] - words[1], words[1] - words[0])]
    numbers = [sorted(filter(None, (_number(word, number_words) for word in side))) for side in changed]
    written = any(not word.isalpha() for side in changed for word in side)
    # "một" may be no more than an article: spelled numbers tell something only against other numbers.
    if (numbers[0] != numbers[1] and (written or all(numbers))) or not (written or _same_order_of_numbers(*texts)):
        return "number"
    said = [Counter(negations.findall(comparable(text))) for text in texts]
    return "negation" if said[0] != said[1] else ""


def _number(word: str, number_words: dict[str, str]) -> str:
    """Return the value of a word that is a number or a sign of arithmetic, "" for another."""
    if word.isalpha():
        return number_words.get(word) or (word if _ROMAN.fullmatch(word) else "")
    decimal = word.replace(",", ".")
    return decimal.replace(".", "") if _THOUSANDS.fullmatch(word) else decimal.lstrip("0") or "0"


def _same_order_of_numbers(first: str, second: str) -> bool:
    """Say whether the same numbers say the same: Điều 5 khoản 2 is not Điều 2 khoản 5, but it is khoản 2 Điều 5."""
    said = []
    for text in (first, second):
        lines = [["", *_TOKENS.findall(line)] for line in text.split("\n")]
        pairs = [[(word, after) for word, after in pairwise(line) if not after.isalpha()] for line in lines]
        numbers = [[number for _, number in line] for line in pairs]
        said.append((sorted(numbers), list(chain(*numbers)), Counter(chain(*pairs))))
    return any(one == other for one, other in zip(*said, strict=True))


def _check(least: float) -> None:
    if not 0 < least <= 1:
        raise ValueError("least must be above 0 and at most 1")


def _plain(texts: Sequence[str]) -> list[str]:
    """Return the texts as words between single spaces, lines between line ends; a text without a word stays itself."""
    folded, found = cache(fold), []
    for text in texts:
        lines = []
        for line in clean(text).translate(_LOOK_ALIKE).split("\n"):
            words = _TOKENS.findall(line)
            if words:
                lines.append(" ".join(map(folded, words)))
        found.append("\n".join(lines) or fold(text))
    return found


def _similarity(first: str, second: str, least: float = 0) -> float:
    """Return the score of two prepared texts; below `least` it may be 0."""
    whole = float(Indel.normalized_similarity(first, second, score_cutoff=least))
    lines = [first.split("\n"), second.split("\n")]
    if whole == 1 or max(map(len, lines)) == 1:
        return whole
    if len(lines[0]) * len(lines[1]) > _MOST_LINE_PAIRS:
        ordered = ["\n".join(sorted(side)) for side in lines]
        return max(whole, float(Indel.normalized_similarity(*ordered, score_cutoff=least)))
    common = cdist(lines[0], lines[1], scorer=LCSseq.similarity)
    matched = common[linear_sum_assignment(common, maximize=True)].sum()
    return max(whole, float(2 * matched / sum(len(line) for line in chain(*lines))))


def _scored(plain: list[str], least: float, progress: Progress | None) -> Iterator[tuple[int, int, float]]:
    """Give the pairs of different texts with their scores."""
    if not plain:
        return
    rare, common = _vectors(plain)
    columns, partners = rare.T.tocsr(), np.zeros(len(plain), dtype=np.int64)
    found = [np.empty((0, 3))]
    step = max(1, min(500, _BLOCK // len(plain)))
    for start in range(0, len(plain), step):
        rows = start + np.flatnonzero(partners[start : start + step] < _MOST_FOUND)
        cosines = (rare[rows] @ columns).toarray()
        # Only pairs with a later text count, so the half before the block stays unfinished.
        cosines[:, start:] += common[rows] @ common[start:].T
        cosines[:, partners >= _MOST_FOUND] = 0
        first, second = np.nonzero(cosines >= _COSINE)
        pairs = np.column_stack((rows[first], second, cosines[first, second]))
        pairs = pairs[pairs[:, 0] < pairs[:, 1]]
        found.append(_good(plain, _likest(pairs, _MOST_FOUND - partners), least))
        np.add.at(partners, found[-1][:, 1].astype(np.int64), 1)
        if progress is not None:
            progress(min(start + step, len(plain)), len(plain))
    for first, second, score in _likest(np.concatenate(found), np.full(len(plain), _MOST)):
        yield int(first), int(second), float(score)


def _likest(pairs: _Array, most: _Array) -> _Array:
    """Return the pairs (first, second, how alike) of which no second is in more than it may be, the likest."""
    pairs = pairs[np.lexsort((pairs[:, 0], -pairs[:, 2], pairs[:, 1]))]
    starts = np.flatnonzero(np.diff(pairs[:, 1], prepend=-1))
    places = np.arange(len(pairs)) - np.repeat(starts, np.diff(starts, append=len(pairs)))
    kept: _Array = pairs[places < most[pairs[:, 1].astype(np.int64)]]
    return kept


def _good(plain: list[str], pairs: _Array, least: float) -> _Array:
    """Return the pairs with a score of `least` or more, and this."""
    for place, (one, other) in enumerate(pairs[:, :2].astype(np.int64).tolist()):
        first, second = plain[one], plain[other]
        # The lengths alone bound the score; many candidates end here.
        possible = 2 * min(len(first), len(second)) >= least * (len(first) + len(second))
        pairs[place, 2] = _similarity(first, second, least) if possible else 0
    return pairs[pairs[:, 2] >= least]


def _vectors(plain: list[str]) -> tuple[Any, _Array]:
    """Return the TF-IDF vectors of the texts, of length 1, in two parts: rare runs, sparse, and common ones, dense."""
    words: dict[str, int] = {}
    counted = [_runs(plain, start, words) for start in range(0, len(plain), _TEXTS_AT_ONCE)]
    rows, runs, times = (np.concatenate(part) for part in zip(*counted, strict=True))
    del counted
    shared, texts_with = np.unique(runs, return_counts=True)
    # The last column, after all hashes, is for runs that no other text has: they find none, and weighing as little as
    # any they do not hide what is alike.
    is_shared = texts_with > 1
    shared, texts_with = np.append(shared[is_shared], 1 << _BITS), np.append(texts_with[is_shared], len(plain))
    columns = np.searchsorted(shared, runs)
    columns[shared[columns] != runs] = len(shared) - 1
    times *= np.log((1 + len(plain)) / (1 + texts_with[columns])).astype(np.float32) + 1
    times /= np.sqrt(np.bincount(rows, times**2))[rows]
    vectors = csr_array((times, (rows, columns)), shape=(len(plain), len(shared)))
    common = np.flatnonzero(texts_with[:-1] > max(_COMMON * len(plain), 1))
    common = common[np.argsort(-texts_with[common])[:_MOST_COMMON]]
    dense: _Array = vectors[:, common].toarray()
    is_rare = np.ones(len(shared), dtype=bool)
    is_rare[common] = is_rare[-1] = False
    vectors.data *= is_rare[vectors.indices]
    vectors.eliminate_zeros()
    return vectors, dense


def _runs(plain: list[str], start: int, words: dict[str, int]) -> tuple[_Array, _Array, _Array]:
    """Return the texts, from `start` on, of the runs of one to three words of a line, these, and how often."""
    # Lines end with a 0, and no run goes over one.
    lines = [[*text.replace("\n", " \n ").split(" "), "\n"] for text in plain[start : start + _TEXTS_AT_ONCE]]
    numbers = [0 if word == "\n" else words.setdefault(word, len(words) + 1) for word in chain.from_iterable(lines)]
    word = np.array(numbers, dtype=np.uint64)
    owner = np.repeat(np.arange(len(lines), dtype=np.uint64) << np.uint64(_BITS), [len(line) for line in lines])
    code, within, found = np.zeros_like(word), word != 0, []
    for length in range(3):
        end = len(word) - length
        code = code[:end] * _MIX[0] + word[length:]
        within = within[:end] & (word[length:] != 0)
        found.append((owner[:end] | (code * _MIX[1]) >> np.uint64(64 - _BITS))[within])
    runs, times = np.unique(np.concatenate(found), return_counts=True)
    rows = (start + (runs >> np.uint64(_BITS)).astype(np.int64)).astype(np.int32)
    return rows, (runs & np.uint64((1 << _BITS) - 1)).astype(np.int64), times.astype(np.float32)
