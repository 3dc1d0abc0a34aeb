"""Forms of candidates: the list to bring in and how it is numbered, one candidate, the slips to print."""

from examapp.candidates.models import Candidate
from examapp.candidates.rules import MOST_EXTRA_MINUTES, Numbering, Order
from examapp.candidates.services.editing import Personal
from examapp.core.i18n import N_
from examapp.web.forms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    Optional,
    PageForm,
    RadioField,
    SelectChoice,
    StringField,
    at_most,
    between,
    needed,
    reason_field,
)


class UploadForm(PageForm):
    """The workbook with the list."""

    file = FileField(
        N_("Tệp danh sách (Excel .xlsx)"),
        description=N_("Tối đa 20 MB. Máy chủ chỉ đọc trang tính đầu tiên đang hiện."),
    )


class NumberingForm(PageForm):
    """How numbers are given to a list without any, as the address of a preview says it."""

    start = IntegerField(N_("Bắt đầu từ số"), default=1, validators=[between(0, 99_999_999)])
    order = RadioField(
        N_("Xếp theo"),
        default=Order.NAME.value,
        choices=[
            SelectChoice(Order.NAME.value, N_("Tên (A, Ă, Â, B…)")),
            SelectChoice(Order.FILE.value, N_("Thứ tự dòng trong tệp")),
        ],
    )

    def numbering(self) -> Numbering:
        """Return what is asked for; where it makes no sense, what is usual."""
        usual = Numbering()
        first = self.start.data if isinstance(self.start.data, int) else usual.first
        known = {order.value for order in Order}
        return Numbering(first, Order(self.order.data) if self.order.data in known else usual.order)


class ImportForm(NumberingForm):
    """Confirm the list that was previewed: which one, how numbered, in the place of which other."""

    file = HiddenField()
    digest = HiddenField()
    replaces = HiddenField()
    confirm = BooleanField(
        N_("Tôi hiểu: danh sách cũ bị thay, phiếu báo dự thi đã in của danh sách cũ không còn dùng được")
    )

    def show(self, asked: NumberingForm) -> None:
        """Show the numbering as it was typed, with what is wrong about it."""
        for name in ("start", "order"):
            field, typed = self[name], asked[name]
            field.data, field.raw_data, field.errors = typed.data, typed.raw_data, typed.errors


class CandidateForm(PageForm):
    """What is known of one candidate."""

    full_name = StringField(N_("Họ và tên"), validators=[needed(N_("Ghi họ và tên của thí sinh.")), at_most(200)])
    birth_date = StringField(
        N_("Ngày sinh"),
        description=N_("Ngày/tháng/năm, ví dụ 09/03/1998; để trống nếu chưa biết."),
        validators=[at_most(40)],
    )
    extra_minutes = IntegerField(
        N_("Số phút được thêm"),
        description=N_("Cho thí sinh được Hội đồng cho thêm giờ, ví dụ người khuyết tật. Bình thường ghi 0."),
        default=0,
        validators=[Optional(), between(0, MOST_EXTRA_MINUTES)],
    )

    def personal(self) -> Personal:
        """Return what was typed."""
        return Personal(self.full_name.data or "", self.birth_date.data or "", self.extra_minutes.data or 0)


class AppendForm(CandidateForm):
    """One more candidate, and after which number the person saw that they would come."""

    after = HiddenField()


class CorrectForm(CandidateForm):
    """A correction, with what the person saw before."""

    seen = HiddenField()
    reason = StringField(
        N_("Lý do sửa"),
        description=N_("Vào nhật ký. Bắt buộc khi đổi số phút được thêm."),
        validators=[at_most(300)],
    )

    def show(self, candidate: Candidate) -> None:
        """Fill in the candidate as stored."""
        self.seen.data = candidate.stamp
        self.full_name.data = candidate.full_name
        self.birth_date.data = f"{candidate.birth_date:%d/%m/%Y}" if candidate.birth_date else ""
        self.extra_minutes.data = candidate.extra_minutes


class WithdrawForm(PageForm):
    """Why a candidate withdraws; the page has another field for a reason beside it."""

    why = reason_field(
        N_("Lý do rút tên"),
        N_("Ví dụ: đơn xin rút ngày 12/11/2026. Vào nhật ký."),
        N_("Ghi lý do rút tên; lý do vào nhật ký."),
    )


class ReissueForm(PageForm):
    """Why a code is issued anew, and which issue the person saw."""

    seen_issue = HiddenField()
    reason = reason_field(
        N_("Lý do cấp lại mã"),
        N_("Ví dụ: thí sinh báo mất phiếu. Vào nhật ký."),
        N_("Ghi lý do cấp lại mã; lý do vào nhật ký."),
    )

    @property
    def issue(self) -> int:
        """Return the issue that was in force when the page was drawn, 0 for none that could be."""
        text = self.seen_issue.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class SlipsForm(PageForm):
    """Which slips to print; empty fields are no bound."""

    first = StringField(N_("Từ số báo danh"), description=N_("Để trống: từ số đầu tiên."), validators=[at_most(20)])
    last = StringField(N_("Đến số báo danh"), description=N_("Để trống: đến số cuối cùng."), validators=[at_most(20)])
