"""`docs/permissions.md` as text, made from the table itself so that the page cannot tell a different story."""

from uuid import UUID

from examapp.access.actor import Actor, RoleGrant
from examapp.access.permissions import MEANINGS, Permission
from examapp.access.policy import POLICY, is_allowed
from examapp.access.roles import Role
from examapp.access.scopes import SITE, Scope

_SOMEBODY = UUID(int=1)
_SOMEWHERE = UUID(int=2)

_HEAD = """\
# Permissions

Made by `scripts/write_permissions.py` from `examapp/access/policy.py`; a test compares the two. Change the table, not
this page.

A permission is named `scope:resource:action`. Roles are held for the whole site, for one exam or for one
subject. **●**: the role in that exam or subject is enough, and says nothing about any other; the role for the
site holds in all of them. **S**: only the role for the site is enough. An empty cell is a refusal, and so is
everything that stands in no row. Somebody who has no business in an exam at all is told that it does not exist
(404), everybody else that it is not allowed (403); both are in the log.
"""


def permissions_page() -> str:
    """Return the whole page."""
    lines = [_HEAD, "## Who may do what", "", _row("Permission", *(role.value for role in Role))]
    lines.append(_row("---", *(":-:" for _ in Role)))
    lines += [_row(f"`{permission}`", *(_cell(role, permission) for role in Role)) for permission in Permission]
    lines += ["", "## What each one allows", "", _row("Permission", "Allows", "Held by whoever")]
    lines.append(_row("---", "---", "---"))
    lines += [_row(f"`{permission}`", MEANINGS[permission], _holders(permission)) for permission in Permission]
    return "\n".join(lines) + "\n"


def _cell(role: Role, permission: Permission) -> str:
    """Return S when only the role for the site is enough, a dot when the role in that exam or subject is."""
    kind = permission.scope_type
    local = Scope(kind, _SOMEWHERE) if kind in ("exam", "subject") else SITE
    if kind in ("exam", "subject") and is_allowed(_holding(role, kind, _SOMEWHERE), permission, local):
        return "●"
    return "S" if is_allowed(_holding(role, "site", None), permission, SITE) else ""


def _holding(role: Role, scope_type: str, scope_id: UUID | None) -> Actor:
    return Actor(_SOMEBODY, "", frozenset({RoleGrant(role, scope_type, scope_id)}))


def _holders(permission: Permission) -> str:
    """Return the alternatives in the words of the predicates' names."""
    alternatives = [" and ".join(_words(one.__name__) for one in together) for together in POLICY[permission]]
    return ", or ".join(alternatives)


def _words(name: str) -> str:
    return name.removeprefix("actor_").replace("_", " ")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
