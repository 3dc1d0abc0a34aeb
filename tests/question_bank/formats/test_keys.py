"""Keys as real files write them: nothing that can mean two options is guessed."""

import pytest

from question_bank.formats.decoding import Refusal
from question_bank.formats.keys import number_base, read_key

OPTIONS = ("5", "6", "7", "8")
WORDS = ("Chính phủ", "Quốc hội", "Tòa án", "Viện")


@pytest.mark.parametrize(
    ("written", "options", "style", "base", "index"),
    [
        ("B", WORDS, "auto", None, 1),
        (" b ", WORDS, "auto", None, 1),
        ("B.", WORDS, "auto", None, 1),
        ("(C)", WORDS, "auto", None, 2),
        ("Đáp án D", WORDS, "auto", None, 3),
        ("Quốc  hội", WORDS, "auto", None, 1),
        (2, WORDS, "auto", 0, 2),
        ("2", WORDS, "auto", 1, 1),
        (4, WORDS, "auto", None, "key_base_unknown"),
        (9, WORDS, "auto", None, "key_unknown"),
        (2, WORDS, "index0", None, 2),
        (2, WORDS, "index1", None, 1),
        (2, WORDS, "auto", None, "key_base_unknown"),
        ("6", OPTIONS, "auto", None, 1),
        ("6", OPTIONS, "text", None, 1),
        ("3", ("1", "2", "3", "4"), "auto", 0, "key_ambiguous"),
        ("3", ("1", "2", "3", "4"), "auto", 1, 2),
        ("3", ("1", "2", "3", "4"), "index0", None, 3),
        ("B", ("A", "B", "AB", "O"), "auto", None, 1),
        ("A", ("O", "A", "B", "AB"), "auto", None, "key_ambiguous"),
        ("A", ("O", "A", "B", "AB"), "letter", None, 0),
        ("A", ("O", "A", "B", "AB"), "text", None, 1),
        ("E", WORDS, "auto", None, "key_out_of_range"),
        (5, WORDS, "auto", 1, "key_out_of_range"),
        (5, WORDS, "index1", None, "key_out_of_range"),
        ("Tổng thống", WORDS, "auto", None, "key_unknown"),
        ("Một", ("Một", "Hai", "Một"), "auto", None, "key_matches_two"),
        ("A, C", WORDS, "auto", None, "key_more_than_one"),
        ("A và B", WORDS, "auto", None, "key_more_than_one"),
        ("AC", WORDS, "auto", None, "key_unknown"),
        ("B. Quốc hội", WORDS, "auto", None, 1),
        ("B. Quốc hội", WORDS, "letter", None, "key_unknown"),
        ("A. Quốc hội", WORDS, "auto", None, "key_unknown"),
        ("B. Hai", ("B. Hai", "Hai"), "auto", None, "key_ambiguous"),
        (["B"], WORDS, "auto", None, 1),
        (["A", "B"], WORDS, "auto", None, "key_more_than_one"),
        ([False, True, False, False], WORDS, "auto", None, 1),
        ([0, 0, 0, 1], WORDS, "auto", None, 3),
        ([True, True, False, False], WORDS, "auto", None, "key_more_than_one"),
        ([False] * 4, WORDS, "auto", None, "key_missing"),
        (None, WORDS, "auto", None, "key_missing"),
        (" \u200b", WORDS, "auto", None, "key_missing"),
        ([], WORDS, "auto", None, "key_missing"),
        (True, WORDS, "auto", None, "key_unknown"),
        ({"a": 1}, WORDS, "auto", None, "key_unknown"),
        ("A", (), "auto", None, "key_out_of_range"),
    ],
)
def test_read_key(written: object, options: tuple[str, ...], style: str, base: int | None, index: int | str) -> None:
    try:
        found: int | str = read_key(written, options, style, base)
    except Refusal as refusal:
        found = refusal.problem.code
    assert found == index


@pytest.mark.parametrize(
    ("keys", "base"),
    [
        ([0, 2, 3, 0], 0),
        ([1, 4, 2], 1),
        ([1, 2, 3], None),
        (["0", "0"], 0),
        ([0], 0),
        # A slip in one row, or in a few of many, shifts nobody's key.
        ([1, 2, 0, 3], None),
        ([4, *[1, 2, 3] * 9], None),
        ([0, 0, *[1, 2, 3] * 9], None),
        ([0, 0, 0, *[1, 2, 3] * 9], 0),
        (["A", None, True, [1]], None),
        ([0, 4, 0, 4], None),
    ],
)
def test_where_numbers_start_is_seen_over_the_whole_file(keys: list[object], base: int | None) -> None:
    assert number_base((key, 4) for key in keys) == base
