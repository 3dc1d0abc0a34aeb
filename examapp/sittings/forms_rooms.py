"""Forms of rooms and seats: a sitting with its rooms as rows, whom they are for, and changes of one seat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from examapp.core.i18n import N_
from examapp.sittings.documents import ListKind
from examapp.sittings.forms import moment_field
from examapp.sittings.models import Room, SittingMode
from examapp.sittings.queries import RoomRow, Who
from examapp.sittings.rules import LONGEST_CODE, LONGEST_NAME, MOST_ROOMS, RoomPlan, room_problems
from examapp.web.forms import (
    HiddenField,
    PageForm,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    at_most,
    needed,
    reason_field,
    understood,
)
from question_bank.questions.text import comparable

ALL, RANGE = "all", "range"


@dataclass
class RoomRows:
    """The rooms as somebody typed them: nothing typed is lost, whatever is wrong with it."""

    rows: list[tuple[str, str, str]]
    #: a sentence by (row, field)
    problems: dict[tuple[int, str], str] = field(default_factory=dict)
    #: what is wrong with all of them together
    error: str = ""

    @classmethod
    def typed(cls, form: MultiDict[str, str]) -> "RoomRows":
        """Return the rows of a form that was sent; three lists of one length, unless somebody made the form up."""
        lists = [form.getlist(name)[:MOST_ROOMS] for name in ("room_code", "room_name", "room_places")]
        length = max(map(len, lists))
        filled = [[text.replace("\0", "") for text in texts] + [""] * (length - len(texts)) for texts in lists]
        return cls(list(zip(*filled, strict=True)))

    @classmethod
    def of(cls, rooms: Iterable[Room]) -> "RoomRows":
        """Return the rows of rooms that there are; one empty row for none."""
        return cls([(room.code, room.name, str(room.places)) for room in rooms] or [("", "", "")])

    def edited(self, deed: str) -> bool:
        """Add or take away a row as the pressed button says; return False when it says something else."""
        what, _, row = deed.partition("-")
        if deed == "add":
            self.rows.append(_next_room(self.rows))
        elif what == "remove" and row in {str(place) for place in range(len(self.rows))}:
            del self.rows[int(row)]
        else:
            return False
        return True

    def plans(self) -> list[RoomPlan] | None:
        """Return the rooms, rows left wholly empty aside; None when something is wrong, which `problems` then says."""
        self.rows = [row for row in self.rows if any(text.strip() for text in row)] or [("", "", "")]
        read = [(comparable(code), comparable(name), _count(places)) for code, name, places in self.rows]
        self.problems = {(one.row, one.field): one.message for one in room_problems(read)}
        return None if self.problems else [RoomPlan(code, name, places or 0) for code, name, places in read]


def _count(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 6 else None


def _next_room(rows: Sequence[tuple[str, str, str]]) -> tuple[str, str, str]:
    """Return a row that goes on from the last one: code and name count up, the places are the same."""
    code, name, places = rows[-1] if rows else ("", "", "")
    return _one_more(code), _one_more(name), places


def _one_more(text: str) -> str:
    stem = text.rstrip("0123456789")
    digits = text[len(stem) :]
    # a number longer than any name is nobody's numbering, and may be too long to be read as one
    return f"{stem}{int(digits) + 1:0{len(digits)}d}" if 0 < len(digits) <= LONGEST_NAME else ""


class WhoForm(PageForm):
    """Whom the rooms are for, and which dealing was seen before it is made."""

    who = RadioField(N_("Thí sinh vào ca này"), validators=[needed(N_("Chọn thí sinh vào ca này."))], default=ALL)
    first = StringField(N_("Từ số báo danh"), validators=[at_most(8)])
    last = StringField(N_("Đến số báo danh"), validators=[at_most(8)])
    seen = HiddenField()

    def offer(self, everybody: str) -> None:
        """Say in words who everybody is."""
        self.who.choices = [SelectChoice(ALL, everybody), SelectChoice(RANGE, N_("Theo khoảng số báo danh"))]

    def asked(self, width: int) -> Who | None:
        """Return whom the form asks for, numbers of the exam's width; None when it is wrong, which is then said."""
        if self.who.data != RANGE:
            return Who()
        bounds = [comparable(one.data or "") for one in (self.first, self.last)]
        for name, text in zip(("first", "last"), bounds, strict=True):
            if text and not (text.isascii() and text.isdecimal() and len(text) <= width):
                self.fail(name, N_("Số báo danh chỉ gồm chữ số, không dài hơn số báo danh của kỳ thi."))
        if not any(bounds):
            self.fail("first", N_("Ghi số báo danh đầu, số cuối hoặc cả hai."))
        first, last = (text.zfill(width) if text else "" for text in bounds)
        if first and last and first > last:
            self.fail("last", N_("Số cuối phải lớn hơn hoặc bằng số đầu."))
        return None if self.first.errors or self.last.errors else Who(first, last)


