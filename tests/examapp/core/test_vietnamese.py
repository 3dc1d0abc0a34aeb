"""Names and words made comparable: what a person types without marks is found, names stand as in a Vietnamese list."""

import unicodedata

import pytest

from examapp.core.vietnamese import fold, name_sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĐẠI HỌC", "dai hoc"),
        ("  Nguyễn\u00a0 Thị\tÁnh ", "nguyen thi anh"),
        (unicodedata.normalize("NFD", "Đường Lý Thường Kiệt"), "duong ly thuong kiet"),
        ("Zoë 12", "zoe 12"),
        ("", ""),
    ],
)
def test_folding_leaves_no_mark(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_names_stand_by_given_name_then_letters_then_tones() -> None:
    ordered = [
        "Trần Văn An",
        "Phạm Minh Anh",
        "Nguyễn Thị Ánh",
        "Lê Thị Ân",
        "Đỗ Văn Bình",
        "Lê Thị Dung",
        "Nguyễn Văn Dũng",
        "Trần Văn Dũng",
        "Lê Văn Đạt",
        "Hồ Thị Zoo",
    ]
    assert sorted(set(ordered), key=name_sort_key) == ordered


def test_how_a_name_is_typed_does_not_move_it() -> None:
    name = "Nguyễn Thị Ánh"
    assert (
        name_sort_key(unicodedata.normalize("NFD", name)) == name_sort_key(f" {name.upper()} ") == name_sort_key(name)
    )
    assert name_sort_key(name).isascii()
