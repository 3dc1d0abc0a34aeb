"""Forms of sign-in and of the accounts pages: shape and format only."""

from collections.abc import Sequence

from examapp.access.roles import ROLE_NAMES
from examapp.accounts.rules import PASSWORD_MAX
from examapp.core.i18n import N_
from examapp.web.forms import PageForm, PasswordField, SelectChoice, SelectField, StringField, at_most, needed, same_as
from examapp.web.language import translate
from examapp.web.site import GrantScope

_ROLES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]
_NEW = {"autocomplete": "new-password"}
_PASSWORD_HINT = N_("Ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt.")


class SignInForm(PageForm):
    """Name and password."""

    username = StringField(
        N_("Tên đăng nhập"),
        [needed(N_("Nhập tên đăng nhập.")), at_most(200)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        N_("Mật khẩu"),
        [needed(N_("Nhập mật khẩu.")), at_most(PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )


class ChangePasswordForm(PageForm):
    """The own password: the current one and the new one, twice."""

    current = PasswordField(
        N_("Mật khẩu hiện tại"),
        [needed(N_("Nhập mật khẩu hiện tại.")), at_most(PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        N_("Mật khẩu mới"),
        [needed(N_("Nhập mật khẩu mới.")), at_most(PASSWORD_MAX)],
        description=_PASSWORD_HINT,
        render_kw=_NEW,
    )
    again = PasswordField(
        N_("Nhập lại mật khẩu mới"),
        [needed(N_("Nhập lại mật khẩu mới.")), same_as("new", N_("Hai lần nhập mật khẩu mới không giống nhau."))],
        render_kw=_NEW,
    )


class CreateAccountForm(PageForm):
    """A new account with a first password, which its owner changes at the first sign-in."""

    display_name = StringField(
        N_("Họ và tên"), [needed(N_("Nhập họ và tên.")), at_most(200)], render_kw={"autocomplete": "off"}
    )
    username = StringField(
        N_("Tên đăng nhập"),
        [needed(N_("Nhập tên đăng nhập.")), at_most(60)],
        description=N_("Chữ không dấu, chữ số, dấu chấm hoặc gạch nối, ví dụ lan.nguyen."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        N_("Mật khẩu lần đầu"),
        [needed(N_("Nhập mật khẩu lần đầu.")), at_most(PASSWORD_MAX)],
        description=N_("Ít nhất 10 ký tự. Người dùng phải đổi khi đăng nhập lần đầu."),
        render_kw=_NEW,
    )
    role = SelectField(
        N_("Vai trò toàn hệ thống"),
        choices=[SelectChoice("", N_("Chưa giao")), *_ROLES],
        description=N_("Vai trò có hiệu lực trong mọi kỳ thi và mọi môn."),
    )


class GrantRoleForm(PageForm):
    """A role, and for what it is given: everything, one exam or one subject."""

    role = SelectField(
        N_("Vai trò"),
        [needed(N_("Chọn vai trò."))],
        choices=[SelectChoice("", N_("Chọn vai trò")), *_ROLES],
    )
    scope = SelectField(
        N_("Phạm vi"),
        [needed(N_("Chọn phạm vi."))],
        description=N_("Vai trò của một kỳ thi hay một môn không thấy gì ngoài kỳ thi hay môn đó."),
    )

    def offer(self, scopes: Sequence[GrantScope]) -> None:
        """Offer the whole site and what there is of exams and subjects."""
        named = [SelectChoice(scope.value, f"{translate(scope.group)}: {scope.label}") for scope in scopes]
        self.scope.choices = [SelectChoice("site", N_("Toàn hệ thống")), *named]


class ResetPasswordForm(PageForm):
    """A password for somebody else, to be changed at the next sign-in."""

    password = PasswordField(
        N_("Mật khẩu tạm"),
        [needed(N_("Nhập mật khẩu tạm.")), at_most(PASSWORD_MAX)],
        description=_PASSWORD_HINT,
        render_kw=_NEW,
    )
