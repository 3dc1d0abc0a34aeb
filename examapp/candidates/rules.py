"""Pure rules of candidates: their numbers, and a list that is taken whole or not at all."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime

from examapp.core.i18n import N_


@dataclass(frozen=True)
class CandidateRow:
    """One row of a candidate list after it passed every check."""

    number: str
    full_name: str
    birth_date: date | None
    extra_minutes: int = 0


@dataclass(frozen=True)
class RowProblem:
    """Why a row is refused: its place and a Vietnamese sentence template with parameters."""

    row: int
    column: str
    message: str
    params: dict[str, object]

    def text(self) -> str:
        """Return the sentence in Vietnamese."""
        return self.message % self.params


def check_rows(rows: list[dict[str, object]], width: int) -> tuple[list[CandidateRow], list[RowProblem]]:
    """Check a candidate list: numbers of `width` digits, ascending without a gap (TT 22/2025 Art. 10), names given.

    A row may say under `row` where it stands in its file. Returns the rows and every problem found; the caller imports
    all of them or none.
    """
    accepted: list[CandidateRow] = []
    problems: list[RowProblem] = []
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
        name = unicodedata.normalize("NFC", " ".join(str(raw.get("full_name") or "").split()))
        birth_date, birth_problem = _read_birth_date(raw.get("birth_date"), row)
        found = [p for p in (problem, birth_problem) if p]
        if not name:
            found.append(RowProblem(row, "full_name", N_("Dòng %(row)s, cột “Họ và tên”: còn trống."), {"row": row}))
        problems += found
        if not found:
            accepted.append(CandidateRow(number, name, birth_date))
    if not rows:
        problems.append(RowProblem(1, "", N_("Tệp không có thí sinh nào. Cần dòng tiêu đề và ít nhất một dòng."), {}))
    return accepted, problems


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
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()
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
