"""Pages of the bank's lists: subjects, the questions of one, deeds on chosen questions, its topics."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.policy import is_allowed, reach_of
from examapp.access.scopes import scope_of
from examapp.bank import queries, services
from examapp.bank.forms import ChangeTopicForm, DeedForm, RenameForm, SubjectForm, TopicForm
from examapp.bank.models import Level, QuestionStatus, Subject, Topic
from examapp.bank.rules import STATUS_NAMES, Chosen, Search, Sort, read_chosen
from examapp.bank.services.chosen import MOST_AT_ONCE
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid
from examapp.web.filters import number
from examapp.web.forms import ConfirmForm
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render
from question_bank.questions.metadata import Level as LevelWord

bp = Blueprint("bank", __name__, url_prefix="/ngan-hang")

Page = str | Response | tuple[str, int]
_SEE, _WRITE, _TOPICS = (
    Permission.SUBJECT_BANK_SEE,
    Permission.SUBJECT_QUESTIONS_WRITE,
    Permission.SUBJECT_TOPICS_MANAGE,
)

# --- subjects -------------------------------------------------------------------------------------------------------


@bp.get("/")
@requires(_SEE, somewhere=True)
def list_subjects() -> Page:
    """List the subjects this person may see; words asked for are looked up in all of them."""
    rows = queries.list_subjects(db.session(), reach_of(g.actor, _SEE))
    words = _words()
    hits = queries.hits_by_subject(db.session(), [row.subject.id for row in rows], words) if words else {}
    return render("bank/list_subjects.html", rows=rows, words=words, hits=hits)


@bp.route("/tao-mon", methods=["GET", "POST"])
@requires(Permission.SITE_SUBJECTS_CREATE)
def create_subject() -> Page:
    """Begin a subject and go to its empty list."""
    form = SubjectForm()
    if not form.validate_on_submit():
        return render("bank/create_subject.html", form=form), 200 if request.method == "GET" else 422
    try:
        subject = services.create_subject(
            db.session(), form.code.data or "", form.name.data or "", actor=g.actor, now=g.now
        )
    except (Conflict, Invalid) as error:
        form.fail("code", told(error))
        return render("bank/create_subject.html", form=form), 422
    note = _("Đã lập môn “%(name)s”. Thêm chủ đề, rồi soạn hoặc nhập câu hỏi.", name=subject.name)
    if is_allowed(g.actor, _SEE, scope_of(subject)):
        return done(note, "bank.list_questions", subject_id=subject.id)
    return done(note, "bank.list_subjects")


@bp.route("/<uuid:subject_id>/doi-ten", methods=["GET", "POST"])
@requires(_TOPICS)
def rename_subject(subject_id: UUID) -> Page:
    """Ask for the subject's new name and give it."""
    subject = load(queries.find_subject, subject_id)
    form, status = RenameForm(name=subject.name, seen=subject.name), 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        name, seen = form.name.data or "", form.seen.data or ""
        try:
            changed = services.rename_subject(db.session(), subject, name, seen=seen, actor=g.actor, now=g.now)
            note = _("Đã đổi tên thành “%(name)s”.", name=subject.name) if changed else _("Tên môn không đổi.")
            return done(note, "bank.list_topics", subject_id=subject.id)
        except (Conflict, Invalid) as error:
            form.fail("name", told(error))
            form.seen.data = subject.name  # the sentence says it
            status = 409 if isinstance(error, Conflict) else 422
    return render("bank/rename_subject.html", subject=subject, form=form), status


@bp.route("/<uuid:subject_id>/xoa", methods=["GET", "POST"])
@requires(Permission.SITE_SUBJECTS_CREATE)
def delete_subject(subject_id: UUID) -> Page:
    """Ask, and delete a subject that holds nothing but topics."""
    subject = load(queries.find_subject, subject_id, permission=_SEE)
    form, refusal = ConfirmForm(), None
    name = subject.name
    if form.validate_on_submit():
        try:
            services.delete_subject(db.session(), subject, actor=g.actor, now=g.now)
            return done(_("Đã xóa môn “%(name)s”.", name=name), "bank.list_subjects")
        except Conflict as error:
            refusal = error
    page = render("bank/delete_subject.html", subject=subject, form=form, refusal=refusal)
    return page, 200 if request.method == "GET" else 409 if refusal else 422


# --- the questions of one subject -----------------------------------------------------------------------------------


@bp.get("/<uuid:subject_id>")
@requires(_SEE)
def list_questions(subject_id: UUID) -> Page:
    """List the subject's questions, searched, narrowed and sorted as asked."""
    subject, session, search = load(queries.find_subject, subject_id), db.session(), asked_search()
    other = _id("subject")
    if other and other != subject.id:
        return redirect(url_for("bank.list_questions", subject_id=other, q=search.words or None))
    topics = queries.list_topics(session, subject.id)
    return render(
        "bank/list_questions.html",
        subject=subject,
        subjects=queries.subjects_within(session, reach_of(g.actor, _SEE)),
        topics=topics,
        search=search,
        args=search_args(search),
        chips=_chips(subject, search, topics),
        figures=queries.figures_of(session, subject.id),
        largest=queries.largest_paper(session, subject.id),
        page=queries.list_questions(session, subject.id, search),
    )


