"""Word by word: what is marked as taken out and put in, and which option became which."""

import random
import time
from itertools import pairwise

import pytest

from question_bank.questions import LegalSource, Level, Metadata, QuestionRecord, SingleChoice, Stimulus
from question_bank.questions.difference import Piece, paired, question_changes, word_difference


def _marked(pieces: tuple[Piece, ...]) -> str:
    marks = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("", "", ""),
        ("như nhau", "như nhau", "như nhau"),
        ("", "mới", "[+mới+]"),
        ("cũ", "", "[-cũ-]"),
        ("báo cáo ngay với", "báo cáo bằng văn bản với", "báo cáo [-ngay-][+bằng văn bản+] với"),
        ("phải chấp hành.", "phải chấp hành, đồng thời báo cáo.", "phải chấp hành[+, đồng thời báo cáo+]."),
        ("mà cho rằng", "mà có căn cứ cho rằng", "mà [+có căn cứ +]cho rằng"),
        ("bỏ từ này đi", "bỏ đi", "bỏ [-từ này -]đi"),
        # changed phrases stay whole, whatever spaces they share
        ("một hai ba", "bốn năm sáu", "[-một hai ba-][+bốn năm sáu+]"),
        ("năm 2008, Điều 9", "năm 2025, Điều 9", "năm [-2008-][+2025+], Điều 9"),
        # Vietnamese letters belong to their words, and a mark makes another word
        ("nghĩa vụ", "nghỉa vụ", "[-nghĩa-][+nghỉa+] vụ"),
        ("Đảng", "đảng", "[-Đảng-][+đảng+]"),
        ("dòng một\ndòng hai", "dòng một\n\ndòng hai", "dòng một[-\n-][+\n\n+]dòng hai"),
        ("<b>A</b>", "<i>A</i>", "<[-b-][+i+]>A</[-b-][+i+]>"),
    ],
)
def test_the_words_that_changed(before: str, after: str, marked: str) -> None:
    assert _marked(word_difference(before, after)) == marked


def test_both_texts_can_be_read_from_the_pieces() -> None:
    source = random.Random(7)
    words = ["Luật", " ", "viên", "chức", ",", "\n", "  ", "số", "2025", "–"]
    for _ in range(500):
        before, after = ("".join(source.choices(words, k=source.randrange(30))) for _ in range(2))
        pieces = word_difference(before, after)
        assert "".join(piece.text for piece in pieces if piece.kind != "ins") == before
        assert "".join(piece.text for piece in pieces if piece.kind != "del") == after
        assert all(piece.text for piece in pieces)
        kinds = [piece.kind for piece in pieces]
        assert all(one != other for one, other in pairwise(kinds)), "neighbours are joined"


@pytest.mark.parametrize(
    "text",
    ["a " * 5_000, " ".join(map(str, range(2_000))), "ab " * 3_000, "x" * 20_000, "\n" * 10_000, "a\n" * 5_000],
    ids=["one word", "all different", "pairs", "one long word", "empty lines", "lines"],
)
def test_long_texts_take_no_time(text: str) -> None:
    began = time.process_time()
    pieces = word_difference(text, "đầu " + text[::-1] + " cuối")
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == text
    assert time.process_time() - began < 2


def test_a_long_text_shows_the_words_that_changed() -> None:
    lines = [f"Dòng {number} của một ngữ liệu dài" for number in range(600)]
    changed = [f"{line} hơn" if number in (3, 500) else line for number, line in enumerate(lines)]
    pieces = word_difference("\n".join(lines), "\n".join(changed))
    assert [piece.text for piece in pieces if piece.kind != "same"] == [" hơn", " hơn"]


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ("a b c", "a b c", [(0, 0), (1, 1), (2, 2)]),
        ("a b c", "a c", [(0, 0), (2, 1), (1, None)]),
        ("a b", "x a b", [(None, 0), (0, 1), (1, 2)]),
        ("a b c", "c b a", [(2, 0), (1, 1), (0, 2)]),
        ("a b", "a x", [(0, 0), (1, 1)]),
        ("một_hai_ba x", "x một_hai_bốn", [(1, 0), (0, 1)]),
        ("a b c d", "a c d y", [(0, 0), (2, 1), (3, 2), (None, 3), (1, None)]),
        ("", "a", [(None, 0)]),
    ],
)
def test_which_option_became_which(before: str, after: str, pairs: list[tuple[int | None, int | None]]) -> None:
    older, newer = ([one.replace("_", " ") for one in text.split()] for text in (before, after))
    assert paired(older, newer) == pairs


def test_a_question_part_by_part() -> None:
    older = QuestionRecord(
        SingleChoice("Ai là ai?", ("Lan", "Mai"), 0),
        Metadata("Chủ đề 1", Level.RECALL, source=LegalSource("Luật A", "Điều 1")),
    )
    newer = QuestionRecord(
        SingleChoice("Ai là ai đây?", ("Mai", "Lan", "Cúc"), 1, Stimulus("Bảng", "Số liệu")),
        Metadata("Chủ đề 1", Level.APPLICATION, source=LegalSource("Luật B", "Điều 1")),
    )
    changes = question_changes(older, newer)
    assert [(change.field, change.before, change.after, _marked(change.pieces)) for change in changes] == [
        ("stimulus_title", None, None, "[+Bảng+]"),
        ("stimulus_text", None, None, "[+Số liệu+]"),
        ("stem", None, None, "Ai là ai[+ đây+]?"),
        ("option", "B", "A", "Mai"),
        ("option", "A", "B", "Lan"),
        ("option", None, "C", "[+Cúc+]"),
        ("key", None, None, "[-A-][+B+]"),
        ("topic", None, None, "Chủ đề 1"),
        ("level", None, None, "[-Nhận biết-][+Vận dụng+]"),
        ("document", None, None, "Luật [-A-][+B+]"),
        ("article", None, None, "Điều 1"),
    ]
    assert [change.field for change in changes if not change.changed] == ["topic", "article"]
    assert not any(change.changed for change in question_changes(newer, newer))


def test_a_question_without_a_key_yet() -> None:
    about = Metadata("A", Level.RECALL)
    older, newer = (QuestionRecord(SingleChoice("?", ("1", "2"), key), about) for key in (-1, 1))
    assert [_marked(change.pieces) for change in question_changes(older, newer) if change.changed] == ["[+B+]"]
