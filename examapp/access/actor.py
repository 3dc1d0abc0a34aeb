"""The person (or the machine) who does a deed, as services and the audit chain see them."""

from dataclasses import dataclass
from uuid import UUID

from examapp.access.roles import Role
from examapp.core.i18n import N_


@dataclass(frozen=True)
class RoleGrant:
    """A role in force: `scope_type` is site, exam or subject; `scope_id` is None for the site."""

    role: Role
    scope_type: str
    scope_id: UUID | None


@dataclass(frozen=True)
class Actor:
    """Who acts: id and name as the audit chain writes them, and the roles in force."""

    id: UUID | None
    name: str
    grants: frozenset[RoleGrant] = frozenset()
    #: what the audit chain writes for an actor without an account
    id_without_account: str = "system"

    @property
    def id_text(self) -> str:
        """Return the id as the audit chain stores it; the machine itself is `system`."""
        return str(self.id) if self.id else self.id_without_account


#: jobs and commands act under this name
SYSTEM = Actor(id=None, name=N_("Hệ thống"))

#: whoever has not signed in; holds no role, so every permission is refused
ANONYMOUS = Actor(id=None, name=N_("Khách"), id_without_account="anonymous")
