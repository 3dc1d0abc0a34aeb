"""The form in which a question is written: text, options, right answer, what stands beside it.

A form knows how a question is typed; whether it is one is said by the library's own rules, each sentence at its field.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request

from examapp.bank.models import Level, QuestionStatus, QuestionVersion, Topic
from examapp.bank.queries.stored import is_typed, text_of
from examapp.bank.rules import Chosen, read_chosen
from examapp.bank.services.editing import LONGEST_CODE, Written
from examapp.core.errors import Invalid
from examapp.core.i18n import N_
from examapp.web.forms import (
    HiddenField,
    Optional,
    PageForm,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    at_most,
)
from examapp.web.language import told
from question_bank.errors import Problem
from question_bank.formats.row_metadata import MAX_METADATA
from question_bank.questions import Content, LegalSource, Metadata, QuestionRecord, SingleChoice, Stimulus, letter
from question_bank.questions import Level as LevelWord
from question_bank.questions.single_choice import MAX_OPTIONS, MIN_OPTIONS
from question_bank.questions.text import (
    clean,
    comparable,
    has_broken_characters,
    has_hidden_characters,
    repair_horn_letters,
)

OPTION_FIELDS = tuple(f"option_{letter(index).lower()}" for index in range(MAX_OPTIONS))
#: what the author of a new question finds: what most papers have
USUAL_OPTIONS = 4

#: the states an author may choose; out of use is a deed of its own
STATUS_NAMES = {
    QuestionStatus.DRAFT: N_("Nháp: chưa vào đề thi nào"),
    QuestionStatus.APPROVED: N_("Đã duyệt: được rút vào đề thi"),
}
_LEVELS = [SelectChoice("", N_("Chọn mức độ")), *(SelectChoice(level.value, level.label) for level in LevelWord)]
_PLAIN = {"autocomplete": "off"}
#: the fields as the page shows them
_ORDER = (
    *("stem", *OPTION_FIELDS, "key", "stimulus_title", "stimulus_text"),
    *("topic", "new_topic", "level", "document", "article", "status", "code"),
)


class QuestionForm(PageForm):
    """A question as its author types it; the buttons of the form say in `deed` what is to be done with it."""

    class Meta(PageForm.Meta):
        """The reader of questions takes such signs out, and says so."""

        takes_out_signs = False

    #: the version and the state the author began from; empty for a new question
    seen = HiddenField()
    #: how many boxes for options the page shows
    boxes = HiddenField()
    stem = TextAreaField(N_("Câu dẫn"))
    key = RadioField(
        N_("Đáp án"),
        choices=[SelectChoice(name[-1], name[-1].upper()) for name in OPTION_FIELDS],
        validators=[Optional()],
        validate_choice=False,
    )
    topic = SelectField(N_("Chủ đề"), validate_choice=False)
    new_topic = StringField(
        N_("Chủ đề mới"), description=N_("Ghi ở đây nếu danh sách chưa có; chủ đề được thêm vào môn."), render_kw=_PLAIN
    )
    level = SelectField(N_("Mức độ"), choices=_LEVELS)
    document = StringField(N_("Văn bản căn cứ"), render_kw={**_PLAIN, "list": "van-ban-co-san"})
    article = StringField(N_("Điều khoản"), description=N_("Ví dụ: Điều 9 khoản 2."), render_kw=_PLAIN)
    status = RadioField(
        N_("Tình trạng"),
        choices=[SelectChoice(status.value, name) for status, name in STATUS_NAMES.items()],
        validators=[Optional()],
        validate_choice=False,
    )
    code = StringField(
        N_("Mã câu hỏi"),
        [at_most(LONGEST_CODE)],
        description=N_("Để trống thì máy đặt mã."),
        render_kw={**_PLAIN, "spellcheck": "false"},
    )
    stimulus_title = StringField(N_("Tiêu đề ngữ liệu"), render_kw=_PLAIN)
    stimulus_text = TextAreaField(
        N_("Ngữ liệu"), description=N_("Đoạn văn, bảng số liệu mà câu hỏi dựa vào. Thí sinh thấy cạnh câu hỏi.")
    )

    # --- what was typed ---------------------------------------------------------------------------------------------

    @property
    def seen_as(self) -> Chosen | None:
        """Return the version and the state the author began from, None for a new question or nonsense."""
        found = read_chosen([self.seen.data or ""])
        return found[0] if found else None

    @property
    def shown(self) -> int:
        """Return how many boxes for options the page shows: never fewer than are filled."""
        text = self.boxes.data or ""
        asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else USUAL_OPTIONS
        return min(max(asked, len(self._typed()), MIN_OPTIONS), MAX_OPTIONS)

    def options(self) -> list[Any]:
        """Return the fields of the options that the page shows, A first."""
        return [self[name] for name in OPTION_FIELDS[: self.shown]]

    def question(self) -> SingleChoice:
        """Return what was typed as a question; boxes left empty at the end are no options, and no key is -1."""
        title, text = _text(self.stimulus_title), _text(self.stimulus_text)
        stimulus = Stimulus(title, Content(text)) if clean(title) or clean(text) else None
        options = tuple(map(Content, self._typed()))
        return SingleChoice(Content(_text(self.stem)), options, self._key(), stimulus)

    def record(self, topics: Sequence[Topic]) -> QuestionRecord:
        """Return what was typed as a question with what stands beside it, to be compared with a version."""
        names = {str(topic.id): topic.name for topic in topics}
        topic = comparable(self.new_topic.data or "") or names.get(self.topic.data or "", "")
        document, article = self.source()
        about = Metadata(
            topic=topic,
            level=LevelWord(self.level.data) if self.level.data in set(LevelWord) else LevelWord.RECALL,
            source=LegalSource(document, article) if document else None,
        )
        return QuestionRecord(self.question(), about)

    def source(self) -> tuple[str | None, str | None]:
        """Return document and article, None for what was left empty."""
        return comparable(_text(self.document)) or None, comparable(_text(self.article)) or None

    def written(self, topic_id: UUID) -> Written:
        """Return what was typed for the deed; ask `is_sound` before."""
        document, article = self.source()
        chosen = self.status.data if self.status else None
        status = QuestionStatus(chosen) if chosen in set(STATUS_NAMES) else None
        return Written(self.question(), topic_id, Level(self.level.data), document, article, status)

    def _typed(self) -> tuple[str, ...]:
        texts = [_text(self[name]) for name in OPTION_FIELDS]
        while texts and not clean(texts[-1]):
            texts.pop()
        return tuple(texts)

    def _key(self) -> int:
        return "abcdefghij".index(self.key.data) if self.key.data in {name[-1] for name in OPTION_FIELDS} else -1

    # --- more and fewer options -------------------------------------------------------------------------------------

    def add_option(self) -> str | None:
        """Show one box more and return its name; None when there are as many as may be."""
        if self.shown == MAX_OPTIONS:
            return None
        self.boxes.data = str(self.shown + 1)
        return OPTION_FIELDS[self.shown - 1]

    def drop_option(self, which: str) -> str | None:
        """Take an option out, those behind it move up and the key with them; return the name of the box at its place.

        The key goes with its option. Nothing happens for what is no option, or when only two are shown.
        """
        names = OPTION_FIELDS[: self.shown]
        if which not in {name[-1] for name in names} or len(names) == MIN_OPTIONS:
            return None
        place, key = "abcdefghij".index(which), self._key()
        texts = [self[name].data for name in names]
        del texts[place]
        for name, text in zip(names, [*texts, ""], strict=True):
            self[name].data = text
        if key >= place:
            self.key.data = None if key == place else letter(key - 1).lower()
        self.boxes.data = str(len(texts))
        return names[min(place, len(texts) - 1)]

    # --- what is wrong with it --------------------------------------------------------------------------------------

    def is_sound(self, topics: Sequence[Topic]) -> bool:
        """Say whether it may be saved, after putting every sentence of the library's rules at its field."""
        self.validate()
        question = self.question()
        # a key that nobody chose has a sentence of its own, and beyond the last box with a text it has the library's
        problems = [one for one in question.validate() if question.key >= 0 or one.code != "key_out_of_range"]
        for problem in problems:
            self._put(problem)
        if question.key < 0:
            self.fail("key", told(N_("Chọn đáp án: đánh dấu tròn trước phương án đúng.")))
        self._check_facts(topics)
        return not self.errors

    def _put(self, problem: Problem) -> None:
        field = problem.place.field or self._broken()
        if field == "options":  # too few: at the first box that is empty
            field = OPTION_FIELDS[len(self._typed())]
        sentence = told(problem)
        self.fail(field, f"{sentence[:1].upper()}{sentence[1:]}")

    def _broken(self) -> str:
        """Return the first field with characters that cannot be meant: the library says that there is one."""
        names = ("stem", *OPTION_FIELDS, "stimulus_title", "stimulus_text")
        return next((name for name in names if has_broken_characters(self[name].data or "")), "stem")

    def _check_facts(self, topics: Sequence[Topic]) -> None:
        if self.topic.data not in {str(topic.id) for topic in topics} and not comparable(self.new_topic.data or ""):
            self.fail("topic", told(N_("Chọn chủ đề, hoặc ghi một chủ đề mới.")))
        if not self.level.data:
            self.fail("level", told(N_("Chọn mức độ.")))
        document, article = self.source()
        if article and not document:
            self.fail("document", told(N_("Ghi văn bản của điều khoản này, hoặc bỏ điều khoản.")))
        for name in ("document", "article", "new_topic"):
            if len(self[name].data or "") > MAX_METADATA:
                self.fail(name, told(N_("Nội dung dài quá mức cho phép.")))
            elif has_broken_characters(self[name].data or ""):
                self.fail(name, told(N_("Có ký tự hỏng; hãy gõ lại.")))

    def first_fault(self) -> str | None:
        """Return the name of the first field with an error in the order of the page."""
        return next((name for name in _ORDER if name in self and self[name].errors), None)

    def faults(self) -> list[tuple[str, str, list[str]]]:
        """Return every field with errors, in the order of the page: its name, its label and its sentences."""
        found = [self[name] for name in _ORDER if name in self and self[name].errors]
        return [(field.name, field.label.text, list(field.errors)) for field in found]

    def notices(self) -> list[str]:
        """Return what is taken out of the texts or put right in them, as marked sentences."""
        texts = [self[name].data or "" for name in ("stem", *OPTION_FIELDS, "stimulus_title", "stimulus_text")]
        found = []
        if any(map(has_hidden_characters, texts)):
            found.append(N_("Có ký tự ẩn (điều khiển hoặc đảo chiều chữ) đã được bỏ; hãy đọc lại."))
        if any(repair_horn_letters(text) != text for text in texts):
            found.append(N_("Chữ “ƣ” lạc phông đã được đổi thành “ư”."))
        return found


