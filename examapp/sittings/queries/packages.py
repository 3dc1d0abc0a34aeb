"""Read packages: the one in force, its readable part, and the opened one that delivery works from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select
from sqlalchemy.orm import Session

from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.canonical import H, b64u_decode, enc, jcs
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import OpenedCore, open_with_cek, read_core
from examapp.integrity.sealing import unwrap_key
from examapp.sittings.models import Opening, Package, Sitting, full_code
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


def sittings_holding(session: Session, version_ids: Sequence[UUID]) -> list[str]:
    """Return the sittings, as exam and sitting code, with a package, in force or not, that holds such a version."""
    held = func.unnest(Package.pool).column_valued("version_id")
    rows = session.execute(
        select(Exam.code, Sitting.code)
        .distinct()
        .select_from(Package)
        .join(Sitting, Sitting.id == Package.sitting_id)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        # not `overlap`: it would compare each of thousands of versions with each of the pool
        .where(select(held).where(held == any_(literal(list(version_ids), ARRAY(Uuid)))).correlate(Package).exists())
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
