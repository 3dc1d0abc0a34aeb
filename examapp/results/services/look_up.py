"""A candidate looks up results with number and admission code (decision 19); nobody else learns that they exist.

What is shown comes from lists that were made, never from a row that somebody may have edited since: a result that is
not the one that was signed is not shown at all.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from examapp.candidates.models import Candidate
from examapp.core.errors import NotAllowed
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt, RootKind, SittingRoot
from examapp.delivery.queries import result_roots
from examapp.delivery.services.mark import mark_leaf
from examapp.delivery.services.sealed import leaves_of
from examapp.delivery.services.sign_in import read_slip, refuse_the_hasty
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.admission import admission_code, normalize_code
from examapp.integrity.canonical import fold_crockford
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import receipt_code, verify_root
from examapp.regulations.scoring import Outcome, recompute
from examapp.results.queries import result_list_of, row_of
from examapp.results.rules import ResultRow
from examapp.results.services.lists import list_fault, read_result_list
from examapp.sittings.models import Sitting

NO_LIST = N_("Hội đồng chưa lập danh sách kết quả của ca thi này nên chưa tra cứu được. Anh/chị xem lại sau.")
IN_DOUBT = N_("Kết quả của anh/chị đang được kiểm tra lại nên chưa hiện ở đây. Hãy hỏi Hội đồng thi.")


class WrongSlip(NotAllowed):
    """Number and code do not belong together; the caller notes the failure after its rollback."""

    def __init__(self, number: str) -> None:
        super().__init__(
            "wrong_slip",
            N_(
                "Số báo danh hoặc mã dự thi không đúng. Kiểm tra lại phiếu báo dự thi; mất phiếu thì mang giấy tờ tùy "
                "thân đến Hội đồng thi."
            ),
        )
        self.number = number


@dataclass(frozen=True)
class FoundResult:
    """What a candidate finds of one sitting. Without a row, `why_not` says why as a message id."""

    exam: str
    test: str
    sitting: str
    row: ResultRow | None
    outcome: Outcome | None
    why_not: str | None
    #: of the answers as they were sealed; None for whoever was not there
    receipt: str | None
    #: whether the receipt code that was typed is this one; None when none was typed
    receipt_fits: bool | None


@dataclass(frozen=True)
class Typed:
    """What somebody typed who looks up a result; the receipt code may be empty."""

    number: str
    code: str
    receipt: str = ""


def look_up(session: Session, typed: Typed, *, address: str, keys: NodeKeys, now: datetime) -> list[FoundResult]:
    """Return the results of whoever holds this slip, newest sitting first.

    The receipt code is compared with what is stored. Raises Invalid for a form slip, WrongSlip for a code that
    does not fit, Conflict `slow_down` after several of them: only wrong codes wait, as at the exam itself.
    """
    number, code = read_slip(typed.number, typed.code)
    exams = [exam.id for candidate, exam in _holders(session, number) if _fits(candidate, exam, code, keys)]
    if not exams:
        refuse_the_hasty(session, number, address, now=now)
        raise WrongSlip(number)
    attempts = session.execute(
        select(Attempt, Sitting, ExamTest, Exam)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(Attempt.candidate_number == number, Attempt.rehearsal.is_(False), Exam.id.in_(exams))
        .order_by(Sitting.starts_at.desc(), Attempt.try_number.desc())
    )
    return [_found(session, row, typed.receipt, keys) for row in attempts]


def _holders(session: Session, number: str) -> list[tuple[Candidate, Exam]]:
    """Return whoever has this number, in whatever exam."""
    query = select(Candidate, Exam).join(Exam, Exam.id == Candidate.exam_id).where(Candidate.number == number)
    return [(candidate, exam) for candidate, exam in session.execute(query)]


def _fits(candidate: Candidate, exam: Exam, code: str, keys: NodeKeys) -> bool:
    slip = admission_code(keys.slip_key, exam.id.bytes, candidate.number, candidate.code_issue)
    return hmac.compare_digest(normalize_code(slip).encode(), code.encode())


def _found(session: Session, found: Row[Attempt, Sitting, ExamTest, Exam], receipt: str, keys: NodeKeys) -> FoundResult:
    attempt, sitting, test, exam = found
    row, why_not = _listed(session, attempt, sitting, keys)
    shown = receipt_code(attempt.leaf) if attempt.leaf is not None and attempt.lease > 0 else None
    typed = fold_crockford(receipt) if receipt.strip() else ""
    return FoundResult(
        exam=exam.name,
        test=test.name,
        sitting=sitting.code,
        row=row,
        outcome=recompute(attempt.explanation) if row and attempt.explanation else None,
        why_not=why_not,
        receipt=shown,
        receipt_fits=(shown is not None and hmac.compare_digest(fold_crockford(shown), typed)) if typed else None,
    )


def _listed(
    session: Session, attempt: Attempt, sitting: Sitting, keys: NodeKeys
) -> tuple[ResultRow | None, str | None]:
    """Return the row of the list that was made, or why it is not shown."""
    made = result_list_of(session, sitting.id)
    if list_fault(session, sitting, made, keys) is not None:
        return None, IN_DOUBT
    if made is None:
        return None, NO_LIST
    row = next((one for one in read_result_list(made) if one.number == attempt.candidate_number), None)
    stored = row_of(attempt, sitting.exam_test.pass_share)
    if row is None or row != stored or not _is_signed(attempt, result_roots(session, sitting.id), keys):
        return None, IN_DOUBT
    return row, None


def _is_signed(attempt: Attempt, roots: Mapping[RootKind, SittingRoot], keys: NodeKeys) -> bool:
    """Say whether answers and mark of the attempt are under the roots that the node signed."""
    try:
        marked = mark_leaf(attempt)
    except IntegrityError:
        return False
    for kind, leaf in ((RootKind.ANSWERS, attempt.leaf), (RootKind.RESULTS, marked)):
        root = roots.get(kind)
        if root is None or leaf not in (leaves_of(root) or {leaf}) or not _holds(root, attempt.sitting_id, keys):
            return False
    return True


def _holds(root: SittingRoot, sitting_id: UUID, keys: NodeKeys) -> bool:
    return verify_root(keys.node_pub, root.signature, root.kind.value, sitting_id.bytes, root.root, leaves=root.leaves)
