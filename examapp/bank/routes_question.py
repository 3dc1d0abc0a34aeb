"""Pages of one question: look at it and its versions, write it, compare, put an older version back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.bank import services
from examapp.bank.forms_question import QuestionForm, SureForm, edit_form, new_form
from examapp.bank.models import EXAM_KINDS, Question, QuestionStatus, QuestionVersion, Subject
from examapp.bank.queries import find_subject, list_topics
from examapp.bank.queries import questions as queries
from examapp.bank.queries.stored import is_typed, record_of, text_of
from examapp.bank.rules import Chosen
from examapp.bank.services import editing
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid
from examapp.web.guards import load, requires
from examapp.web.language import told
from examapp.web.pages import done, render
from question_bank.questions.difference import Change, question_changes
from question_bank.questions.key_words import key_words
from question_bank.questions.record import QuestionRecord

bp = Blueprint("bank_question", __name__, url_prefix="/ngan-hang")

Page = str | Response | tuple[str, int]
_SEE, _WRITE = Permission.SUBJECT_BANK_SEE, Permission.SUBJECT_QUESTIONS_WRITE

#: at which field a refusal of the deed is shown
_FIELDS = {
    "code_taken": "code",
    "code_bad": "code",
    "topic_unknown": "topic",
    "topic_name_taken": "new_topic",
    "topic_long": "new_topic",
}


# --- look -----------------------------------------------------------------------------------------------------------


@bp.get("/cau-hoi/<uuid:question_id>")
@requires(_SEE)
def show_question(question_id: UUID) -> Page:
    """Show the question as candidates see it, with what is known about it."""
    question = load(queries.find_question, question_id)
    return _show_page(question, queries.newest_of(db.session(), question))


@bp.get("/phien-ban/<uuid:version_id>")
@requires(_SEE)
def show_version(version_id: UUID) -> Page:
    """Show one version of a question, however old."""
    question = load(queries.find_question_of_version, version_id)
    return _show_page(question, db.session().get_one(QuestionVersion, version_id))


@bp.get("/cau-hoi/<uuid:question_id>/so-sanh")
@requires(_SEE)
def compare_versions(question_id: UUID) -> Page:
    """Show word by word what differs between two versions, the two newest when none are named."""
    question, session = load(queries.find_question, question_id), db.session()
    newest = queries.newest_of(session, question)
    older = queries.version_of(session, question, _number("cu", max(newest.number - 1, 1)))
    newer = queries.version_of(session, question, _number("moi", newest.number))
    return render(
        "bank_question/compare_versions.html",
        question=question,
        subject=_subject(question),
        newest=newest,
        older=older,
        newer=newer,
        authors=[queries.author_of(session, version) for version in (older, newer)],
        changes=question_changes(record_of(older), record_of(newer)),
    )


def _show_page(question: Question, version: QuestionVersion, refusal: str | None = None) -> str:
    session, newest = db.session(), queries.newest_of(db.session(), question)
    before, after = queries.neighbours_of(session, question)
    return render(
        "bank_question/show_question.html",
        question=question,
        subject=_subject(question),
        version=version,
        newest=newest,
        text=text_of(version),
        key_words=key_words(text_of(version)),
        about=record_of(version).metadata,
        is_typed=is_typed(text_of(version)),
        waits=version.kind not in EXAM_KINDS,
        author=queries.author_of(session, version),
        origin=queries.origin_of(session, question),
        versions=queries.list_versions(session, question, _number("page", 1)),
        before=before,
        after=after,
        seen=Chosen(question.id, newest.number, question.status),
        with_key=request.args.get("dap-an") != "an",
        refusal=refusal,
    )


# --- write ----------------------------------------------------------------------------------------------------------


@bp.route("/<uuid:subject_id>/soan", methods=["GET", "POST"])
@requires(_WRITE)
def create_question(subject_id: UUID) -> Page:
    """Write a new question; it may begin with topic, level and source of the one just written."""
    subject, session = load(find_subject, subject_id), db.session()
    topics = list_topics(session, subject.id)
    form = new_form(topics, *_just_written(subject))
    focus, deed = _reshape(form), request.form.get("deed", "save")
    if request.method == "GET" or deed not in ("save", "next"):
        return _form_page(subject, form, **focus)
    if not form.is_sound(topics):
        return _form_page(subject, form), 422
    try:
        written = form.written(_topic_id(subject, form))
        made = editing.create_question(session, subject, written, form.code.data or "", actor=g.actor, now=g.now)
    except (Conflict, Invalid) as error:
        return _refused(subject, form, error)
    note = _saved(form, _("Đã lưu câu %(code)s.", code=made.code))
    if deed == "next":
        return done(note, "bank_question.create_question", subject_id=subject.id, nhu=made.id)
    return done(note, "bank_question.show_question", question_id=made.id)


@bp.route("/cau-hoi/<uuid:question_id>/sua", methods=["GET", "POST"])
@requires(_WRITE)
def edit_question(question_id: UUID) -> Page:
    """Write a new version of a question, seen by everybody from then on; the old ones stay."""
    question, session = load(queries.find_question, question_id), db.session()
    subject, topics = _subject(question), list_topics(session, question.subject_id)
    form = edit_form(queries.newest_of(session, question), question.status, topics)
    focus = _reshape(form)
    if request.method == "GET" or request.form.get("deed", "save") != "save":
        return _form_page(subject, form, question, **focus)
    if not form.is_sound(topics):
        return _form_page(subject, form, question), 422
    try:
        written = form.written(_topic_id(subject, form))
        edited = editing.edit_question(session, question, written, form.seen_as, actor=g.actor, now=g.now)
    except editing.ChangedMeanwhile:
        return _form_page(subject, form, question, **_meanwhile(question, form)), 409
    except (Conflict, Invalid) as error:
        return _refused(subject, form, error, question)
    tone, note = _edited(question, edited)
    return done(_saved(form, note), "bank_question.show_question", tone=tone, question_id=question.id)


def _form_page(subject: Subject, form: QuestionForm, question: Question | None = None, **more: Any) -> str:
    session, typed = db.session(), form.question()
    found = more.pop("found", None)
    if found is None and typed.stem and len(typed.options) > 1:
        found = queries.find_same(session, subject.id, typed, but=question.id if question else None)
    facts = {
        "subject": subject,
        "question": question,
        "form": form,
        "typed": typed,
        "found": found,
        "documents": queries.documents_of(session, subject.id),
        "focus": form.first_fault() or "stem",
        **more,
    }
    if question is None:
        return render("bank_question/create_question.html", **facts)
    return render("bank_question/edit_question.html", **facts)


def _reshape(form: QuestionForm) -> dict[str, Any]:
    """Add or take out the option that a button of the form asks for; say in which box to type on."""
    deed = request.form.get("deed", "")
    box = None
    if deed == "add":
        box = form.add_option()
    elif deed.startswith("drop:"):
        box = form.drop_option(deed.removeprefix("drop:"))
    return {"focus": box} if box else {}


def _just_written(subject: Subject) -> tuple[QuestionVersion | None, QuestionStatus | None]:
    """Return the newest version and the state of the question that the address names as the one before."""
    try:
        question = queries.find_question(db.session(), UUID(request.args.get("nhu", "")))
    except ValueError:
        return None, None
    if question is None or question.subject_id != subject.id:
        return None, None
    return queries.newest_of(db.session(), question), question.status


def _topic_id(subject: Subject, form: QuestionForm) -> UUID:
    """Return the chosen topic, or the one that is new with this question; raise what adding one raises."""
    if (form.new_topic.data or "").strip():
        return services.add_topic(db.session(), subject, form.new_topic.data, actor=g.actor, now=g.now).id
    return UUID(form.topic.data)


def _refused(subject: Subject, form: QuestionForm, error: Conflict | Invalid, question: Question | None = None) -> Page:
    """Return the page with everything typed and the refusal at its field."""
    if isinstance(error, editing.AlreadyInBank):
        return _form_page(subject, form, question, found=error.found, refused=True), 422
    field = _FIELDS.get(error.code, "stem")
    form.fail(field if field in form else "stem", told(error))
    return _form_page(subject, form, question), 422


def _meanwhile(question: Question, form: QuestionForm) -> dict[str, Any]:
    """Return what the page says about somebody else's edit; saved again, the form goes on from that one."""
    session, seen = db.session(), form.seen_as
    newest = queries.newest_of(session, question)
    known = seen is not None and seen.question_id == question.id and seen.number <= newest.number
    begun = queries.version_of(session, question, seen.number) if seen and known else newest
    status = (seen.status, question.status) if seen and seen.status is not question.status else None
    if seen and form.status and form.status.data == seen.status.value:
        form.status.data = question.status.value
    form.seen.data = str(Chosen(question.id, newest.number, question.status))
    typed = form.record(list_topics(session, question.subject_id))
    return {
        "focus": None,  # the page begins with what the other one changed
        "newest": newest,
        "editor": queries.author_of(session, newest),
        "theirs": _changed(record_of(begun), record_of(newest)),
        "mine": _changed(record_of(newest), typed),
        "status_change": status,
    }


