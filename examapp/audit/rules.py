"""From rows to the values the verifier checks, and to what people read; every word of the log for people is here."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from examapp.access.permissions import MEANINGS
from examapp.access.roles import ROLE_NAMES
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core.i18n import N_
from examapp.integrity.canonical import jcs, parse_jcs
from examapp.integrity.chain import Broken, Details, Event, StoredEvent
from examapp.integrity.errors import CanonicalError

_REASONS = {
    "head": N_("Nhật ký %(scope)s: phần cuối đã bị cắt; đầu chuỗi ghi sự kiện số %(number)s nhưng không khớp."),
    "unreadable": N_("Nhật ký %(scope)s: sự kiện sau số %(number)s không còn đọc được."),
    "missing_scope": N_("Thiếu cả nhật ký %(scope)s, dù nhật ký hệ thống có ghi việc lập nó."),
    "unlisted_scope": N_("Nhật ký %(scope)s không được ghi trong nhật ký hệ thống."),
}

#: what people call the deeds of the log
ACTIONS: dict[str, str] = {
    "access.denied": N_("Bị từ chối truy cập"),
    "account.created": N_("Lập tài khoản"),
    "account.disabled": N_("Khóa tài khoản"),
    "account.enabled": N_("Mở khóa tài khoản"),
    "account.password_changed": N_("Tự đổi mật khẩu"),
    "account.password_reset": N_("Đặt mật khẩu tạm"),
    "account.sign_in_failed": N_("Đăng nhập sai"),
    "account.signed_in": N_("Đăng nhập"),
    "account.signed_out": N_("Đăng xuất"),
    "bank.import_applied": N_("Đưa câu hỏi vào ngân hàng"),
    "bank.import_previewed": N_("Xem trước tệp câu hỏi"),
    "bank.subject_created": N_("Lập môn"),
    "candidates.imported": N_("Nhập danh sách thí sinh"),
    "codes.key_refused": N_("Nhập sai mã đáp án"),
    "codes.paper_refused": N_("Nhập sai mã mở đề"),
    "delivery.answers_sealed": N_("Niêm phong bài làm"),
    "delivery.attempt_transferred": N_("Chuyển máy"),
    "delivery.attempt_voided": N_("Hủy bài"),
    "delivery.draw_restarted": N_("Rút đề lại"),
    "delivery.keys_opened": N_("Mở đáp án"),
    "delivery.marked": N_("Chấm bài"),
    "delivery.papers_drawn": N_("Rút đề cho từng thí sinh"),
    "details.erased": N_("Xóa chi tiết theo luật"),
    "exams.exam_created": N_("Lập kỳ thi"),
    "exams.test_added": N_("Thêm bài thi"),
    "papers.blueprint_locked": N_("Khóa ma trận đề"),
    "papers.blueprint_set": N_("Lập ma trận đề"),
    "results.list_made": N_("Lập danh sách kết quả"),
    "results.list_refused": N_("Không lập danh sách vì kết quả bị sửa"),
    "role.granted": N_("Giao vai trò"),
    "role.revoked": N_("Thu hồi vai trò"),
    "scope.created": N_("Bắt đầu một nhật ký"),
    "sittings.created": N_("Lập ca thi"),
    "sittings.frozen": N_("Đóng gói ca thi"),
    "sittings.paper_opened": N_("Mở đề"),
    "sittings.public_value_recorded": N_("Ghi số rút công khai"),
    "sittings.rescheduled": N_("Dời giờ ca thi"),
}

#: what people call the things that subjects and scopes name by id; the name is left out where nobody gave one
KINDS: dict[str, str] = {
    "attempt": N_("Bài làm %(name)s"),
    "blueprint": N_("Ma trận đề %(name)s"),
    "exam": N_("Kỳ thi %(name)s"),
    "exam_test": N_("Bài thi %(name)s"),
    "import": N_("Lần nhập câu hỏi %(name)s"),
    "sitting": N_("Ca thi %(name)s"),
    "subject": N_("Môn %(name)s"),
}

_LABELS: dict[str, str] = {
    "address": N_("Địa chỉ máy"),
    "attempts": N_("Số bài làm"),
    "cells": N_("Số ô ma trận"),
    "closed_before": N_("Đã đóng trước đó"),
    "code": N_("Mã"),
    "compartment": N_("Phong bì"),
    "core_digest": N_("Mã gói đề"),
    "count": N_("Số thí sinh"),
    "differs_from_r1": N_("Khác gốc R1"),
    "digest": N_("Mã băm"),
    "file": N_("Tệp"),
    "first": N_("Số báo danh đầu"),
    "freeze_no": N_("Lần đóng gói"),
    "last": N_("Số báo danh cuối"),
    "leaf": N_("Mã bài làm trong gốc R1"),
    "leaf_of_stored_rows": N_("Mã tính từ bài đang lưu"),
    "lease": N_("Lượt mở bài"),
    "leaves": N_("Số bài làm"),
    "locked": N_("Đang khóa đăng nhập"),
    "minutes": N_("Số phút"),
    "mode": N_("Loại"),
    "name": N_("Họ và tên"),
    "number": N_("Số báo danh"),
    "numbers": N_("Số báo danh"),
    "opens_at": N_("Mở đề từ"),
    "papers_root": N_("Gốc các đề đã rút"),
    "pass_share": N_("Mức đạt"),
    "passed": N_("Số người đạt"),
    "permission": N_("Quyền cần có"),
    "problem": N_("Lỗi"),
    "profile": N_("Bộ quy tắc"),
    "profile_digest": N_("Mã băm bộ quy tắc"),
    "public_value": N_("Số rút công khai"),
    "questions": N_("Số câu hỏi"),
    "reason": N_("Lý do"),
    "receipts_differing": N_("Biên nhận không khớp"),
    "refused": N_("Số dòng bị loại"),
    "role": N_("Vai trò"),
    "root": N_("Gốc"),
    "roots_hold": N_("Gốc và gói đề đúng như lúc ký"),
    "rows": N_("Số dòng"),
    "rows_out_of_time": N_("Lượt lưu ngoài giờ đã quyết định"),
    "scope_id": N_("Mã phạm vi"),
    "scope_type": N_("Phạm vi"),
    "seats": N_("Số chỗ"),
    "shares_questions_with": N_("Dùng chung câu hỏi với"),
    "starts_at": N_("Giờ bắt đầu"),
    "superseded": N_("Lần đóng gói bị thay"),
    "times_differing": N_("Giờ làm bài khác quyết định"),
    "voided": N_("Bài bị hủy"),
    "witnesses": N_("Người chứng kiến"),
}

_PROBLEMS = {
    "code_ime": N_("gõ chữ có dấu"),
    "code_length": N_("gõ thiếu hoặc thừa ký tự"),
    "code_of_key": N_("là mã đáp án"),
    "code_of_paper": N_("là mã mở đề"),
    "code_symbol": N_("có ký tự lạ"),
    "code_typo": N_("gõ nhầm ký tự"),
    "code_wrong": N_("là mã của gói đề khác"),
}
#: values that are words of the program, by the detail they stand in
_VALUES: dict[str, dict[str, str]] = {
    "closed_before": {"candidate": N_("thí sinh nộp"), "deadline": N_("máy thu bài")},
    "compartment": {"key": N_("Đáp án"), "paper": N_("Đề thi")},
    "mode": {"programmed": N_("Chính thức"), "rehearsal": N_("Thi thử")},
    "permission": {permission.value: meaning for permission, meaning in MEANINGS.items()},
    "problem": _PROBLEMS,
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "scope_type": {"exam": N_("một kỳ thi"), "site": N_("toàn hệ thống"), "subject": N_("một môn")},
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True)
class Detail:
    """One line of an event's details as people read it."""

    #: gettext message ids, or the plain text where there is no word for it
    label: str
    value: str


