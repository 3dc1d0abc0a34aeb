"""Read sittings: lists, the active package, and the opened package that delivery works from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.policy import Reach
from examapp.candidates.models import Candidate
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.canonical import H, b64u_decode, enc, jcs
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import OpenedCore, open_with_cek, read_core
from examapp.integrity.sealing import unwrap_key
from examapp.sittings.models import Opening, Package, Room, Seat, Sitting, SittingState, full_code
from question_bank.assembly.draw import DrawCell, DrawSpec, OptionLayout, draw_seed


@dataclass(frozen=True)
class OpenedPackage:
    """What delivery needs of a sitting, read from the opened package alone."""

    package_id: UUID
    sitting_id: UUID
    core: Mapping[str, Any]
    core_digest: bytes
    #: the paper compartment: questions without keys, and the draw's secret
    paper: Mapping[str, Any]
    paper_cek: bytes
    seed: bytes
    spec: DrawSpec
    #: the keys, once a rehearsal was opened with them
    key: Mapping[str, Any] | None


@dataclass(frozen=True)
class SittingFacts:
    """The plain facts of a sitting that a candidate's page shows."""

    code: str
    starts_at: datetime
    exam_name: str
    exam_code: str
    test_name: str


def sitting_facts(session: Session, sitting_id: UUID) -> SittingFacts:
    """Return the plain facts of a sitting, in one statement."""
    row = session.execute(
        select(Sitting.code, Sitting.starts_at, Exam.name, Exam.code, ExamTest.name)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(Sitting.id == sitting_id)
    ).one()
    return SittingFacts(*row)


def find_sitting(session: Session, sitting_id: UUID) -> Sitting | None:
    """Return the sitting, or None when there is none."""
    return session.get(Sitting, sitting_id)


def count_seats(session: Session, sitting_id: UUID) -> int:
    """Return how many candidates are seated in a sitting."""
    query = select(func.count()).select_from(Seat).join(Room).where(Room.sitting_id == sitting_id)
    return session.scalar(query) or 0


def list_sittings(session: Session, reach: Reach, limit: int = 200) -> list[tuple[Sitting, ExamTest, Exam]]:
    """Return the newest sittings of the exams within reach, each with its test and exam: one statement."""
    query = (
        select(Sitting, ExamTest, Exam)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .order_by(Sitting.starts_at.desc(), Sitting.code)
        .limit(limit)
    )
    if not reach.everywhere:
        query = query.where(Exam.id.in_(reach.ids))
    return [(sitting, test, exam) for sitting, test, exam in session.execute(query)]


