"""The topics of a file find the subject's own."""

from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.services import create_subject, find_or_create_topic
from tests.conftest import NOW


def test_capitals_make_no_second_topic(session: Session) -> None:
    subject = create_subject(session, "M1", "Môn", actor=SYSTEM, now=NOW)
    first = find_or_create_topic(session, subject, "Công vụ", "Công vụ")
    assert find_or_create_topic(session, subject, "công vụ", "công vụ") is first
    assert find_or_create_topic(session, subject, "CÔNG VỤ", "") is first
    assert find_or_create_topic(session, subject, "Công vụ khác", "") is not first
