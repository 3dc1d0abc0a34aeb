"""Accounts and sessions, straight through the services."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor, RoleGrant
from examapp.access.roles import Role
from examapp.accounts import services
from examapp.accounts.machines import remember_account
from examapp.accounts.models import Account, SignInCounter, StaffSession
from examapp.accounts.queries import (
    active_assignments,
    actor_of,
    find_account_by_username,
    find_live_session,
    list_accounts,
    token_digest,
)
from examapp.audit.models import AuditEvent
from examapp.core.errors import Conflict, Invalid, NotAllowed
from examapp.integrity.canonical import MAC
from examapp.integrity.keys import NodeKeys
from tests.cast import ADMINISTRATOR, PASSWORD, SECRETARY, Cast

EXAM = UUID(int=1)


@pytest.fixture
def cast(session: Session, now: datetime) -> Cast:
    return Cast(session, now, exam_id=EXAM)


def actions(session: Session) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.scope == "system").order_by(AuditEvent.number)
    return list(session.scalars(query))


def make(session: Session, now: datetime, username: str = "lan.nguyen", **more: object) -> Account:
    arguments: dict = {"actor": SYSTEM, "now": now} | more
    return services.create_account(session, username, "  Nguyễn  Thị Lan ", PASSWORD, **arguments)


def test_an_account_is_folded_hashed_and_recorded(session: Session, now: datetime) -> None:
    account = make(session, now, "Lan.Nguyen ", grants=[RoleGrant(Role.AUTHOR, "site", None)])
    assert (account.username, account.display_name) == ("lan.nguyen", "Nguyễn Thị Lan")
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in account.password_hash
    assert actor_of(account) == Actor(account.id, "Nguyễn Thị Lan", frozenset({RoleGrant(Role.AUTHOR, "site", None)}))
    assert actions(session) == ["account.created", "role.granted"]


@pytest.mark.parametrize(
    ("username", "name", "password", "code"),
    [
        ("lan nguyen", "Lan", PASSWORD, "bad_username"),
        ("lan", "Lan", "ngắn", "short_password"),
        ("lan", "   ", PASSWORD, "no_name"),
    ],
)
def test_bad_accounts_are_refused(
    session: Session, now: datetime, username: str, name: str, password: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_account(session, username, name, password, actor=SYSTEM, now=now)
    assert refused.value.code == code
    assert list_accounts(session).rows == []


def test_a_taken_name_is_a_conflict_and_the_session_goes_on(session: Session, now: datetime) -> None:
    make(session, now)
    with pytest.raises(Conflict, match=r"lan\.nguyen"):
        make(session, now)
    assert make(session, now, "lan.nguyen.2").id
    assert list_accounts(session).total == 2


def test_accounts_are_listed_by_given_name(session: Session, now: datetime) -> None:
    for username, name in (("a", "Trần Văn Út"), ("b", "Lê Thị Ánh"), ("c", "Đỗ Minh Đức"), ("d", "Bùi An")):
        services.create_account(session, username, name, PASSWORD, actor=SYSTEM, now=now)
    assert [account.username for account in list_accounts(session).rows] == ["d", "b", "c", "a"]


def test_the_database_keeps_a_digest_and_never_the_token(
    session: Session, now: datetime, keys: NodeKeys, cast: Cast
) -> None:
    cast.account(SECRETARY)
    account, token = services.sign_in(session, "thu.ky", PASSWORD, keys=keys, now=now)
    assert len(token) == 32
    assert session.scalars(select(StaffSession.token_digest)).all() == [token_digest(token)]
    live = find_live_session(session, token, now)
    assert live is not None
    assert live.account is account
    assert live.actor.grants == {RoleGrant(Role.SECRETARY, "exam", EXAM)}
    assert find_live_session(session, token_digest(token), now) is None, "what the database holds opens nothing"


HERE = services.Origin("10.0.0.7")


def fail(session: Session, keys: NodeKeys, now: datetime, *origins: services.Origin, name: str = "thu.ky") -> list[str]:
    """Sign in with a wrong password from each origin; return the codes of the refusals."""
    codes = []
    for origin in origins:
        with pytest.raises(NotAllowed) as refused:
            services.sign_in(session, name, "sai", origin=origin, keys=keys, now=now)
        codes.append(refused.value.code)
        services.record_failed_sign_in(session, name, origin=origin, keys=keys, now=now)
    return codes


def counted(session: Session) -> set[bytes]:
    return set(session.scalars(select(SignInCounter.name_digest)))


@pytest.mark.parametrize("name", ["thu.ky", "khong.co"])
def test_known_and_unknown_names_count_alike(
    session: Session, now: datetime, keys: NodeKeys, cast: Cast, name: str
) -> None:
    cast.account(SECRETARY)
    seen = []
    for second in range(6):
        moment = now + timedelta(seconds=second)
        with pytest.raises(NotAllowed) as refused:
            services.sign_in(session, name, "sai", origin=HERE, keys=keys, now=moment)
        seen.append((refused.value.code, refused.value.params))
        services.record_failed_sign_in(session, name, origin=HERE, keys=keys, now=moment)
    wrong = [("wrong_password", {"left": left, "minutes": 15}) for left in (4, 3, 2, 1)]
    assert seen == [*wrong, ("locked", {"minutes": 15}), ("locked", {"minutes": 15})]


def test_success_forgets_the_place_but_not_the_strangers_and_old_counts_are_swept(
    session: Session, now: datetime, keys: NodeKeys, cast: Cast
) -> None:
    cast.account(SECRETARY)
    fail(session, keys, now, HERE)
    services.sign_in(session, "thu.ky", PASSWORD, origin=HERE, keys=keys, now=now)
    assert counted(session) == {services.name_digest("thu.ky", keys)}
    fail(session, keys, now + timedelta(hours=2, seconds=1), HERE, name="x")
    assert counted(session) == {
        services.name_digest("x", keys),
        services.place_digest("x", HERE.address.encode(), keys),
    }


def test_strangers_lock_their_own_address_only(session: Session, now: datetime, keys: NodeKeys, cast: Cast) -> None:
    cast.account(SECRETARY)
    assert fail(session, keys, now, *[HERE] * 6)[-1] == "locked"
    with pytest.raises(NotAllowed, match="locked"):
        services.sign_in(session, "thu.ky", PASSWORD, origin=HERE, keys=keys, now=now)
    assert services.sign_in(session, "thu.ky", PASSWORD, origin=services.Origin("10.0.0.8"), keys=keys, now=now)


def test_a_machine_that_has_signed_in_before_is_not_locked_by_strangers(
    session: Session, now: datetime, keys: NodeKeys, cast: Cast
) -> None:
    account = cast.account(SECRETARY)
    known = services.Origin(HERE.address, remember_account(None, account.id, keys))
    crowd = [services.Origin(f"10.0.1.{host}") for host in range(8) for _ in range(5)]
    assert fail(session, keys, now, *crowd)[-1] == "locked_for_strangers"
    assert fail(session, keys, now, *[HERE] * 6)[-1] == "locked_for_strangers"
    with pytest.raises(NotAllowed, match="locked_for_strangers"):
        services.sign_in(session, "thu.ky", PASSWORD, origin=services.Origin("10.0.0.99"), keys=keys, now=now)
    assert services.sign_in(session, "thu.ky", PASSWORD, origin=known, keys=keys, now=now)


def test_a_known_machine_guesses_no_faster_than_a_stranger(
    session: Session, now: datetime, keys: NodeKeys, cast: Cast
) -> None:
    account = cast.account(SECRETARY)
    known = services.Origin(HERE.address, remember_account(None, account.id, keys))
    assert fail(session, keys, now, *[known] * 6) == ["wrong_password"] * 4 + ["locked"] * 2
    assert services.name_digest("thu.ky", keys) not in counted(session)
    other = services.Origin(HERE.address, remember_account(None, cast.account(ADMINISTRATOR).id, keys))
    assert fail(session, keys, now, other) == ["wrong_password"]
    assert services.name_digest("thu.ky", keys) in counted(session), "known for another account is a stranger here"


def test_addresses_of_one_network_of_ipv6_count_as_one(
    session: Session, now: datetime, keys: NodeKeys, cast: Cast
) -> None:
    cast.account(SECRETARY)
    assert fail(session, keys, now, *[services.Origin(f"2001:db8:1:2::{host}") for host in range(6)])[-1] == "locked"
    assert fail(session, keys, now, services.Origin("2001:db8:1:3::1")) == ["wrong_password"]


def test_the_name_typed_is_not_readable_in_the_table(session: Session, now: datetime, keys: NodeKeys) -> None:
    services.record_failed_sign_in(session, "mật khẩu của tôi", origin=HERE, keys=keys, now=now)
    other_node, place = NodeKeys(bytes(32)), HERE.address.encode()
    for digest_of in (services.name_digest, lambda name, keys: services.place_digest(name, place, keys)):
        assert digest_of("mật khẩu của tôi", keys) in counted(session)
        assert digest_of("mật khẩu của tôi", other_node) not in counted(session)


def test_names_are_counted_under_keys_of_their_own_use(keys: NodeKeys) -> None:
    place = HERE.address.encode()
    assert services.name_digest("x", keys) == MAC(keys.sign_in_name_key, "khaothi/sign-in-name/v1", "x")
    assert services.place_digest("x", place, keys) == MAC(
        keys.sign_in_place_key, "khaothi/sign-in-place/v1", "x", place
    )


def test_a_disabled_account_has_no_session_and_opens_none(
    session: Session, now: datetime, keys: NodeKeys, cast: Cast
) -> None:
    account, token = cast.account(SECRETARY), cast.token(SECRETARY)
    session.flush()
    services.disable_account(session, account, actor=cast.actor(ADMINISTRATOR), now=now)
    services.disable_account(session, account, actor=cast.actor(ADMINISTRATOR), now=now)
    session.expire_all()
    assert find_live_session(session, token, now) is None
    with pytest.raises(NotAllowed) as refused:
        services.sign_in(session, "thu.ky", PASSWORD, keys=keys, now=now)
    assert refused.value.code == "wrong_password"
    services.enable_account(session, account, actor=cast.actor(ADMINISTRATOR), now=now)
    assert services.sign_in(session, "thu.ky", PASSWORD, keys=keys, now=now)
    assert find_live_session(session, token, now) is None, "the old session stays ended"
    assert actions(session).count("account.disabled") == 1


def test_nobody_locks_himself_out(session: Session, now: datetime, cast: Cast) -> None:
    account, actor = cast.account(ADMINISTRATOR), cast.actor(ADMINISTRATOR)
    with pytest.raises(Conflict):
        services.disable_account(session, account, actor=actor, now=now)
    with pytest.raises(Conflict):
        services.revoke_role(session, active_assignments(account)[0], actor=actor, now=now)


def test_a_role_is_given_once_and_its_history_stays(session: Session, now: datetime, cast: Cast) -> None:
    account = cast.account(SECRETARY)
    grant = RoleGrant(Role.AUTHOR, "subject", EXAM)
    first = services.grant_role(session, account, grant, actor=SYSTEM, now=now)
    assert services.grant_role(session, account, grant, actor=SYSTEM, now=now) is first
    services.revoke_role(session, first, actor=SYSTEM, now=now)
    services.revoke_role(session, first, actor=SYSTEM, now=now)
    assert grant not in actor_of(account).grants
    second = services.grant_role(session, account, grant, actor=SYSTEM, now=now)
    assert second.id != first.id
    assert actions(session)[-3:] == ["role.granted", "role.revoked", "role.granted"]


def test_a_new_password_ends_the_other_sessions(session: Session, now: datetime, keys: NodeKeys, cast: Cast) -> None:
    here, there = cast.token(SECRETARY), cast.token(SECRETARY)
    session.flush()
    live = find_live_session(session, here, now)
    assert live is not None
    services.change_password(session, live, current=PASSWORD, new="hoa súng ban mai", now=now)
    session.expire_all()
    assert find_live_session(session, here, now)
    assert find_live_session(session, there, now) is None
    assert services.sign_in(session, "thu.ky", "hoa súng ban mai", keys=keys, now=now)


@pytest.mark.parametrize(
    ("current", "new", "code"),
    [
        ("sai rồi", "hoa súng ban mai", "wrong_current"),
        (PASSWORD, "ngắn", "short_password"),
        (PASSWORD, PASSWORD, "same_password"),
    ],
)
def test_a_bad_new_password_changes_nothing(
    session: Session, now: datetime, cast: Cast, current: str, new: str, code: str
) -> None:
    token = cast.token(SECRETARY)
    session.flush()
    live = find_live_session(session, token, now)
    assert live is not None
    before = live.account.password_hash
    with pytest.raises(Invalid) as refused:
        services.change_password(session, live, current=current, new=new, now=now)
    assert refused.value.code == code
    assert live.account.password_hash == before


def test_a_reset_password_must_be_changed(session: Session, now: datetime, cast: Cast) -> None:
    token = cast.token(SECRETARY)
    account = cast.account(SECRETARY)
    session.flush()
    services.reset_password(session, account, "mật khẩu tạm 1", actor=SYSTEM, now=now)
    session.expire_all()
    assert account.must_change_password
    assert find_live_session(session, token, now) is None


def test_the_last_seen_mark_moves_at_most_once_a_minute(session: Session, now: datetime, cast: Cast) -> None:
    digest = token_digest(cast.token(SECRETARY))
    session.flush()
    for seconds, expected in ((30, 0), (60, 60), (90, 60), (120, 120)):
        services.mark_seen(session, digest, now=now + timedelta(seconds=seconds))
        seen = session.scalar(select(StaffSession.seen_at).execution_options(populate_existing=True))
        assert seen == now + timedelta(seconds=expected)


def test_an_old_hash_is_renewed_at_sign_in(session: Session, now: datetime, keys: NodeKeys, cast: Cast) -> None:
    cast.account(SECRETARY)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    session.execute(update(Account).values(password_hash=weak))
    services.sign_in(session, "thu.ky", PASSWORD, keys=keys, now=now)
    account = find_account_by_username(session, "thu.ky")
    assert account is not None
    assert account.password_hash != weak
