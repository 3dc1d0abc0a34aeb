"""Read the candidates of an exam: the list as people search it, its figures, one candidate, where they sit.

Sittings stand to the right and are not known here: `wiring.py` lends what is known of seats (`lend_seats`).
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from examapp.candidates.models import Candidate
from examapp.core.paging import Page, page_of
from examapp.core.vietnamese import fold

#: the stamp of a list without anybody
NO_LIST = ""


class Sort(StrEnum):
    """In which order the list stands."""

    NUMBER = "number"
    NAME = "name"


class Only(StrEnum):
    """Which candidates the list is narrowed to."""

    ALL = "all"
    EXTRA = "extra"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Search:
    """What somebody looks for in a list of candidates."""

    words: str = ""
    sort: Sort = Sort.NUMBER
    only: Only = Only.ALL
    page: int = 1


@dataclass(frozen=True)
class Figures:
    """The key figures of an exam's candidates."""

    total: int
    withdrawn: int
    extra: int
    first: str | None
    last: str | None


class Bound(StrEnum):
    """How far the package of a sitting has gone: what a change of a candidate still reaches."""

    #: not frozen: every change is in the next package
    OPEN = "open"
    #: frozen: a change needs a new freeze
    FROZEN = "frozen"
    #: the public value is recorded or the paper open: nothing reaches it
    FIXED = "fixed"
    #: over
    PAST = "past"


@dataclass(frozen=True)
class Place:
    """Where somebody sits in one sitting."""

    sitting: str
    test: str
    starts_at: datetime
    #: its name, such as "Phòng 01"
    room: str
    seat: int
    rehearsal: bool
    bound: Bound


SeatsOf = Callable[[Session, Collection[UUID]], Mapping[UUID, Sequence[Place]]]
CountSeated = Callable[[Session, UUID], int]
_lent: dict[str, tuple[SeatsOf, CountSeated]] = {}


def lend_seats(seats_of: SeatsOf, count_seated: CountSeated) -> None:
    """Have seats looked up by these: places by candidate, the next sitting first; and how many of an exam sit."""
    _lent["seats"] = (seats_of, count_seated)


def places_of(session: Session, candidate_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Place]]:
    """Return where these candidates sit, those who do."""
    return _lent["seats"][0](session, candidate_ids) if "seats" in _lent and candidate_ids else {}


def count_seated(session: Session, exam_id: UUID) -> int:
    """Return how many seats of the exam's sittings are taken."""
    return _lent["seats"][1](session, exam_id) if "seats" in _lent else 0


def find_candidate(session: Session, exam_id: UUID, candidate_id: UUID) -> Candidate | None:
    """Return a candidate of this exam; one of another exam is none."""
    return session.scalar(select(Candidate).where(Candidate.id == candidate_id, Candidate.exam_id == exam_id))


def search_candidates(session: Session, exam_id: UUID, search: Search) -> Page[Candidate]:
    """Return a page of the exam's candidates: every word is in the number or, accents aside, in the name."""
    query = select(Candidate).where(Candidate.exam_id == exam_id)
    for word in fold(search.words).split():
        found = Candidate.search_key.contains(word, autoescape=True)
        query = query.where(or_(found, Candidate.number.contains(word, autoescape=True)) if word.isdigit() else found)
    if search.only is Only.EXTRA:
        query = query.where(Candidate.extra_minutes > 0)
    if search.only is Only.WITHDRAWN:
        query = query.where(Candidate.withdrawn_at.is_not(None))
    return page_of(session, _sorted(query, search.sort), search.page)


def _sorted(query: Select[Candidate], sort: Sort) -> Select[Candidate]:
    if sort is Sort.NAME:
        return query.order_by(Candidate.sort_key, Candidate.number)
    return query.order_by(Candidate.number)


def candidate_figures(session: Session, exam_id: UUID) -> Figures:
    """Return the key figures of an exam's candidates, in one statement."""
    row = session.execute(
        select(
            func.count(),
            func.count(Candidate.withdrawn_at),
            func.count().filter(Candidate.extra_minutes > 0),
            func.min(Candidate.number),
            func.max(Candidate.number),
        ).where(Candidate.exam_id == exam_id)
    ).one()
    return Figures(*row)


def list_stamp(session: Session, exam_id: UUID) -> str:
    """Return what changes whenever the list or anybody in it does; NO_LIST for an exam without candidates."""
    rows = session.execute(
        select(
            Candidate.id,
            Candidate.full_name,
            Candidate.birth_date,
            Candidate.extra_minutes,
            Candidate.code_issue,
            Candidate.withdrawn_at,
        )
        .where(Candidate.exam_id == exam_id)
        .order_by(Candidate.number)
    ).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest() if rows else NO_LIST


def highest_issue(session: Session, exam_id: UUID) -> int:
    """Return the highest issue of a code in the exam, 0 without candidates."""
    return session.scalar(select(func.max(Candidate.code_issue)).where(Candidate.exam_id == exam_id)) or 0


def candidates_with_slips(session: Session, exam_id: UUID, first: str, last: str) -> list[Candidate]:
    """Return who gets a slip: everybody from one number to another (empty: no bound) who has not withdrawn."""
    query = select(Candidate).where(Candidate.exam_id == exam_id, Candidate.withdrawn_at.is_(None))
    if first:
        query = query.where(Candidate.number >= first)
    if last:
        query = query.where(Candidate.number <= last)
    return list(session.scalars(query.order_by(Candidate.number)))


def candidate_numbers(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the numbers of these candidates, those that exist."""
    rows = session.execute(select(Candidate.id, Candidate.number).where(Candidate.id.in_(ids)))
    return {row.id: row.number for row in rows}
