"""What somebody typed into a page whose session has ended: held on one page, to be sent again after signing in.

Only what a page of this site sent is held (`Sec-Fetch-Site`, as for JSON), so that nobody else's words get a valid
token; no file, no password and no code of an envelope is.
"""

from flask import Response, make_response, render_template, request

from examapp.core.i18n import N_
from examapp.web.language import translate
from examapp.web.session import signed_in
from examapp.web.site import site

SIGN_IN_FIRST = N_(
    "Những gì vừa gõ còn giữ trong trang này, chưa ghi vào đâu. "
    "Đăng nhập ở thẻ mới, rồi quay lại thẻ này bấm “Tiếp tục”."
)
CHANGE_PASSWORD_FIRST = N_(
    "Những gì vừa gõ còn giữ trong trang này, chưa ghi vào đâu. "
    "Đổi mật khẩu ở thẻ mới, rồi quay lại thẻ này bấm “Tiếp tục”."
)
SEND_AGAIN = N_("Những gì vừa gõ còn giữ trong trang này, chưa ghi vào đâu. Bấm “Gửi lại” để ghi.")

_SECRETS = frozenset({"password", "current", "new", "again", "paper_code", "key_code"})


def hold_typed(status: int) -> Response | None:
    """Return the page that holds what a form of the staff's pages sent; None when it must not be held."""
    if not _may_be_held():
        return None
    user, hooks = signed_in(), site().hooks
    first: tuple[str, str] | None = None
    if user is None:
        title, sentence = N_("Chưa ghi: phiên làm việc đã hết"), SIGN_IN_FIRST
        first = N_("Đăng nhập ở thẻ mới"), hooks.sign_in_endpoint
    elif user.must_change_password:
        title, sentence = N_("Chưa ghi: phải đổi mật khẩu trước"), CHANGE_PASSWORD_FIRST
        first = N_("Đổi mật khẩu ở thẻ mới"), hooks.password_endpoint
    else:
        title, sentence = N_("Chưa ghi: đã đăng nhập lại từ khi mở trang"), SEND_AGAIN
    page = render_template(
        "errors/hold_typed.html",
        title=translate(title),
        sentence=translate(sentence),
        first=first,
        name=user.actor.name if user else None,
        fields=[field for field in request.form.items(multi=True) if field[0] != "csrf_token"],
    )
    return make_response(page, status)


def _may_be_held() -> bool:
    return (
        request.method == "POST"
        and request.headers.get("Sec-Fetch-Site") == "same-origin"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
        and not any(one.filename for one in request.files.values())
        and bool(request.form.keys() - {"csrf_token"})
        and not _SECRETS & request.form.keys()
    )
