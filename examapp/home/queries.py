"""What the start page shows, composed from the features' own queries."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.access.permissions import Permission
from examapp.access.policy import reach_of
from examapp.exams.models import Exam, ExamTest
from examapp.sittings.models import Sitting
from examapp.sittings.queries import list_sittings

_NEWEST = 8


@dataclass(frozen=True)
class Home:
    """The start page of one person. Features to the left add their lists here as their pages come."""

    roles: int
    sittings: list[tuple[Sitting, ExamTest, Exam]]


def home_of(session: Session, actor: Actor) -> Home:
    """Return what this person finds on the start page."""
    reach = reach_of(actor, Permission.EXAM_EXAM_SEE)
    return Home(roles=len(actor.grants), sittings=list_sittings(session, reach, _NEWEST) if reach else [])
