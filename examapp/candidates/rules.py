"""Pure rules of candidates: their numbers, and a list that is taken whole or not at all."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from examapp.core.errors import Invalid
from examapp.core.i18n import N_
from examapp.core.vietnamese import name_sort_key
from question_bank.formats.sheets import FailedCell
from question_bank.questions.text import comparable

#: in letters; longer ones come from a wrong column
_LONGEST_NAME = 100
MOST_EXTRA_MINUTES = 600
#: as a page shows them; a problem of the whole list has no column
_COLUMNS = ("", "number", "full_name", "birth_date", "extra_minutes")
#: so many letters of a cell are shown
_SHOWN = 60
_MINUTES = re.compile(r"([0-9]{1,3}) ?(?:phút|ph|')?", re.IGNORECASE)


class Order(StrEnum):
    """In which order numbers are given out."""

    NAME = "name"
    FILE = "file"


@dataclass(frozen=True)
class Numbering:
    """How numbers are given to a list that has none: from `first` on, in this order."""

    first: int = 1
    order: Order = Order.NAME


@dataclass(frozen=True)
class CandidateRow:
    """One row of a candidate list after it passed every check."""

    number: str
    full_name: str
    birth_date: date | None
    extra_minutes: int = 0


@dataclass(frozen=True)
class RowProblem:
    """What is to be said of a row: its place and a Vietnamese sentence template with parameters."""

    row: int
    column: str
    message: str
    params: dict[str, object]

    def text(self) -> str:
        """Return the sentence in Vietnamese."""
        return self.message % self.params


@dataclass
class CheckedList:
    """A candidate list after its check: `problems` refuse the whole list, `warnings` are for a person to look at."""

    accepted: list[CandidateRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)


def number_rows(rows: list[dict[str, object]], numbering: Numbering, width: int) -> list[dict[str, object]]:
    """Give ascending numbers without a gap to rows that have none, and return them in the order of their numbers.

    Names stand in the order of a Vietnamese list: given name first, then the others; equal ones as in the file. Raises
    Invalid when the numbers do not fit into `width` digits.
    """
    last = numbering.first + max(len(rows), 1) - 1
    if numbering.first < 0 or last >= 10**width:
        message = N_(
            "Đánh số từ %(first)s cho %(count)s thí sinh thì vượt quá %(width)s chữ số. Chọn số bắt đầu nhỏ hơn."
        )
        raise Invalid("numbers_too_long", message, first=numbering.first, count=len(rows), width=width)
    ordered = rows
    if numbering.order is Order.NAME:
        ordered = sorted(rows, key=lambda row: name_sort_key(comparable(str(row.get("full_name") or ""))))
    return [{**row, "number": f"{number:0{width}d}"} for number, row in enumerate(ordered, start=numbering.first)]


def check_rows(rows: list[dict[str, object]], width: int) -> CheckedList:
    """Check a candidate list: numbers of `width` digits, ascending without a gap (TT 22/2025 Art. 10), names given.

    A row may say under `row` where it stands in its file. Returns the rows, every problem found, and a warning for each
    number that is read otherwise than it is written; the caller imports all of the rows or none.
    """
    checked = CheckedList()
    first_rows: dict[str, int] = {}
    expected: int | None = None
    for index, raw in enumerate(rows, start=2):
        given = raw.get("row", index)
        row = given if isinstance(given, int) else index
        number, problem = _read_number(raw.get("number"), row, width)
        if problem is None:
            problem = _out_of_order(number, row, expected, first_rows, width)
            first_rows.setdefault(number, row)
            expected = int(number) + 1  # one gap is one problem, not one for every row that follows
        elif expected is not None:
            expected += 1
        _check_row(checked, raw, row, number, problem)
    if not rows:
        message = N_("Tệp không có thí sinh nào. Cần dòng tiêu đề và ít nhất một dòng.")
        checked.problems.append(RowProblem(1, "", message, {}))
    return checked


def _check_row(
    checked: CheckedList, raw: dict[str, object], row: int, number: str, number_problem: RowProblem | None
) -> None:
    """Check what stands beside the number and put the row, or what is wrong with it, into the list."""
    birth_date, birth_problem = _read_birth_date(raw.get("birth_date"), row)
    name, name_problem = _read_name(raw.get("full_name"), row)
    minutes, minutes_problem = _read_minutes(raw.get("extra_minutes"), row)
    found = [p for p in (number_problem, birth_problem, name_problem, minutes_problem) if p]
    checked.problems += found
    if not found:
        checked.accepted.append(CandidateRow(number, name, birth_date, minutes))
        checked.warnings += _read_otherwise(raw.get("number"), number, row)


def check_name(text: str) -> str:
    """Return a name as it is kept, composed and spaced once; raise Invalid when it is none."""
    name = comparable(text)
    if not name or len(name) > _LONGEST_NAME or not any(map(str.isalpha, name)):
        message = N_("Họ và tên là chữ, nhiều nhất %(limit)s ký tự.")
        raise Invalid("name_wrong", message, limit=_LONGEST_NAME)
    return name


def check_birth_date(text: str) -> date | None:
    """Return a typed birth date, None for an empty text; raise Invalid when it is none."""
    found, problem = _read_birth_date(text, 0)
    if problem:
        message = N_("Ngày sinh ghi theo ngày/tháng/năm, ví dụ 09/03/1998.")
        raise Invalid("birth_date_wrong", message)
    return found


def _read_name(value: object, row: int) -> tuple[str, RowProblem | None]:
    name = comparable(str(value or ""))
    if not name:
        return name, RowProblem(row, "full_name", N_("Dòng %(row)s, cột “Họ và tên”: còn trống."), {"row": row})
    if len(name) <= _LONGEST_NAME and any(map(str.isalpha, name)) and not isinstance(value, FailedCell):
        return name, None
    message = N_("Dòng %(row)s, cột “Họ và tên”: ghi “%(value)s”. Họ và tên là chữ, nhiều nhất %(limit)s ký tự.")
    return name, RowProblem(row, "full_name", message, {"row": row, "value": name[:40], "limit": _LONGEST_NAME})


def _read_minutes(value: object, row: int) -> tuple[int, RowProblem | None]:
    """Read the minutes a candidate has beyond the others; an empty cell is none."""
    text = _number_text(value)
    found = _MINUTES.fullmatch(text)
    if value is None or not text:
        return 0, None
    if found and int(found[1]) <= MOST_EXTRA_MINUTES and not isinstance(value, FailedCell):
        return int(found[1]), None
    message = N_("Dòng %(row)s, cột “Thêm phút”: ghi “%(value)s”. Ghi số phút từ 0 đến %(limit)s, ví dụ 15.")
    params = {"row": row, "value": text[:40], "limit": MOST_EXTRA_MINUTES}
    return 0, RowProblem(row, "extra_minutes", message, params)


def _read_otherwise(value: object, number: str, row: int) -> list[RowProblem]:
    """Return a warning when zeros were put in front of a number, or spaces and invisible characters taken away."""
    written = _number_text(value) if isinstance(value, float) else str(value)
    if written == number:
        return []
    message = N_("Dòng %(row)s, cột “Số báo danh”: ghi “%(value)s”, đọc thành %(number)s.")
    return [RowProblem(row, "number", message, {"row": row, "value": written[:40], "number": number})]


def _out_of_order(
    number: str, row: int, expected: int | None, first_rows: dict[str, int], width: int
) -> RowProblem | None:
    """Return what is wrong with a number's place in the list: given out before, or not the next one."""
    if number in first_rows:
        message = N_("Dòng %(row)s, cột “Số báo danh”: số %(number)s đã có ở dòng %(first)s.")
        return RowProblem(row, "number", message, {"row": row, "number": number, "first": first_rows[number]})
    if expected is None or int(number) == expected:
        return None
    message = N_("Dòng %(row)s, cột “Số báo danh”: ghi “%(number)s” nhưng số kế tiếp phải là %(expected)s.")
    return RowProblem(row, "number", message, {"row": row, "number": number, "expected": f"{expected:0{width}d}"})


