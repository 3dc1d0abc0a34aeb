"""Pages of events: from key to key in both directions, whatever the times are; filters that come back as they were."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor
from examapp.audit.queries import EventFilter, EventPage, Key, actor_names, count_events, page_of_events
from examapp.audit.queries.lines import Change, changes_of
from examapp.audit.rules import ACTIONS, GROUPS, actions_of
from examapp.audit.services import record
from examapp.integrity.canonical import jcs

EXAM = EventFilter(scopes=frozenset({"exam:1", "sitting:2"}))


@pytest.fixture
def seven(session: Session, now: datetime) -> list[int]:
    """Write seven events into two logs, several at the same moment; return their numbers as a page orders them."""
    for number in range(7):
        scope = "exam:1" if number % 3 else "sitting:2"
        moment = now + timedelta(seconds=number // 4)
        record(session, scope, "exam.changed", f"KT-{number}", {}, actor=SYSTEM, now=moment)
    session.flush()
    return [6, 5, 4, 3, 0, 2, 1]


def turns(page: EventPage) -> list[int]:
    return [int(row.event.subject.removeprefix("KT-")) for row in page.rows]


def test_pages_lead_to_each_other_in_both_directions(session: Session, seven: list[int]) -> None:
    first = page_of_events(session, EXAM, size=3)
    assert (turns(first), first.newer) == (seven[:3], None)
    second = page_of_events(session, EXAM, before=first.older, size=3)
    assert turns(second) == seven[3:6]
    third = page_of_events(session, EXAM, before=second.older, size=3)
    assert (turns(third), third.older) == (seven[6:], None)
    back = page_of_events(session, EXAM, after=third.newer, size=3)
    assert turns(back) == seven[3:6]
    assert back.older is not None
    assert back.newer is not None
    newest = page_of_events(session, EXAM, after=back.newer, size=3)
    assert (turns(newest), newest.newer) == (seven[:3], None)


def test_an_empty_set_finds_nothing(session: Session, seven: list[int]) -> None:
    for nothing in (EventFilter(scopes=frozenset()), EventFilter(actors=frozenset()), EventFilter(actions=frozenset())):
        page = page_of_events(session, nothing)
        assert (page.rows, page.newer, page.older) == ([], None, None)


def test_a_count_ends_at_its_limit(session: Session, seven: list[int]) -> None:
    assert [count_events(session, EXAM, most) for most in (3, 7, 100)] == [4, 7, 7]


def test_names_are_found_without_accents(session: Session, now: datetime) -> None:
    for name in ("Trần Đức", "Trần Đức", "Lê Hoa"):
        record(session, "exam:1", "exam.changed", "x", {}, actor=Actor(None, name), now=now)
    assert actor_names(session, "tran duc") == {"Trần Đức"}
    assert actor_names(session, "") >= {"Trần Đức", "Lê Hoa", "Hệ thống"}


def test_a_filter_comes_back_from_a_jobs_value(now: datetime) -> None:
    whole = EventFilter(
        frozenset({"exam:1"}), frozenset({"Lê"}), frozenset(), "CA", frozenset({"sitting:2"}), now, now + timedelta(1)
    )
    for wanted in (whole, EventFilter()):
        assert EventFilter.from_text(wanted.to_text()) == wanted


def test_a_filter_never_leaves_the_logs_one_may_read() -> None:
    mine = frozenset({"exam:1"})
    assert EventFilter().within(mine).scopes == mine
    assert EventFilter(scopes=frozenset({"exam:1", "system"})).within(mine).scopes == mine
    assert EventFilter(scopes=frozenset({"system"})).within(mine).scopes == frozenset()


@pytest.mark.parametrize("text", [None, "", "x", "~~", "2026~1~system", "2026-11-24T01:00:00.000Z~-1~system"])
def test_what_is_no_key_is_none(text: str | None) -> None:
    assert Key.from_text(text) is None


def test_a_key_comes_back_from_an_address(now: datetime) -> None:
    key = Key(now, "sitting:a~b", 12)
    assert Key.from_text(key.to_text()) == key


def test_every_deed_is_in_one_group() -> None:
    groups = [actions_of(group) or frozenset() for group in GROUPS]
    assert frozenset().union(*groups) == set(ACTIONS)
    assert sum(map(len, groups)) == len(ACTIONS)
    assert actions_of("none of them") is None


def test_before_and_after_stand_apart() -> None:
    details = {"minutes": {"before": 60, "after": 90}, "reason": "Mất điện"}
    assert changes_of(jcs(details).decode(), str) == [Change("Số phút", "60", "90"), Change("Lý do", None, "Mất điện")]
    assert changes_of("no JSON", str) == [Change("", None, "no JSON")]
