"""The sentences of which the permission table is made: `(actor, scope) -> bool`, pure, named as what they say.

A role held for the whole site holds in every exam and subject; a role held for one exam says nothing about another.
"""

from collections.abc import Callable

from examapp.access.actor import Actor
from examapp.access.roles import Role
from examapp.access.scopes import Scope

Predicate = Callable[[Actor, Scope], bool]


def actor_has_role(actor: Actor, role: Role, scope: Scope) -> bool:
    """Say whether the actor holds `role` for the site or for exactly this scope."""
    return any(
        grant.role == role
        and (grant.scope_type == "site" or (grant.scope_type, grant.scope_id) == (scope.type, scope.id))
        for grant in actor.grants
    )


def actor_is_signed_in(actor: Actor, scope: Scope) -> bool:
    """Anybody with an account."""
    return actor.id is not None


def actor_is_administrator(actor: Actor, scope: Scope) -> bool:
    """Keeps accounts and reads the log; sees no question or paper until he gives himself a role, which is logged."""
    return actor_has_role(actor, Role.ADMINISTRATOR, scope)


def actor_chairs(actor: Actor, scope: Scope) -> bool:
    """Chairs the council of the exam."""
    return actor_has_role(actor, Role.COUNCIL_CHAIR, scope)


def actor_is_secretary(actor: Actor, scope: Scope) -> bool:
    """Keeps the files of the council."""
    return actor_has_role(actor, Role.SECRETARY, scope)


def actor_is_author(actor: Actor, scope: Scope) -> bool:
    """Writes questions of the subject."""
    return actor_has_role(actor, Role.AUTHOR, scope)


def actor_invigilates(actor: Actor, scope: Scope) -> bool:
    """Sits in a room of the exam."""
    return actor_has_role(actor, Role.INVIGILATOR, scope)


def actor_coordinates(actor: Actor, scope: Scope) -> bool:
    """Runs the exam site on the day: machines, network, rooms."""
    return actor_has_role(actor, Role.COORDINATOR, scope)
