"""Forms of result lists, for staff and for the public."""

from datetime import date

from examapp.core.errors import Invalid
from examapp.core.i18n import N_
from examapp.results.documents import Export, ExportKind
from examapp.web.forms import PageForm, StringField, at_most, needed, reason_field, understood


class MakeListForm(PageForm):
    """Confirm that the list is as it shall stay."""

    confirm = understood(N_("Tôi hiểu: danh sách đã lập không sửa và không lập lại được"))


class TakeExportForm(PageForm):
    """Which file of a list, the day that stands on a paper, and the room of the lists to sign, or all rooms."""

    kind = StringField(N_("Loại tệp"))
    day = StringField(N_("Ngày ghi trên văn bản"))
    room = StringField(N_("Phòng thi"))

    def wanted(self, today: date) -> Export:
        """Return what is asked for; raise Invalid for a kind that there is not and a day that is none."""
        try:
            kind = ExportKind(self.kind.data or "")
        except ValueError as error:
            raise Invalid("export_kind", N_("Không có loại tệp này. Mở lại trang rồi chọn.")) from error
        try:
            day = date.fromisoformat(self.day.data) if self.day.data else today
        except ValueError as error:
            raise Invalid(
                "export_day", N_("Ngày ghi trên văn bản không phải một ngày. Mở lại trang rồi chọn.")
            ) from error
        return Export(kind, day, self.room.data or "")


class LookUpForm(PageForm):
    """Number and admission code; the receipt code is there to compare."""

    number = StringField(
        N_("Số báo danh"),
        description=N_("Ghi đủ các chữ số, kể cả số 0 ở đầu."),
        validators=[needed(N_("Nhập số báo danh.")), at_most(20)],
    )
    code = StringField(
        N_("Mã dự thi"),
        description=N_("12 chữ và số in trên phiếu báo dự thi, gõ liền hay có gạch nối đều được."),
        validators=[needed(N_("Nhập mã dự thi trên phiếu.")), at_most(40)],
    )
    receipt = StringField(
        N_("Mã biên nhận (không bắt buộc)"),
        description=N_("20 chữ và số hiện trên máy khi nộp bài; nhập để so với bài đang lưu."),
        validators=[at_most(60)],
    )


class PostForm(PageForm):
    """Confirm that everybody may see the list."""

    confirm = understood(
        N_("Tôi hiểu: mọi người xem được danh sách ghi số báo danh, số câu đúng và kết quả, không ghi họ tên")
    )


class TakeDownForm(PageForm):
    """Why a list is taken down."""

    reason = reason_field(
        N_("Lý do gỡ danh sách"),
        N_("Vào nhật ký. Kết quả không đổi; danh sách công bố lại được."),
        N_("Ghi lý do gỡ danh sách; lý do vào nhật ký."),
    )
