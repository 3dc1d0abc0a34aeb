"""Read attempts: for sign-in, for the page's state, for the staff's live list."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from examapp.core.errors import NotFound
from examapp.core.i18n import N_
from examapp.delivery.models import (
    AnswerSave,
    Attempt,
    AttemptEvent,
    AttemptPresence,
    ClosedBy,
    KeyOpening,
    RootKind,
    SignInFailure,
    SittingRoot,
)
from examapp.delivery.rules import AttemptFacts, LiveRow
from examapp.integrity.receipts import KIND_FLAG

#: how far back wrong codes are counted
FAILURE_WINDOW = timedelta(minutes=10)


def find_attempts(session: Session, number: str) -> list[Attempt]:
    """Return the latest try of this candidate number in every sitting it is rostered in, newest sitting first."""
    newest = (
        select(Attempt.sitting_id, func.max(Attempt.try_number).label("try_number"))
        .where(Attempt.candidate_number == number)
        .group_by(Attempt.sitting_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(Attempt)
            .join(newest, (newest.c.sitting_id == Attempt.sitting_id) & (newest.c.try_number == Attempt.try_number))
            .where(Attempt.candidate_number == number)
            .order_by(Attempt.id.desc())
        )
    )


def find_attempt(session: Session, sitting_id: UUID, attempt_id: UUID) -> Attempt:
    """Return an attempt of that very sitting; raise NotFound for any other."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.sitting_id != sitting_id:
        raise NotFound("attempt_unknown", N_("Không có bài làm này."))
    return attempt


