"""The workbook we write: one sheet of questions with Vietnamese headers and one that explains how to fill it in."""

import io
from collections.abc import Iterable, Sequence
from copy import copy

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from question_bank.errors import N_
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import letter

__all__ = ["AFTER", "BEFORE", "HELP_SHEET", "QUESTION_SHEET", "Cells", "is_template", "set_widths", "write"]

QUESTION_SHEET = "Câu hỏi"
HELP_SHEET = "Hướng dẫn"

_HELP = (
    (N_("Cột"), N_("Cách ghi")),
    ("Mã", N_("Mã riêng của câu, có thể để trống.")),
    ("Môn", N_("Mã hoặc tên môn; để trống nếu chọn khi nhập.")),
    ("Chủ đề", N_("Bắt buộc, hoặc chọn chủ đề mặc định khi nhập.")),
    ("Mức độ", N_("Nhận biết, Thông hiểu, Vận dụng hoặc Vận dụng cao.")),
    ("Câu hỏi", N_("Nội dung câu hỏi, không cần ghi “Câu 1.” ở đầu.")),
    ("Phương án A, B, C…", N_("Từ hai đến mười phương án khác nhau, không cần ghi “A.” ở đầu.")),
    ("Đáp án", N_("Chữ cái của phương án đúng, ví dụ: B.")),
    ("Văn bản, Điều khoản", N_("Căn cứ của câu hỏi, ví dụ: Luật Cán bộ, công chức; Điều 4 khoản 1.")),
    ("Tác giả, Nhãn, Ngôn ngữ", N_("Có thể để trống; nhiều nhãn cách nhau bằng dấu phẩy.")),
    ("Tiêu đề ngữ liệu, Ngữ liệu", N_("Đoạn văn hoặc tình huống đọc trước khi trả lời, nếu có.")),
)
#: headers before and behind those of the options
BEFORE = ("Mã", "Môn", "Chủ đề", "Mức độ", "Câu hỏi")
AFTER = ("Đáp án", "Văn bản", "Điều khoản", "Tác giả", "Nhãn", "Ngôn ngữ", "Tiêu đề ngữ liệu", "Ngữ liệu")
_WIDTHS = {"Câu hỏi": 60, "Vấn đề cần sửa": 60, "Ngữ liệu": 40, "Chủ đề": 24, "Mức độ": 16, "Văn bản": 30}


def write(records: Iterable[QuestionRecord] = ()) -> bytes:
    """Return a workbook with some questions; without any it is the empty template."""
    kept = list(records)
    width = max([4, *(len(record.question.options) for record in kept)])
    headers = [*BEFORE, *(f"Phương án {letter(index)}" for index in range(width)), *AFTER]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(QUESTION_SHEET)
    sheet.freeze_panes = "A2"
    set_widths(sheet, headers)
    cells = Cells(sheet)
    sheet.append([cells.make(header, bold=True) for header in headers])
    for record in kept:
        sheet.append([cells.make(text) for text in _texts(record, width)])
    explained = workbook.create_sheet(HELP_SHEET)
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 30, 80
    cells = Cells(explained)
    for number, row in enumerate(_HELP):
        explained.append([cells.make(text, bold=number == 0) for text in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def set_widths(sheet: WriteOnlyWorksheet, headers: Sequence[str]) -> None:
    """Make every column about as wide as what stands in it."""
    for index, header in enumerate(headers):
        sheet.column_dimensions[_letters(index)].width = _WIDTHS.get(header, 28 if "Phương" in header else 14)


def is_template(headers: Iterable[str]) -> bool:
    """Say whether a table has the columns of the template, others beside them or not."""
    return {*BEFORE, *AFTER, "Phương án A", "Phương án B"} <= set(headers)


def _texts(record: QuestionRecord, width: int) -> list[str]:
    question, metadata = record.question, record.metadata
    options = [*question.options, *[""] * (width - len(question.options))]
    source, stimulus = metadata.source, question.stimulus
    return [
        *(metadata.code or "", metadata.subject or "", metadata.topic, metadata.level.label, question.stem),
        *options,
        letter(question.key),
        *((source.document, source.article or "") if source else ("", "")),
        *(metadata.author or "", ", ".join(metadata.tags), metadata.language),
        *((stimulus.title, stimulus.text) if stimulus else ("", "")),
    ]


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
    return chr(ord("A") + index)
