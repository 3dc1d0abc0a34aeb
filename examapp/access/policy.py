"""The whole site's authorisation in one table: permission -> alternatives -> predicates that must all hold.

Deny by default: what stands in no row is refused. `docs/permissions.md` is written from this table and tested equal
to it.
"""

from dataclasses import dataclass
from uuid import UUID

from examapp.access import predicates as p
from examapp.access.actor import Actor
from examapp.access.permissions import Permission
from examapp.access.scopes import SITE, Scope

Alternatives = tuple[tuple[p.Predicate, ...], ...]

POLICY: dict[Permission, Alternatives] = {
    Permission.ACCOUNT_FILES_TAKE: ((p.actor_is_signed_in,),),
    Permission.ACCOUNT_HOME_OPEN: ((p.actor_is_signed_in,),),
    Permission.ACCOUNT_JOBS_SEE: ((p.actor_is_signed_in,),),
    Permission.ACCOUNT_PASSWORD_CHANGE: ((p.actor_is_signed_in,),),
    Permission.EXAM_ATTEMPT_VOID: ((p.actor_chairs,),),
    Permission.EXAM_AUDIT_READ: ((p.actor_chairs,), (p.actor_is_secretary,), (p.actor_is_administrator,)),
    Permission.EXAM_BLUEPRINT_LOCK: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.EXAM_CANDIDATES_MANAGE: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.EXAM_EXAM_MANAGE: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.EXAM_EXAM_SEE: (
        (p.actor_chairs,),
        (p.actor_is_secretary,),
        (p.actor_invigilates,),
        (p.actor_coordinates,),
    ),
    Permission.EXAM_KEYS_OPEN: ((p.actor_chairs,),),
    Permission.EXAM_MACHINE_TRANSFER: ((p.actor_invigilates,), (p.actor_coordinates,)),
    Permission.EXAM_RESULTS_PUBLISH: ((p.actor_chairs,),),
    Permission.EXAM_RESULTS_SEE: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.EXAM_SITTING_FREEZE: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.EXAM_SITTING_OPEN: ((p.actor_chairs,),),
    Permission.EXAM_SITTING_SEAL: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.EXAM_SITTING_WATCH: (
        (p.actor_chairs,),
        (p.actor_is_secretary,),
        (p.actor_invigilates,),
        (p.actor_coordinates,),
    ),
    Permission.EXAM_SLIPS_PRINT: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.SITE_ACCOUNTS_MANAGE: ((p.actor_is_administrator,),),
    Permission.SITE_AUDIT_READ: ((p.actor_is_administrator,), (p.actor_chairs,)),
    Permission.SITE_EXAMS_CREATE: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.SITE_JOBS_MANAGE: ((p.actor_is_administrator,),),
    Permission.SITE_SUBJECTS_CREATE: ((p.actor_is_author,), (p.actor_is_secretary,)),
    Permission.SUBJECT_BANK_SEE: ((p.actor_is_author,), (p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.SUBJECT_KEYS_TAKE: ((p.actor_chairs,), (p.actor_is_secretary,)),
    Permission.SUBJECT_QUESTIONS_IMPORT: ((p.actor_is_author,), (p.actor_is_secretary,)),
    Permission.SUBJECT_QUESTIONS_WRITE: ((p.actor_is_author,), (p.actor_is_secretary,)),
    Permission.SUBJECT_TOPICS_MANAGE: ((p.actor_is_author,), (p.actor_is_secretary,)),
}


@dataclass(frozen=True)
class Reach:
    """Where an actor holds a permission: everywhere, or in the scopes with these ids."""

    everywhere: bool
    ids: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.ids)


def is_allowed(actor: Actor, permission: Permission, scope: Scope = SITE) -> bool:
    """Say whether the actor may do this in this scope; asked about another kind of scope, the answer is no."""
    if scope.type not in (SITE.type, permission.scope_type):
        return False
    return any(all(holds(actor, scope) for holds in alternative) for alternative in POLICY.get(permission, ()))


def reach_of(actor: Actor, permission: Permission) -> Reach:
    """Say where the actor holds a permission; the filter of every list (`queries.visible_to`)."""
    kind = permission.scope_type
    if is_allowed(actor, permission, SITE):
        return Reach(everywhere=True)
    held = {grant.scope_id for grant in actor.grants if grant.scope_type == kind and grant.scope_id is not None}
    return Reach(False, frozenset(one for one in held if is_allowed(actor, permission, Scope(kind, one))))


def is_allowed_somewhere(actor: Actor, permission: Permission) -> bool:
    """Say whether the permission holds in at least one scope: enough to open a list, never to touch a thing in it."""
    return bool(reach_of(actor, permission))


def knows_of(actor: Actor, scope: Scope) -> bool:
    """Say whether the actor has any business in this scope; to everybody else its very existence is a secret."""
    return any(
        grant.scope_type == "site" or (grant.scope_type, grant.scope_id) == (scope.type, scope.id)
        for grant in actor.grants
    )
