"""Compare the results that are stored with what roots R1 and R2 and the sealed package say, candidate by candidate.

Marks stand in the database, where whoever administers it can write. R2 fixes each mark with its explanation, R1 whose
answers they are, and the package the names; all three are signed with a key that is not in the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt, ClosedBy, RootKind, SittingRoot
from examapp.delivery.queries import result_roots
from examapp.delivery.services.mark import mark_leaf
from examapp.delivery.services.sealed import differing_attempts, leaves_of, sealed_findings
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import sitting_root, verify_root
from examapp.regulations.scoring import recompute
from examapp.sittings.queries import frozen_core


@dataclass(frozen=True)
class Findings:
    """What does not hold of a sitting's stored results."""

    #: both roots and the package are what was signed, and there are as many results as were sealed
    whole: bool
    #: candidate numbers whose stored result is not what was signed, in order
    numbers: list[str]
    #: who passed by the explanations that R2 fixes; a candidate named above may be missing
    passed: Mapping[str, bool] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Say whether everything holds."""
        return self.whole and not self.numbers


def check_results(session: Session, sitting_id: UUID, *, keys: NodeKeys) -> Findings:
    """Return what does not hold of the stored results of a marked sitting; nothing is changed."""
    roots = result_roots(session, sitting_id)
    sealed, marked = roots.get(RootKind.ANSWERS), roots.get(RootKind.RESULTS)
    query = select(Attempt).where(Attempt.sitting_id == sitting_id).order_by(Attempt.candidate_number)
    attempts = session.scalars(query.execution_options(populate_existing=True)).all()
    if sealed is None or marked is None:
        return Findings(whole=False, numbers=[])
    core = frozen_core(session, sitting_id, keys)
    roster = {entry["number"]: entry for entry in core.core["roster"]} if core else {}
    leaves = {attempt.id: _leaf(attempt) for attempt in attempts}
    fixed = leaves_of(marked) or frozenset(leaf for leaf in leaves.values() if leaf)
    answers = leaves_of(sealed) or frozenset(attempt.leaf for attempt in attempts if attempt.leaf)
    whole = (
        core is not None
        and _holds(marked, fixed, keys)
        and _holds(sealed, answers, keys)
        # a root that was taken away and signed again is another one than the event and the minutes name
        and sealed_findings(session, sitting_id, keys).root == sealed.root.hex()
        and len(attempts) == sealed.leaves == marked.leaves
    )
    moved = differing_attempts(session, [one for one in attempts if one.voided_at is None], sealed)
    numbers = set(roster).symmetric_difference(attempt.candidate_number for attempt in attempts)
    passed: dict[str, bool] = {}
    for attempt in attempts:
        right = _passed(attempt)
        if right is not None:
            passed[attempt.candidate_number] = right
        same = (
            leaves[attempt.id] in fixed
            and attempt.id not in moved
            and (right is not None or attempt.voided_at is not None)
            and (core is None or attempt.core_digest == core.core_digest)
            and _is_entry(attempt, roster.get(attempt.candidate_number))
            # no leaf of a submission says that its candidate was there: the submission does
            and not (attempt.closed_by is ClosedBy.CANDIDATE and attempt.lease == 0)
        )
        if not same:
            numbers.add(attempt.candidate_number)
    return Findings(whole=whole, numbers=sorted(numbers), passed=passed)


def _holds(root: SittingRoot, leaves: Iterable[bytes], keys: NodeKeys) -> bool:
    """Say whether the node signed this root and it is over these leaves."""
    signed = verify_root(
        keys.node_pub, root.signature, root.kind.value, root.sitting_id.bytes, root.root, leaves=root.leaves
    )
    return signed and sitting_root(leaves) == root.root


def _leaf(attempt: Attempt) -> bytes | None:
    """Return the attempt's leaf in R2 as it is stored; None for an explanation that no marking can have written."""
    try:
        return mark_leaf(attempt)
    except IntegrityError:
        return None


def _passed(attempt: Attempt) -> bool | None:
    """Return what the explanation says of the stored mark; None when it says nothing or of another mark."""
    if attempt.explanation is None:
        return None
    try:
        outcome = recompute(attempt.explanation)
    except (ValueError, KeyError, TypeError):
        return None
    return outcome.passed if outcome.correct == attempt.correct else None


def _is_entry(attempt: Attempt, entry: Mapping[str, Any] | None) -> bool:
    """Say whether the attempt names the person whom the roster in the package names."""
    if entry is None:
        return False
    born = attempt.birth_date.isoformat() if attempt.birth_date else None
    shown: Sequence[object] = (attempt.full_name, born, attempt.room)
    return shown == (entry["name"], entry["birth_date"], entry["room"])
