"""Options that speak about others: the table is the documentation."""

import pytest

from question_bank.questions.pins import pinned_last

FREE: tuple[int, ...] = ()
LAST = (3,)
WHOLE = (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # All others, without a letter: pinned last.
        ("Tất cả các phương án trên", LAST),
        ("Tất cả các phương án trên đều đúng.", LAST),
        ("Tất cả đều đúng", LAST),
        ("TẤT CẢ ĐỀU SAI", LAST),
        ("Tất cả", LAST),
        ("Không có phương án nào đúng", LAST),
        ("Không câu nào đúng", LAST),
        ("Không phải các đáp án trên", LAST),
        ("Các câu trên đều sai", LAST),
        ("Các nghĩa vụ trên", LAST),
        ("Tất cả các khoản thu nhập trên", LAST),
        ("Đáp án khác", LAST),
        ("All of the above", LAST),
        ("None of the above", LAST),
        # A number that covers all others.
        ("Cả ba đều đúng", LAST),
        ("Cả 3 đáp án trên", LAST),
        ("Cả 03 phương án trên", LAST),
        ("Cả ba tổ chức trên", LAST),
        ("Cả ba phương án còn lại đều đúng", LAST),
        # Every other option by letter, treated alike.
        ("Cả A, B, C đều đúng", LAST),
        ("Cả A, B và C", LAST),
        ("Cả a, b, c đều sai", LAST),
        ("A, B, C đều đúng", LAST),
        ("Cả A,B,C", LAST),
        ("Cả ba câu trên (A, B, C) đều sai", LAST),
        ("Cả A, B, C đều là nguyên tắc tổ chức", LAST),
        ("Cả 3 yêu cầu trên (A, B, C)", LAST),
        # Some of them: their letters mean something only in the source order.
        ("A và B", WHOLE),
        ("Cả A và B đều đúng", WHOLE),
        ("A và B đúng", WHOLE),
        ("a, b đúng", WHOLE),
        ("Câu b,c là đúng", WHOLE),
        ("Hai câu a và b đúng", WHOLE),
        ("B & C", WHOLE),
        ("A hoặc B", WHOLE),
        ("B sai", WHOLE),
        ("Chỉ A đúng", WHOLE),
        ("Phương án A", WHOLE),
        ("Cả hai nguyên tắc nêu trên (a và b)", WHOLE),
        ("A, B đúng, C sai", WHOLE),
        ("A đúng, B và C sai", WHOLE),
        ("Cả A, B, C, nhất là A", WHOLE),
        ("Both A and B", WHOLE),
        ("Neither A nor B", WHOLE),
        ("Cả hai phương án trên", WHOLE),
        ("Cả hai đều đúng", WHOLE),
        ("Hai câu trên đều đúng", WHOLE),
        ("Đáp án 1 và 2 đúng", WHOLE),
        *((text, WHOLE) for text in ("Vừa A vừa B", "Vừa A, vừa B", "Chọn A, B", "Kết hợp A và B", "Đồng thời A và B")),
        *((text, WHOLE) for text in ("A + B", "A+C", "A/B", "Cả A + B đều đúng", "Chỉ A", "Chỉ có B", "Chọn A")),
        ("A + B + C", LAST),
        ("Một đáp án khác", LAST),
        # Some of them by their place.
        *((text, WHOLE) for text in ("Hai phương án đầu", "Cả hai ý đầu", "2 câu đầu tiên đúng", "Hai ý cuối đều sai")),
        *((text, WHOLE) for text in ("Ý thứ nhất và thứ ba", "Chỉ phương án thứ 2", "Một trong hai đáp án đầu")),
        # Content that only looks like it.
        *((text, FREE) for text in ("Vitamin A", "Loại A", "Chỉ thị", "Chỉ anh A", "Chọn lọc", "Hạng A, B", "A + 1")),
        *((text, FREE) for text in ("a + b", "a/b", "f(A) + B", "2A + B", "A/BC", "Kết hợp A với axit", "Thứ hai")),
        *((text, FREE) for text in ("Thứ hai và thứ ba", "Lần đầu", "Ý nghĩa thứ nhất", "Vừa hồng vừa chuyên")),
        *((text, FREE) for text in ("Một năm", "Đầu năm", "Sau 3 năm", "Câu lạc bộ đầu tiên", "Nội dung đầu tư")),
        ("Không", FREE),
        ("Đúng", FREE),
        ("A", FREE),
        ("AB", FREE),
        ("Vitamin A và D", FREE),
        ("X và Y", FREE),
        ("Điểm a và b khoản 1 Điều 5", FREE),
        ("Ba trường hợp", FREE),
        ("Không xác định", FREE),
        ("Tất cả công dân từ đủ 18 tuổi", FREE),
        ("Cơ quan nhà nước cấp trên", FREE),
        ("Trên 18 tuổi", FREE),
        ("Cả nước", FREE),
        ("Cả anh A và chị B", FREE),
        ("(a >>= b)", FREE),
        ("A và K", FREE),
        ("A và F", FREE),
        ("", FREE),
    ],
)
def test_a_last_option_that_may_refer_to_others(last: str, expected: tuple[int, ...]) -> None:
    assert pinned_last(("Một điều", "Hai điều khác", "Điều thứ ba", last)) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("1945", "1954", "Các lựa chọn đều sai", "Các lựa chọn đều đúng"), (2, 3)),
        (("1945", "1954", "A và B đều đúng", "A và B đều sai"), (2, 3)),
        (("1945", "1954", "A và B đều đúng", "A, B, C đều sai"), (2, 3)),
        (("1945", "1954", "1975", "A và B", "B và C"), (0, 1, 2, 3, 4)),
        (("Đúng", "Sai", "Cả hai"), (2,)),
        (("1945", "1954", "Cả A và B"), (2,)),
        # In front or in the middle: letters would change, words that name all others would not.
        (("Cả B, C, D đều đúng", "1945", "1954", "1975"), WHOLE),
        (("1945", "A và C", "1954", "1975"), WHOLE),
        (("Cả ba đều đúng", "1945", "1954", "1975"), (0,)),
        (("Cả 3 phương án trên", "1945", "1954", "1975"), (0,)),
        (("1945", "Tất cả đều đúng", "1954", "1975"), (1,)),
        (("1945", "1954", "Tất cả các phương án trên", "1975"), WHOLE),
        (("1945", "1954", "Cả hai phương án trên", "1975"), WHOLE),
        (("A, B, C", "B, C, A", "A, C, B", "C, B, A"), WHOLE),
    ],
)
def test_references_together_or_in_other_places(options: tuple[str, ...], expected: tuple[int, ...]) -> None:
    assert pinned_last(options) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a, " * 1000 + "b",
        "đúng " * 600,
        "cả " * 1000,
        "trên " * 700,
        "(" * 3000,
        "câu " * 800,
        "A+" * 2000,
        "ý đầu " * 900,
    ],
)
def test_long_options_take_no_time(text: str) -> None:
    assert isinstance(pinned_last((text, "x", text)), tuple)
