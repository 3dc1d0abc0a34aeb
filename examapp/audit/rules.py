"""What people read of the log: every word of it for people is here."""

from typing import Any

from examapp.access.permissions import MEANINGS
from examapp.access.roles import ROLE_NAMES
from examapp.core.i18n import N_
from examapp.integrity.canonical import parse_jcs
from examapp.integrity.errors import CanonicalError

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
    "audit.check_asked": N_("Yêu cầu kiểm tra nhật ký"),
    "audit.checked": N_("Kiểm tra nhật ký"),
    "audit.exported": N_("Xuất nhật ký"),
    "bank.import_applied": N_("Đưa câu hỏi vào ngân hàng"),
    "bank.import_compared": N_("So lại tệp câu hỏi với ngân hàng"),
    "bank.import_discarded": N_("Bỏ tệp câu hỏi chưa nhập"),
    "bank.import_previewed": N_("Xem trước tệp câu hỏi"),
    "bank.import_row_mended": N_("Sửa một dòng của tệp câu hỏi"),
    "bank.import_undone": N_("Hoàn tác một lần nhập câu hỏi"),
    "bank.import_uploaded": N_("Tải lên tệp câu hỏi"),
    "bank.list_exported": N_("Xuất danh sách câu hỏi"),
    "bank.question_edited": N_("Sửa câu hỏi"),
    "bank.question_written": N_("Soạn câu hỏi"),
    "bank.questions_copied": N_("Lấy câu hỏi kèm đáp án ra tệp"),
    "bank.questions_moved": N_("Đổi chủ đề câu hỏi"),
    "bank.questions_restored": N_("Dùng lại câu hỏi"),
    "bank.questions_retired": N_("Ngừng dùng câu hỏi"),
    "bank.subject_created": N_("Lập môn"),
    "bank.subject_deleted": N_("Xóa môn"),
    "bank.subject_renamed": N_("Đổi tên môn"),
    "bank.topic_added": N_("Thêm chủ đề"),
    "bank.topic_deleted": N_("Xóa chủ đề"),
    "bank.topic_moved": N_("Xếp lại chủ đề"),
    "bank.topic_renamed": N_("Đổi tên chủ đề"),
    "bank.version_restored": N_("Khôi phục phiên bản cũ của câu hỏi"),
    "candidates.added": N_("Thêm một thí sinh"),
    "candidates.code_reissued": N_("Cấp mã dự thi mới"),
    "candidates.corrected": N_("Sửa dữ liệu thí sinh"),
    "candidates.imported": N_("Nhập danh sách thí sinh"),
    "candidates.restored": N_("Khôi phục thí sinh đã rút tên"),
    "candidates.slips_printed": N_("Lập phiếu báo dự thi"),
    "candidates.withdrawn": N_("Thí sinh rút tên"),
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
    "exams.exam_changed": N_("Sửa kỳ thi"),
    "exams.exam_created": N_("Lập kỳ thi"),
    "exams.exam_deleted": N_("Xóa kỳ thi"),
    "exams.test_changed": N_("Sửa bài thi"),
    "exams.test_removed": N_("Xóa bài thi"),
    "exams.test_added": N_("Thêm bài thi"),
    "papers.blueprint_locked": N_("Khóa ma trận đề"),
    "papers.blueprint_taken": N_("Lấy bản in ma trận đề"),
    "papers.blueprint_set": N_("Lập ma trận đề"),
    "files.deleted": N_("Xóa tệp của mình trước hạn"),
    "jobs.repeated": N_("Làm lại một việc chạy nền"),
    "jobs.stopped": N_("Dừng một việc chạy nền"),
    "results.exported": N_("Lấy tệp kết quả"),
    "results.list_made": N_("Lập danh sách kết quả"),
    "results.list_posted": N_("Công bố danh sách kết quả"),
    "results.list_refused": N_("Không lập danh sách vì kết quả bị sửa"),
    "results.list_taken_down": N_("Gỡ danh sách kết quả khỏi trang công khai"),
    "role.granted": N_("Giao vai trò"),
    "role.revoked": N_("Thu hồi vai trò"),
    "scope.created": N_("Bắt đầu một nhật ký"),
    "sittings.called_off": N_("Hủy ca thi"),
    "sittings.candidate_moved": N_("Chuyển phòng thi của thí sinh"),
    "sittings.candidate_seated": N_("Xếp chỗ cho thí sinh"),
    "sittings.candidate_unseated": N_("Bỏ chỗ của thí sinh"),
    "sittings.created": N_("Lập ca thi"),
    "sittings.deleted": N_("Xóa ca thi chưa đóng gói"),
    "sittings.frozen": N_("Đóng gói ca thi"),
    "sittings.list_printed": N_("Lập danh sách in của ca thi"),
    "sittings.paper_opened": N_("Mở đề"),
    "sittings.public_value_recorded": N_("Ghi số rút công khai"),
    "sittings.rearranged": N_("Xếp lại phòng thi"),
    "sittings.rescheduled": N_("Dời giờ ca thi"),
}

