"""Sign-in: number and code, one machine per attempt; slips are told apart from wrong codes, and guessing gets slow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.core.errors import Conflict, Invalid
from examapp.core.waiting import wait_after
from examapp.delivery.models import Attempt, AttemptEvent, ClosedBy, SignInFailure
from examapp.delivery.services.sign_in import MOST_TRIES, WrongCode, open_attempt, take_lease
from examapp.integrity.admission import group_code
from examapp.integrity.keys import NodeKeys
from examapp.settings import Settings
from tests.conftest import NOW, CommittedDatabase
from tests.examapp.delivery.conftest import AFTER, END, MACHINE, OTHER_MACHINE, START, Hall, build
from tests.factories import at_once, make_line, open_line


def events(session: Session, attempt: Attempt) -> list[str]:
    query = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt.id).order_by(AttemptEvent.number)
    return list(session.scalars(query))


def fail(session: Session, times: int, *, number: str = "0001", address: str = MACHINE.address, ago: float = 0) -> None:
    at = NOW - timedelta(seconds=ago)
    session.add_all([SignInFailure(candidate_number=number, address=address, at=at) for _ in range(times)])
    session.flush()


def test_signing_in_binds_the_attempt_to_the_machine_and_is_noted_once(hall: Hall, session: Session) -> None:
    attempt = hall.sign_in()
    assert (attempt.id, attempt.machine_id, attempt.lease) == (hall.attempt().id, MACHINE.id, 0)
    assert hall.sign_in(now=NOW + timedelta(minutes=1)).id == attempt.id
    assert events(session, attempt) == ["signed_in"]


@pytest.mark.parametrize(
    "change",
    [
        group_code,
        str.lower,
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: f"  {code[:5]} {code[5:]} ",
    ],
)
def test_a_code_is_forgiven_its_looks(hall: Hall, change: Callable[[str], str]) -> None:
    assert hall.sign_in("0002", change(hall.drawn.slips["0002"])).candidate_number == "0002"


@pytest.mark.parametrize(
    ("number", "change", "code"),
    [
        ("", str, "number_form"),
        ("12", str, "number_form"),
        ("123456789", str, "number_form"),
        ("00a1", str, "number_form"),
        ("０００１", str, "number_form"),
        ("0001", lambda code: code[:-1], "code_short"),
        ("0001", lambda code: "", "code_short"),
        ("0001", lambda code: code + "7", "code_long"),
        ("0001", lambda code: "Â" + code[1:], "code_ime"),
        ("0001", lambda code: "#" + code[1:], "code_symbol"),
    ],
)
def test_a_slip_in_the_form_is_named_and_is_no_wrong_code(
    hall: Hall, number: str, change: Callable[[str], str], code: str
) -> None:
    with pytest.raises(Invalid, match=code) as refusal:
        hall.sign_in(number, change(hall.drawn.slips["0001"]))
    assert "%(" not in refusal.value.text()


@pytest.mark.parametrize(
    ("number", "of"),
    [("0001", "0002"), ("0009", "0001"), ("00001", "0001")],
)
def test_a_code_of_somebody_else_and_an_unknown_number_are_answered_alike(hall: Hall, number: str, of: str) -> None:
    with pytest.raises(WrongCode) as refusal:
        hall.sign_in(number, hall.drawn.slips[of])
    assert (refusal.value.number, refusal.value.address) == (number, MACHINE.address)
    assert refusal.value.text().startswith("Số báo danh hoặc mã dự thi không đúng, hoặc ca thi chưa mở.")


def test_a_wrong_code_is_told_to_the_sittings_it_may_have_been_meant_for(
    hall: Hall, session: Session, keys: NodeKeys
) -> None:
    other = make_line(session, NOW, code="KHAC", candidates=1)
    open_line(session, other, keys, NOW)
    later = make_line(session, NOW, code="SAU", candidates=1)
    open_line(session, later, keys, NOW)
    session.flush()

    def meant(now: datetime, number: str = "0001") -> set[UUID]:
        with pytest.raises(WrongCode) as refusal:
            hall.sign_in(number, "000000000000", now=now)
        return set(refusal.value.sitting_ids)

    both = {hall.drawn.sitting, other.sitting.id, later.sitting.id}
    assert meant(START) == both, "nothing says which of the exams that run at once"
    assert meant(START, "0002") == {hall.drawn.sitting}
    hall.submit(hall.begin(), 1, START)
    assert meant(START) == both, "also when the work is handed in"
    assert meant(AFTER + timedelta(seconds=1)) == {hall.drawn.rehearsal}, "what is over is meant by nobody"
    assert meant(START, "0009") == set()


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (9, 60), (500, 60)],
)
def test_the_wait_doubles_from_the_third_wrong_code_to_a_minute(failures: int, seconds: int) -> None:
    assert wait_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("failures", "ago", "waits"), [(2, 0, None), (3, 0, 2), (3, 1, 1), (3, 2, None), (8, 0, 60), (8, 601, None)]
)
def test_who_guesses_waits(hall: Hall, session: Session, failures: int, ago: float, waits: int | None) -> None:
    fail(session, failures, ago=ago)
    with pytest.raises(WrongCode if waits is None else Conflict) as refusal:
        hall.sign_in("0001", hall.drawn.slips["0002"])
    assert refusal.value.params.get("seconds") == waits
    assert hall.attempt().machine_id is None


def test_the_right_code_never_waits(hall: Hall, session: Session) -> None:
    """Behind one address a neighbour's wrong codes are the candidate's, as far as the server can see."""
    fail(session, 500)
    assert hall.sign_in().machine_id == MACHINE.id


@pytest.mark.parametrize(("failures", "ago", "waits"), [(299, 0, None), (300, 0, 60), (300, 601, None)])
def test_an_address_has_so_many_wrong_codes_for_all_numbers_together(
    hall: Hall, session: Session, failures: int, ago: float, waits: int | None
) -> None:
    for number in range(failures):
        fail(session, 1, number=str(5000 + number), ago=ago)
    with pytest.raises(WrongCode if waits is None else Conflict) as refusal:
        hall.sign_in("0001", hall.drawn.slips["0002"])
    assert refusal.value.params.get("seconds") == waits
    with pytest.raises(WrongCode):
        hall.sign_in("0001", hall.drawn.slips["0002"], machine=OTHER_MACHINE)
    hall.sign_in()


def test_a_neighbours_wrong_codes_do_not_lock_a_seat(hall: Hall, session: Session) -> None:
    fail(session, 20, address=OTHER_MACHINE.address)
    fail(session, 20, number="0002")
    hall.sign_in()


def test_an_attempt_lives_on_one_machine(hall: Hall) -> None:
    hall.sign_in()
    with pytest.raises(Conflict, match="other_machine"):
        hall.sign_in(machine=OTHER_MACHINE)
    assert hall.attempt().machine_id == MACHINE.id


def test_a_voided_attempt_takes_nobody_in(hall: Hall, session: Session) -> None:
    attempt = hall.attempt()
    attempt.closed_at, attempt.closed_by, attempt.voided_at = NOW, ClosedBy.VOIDED, NOW
    session.flush()
    with pytest.raises(Conflict, match="voided"):
        hall.sign_in()


def test_an_ended_attempt_may_still_be_looked_at(hall: Hall) -> None:
    attempt = hall.begin()
    hall.submit(attempt, 1, START)
    assert hall.sign_in(now=END).id == attempt.id


def test_two_machines_at_once_get_one_attempt_for_one_of_them(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        drawn = build(session, keys)
    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: Hall(session, keys, drawn).sign_in(machine=MACHINE),
        lambda session: Hall(session, keys, drawn).sign_in(machine=OTHER_MACHINE),
    )
    assert isinstance(raised, Conflict)
    assert raised.code == "other_machine"


# --- rehearsal -------------------------------------------------------------------------------------------------------


@pytest.fixture
def only_rehearsal(hall: Hall, session: Session) -> Hall:
    """Leave the rehearsal as the only sitting whose code fits."""
    for number in ("0001", "0002", "0003"):
        hall.attempt(number).code_hmac = bytes(32)
    session.flush()
    return hall


def test_a_rehearsal_starts_at_the_first_sign_in(only_rehearsal: Hall) -> None:
    attempt = only_rehearsal.sign_in(now=NOW + timedelta(days=1))
    assert attempt.sitting_id == only_rehearsal.drawn.rehearsal
    assert (attempt.starts_at, attempt.closes_at) == (NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=60))
    again = only_rehearsal.sign_in(now=NOW + timedelta(days=1, minutes=30))
    assert (again.id, again.starts_at) == (attempt.id, NOW + timedelta(days=1)), "signing in again wins no time"


@pytest.mark.parametrize("submitted", [True, False])
def test_a_rehearsal_that_is_over_begins_anew_with_the_same_paper(
    only_rehearsal: Hall, session: Session, submitted: bool
) -> None:
    first = only_rehearsal.sign_in()
    if submitted:
        take_lease(session, first.id, bytes(16), now=NOW)
        only_rehearsal.submit(first, 1, NOW + timedelta(minutes=5))
    second = only_rehearsal.sign_in(now=NOW + timedelta(minutes=61))
    assert (second.try_number, second.starts_at) == (2, NOW + timedelta(minutes=61))
    assert first.closed_by is (ClosedBy.CANDIDATE if submitted else ClosedBy.DEADLINE)
    assert second.paper_digest == first.paper_digest
    assert len(second.sealed_paper) == len(first.sealed_paper)
    assert (second.release_key, second.blind) != (first.release_key, first.blind)
    assert session.scalar(select(func.count()).where(Attempt.candidate_number == "0001")) == 3


def test_the_tries_of_a_rehearsal_are_bounded(only_rehearsal: Hall, session: Session) -> None:
    now = NOW
    for _ in range(2):
        only_rehearsal.sign_in(now=now, most_tries=2)
        now += timedelta(minutes=30)
        assert only_rehearsal.sign_in(now=now, most_tries=2).try_number <= 2, "the running try is no new one"
        now += timedelta(minutes=31)
    with pytest.raises(Conflict, match="tries_used") as refusal:
        only_rehearsal.sign_in(now=now, most_tries=2)
    assert refusal.value.text().startswith("Ca thi thử cho mỗi thí sinh làm 2 lần")
    assert only_rehearsal.sign_in("0002", now=now, most_tries=2).try_number == 1


def test_the_bound_of_tries_is_the_settings_default() -> None:
    assert Settings(None, Path(), "", b"").rehearsal_tries == MOST_TRIES


def test_a_rehearsal_moves_to_another_machine_by_itself(only_rehearsal: Hall, session: Session) -> None:
    attempt = only_rehearsal.sign_in()
    take_lease(session, attempt.id, bytes(16), now=NOW)
    moved = only_rehearsal.sign_in(machine=OTHER_MACHINE)
    assert (moved.id, moved.machine_id, moved.lease, moved.writer_id) == (attempt.id, OTHER_MACHINE.id, 2, None)


def test_the_real_sitting_comes_before_an_earlier_rehearsal(hall: Hall) -> None:
    assert hall.sign_in().sitting_id == hall.drawn.sitting


def test_a_code_opens_nothing_before_the_papers_are_drawn(session: Session, keys: NodeKeys) -> None:
    """The slip is right, but its sitting was never opened: the answer is that of a wrong code, and says so."""
    line = make_line(session, NOW, code="SAU", first_number=7001)
    with pytest.raises(WrongCode, match="ca thi chưa mở"):
        open_attempt(
            session, "7001", line.code_of(keys, "7001"), machine=MACHINE, keys=keys, random_bytes=bytes, now=NOW
        )
