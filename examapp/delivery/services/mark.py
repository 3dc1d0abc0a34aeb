"""Open the keys after root R1 exists, mark every attempt by machine, and fix the marks in root R2.

A voided attempt gets no mark; R2 says so in its leaf.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.answerlog.locks import lock_sitting_exclusive
from examapp.answerlog.log import counted
from examapp.audit.codes import CodeRefused, check_wait
from examapp.audit.services import record
from examapp.core.errors import Conflict, Invalid
from examapp.core.events import Event, publish
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt, KeyOpening, RootKind, SittingRoot
from examapp.delivery.queries import keys_opened, voided_numbers
from examapp.delivery.rules import candidate_paper, count_correct, right_options
from examapp.delivery.services.sealed import check_all
from examapp.integrity.attempt_paper import paper_bytes, paper_digest
from examapp.integrity.errors import BadCode, IntegrityError, WrongCode
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import open_compartment
from examapp.integrity.receipts import explanation_digest, final_answers, result_leaf, sign_root, sitting_root
from examapp.regulations.scoring import Outcome, QualifyingRule, score_qualifying
from examapp.sittings.queries import OpenedPackage, opened_package, package_content
from question_bank.assembly.draw import draw_paper

#: what R2 says in place of a mark
VOID_MARK = "void"


@dataclass(frozen=True)
class SittingMarked(Event):
    """Every attempt of the sitting has its result and root R2 exists."""

    sitting_id: str


def open_keys_and_mark(
    session: Session, sitting_id: UUID, key_code: str, *, keys: NodeKeys, actor: Actor, now: datetime
) -> SittingRoot:
    """Open the key compartment with its code, mark every attempt that is not voided and return root R2.

    Raises Conflict before root R1 exists, when the keys are already open, or when anything is not what R1 was computed
    over; CodeRefused for a wrong code, which the caller has recorded after its rollback, Conflict `slow_down` after
    several.
    """
    lock_sitting_exclusive(session, sitting_id)
    sealed = session.get(SittingRoot, (sitting_id, RootKind.ANSWERS))
    if sealed is None:
        raise Conflict("not_sealed", N_("Chưa mở được đáp án: ca thi phải niêm phong trước."))
    if keys_opened(session, sitting_id):
        raise Conflict("keys_opened_already", N_("Đáp án của ca thi này đã được mở."))
    opened = opened_package(session, sitting_id, keys)
    scope = f"sitting:{sitting_id}"
    check_wait(session, scope, "key", now)
    try:
        content = package_content(session, opened.package_id)
        key = open_compartment(content, "key", key_code, verify_key=keys.node_pub).data
    except (BadCode, WrongCode) as error:
        raise CodeRefused(error, scope=scope, compartment="key") from error
    except IntegrityError as error:
        raise Invalid(error.code, error.message, **error.params) from error
    session.add(KeyOpening(sitting_id=sitting_id, opened_at=now, opened_by=actor.id))
    record(session, scope, "delivery.keys_opened", scope, {}, actor=actor, now=now)
    root = _mark_all(session, opened, key, sealed=sealed, keys=keys, now=now)
    details = {"root": root.root.hex(), "leaves": root.leaves, "voided": voided_numbers(session, sitting_id)}
    record(session, scope, "delivery.marked", scope, details, actor=actor, now=now)
    publish(session, SittingMarked(str(sitting_id)))
    return root


def mark_attempt(opened: OpenedPackage, key: Mapping[str, Any], number: str, answers: list[list[Any]]) -> Outcome:
    """Mark one attempt's final answers: its paper is derived again, display indices become right or wrong."""
    test = opened.core["test"]
    right_by_id = {entry["id"]: entry["right"] for entry in key["keys"]}
    right = right_options(draw_paper(opened.seed, number, opened.spec), right_by_id)
    rule = QualifyingRule(Fraction(test["pass_share"]), test["pass_clause"])
    return score_qualifying(rule, count_correct(answers, right), len(right))


def mark_leaf(attempt: Attempt) -> bytes:
    """Return the attempt's leaf in root R2: its mark with the explanation, or that it is void."""
    void = attempt.voided_at is not None
    mark = VOID_MARK if void else f"{attempt.correct}/{attempt.items}"
    explanation = explanation_digest([] if void else attempt.explanation)
    return result_leaf(attempt.leaf or b"", mark, explanation, attempt.blind)


def _mark_all(
    session: Session,
    opened: OpenedPackage,
    key: Mapping[str, Any],
    *,
    sealed: SittingRoot,
    keys: NodeKeys,
    now: datetime,
) -> SittingRoot:
    """Mark what is not voided. R2 has a leaf for everybody all the same: it fixes who was voided, too."""
    attempts = session.scalars(
        select(Attempt).where(Attempt.sitting_id == opened.sitting_id).execution_options(populate_existing=True)
    ).all()
    logs = check_all(session, attempts, sealed, keys=keys)
    questions = {question["id"]: question for question in opened.paper["questions"]}
    leaves = []
    for attempt in attempts:
        if attempt.voided_at is not None:
            leaves.append(mark_leaf(attempt))
            continue
        _check_paper(opened, questions, attempt)
        marked = mark_attempt(opened, key, attempt.candidate_number, final_answers(counted(logs[attempt.id])))
        attempt.correct, attempt.marked_at, attempt.explanation = marked.correct, now, marked.explanation_json()
        leaves.append(mark_leaf(attempt))
    root_hash = sitting_root(leaves)
    signature = sign_root(keys.signing_key, "R2", opened.sitting_id.bytes, root_hash, leaves=len(leaves))
    root = SittingRoot(
        sitting_id=opened.sitting_id,
        kind=RootKind.RESULTS,
        root=root_hash,
        leaves=len(leaves),
        leaf_hashes=b"".join(sorted(leaves)),
        at=now,
        signature=signature,
    )
    session.add(root)
    return root


def _check_paper(opened: OpenedPackage, questions: Mapping[str, Any], attempt: Attempt) -> None:
    """Refuse to mark a paper that is not the one the public value drew."""
    items = draw_paper(opened.seed, attempt.candidate_number, opened.spec)
    paper = candidate_paper(items, questions, opened.core["test"])
    if paper_digest(paper_bytes(paper)) != attempt.paper_digest:
        message = N_(
            "Đề của số báo danh %(number)s không khớp đề đã rút lúc mở nên chưa chấm bài nào. "
            "Báo Chủ tịch Hội đồng: Chủ tịch xác minh, hủy bài này nếu cần, rồi mở đáp án lại."
        )
        raise Conflict("paper_differs", message, number=attempt.candidate_number)