def _changed(before: QuestionRecord, after: QuestionRecord) -> list[Change]:
    return [change for change in question_changes(before, after) if change.changed]


def _edited(question: Question, edited: editing.Edited) -> tuple[Any, str]:
    if edited.version:
        return "ok", _("Đã lưu phiên bản %(number)s của câu %(code)s.", number=edited.version, code=question.code)
    if edited.changed:
        return "ok", _("Đã đổi tình trạng của câu %(code)s. Nội dung giữ nguyên.", code=question.code)
    return "info", _("Không có gì thay đổi nên chưa có phiên bản mới.")


def _saved(form: QuestionForm, note: str) -> str:
    """Return the note with what was put right in the texts on the way."""
    return " ".join([note, *(told(notice) for notice in form.notices())])


# --- out of use, back to an older version ---------------------------------------------------------------------------


@bp.post("/cau-hoi/<uuid:question_id>/ngung-dung")
@requires(_WRITE)
def retire_question(question_id: UUID) -> Page:
    """Take the question out of use; a button takes it into use again."""
    question = load(queries.find_question, question_id)
    note = _("Đã ngừng dùng câu %(code)s. Bấm “Dùng lại” nếu bấm nhầm.", code=question.code)
    return _in_or_out(question, services.retire_questions, note)


