"""Odd searches, a double click and two administrators at once on the pages of accounts."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.models import Account, RoleAssignment
from examapp.accounts.queries import find_account_by_username
from examapp.accounts.services import grant_role
from examapp.audit.models import AuditEvent
from examapp.integrity.keys import NodeKeys
from tests.cast import ADMINISTRATOR, NOBODY, Cast
from tests.conftest import NOW, CommittedDatabase
from tests.factories import at_once
from tests.functional.exam_day import Day


@pytest.mark.parametrize("query", ["q=%00", "q=quan%00.tri"])
def test_a_search_with_a_zero_byte_is_a_search_without_it(day: Day, query: str) -> None:
    assert "quan.tri" in day.browser(ADMINISTRATOR).open(f"/tai-khoan?{query}").text


def test_a_role_of_nothing_but_a_zero_byte_is_no_role(day: Day) -> None:
    account = Cast(day.session, NOW).account(NOBODY)
    day.session.commit()
    path, browser = f"/tai-khoan/{account.id}", day.browser(ADMINISTRATOR)
    browser.submit(browser.open(path), f"{path}/vai-tro", status=422, role="\0", scope="site")


@pytest.mark.parametrize("grant", [RoleGrant(Role.AUTHOR, "site", None)])
def test_a_role_given_twice_at_once_is_given_once(
    committed_db: CommittedDatabase, keys: NodeKeys, grant: RoleGrant
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        Cast(session, NOW).account(NOBODY)

    def give(session: Session) -> None:
        account = find_account_by_username(session, NOBODY.username)
        assert isinstance(account, Account)
        grant_role(session, account, grant, actor=SYSTEM, now=NOW)

    assert at_once(committed_db.engine, keys, give, give) is None
    with Session(committed_db.engine) as session:
        assert len(session.scalars(select(RoleAssignment)).all()) == 1
        events = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "role.granted"))
        assert len(events.all()) == 1
