"""Equal words get equal bytes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.questions.text import (
    clean,
    comparable,
    fold,
    has_broken_characters,
    has_hidden_characters,
    repair_horn_letters,
)


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("  Luật\u00a0Cán bộ ", "Luật Cán bộ"),
        ("công\u200b chức\ufeff", "công chức"),
        (unicodedata.normalize("NFD", "Nghị định"), "Nghị định"),
        ("một\r\nhai\rba\u2028bốn", "một\nhai\nba\nbốn"),
        ("một\x0bhai\x0cba\x85bốn", "một\nhai\nba\nbốn"),
        ("cuối dòng  \nđầu", "cuối dòng\nđầu"),
        ("if x:\n    y", "if x:\n    y"),
        ("\u202eđảo\u202c", "đảo"),
        ("tab\tở giữa", "tab\tở giữa"),
        ("\x00\x07chuông", "chuông"),
    ],
)
def test_clean(written: str, cleaned: str) -> None:
    assert clean(written) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_what_texts_are_compared_by() -> None:
    assert comparable("một \n  hai") == "một hai"
    assert comparable("N") != comparable("n")
    assert fold("  Vận DỤNG  cao Đ") == "van dung cao d"


def test_horn_letters_and_broken_characters() -> None:
    assert repair_horn_letters("nƣớc, TRƢỜNG") == "nước, TRƯỜNG"
    assert has_broken_characters("a\ud800")
    assert has_broken_characters("Qu\ufffdc hội")
    assert not has_broken_characters("ư 😀")


def test_hidden_characters_are_those_that_change_what_is_seen() -> None:
    assert all(has_hidden_characters(f"a{hidden}b") for hidden in "\0\x1b\x7f\u202e\u2066")
    assert not any(has_hidden_characters(f"a{harmless}b") for harmless in "\t\n\r\x0b\x0c\x85\xa0\u200b\u200e\ufeff")
