"""Deeds on questions somebody has chosen in a list: another topic, out of use, into use again.

All of them or none. Each chosen question says which version and which state the person saw; when one of them is
another by now, nothing is done and the sentence names it. Packages hold copies: no deed here changes a frozen sitting.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Question, QuestionStatus, QuestionVersion, Subject, Topic
from examapp.bank.queries import newest_version
from examapp.bank.rules import Chosen
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_

MOST_AT_ONCE = 500
_NAMED = 5
Pair = tuple[Question, QuestionVersion]


def change_topic(
    session: Session, subject: Subject, chosen: Sequence[Chosen], topic: Topic, *, actor: Actor, now: datetime
) -> int:
    """Put the chosen questions under a topic of the same subject and return how many were moved.

    The topic belongs to the version, and a version never changes: each question gets a new one that differs in its
    topic alone; its digest, over text and key, stays. Those that are under the topic already are left as they are.
    Raise Invalid when that is all of them or the topic is another subject's, Conflict for a stale selection.
    """
    pairs = _as_seen(session, subject, chosen)
    # nobody deletes the topic meanwhile
    found = session.scalar(
        select(Topic.id).where(Topic.id == topic.id, Topic.subject_id == subject.id).with_for_update(key_share=True)
    )
    if found is None:
        raise Invalid("topic_unknown", N_("Chủ đề này không thuộc môn “%(subject)s”."), subject=subject.name)
    moved = [(question, version) for question, version in pairs if version.topic_id != topic.id]
    if not moved:
        raise Invalid("topic_same", N_("Các câu đã chọn đều đang ở chủ đề “%(topic)s”."), topic=topic.name)
    try:
        with session.begin_nested():
            session.add_all(_under(version, topic.id, actor=actor, now=now) for _, version in moved)
    except IntegrityError as error:  # a new version was made without waiting for the question's lock
        raise _changed([question.code for question, _ in moved]) from error
    details = {"topic": topic.name, **_facts(moved)}
    record(session, "system", "bank.questions_moved", f"subject:{subject.id}", details, actor=actor, now=now)
    return len(moved)


def retire_questions(
    session: Session, subject: Subject, chosen: Sequence[Chosen], *, actor: Actor, now: datetime
) -> int:
    """Take approved questions out of use and return how many; no pool takes them up any more.

    Raise Invalid when one of them is a draft or out of use already, Conflict for a stale selection.
    """
    message = N_("Chỉ ngừng dùng được câu đã duyệt. Bỏ chọn %(codes)s: câu nháp hoặc đã ngừng dùng.")
    pairs = _in_state(session, subject, chosen, QuestionStatus.APPROVED, message)
    for question, _ in pairs:
        question.status = QuestionStatus.RETIRED
    record(session, "system", "bank.questions_retired", f"subject:{subject.id}", _facts(pairs), actor=actor, now=now)
    return len(pairs)


def restore_questions(
    session: Session, subject: Subject, chosen: Sequence[Chosen], *, actor: Actor, now: datetime
) -> int:
    """Take retired questions into use again, as approved as they were, and return how many.

    Raise Invalid when one of them is in use or a draft, or has the text of a question in use; Conflict for a stale
    selection.
    """
    message = N_("Chỉ dùng lại được câu đã ngừng dùng. Bỏ chọn %(codes)s: câu nháp hoặc đang dùng.")
    pairs = _in_state(session, subject, chosen, QuestionStatus.RETIRED, message)
    _check_corrected(session, subject, pairs)
    for question, _ in pairs:
        question.status = QuestionStatus.APPROVED
    record(session, "system", "bank.questions_restored", f"subject:{subject.id}", _facts(pairs), actor=actor, now=now)
    return len(pairs)


def _check_corrected(session: Session, subject: Subject, pairs: list[Pair]) -> None:
    """Refuse questions that another one in use has replaced: same text, perhaps with the right key."""
    texts = Counter(version.content for _, version in pairs)
    in_use = select(QuestionVersion.content).join(Question, Question.id == QuestionVersion.question_id)
    in_use = in_use.where(Question.subject_id == subject.id, Question.status != QuestionStatus.RETIRED)
    held = set(session.scalars(in_use.where(QuestionVersion.content.in_(texts), newest_version())))
    replaced = [question.code for question, version in pairs if version.content in held or texts[version.content] > 1]
    if replaced:
        message = N_("Bỏ chọn %(codes)s: ngân hàng có câu khác cùng nội dung, dùng cả hai thì đáp án có thể trái nhau.")
        raise Invalid("replaced_in_use", message, codes=_listed(replaced))


def _as_seen(session: Session, subject: Subject, chosen: Sequence[Chosen]) -> list[Pair]:
    """Return the chosen questions with their newest versions, nobody else changing them; raise as the deeds say."""
    seen = {one.question_id: one for one in chosen}
    if not seen:
        raise Invalid("nothing_chosen", N_("Chưa chọn câu nào. Đánh dấu các câu trong danh sách rồi làm lại."))
    if len(seen) > MOST_AT_ONCE:
        raise Invalid("too_many_chosen", N_("Chọn nhiều nhất %(most)s câu một lần."), most=MOST_AT_ONCE)
    # in one order: two people with overlapping selections wait for each other instead of both for ever
    locked = select(Question).where(Question.id.in_(seen), Question.subject_id == subject.id).order_by(Question.id)
    questions = list(session.scalars(locked.with_for_update().execution_options(populate_existing=True)))
    newest = select(QuestionVersion).where(QuestionVersion.question_id.in_(seen), newest_version())
    versions = {version.question_id: version for version in session.scalars(newest)}
    if len(questions) < len(seen):
        message = N_("Có câu đã chọn không còn trong môn này. Mở lại danh sách rồi chọn lại.")
        raise Conflict("chosen_gone", message)
    changed = [
        one.code
        for one in questions
        if (versions[one.id].number, one.status) != (seen[one.id].number, seen[one.id].status)
    ]
    if changed:
        raise _changed(changed)
    return [(question, versions[question.id]) for question in questions]


def _in_state(
    session: Session, subject: Subject, chosen: Sequence[Chosen], status: QuestionStatus, refusal: str
) -> list[Pair]:
    pairs = _as_seen(session, subject, chosen)
    wrong = [question.code for question, _ in pairs if question.status is not status]
    if wrong:
        raise Invalid("wrong_state", refusal, codes=_listed(wrong))
    return pairs


def _under(version: QuestionVersion, topic_id: UUID, *, actor: Actor, now: datetime) -> QuestionVersion:
    return QuestionVersion(
        question_id=version.question_id,
        number=version.number + 1,
        kind=version.kind,
        topic_id=topic_id,
        level=version.level,
        content=version.content,
        answer_key=version.answer_key,
        digest=version.digest,
        legal_document=version.legal_document,
        legal_article=version.legal_article,
        author_id=actor.id,
        search_text=version.search_text,
        created_at=now,
    )


def _changed(codes: list[str]) -> Conflict:
    message = N_("Người khác vừa sửa %(codes)s nên chưa làm gì. Xem lại các câu này trong danh sách rồi chọn lại.")
    return Conflict("chosen_changed", message, codes=_listed(codes))


def _listed(codes: list[str]) -> str:
    """Return the first few codes; how many there are besides stands in a bracket that needs no translation."""
    rest = len(codes) - _NAMED
    return ", ".join(sorted(codes)[:_NAMED]) + (f" (+{rest})" if rest > 0 else "")


def _facts(pairs: Sequence[Pair]) -> dict[str, object]:
    """Return what the log keeps of a deed on these questions."""
    return {"questions": len(pairs), "codes": sorted(question.code for question, _ in pairs)}