#: deeds as people look for them: a word in the address, what people call it, the first halves of their names
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "accounts": (N_("Tài khoản, đăng nhập, vai trò"), ("account", "role")),
    "refused": (N_("Bị từ chối, nhập sai mã"), ("access", "codes")),
    "bank": (N_("Ngân hàng câu hỏi"), ("bank",)),
    "exams": (N_("Kỳ thi, ma trận đề"), ("exams", "papers")),
    "candidates": (N_("Thí sinh"), ("candidates",)),
    "sittings": (N_("Ca thi, làm bài, chấm bài"), ("delivery", "sittings")),
    "results": (N_("Kết quả"), ("results",)),
    "system": (N_("Nhật ký, tệp, việc chạy nền"), ("audit", "details", "files", "jobs", "scope")),
}

#: what people call the things that subjects and scopes name by id; the name is left out where nobody gave one
KINDS: dict[str, str] = {
    "attempt": N_("Bài làm %(name)s"),
    "candidate": N_("Thí sinh %(name)s"),
    "blueprint": N_("Ma trận đề %(name)s"),
    "exam": N_("Kỳ thi %(name)s"),
    "exam_test": N_("Bài thi %(name)s"),
    "file": N_("Tệp %(name)s"),
    "import": N_("Lần nhập câu hỏi %(name)s"),
    "job": N_("Việc chạy nền %(name)s"),
    "question": N_("Câu hỏi %(name)s"),
    "sitting": N_("Ca thi %(name)s"),
    "subject": N_("Môn %(name)s"),
}

