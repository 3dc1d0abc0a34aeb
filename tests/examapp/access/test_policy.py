"""The permission table: every row, what each role may do where, and that nothing is allowed by accident."""

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.access.actor import ANONYMOUS, SYSTEM, Actor, RoleGrant
from examapp.access.document import permissions_page
from examapp.access.permissions import MEANINGS, Permission
from examapp.access.policy import POLICY, is_allowed, is_allowed_somewhere, knows_of, reach_of
from examapp.access.roles import Role
from examapp.access.scopes import SITE, Scope, exam_scope, scope_of, subject_scope

P = Permission
EXAM, OTHER = UUID(int=1), UUID(int=2)


def person(*grants: RoleGrant) -> Actor:
    return Actor(UUID(int=9), "Ví Dụ", frozenset(grants))


def in_exam(role: Role) -> Actor:
    return person(RoleGrant(role, "exam", EXAM))


def on_site(role: Role) -> Actor:
    return person(RoleGrant(role, "site", None))


EVERYBODY = {P.ACCOUNT_FILES_TAKE, P.ACCOUNT_HOME_OPEN, P.ACCOUNT_JOBS_SEE, P.ACCOUNT_PASSWORD_CHANGE}
SEES_SITTINGS = {P.EXAM_EXAM_SEE, P.EXAM_SITTING_WATCH}
COUNCIL = {
    P.EXAM_AUDIT_READ,
    P.EXAM_BLUEPRINT_LOCK,
    P.EXAM_CANDIDATES_MANAGE,
    P.EXAM_EXAM_MANAGE,
    P.EXAM_RESULTS_SEE,
    P.EXAM_SITTING_FREEZE,
    P.EXAM_SITTING_SEAL,
    P.EXAM_SLIPS_PRINT,
}

#: what a role in one exam allows in that exam, written a second time on purpose: the table must not change by accident
IN_EXAM = {
    Role.ADMINISTRATOR: {P.EXAM_AUDIT_READ},
    Role.AUTHOR: set(),
    Role.COUNCIL_CHAIR: SEES_SITTINGS
    | COUNCIL
    | {P.EXAM_ATTEMPT_VOID, P.EXAM_SITTING_OPEN, P.EXAM_KEYS_OPEN, P.EXAM_RESULTS_PUBLISH},
    Role.SECRETARY: SEES_SITTINGS | COUNCIL,
    Role.INVIGILATOR: SEES_SITTINGS | {P.EXAM_MACHINE_TRANSFER},
    Role.COORDINATOR: SEES_SITTINGS | {P.EXAM_MACHINE_TRANSFER},
}


def test_every_permission_has_a_row_and_a_meaning_and_the_named_grammar() -> None:
    assert set(POLICY) == set(MEANINGS) == set(Permission)
    for permission in Permission:
        parts = permission.value.split(":")
        assert len(parts) == 3
        assert parts[0] in ("account", "site", "exam", "subject")
        assert permission.name == permission.value.upper().replace(":", "_")


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_in_an_exam_allows_there_and_nowhere_else(role: Role) -> None:
    actor = in_exam(role)
    assert {one for one in Permission if is_allowed(actor, one, exam_scope(EXAM))} == IN_EXAM[role]
    for scope in (exam_scope(OTHER), subject_scope(EXAM)):
        assert not [one for one in Permission if is_allowed(actor, one, scope)]
    assert {one for one in Permission if is_allowed(actor, one, SITE)} == EVERYBODY


@pytest.mark.parametrize("role", list(Role))
def test_a_role_for_the_site_allows_at_least_as_much_in_every_exam(role: Role) -> None:
    allowed = {one for one in Permission if is_allowed(on_site(role), one, exam_scope(OTHER))}
    assert allowed >= IN_EXAM[role]


@pytest.mark.parametrize("permission", [P.SUBJECT_BANK_SEE, P.EXAM_EXAM_SEE, P.EXAM_KEYS_OPEN, P.EXAM_RESULTS_SEE])
def test_the_administrator_keeps_accounts_and_sees_no_exam(permission: Permission) -> None:
    assert not is_allowed_somewhere(on_site(Role.ADMINISTRATOR), permission)
    assert is_allowed(on_site(Role.ADMINISTRATOR), P.SITE_ACCOUNTS_MANAGE)


@pytest.mark.parametrize("actor", [ANONYMOUS, SYSTEM], ids=["anonymous", "system"])
@pytest.mark.parametrize("permission", list(Permission))
def test_whoever_has_not_signed_in_may_do_nothing(actor: Actor, permission: Permission) -> None:
    assert not is_allowed(actor, permission, SITE)
    assert not is_allowed_somewhere(actor, permission)


grants = st.builds(
    lambda role, scope: RoleGrant(role, *scope),
    st.sampled_from(Role),
    st.sampled_from([("site", None), ("exam", EXAM), ("exam", OTHER), ("subject", EXAM), ("subject", OTHER)]),
)


@given(st.frozensets(grants, max_size=4), st.sampled_from(Permission), grants)
def test_more_roles_never_allow_less_and_a_list_is_what_its_rows_are(
    held: frozenset[RoleGrant], permission: Permission, more: RoleGrant
) -> None:
    actor, richer = person(*held), person(*held, more)
    reach = reach_of(actor, permission)
    assert bool(reach) == is_allowed_somewhere(actor, permission)
    for scope_id in (EXAM, OTHER):
        scope = Scope(permission.scope_type, scope_id)
        allowed = is_allowed(actor, permission, scope)
        assert allowed <= is_allowed(richer, permission, scope)
        if permission.scope_type in ("exam", "subject"):
            assert allowed == (reach.everywhere or scope_id in reach.ids)
            assert allowed <= knows_of(actor, scope)


def test_to_a_stranger_an_exam_does_not_exist() -> None:
    assert knows_of(in_exam(Role.INVIGILATOR), exam_scope(EXAM))
    assert knows_of(on_site(Role.AUTHOR), exam_scope(EXAM))
    assert not knows_of(in_exam(Role.INVIGILATOR), exam_scope(OTHER))
    assert not knows_of(in_exam(Role.INVIGILATOR), subject_scope(EXAM))


def test_a_kind_of_thing_without_a_scope_stops_instead_of_being_judged() -> None:
    with pytest.raises(TypeError, match="UUID"):
        scope_of(EXAM)


def test_the_page_in_docs_is_the_table() -> None:
    page = Path(__file__).parents[3] / "docs" / "permissions.md"
    assert page.read_text(encoding="utf-8") == permissions_page(), "run scripts/write_permissions.py"
