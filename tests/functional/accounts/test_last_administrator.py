"""Somebody always remains who can manage accounts, even when two administrators close each other at once."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor
from examapp.access.roles import Role
from examapp.accounts import services
from examapp.accounts.models import Account
from examapp.accounts.queries import actor_of
from examapp.core.errors import Conflict
from examapp.integrity.keys import NodeKeys
from tests.cast import ADMINISTRATOR, Cast, Person
from tests.conftest import NOW, CommittedDatabase
from tests.factories import at_once

OTHER = Person("quan.tri.2", "Mai Quản Trị", Role.ADMINISTRATOR, site=True)
Deed = Callable[[Session, Account, Actor], None]
LAST = "Đây là người quản trị cuối cùng còn mở."


def close(session: Session, account: Account, actor: Actor) -> None:
    services.disable_account(session, session.get_one(Account, account.id), actor=actor, now=NOW)


def take_role(session: Session, account: Account, actor: Actor) -> None:
    [role] = session.get_one(Account, account.id).assignments
    services.revoke_role(session, role, actor=actor, now=NOW)


@pytest.mark.parametrize("deed", [close, take_role])
@pytest.mark.parametrize("second_deed", [close, take_role])
def test_two_who_end_each_other_at_once(
    cast: Cast, stored: Session, committed_db: CommittedDatabase, keys: NodeKeys, deed: Deed, second_deed: Deed
) -> None:
    one, other = cast.account(ADMINISTRATOR), cast.account(OTHER)
    actors = actor_of(one), actor_of(other)
    stored.commit()
    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: deed(session, other, actors[0]),
        lambda session: second_deed(session, one, actors[1]),
    )
    assert isinstance(raised, Conflict)
    assert raised.message.startswith(LAST)


@pytest.mark.parametrize("deed", [close, take_role])
def test_not_even_the_command_line_ends_the_last_one(cast: Cast, stored: Session, deed: Deed) -> None:
    one, other = cast.account(ADMINISTRATOR), cast.account(OTHER)
    stored.flush()
    deed(stored, other, SYSTEM)
    with pytest.raises(Conflict, match="last_administrator"):
        deed(stored, one, SYSTEM)