@dataclass(frozen=True)
class EventLine:
    """An event as the page shows it."""

    event: AuditEvent
    #: a gettext message id, None for a deed without a word
    action: str | None
    #: what the subject is (a message id with the name) and what people call it; None for one that names itself
    kind: str | None
    name: str | None
    #: None when they were erased
    details: list[Detail] | None


def event_line(
    event: AuditEvent, details: str | None, names: Mapping[str, str], moment: Callable[[datetime], str]
) -> EventLine:
    """Return the event in words; `names` are people's names of things by subject, `moment` writes a time."""
    return EventLine(
        event=event,
        action=ACTIONS.get(event.action),
        kind=kind_of(event.subject),
        name=names.get(event.subject),
        details=None if details is None else shown_details(details, moment),
    )


def kind_of(subject: str) -> str | None:
    """Return what a subject or scope such as `sitting:0190…` is, a message id with `name`; None for any other."""
    kind, _, name = subject.partition(":")
    return KINDS.get(kind) if name else None


def shown_details(text: str, moment: Callable[[datetime], str]) -> list[Detail]:
    """Return the details of an event, canonical JSON, as lines in the order of their keys."""
    details = _parsed(text)
    if not isinstance(details, dict):
        return [Detail("", text)]
    return [Detail(_LABELS.get(key) or str(key), _shown(key, value, moment)) for key, value in details.items()]


def _shown(key: str, value: Any, moment: Callable[[datetime], str]) -> str:
    """Return a value for people; what its detail has words for becomes one."""
    if isinstance(value, bool):
        return N_("có") if value else N_("không")
    if value is None or value in ([], ""):
        return "–"
    if isinstance(value, list):
        return ", ".join(_shown(key, one, moment) for one in value)
    if isinstance(value, dict) and set(value) == {"before", "after"}:
        return f"{_shown(key, value['before'], moment)} → {_shown(key, value['after'], moment)}"
    if isinstance(value, dict) and set(value) == {"number", "count"}:
        return f"{value['number']} ({value['count']})"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return moment(datetime.fromisoformat(value))
    if isinstance(value, str):
        return _VALUES.get(key, {}).get(value, value)
    return jcs(value).decode()


def stored_event(event: AuditEvent, details: AuditDetails | None) -> StoredEvent:
    """Return the values of one row and its details (None when erased)."""
    value = Event(
        scope=event.scope,
        number=event.number,
        at=event.at,
        actor_id=event.actor_id,
        actor_name=event.actor_name,
        action=event.action,
        subject=event.subject,
        details_commit=event.details_commit,
        prev=event.prev,
        incarnation=event.incarnation,
        boot=event.boot,
    )
    kept = None if details is None else Details(details.salt, _parsed(details.details))
    return StoredEvent(value, event.hash, event.mac, kept)


def _parsed(text: str) -> Any:
    """Return the details; for a text that is no canonical JSON, a value that no commitment matches."""
    try:
        return parse_jcs(text.encode())
    except (CanonicalError, UnicodeEncodeError):
        return "unreadable"


def composed(value: Any) -> Any:
    """Return a value with every text in it in composed form (NFC), as the canonical JSON demands.

    People's names come in either form; the chain must not refuse a deed because of it.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: composed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [composed(item) for item in value]
    return value


def broken_head(scope: str, number: int, code: str) -> Broken:
    """Return the finding that a chain does not end, or is not listed, as it should."""
    return Broken(scope=scope, number=number, code=code, why=_REASONS[code])
