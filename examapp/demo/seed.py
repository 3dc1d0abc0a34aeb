"""`examapp demo` before it serves: make everything, print the sheet, keep it in `instance/demo.txt`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.accounts.models import Account
from examapp.accounts.queries import find_account_by_username
from examapp.core.clock import SystemClock
from examapp.core.db import engine_for, unit_of_work
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.core.supervisor import address
from examapp.core.worker import Worker
from examapp.demo.bank import fill_bank
from examapp.demo.exams import CHAIRS_OWN, FINISHED, PROGRAMMED, REHEARSAL, DemoExam, candidates_of, find_or_make_exam
from examapp.demo.finished import finish_one
from examapp.demo.people import AUTHOR, CHAIR, STAFF, add_staff, demo_actor
from examapp.demo.sheet import Sheet, Slips, older_codes, write_sheet
from examapp.demo.sittings import Codes, add_sitting, freeze, open_frozen, sittings_in
from examapp.exams.models import Exam
from examapp.integrity.admission import admission_code, group_code
from examapp.integrity.keys import NodeKeys
from examapp.settings import Settings
from examapp.sittings.models import SittingMode, SittingState
from examapp.sittings.services import Schedule
from examapp.wiring import connect_events

#: time to sign in and look around before the programmed sitting starts
STARTS_IN = timedelta(minutes=5)
#: time for whoever plays the chair of the Council
CHAIR_STARTS_IN = timedelta(hours=1)
_FINISHED_AGO = timedelta(days=1)
_FILLED_AGO = timedelta(days=2)


@dataclass(frozen=True)
class Demo:
    """What one run leaves behind, for the sheet."""

    slips: Slips
    #: starts a few minutes from now; not opened when the server may not open it
    programmed: Codes
    starts_at: datetime
    opened: bool
    #: where the chair's own sitting starts
    chair_starts_at: datetime


def run_demo(settings: Settings, database_url: str, out: TextIO) -> None:
    """Make the demonstration in a migrated database and say how to use it; running it again is harmless."""
    connect_events()
    engine = engine_for(database_url)
    try:
        demo = seed_demo(
            engine, settings.keys, database_url, now=SystemClock().now(), secure=settings.may_open_programmed
        )
    finally:
        engine.dispose()
    path = settings.instance_dir / "demo.txt"
    sheet = Sheet(address(settings), settings.keys, demo.slips)
    text = write_sheet(sheet, demo.programmed, demo.starts_at, opened=demo.opened, chair_starts_at=demo.chair_starts_at)
    out.write(text)
    out.write(f"\nBảng này được giữ tại {path}\n")
    out.flush()
    _keep(path, text)


def seed_demo(engine: Engine, keys: NodeKeys, database_url: str, *, now: datetime, secure: bool) -> Demo:
    """Make what is missing, and a new programmed sitting every time.

    `secure` says whether a programmed sitting may open on this server. Raises Conflict in a database that holds
    exams or accounts of another origin.
    """
    with unit_of_work(engine, keys) as session:
        _refuse_real_data(session)
        add_staff(session, keys=keys, now=now - _FILLED_AGO)
        session.flush()  # the author is looked up by name
        fill_bank(session, actor=demo_actor(session, AUTHOR), now=now - _FILLED_AGO)
    finish_one(engine, keys, database_url, starts_at=now - _FINISHED_AGO)
    with unit_of_work(engine, keys) as session:
        chair = demo_actor(session, CHAIR)
        _rehearsal(session, keys, actor=chair, now=now)
        codes = _programmed(session, keys, actor=chair, now=now, secure=secure)
        chair_starts_at = _chairs_own(session, actor=chair, now=now)
        slips = _slips(session, keys, actor=chair, now=now)
    # the jobs that opening put into the queue: everybody's paper is drawn before the first page is opened
    Worker(database_url, keys).run(wait=False)
    return Demo(slips, codes, now + STARTS_IN, secure, chair_starts_at)


def _refuse_real_data(session: Session) -> None:
    """Keep invented people out of a database that is used in earnest."""
    chair = find_account_by_username(session, CHAIR)
    # The name is one that a real chair might have as well; the name of the person is not.
    if chair is not None and chair.display_name in {member.name for member in STAFF}:
        return
    strangers = session.scalar(select(func.count(Account.id))) or session.scalar(select(func.count(Exam.id)))
    if strangers:
        message = N_(
            "Cơ sở dữ liệu này đã có tài khoản hoặc kỳ thi nên không nạp dữ liệu ví dụ vào. "
            "Đặt INSTANCE_DIR sang thư mục khác rồi chạy lại."
        )
        raise Conflict("demo_on_real_data", message)


def _rehearsal(session: Session, keys: NodeKeys, *, actor: Actor, now: datetime) -> None:
    """Open a rehearsal that everybody can sit as often as they like, once and for all."""
    test = find_or_make_exam(session, REHEARSAL, actor=actor, now=now)
    if sittings_in(session, test, SittingState.OPENING, SittingState.READY):
        return
    sitting = add_sitting(session, test, mode=SittingMode.REHEARSAL, schedule=Schedule(now, now), actor=actor, now=now)
    codes = freeze(session, sitting, keys=keys, actor=actor, now=now)
    open_frozen(session, sitting, codes, keys=keys, actor=actor, now=now, secure=True)


def _programmed(session: Session, keys: NodeKeys, *, actor: Actor, now: datetime, secure: bool) -> Codes:
    """Make the sitting that starts a few minutes from now; a sitting of an earlier run stays as it is."""
    test = find_or_make_exam(session, PROGRAMMED, actor=actor, now=now)
    schedule = Schedule(now, now + STARTS_IN)
    sitting = add_sitting(session, test, mode=SittingMode.PROGRAMMED, schedule=schedule, actor=actor, now=now)
    codes = freeze(session, sitting, keys=keys, actor=actor, now=now)
    if secure:
        open_frozen(session, sitting, codes, keys=keys, actor=actor, now=now, secure=secure)
    return codes


def _chairs_own(session: Session, *, actor: Actor, now: datetime) -> datetime:
    """Leave a sitting untouched for whoever plays the chair; return when it starts."""
    test = find_or_make_exam(session, CHAIRS_OWN, actor=actor, now=now)
    waiting = sittings_in(session, test, SittingState.DRAFT, SittingState.FROZEN)
    if waiting and waiting[0].starts_at > now + STARTS_IN:
        return waiting[0].starts_at
    schedule = Schedule(now, now + CHAIR_STARTS_IN)
    add_sitting(session, test, mode=SittingMode.PROGRAMMED, schedule=schedule, actor=actor, now=now)
    return schedule.starts_at


def _slips(session: Session, keys: NodeKeys, *, actor: Actor, now: datetime) -> Slips:
    """Return everybody's name and admission codes, exam by exam."""

    def codes_of(exam: DemoExam) -> dict[str, tuple[str, str]]:
        people = candidates_of(session, find_or_make_exam(session, exam, actor=actor, now=now))
        return {
            one.number: (
                one.full_name,
                group_code(admission_code(keys.slip_key, one.exam_id.bytes, one.number, one.code_issue)),
            )
            for one in people
        }

    return Slips(codes_of(REHEARSAL), codes_of(PROGRAMMED), codes_of(CHAIRS_OWN), codes_of(FINISHED))


def _keep(path: Path, text: str) -> None:
    """Write the sheet for its owner alone, with the codes of earlier runs: they exist nowhere else."""
    earlier = older_codes(path.read_text(encoding="utf-8")) if path.exists() else ""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text + earlier, encoding="utf-8")
