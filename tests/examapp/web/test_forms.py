"""Fields draw themselves: label, hint, error and their connections, in the reader's language."""

import pytest
from werkzeug.datastructures import MultiDict

from examapp.core.i18n import N_
from examapp.web.forms import (
    BooleanField,
    IntegerField,
    PageForm,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    between,
    needed,
)
from tests.examapp.web.conftest import Probe


class TrialForm(PageForm):
    """One of each."""

    name = StringField(N_("Họ và tên"), [needed("Nhập <b>tên</b>.")], description=N_("Đúng 8 chữ số trên phiếu rút."))
    width = IntegerField("Số chữ số", [between(3, 8)])
    level = SelectField(N_("Vai trò"), choices=[SelectChoice("a", N_("Giám thị")), SelectChoice("b", "Khác")])
    agree = BooleanField("Đồng ý")
    kind = RadioField("Loại", choices=[SelectChoice("x", N_("Thi thử")), SelectChoice("y", "Thật")])


def drawn(trial: Probe, data: dict[str, str] | None = None, path: str = "/") -> tuple[TrialForm, str]:
    with trial.app.test_request_context(path, method="POST" if data else "GET"):
        form = TrialForm(MultiDict(data) if data else None, meta={"csrf": False})
        if data:
            form.validate()
        return form, "".join(str(field()) for field in form)


def test_labels_and_hints_belong_to_their_inputs(trial: Probe) -> None:
    _, html = drawn(trial)
    assert '<label for="name">Họ và tên</label>' in html
    assert 'aria-describedby="name-hint"' in html
    assert 'id="name-hint">Đúng 8 chữ số trên phiếu rút.</span>' in html
    assert "aria-invalid" not in html
    assert '<legend class="lbl">Loại</legend>' in html
    assert html.count("Thi thử") == 1, "a choice has one label"


def test_errors_belong_to_their_inputs_and_are_escaped(trial: Probe) -> None:
    form, html = drawn(trial, {"name": "", "width": "9", "level": "a"})
    assert 'aria-describedby="name-hint name-error"' in html
    assert html.count('aria-invalid="true"') == 2, "name and width; a set of radio buttons has no such state"
    assert form.kind.errors
    assert "Nhập &lt;b&gt;tên&lt;/b&gt;." in html
    assert "Số nằm ngoài khoảng cho phép." in html


def test_a_text_never_turns_the_line_around_that_it_stands_in(trial: Probe) -> None:
    form, _ = drawn(trial, {"name": "An\0\u202e(đã duyệt)\u2066", "width": "4"})
    assert form.name.data == "An(đã duyệt)"


@pytest.mark.parametrize("sent", ["\0", "\u202e"])
def test_what_is_needed_is_not_only_what_nobody_reads(trial: Probe, sent: str) -> None:
    form, _ = drawn(trial, {"name": sent, "width": "4"})
    assert form.name.errors == ["Nhập <b>tên</b>."]


def test_everything_is_translated_when_drawn(trial: Probe) -> None:
    _, html = drawn(trial, path="/?lang=en")
    for words in ("Full name", "Exactly 8 digits on the slip.", "Invigilator", "Rehearsal"):
        assert words in html


def test_a_sentence_of_a_service_stands_under_its_field(trial: Probe) -> None:
    with trial.app.test_request_context("/"):
        form = TrialForm(meta={"csrf": False})
        form.fail("name", "Đã có <tên> này.")
        assert "Đã có &lt;tên&gt; này." in str(form.name())


@pytest.mark.parametrize("value", ["", "abc"])
def test_a_number_that_is_none_is_an_error_with_a_vietnamese_sentence(trial: Probe, value: str) -> None:
    form, html = drawn(trial, {"name": "x", "width": value, "level": "a", "kind": "x"})
    assert form.width.errors
    assert "Not a valid" not in html
