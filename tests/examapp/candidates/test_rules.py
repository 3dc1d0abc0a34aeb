"""A candidate list: numbers as the law wants them, every slip named with its row."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.candidates.rules import check_rows
from question_bank.formats.sheets import FailedCell


def row(number: object = "0001", name: object = "Nguyễn Văn Ví Dụ", born: object = None) -> dict[str, object]:
    return {"number": number, "full_name": name, "birth_date": born}


def sentences(*rows: dict[str, object], width: int = 4) -> list[str]:
    return [problem.text() for problem in check_rows(list(rows), width).problems]


@pytest.mark.parametrize(
    ("cell", "width", "number"),
    [
        ("0247", 4, "0247"),
        (" 0247 ", 4, "0247"),
        (247.0, 4, "0247"),
        (247, 4, "0247"),
        (247.0, 6, "000247"),
        (12345678.0, 8, "12345678"),
        ("001", 3, "001"),
    ],
)
def test_a_number_arrives_whole_however_the_sheet_kept_it(cell: object, width: int, number: str) -> None:
    checked = check_rows([row(cell)], width)
    assert (checked.problems, [accepted.number for accepted in checked.accepted]) == ([], [number])


@pytest.mark.parametrize(
    ("cell", "width", "written"),
    [
        ("0247", 4, None),
        (12345678.0, 8, None),
        (247.0, 4, "247"),
        (247, 6, "247"),
        (" 0247 ", 4, " 0247 "),
        ("0247\u200b", 4, "0247\u200b"),
    ],
)
def test_a_number_read_otherwise_than_written_is_named_with_its_row(
    cell: object, width: int, written: str | None
) -> None:
    number = "247".zfill(width)
    warnings = [warning.text() for warning in check_rows([{"row": 7, **row(cell)}], width).warnings]
    expected = f"Dòng 7, cột “Số báo danh”: ghi “{written}”, đọc thành {number}."
    assert warnings == ([] if written is None else [expected])


@pytest.mark.parametrize(
    "cell",
    [
        "247",
        "00247",
        12345.0,
        247.5,
        -247.0,
        "02 47",
        "O247",
        "０２４７",
        "²³⁴⁵",
        "",
        None,
        True,
        float("inf"),
        "1" * 500,
    ],
)
def test_a_number_that_could_mean_two_things_is_refused(cell: object) -> None:
    checked = check_rows([row(cell)], 4)
    problems = checked.problems
    assert (checked.accepted, checked.warnings) == ([], [])
    assert [problem.column for problem in problems] == ["number"]
    assert problems[0].text().startswith("Dòng 2, cột “Số báo danh”: ghi “")
    assert "4 chữ số, ví dụ 0247" in problems[0].text()
    assert len(problems[0].text()) < 200, "a hostile cell does not fill the page"


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        (["0001", "0002", "0003"], []),
        (["0107", "0108"], []),
        (["0001", "0003", "0004"], ["Dòng 3, cột “Số báo danh”: ghi “0003” nhưng số kế tiếp phải là 0002."]),
        (["0001", "0002", "0002", "0003"], ["Dòng 4, cột “Số báo danh”: số 0002 đã có ở dòng 3."]),
        (["0001", "x", "0003"], ["Dòng 3, cột “Số báo danh”: ghi “x”. Số báo danh có 4 chữ số, ví dụ 0247."]),
        (["0002", "0001"], ["Dòng 3, cột “Số báo danh”: ghi “0001” nhưng số kế tiếp phải là 0003."]),
    ],
)
def test_one_slip_in_the_order_is_one_problem(numbers: list[str], found: list[str]) -> None:
    assert sentences(*(row(number) for number in numbers)) == found


@given(first=st.integers(0, 9000), count=st.integers(2, 30), hole=st.integers(1, 28))
def test_numbers_without_a_gap_pass_and_one_missing_is_named(first: int, count: int, hole: int) -> None:
    numbers = [f"{first + index:04d}" for index in range(count)]
    assert sentences(*(row(number) for number in numbers)) == []
    if hole < count - 1:
        missing = numbers.pop(hole)
        assert [missing in sentence for sentence in sentences(*(row(number) for number in numbers))] == [True]


@pytest.mark.parametrize(
    ("cell", "born"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("09/03/1998", date(1998, 3, 9)),
        ("9/3/1998", date(1998, 3, 9)),
        ("09-03-1998", date(1998, 3, 9)),
        ("09.03.1998", date(1998, 3, 9)),
        ("1998-03-09", date(1998, 3, 9)),
        (datetime(1998, 3, 9, 0, 0), date(1998, 3, 9)),  # noqa: DTZ001 - what a sheet holds has no zone
        (date(1998, 3, 9), date(1998, 3, 9)),
        ("29/02/2000", date(2000, 2, 29)),
    ],
)
def test_birth_dates_are_read_as_people_write_them(cell: object, born: date | None) -> None:
    checked = check_rows([row(born=cell)], 4)
    assert (checked.problems, checked.accepted[0].birth_date) == ([], born)


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/1998",
        "03/31/1998",
        "1998",
        1998.0,
        35863.0,
        "09/03/98",
        "09/03/0098",
        date(1098, 3, 9),
        "không rõ",
        "9/3",
    ],
)
def test_a_date_that_is_none_is_refused_and_not_guessed(cell: object) -> None:
    checked = check_rows([row(born=cell)], 4)
    assert checked.accepted == []
    assert [problem.column for problem in checked.problems] == ["birth_date"]
    assert "ngày/tháng/năm, ví dụ 09/03/1998" in checked.problems[0].text()


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    assert [problem.column for problem in check_rows([row("1", "  ", "mai")], 4).problems] == [
        "number",
        "birth_date",
        "full_name",
    ]


def test_an_empty_list_is_a_problem() -> None:
    assert sentences() == ["Tệp không có thí sinh nào. Cần dòng tiêu đề và ít nhất một dòng."]


def test_names_are_composed_and_spaced_once() -> None:
    decomposed = "  Nguyê\u0303n   Va\u0306n\tDu\u0323 "
    assert check_rows([row(name=decomposed)], 4).accepted[0].full_name == "Nguyễn Văn Dụ"


@pytest.mark.parametrize("cell", [123.0, "0001", "x" * 101, FailedCell("#REF!"), "\u200b \u202e1"])
def test_a_name_that_is_none_is_refused(cell: object) -> None:
    problems = check_rows([row(name=cell)], 4).problems
    assert [problem.column for problem in problems] == ["full_name"]
    assert problems[0].text().startswith("Dòng 2, cột “Họ và tên”: ghi “")
    assert len(problems[0].text()) < 200
