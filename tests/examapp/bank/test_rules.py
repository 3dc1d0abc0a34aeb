"""What a search means, what of a text is marked, what a ticked box says."""

from uuid import UUID

import pytest

from examapp.bank.models import QuestionStatus
from examapp.bank.rules import MOST_WORDS, Chosen, excerpt, marked, read_chosen, words_of

ID = UUID("0190f7c0-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", []),
        ("  ", []),
        ("Luật Cán bộ", ["luat", "can", "bo"]),
        ("“Luật” luat, LUẬT!", ["luat"]),
        ("138/2020/NĐ-CP", ["138", "2020", "nd", "cp"]),
        ("CC-0417", ["cc", "0417"]),
        ("?!…", []),
        ("' | & :* \\", []),
        ("α² – β", ["α", "β"]),
        (" ".join(str(one) for one in range(99)), [str(one) for one in range(MOST_WORDS)]),
    ],
)
def test_words_are_looked_for_without_accents_and_marks(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Theo Luật Cán bộ, công chức", "luat can bo", "Theo [Luật Cán bộ], công chức"),
        ("Theo Luật Cán bộ, công chức", "cong luat", "Theo [Luật] Cán bộ, [công] chức"),
        ("Đại hội đảng", "dai dang", "[Đại] hội [đảng]"),
        ("kiểm tra, kiểm soát", "kiem", "[kiểm] tra, [kiểm] soát"),
        ("“Luật”…", "luat", "“[Luật]”…"),
        ("quản lý", "qu", "[quản] lý"),
        ("quản lý", "qu ly", "quản [lý]"),
        ("lưu luân", "luan luu lu", "[lưu luân]"),
        ("Điều 13, điều 137", "13", "Điều [13], điều [137]"),
        ("Luật", "bo", "Luật"),
        ("Luật", "", "Luật"),
        ("", "luat", ""),
        # decomposed letters: the marks stand behind the letter they belong to
        ("Lua\u0323\u0302t", "luat", "[Lua\u0323\u0302t]"),
        ("ca\u0301", "ca", "[ca\u0301]"),
        ("<b>luật</b> & luật", "luat", "<b>[luật]</b> & [luật]"),
    ],
)
def test_finds_are_marked_whatever_the_accents(text: str, typed: str, shown: str) -> None:
    pieces = marked(text, words_of(typed))
    assert "".join(f"[{piece}]" if found else piece for piece, found in pieces) == shown


def test_a_find_far_in_is_shown_with_what_stands_before_it() -> None:
    text = "Điều nào sau đây " * 12 + "nằm trong Luật Cán bộ, công chức?"
    shown = excerpt(text, words_of("luat can bo"))
    assert shown.startswith("… ")
    assert shown.endswith("nằm trong Luật Cán bộ, công chức?")
    assert len(shown) < 110
    assert excerpt(text, words_of("dieu nao")) == text
    assert excerpt(text, []) == text
    assert excerpt("x" * 130 + " luật", ["luat"]).endswith("luật")


def test_a_box_says_which_question_and_what_of_it_was_seen() -> None:
    one = Chosen(ID, 3, QuestionStatus.APPROVED)
    assert str(one) == f"{ID}.3.approved"
    assert read_chosen([str(one), str(one)]) == [one]


@pytest.mark.parametrize(
    "text",
    ["", "x", f"{ID}", f"{ID}.1", f"{ID}.one.draft", f"{ID}.1.gone", f"{ID}.².draft", "no.1.draft", f"{ID}.1.draft.2"],
)
def test_what_no_box_says_is_left_out(text: str) -> None:
    assert read_chosen([text]) == []