def count_failures(session: Session, number: str, address: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many wrong codes came for this number from this address lately, and when the last one did."""
    row = session.execute(
        select(func.count(), func.max(SignInFailure.at)).where(
            SignInFailure.candidate_number == number,
            SignInFailure.address == address,
            SignInFailure.at > now - FAILURE_WINDOW,
        )
    ).one()
    return row[0], row[1]


def count_failures_of_address(session: Session, address: str, now: datetime) -> int:
    """Return how many wrong codes came from this address lately, for whatever numbers."""
    query = select(func.count()).where(SignInFailure.address == address, SignInFailure.at > now - FAILURE_WINDOW)
    return session.scalar(query) or 0


def next_event_number(session: Session, attempt_id: UUID) -> int:
    """Return the number of the attempt's next event."""
    last = session.scalar(select(func.max(AttemptEvent.number)).where(AttemptEvent.attempt_id == attempt_id))
    return (last or 0) + 1


def counted_saves(session: Session, attempt_id: UUID) -> list[list[Any]]:
    """Return the attempt's counted rows in the form the digests are made of, in (lease, seq) order."""
    rows = session.execute(
        select(
            AnswerSave.lease,
            AnswerSave.seq,
            AnswerSave.kind,
            AnswerSave.item,
            AnswerSave.response,
            AnswerSave.client_ms,
        )
        .where(AnswerSave.attempt_id == attempt_id, AnswerSave.fenced.is_(False))
        .order_by(AnswerSave.lease, AnswerSave.seq)
    )
    return [[lease, seq, kind, item, json.loads(response), ms] for lease, seq, kind, item, response, ms in rows]


def current_flags(rows: Sequence[Sequence[Any]]) -> list[int]:
    """Return the items whose last flag row says flagged."""
    last = {row[3]: row[4] for row in rows if row[2] == KIND_FLAG}
    return sorted(item for item, flagged in last.items() if flagged)


def voided_numbers(session: Session, sitting_id: UUID) -> list[str]:
    """Return the candidate numbers of the sitting's voided attempts, in order."""
    query = select(Attempt.candidate_number).where(Attempt.sitting_id == sitting_id, Attempt.voided_at.is_not(None))
    return list(session.scalars(query.order_by(Attempt.candidate_number)))


def closed_as(attempt: Attempt) -> str | None:
    """Return what became of the attempt as pages say it: `voided` goes before who had closed it."""
    if attempt.voided_at is not None:
        return ClosedBy.VOIDED.value
    return attempt.closed_by.value if attempt.closed_by else None


def latest_end(session: Session, sitting_id: UUID) -> datetime | None:
    """Return the latest deadline of the sitting, minutes granted included."""
    return session.scalar(select(func.max(Attempt.closes_at)).where(Attempt.sitting_id == sitting_id))


def last_seq(session: Session, attempt: Attempt) -> int:
    """Return the highest stored number of the attempt's present lease: what the page's `ack` is."""
    return (
        session.scalar(
            select(func.max(AnswerSave.seq)).where(
                AnswerSave.attempt_id == attempt.id, AnswerSave.lease == attempt.lease, AnswerSave.fenced.is_(False)
            )
        )
        or 0
    )


def result_roots(session: Session, sitting_id: UUID) -> dict[RootKind, SittingRoot]:
    """Return the sitting's roots by kind."""
    rows = session.scalars(select(SittingRoot).where(SittingRoot.sitting_id == sitting_id))
    return {row.kind: row for row in rows}


def keys_opened(session: Session, sitting_id: UUID) -> bool:
    """Say whether the keys of the sitting have been opened."""
    return session.get(KeyOpening, sitting_id) is not None


def seal_facts(session: Session, sitting_id: UUID) -> list[AttemptFacts]:
    """Return what decides whether the sitting may be sealed, one entry per attempt."""
    rows = session.execute(
        select(Attempt.closes_at, Attempt.grace_seconds, Attempt.closed_at, AttemptPresence.seen_at, Attempt.lease > 0)
        .outerjoin(AttemptPresence, AttemptPresence.attempt_id == Attempt.id)
        .where(Attempt.sitting_id == sitting_id)
    )
    return [AttemptFacts(*row) for row in rows]


def unsealed_sittings(session: Session, now: datetime) -> list[UUID]:
    """Return the programmed sittings without root R1 in which nobody may write any more, or everybody has submitted."""
    sealed = select(SittingRoot.sitting_id).where(SittingRoot.kind == RootKind.ANSWERS)
    still_open = Attempt.closed_at.is_(None) & (Attempt.closes_at > now)
    return list(
        session.scalars(
            select(Attempt.sitting_id)
            .where(Attempt.rehearsal.is_(False), Attempt.sitting_id.not_in(sealed))
            .group_by(Attempt.sitting_id)
            .having(~func.bool_or(still_open))
        )
    )


def live_list(session: Session, sitting_id: UUID, now: datetime) -> list[LiveRow]:
    """Return the live list of a sitting in room and seat order: one statement whatever its size."""
    saves = (
        select(
            AnswerSave.attempt_id,
            func.count().filter(AnswerSave.late).label("late"),
            func.count().filter(AnswerSave.fenced).label("fenced"),
        )
        .join(Attempt, Attempt.id == AnswerSave.attempt_id)
        .where(Attempt.sitting_id == sitting_id)
        .group_by(AnswerSave.attempt_id)
        .subquery()
    )
    last_answer = (
        select(AnswerSave.attempt_id, AnswerSave.item, AnswerSave.response)
        .join(Attempt, Attempt.id == AnswerSave.attempt_id)
        .where(Attempt.sitting_id == sitting_id, AnswerSave.kind == 1, AnswerSave.fenced.is_(False))
        .ext(distinct_on(AnswerSave.attempt_id, AnswerSave.item))
        .order_by(AnswerSave.attempt_id, AnswerSave.item, AnswerSave.lease.desc(), AnswerSave.seq.desc())
        .subquery()
    )
    answered = (
        select(last_answer.c.attempt_id, func.count().label("answered"))
        .where(last_answer.c.response != "null")
        .group_by(last_answer.c.attempt_id)
        .subquery()
    )
    wrong = (
        select(SignInFailure.candidate_number, func.count().label("wrong"))
        .where(SignInFailure.at > now - FAILURE_WINDOW, SignInFailure.sitting_ids.contains([sitting_id]))
        .group_by(SignInFailure.candidate_number)
        .subquery()
    )
    rows = session.execute(
        select(Attempt, AttemptPresence.seen_at, answered.c.answered, saves.c.late, saves.c.fenced, wrong.c.wrong)
        .outerjoin(AttemptPresence, AttemptPresence.attempt_id == Attempt.id)
        .outerjoin(answered, answered.c.attempt_id == Attempt.id)
        .outerjoin(saves, saves.c.attempt_id == Attempt.id)
        .outerjoin(wrong, wrong.c.candidate_number == Attempt.candidate_number)
        .where(Attempt.sitting_id == sitting_id)
        .order_by(Attempt.room, Attempt.seat, Attempt.candidate_number, Attempt.try_number)
    )
    return [
        LiveRow(
            attempt_id=attempt.id,
            number=attempt.candidate_number,
            full_name=attempt.full_name,
            room=attempt.room,
            seat=attempt.seat,
            bound=attempt.machine_id is not None,
            started=attempt.lease > 0,
            answered=answered_count or 0,
            items=attempt.items,
            seen_at=seen_at,
            closed_at=attempt.closed_at,
            closed_by=closed_as(attempt),
            late_rows=late or 0,
            fenced_rows=fenced or 0,
            wrong_codes=wrong_codes or 0,
            correct=attempt.correct,
        )
        for attempt, seen_at, answered_count, late, fenced, wrong_codes in rows
    ]