for _name in OPTION_FIELDS:
    setattr(QuestionForm, _name, TextAreaField(f"{_name[-1].upper()}"))


class SureForm(PageForm):
    """Nothing but the token and what the person saw: the page says what will be done."""

    seen = HiddenField()

    @property
    def seen_as(self) -> Chosen | None:
        """Return the version and the state the person saw, None for nonsense."""
        found = read_chosen([self.seen.data or ""])
        return found[0] if found else None


def new_form(topics: Sequence[Topic], like: QuestionVersion | None, status: QuestionStatus | None) -> QuestionForm:
    """Return the form of a new question; topic, level and source are those of the question just written, if any."""
    values: dict[str, Any] = {"status": (status or QuestionStatus.DRAFT).value, "boxes": str(USUAL_OPTIONS)}
    if like:
        boxes = len(text_of(like).texts()) if like.kind == SingleChoice.kind else USUAL_OPTIONS
        values |= _facts(like) | {"boxes": str(boxes)}
    return _offered(_filled(values), topics)


def edit_form(version: QuestionVersion, status: QuestionStatus, topics: Sequence[Topic]) -> QuestionForm:
    """Return the form of a question, filled in with its newest version until something is sent.

    Raises Invalid for a question that the form cannot show whole: saved from it, something would be lost.
    """
    question = text_of(version)
    if not isinstance(question, SingleChoice) or not is_typed(question):
        message = N_(
            "Câu này có loại, hình, công thức hoặc định dạng mà trang soạn chưa sửa được. "
            "Ngừng dùng câu này, sửa trong tệp, để trống mã, rồi nhập thành câu mới."
        )
        raise Invalid("question_not_typed", message)
    values: dict[str, Any] = {
        "seen": str(Chosen(version.question_id, version.number, status)),
        "boxes": str(len(question.options)),
        "stem": question.stem,
        "key": letter(question.key).lower(),
        "status": status.value,
        "stimulus_title": question.stimulus.title if question.stimulus else "",
        "stimulus_text": question.stimulus.text if question.stimulus else "",
        **dict(zip(OPTION_FIELDS, question.options, strict=False)),
        **_facts(version),
    }
    form = _offered(_filled(values), topics)
    del form.code
    if status not in STATUS_NAMES:  # out of use: taking it into use again is a deed of its own
        del form.status
    return form


def _filled(values: dict[str, Any]) -> QuestionForm:
    """Return the form with these values, or with what was sent: a radio button nobody chose sends nothing at all."""
    return QuestionForm(data={} if request.method == "POST" else values)


def _facts(version: QuestionVersion) -> dict[str, str]:
    return {
        "topic": str(version.topic_id),
        "level": version.level.value,
        "document": version.legal_document or "",
        "article": version.legal_article or "",
    }


def _offered(form: QuestionForm, topics: Sequence[Topic]) -> QuestionForm:
    form.topic.choices = [
        SelectChoice("", N_("Chọn chủ đề")),
        *(SelectChoice(str(topic.id), topic.name) for topic in topics),
    ]
    return form


def _text(field: Any) -> str:
    """Return what was typed, the look-alike letter of old fonts put right."""
    return repair_horn_letters(field.data or "")
