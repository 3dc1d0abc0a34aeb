"""Forms whose fields draw themselves: label, hint, error and the aria wiring come from one component.

A template writes `{{ form.username() }}`. Labels, hints (`description`) and validator messages are marked
Vietnamese texts, translated when drawn. Checks here are about shape and format only; what may happen is decided by
services and rules.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import wtforms
from flask import Flask, g, get_template_attribute
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Optional, StopValidation

from examapp.core.i18n import N_
from examapp.web.language import translate

#: the zero byte, embeddings, overrides and isolates of the writing direction
_UNREADABLE = re.compile("[\0\u202a-\u202e\u2066-\u2069]")


def init_app(app: Flask) -> None:
    """Give the field component its two questions."""
    app.jinja_env.globals.update(input_attributes=input_attributes, field_kind=field_kind)


class SelectField(wtforms.SelectField):  # type: ignore[misc]  # untyped library
    """A choice whose labels are marked texts, translated when drawn; labels that are data are not in the catalogue."""

    def iter_choices(self) -> Iterator[Any]:
        """Yield the choices in the reader's language."""
        for choice in super().iter_choices():
            yield choice._replace(label=translate(choice.label))


class LibraryWords:
    """WTForms' own sentences in Vietnamese: it has a catalogue for many languages, and none for this one."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "Not a valid integer value.": N_("Ghi một số nguyên."),
        "Not a valid decimal value.": N_("Ghi một số, ví dụ 7,5."),
        "Not a valid date value.": N_("Ghi ngày theo ngày/tháng/năm."),
        "Not a valid datetime value.": N_("Ghi đủ ngày và giờ."),
        "Not a valid time value.": N_("Ghi giờ và phút, ví dụ 08:00."),
        "Not a valid choice.": N_("Chọn một trong các mục có sẵn."),
        "Invalid Choice: could not coerce.": N_("Chọn một trong các mục có sẵn."),
        "This field is required.": N_("Không được để trống."),
        "Invalid CSRF Token.": N_("Trang đã mở quá lâu nên máy chủ không nhận. Mở lại trang rồi gửi lần nữa."),
    }

    def gettext(self, text: str) -> str:
        """Return our sentence for one of the library's."""
        return self.SENTENCES.get(text, text)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the library's own words: every validator that counts is given a sentence of ours instead."""
        return singular if number == 1 else plural


class PageForm(FlaskForm):  # type: ignore[misc]
    """Base of every form: CSRF token in, fields drawn by `components/field.html`."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Drawing is the component's business, translating is ours."""

        #: whether signs that turn a line around are taken out here; a form that tells of them does so itself
        takes_out_signs = True

        def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Leave out of every text what no keyboard types: the zero byte, and signs that turn a line around.

            The database takes the one in no text; with the other a reason reads otherwise in the log than it was
            written.
            """
            kind = unbound_field.field_class
            is_text = issubclass(kind, StringField) and not issubclass(kind, HiddenField | PasswordField)
            filters = [_readable if is_text and self.takes_out_signs else _without_zero_bytes]
            filters += unbound_field.kwargs.get("filters", ())
            return unbound_field.bind(form=form, **{**options, "filters": filters})

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """Draw a hidden field bare, any other with label, hint and errors; the first refused one has the focus."""
            attributes = {**(field.render_kw or {}), **render_kw}
            if isinstance(field, HiddenField):
                return field.widget(field, **attributes)
            if field.errors and "autofocus" not in attributes and not g.get("focus_is_given"):
                g.focus_is_given = attributes["autofocus"] = True
            draw = get_template_attribute("components/field.html", "field")
            return draw(field, attributes)

        def get_translations(self, form: Form) -> "LibraryWords":
            """Put our sentences in the place of the library's own; they are translated when drawn."""
            return LibraryWords()

    def fail(self, field_name: str, sentence: str) -> None:
        """Put a service's sentence (already translated) under a field."""
        field = self[field_name]
        field.errors = [*field.errors, sentence]


class ConfirmForm(PageForm):
    """Nothing but the token: the page around it says what will happen."""


def _readable(value: Any) -> Any:
    return _UNREADABLE.sub("", value) if isinstance(value, str) else value


def _without_zero_bytes(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class _Needed(InputRequired):  # type: ignore[misc]  # untyped library
    """Refuses a field that is empty, also one that is so once it is filtered: the library looks at what was sent."""

    def __call__(self, form: Form, field: Field) -> None:
        super().__call__(form, field)
        if field.data == "":
            raise StopValidation(self.message)


def needed(message: str) -> InputRequired:
    """Refuse an empty field with this sentence."""
    return _Needed(message=message)


def at_most(length: int) -> Length:
    """Refuse a text longer than this."""
    return Length(max=length, message=N_("Nội dung dài quá mức cho phép."))


def same_as(field_name: str, message: str) -> EqualTo:
    """Refuse a text that is not the one in the other field."""
    return EqualTo(field_name, message=message)


def between(low: int, high: int) -> NumberRange:
    """Refuse a number outside these bounds; the hint names them."""
    return NumberRange(low, high, message=N_("Số nằm ngoài khoảng cho phép."))


def reason_field(label: str, hint: str, missing: str) -> StringField:
    """Return a field for why something is done, as the log keeps it; `missing` is said of an empty one."""
    return StringField(label, description=hint, validators=[needed(missing), at_most(300)])


def understood(sentence: str) -> BooleanField:
    """Return a box to tick before a deed that has consequences; the sentence is what the person says to know."""
    return BooleanField(sentence, validators=[needed(N_("Đánh dấu ô này để xác nhận, rồi bấm lại."))])


def input_attributes(field: Field, extra: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of a field's input, its hint and error connected to it."""
    described = [f"{field.id}-hint"] if field.description else []
    described += [f"{field.id}-error"] if field.errors else []
    attributes: dict[str, Any] = dict(extra)
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    if not isinstance(field, BooleanField | RadioField):
        attributes["class"] = f"in {attributes.get('class', '')}".strip()
    return attributes


def field_kind(field: Field) -> str:
    """Return how the component lays the field out: check, choices or line."""
    if isinstance(field, RadioField):
        return "choices"
    return "check" if isinstance(field, BooleanField) else "line"


__all__ = [
    "BooleanField",
    "ConfirmForm",
    "DateTimeLocalField",
    "FileField",
    "HiddenField",
    "IntegerField",
    "Optional",
    "PageForm",
    "PasswordField",
    "RadioField",
    "SelectChoice",
    "SelectField",
    "StringField",
    "TextAreaField",
    "at_most",
    "between",
    "needed",
    "reason_field",
    "same_as",
    "understood",
]
