"""What the start page shows, composed from the features' own queries."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from examapp.access.actor import Actor


@dataclass(frozen=True)
class Home:
    """The start page of one person. Features to the left add their lists here as their pages come."""

    roles: int


def home_of(session: Session, actor: Actor) -> Home:
    """Return what this person finds on the start page."""
    return Home(roles=len(actor.grants))
