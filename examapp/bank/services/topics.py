"""The topics of a subject: add, rename, put in order, delete one that nothing uses.

A topic's code stays what it was: blueprints are digested with it, and files go on naming it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import QuestionVersion, Subject, Topic
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid, NotFound
from examapp.core.i18n import N_
from question_bank.questions.text import comparable

LONGEST_NAME = 200


def find_or_create_topic(session: Session, subject: Subject, code: str, name: str) -> Topic:
    """Return the subject's topic of that code, or of one of these names, made at the end of the list when it is new.

    Capitals do not make another topic: "công vụ" of a file is the subject's "Công vụ".
    """
    wanted = {name.casefold(), code.casefold()}
    of_subject = session.scalars(select(Topic).where(Topic.subject_id == subject.id).order_by(Topic.position))
    found = [one for one in of_subject if one.code == code or one.name.casefold() in wanted]
    topic = next((one for one in found if one.code == code), next(iter(found), None))
    if topic is None:
        topic = Topic(subject_id=subject.id, code=code, name=name or code, position=_end(session, subject.id))
        session.add(topic)
        session.flush()  # versions refer to its id
    return topic


def add_topic(session: Session, subject: Subject, name: str, *, actor: Actor, now: datetime) -> Topic:
    """Add a topic at the end of the list; raise Invalid without a name, Conflict when the subject has it already."""
    name = _given(name)
    _alone(session, subject)
    _check_free(session, subject, name)
    topic = Topic(subject_id=subject.id, code=name, name=name, position=_end(session, subject.id))
    session.add(topic)
    details = {"topic": name}
    record(session, "system", "bank.topic_added", f"subject:{subject.id}", details, actor=actor, now=now)
    return topic


def rename_topic(session: Session, topic: Topic, name: str, *, seen: str, actor: Actor, now: datetime) -> bool:
    """Give the topic another name and say whether that changed anything; its code stays.

    `seen` is the name the person had before his eyes. Raise Conflict when it is another one by now or the new one is
    taken, Invalid without a name.
    """
    name = _given(name)
    _alone(session, topic.subject)
    _still_there(session, topic)
    if topic.name == name:
        return False
    if topic.name != seen:
        message = N_("Chủ đề “%(seen)s” vừa được người khác đổi tên thành “%(name)s”. Xem lại rồi đổi nếu vẫn cần.")
        raise Conflict("topic_renamed", message, seen=seen, name=topic.name)
    _check_free(session, topic.subject, name, but=topic.id)
    details = {"topic": {"before": topic.name, "after": name}}
    topic.name = name
    record(session, "system", "bank.topic_renamed", f"subject:{topic.subject_id}", details, actor=actor, now=now)
    return True


def move_topic(session: Session, topic: Topic, step: int, *, actor: Actor, now: datetime) -> bool:
    """Move the topic one place up (step -1) or down (1) and say whether it moved; at the end of the list it stays."""
    _alone(session, topic.subject)
    _still_there(session, topic)
    query = select(Topic).where(Topic.subject_id == topic.subject_id).order_by(Topic.position, Topic.code)
    topics = list(session.scalars(query.execution_options(populate_existing=True)))
    place = topics.index(topic)
    aim = place + (1 if step > 0 else -1)
    if not 0 <= aim < len(topics):
        return False
    topics.insert(aim, topics.pop(place))
    for position, one in enumerate(topics):
        one.position = position
    details = {"topic": topic.name, "order": {"before": place + 1, "after": aim + 1}}
    record(session, "system", "bank.topic_moved", f"subject:{topic.subject_id}", details, actor=actor, now=now)
    return True


def delete_topic(session: Session, topic: Topic, *, actor: Actor, now: datetime) -> None:
    """Delete a topic that nothing uses; raise Conflict when a version of a question, or a blueprint, names it."""
    _alone(session, topic.subject)
    _still_there(session, topic)
    name, subject_id = topic.name, topic.subject_id
    if session.scalar(select(exists().where(QuestionVersion.topic_id == topic.id))):
        raise _used(name)
    try:
        with session.begin_nested():
            session.execute(delete(Topic).where(Topic.id == topic.id))
    except IntegrityError as error:  # blueprints stand to the right of the bank; the database knows them
        raise _used(name) from error
    details = {"topic": name}
    record(session, "system", "bank.topic_deleted", f"subject:{subject_id}", details, actor=actor, now=now)


def _used(name: str) -> Conflict:
    message = N_(
        "Không xóa được chủ đề “%(name)s”: có câu hỏi, phiên bản cũ của câu hỏi hoặc ma trận đề đang dùng. "
        "Đổi chủ đề các câu này rồi để chủ đề trống, hoặc đổi tên chủ đề."
    )
    return Conflict("topic_used", message, name=name)


def _given(name: str) -> str:
    name = comparable(name)
    if not name:
        raise Invalid("topic_unnamed", N_("Ghi tên chủ đề."))
    if len(name) > LONGEST_NAME:
        raise Invalid("topic_long", N_("Tên chủ đề dài quá %(most)s ký tự. Rút gọn lại."), most=LONGEST_NAME)
    return name


def _alone(session: Session, subject: Subject) -> None:
    """Wait until nobody else changes the subject's topics; imports take the same lock."""
    hold(session, subject)


def _still_there(session: Session, topic: Topic) -> None:
    """Read the topic again under the lock; raise NotFound when somebody else has deleted it."""
    query = select(Topic.id).where(Topic.id == topic.id)
    if session.scalar(query) is None:
        raise NotFound("topic_gone", N_("Chủ đề này vừa bị người khác xóa. Mở lại danh sách chủ đề."))
    session.refresh(topic)


def _check_free(session: Session, subject: Subject, name: str, but: UUID | None = None) -> None:
    """Raise Conflict when another topic has this name, or has it as its code: a file that says it could mean both."""
    rows = session.execute(select(Topic.id, Topic.code, Topic.name).where(Topic.subject_id == subject.id))
    wanted = name.casefold()
    for topic_id, code, known in rows:
        if topic_id != but and wanted in (known.casefold(), code.casefold()):
            message = N_("Môn đã có chủ đề “%(name)s”. Mỗi chủ đề một tên, không phân biệt chữ hoa, chữ thường.")
            raise Conflict("topic_name_taken", message, name=known)


def _end(session: Session, subject_id: UUID) -> int:
    last = session.scalar(select(func.max(Topic.position)).where(Topic.subject_id == subject_id))
    return 0 if last is None else last + 1
