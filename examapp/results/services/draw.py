"""What the public is told of a sitting's draw, and the check of one candidate's paper (design §6, protocols §3).

This is the node checking itself with everything it holds; whoever does not believe the node compares the values with
those that were printed before the exam.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.core.errors import Invalid, NotFound
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt
from examapp.delivery.services.prepare import drawn_paper
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.attempt_paper import paper_bytes, paper_digest
from examapp.integrity.canonical import b64u_decode
from examapp.integrity.keys import NodeKeys
from examapp.results.models import ResultList
from examapp.sittings.models import Sitting
from examapp.sittings.queries import active_package, opened_package, opening_of


@dataclass(frozen=True)
class DrawFacts:
    """The three values of a draw and when they were fixed."""

    exam: str
    test: str
    sitting: str
    candidates: int
    #: of the package: printed on the posted list before the exam
    core_digest: bytes
    frozen_at: datetime
    #: eight digits drawn by lot
    public_value: str
    recorded_at: datetime
    #: sealed in the package until it was opened; the package's commitment binds it
    secret: bytes
    commit: bytes
    opened_at: datetime | None


@dataclass(frozen=True)
class PaperCheck:
    """One candidate's paper derived again, beside the one that was given out."""

    number: str
    derived: bytes
    given: bytes

    @property
    def same(self) -> bool:
        """Say whether the candidate sat the paper that the draw gives."""
        return self.derived == self.given


def shown_draws(session: Session) -> list[tuple[UUID, str, str, datetime]]:
    """Return id, exam, sitting code and start of the sittings whose results are posted, newest first."""
    rows = session.execute(
        select(Sitting.id, Exam.name, Sitting.code, Sitting.starts_at)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .join(ResultList, ResultList.sitting_id == Sitting.id)
        .where(ResultList.posted_at.is_not(None))
        .order_by(Sitting.starts_at.desc())
        .limit(100)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def draw_facts(session: Session, sitting_id: UUID, keys: NodeKeys) -> DrawFacts:
    """Return the facts of a draw once the sitting's results are posted; raise NotFound before.

    Opening the package checks that its commitment binds the secret; a package that was altered does not open.
    """
    sitting = _posted(session, sitting_id)
    opened = opened_package(session, sitting_id, keys)
    package = active_package(session, sitting_id)
    opening = opening_of(session, package.id) if package else None
    if package is None or opening is None:
        raise _unknown()
    return DrawFacts(
        exam=sitting.exam_test.exam.name,
        test=sitting.exam_test.name,
        sitting=sitting.code,
        candidates=len(opened.core["roster"]),
        core_digest=opened.core_digest,
        frozen_at=package.frozen_at,
        public_value=opening.public_value,
        recorded_at=opening.recorded_at,
        secret=b64u_decode(opened.paper["secret"]),
        commit=package.commit,
        opened_at=opening.opened_at,
    )


def check_paper(session: Session, sitting_id: UUID, number: str, keys: NodeKeys) -> PaperCheck:
    """Derive one candidate's paper again from the package and the public value.

    Raises NotFound for a sitting that is not shown, Invalid for a number that sat no paper there.
    """
    _posted(session, sitting_id)
    given = session.scalar(
        select(Attempt.paper_digest)
        .where(Attempt.sitting_id == sitting_id, Attempt.candidate_number == number.strip())
        .order_by(Attempt.try_number)
        .limit(1)
    )
    if given is None:
        raise Invalid("number_not_there", N_("Ca thi này không có số báo danh đó. Ghi đủ cả số 0 ở đầu, ví dụ 0247."))
    opened = opened_package(session, sitting_id, keys)
    derived = paper_digest(paper_bytes(drawn_paper(opened, number.strip())))
    return PaperCheck(number.strip(), derived, given)


def _posted(session: Session, sitting_id: UUID) -> Sitting:
    sitting = session.scalar(
        select(Sitting)
        .join(ResultList, ResultList.sitting_id == Sitting.id)
        .where(Sitting.id == sitting_id, ResultList.posted_at.is_not(None))
    )
    if sitting is None:
        raise _unknown()
    return sitting


def _unknown() -> NotFound:
    return NotFound("draw_unknown", N_("Chưa công bố việc rút đề của ca thi này. Việc rút đề hiện cùng kết quả."))
