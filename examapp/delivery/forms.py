"""Forms of the sitting's page: why a candidate changes the machine or loses an attempt, and the code of the keys."""

from examapp.core.i18n import N_
from examapp.web.forms import BooleanField, PageForm, StringField, at_most, needed


class TransferForm(PageForm):
    """Why a candidate changes the machine."""

    reason = StringField(
        N_("Lý do chuyển máy"),
        description=N_("Vào nhật ký; giám thị ghi cả vào biên bản phòng thi."),
        validators=[needed(N_("Ghi lý do chuyển máy; lý do vào nhật ký.")), at_most(300)],
    )


class VoidForm(PageForm):
    """Why an attempt is voided, and that it cannot be taken back."""

    reason = StringField(
        N_("Lý do hủy bài"),
        description=N_("Vào nhật ký; Hội đồng ghi cả vào biên bản."),
        validators=[needed(N_("Ghi lý do hủy bài; lý do vào nhật ký.")), at_most(300)],
    )
    confirm = BooleanField(
        N_("Tôi hiểu: bài đã hủy không được chấm và không khôi phục được"),
        validators=[needed(N_("Đánh dấu ô này để xác nhận, rồi bấm lại."))],
    )


class SealForm(PageForm):
    """Confirm that nothing can be answered any more."""

    confirm = BooleanField(
        N_("Tôi hiểu: sau khi niêm phong không bài nào nhận thêm câu trả lời"),
        validators=[needed(N_("Đánh dấu ô này để xác nhận, rồi bấm lại."))],
    )


class KeyCodeForm(PageForm):
    """The code of the answer keys, from its envelope."""

    key_code = StringField(
        N_("Mã đáp án"),
        description=N_("26 chữ và số trong phong bì “Đáp án”."),
        validators=[needed(N_("Nhập mã đáp án."))],
    )
