"""Nearly the same questions are found however they were changed, and other questions are left alone."""

import random
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.duplicates import (
    Pair,
    Prepared,
    differing_words,
    differs_in,
    near_duplicates,
    nearest,
    similarity,
)
from question_bank.questions.text import fold

_STEM = "Theo quy định của pháp luật, thời hạn giải quyết khiếu nại lần đầu của công dân là bao lâu kể từ ngày thụ lý?"
_OPTIONS = ("Không quá 30 ngày", "Không quá 45 ngày", "Không quá 60 ngày", "Do thủ trưởng cơ quan hoà giải quyết định")
_QUESTION = "\n".join([_STEM, *_OPTIONS])
_OTHERS = (
    "Cơ quan nào có thẩm quyền ban hành nghị định?\nChính phủ\nQuốc hội\nToà án nhân dân\nViện kiểm sát nhân dân",
    "Viên chức là người được tuyển dụng theo vị trí nào?\nVị trí việc làm\nNgạch công chức\nChức danh bầu cử\nHợp đồng",
    "Văn bản hành chính gồm những loại nào sau đây?\nQuyết định cá biệt\nLuật\nPháp lệnh\nHiến pháp",
)

_SYLLABLES = [
    start + end
    for start in ("b", "c", "đ", "h", "kh", "l", "m", "ng", "nh", "ph", "t", "th", "tr", "v")
    for end in ("an", "ất", "ên", "iệu", "ông", "ưở", "áp", "ình", "uyết", "ai", "oà", "ứng", "êm", "ôi", "ạc", "inh")
]


def _changed(old: str, new: str) -> str:
    assert old in _QUESTION
    return _QUESTION.replace(old, new)


VARIANTS = {
    "the same": _QUESTION,
    "a word swapped": _changed("giải quyết khiếu nại", "xử lý khiếu nại"),
    "a word dropped": _changed("của công dân ", "công dân "),
    "a word added": _changed("thời hạn", "thời hạn tối đa"),
    "four words changed": _changed("Theo quy định của", "Căn cứ vào").replace("thụ lý", "nhận đơn"),
    "options in another order": "\n".join([_STEM, *reversed(_OPTIONS)]),
    "options in another order and a word swapped": "\n".join(
        [_STEM.replace("khiếu nại", "kiến nghị"), *_OPTIONS[::-1]]
    ),
    "capitals": _QUESTION.upper(),
    "other punctuation": _changed("pháp luật, thời", "pháp luật – thời")
    .replace("?", "...:")
    .replace("\nKhông", "\n- Không"),
    "spaces and line ends": _changed(" ngày thụ", "\u00a0 ngày\u200b  thụ").replace("\n", " \r\n\r\n"),
    "a mark on the other letter": _changed("hoà", "hòa"),
    "decomposed": unicodedata.normalize("NFD", _QUESTION),
    "no marks": fold(_STEM) + "\n" + "\n".join(map(fold, _OPTIONS)),
    "look-alike letters": _QUESTION.replace("đ", "ð").replace("ư", "ƣ"),
    "three words mistyped": _changed("giải", "gải").replace("thời", "thòi").replace("thụ", "htụ"),
}
SAME = {"the same", "options in another order", "capitals", "other punctuation", "spaces and line ends", "decomposed"}
SAME |= {"a mark on the other letter", "no marks", "look-alike letters"}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_found(name: str) -> None:
    texts = [*_OTHERS, _QUESTION, VARIANTS[name]]
    assert [(pair.first, pair.second, pair.differs_in) for pair in near_duplicates(texts)] == [(3, 4, "")]
    score = near_duplicates(texts)[0].score
    assert score == 1 if name in SAME else 0.85 <= score < 1
    assert nearest(VARIANTS[name], texts[:4]) == [(3, score)]
    assert similarity(_QUESTION, VARIANTS[name]) == similarity(VARIANTS[name], _QUESTION) == score


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Theo Điều 5 của Luật", "Theo Điều 6 của Luật", "number"),
        ("trong 12 tháng", "trong 24 tháng", "number"),
        ("trong hai tháng", "trong ba tháng", "number"),
        ("Đại hội lần thứ VI", "Đại hội lần thứ VII", "number"),
        ("Nghị định 138/2020/NĐ-CP", "Nghị định 138/2021/NĐ-CP", "number"),
        ("Điều 5 khoản 2", "Điều 2 khoản 5", "number"),
        ("mức 10", "mức 10%", "number"),
        ("khi x > 5", "khi x < 5", "number"),
        ("kết quả là -5", "kết quả là 5", "number"),
        ("thời hạn theo Luật", "thời hạn theo Luật năm 2019", "number"),
        ("12 thang", "24 tháng", "number"),
        ("được phép làm", "không được phép làm", "negation"),
        ("phương án nào đúng", "phương án nào sai", "negation"),
        ("đã nộp hồ sơ", "chưa nộp hồ sơ", "negation"),
        ("tất cả các trường hợp", "tất cả, trừ các trường hợp", "negation"),
        ("duoc phep lam", "khong duoc phep lam", "negation"),
        # the same said otherwise
        ("", "", ""),
        ("không quá 5 ngày", "KHÔNG QUÁ 05 NGÀY", ""),
        ("1.000.000 đồng", "1000000 đồng", ""),
        ("tỷ lệ 12,5", "tỷ lệ 12.5", ""),
        ("trong hai ngày", "trong 2 ngày", ""),
        ("Điều 5 khoản 2", "khoản 2 Điều 5", ""),
        ("Bao lâu?\n5 ngày\n7 ngày", "Bao lâu?\n7 ngày\n5 ngày", ""),
        ("trong 5 ngày và 7 đêm", "trong vòng 5 ngày và 7 đêm", ""),
        ("cơ quan nào", "một cơ quan nào", ""),
        ("không được phép", "khong duoc phep", ""),
        # not every such word denies
        ("thuế đã nộp", "thuế được khấu trừ đã nộp", ""),
        ("độ lớn của phép đo", "sai số của phép đo", ""),
        ("trụ sở của cơ quan", "nơi làm việc của cơ quan", ""),
    ],
)
def test_a_number_or_a_negation_makes_another_question(first: str, second: str, expected: str) -> None:
    assert differs_in(first, second) == differs_in(second, first) == expected


