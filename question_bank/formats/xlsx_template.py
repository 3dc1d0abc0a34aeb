"""The workbook we write: one sheet of questions with Vietnamese headers and one that explains how to fill it in."""

import io
from collections.abc import Iterable, Sequence
from copy import copy

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from question_bank.errors import N_
from question_bank.formats.xlsx_row import COLUMNS, EXTRA_COLUMNS, RowTexts

__all__ = ["AFTER", "BEFORE", "HELP_SHEET", "QUESTION_SHEET", "Cells", "is_template", "set_widths", "workbook_of"]

QUESTION_SHEET = "Câu hỏi"
HELP_SHEET = "Hướng dẫn"

_HELP = (
    (N_("Cột"), N_("Cách ghi")),
    ("Mã", N_("Mã riêng của câu, có thể để trống.")),
    ("Môn", N_("Mã hoặc tên môn; để trống nếu chọn khi nhập.")),
    ("Chủ đề", N_("Bắt buộc, hoặc chọn chủ đề mặc định khi nhập.")),
    ("Mức độ", N_("Nhận biết, Thông hiểu, Vận dụng hoặc Vận dụng cao.")),
    (
        "Loại",
        N_(
            "Để trống là chọn một phương án. Các loại khác: chọn nhiều phương án, đúng hay sai, mỗi ý đúng hay sai,"
            " điền khuyết, điền số, ghép đôi, sắp thứ tự, tự luận."
        ),
    ),
    ("Câu hỏi", N_("Nội dung câu hỏi, không cần ghi “Câu 1.” ở đầu.")),
    ("Phương án A, B, C…", N_("Từ hai đến mười phương án khác nhau, không cần ghi “A.” ở đầu.")),
    ("", N_("Mỗi ý đúng hay sai: mỗi cột một ý. Ghép đôi: mỗi cột một cặp, ví dụ: Việt Nam → Hà Nội.")),
    ("", N_("Sắp thứ tự: ghi các mục theo thứ tự đúng. Tự luận: mỗi cột một tiêu chí, ví dụ: Nêu đúng luật (2 điểm).")),
    ("Đáp án", N_("Chữ cái của phương án đúng, ví dụ: B. Chọn nhiều phương án: A, C.")),
    ("", N_("Đúng hay sai: Đúng. Mỗi ý đúng hay sai: Đ, S, Đ, S. Điền khuyết: các cách viết, cách nhau bằng dấu |.")),
    ("", N_("Điền số: 3,14 hoặc 3,14 ± 0,01. Ghép đôi và sắp thứ tự: để trống.")),
    ("Văn bản, Điều khoản", N_("Căn cứ của câu hỏi, ví dụ: Luật Cán bộ, công chức; Điều 4 khoản 1.")),
    ("Tác giả, Nhãn, Ngôn ngữ", N_("Có thể để trống; nhiều nhãn cách nhau bằng dấu phẩy.")),
    ("Tiêu đề ngữ liệu, Ngữ liệu", N_("Đoạn văn hoặc tình huống đọc trước khi trả lời, nếu có.")),
    ("Các cột khác", N_("Có thể thêm: Giải thích, Nhóm điểm, Năng lực, Vị trí việc làm, Không đi cùng, Tỉ lệ làm đúng,"
                        " Hiệu lực từ, Hiệu lực đến.")),
)  # fmt: skip
#: headers before and behind those of the options
BEFORE = COLUMNS[: COLUMNS.index("Câu hỏi") + 1]
AFTER = COLUMNS[COLUMNS.index("Câu hỏi") + 1 :]
_WIDTHS = {"Câu hỏi": 60, "Vấn đề cần sửa": 60, "Ngữ liệu": 40, "Chủ đề": 24, "Mức độ": 16, "Văn bản": 30, "Loại": 24}


def workbook_of(rows: Sequence[RowTexts]) -> bytes:
    """Return a workbook with some rows of texts; without any it is the empty template."""
    width = max([4, *(len(row.options) for row in rows)])
    extra = [header for header in EXTRA_COLUMNS if any(row.texts.get(header) for row in rows)]
    headers = [*BEFORE, *option_headers(width), *AFTER, *extra]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(QUESTION_SHEET)
    sheet.freeze_panes = "A2"
    set_widths(sheet, headers)
    cells = Cells(sheet)
    sheet.append([cells.make(header, bold=True) for header in headers])
    for row in rows:
        options = dict(zip(option_headers(width), row.options, strict=False))
        sheet.append([cells.make(row.texts.get(header) or options.get(header, "")) for header in headers])
    explained = workbook.create_sheet(HELP_SHEET)
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 30, 80
    cells = Cells(explained)
    for number, line in enumerate(_HELP):
        explained.append([cells.make(text, bold=number == 0) for text in line])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def option_headers(width: int) -> list[str]:
    """Return the headers of some option columns."""
    return [f"Phương án {_letters(index)}" for index in range(width)]


def set_widths(sheet: WriteOnlyWorksheet, headers: Sequence[str]) -> None:
    """Make every column about as wide as what stands in it."""
    for index, header in enumerate(headers):
        sheet.column_dimensions[_letters(index)].width = _WIDTHS.get(header, 28 if "Phương" in header else 14)


def is_template(headers: Iterable[str]) -> bool:
    """Say whether a table has the columns of the template, others beside them or not; older ones had no kinds."""
    return {*BEFORE, *AFTER, "Phương án A", "Phương án B"} - {"Loại"} <= set(headers)


class Cells:
    """Makes the cells of one sheet; they share two styles, because making one per cell takes most of the time."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self._sheet = sheet
        self._plain, self._bold = self._styled(bold=False), self._styled(bold=True)

    def _styled(self, *, bold: bool) -> WriteOnlyCell:
        cell = WriteOnlyCell(self._sheet)
        # Excel's own sign for text, so that "01/07" or "1/2" stay what was written when the cell is edited.
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=bold)
        return cell

    def make(self, text: str, *, bold: bool = False) -> WriteOnlyCell:
        """Return a cell that holds a text as a text."""
        cell = WriteOnlyCell(self._sheet, value=text or None)
        if text:
            # openpyxl takes "=1+1" for a formula; a question is never a program.
            cell.data_type = "s"
        cell._style = copy((self._bold if bold else self._plain)._style)
        return cell


def _letters(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else f"A{chr(ord('A') + index - 26)}"
