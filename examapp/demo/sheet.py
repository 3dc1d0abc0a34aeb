"""The sheet that `examapp demo` prints: what to open, and with which names, codes and passwords."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from examapp.core.clock import LOCAL_ZONE
from examapp.demo.exams import CHAIRS_OWN, FINISHED, PROGRAMMED, REHEARSAL
from examapp.demo.people import STAFF, demo_password
from examapp.demo.sittings import PUBLIC_VALUE, Codes
from examapp.integrity.keys import NodeKeys

#: begins the line of a sitting's codes, by which a later run finds it again
_CODES = "Mã của ca thi"
_EARLIER = "CÁC LẦN CHẠY TRƯỚC"
_RULE = "-" * 100

_Slip = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Slips:
    """Number to (name, admission code) of each exam that can be sat, and of the one that is over."""

    rehearsal: _Slip
    programmed: _Slip
    chairs_own: _Slip
    finished: _Slip


@dataclass(frozen=True)
class Sheet:
    """Where the server is, and what its people sign in with."""

    address: str
    keys: NodeKeys
    slips: Slips


def write_sheet(
    sheet: Sheet, programmed: Codes, starts_at: datetime, *, opened: bool, chair_starts_at: datetime
) -> str:
    """Return the whole sheet in Vietnamese."""
    at = _clock_text(starts_at)
    lines = [
        _RULE,
        "DỮ LIỆU VÍ DỤ – KHÔNG DÙNG TRONG KỲ THI THẬT. Người, câu hỏi, kỳ thi đều tự đặt ra;",
        "mật khẩu và mã dưới đây in ra cho mọi người cùng đọc.",
        _RULE,
        f"THÍ SINH:  {sheet.address}thi/dang-nhap",
        f"  1. Thi thử ({REHEARSAL.code}): làm được ngay, làm lại được nhiều lần, nộp bài là có kết quả.",
        _programmed_line(at, opened=opened),
        f"  3. Ca Chủ tịch tự mở ({CHAIRS_OWN.code}): vào được sau khi Chủ tịch đóng gói và mở đề.",
        "  Mỗi máy (mỗi trình duyệt) một thí sinh; muốn thử hai thí sinh thì mở thêm cửa sổ ẩn danh.",
        "",
        f"  {'SBD':<6}{'Họ và tên':<22}{'Mã thi thử':<18}{'Mã ca theo giờ':<18}Mã ca Chủ tịch tự mở",
        *_slip_lines(sheet.slips),
        "",
        f"CÁN BỘ:  {sheet.address}",
        *(
            f"  {member.username:<10}{demo_password(sheet.keys, member.username):<22}{member.name}: {member.does}"
            for member in STAFF
        ),
        "",
        "CA THI",
        f"  {REHEARSAL.code}: thi thử, đang mở.",
        f"  {PROGRAMMED.code} {programmed.sitting_code}: bắt đầu lúc {at}. Khi mọi bài đã nộp hoặc hết giờ,",
        "    máy chủ tự niêm phong; Chủ tịch nhập mã đáp án dưới đây để chấm, rồi lập danh sách kết quả.",
        f"  {FINISHED.code}: đã thi hôm qua, đã niêm phong, chấm, lập và công bố danh sách: xem ở trang Ca thi,",
        f"    hoặc ở /tra-cuu/ mà không cần đăng nhập. Tra cứu thử: {_looked_up(sheet.slips)}.",
        f"  {CHAIRS_OWN.code}: chưa đóng gói, bắt đầu lúc {_clock_text(chair_starts_at)}. Chủ tịch tự đóng gói,",
        f"    ghi số rút công khai (8 chữ số bất kỳ, ví dụ {PUBLIC_VALUE}), mở đề, rồi niêm phong và mở đáp án.",
        "    Mọi ca ví dụ dùng một ngân hàng nên máy chủ đòi lý do dùng chung câu hỏi: ghi gì cũng được.",
        "",
        _codes_line(programmed, at),
        "",
    ]
    return "\n".join(lines)


def older_codes(text: str) -> str:
    """Return the part of a new file that keeps the codes written in the old one; empty when it has none."""
    lines = [line for line in text.splitlines() if line.startswith(_CODES)]
    return "\n".join(["", _EARLIER, *lines, ""]) if lines else ""


def _programmed_line(at: str, *, opened: bool) -> str:
    if opened:
        return f"  2. Ca thi theo giờ ({PROGRAMMED.code}): đăng nhập ngay và chờ; đề tự mở lúc {at}."
    return (
        f"  2. Ca thi theo giờ ({PROGRAMMED.code}): CHƯA mở được, vì máy chủ không chạy HTTPS mà cũng không chỉ "
        "phục vụ máy này. Chạy “examapp certificate”, hoặc bỏ biến HOST, rồi chạy lại."
    )


def _looked_up(slips: Slips) -> str:
    number, (_name, code) = next(iter(slips.finished.items()))
    return f"số báo danh {number}, mã dự thi {code}"


def _slip_lines(slips: Slips) -> list[str]:
    return [
        f"  {number:<6}{name:<22}{code:<18}{slips.programmed[number][1]:<18}{slips.chairs_own[number][1]}"
        for number, (name, code) in slips.rehearsal.items()
    ]


def _codes_line(codes: Codes, at: str) -> str:
    return f"{_CODES} {PROGRAMMED.code} {codes.sitting_code} ({at}):  mở đề {codes.paper_code}  đáp án {codes.key_code}"


def _clock_text(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%H:%M:%S ngày %d/%m/%Y")