def _read_number(value: object, row: int, width: int) -> tuple[str, RowProblem | None]:
    text = _number_text(value)
    # a spreadsheet turns 0247 into 247.0: the exam's width says what it was
    padded = text.zfill(width) if text.isdigit() and not isinstance(value, str) else text
    if re.fullmatch(rf"[0-9]{{{width}}}", padded):
        return padded, None
    example = "0247".zfill(width)[-width:]
    message = N_(
        "Dòng %(row)s, cột “Số báo danh”: ghi “%(value)s”. Số báo danh có %(width)s chữ số, ví dụ %(example)s."
    )
    return padded, RowProblem(
        row, "number", message, {"row": row, "value": text[:40], "width": width, "example": example}
    )


def _number_text(value: object) -> str:
    """Return a number cell without its decimals, and any other without spaces and invisible characters around it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else comparable(str(value or ""))


def _read_birth_date(value: object, row: int) -> tuple[date | None, RowProblem | None]:
    found = value.date() if isinstance(value, datetime) else value
    if not isinstance(found, date):
        text = str(value if value is not None else "").strip()
        if not text:
            return None, None
        found = _parse_date(text)
    # a year of two digits, or 1098 for 1998, is a slip and no birth date
    if found is not None and found.year >= 1900:
        return found, None
    message = N_("Dòng %(row)s, cột “Ngày sinh”: ghi “%(value)s”. Ghi theo ngày/tháng/năm, ví dụ 09/03/1998.")
    return None, RowProblem(row, "birth_date", message, {"row": row, "value": str(value)[:40]})


def _parse_date(text: str) -> date | None:
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


@dataclass(frozen=True)
class Finding:
    """A problem or warning with the number under which a page shows it, in the list and in its very cell."""

    number: int
    problem: RowProblem
    refuses: bool


def numbered(checked: CheckedList) -> list[Finding]:
    """Return everything found, what refuses the list first, in the order of rows and columns, numbered from 1 on."""
    problems = sorted(checked.problems, key=_place)
    found = [(problem, True) for problem in problems] + [(warning, False) for warning in checked.warnings]
    return [Finding(number, problem, refuses) for number, (problem, refuses) in enumerate(found, start=1)]


def _place(problem: RowProblem) -> tuple[int, int]:
    return problem.row, _COLUMNS.index(problem.column)


def marked_cells(findings: list[Finding]) -> dict[tuple[int, str], list[Finding]]:
    """Return the findings by row and column of the sheet."""
    cells: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        cells.setdefault((finding.problem.row, finding.problem.column), []).append(finding)
    return cells


def cell_text(value: object) -> str:
    """Return a cell as a page shows it: dates as people write them, numbers without decimals, nothing endless."""
    if value is None:
        return ""
    if isinstance(value, date):  # a moment is a date, too
        return f"{value:%d/%m/%Y}"
    text = _number_text(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
