"""Admission slips: ordered on a page, made by a job, kept sealed for whoever ordered them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.candidates.documents import Slip, SlipExam, SlipPlace, slip_pdf
from examapp.candidates.models import Candidate
from examapp.candidates.queries import Bound, Place, candidates_with_slips, places_of
from examapp.core.clock import local_text
from examapp.core.errors import Invalid
from examapp.core.files import PDF, Content, StoredFile, keep_file
from examapp.core.i18n import N_
from examapp.core.jobs import enqueue
from examapp.exams.models import Exam
from examapp.integrity.admission import admission_code, group_code
from examapp.integrity.keys import NodeKeys

MAKE_SLIPS = "candidates.make_slips"
#: codes do not lie about longer than the printing takes; a new file is made at any time
_KEPT_DAYS = 1


def slips_subject(exam: Exam) -> str:
    """Return what the job is looked up by."""
    return f"exam:{exam.id}"


def order_slips(session: Session, exam: Exam, first: str, last: str, *, actor: Actor, now: datetime) -> int:
    """Have the slips from one number to another made (empty: no bound) and return how many there will be.

    Raises Invalid for a bound that is no number of this exam, and when nobody is within them.
    """
    bounds = [_bound(exam, text) for text in (first, last)]
    people = candidates_with_slips(session, exam.id, *bounds)
    if not people:
        message = N_("Không có thí sinh nào dự thi trong khoảng số báo danh này. Xem lại số đầu và số cuối.")
        raise Invalid("no_slips", message)
    details = {"count": len(people), "first": people[0].number, "last": people[-1].number}
    record(session, f"exam:{exam.id}", "candidates.slips_printed", f"exam:{exam.id}", details, actor=actor, now=now)
    enqueue(
        session,
        MAKE_SLIPS,
        subject=slips_subject(exam),
        owner_id=actor.id,
        exam_id=str(exam.id),
        first=bounds[0],
        last=bounds[1],
        asker=str(actor.id or ""),
    )
    return len(people)


def make_slips(
    session: Session,
    exam_id: UUID,
    first: str,
    last: str,
    *,
    owner_id: UUID | None,
    keys: NodeKeys,
    now: datetime,
    progress: Callable[[int, int], None],
) -> StoredFile:
    """Make the slips as one PDF and keep it for its owner; raise Invalid when nobody is left to print."""
    exam = session.get_one(Exam, exam_id)
    people = candidates_with_slips(session, exam.id, first, last)
    if not people:
        raise Invalid("no_slips", N_("Không còn thí sinh nào dự thi trong khoảng số báo danh này."))
    places = places_of(session, [person.id for person in people])
    slips = [_slip(exam, person, places.get(person.id, ()), keys) for person in people]
    issuer = SlipExam(exam.name, exam.superior, exam.council)
    data = slip_pdf(issuer, slips, progress=progress)
    name = f"phieu-bao-{exam.code}-{people[0].number}-{people[-1].number}.pdf"
    return keep_file(session, Content(data, name, PDF), owner_id=owner_id, now=now, days=_KEPT_DAYS)


def _bound(exam: Exam, text: str) -> str:
    """Return a typed bound as a number of the exam: 7 means 0007."""
    typed = text.strip()
    if not typed:
        return ""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= exam.number_width):
        message = N_("Số báo danh “%(value)s” chưa đúng. Số báo danh có %(width)s chữ số.")
        raise Invalid("number_wrong", message, value=typed[:20], width=exam.number_width)
    return typed.zfill(exam.number_width)


def _slip(exam: Exam, person: Candidate, places: Sequence[Place], keys: NodeKeys) -> Slip:
    code = admission_code(keys.slip_key, exam.id.bytes, person.number, person.code_issue)
    return Slip(
        number=person.number,
        full_name=person.full_name,
        birth_date=person.birth_date,
        code=group_code(code),
        issue=person.code_issue,
        extra_minutes=person.extra_minutes,
        places=tuple(_place(place) for place in places if place.bound is not Bound.PAST),
        venue=exam.venue,
    )


def _place(place: Place) -> SlipPlace:
    return SlipPlace(
        test=place.test,
        sitting=place.sitting,
        starts=local_text(place.starts_at),
        room=place.room,
        seat=str(place.seat),
        rehearsal=place.rehearsal,
    )