_LABELS: dict[str, str] = {
    "actor": N_("Ai"),
    "broken": N_("Chỗ hỏng"),
    "chains": N_("Số nhật ký"),
    "events": N_("Số sự kiện"),
    "format": N_("Dạng tệp"),
    "group": N_("Nhóm việc"),
    "log": N_("Nhật ký của"),
    "since": N_("Từ ngày"),
    "text": N_("Tìm"),
    "until": N_("Đến ngày"),
    "accepted": N_("Đạt"),
    "address": N_("Địa chỉ máy"),
    "attempts": N_("Số bài làm"),
    "birth_date": N_("Ngày sinh"),
    "cells": N_("Số ô ma trận"),
    "closed_before": N_("Đã đóng trước đó"),
    "code": N_("Mã"),
    "codes": N_("Mã các câu hỏi"),
    "compartment": N_("Phong bì"),
    "core_digest": N_("Mã gói đề"),
    "council": N_("Cơ quan ban hành"),
    "count": N_("Số thí sinh"),
    "differs_from_r1": N_("Khác gốc R1"),
    "digest": N_("Mã băm"),
    "exam": N_("Tên kỳ thi"),
    "draft": N_("Dự thảo"),
    "extra_minutes": N_("Số phút được thêm"),
    "fields": N_("Chỗ sửa"),
    "file": N_("Tệp"),
    "first": N_("Số báo danh đầu"),
    "freeze_no": N_("Lần đóng gói"),
    "issue": N_("Lần cấp mã"),
    "issued_in": N_("Địa danh"),
    "venue": N_("Địa điểm thi"),
    "job": N_("Việc chạy nền mới"),
    "kind": N_("Loại tệp"),
    "last": N_("Số báo danh cuối"),
    "leaf": N_("Mã bài làm trong gốc R1"),
    "leaf_of_stored_rows": N_("Mã tính từ bài đang lưu"),
    "lease": N_("Lượt mở bài"),
    "leaves": N_("Số bài làm"),
    "list": N_("Danh sách in"),
    "locked": N_("Đang khóa đăng nhập"),
    "minutes": N_("Số phút"),
    "mode": N_("Loại"),
    "name": N_("Họ và tên"),
    "number": N_("Số báo danh"),
    "numbers": N_("Số báo danh"),
    "opens_at": N_("Mở đề từ"),
    "order": N_("Thứ tự"),
    "papers_root": N_("Gốc các đề đã rút"),
    "pass_share": N_("Mức đạt"),
    "passed": N_("Số người đạt"),
    "permission": N_("Quyền cần có"),
    "place": N_("Phòng/chỗ"),
    "places": N_("Số chỗ của các phòng"),
    "problem": N_("Lỗi"),
    "profile": N_("Bộ quy tắc"),
    "profile_digest": N_("Mã băm bộ quy tắc"),
    "public_value": N_("Số rút công khai"),
    "questions": N_("Số câu hỏi"),
    "reason": N_("Lý do"),
    "receipts_differing": N_("Biên nhận không khớp"),
    "refused": N_("Số dòng bị loại"),
    "replaced": N_("Số thí sinh của danh sách bị thay"),
    "restored": N_("Phiên bản được khôi phục"),
    "role": N_("Vai trò"),
    "room": N_("Phòng"),
    "rooms": N_("Số phòng"),
    "root": N_("Gốc"),
    "roots_hold": N_("Gốc và gói đề đúng như lúc ký"),
    "row": N_("Dòng"),
    "rows": N_("Số dòng"),
    "rows_out_of_time": N_("Lượt lưu ngoài giờ đã quyết định"),
    "scope_id": N_("Mã phạm vi"),
    "scope_type": N_("Phạm vi"),
    "sessions": N_("Số phiên"),
    "subject": N_("Môn"),
    "superior": N_("Cơ quan chủ quản"),
    "test": N_("Tên bài thi"),
    "seats": N_("Số chỗ"),
    "shares_questions_with": N_("Dùng chung câu hỏi với"),
    "starts_at": N_("Giờ bắt đầu"),
    "status": N_("Tình trạng"),
    "superseded": N_("Lần đóng gói bị thay"),
    "thing": N_("Đối tượng"),
    "times_differing": N_("Giờ làm bài khác quyết định"),
    "topic": N_("Chủ đề"),
    "version": N_("Phiên bản"),
    "voided": N_("Bài bị hủy"),
    "warnings": N_("Đọc khác cách ghi"),
    "witnesses": N_("Người chứng kiến"),
    "work": N_("Việc"),
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
_QUESTION_FIELDS = {
    "code": N_("mã câu hỏi"),
    "key": N_("đáp án"),
    "level": N_("mức độ"),
    "options": N_("phương án"),
    "source": N_("căn cứ"),
    "stem": N_("câu dẫn"),
    "stimulus": N_("ngữ liệu"),
    "topic": N_("chủ đề"),
}
#: values that are words of the program, by the detail they stand in
_VALUES: dict[str, dict[str, str]] = {
    "closed_before": {"candidate": N_("thí sinh nộp"), "deadline": N_("máy thu bài")},
    "compartment": {"key": N_("Đáp án"), "paper": N_("Đề thi")},
    "fields": _QUESTION_FIELDS,
    "format": {"native": N_("Dạng riêng của hệ thống"), "word": "Word", "xlsx": "Excel", "qti": "QTI"},
    "kind": {"notice": N_("Thông báo (PDF)"), "rooms": N_("Danh sách ký (PDF)")},
    "list": {"call": N_("theo phòng"), "doors": N_("dán cửa phòng"), "posted": N_("niêm yết")},
    "mode": {"programmed": N_("Chính thức"), "rehearsal": N_("Thi thử")},
    "permission": {permission.value: meaning for permission, meaning in MEANINGS.items()},
    "problem": _PROBLEMS,
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "scope_type": {"exam": N_("một kỳ thi"), "site": N_("toàn hệ thống"), "subject": N_("một môn")},
    "status": {"approved": N_("Đã duyệt"), "draft": N_("Nháp"), "retired": N_("Ngừng dùng")},
}


def actions_of(group: str) -> frozenset[str] | None:
    """Return the deeds of a group, None for a group that is none."""
    if group not in GROUPS:
        return None
    prefixes = GROUPS[group][1]
    return frozenset(action for action in ACTIONS if action.partition(".")[0] in prefixes)


def kind_of(subject: str) -> str | None:
    """Return what a subject or scope such as `sitting:0190…` is, a message id with `name`; None for any other."""
    kind, _, name = subject.partition(":")
    return KINDS.get(kind) if name else None


def label_of(key: str) -> str:
    """Return what people call a detail, a message id; the key itself where there is no word for it."""
    return _LABELS.get(key) or str(key)


def word_of(key: str, value: str) -> str:
    """Return what people call a value that is a word of the program, by the detail it stands in."""
    return _VALUES.get(key, {}).get(value, value)


def parsed_details(text: str) -> Any:
    """Return the details of an event; for a text that is no canonical JSON, a value that no commitment matches."""
    try:
        return parse_jcs(text.encode())
    except (CanonicalError, UnicodeEncodeError):
        return "unreadable"