class SittingForm(WhoForm):
    """A new sitting; its rooms are rows beside it (`RoomRows`)."""

    exam_test = SelectField(N_("Bài thi"))
    code = StringField(
        N_("Mã ca thi"),
        description=N_("Ngắn, không trùng trong bài thi, ví dụ CA1."),
        validators=[needed(N_("Ghi mã ca thi.")), at_most(LONGEST_CODE)],
    )
    mode = RadioField(
        N_("Loại ca thi"),
        choices=[
            SelectChoice(SittingMode.PROGRAMMED.value, N_("Chính thức: mọi người bắt đầu cùng giờ, kết quả được tính")),
            SelectChoice(
                SittingMode.REHEARSAL.value, N_("Thi thử: bắt đầu khi đăng nhập, kết quả không vào danh sách nào")
            ),
        ],
        default=SittingMode.PROGRAMMED.value,
        validators=[needed(N_("Chọn loại ca thi."))],
    )
    opens_at = moment_field(N_("Mở đề từ"))
    starts_at = moment_field(N_("Giờ bắt đầu làm bài"))


class SeatForm(PageForm):
    """A candidate without a seat, and the room with a place for them."""

    number = StringField(N_("Số báo danh"), validators=[needed(N_("Ghi số báo danh.")), at_most(8)])
    room = SelectField(N_("Phòng còn chỗ"))


class MoveForm(PageForm):
    """The room somebody is moved to."""

    room = SelectField(N_("Chuyển sang phòng"))


class UnseatForm(PageForm):
    """Confirm that somebody loses the seat."""

    confirm = understood(N_("Tôi hiểu: thí sinh không còn chỗ trong ca này và không thi được nếu không xếp lại"))


class DeleteForm(PageForm):
    """Confirm that a draft is deleted."""

    confirm = understood(N_("Tôi hiểu: ca thi, các phòng và chỗ ngồi bị xóa, không khôi phục được"))


class CallOffForm(PageForm):
    """Why a sitting is not held."""

    reason = reason_field(
        N_("Lý do hủy ca thi"),
        N_("Vào nhật ký; Hội đồng ghi cả vào biên bản."),
        N_("Ghi lý do hủy ca thi; lý do vào nhật ký."),
    )
    confirm = understood(N_("Tôi hiểu: ca thi đã hủy không mở lại được; thí sinh phải được xếp vào ca khác"))


class ListForm(PageForm):
    """Which list is to be printed."""

    kind = SelectField(N_("Danh sách"))
    of_room = SelectField(N_("Phòng"))

    def offer(self, rows: Iterable[RoomRow], is_frozen: bool) -> None:
        """Name the lists there are; the posted one needs a package."""
        self.kind.choices = [
            SelectChoice(ListKind.CALL.value, N_("Danh sách thí sinh theo phòng, để ký tên")),
            SelectChoice(ListKind.DOORS.value, N_("Giấy dán cửa phòng")),
        ]
        if is_frozen:
            posted = N_("Danh sách niêm yết, có mã gói đề (cả ca thi)")
            self.kind.choices.append(SelectChoice(ListKind.POSTED.value, posted))
        self.of_room.choices = [
            SelectChoice("", N_("Mọi phòng")),
            *(SelectChoice(row.room.code, row.room.code) for row in rows),
        ]