def asked_search() -> Search:
    """Return what the address asks for; what makes no sense there is what is usual."""
    args = request.values
    levels, states, sorts = ({one.value for one in kind} for kind in (Level, QuestionStatus, Sort))
    level, status, sort = (args.get(name, "") for name in ("level", "status", "sort"))
    return Search(
        words=_words(),
        topic_id=_id("topic"),
        level=Level(level) if level in levels else None,
        status=QuestionStatus(status) if status in states else None,
        sort=Sort(sort) if sort in sorts else Sort.CODE,
        page=request.values.get("page", 1, type=int),
    )


def search_args(search: Search) -> dict[str, Any]:
    """Return the search as the values of an address, without the page."""
    return {
        "q": search.words or None,
        "topic": str(search.topic_id) if search.topic_id else None,
        "level": search.level.value if search.level else None,
        "status": search.status.value if search.status else None,
        "sort": search.sort.value if search.sort is not Sort.CODE else None,
    }


def _chips(subject: Subject, search: Search, topics: list[Topic]) -> list[tuple[str, str]]:
    """Return what narrows the list in words, each with the address of the list without it."""
    args = search_args(search)
    topic = next((topic.name for topic in topics if topic.id == search.topic_id), None)
    level, status = search.level, search.status
    words = {
        "q": search.words and _("Tìm: %(words)s", words=search.words),
        "topic": search.topic_id and _("Chủ đề: %(name)s", name=topic or _("không có trong môn")),
        "level": level and _("Mức độ: %(name)s", name=translate(LevelWord(level.value).label)),
        "status": status and _("Tình trạng: %(name)s", name=translate(STATUS_NAMES[status])),
    }
    where: dict[str, Any] = {"subject_id": subject.id}
    return [
        (str(text), url_for("bank.list_questions", **where, **(args | {name: None})))
        for name, text in words.items()
        if text
    ]


def _words() -> str:
    return " ".join(request.values.get("q", "").replace("\0", "")[:100].split())


def _id(name: str) -> UUID | None:
    try:
        return UUID(request.values.get(name, ""))
    except ValueError:
        return None


# --- deeds on chosen questions --------------------------------------------------------------------------------------


@bp.route("/<uuid:subject_id>/doi-chu-de", methods=["GET", "POST"])
@requires(_WRITE)
def change_topic(subject_id: UUID) -> Page:
    """Ask which topic the chosen questions go to, and put them there."""
    subject = load(queries.find_subject, subject_id)
    topics = queries.list_topics(db.session(), subject.id)
    form, chosen = ChangeTopicForm().offer(topics), _chosen()
    if not form.validate_on_submit():
        page = _deed_page("bank/change_topic.html", subject, form, chosen)
        return page, 200 if request.method == "GET" else 422
    topic = next(topic for topic in topics if str(topic.id) == form.aim.data)
    try:
        moved = services.change_topic(db.session(), subject, chosen, topic, actor=g.actor, now=g.now)
    except (Conflict, Invalid) as error:
        return _refused("bank/change_topic.html", subject, form, chosen, error)
    return _back(subject, _("Đã chuyển %(count)s câu sang chủ đề “%(topic)s”.", count=number(moved), topic=topic.name))


@bp.route("/<uuid:subject_id>/ngung-dung", methods=["GET", "POST"])
@requires(_WRITE)
def retire_questions(subject_id: UUID) -> Page:
    """Say what taking the chosen questions out of use means, and do it."""
    subject, form, chosen = load(queries.find_subject, subject_id), DeedForm(), _chosen()
    if not form.validate_on_submit():
        return _deed_page("bank/retire_questions.html", subject, form, chosen)
    try:
        count = services.retire_questions(db.session(), subject, chosen, actor=g.actor, now=g.now)
    except (Conflict, Invalid) as error:
        return _refused("bank/retire_questions.html", subject, form, chosen, error)
    return _back(subject, _("Đã ngừng dùng %(count)s câu. Chọn câu rồi bấm “Dùng lại” nếu đổi ý.", count=number(count)))


@bp.route("/<uuid:subject_id>/dung-lai", methods=["GET", "POST"])
@requires(_WRITE)
def restore_questions(subject_id: UUID) -> Page:
    """Take the chosen questions into use again."""
    subject, form, chosen = load(queries.find_subject, subject_id), DeedForm(), _chosen()
    if not form.validate_on_submit():
        return _deed_page("bank/restore_questions.html", subject, form, chosen)
    try:
        count = services.restore_questions(db.session(), subject, chosen, actor=g.actor, now=g.now)
    except (Conflict, Invalid) as error:
        return _refused("bank/restore_questions.html", subject, form, chosen, error)
    return _back(subject, _("Đã dùng lại %(count)s câu.", count=number(count)))


