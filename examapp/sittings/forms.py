"""Forms of a sitting: its moments, freezing, the public value, and the codes from their envelopes."""

import re
from uuid import UUID

from wtforms import Field, Form, ValidationError

from examapp.core.i18n import N_
from examapp.web.forms import (
    DateTimeLocalField,
    HiddenField,
    PageForm,
    StringField,
    at_most,
    needed,
    reason_field,
    same_as,
    understood,
)


def _in_our_time(form: Form, field: Field) -> None:
    """Refuse a year of two or five digits: it is a slip, and no calendar reckons with it."""
    if field.data is None or not 2020 <= field.data.year <= 2100:
        raise ValidationError(N_("Ngày nằm ngoài khoảng cho phép."))


def moment_field(label: str) -> DateTimeLocalField:
    """Return a field for a moment by the city's clock."""
    checks = [needed(N_("Ghi đủ ngày và giờ.")), _in_our_time]
    return DateTimeLocalField(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=checks)


class RescheduleForm(PageForm):
    """New moments of a sitting in the city's time, and why."""

    opens_at = moment_field(N_("Mở đề từ"))
    starts_at = moment_field(N_("Giờ bắt đầu làm bài"))
    reason = reason_field(
        N_("Lý do dời giờ"),
        N_("Vào nhật ký; Hội đồng ghi cả vào biên bản."),
        N_("Ghi lý do dời giờ; lý do vào nhật ký."),
    )


#: what the first freeze confirms; every other one ends the codes of the one before
FIRST_FREEZE = N_("Tôi hiểu: gói đề giữ đúng câu hỏi, danh sách thí sinh và giờ thi như hiện nay")


class FreezeForm(PageForm):
    """Confirm that an earlier package is superseded, and which one was seen."""

    replaces = HiddenField()

    confirm = understood(N_("Tôi hiểu: hai mã của lần đóng gói trước sẽ không còn dùng được"))
    shared_pool_reason = StringField(
        N_("Lý do dùng chung câu hỏi với ca khác"),
        description=N_("Chỉ ghi khi máy chủ báo dùng chung câu hỏi; lý do vào nhật ký."),
        validators=[at_most(300)],
    )

    @property
    def seen(self) -> UUID | None:
        """Return the package that was in force when the page was drawn, None when there was none."""
        try:
            return UUID(self.replaces.data or "")
        except ValueError:
            return None


_NO_WITNESSES = N_("Ghi tên hai thí sinh chứng kiến.")


def _eight_digits(form: Form, field: Field) -> None:
    """Refuse what is no public value, at its field, beside whatever else is wrong with the form."""
    if not re.fullmatch(r"[0-9]{8}", field.data or "", re.ASCII):
        sentence = N_("Số rút công khai gồm đúng 8 chữ số, không có dấu cách. Kiểm tra lại phiếu rút.")
        raise ValidationError(sentence)


def _not_blank(form: Form, field: Field) -> None:
    if not (field.data or "").strip():
        raise ValidationError(_NO_WITNESSES)


class PublicValueForm(PageForm):
    """The eight digits drawn by lot, typed twice."""

    public_value = StringField(
        N_("Số rút công khai"),
        description=N_("Đúng 8 chữ số trên phiếu rút."),
        validators=[needed(N_("Nhập số rút công khai.")), _eight_digits],
    )
    repeated = StringField(
        N_("Nhập lại số rút công khai"),
        validators=[
            needed(N_("Nhập lại số rút công khai.")),
            same_as("public_value", N_("Hai lần nhập số rút công khai khác nhau. Nhập lại cả hai theo phiếu rút.")),
        ],
    )
    witness_names = StringField(
        N_("Hai thí sinh chứng kiến"),
        validators=[needed(_NO_WITNESSES), _not_blank, at_most(200)],
    )
    confirm_value = understood(
        N_("Tôi hiểu: số rút không sửa được; từ lúc ghi, ca thi không đóng gói lại và không dời giờ được nữa")
    )


class OpenForm(PageForm):
    """The code of the paper; a rehearsal also takes the code of the keys."""

    paper_code = StringField(
        N_("Mã mở đề"),
        description=N_("27 chữ và số trong phong bì “Đề thi”."),
        validators=[needed(N_("Nhập mã mở đề."))],
    )
    key_code = StringField(
        N_("Mã đáp án (chỉ ca thi thử)"), description=N_("Thi thử hiện kết quả ngay khi nộp nên cần đáp án từ đầu.")
    )
    confirm_open = understood(
        N_("Tôi hiểu: đề đã mở không niêm phong lại; ca thi không đóng gói lại, không dời giờ và không hủy được nữa")
    )
