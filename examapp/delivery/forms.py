"""Forms of the sitting's page: why a candidate changes the machine or loses an attempt, and the code of the keys."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from examapp.core.i18n import N_
from examapp.delivery.rules import Whereabouts
from examapp.web.forms import PageForm, StringField, needed, reason_field, understood


class TransferForm(PageForm):
    """Why a candidate changes the machine."""

    reason = reason_field(
        N_("Lý do chuyển máy"),
        N_("Vào nhật ký; giám thị ghi cả vào biên bản phòng thi."),
        N_("Ghi lý do chuyển máy; lý do vào nhật ký."),
    )


class VoidForm(PageForm):
    """Why an attempt is voided, and that it cannot be taken back."""

    reason = reason_field(
        N_("Lý do hủy bài"),
        N_("Vào nhật ký; Hội đồng ghi cả vào biên bản."),
        N_("Ghi lý do hủy bài; lý do vào nhật ký."),
    )
    confirm = understood(N_("Tôi hiểu: bài đã hủy không được chấm và không khôi phục được"))


@dataclass(frozen=True)
class LiveSearch:
    """Which part of the live list an address asks for."""

    room: str = ""
    place: Whereabouts | None = None
    page: int = 1

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> "LiveSearch":
        """Return the search of an address; what makes no sense there is what is usual."""
        place = arguments.get("tinh_trang", "")
        return cls(
            arguments.get("phong", "").replace("\0", ""),
            Whereabouts(place) if place in set(Whereabouts) else None,
            arguments.get("page", 1, type=int),
        )

    def arguments(self) -> dict[str, str]:
        """Return what the address says of it, the page left out."""
        asked = {"phong": self.room, "tinh_trang": self.place.value if self.place else ""}
        return {name: value for name, value in asked.items() if value}


class SealForm(PageForm):
    """Confirm that nothing can be answered any more."""

    confirm = understood(N_("Tôi hiểu: sau khi niêm phong không bài nào nhận thêm câu trả lời"))


class KeyCodeForm(PageForm):
    """The code of the answer keys, from its envelope."""

    key_code = StringField(
        N_("Mã đáp án"),
        description=N_("27 chữ và số trong phong bì “Đáp án”."),
        validators=[needed(N_("Nhập mã đáp án."))],
    )
    confirm_keys = understood(
        N_("Tôi hiểu: mở đáp án rồi thì bài được chấm ngay, không hủy bài và không chấm lại bằng đáp án khác được")
    )
