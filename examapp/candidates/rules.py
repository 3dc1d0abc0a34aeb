"""Pure rules of candidates: their numbers, and a list that is taken whole or not at all."""

import re
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

    Returns the rows and every problem found; the caller imports all of them or none.
    """
    accepted: list[CandidateRow] = []
    problems: list[RowProblem] = []
    expected: int | None = None
    for index, raw in enumerate(rows, start=2):
        number, problem = _read_number(raw.get("number"), index, width)
        if problem is None and expected is not None and int(number) != expected:
            problem = RowProblem(
                index,
                "number",
                N_("Dòng %(row)s, cột “Số báo danh”: ghi “%(number)s” nhưng số kế tiếp phải là %(expected)s."),
                {"row": index, "number": number, "expected": f"{expected:0{width}d}"},
            )
        if problem is None:
            expected = int(number) + 1
        name = " ".join(str(raw.get("full_name") or "").split())
        birth_date, birth_problem = _read_birth_date(raw.get("birth_date"), index)
        found = [p for p in (problem, birth_problem) if p]
        if not name:
            found.append(
                RowProblem(index, "full_name", N_("Dòng %(row)s, cột “Họ và tên”: còn trống."), {"row": index})
            )
        problems += found
        if not found:
            accepted.append(CandidateRow(number, name, birth_date))
    if not rows:
        problems.append(RowProblem(1, "", N_("Tệp không có thí sinh nào. Cần dòng tiêu đề và ít nhất một dòng."), {}))
    return accepted, problems


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
    return padded, RowProblem(row, "number", message, {"row": row, "value": text, "width": width, "example": example})


def _read_birth_date(value: object, row: int) -> tuple[date | None, RowProblem | None]:
    if value is None or value == "":
        return None, None
    if isinstance(value, datetime):
        return value.date(), None
    if isinstance(value, date):
        return value, None
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(str(value).strip(), pattern).replace(tzinfo=UTC).date(), None
        except ValueError:
            continue
    message = N_("Dòng %(row)s, cột “Ngày sinh”: ghi “%(value)s”. Ghi theo ngày/tháng/năm, ví dụ 09/03/1998.")
    return None, RowProblem(row, "birth_date", message, {"row": row, "value": str(value)})
