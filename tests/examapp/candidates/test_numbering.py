"""Numbers for a list that has none, extra minutes, and what a page shows of a checked list."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.candidates.rules import (
    Numbering,
    Order,
    cell_text,
    check_birth_date,
    check_name,
    check_rows,
    marked_cells,
    number_rows,
    numbered,
)
from examapp.core.errors import Invalid
from question_bank.formats.sheets import FailedCell

NAMES = ["Zoãn Văn Bảo", "Nguyễn Thị Ánh", "Trần Văn An", "Đỗ Thị Ân", "Nguyễn Văn Hoàng Anh", "Lê Văn An"]


def rows(names: list[str]) -> list[dict[str, object]]:
    return [{"row": place, "full_name": name} for place, name in enumerate(names, start=2)]


@pytest.mark.parametrize(
    ("numbering", "expected"),
    [
        (Numbering(), ["Lê Văn An", "Trần Văn An", "Nguyễn Văn Hoàng Anh", "Nguyễn Thị Ánh", "Đỗ Thị Ân", NAMES[0]]),
        (Numbering(order=Order.FILE), NAMES),
        (Numbering(first=101, order=Order.FILE), NAMES),
    ],
)
def test_numbers_ascend_in_the_chosen_order(numbering: Numbering, expected: list[str]) -> None:
    given_out = number_rows(rows(NAMES), numbering, 4)
    assert [row["full_name"] for row in given_out] == expected
    assert [row["number"] for row in given_out] == [f"{numbering.first + place:04d}" for place in range(6)]
    assert {row["row"] for row in given_out} == set(range(2, 8)), "each row still says where it stands in its file"
    assert check_rows(given_out, 4).problems == []


@given(count=st.integers(1, 200), first=st.integers(0, 9800), width=st.integers(4, 8), data=st.data())
def test_what_is_numbered_passes_the_check_of_numbers(count: int, first: int, width: int, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=count, max_size=count))
    order = data.draw(st.sampled_from(list(Order)))
    checked = check_rows(number_rows(rows(names), Numbering(first, order), width), width)
    assert (checked.problems, checked.warnings) == ([], [])
    assert [row.number for row in checked.accepted] == [f"{first + place:0{width}d}" for place in range(count)]


@pytest.mark.parametrize("first", [9_995, 10_000, -1])
def test_numbers_that_do_not_fit_are_refused(first: int) -> None:
    with pytest.raises(Invalid, match="numbers_too_long") as refusal:
        number_rows(rows(NAMES), Numbering(first), 4)
    assert "vượt quá 4 chữ số" in refusal.value.text()
    assert number_rows(rows(NAMES), Numbering(9_994), 4)[-1]["number"] == "9999"


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (None, 0),
        ("", 0),
        ("  ", 0),
        (15.0, 15),
        (15, 15),
        ("15", 15),
        ("15 phút", 15),
        ("20ph", 20),
        ("0", 0),
        ("600", 600),
    ],
)
def test_extra_minutes_are_read_as_people_write_them(cell: object, minutes: int) -> None:
    checked = check_rows([{"number": "0001", "full_name": "Ví Dụ", "extra_minutes": cell}], 4)
    assert (checked.problems, checked.accepted[0].extra_minutes) == ([], minutes)


@pytest.mark.parametrize("cell", ["601", "-5", 12.5, "nửa giờ", "1/3", FailedCell("#REF!"), True, "9" * 300])
def test_minutes_that_are_none_are_refused(cell: object) -> None:
    checked = check_rows([{"row": 9, "number": "0001", "full_name": "Ví Dụ", "extra_minutes": cell}], 4)
    assert checked.accepted == []
    assert [(problem.row, problem.column) for problem in checked.problems] == [(9, "extra_minutes")]
    sentence = checked.problems[0].text()
    assert sentence.startswith("Dòng 9, cột “Thêm phút”: ghi “")
    assert "từ 0 đến 600" in sentence
    assert len(sentence) < 200


def test_findings_are_numbered_problems_first_and_stand_in_their_cells() -> None:
    checked = check_rows([{"row": 4, "number": 1.0, "full_name": "A B"}, {"row": 5, "number": "9", "full_name": ""}], 4)
    findings = numbered(checked)
    assert [(one.number, one.problem.row, one.problem.column, one.refuses) for one in findings] == [
        (1, 5, "number", True),
        (2, 5, "full_name", True),
        (3, 4, "number", False),
    ]
    assert {place: [one.number for one in found] for place, found in marked_cells(findings).items()} == {
        (5, "number"): [1],
        (5, "full_name"): [2],
        (4, "number"): [3],
    }


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        (247.0, "247"),
        ("0247", "0247"),
        (date(1998, 3, 9), "09/03/1998"),
        (datetime(1998, 3, 9), "09/03/1998"),  # noqa: DTZ001 - what a sheet holds has no zone
        ("x" * 5000, "x" * 60 + "…"),
    ],
)
def test_a_cell_is_shown_short(cell: object, shown: str) -> None:
    assert cell_text(cell) == shown


def test_typed_names_and_dates_are_checked_like_those_of_a_file() -> None:
    assert check_name("  Nguyê\u0303n   Ví Dụ ") == "Nguyễn Ví Dụ"
    assert check_birth_date("9/3/1998") == date(1998, 3, 9)
    assert check_birth_date("  ") is None
    for name in ("", "123", "x" * 101):
        with pytest.raises(Invalid, match="name_wrong"):
            check_name(name)
    for text in ("31/02/1998", "09/03/98", "mai"):
        with pytest.raises(Invalid, match="birth_date_wrong"):
            check_birth_date(text)