@bp.post("/cau-hoi/<uuid:question_id>/dung-lai")
@requires(_WRITE)
def restore_question(question_id: UUID) -> Page:
    """Take a question into use again."""
    question = load(queries.find_question, question_id)
    note = _("Câu %(code)s lại được rút vào đề thi.", code=question.code)
    return _in_or_out(question, services.restore_questions, note)


def _in_or_out(question: Question, deed: Any, note: str) -> Page:
    seen = SureForm().seen_as
    try:
        chosen = [seen] if seen and seen.question_id == question.id else []
        deed(db.session(), _subject(question), chosen, actor=g.actor, now=g.now)
    except (Conflict, Invalid):
        sentence = _("Câu này đã khác lúc trang được mở. Xem lại rồi bấm lần nữa nếu vẫn cần.")
        return _show_page(question, queries.newest_of(db.session(), question), sentence), 409
    return done(note, "bank_question.show_question", question_id=question.id)


@bp.route("/phien-ban/<uuid:version_id>/khoi-phuc", methods=["GET", "POST"])
@requires(_WRITE)
def restore_version(version_id: UUID) -> Page:
    """Say what putting an older version back changes, and make a new version of it."""
    question, session, form = load(queries.find_question_of_version, version_id), db.session(), SureForm()
    version = session.get_one(QuestionVersion, version_id)
    if request.method == "GET":
        return _restore_page(question, version, form)
    try:
        made = editing.restore_version(session, question, version.number, form.seen_as, actor=g.actor, now=g.now)
    except Conflict as error:
        return _restore_page(question, version, form, error), 409
    note = _("Phiên bản đang dùng đã có đúng nội dung này nên chưa có phiên bản mới.")
    if made:
        note = _("Đã khôi phục phiên bản %(older)s thành phiên bản %(number)s.", older=version.number, number=made)
    return done(note, "bank_question.show_question", tone="ok" if made else "info", question_id=question.id)


def _restore_page(question: Question, version: QuestionVersion, form: SureForm, error: Conflict | None = None) -> str:
    newest = queries.newest_of(db.session(), question)
    form.seen.data = str(Chosen(question.id, newest.number, question.status))
    return render(
        "bank_question/restore_version.html",
        question=question,
        subject=_subject(question),
        version=version,
        newest=newest,
        changes=_changed(record_of(newest), record_of(version)),
        form=form,
        refusal=told(error) if error else None,
        found=error.found if isinstance(error, editing.AlreadyInBank) else None,
    )


def _subject(question: Question) -> Subject:
    return db.session().get_one(Subject, question.subject_id)


def _number(name: str, usual: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else usual