def test_what_differs_in_a_number_is_a_pair_that_says_so() -> None:
    texts = [_QUESTION, _changed("45 ngày", "50 ngày"), _changed("bao lâu", "không bao lâu")]
    pairs = {(pair.first, pair.second): pair.differs_in for pair in near_duplicates(texts)}
    assert pairs == {(0, 1): "number", (0, 2): "negation", (1, 2): "number"}


def test_other_questions_are_no_pairs() -> None:
    assert near_duplicates([_QUESTION, *_OTHERS]) == []
    assert nearest(_QUESTION, _OTHERS) == []


def test_the_words_that_differ_are_shown() -> None:
    pieces = differing_words("Trong  12 thang", unicodedata.normalize("NFD", "Trong  24 thang"))
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Trong  "),
        ("del", "12"),
        ("ins", "24"),
        ("same", " thang"),
    ]


@given(st.lists(st.sampled_from(_SYLLABLES), min_size=15, max_size=15), st.integers(0, 14), st.sampled_from(_SYLLABLES))
@settings(deadline=None, max_examples=60)
def test_a_text_with_one_of_fifteen_words_changed_is_a_duplicate(words: list[str], place: int, word: str) -> None:
    texts = [" ".join(words), " ".join([*words[:place], word, *words[place + 1 :]])]
    assert [(pair.first, pair.second) for pair in near_duplicates(texts)] == [(0, 1)]
    assert [index for index, _ in nearest(texts[1], texts[:1])] == [0]


@given(st.text(), st.text())
@settings(deadline=None, max_examples=60)
def test_any_two_texts_can_be_compared(first: str, second: str) -> None:
    assert 0 <= similarity(first, second) == similarity(second, first) <= 1
    assert differs_in(first, second) == differs_in(second, first)
    assert all(pair.score >= 0.85 for pair in near_duplicates([first, second]))
    assert bool(near_duplicates([first, first])) == bool(fold(first))


def _bank(source: random.Random, size: int) -> list[str]:
    """Return questions of which many begin alike and have an option in common, as real ones do."""

    def words(least: int, most: int) -> str:
        return " ".join(source.choices(_SYLLABLES, k=source.randint(least, most)))

    return [
        f"Theo quy định của pháp luật, {words(12, 25)}?\n"
        + "\n".join([*(words(3, 8) for _ in range(3)), "Tất cả các phương án trên"])
        for _ in range(size)
    ]


def _variant(source: random.Random, text: str) -> str:
    stem, *options = text.split("\n")
    words = stem.split(" ")
    for _ in range(source.randint(1, 4)):
        place = source.randrange(len(words))
        word = words[place]
        words[place : place + 1] = source.choice([[], [source.choice(_SYLLABLES)], [word, "thêm"], [f"{word}x"]])
    options[0] = " ".join(f"{word}i" for word in options[0].split(" ")) if source.random() < 0.3 else options[0]
    source.shuffle(options)
    changed = "\n".join([" ".join(words), *options])
    return source.choice([str, str.upper, _without_marks])(changed)


