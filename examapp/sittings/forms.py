"""Forms of a sitting: the public value, and the codes from their envelopes."""

from examapp.core.i18n import N_
from examapp.web.forms import BooleanField, PageForm, StringField, at_most, needed


class FreezeForm(PageForm):
    """Confirm that an earlier package is superseded."""

    confirm = BooleanField(
        N_("Tôi hiểu: mã của lần đóng gói trước (nếu có) sẽ không còn dùng được"),
        validators=[needed(N_("Đánh dấu ô này để xác nhận, rồi bấm lại."))],
    )
    shared_pool_reason = StringField(
        N_("Lý do dùng chung câu hỏi với ca khác"),
        description=N_("Chỉ ghi khi máy chủ báo dùng chung câu hỏi; lý do vào nhật ký."),
        validators=[at_most(300)],
    )


class PublicValueForm(PageForm):
    """The eight digits drawn by lot, typed twice."""

    public_value = StringField(
        N_("Số rút công khai"),
        description=N_("Đúng 8 chữ số trên phiếu rút."),
        validators=[needed(N_("Nhập số rút công khai."))],
    )
    repeated = StringField(N_("Nhập lại số rút công khai"), validators=[needed(N_("Nhập lại số rút công khai."))])
    witness_names = StringField(
        N_("Hai thí sinh chứng kiến"),
        validators=[needed(N_("Ghi tên hai thí sinh chứng kiến.")), at_most(200)],
    )


class OpenForm(PageForm):
    """The code of the paper; a rehearsal also takes the code of the keys."""

    paper_code = StringField(
        N_("Mã mở đề"),
        description=N_("26 chữ và số trong phong bì “Đề thi”."),
        validators=[needed(N_("Nhập mã mở đề."))],
    )
    key_code = StringField(
        N_("Mã đáp án (chỉ ca thi thử)"), description=N_("Thi thử hiện kết quả ngay khi nộp nên cần đáp án từ đầu.")
    )
