"""Forms of the bank's lists: a new subject, topics, deeds on chosen questions."""

from collections.abc import Sequence

from examapp.bank.models import Topic
from examapp.bank.services.topics import LONGEST_NAME
from examapp.core.i18n import N_
from examapp.web.forms import HiddenField, PageForm, SelectChoice, SelectField, StringField, at_most, needed


class SubjectForm(PageForm):
    """A new subject: what people call it, and the short word for lists and file names."""

    name = StringField(
        N_("Tên môn"),
        [needed(N_("Ghi tên môn.")), at_most(200)],
        description=N_("Ví dụ: Kiến thức chung, Tiếng Anh, Nghiệp vụ văn thư."),
        render_kw={"autocomplete": "off"},
    )
    code = StringField(
        N_("Mã môn"),
        [needed(N_("Ghi mã môn.")), at_most(30)],
        description=N_("Ngắn, không trùng môn khác, ví dụ KTC. Mã môn đứng trong tên tệp và nhật ký."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class RenameForm(PageForm):
    """Another name of a subject, and the one the person saw."""

    name = StringField(N_("Tên môn"), [needed(N_("Ghi tên môn.")), at_most(200)], render_kw={"autocomplete": "off"})
    seen = HiddenField()


class TopicForm(PageForm):
    """The name of a topic."""

    name = StringField(
        N_("Tên chủ đề"),
        [needed(N_("Ghi tên chủ đề.")), at_most(LONGEST_NAME)],
        render_kw={"autocomplete": "off"},
    )
    #: the name the person saw, when a topic is renamed
    seen = HiddenField()


class DeedForm(PageForm):
    """A deed on chosen questions: the questions travel beside the form, one box each."""


class CopyForm(PageForm):
    """Questions with their keys as a file: in which format, and why."""

    file_format = SelectField(
        N_("Dạng tệp"),
        choices=[
            SelectChoice("native", N_("Dạng riêng: giữ tất cả")),
            SelectChoice("word", N_("Word: để in, để đọc, để sửa")),
            SelectChoice("xlsx", N_("Excel: theo mẫu nhập câu hỏi")),
            SelectChoice("moodle", N_("Moodle XML")),
            SelectChoice("qti", N_("QTI 2.1: gói câu hỏi theo chuẩn quốc tế")),
            SelectChoice("gift", N_("GIFT")),
            SelectChoice("aiken", N_("Aiken: chỉ câu một lựa chọn")),
        ],
    )
    reason = StringField(
        N_("Lấy để làm gì, giao cho ai"),
        [needed(N_("Ghi lý do lấy câu hỏi; lý do vào nhật ký.")), at_most(300)],
        render_kw={"autocomplete": "off"},
    )


class ChangeTopicForm(DeedForm):
    """Which topic the chosen questions go to."""

    #: not "topic": that is what the list was narrowed to, and it travels along
    aim = SelectField(N_("Chuyển sang chủ đề"), [needed(N_("Chọn chủ đề."))])

    def offer(self, topics: Sequence[Topic]) -> "ChangeTopicForm":
        """Offer these topics, none of them chosen yet."""
        self.aim.choices = [
            SelectChoice("", N_("Chọn chủ đề")),
            *(SelectChoice(str(topic.id), topic.name) for topic in topics),
        ]
        return self
