"""From error to answer, once for the whole site: a page in plain words, or JSON for the candidate's page.

The four service errors carry their own sentence. Everything else has one here: what happened, what is safe, what to do.
"""

import secrets

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from examapp.core.i18n import N_
from examapp.web.guards import rule_of
from examapp.web.kept import hold_typed
from examapp.web.language import told, translate
from examapp.web.security import is_api
from examapp.web.site import site

STATUS: dict[type[ServiceError], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}

#: status -> (title, sentence)
SENTENCES: dict[int, tuple[str, str]] = {
    400: (
        N_("Yêu cầu chưa đúng"),
        N_("Máy chủ không hiểu yêu cầu mà trình duyệt gửi lên. Mở lại trang rồi thử lần nữa."),
    ),
    401: (N_("Chưa đăng nhập"), N_("Phiên làm việc đã hết. Đăng nhập lại để tiếp tục.")),
    403: (N_("Không được phép"), N_("Tài khoản này không có quyền mở trang hay làm việc này.")),
    404: (N_("Không tìm thấy trang"), N_("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ.")),
    405: (
        N_("Không mở được theo cách này"),
        N_("Địa chỉ này chỉ dùng khi bấm nút trên trang. Quay lại trang trước rồi bấm nút."),
    ),
    409: (
        N_("Nội dung đã thay đổi"),
        N_("Người khác vừa làm việc này hoặc đã quá thời điểm. Mở lại trang để xem tình trạng mới."),
    ),
    411: (
        N_("Thiếu độ dài nội dung"),
        N_("Trình duyệt không báo độ dài nội dung gửi lên nên máy chủ không nhận."),
    ),
    413: (
        N_("Nội dung gửi lên quá lớn"),
        N_("Máy chủ chưa đọc nội dung này. Chia tệp nhỏ hơn rồi gửi lại."),
    ),
    415: (N_("Kiểu nội dung không nhận được"), N_("Máy chủ không nhận kiểu nội dung này.")),
    422: (N_("Nội dung chưa hợp lệ"), N_("Có chỗ chưa hợp lệ. Quay lại trang trước, sửa rồi gửi lại.")),
    429: (
        N_("Thử quá nhanh"),
        N_("Có quá nhiều lần thử trong thời gian ngắn. Chờ một phút rồi thử lại."),
    ),
    500: (
        N_("Máy chủ gặp sự cố"),
        N_("Việc vừa làm chưa được ghi lại. Thử lại sau ít phút; nếu vẫn vậy, báo quản trị kèm mã sự cố."),
    ),
    503: (N_("Máy chủ đang bận"), N_("Máy chủ chưa trả lời được lúc này. Thử lại sau ít phút.")),
}
TOO_LARGE = N_(
    "Máy chủ chưa đọc gì của tệp này: tệp nặng hơn %(limit)s MB là mức nhận nhiều nhất. "
    "Chia thành nhiều tệp rồi gửi từng tệp."
)
CSRF_SENTENCE = N_("Trang đã mở quá lâu nên máy chủ không nhận. Mở lại trang rồi gửi lần nữa.")


def init_app(app: Flask) -> None:
    """Register one handler per family; the last one takes whatever nobody foresaw."""
    app.register_error_handler(ServiceError, _service_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def error_answer(status: int, code: str, sentence: str | None = None, *, incident: str | None = None) -> Response:
    """Return the page or the JSON of a refusal; the sentence is already in the reader's language."""
    title, standard = SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400])
    words = sentence or translate(standard)
    if is_api():
        if incident:
            words = f"{words} {gettext('Mã sự cố: %(code)s.', code=incident)}"
        return make_response(jsonify(code=code, message=words), status)
    page = render_template("errors/page.html", status=status, title=translate(title), sentence=words, incident=incident)
    return make_response(page, status)


def server_error(what: str, error: BaseException | None = None) -> Response:
    """Return a 500 with an incident code that stands in the log, too; the log says what, the page does not."""
    incident = secrets.token_hex(2).upper()
    current_app.logger.error("incident %s: %s %r: %s", incident, request.method, request.path, what, exc_info=error)
    return error_answer(500, "server_error", incident=incident)


def _service_error(error: ServiceError) -> Response:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)
    return error_answer(status, error.code, told(error))


def _csrf_error(error: CSRFError) -> Response:
    rule = rule_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
    held = hold_typed(400) if rule and rule.permission else None
    return held or error_answer(400, "stale_page", translate(CSRF_SENTENCE))


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # redirects are exceptions, too
        return make_response(error.get_response())
    answer = error_answer(error.code, error.name.lower().replace(" ", "_"), _limit_in_words(error.code))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _limit_in_words(status: int) -> str | None:
    """Return the sentence for a file that is too large, which names the limit; None for every other refusal."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = site().settings.max_upload_bytes // (1024 * 1024)
    if status != 413 or not limit or not getattr(view, "accepts_files", False):
        return None
    return translate(TOO_LARGE, limit=limit)


def _unforeseen(error: Exception) -> Response:
    # the failed statement may have poisoned the transaction, and drawing the page may need the session
    db.session.rollback()
    return server_error("unforeseen", error)
