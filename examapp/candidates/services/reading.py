"""Read a candidate list from a workbook by its headers."""

import io
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Font

from examapp.core.errors import Invalid
from examapp.core.files import XLSX, Content
from examapp.core.i18n import N_
from question_bank.formats.decoding import Refusal
from question_bank.formats.mapping import header_words
from question_bank.formats.sheets import read_sheets

#: folded headers; remarks in brackets and punctuation do not matter
_HEADERS = {
    "so bao danh": "number",
    "so bd": "number",
    "sbd": "number",
    "ho va ten": "full_name",
    "ho ten": "full_name",
    "ho va ten thi sinh": "full_name",
    "ho ten thi sinh": "full_name",
    "ngay sinh": "birth_date",
    "ngay thang nam sinh": "birth_date",
    "them phut": "extra_minutes",
    "so phut them": "extra_minutes",
    "so phut duoc them": "extra_minutes",
    "thoi gian them": "extra_minutes",
}
#: header, width in letters, two examples
_TEMPLATE = (
    ("Số báo danh", 14, ("", "")),
    ("Họ và tên", 32, ("Nguyễn Văn Ví Dụ", "Trần Thị Ví Dụ")),
    ("Ngày sinh", 14, ("09/03/1998", "21/11/2001")),
    ("Thêm phút", 12, ("", "15")),
)
_MAX_BYTES = 20_000_000
#: a title and the council's name stand above the header row
_HEADER_ROWS = 30
#: columns that nobody expects to be read, and so are not named as left out
_SILENT = {"", "stt", "tt", "so tt", "so thu tu"}
#: so many columns that are not read are named, so much of each name
_NAMED_COLUMNS, _NAMED_LETTERS = 20, 40


@dataclass(frozen=True)
class CandidateSheet:
    """A candidate list as it stands in its file."""

    #: field -> cell; `row` says where the row stands in the sheet
    rows: list[dict[str, object]]
    #: the file says the candidate numbers itself
    has_numbers: bool
    #: headers of the columns that are not read
    left_out: list[str]


def read_candidate_rows(data: bytes) -> list[dict[str, object]]:
    """Return the rows of a candidate list; see `read_candidate_sheet`."""
    return read_candidate_sheet(data).rows


def read_candidate_sheet(data: bytes) -> CandidateSheet:
    """Read an .xlsx list by its headers, each row with its number in the sheet.

    Raises Invalid when the file cannot be read, or a column is missing or there twice.
    """
    if len(data) > _MAX_BYTES:
        raise Invalid("file_too_large", N_("Tệp lớn hơn 20 MB. Chia nhỏ danh sách rồi nhập lại."))
    table = _first_sheet(data)
    start, fields = _find_header(table)
    rows: list[dict[str, object]] = []
    for number, cells in enumerate(table[start + 1 :], start=start + 2):
        row = {field: value for field, value in zip(fields, cells, strict=False) if field}
        if any(str(value).strip() for value in row.values()):
            rows.append({"row": number, **row})
    headers = [str(cell) for cell, field in zip(table[start], fields, strict=True) if not field]
    left_out = [" ".join(one.split())[:_NAMED_LETTERS] for one in headers if header_words(one) not in _SILENT]
    return CandidateSheet(rows, "number" in fields, left_out[:_NAMED_COLUMNS])


def template_file(width: int) -> Content:
    """Return a workbook with every column that is read and two invented rows to write over.

    The columns are text: a spreadsheet then keeps the zeros of a number and the form of a date.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Thí sinh"
    sheet.freeze_panes = "A2"
    sheet.append([header for header, _, _ in _TEMPLATE])
    for place in (0, 1):
        sheet.append([str(place + 1).zfill(width), *(examples[place] for _, _, examples in _TEMPLATE[1:])])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, (_, wide, _) in zip("ABCD", _TEMPLATE, strict=True):
        sheet.column_dimensions[letter].width = wide
        sheet.column_dimensions[letter].number_format = "@"
        for row in (2, 3):
            sheet[f"{letter}{row}"].number_format = "@"
    out = io.BytesIO()
    workbook.save(out)
    return Content(out.getvalue(), "mau-danh-sach-thi-sinh.xlsx", XLSX)


def _first_sheet(data: bytes) -> list[list[object]]:
    """Return the cells of the first sheet that a person sees."""
    try:
        sheets = read_sheets(data, "")
    except Refusal as refusal:
        message = N_("Không đọc được danh sách: %(reason)s")
        raise Invalid("not_a_workbook", message, reason=refusal.problem.sentence()) from refusal
    return next((sheet.rows for sheet in sheets if not sheet.hidden), [])


def _find_header(table: list[list[object]]) -> tuple[int, list[str | None]]:
    """Return where the header row is, and the field of each of its columns.

    A row with a column of numbers is sought first: without one, the numbers are given by the system.
    """
    rows = [(at, [_field_of(cell) for cell in cells]) for at, cells in enumerate(table[:_HEADER_ROWS])]
    for wanted in ({"number", "full_name"}, {"full_name"}):
        for position, fields in rows:
            if not wanted <= set(fields):
                continue
            named = [field for field in fields if field]
            if len(set(named)) != len(named):
                message = N_("Dòng tiêu đề (dòng %(row)s) có hai cột cùng tên. Xóa cột thừa rồi nhập lại.")
                raise Invalid("columns_twice", message, row=position + 1)
            return position, fields
    message = N_("Dòng tiêu đề cần có cột “Họ và tên”; cột “Số báo danh” nếu đã đánh số. Tải tệp mẫu để xem.")
    raise Invalid("columns_missing", message)


def _field_of(header: object) -> str | None:
    return _HEADERS.get(header_words(str(header)))
