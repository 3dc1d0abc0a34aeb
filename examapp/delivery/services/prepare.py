"""Make the attempts of an opened sitting: draw every paper, seal it for its candidate, one root over all papers."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.answerlog.release import wrap_release_key
from examapp.audit.services import record
from examapp.core.events import Event, publish
from examapp.core.ids import new_id
from examapp.delivery.models import Attempt
from examapp.delivery.rules import candidate_paper
from examapp.integrity.attempt_paper import (
    attempt_key,
    padded_size,
    paper_bytes,
    paper_digest,
    release_root,
    seal_paper,
)
from examapp.integrity.canonical import b64u_decode, parse_utc
from examapp.integrity.keys import NodeKeys
from examapp.integrity.merkle import leaf_hash, root
from examapp.integrity.sealing import RandomBytes
from examapp.sittings.queries import OpenedPackage, opened_package
from question_bank.assembly.draw import draw_paper


@dataclass(frozen=True)
class AttemptsPrepared(Event):
    """Every candidate of the sitting has a sealed paper; `papers_root` is over their digests by candidate number."""

    sitting_id: str
    papers_root: bytes


def _unseen(done: int, total: int) -> None:
    """Tell nobody."""


def prepare_attempts(
    session: Session,
    sitting_id: UUID,
    *,
    keys: NodeKeys,
    random_bytes: RandomBytes,
    now: datetime,
    progress: Callable[[int, int], None] = _unseen,
) -> int:
    """Draw and seal a paper for everybody on the roster, absent or not; return how many.

    `progress` is told how many are done of how many. Harmless when run twice: attempts that exist are left as they are.
    """
    opened = opened_package(session, sitting_id, keys)
    present = set(session.scalars(select(Attempt.candidate_number).where(Attempt.sitting_id == sitting_id)))
    roster = [entry for entry in opened.core["roster"] if entry["number"] not in present]
    papers = {entry["number"]: drawn_paper(opened, entry["number"]) for entry in opened.core["roster"]}
    size = padded_size(papers.values())
    for done, entry in enumerate(roster):
        progress(done, len(roster))
        paper = papers[entry["number"]]
        session.add(make_attempt(opened, entry, paper, size, try_number=1, keys=keys, random_bytes=random_bytes))
    digests = [paper_digest(paper_bytes(papers[entry["number"]])) for entry in opened.core["roster"]]
    papers_root = root([leaf_hash(digest) for digest in digests])
    details = {"attempts": len(digests), "papers_root": papers_root.hex()}
    record(
        session,
        f"sitting:{sitting_id}",
        "delivery.papers_drawn",
        f"sitting:{sitting_id}",
        details,
        actor=SYSTEM,
        now=now,
    )
    publish(session, AttemptsPrepared(str(sitting_id), papers_root))
    return len(roster)


def drawn_paper(opened: OpenedPackage, number: str) -> dict[str, Any]:
    """Return one candidate's paper as the page sees it; the same for ever from the same package and public value."""
    questions = {question["id"]: question for question in opened.paper["questions"]}
    return candidate_paper(draw_paper(opened.seed, number, opened.spec), questions, opened.core["test"])


def make_attempt(
    opened: OpenedPackage,
    entry: Mapping[str, Any],
    paper: Mapping[str, Any],
    size: int,
    *,
    try_number: int,
    keys: NodeKeys,
    random_bytes: RandomBytes,
) -> Attempt:
    """Return a new attempt with its paper sealed under a key that opens nothing else."""
    core_sitting = opened.core["sitting"]
    rehearsal = core_sitting["mode"] == "rehearsal"
    attempt_id = new_id()
    release = release_root(opened.paper_cek, opened.core_digest, opened.seed)
    key = attempt_key(release, opened.sitting_id.bytes, attempt_id.bytes)
    minutes = opened.core["test"]["minutes"]
    starts_at = None if rehearsal else parse_utc(core_sitting["starts_at"])
    total = timedelta(minutes=minutes + entry["extra_minutes"])
    sealed = seal_paper(key, paper, size, core_digest=opened.core_digest, attempt=attempt_id.bytes)
    return Attempt(
        id=attempt_id,
        sitting_id=opened.sitting_id,
        candidate_number=entry["number"],
        try_number=try_number,
        full_name=entry["name"],
        birth_date=date.fromisoformat(entry["birth_date"]) if entry["birth_date"] else None,
        room=entry["room"],
        seat=entry["seat"],
        code_hmac=b64u_decode(entry["code_hmac"]),
        core_digest=opened.core_digest,
        sealed_paper=sealed,
        sealed_digest=hashlib.sha256(sealed).digest(),
        paper_digest=paper_digest(paper_bytes(paper)),
        release_key=wrap_release_key(
            keys, key, sitting=opened.sitting_id, attempt=attempt_id, random_bytes=random_bytes
        ),
        blind=random_bytes(32),
        items=len(paper["items"]),
        minutes=minutes,
        extra_minutes=entry["extra_minutes"],
        starts_at=starts_at,
        closes_at=starts_at + total if starts_at else None,
        grace_seconds=core_sitting["grace_seconds"],
        rehearsal=rehearsal,
    )
