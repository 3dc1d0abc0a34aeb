"""5,000 candidates of one exam: brought in from Excel and numbered, their slips, and the lists of their 200 rooms."""

import resource
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.services import create_subject
from examapp.candidates.models import Candidate
from examapp.candidates.queries import NO_LIST, Search, search_candidates
from examapp.candidates.rules import Numbering
from examapp.candidates.services import importing
from examapp.candidates.services.slips import make_slips
from examapp.core.db import engine_for, unit_of_work
from examapp.core.files import Content, read_file
from examapp.core.postgres import EmbeddedPostgres
from examapp.core.schema import load_models, upgrade
from examapp.documents.sheets import xlsx_bytes
from examapp.exams.models import Exam
from examapp.exams.services import Issuer, TestPlan, add_exam_test, create_exam
from examapp.integrity.keys import NodeKeys
from examapp.sittings.documents import ListKind, list_pdf
from examapp.sittings.models import SittingMode
from examapp.sittings.services import Schedule, create_sitting
from examapp.sittings.services.lists import read_roster
from scripts.bench.figures import finish, show

CANDIDATES = 5_000
IN_A_ROOM = 25
#: of the official list of 20,000 rows
SECONDS = 30
MEGABYTES = 500
#: a deed that somebody waits for, and a page of a list
DEED_SECONDS, PAGE_SECONDS = 5, 0.2
_FAMILIES, _GIVEN = ("Nguyễn", "Trần", "Đặng", "Huỳnh"), ("Ánh", "Ân", "Bình", "Đào", "Ưng", "Phượng")

Made = TypeVar("Made")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="khaothi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedPostgres(folder / "postgres") as database:
            load_models()
            upgrade(database.url)
            keys = NodeKeys(token_bytes(32))
            engine = engine_for(database.url)
            with unit_of_work(engine, keys) as session:
                _measure(session, keys, datetime.now(UTC))
            engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show("peak memory", peak, "MB", at_most=MEGABYTES)
    finish()


def _measure(session: Session, keys: NodeKeys, now: datetime) -> None:
    issuer = Issuer(venue="Trường Ví Dụ, 1 đường Thí Nghiệm, phường Ví Dụ")
    exam = create_exam(session, "LON", "Kỳ thi lớn", profile_id="cc-2025", issuer=issuer, actor=SYSTEM, now=now)
    people = _imported(session, exam, now)
    _timed("a page of the list, searched", PAGE_SECONDS, search_candidates, session, exam.id, Search("nguyen van"))
    orders = {"owner_id": None, "keys": keys, "now": now, "progress": lambda _done, _all: None}
    made = _timed(f"{CANDIDATES:,} admission slips", SECONDS, make_slips, session, exam.id, "", "", **orders)
    show("size of the file", len(read_file(session, made)) / 1_000_000, "MB")
    _lists(session, exam, people, keys, now)


def _imported(session: Session, exam: Exam, now: datetime) -> list[Candidate]:
    rows = [
        [f"{_FAMILIES[n % 4]} Văn Ví Dụ {n} {_GIVEN[n % 6]}", f"{1 + n % 28:02d}/03/{1980 + n % 25}"]
        for n in range(CANDIDATES)
    ]
    content = Content(xlsx_bytes("Thí sinh", ["Họ và tên", "Ngày sinh"], rows), "thi-sinh.xlsx")
    what = f"{CANDIDATES:,} candidates from Excel"
    by = {"actor": SYSTEM, "now": now}
    stored = _timed(f"{what}: read and kept", DEED_SECONDS, importing.keep_upload, session, content, **by)
    preview = _timed(
        f"{what}: numbered by name, shown", DEED_SECONDS, importing.preview_list, session, exam, stored, Numbering()
    )
    seen = {"numbering": Numbering(), "digest": preview.digest, "replaces": NO_LIST, **by}
    return _timed(f"{what}: brought in", DEED_SECONDS, importing.import_list, session, exam, stored, **seen)


def _lists(session: Session, exam: Exam, people: list[Candidate], keys: NodeKeys, now: datetime) -> None:
    subject = create_subject(session, "LON", "Môn lớn", actor=SYSTEM, now=now)
    test = add_exam_test(session, exam, subject, "V1", "Vòng 1", plan=TestPlan(60, 60, "1/2"), actor=SYSTEM, now=now)
    rooms = [
        (f"P{1 + first // IN_A_ROOM:03d}", f"Phòng {1 + first // IN_A_ROOM:03d}", people[first : first + IN_A_ROOM])
        for first in range(0, CANDIDATES, IN_A_ROOM)
    ]
    schedule = Schedule(now, now + timedelta(days=1))
    sitting = create_sitting(
        session, test, "CA1", mode=SittingMode.PROGRAMMED, schedule=schedule, rooms=rooms, actor=SYSTEM, now=now
    )
    session.flush()
    roster = read_roster(session, sitting, keys)
    # only a package has a digest; what is drawn is the same
    posted = replace(roster, digest=b"\xab" * 32, freeze_no=1)
    for kind, listed in ((ListKind.CALL, roster), (ListKind.DOORS, roster), (ListKind.POSTED, posted)):
        made = _timed(f"list “{kind.value}”, {len(rooms)} rooms", SECONDS, list_pdf, kind, listed, "", now)
        show("size of the file", len(made) / 1_000_000, "MB")


def _timed(name: str, limit: float, deed: Callable[..., Made], *arguments: Any, **named: Any) -> Made:
    """Do a deed, print how long it took, and return what it made."""
    began = perf_counter()
    made = deed(*arguments, **named)
    show(name, perf_counter() - began, "s", at_most=limit)
    return made


if __name__ == "__main__":
    main()
