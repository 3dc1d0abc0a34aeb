"""Minutes that nobody decided are named at the sealing: those still there, and those taken back, by their rows."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from examapp.delivery.models import RootKind, SittingRoot
from examapp.delivery.services.sealed import sealed_findings
from examapp.integrity.keys import NodeKeys
from tests.examapp.delivery.conftest import AFTER, END, NUMBERS, START, Hall

SECOND = timedelta(seconds=1)
LONG_AFTER = AFTER + timedelta(hours=1)


def tamper(session: Session, changes: str, number: str = "0002") -> None:
    """Write past the application, as an administrator of the database can."""
    session.execute(text(f"UPDATE attempts SET {changes} WHERE candidate_number = :number"), {"number": number})
    session.expire_all()


def test_as_decided_nothing_is_named(hall: Hall, session: Session, keys: NodeKeys) -> None:
    attempt = hall.begin("0002")
    hall.save(attempt, 1, 0, 1, at=START)
    hall.save(attempt, 2, 0, 2, at=END + 5 * SECOND)
    hall.save(attempt, 3, 0, 3, at=END + 120 * SECOND, late=True)
    hall.save(attempt, 4, 0, 3, at=END + timedelta(hours=1), fenced=True)
    root = hall.seal()
    found = sealed_findings(session, hall.drawn.sitting, keys)
    assert (found.genuine, found.root) == (True, root.root.hex())
    assert (found.receipts_differing, found.times_differing, found.rows_out_of_time) == ([], [], {})


@pytest.mark.parametrize(
    "changes",
    [
        "closes_at = closes_at + interval '30 minutes'",
        "closes_at = closes_at + interval '30 minutes', extra_minutes = 30",
        "closes_at = closes_at - interval '1 minute'",
        "starts_at = starts_at - interval '10 minutes'",
        "extra_minutes = 30",
        "minutes = 90",
        "grace_seconds = 0",
    ],
)
def test_times_that_nobody_decided_are_named(hall: Hall, session: Session, keys: NodeKeys, changes: str) -> None:
    tamper(session, changes)
    assert hall.seal(LONG_AFTER).leaves == 3
    found = sealed_findings(session, hall.drawn.sitting, keys)
    assert (found.times_differing, found.rows_out_of_time) == (["0002"], {})


@pytest.mark.parametrize(
    ("at", "late"),
    [(START - SECOND, False), (END + 6 * SECOND, False), (END + 121 * SECOND, True), (END + timedelta(hours=1), False)],
)
def test_minutes_taken_back_before_the_sealing_show_by_their_rows(
    hall: Hall, session: Session, keys: NodeKeys, at: timedelta, late: bool
) -> None:
    attempt = hall.begin("0002")
    tamper(session, "closes_at = closes_at + interval '2 hours', starts_at = starts_at - interval '1 hour'")
    hall.save(attempt, 1, 0, 1)
    hall.save(attempt, 2, 0, 2, at=at, late=late)
    tamper(session, "closes_at = closes_at - interval '2 hours', starts_at = starts_at + interval '1 hour'")
    hall.seal(LONG_AFTER)
    found = sealed_findings(session, hall.drawn.sitting, keys)
    assert (found.times_differing, found.rows_out_of_time) == ([], {"0002": 1})


def test_without_a_readable_package_nobody_is_proved_and_the_sealing_goes_on(
    hall: Hall, session: Session, keys: NodeKeys
) -> None:
    session.execute(text("UPDATE packages SET content = 'x'"))
    session.expire_all()
    assert hall.seal().leaves == 3
    assert sealed_findings(session, hall.drawn.sitting, keys).times_differing == list(NUMBERS)


def test_findings_that_were_altered_are_not_believed(hall: Hall, session: Session, keys: NodeKeys) -> None:
    tamper(session, "extra_minutes = 30")
    hall.seal()
    session.execute(text("ALTER TABLE audit_details DISABLE TRIGGER USER"))
    session.execute(text("UPDATE audit_details SET details = replace(details, '\"0002\"', '')"))
    assert not sealed_findings(session, hall.drawn.sitting, keys).genuine


def test_a_root_that_was_taken_away_and_made_again_is_not_the_one_that_was_sealed(
    hall: Hall, session: Session, keys: NodeKeys
) -> None:
    hall.seal()
    session.execute(text("DELETE FROM sitting_roots"))
    tamper(session, "leaf = NULL, blind = decode(repeat('07', 32), 'hex')")
    session.execute(text("UPDATE sittings SET state = 'ready'"))
    session.expunge_all()
    hall.seal()
    stored = session.get_one(SittingRoot, (hall.drawn.sitting, RootKind.ANSWERS))
    assert sealed_findings(session, hall.drawn.sitting, keys).root != stored.root.hex()