def _chosen() -> list[Chosen]:
    return read_chosen(request.values.getlist("question")[: MOST_AT_ONCE + 1])


def _deed_page(template: str, subject: Subject, form: DeedForm, chosen: list[Chosen], refusal: str = "") -> str:
    """Draw the chosen questions as they are now; what the person saw in the list goes along until he is refused."""
    rows = queries.chosen_rows(db.session(), subject.id, chosen)
    seen = [row.chosen for row in rows] if refusal else chosen
    return render(
        template, subject=subject, form=form, rows=rows, seen=seen, refusal=refusal, args=search_args(asked_search())
    )


def _refused(
    template: str, subject: Subject, form: DeedForm, chosen: list[Chosen], error: Conflict | Invalid
) -> tuple[str, int]:
    status = 409 if isinstance(error, Conflict) else 422
    return _deed_page(template, subject, form, chosen, told(error)), status


def _back(subject: Subject, note: str) -> Response:
    search = asked_search()
    where: dict[str, Any] = {"subject_id": subject.id, "page": search.page if search.page > 1 else None}
    return done(note, "bank.list_questions", **where, **search_args(search))


# --- topics ---------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:subject_id>/chu-de")
@requires(_SEE)
def list_topics(subject_id: UUID) -> Page:
    """List the subject's topics in their order with what each holds."""
    return _topics_page(load(queries.find_subject, subject_id), TopicForm())


@bp.post("/<uuid:subject_id>/chu-de")
@requires(_TOPICS)
def add_topic(subject_id: UUID) -> Page:
    """Add a topic at the end of the list."""
    subject, form = load(queries.find_subject, subject_id), TopicForm()
    if not form.validate_on_submit():
        return _topics_page(subject, form), 422
    try:
        topic = services.add_topic(db.session(), subject, form.name.data or "", actor=g.actor, now=g.now)
    except (Conflict, Invalid) as error:
        form.fail("name", told(error))
        return _topics_page(subject, form), 422
    return done(_("Đã thêm chủ đề “%(name)s”.", name=topic.name), "bank.list_topics", subject_id=subject.id)


@bp.route("/chu-de/<uuid:topic_id>/doi-ten", methods=["GET", "POST"])
@requires(_TOPICS)
def rename_topic(topic_id: UUID) -> Page:
    """Ask for the topic's new name and give it."""
    topic = load(queries.find_topic, topic_id)
    form = TopicForm(name=topic.name, seen=topic.name)
    if not form.validate_on_submit():
        return _rename_page(topic, form), 200 if request.method == "GET" else 422
    name, seen = form.name.data or "", form.seen.data or ""
    try:
        changed = services.rename_topic(db.session(), topic, name, seen=seen, actor=g.actor, now=g.now)
    except (Conflict, Invalid) as error:
        form.fail("name", told(error))
        form.seen.data = topic.name  # the sentence says it
        return _rename_page(topic, form), 409 if isinstance(error, Conflict) else 422
    note = _("Đã đổi tên thành “%(name)s”.", name=topic.name) if changed else _("Tên chủ đề không đổi.")
    return done(note, "bank.list_topics", subject_id=topic.subject_id)


@bp.post("/chu-de/<uuid:topic_id>/doi-cho")
@requires(_TOPICS)
def move_topic(topic_id: UUID) -> Page:
    """Move the topic one place up or down."""
    topic = load(queries.find_topic, topic_id)
    step = -1 if request.form.get("way") == "up" else 1
    moved = services.move_topic(db.session(), topic, step, actor=g.actor, now=g.now)
    note = (
        _("Đã chuyển chỗ chủ đề “%(name)s”.", name=topic.name) if moved else _("Chủ đề đã ở đầu hoặc cuối danh sách.")
    )
    return done(note, "bank.list_topics", subject_id=topic.subject_id)


@bp.post("/chu-de/<uuid:topic_id>/xoa")
@requires(_TOPICS)
def delete_topic(topic_id: UUID) -> Page:
    """Delete a topic that nothing uses."""
    topic = load(queries.find_topic, topic_id)
    name, subject = topic.name, topic.subject
    try:
        services.delete_topic(db.session(), topic, actor=g.actor, now=g.now)
    except Conflict as error:
        return _topics_page(subject, TopicForm(formdata=None), told(error)), 409
    return done(_("Đã xóa chủ đề “%(name)s”.", name=name), "bank.list_topics", subject_id=subject.id)


def _topics_page(subject: Subject, form: TopicForm, refusal: str = "") -> str:
    rows = queries.topic_rows(db.session(), subject.id)
    return render("bank/list_topics.html", subject=subject, rows=rows, form=form, refusal=refusal)


def _rename_page(topic: Topic, form: TopicForm) -> str:
    return render("bank/rename_topic.html", topic=topic, form=form)