def sitting_codes(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what pages call these sittings, those that exist: exam and sitting code, in one statement."""
    rows = session.execute(
        select(Sitting.id, Exam.code, Sitting.code)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(Sitting.id.in_(ids))
    )
    return {sitting_id: full_code(exam, code) for sitting_id, exam, code in rows}


def lock_while_opening(session: Session, sitting_id: UUID) -> bool:
    """Say whether the paper is open and the draw not done; the sitting then stays so until the transaction ends."""
    state = session.scalar(select(Sitting.state).where(Sitting.id == sitting_id).with_for_update())
    return state is SittingState.OPENING


def slips_being_drawn(session: Session, number: str) -> list[tuple[UUID, int]]:
    """Return exam and issue of the slips of whoever has this number in a sitting whose papers are being drawn."""
    rows = session.execute(
        select(Candidate.exam_id, Candidate.code_issue)
        .join(Seat, Seat.candidate_id == Candidate.id)
        .join(Room, Room.id == Seat.room_id)
        .join(Sitting, Sitting.id == Room.sitting_id)
        .where(Candidate.number == number, Candidate.withdrawn_at.is_(None), Sitting.state == SittingState.OPENING)
    )
    return [(exam_id, issue) for exam_id, issue in rows]


def active_package(session: Session, sitting_id: UUID) -> Package | None:
    """Return the package in force, or None before the first freeze."""
    return session.scalar(select(Package).where(Package.sitting_id == sitting_id, Package.superseded_at.is_(None)))


def latest_package(session: Session, sitting_id: UUID) -> Package | None:
    """Return the package of the last freeze, in force or not, or None before the first."""
    query = select(Package).where(Package.sitting_id == sitting_id).order_by(Package.freeze_no.desc()).limit(1)
    return session.scalar(query)


def sittings_sharing(session: Session, sitting_id: UUID, pool: Sequence[UUID]) -> list[str]:
    """Return the sittings, as exam and sitting code, whose package in force holds any of these question versions."""
    rows = session.execute(
        select(Exam.code, Sitting.code)
        .select_from(Package)
        .join(Sitting, Sitting.id == Package.sitting_id)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(Package.sitting_id != sitting_id, Package.superseded_at.is_(None), Package.pool.overlap(pool))
        .order_by(Exam.code, Sitting.code)
    )
    return [full_code(exam, code) for exam, code in rows]


def opening_of(session: Session, package_id: UUID) -> Opening | None:
    """Return the opening of a package, or None while no public value is recorded."""
    return session.get(Opening, package_id)


def opened_package(session: Session, sitting_id: UUID, keys: NodeKeys) -> OpenedPackage:
    """Return the opened package of a sitting; raise Conflict while it is sealed."""
    package = active_package(session, sitting_id)
    opening = opening_of(session, package.id) if package else None
    if package is None or opening is None or opening.paper_cek is None:
        raise Conflict("package_sealed", N_("Gói đề của ca thi chưa được mở."))
    core = read_core(package.content, verify_key=keys.node_pub)
    cek = _unwrap(keys, package, "paper", opening.paper_cek)
    paper = open_with_cek(package.content, "paper", cek, verify_key=keys.node_pub)
    roster_final = H("khaothi/roster/v1", core.core_digest, jcs([]))
    seed = draw_seed(b64u_decode(paper["secret"]), core.core_digest, roster_final, opening.public_value)
    key = None
    if opening.key_cek is not None:
        key_cek = _unwrap(keys, package, "key", opening.key_cek)
        key = open_with_cek(package.content, "key", key_cek, verify_key=keys.node_pub)
    return OpenedPackage(
        package_id=package.id,
        sitting_id=sitting_id,
        core=core.core,
        core_digest=core.core_digest,
        paper=paper,
        paper_cek=cek,
        seed=seed,
        spec=read_draw_spec(core.core),
        key=key,
    )


def frozen_core(session: Session, sitting_id: UUID, keys: NodeKeys) -> OpenedCore | None:
    """Return the readable part of the package in force; None without one, and when it is not as this node signed it."""
    package = active_package(session, sitting_id)
    if package is None:
        return None
    try:
        core = read_core(package.content, verify_key=keys.node_pub)
    except IntegrityError:
        return None
    return core if core.core["sitting"]["id"] == str(sitting_id) else None


def package_content(session: Session, package_id: UUID) -> bytes:
    """Return the sealed file of a package."""
    return session.get_one(Package, package_id).content


def read_draw_spec(core: Mapping[str, Any]) -> DrawSpec:
    """Return the draw's specification as the library takes it, from a package's core."""
    spec = core["draw_spec"]
    return DrawSpec(
        test_id=UUID(core["test"]["id"]).bytes,
        cells=tuple(DrawCell(cell["cell_id"], cell["count"], tuple(cell["pool"])) for cell in spec["cells"]),
        options={entry["id"]: OptionLayout(entry["count"], tuple(entry["pinned_last"])) for entry in spec["options"]},
    )


def _unwrap(keys: NodeKeys, package: Package, compartment: str, wrapped: bytes) -> bytes:
    aad = enc("khaothi/node-wrap/v1", compartment, package.core_digest)
    return unwrap_key(keys.wrap_key(package.id.bytes), wrapped, aad)
