"""The sentences and statuses of the fast path. The page shows its own translation by `code`; these are the
fallback."""

import json
from typing import NamedTuple

from examapp.answerlog.protocol import MAX_BODY
from examapp.answerlog.rules import Code
from examapp.core.i18n import N_


class Reply(NamedTuple):
    """A status and a JSON body."""

    status: int
    body: bytes


BAD_BODY = N_("Dữ liệu gửi lên không đúng dạng. Hãy tải lại trang; nếu vẫn còn lỗi, hãy báo giám thị.")
ERRORS: dict[str, tuple[int, str]] = {
    Code.SIGNED_OUT: (
        401,
        N_("Phiên làm bài không còn hiệu lực. Hãy đăng nhập lại; câu trả lời vẫn còn trên máy này."),
    ),
    "foreign_page": (403, N_("Yêu cầu không đến từ trang làm bài.")),
    "slow_body": (408, N_("Đường truyền quá chậm nên dữ liệu chưa tới đủ. Trang sẽ tự gửi lại.")),
    Code.GAP: (409, N_("Máy chủ còn thiếu câu trả lời trước đó. Trang sẽ tự gửi lại.")),
    Code.DIVERGED: (409, N_("Câu trả lời gửi lên khác với bản máy chủ đã ghi. Hãy báo giám thị.")),
    Code.LEASE: (409, N_("Bài làm đang được mở ở nơi khác. Trang này không ghi được nữa.")),
    Code.CLOSED: (410, N_("Bài làm đã đóng. Máy chủ không nhận thêm câu trả lời.")),
    "length_required": (411, N_("Yêu cầu thiếu độ dài nội dung.")),
    "too_large": (413, N_("Một lần gửi không được quá %(limit)s kB.") % {"limit": MAX_BODY // 1024}),
    "not_json": (415, N_("Nội dung gửi lên phải là JSON.")),
    Code.BAD_ITEM: (422, N_("Câu trả lời thuộc về một câu không có trong đề.")),
    Code.REFUSED: (422, N_("Máy chủ không ghi được dữ liệu này. Hãy báo giám thị.")),
    Code.NOT_STARTED: (425, N_("Chưa đến giờ làm bài.")),
    "slow_down": (429, N_("Trang gửi quá nhanh. Trang sẽ tự gửi lại sau giây lát.")),
    "failed": (500, N_("Máy chủ gặp lỗi. Câu trả lời vẫn còn trên máy này. Hãy báo giám thị.")),
    Code.BUSY: (503, N_("Máy chủ đang bận. Câu trả lời vẫn còn trên máy này và sẽ được gửi lại.")),
}


def error(code: str, **facts: object) -> Reply:
    """Return the reply of an error code; codes without a sentence of their own are faults of the body."""
    status, message = ERRORS.get(code, (422, BAD_BODY))
    body = {"code": code, "message": message, **facts}
    return Reply(status, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())
