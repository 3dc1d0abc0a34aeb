"""Forms of an import: the file, how its columns are joined to our fields, one row mended by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from examapp.bank.imports.listing import texts_of
from examapp.bank.imports.reading import Layout
from examapp.core.i18n import N_
from examapp.web.forms import (
    FileField,
    HiddenField,
    PageForm,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    at_most,
)
from question_bank.formats import FieldMapping
from question_bank.formats.mapping import DEFAULT_FIELDS, FIELDS, OPTION_FIELDS
from question_bank.formats.registry import MAPPED
from question_bank.questions.metadata import Level

LEVELS = [SelectChoice(level.value, level.label) for level in Level]

#: what people call our fields
FIELD_NAMES: dict[str, str] = {
    "stem": N_("Câu hỏi"),
    "options": N_("Các phương án (một danh sách)"),
    **{name: f"{name[-1].upper()}" for name in OPTION_FIELDS},
    "key": N_("Đáp án"),
    "topic": N_("Chủ đề"),
    "level": N_("Mức độ"),
    "subject": N_("Môn"),
    "code": N_("Mã câu hỏi"),
    "document": N_("Văn bản căn cứ"),
    "article": N_("Điều khoản"),
    "author": N_("Tác giả"),
    "language": N_("Ngôn ngữ"),
    "tags": N_("Nhãn"),
    "stimulus_title": N_("Tiêu đề ngữ liệu"),
    "stimulus_text": N_("Ngữ liệu"),
    "kind": N_("Loại câu hỏi"),
    "explanation": N_("Giải thích"),
    "points_group": N_("Nhóm điểm"),
    "competencies": N_("Năng lực"),
    "job_levels": N_("Vị trí việc làm"),
    "enemies": N_("Không đi cùng (mã câu)"),
    "judged": N_("Tỉ lệ làm đúng dự kiến"),
    "in_force_from": N_("Văn bản có hiệu lực từ"),
    "in_force_to": N_("Văn bản hết hiệu lực"),
    "checks": N_("Lần kiểm đáp án"),
}
KEY_STYLE_NAMES = [
    SelectChoice("auto", N_("Tự nhận ra (chữ cái, số, nội dung phương án)")),
    SelectChoice("letter", N_("Chữ cái: A là phương án đầu")),
    SelectChoice("index1", N_("Số, đếm từ 1: 1 là phương án đầu")),
    SelectChoice("index0", N_("Số, đếm từ 0: 0 là phương án đầu")),
    SelectChoice("text", N_("Nội dung của phương án đúng")),
]
_COLUMN, _DEFAULT = "column_", "default_"


class UploadForm(PageForm):
    """The file with the questions."""

    file = FileField(N_("Tệp câu hỏi"))


class ApplyForm(PageForm):
    """Which preview the person saw before it is brought in."""

    seen = HiddenField()


class _MappingForm(PageForm):
    """One choice of column per field, what stands in for an empty one, and how the right answer is written."""

    key_style = SelectField(N_("Cách ghi đáp án trong tệp"), choices=KEY_STYLE_NAMES)

    def columns(self) -> dict[str, str]:
        """Return the column chosen for each field that has one."""
        chosen = {name: self[f"{_COLUMN}{name}"].data for name in FIELDS if f"{_COLUMN}{name}" in self}
        return {name: column for name, column in chosen.items() if column}

    def mapping(self, fixed: Mapping[str, str] | None = None) -> FieldMapping:
        """Return what was chosen; the columns are `fixed` where the file leaves no choice."""
        typed = {name: " ".join((self[f"{_DEFAULT}{name}"].data or "").split()) for name in DEFAULT_FIELDS}
        defaults = {name: text for name, text in typed.items() if text}
        return FieldMapping(self.columns() if fixed is None else fixed, defaults, self.key_style.data or "auto")


def mapping_form(layout: Layout, shown: FieldMapping) -> Any:
    """Return the form that joins the columns of a file, filled in with a mapping until something is sent.

    In other files than tables questions stand in no columns, so only the defaults are asked.
    """
    body: dict[str, Any] = {}
    if layout.format in MAPPED:
        columns = [SelectChoice("", N_("– không có –")), *(SelectChoice(one, one) for one in layout.columns)]
        body |= {f"{_COLUMN}{name}": SelectField(FIELD_NAMES[name], choices=columns) for name in FIELDS}
    for name in DEFAULT_FIELDS:
        label = FIELD_NAMES[name]
        if name == "level":
            body[f"{_DEFAULT}{name}"] = SelectField(label, choices=[SelectChoice("", N_("– không đặt –")), *LEVELS])
        else:
            body[f"{_DEFAULT}{name}"] = StringField(label, validators=[at_most(300)])
    filled = {f"{_COLUMN}{name}": column for name, column in shown.columns.items()}
    filled |= {f"{_DEFAULT}{name}": text for name, text in shown.defaults.items()}
    return type("MappingForm", (_MappingForm,), body)(data={**filled, "key_style": shown.key_style})


class MendForm(PageForm):
    """One row of a file by its fields; what it does not ask for stays as it was read."""

    class Meta(PageForm.Meta):
        """The reader of questions takes such signs out, and says so."""

        takes_out_signs = False

    seen = HiddenField()
    stem = TextAreaField(FIELD_NAMES["stem"])
    key = SelectField(
        FIELD_NAMES["key"],
        choices=[SelectChoice("", N_("– chọn –")), *(SelectChoice(one, one) for one in "ABCDEFGHIJ")],
    )
    topic = StringField(FIELD_NAMES["topic"])
    level = SelectField(FIELD_NAMES["level"], choices=[SelectChoice("", N_("– chọn –")), *LEVELS])
    code = StringField(FIELD_NAMES["code"], description=N_("Để trống thì máy đặt mã."))
    document = StringField(FIELD_NAMES["document"])
    article = StringField(FIELD_NAMES["article"])
    stimulus_title = StringField(FIELD_NAMES["stimulus_title"])
    stimulus_text = TextAreaField(FIELD_NAMES["stimulus_text"])

    def options(self) -> Sequence[Any]:
        """Return the fields of the options, A first."""
        return [self[name] for name in OPTION_FIELDS]

    @property
    def seen_mends(self) -> int:
        """Return how often the row had been mended when the page was drawn; -1 for what no page ever sent."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1

    def values(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row in the native form: what was typed over what was read."""
        typed = {name: (self[name].data or "").strip() for name in self._fields if name not in ("seen", "csrf_token")}
        options = [typed.pop(name) for name in OPTION_FIELDS]
        while options and not options[-1]:
            options.pop()
        values: dict[str, Any] = {**before, "kind": "single_choice", "options": options}
        source = {part: text for part in ("document", "article") if (text := typed.pop(part))}
        known = before.get("source")
        if isinstance(known, Mapping) and known.get("document") == source.get("document"):
            source |= {name: known[name] for name in ("in_force_from", "in_force_to") if name in known}
        values["source"] = source
        values["stimulus"] = {part: text for part in ("title", "text") if (text := typed.pop(f"stimulus_{part}"))}
        return {name: value for name, value in {**values, **typed}.items() if value not in ("", {}, None)}


for _name in OPTION_FIELDS:
    setattr(MendForm, _name, StringField(_name[-1].upper()))


def mend_form(values: Mapping[str, Any], mends: int) -> MendForm:
    """Return the form of a row, filled in with what it says until something is sent."""
    return MendForm(data={**texts_of(values), "seen": str(mends)})
