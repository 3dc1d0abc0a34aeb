"""Every ability of the site, one member each, with a line on what it allows.

Grammar of the values: `scope:resource:action`. The scope says what is asked about: `account` (whoever is signed in,
about themselves), `site`, `exam` or `subject`. A typo in a permission is an AttributeError, not a hole.
"""

from enum import StrEnum

from examapp.core.i18n import N_


class Permission(StrEnum):
    """An ability; the table of who has it is in policy.py."""

    ACCOUNT_FILES_TAKE = "account:files:take"
    ACCOUNT_HOME_OPEN = "account:home:open"
    ACCOUNT_JOBS_SEE = "account:jobs:see"
    ACCOUNT_PASSWORD_CHANGE = "account:password:change"  # noqa: S105 - a permission, not a password

    EXAM_ATTEMPT_VOID = "exam:attempt:void"
    EXAM_AUDIT_READ = "exam:audit:read"
    EXAM_BLUEPRINT_LOCK = "exam:blueprint:lock"
    EXAM_CANDIDATES_MANAGE = "exam:candidates:manage"
    EXAM_EXAM_MANAGE = "exam:exam:manage"
    EXAM_EXAM_SEE = "exam:exam:see"
    EXAM_KEYS_OPEN = "exam:keys:open"
    EXAM_MACHINE_TRANSFER = "exam:machine:transfer"
    EXAM_RESULTS_PUBLISH = "exam:results:publish"
    EXAM_RESULTS_SEE = "exam:results:see"
    EXAM_SITTING_FREEZE = "exam:sitting:freeze"
    EXAM_SITTING_OPEN = "exam:sitting:open"
    EXAM_SITTING_SEAL = "exam:sitting:seal"
    EXAM_SITTING_WATCH = "exam:sitting:watch"
    EXAM_SLIPS_PRINT = "exam:slips:print"

    SITE_ACCOUNTS_MANAGE = "site:accounts:manage"
    SITE_AUDIT_READ = "site:audit:read"
    SITE_EXAMS_CREATE = "site:exams:create"
    SITE_JOBS_MANAGE = "site:jobs:manage"
    SITE_SUBJECTS_CREATE = "site:subjects:create"

    SUBJECT_BANK_SEE = "subject:bank:see"
    SUBJECT_KEYS_TAKE = "subject:keys:take"
    SUBJECT_QUESTIONS_IMPORT = "subject:questions:import"
    SUBJECT_QUESTIONS_WRITE = "subject:questions:write"
    SUBJECT_TOPICS_MANAGE = "subject:topics:manage"

    @property
    def scope_type(self) -> str:
        """Return what the permission is asked about: account, site, exam or subject."""
        return self.value.partition(":")[0]


MEANINGS: dict[Permission, str] = {
    Permission.ACCOUNT_FILES_TAKE: N_("Tải tệp do chính mình yêu cầu."),
    Permission.ACCOUNT_HOME_OPEN: N_("Mở trang đầu."),
    Permission.ACCOUNT_JOBS_SEE: N_("Xem, dừng và chạy lại việc chạy nền của chính mình."),
    Permission.ACCOUNT_PASSWORD_CHANGE: N_("Đổi mật khẩu của chính mình."),
    Permission.EXAM_ATTEMPT_VOID: N_("Hủy bài làm của thí sinh trước khi chấm."),
    Permission.EXAM_AUDIT_READ: N_("Đọc nhật ký của kỳ thi và các ca thi của nó."),
    Permission.EXAM_BLUEPRINT_LOCK: N_("Lập và khóa ma trận đề của kỳ thi."),
    Permission.EXAM_CANDIDATES_MANAGE: N_("Nhập và sửa danh sách thí sinh của kỳ thi."),
    Permission.EXAM_EXAM_MANAGE: N_("Sửa kỳ thi, bài thi, ca thi, phòng thi."),
    Permission.EXAM_EXAM_SEE: N_("Xem kỳ thi và các ca thi."),
    Permission.EXAM_KEYS_OPEN: N_("Mở đáp án sau khi mọi bài làm đã niêm phong."),
    Permission.EXAM_MACHINE_TRANSFER: N_("Chuyển thí sinh sang máy khác trong ca thi."),
    Permission.EXAM_RESULTS_PUBLISH: N_("Công bố danh sách kết quả."),
    Permission.EXAM_RESULTS_SEE: N_("Xem kết quả trước khi công bố."),
    Permission.EXAM_SITTING_FREEZE: N_("Đóng gói, niêm phong đề của ca thi."),
    Permission.EXAM_SITTING_OPEN: N_("Mở đề của ca thi."),
    Permission.EXAM_SITTING_SEAL: N_("Niêm phong bài làm khi hết giờ."),
    Permission.EXAM_SITTING_WATCH: N_("Theo dõi phòng thi."),
    Permission.EXAM_SLIPS_PRINT: N_("In phiếu báo dự thi có mã dự thi, cấp lại mã đã mất."),
    Permission.SITE_ACCOUNTS_MANAGE: N_("Lập, khóa tài khoản và giao vai trò."),
    Permission.SITE_AUDIT_READ: N_("Đọc nhật ký của hệ thống và của mọi kỳ thi, kiểm tra nhật ký."),
    Permission.SITE_EXAMS_CREATE: N_("Lập kỳ thi mới, xóa kỳ thi lập nhầm."),
    Permission.SITE_JOBS_MANAGE: N_("Xem, dừng và chạy lại việc chạy nền của mọi người."),
    Permission.SITE_SUBJECTS_CREATE: N_("Lập môn mới trong ngân hàng, xóa môn lập nhầm."),
    Permission.SUBJECT_BANK_SEE: N_("Xem câu hỏi và đáp án của môn."),
    Permission.SUBJECT_KEYS_TAKE: N_("Lấy câu hỏi kèm đáp án của môn ra tệp."),
    Permission.SUBJECT_QUESTIONS_IMPORT: N_("Nhập câu hỏi vào môn."),
    Permission.SUBJECT_QUESTIONS_WRITE: N_("Soạn, sửa, ngừng dùng câu hỏi của môn."),
    Permission.SUBJECT_TOPICS_MANAGE: N_("Đổi tên môn; thêm, đổi tên, xếp thứ tự chủ đề của môn."),
}
