"""What is said of an Excel sheet beside the values of its cells: shapes, comments, and looks that were not kept."""

from collections.abc import Collection, Iterator

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.mapping import OPTION_FIELDS
from question_bank.formats.xlsx_looks import Look, SheetLooks, shown_number
from question_bank.questions.content import Content

__all__ = ["MARKUP_FIELDS", "beside_the_cells", "cell_looks", "shape_on_row"]

#: The fields whose texts keep the looks of their parts.
MARKUP_FIELDS = frozenset({"stem", "stimulus_text", "explanation", *OPTION_FIELDS})
_SHOWN = 5


def shape_on_row() -> Problem:
    """Return the problem of a question on whose row something lies that is no text of a cell."""
    message = N_(
        "trên dòng này có hình, khung chữ hoặc đối tượng không đọc được từ Excel; hãy nhập câu này từ tệp Word."
    )
    return error("picture_missing", message, Place(field="stem"))


def beside_the_cells(looks: SheetLooks, rows: Collection[int]) -> Iterator[Problem]:
    """Give the warnings of a sheet for shapes on none of the rows of questions, and for comments."""
    elsewhere = sorted(looks.shapes - set(rows))
    if elsewhere or looks.floating:
        message = N_("có hình, khung chữ hoặc đối tượng ngoài các dòng câu hỏi (dòng %(rows)s) không được đọc.")
        shown = ", ".join(str(row + 1) for row in elsewhere[:_SHOWN]) + (" …" if len(elsewhere) > _SHOWN else "")
        yield warning("shapes_unread", message, rows=shown or "–")
    if looks.comments:
        yield warning("comments_unread", N_("các lời bình trong tệp không được đọc."))


def cell_looks(cell: object, look: Look | None, text: str) -> Problem | None:
    """Return the warning for a cell that shows something else in Excel than what is read."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and look and look.number_format:
        shown = shown_number(cell, look.number_format)
        if shown is None:
            message = N_("ô có định dạng số “%(format)s” nên Excel hiện khác “%(text)s” đã đọc; hãy ghi lại bằng chữ.")
            return warning("cell_format", message, format=look.number_format[:40], text=text)
        message = N_("Excel hiện ô này là “%(shown)s” nhưng chỉ đọc được “%(text)s”; hãy ghi lại bằng chữ.")
        return warning("cell_format", message, shown=shown, text=text) if shown != text else None
    if isinstance(cell, Content) or (look and look.marked):
        message = N_("ô có chữ gạch ngang, chỉ số trên hoặc dưới, hay kiểu chữ riêng không được giữ; hãy xem lại.")
        return warning("cell_looks", message)
    return None
