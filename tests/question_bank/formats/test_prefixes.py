"""Numbers and letters in front of stems and options."""

import pytest

from question_bank.formats.prefixes import split_label, strip_stem_number


@pytest.mark.parametrize(
    ("written", "bare", "stem"),
    [
        ("Câu 81. Nội dung", False, "Nội dung"),
        ("Câu 1) Nội dung", False, "Nội dung"),
        ("CÂU 27: Nội dung", False, "Nội dung"),
        ("Câu\u00a02 :Nội dung", False, "Nội dung"),
        ("Câu hỏi 5 - Nội dung", False, "Nội dung"),
        ("Câu 12 Nội dung", False, "Nội dung"),
        ("Question 3. Which?", False, "Which?"),
        ("133: Nội dung", True, "Nội dung"),
        ("7. Nội dung", True, "Nội dung"),
        ("7) Nội dung", True, "Nội dung"),
        ("133: Nội dung", False, "133: Nội dung"),
        ("1945: sự kiện nào?", False, "1945: sự kiện nào?"),
        ("3.14 là số gì?", True, "3.14 là số gì?"),
        ("Câu 5 trong bài thơ nói gì?", False, "Câu 5 trong bài thơ nói gì?"),
        ("Câu lạc bộ nào?", False, "Câu lạc bộ nào?"),
        ("Câu 5:", False, "Câu 5:"),
    ],
)
def test_numbers_of_stems(written: str, bare: bool, stem: str) -> None:
    assert strip_stem_number(written, bare=bare) == stem


@pytest.mark.parametrize(
    ("written", "label", "text"),
    [
        ("A. Chính phủ", 0, "Chính phủ"),
        ("B) Quốc hội", 1, "Quốc hội"),
        ("c)Tòa án", 2, "Tòa án"),
        ("D\tViện", 3, "Viện"),
        ("\u200bA. Chính phủ", 0, "Chính phủ"),
        ("E: năm", 4, "năm"),
        ("A - một", 0, "một"),
        ("Chính phủ", None, "Chính phủ"),
        ("A và B", None, "A và B"),
        ("B$2+C2", None, "B$2+C2"),
        ("A", None, "A"),
    ],
)
def test_letters_of_options(written: str, label: int | None, text: str) -> None:
    assert split_label(written) == (label, text)