def _without_marks(text: str) -> str:
    return "\n".join(map(fold, text.split("\n")))


def test_every_planted_variant_is_found_and_nothing_else() -> None:
    source = random.Random(5)
    bank = _bank(source, 3_000)
    originals = source.sample(range(len(bank)), 300)
    texts = bank + [_variant(source, bank[index]) for index in originals]
    planted = {(original, len(bank) + number) for number, original in enumerate(originals)}
    pairs = near_duplicates(texts)
    assert {(pair.first, pair.second) for pair in pairs} == planted
    assert pairs == sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second))
    known = Prepared(bank)
    for original, variant in sorted(planted)[::10]:
        assert [index for index, _ in nearest(texts[variant], known)] == [original]


def test_the_result_does_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(6)
    bank = _bank(source, 200)
    texts = bank + [_variant(source, text) for text in bank[:60]]
    whole = near_duplicates(texts)
    monkeypatch.setattr("question_bank.duplicates._BLOCK", 900)
    monkeypatch.setattr("question_bank.duplicates._TEXTS_AT_ONCE", 7)
    assert near_duplicates(texts) == whole


def test_equal_texts_are_paired_with_the_first_of_them() -> None:
    texts = [_QUESTION, *_OTHERS, _QUESTION.upper(), VARIANTS["options in another order"], VARIANTS["a word added"]]
    assert [(pair.first, pair.second) for pair in near_duplicates(texts)] == [(0, 4), (0, 5), (0, 6)]


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        ([], 0),
        ([""], 0),
        (["", " ", "\n\n", "\u200b"], 0),
        (["???", "???", "!!!"], 1),
        (["một", "hai", "một", "Một.", ""], 2),
        (["đúng", "sai"] * 5_000, 9_998),
        ([_QUESTION] * 20_000, 19_999),
        (["a " * 15_000, "a " * 15_000 + "b", "x" * 30_000, "x" * 29_999 + "y"], 1),
        (["\n".join(str(number % most) for number in range(15_000)) for most in (100, 101, 102)], None),
        (["\n" * 30_000, "(" * 30_000, "\u0301" * 30_000, "\ud800" * 100], None),
    ],
    ids=["none", "empty", "empties", "no words", "one word", "two kinds", "20,000 equal", "long", "lines", "odd"],
)
def test_hostile_texts_hold(texts: list[str], pairs: int | None) -> None:
    began = time.perf_counter()
    found = near_duplicates(texts)
    assert pairs is None or len(found) == pairs
    assert nearest("", texts) == []
    assert time.perf_counter() - began < 20


def test_a_large_family_has_no_more_than_ten_pairs_for_each() -> None:
    texts = [f"Thời hạn giải quyết hồ sơ số {number} là bao lâu theo quy định?" for number in range(2_000)]
    pairs = near_duplicates(texts)
    assert {pair.second for pair in pairs} == set(range(1, 2_000)), "every one is named"
    assert len(pairs) <= 10 * 2_000
    assert {pair.differs_in for pair in pairs} == {"number"}


def test_the_nearest_come_first_and_no_more_than_asked() -> None:
    texts = [VARIANTS["four words changed"], *_OTHERS, _QUESTION, VARIANTS["a word added"]]
    found = nearest(_QUESTION, texts)
    assert [index for index, _ in found] == [4, 5, 0]
    assert nearest(_QUESTION, texts, most=2) == found[:2]
    assert nearest(_QUESTION, texts, least=1) == [(4, 1.0)]


def test_progress_ends_with_all() -> None:
    heard: list[tuple[int, int]] = []
    near_duplicates(_bank(random.Random(8), 1_200), progress=lambda done, total: heard.append((done, total)))
    assert heard == [(500, 1_200), (1_000, 1_200), (1_200, 1_200)]


@pytest.mark.parametrize("least", [0, -1, 1.01])
def test_a_threshold_that_means_nothing_is_refused(least: float) -> None:
    with pytest.raises(ValueError, match="least"):
        near_duplicates([], least=least)
    with pytest.raises(ValueError, match="least"):
        nearest("", [], least=least)


def test_a_pair_without_a_mark_differs_in_no_number() -> None:
    assert Pair(0, 1, 1.0).differs_in == ""
