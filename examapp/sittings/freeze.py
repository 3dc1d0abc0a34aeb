"""Freeze: compile what one sitting needs into a sealed package (design §5, slice §4).

Questions and options get fresh random ids, so that neither their order nor their ids say which option is right.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import QuestionVersion
from examapp.core.clock import local_text
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.ids import new_id
from examapp.integrity.admission import admission_code, code_hmac
from examapp.integrity.canonical import b64u, utc_text
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import build_package
from examapp.integrity.sealing import RandomBytes
from examapp.papers.models import Blueprint
from examapp.papers.queries import blueprint_of, pool_versions
from examapp.papers.rules import digest_of, ordered_cells
from examapp.regulations.profile import Profile, parse_profile
from examapp.sittings.models import Package, Seat, Sitting, SittingState
from examapp.sittings.queries import active_package, latest_package, opening_of, sittings_sharing
from examapp.sittings.services import audit_scope
from question_bank.assembly.draw import ALGORITHM
from question_bank.questions import Content, Question, SingleChoice, TrueFalse, question_from_json

#: of one candidate: on the slowest line that an exam is planned for (400 kbit/s) it comes in 100 s, and the page of a
#: candidate gives up after 120 s
MAX_PAPER_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Frozen:
    """A new package and its two codes: they exist nowhere else and are shown once."""

    package: Package
    paper_code: str
    key_code: str


@dataclass(frozen=True)
class FrozenQuestion:
    """One question of the pool under its fresh id, options re-ordered, and the right one's new place."""

    id: str
    cell: tuple[UUID, str]
    content: dict[str, Any]
    pinned_last: tuple[int, ...]
    right: int


def freeze_sitting(
    session: Session,
    sitting: Sitting,
    *,
    keys: NodeKeys,
    random_bytes: RandomBytes,
    replaces: UUID | None = None,
    shared_pool_reason: str = "",
    actor: Actor,
    now: datetime,
) -> Frozen:
    """Freeze a sitting, superseding the package `replaces`, whose public value is not recorded.

    Whoever freezes names the package in force that he has seen, None when he saw none: of two people who press at once
    the second is refused instead of ending the first one's codes unseen. `shared_pool_reason` is the chair's reason to
    share questions with another sitting, whose keys open at another time (protocols §1); it goes into the audit chain.
    Raises Conflict when another package is in force, the public value is already recorded, the sitting has moved on,
    the blueprint is not what was locked or questions would be shared without a reason, Invalid when the blueprint is
    not locked, the bank has shrunk below it, a paper could be too heavy, or nobody is seated.
    """
    hold(session, sitting)
    _supersede(session, sitting, replaces, now)
    earlier = latest_package(session, sitting.id)
    test = sitting.exam_test
    blueprint = blueprint_of(session, test.id)
    if blueprint is None or blueprint.locked_at is None:
        raise Invalid("blueprint_not_locked", N_("Ma trận của bài thi chưa khóa. Khóa ma trận rồi mới đóng gói."))
    if blueprint.digest != digest_of(blueprint):
        message = N_("Ma trận không còn như lúc khóa: dữ liệu đã bị sửa ngoài phần mềm. Chưa đóng gói; báo Chủ tịch.")
        raise Conflict("blueprint_altered", message)
    roster = _roster(sitting, keys)
    if not roster:
        raise Invalid("nobody_seated", N_("Ca thi chưa có thí sinh nào được xếp chỗ."))
    versions = pool_versions(session, blueprint, test.subject_id)
    pool = [version.id for version in versions]
    sharing = _check_sharing(session, sitting, pool, shared_pool_reason.strip())
    questions = [_freeze_question(version, random_bytes) for version in versions]
    questions.sort(key=lambda question: question.id)
    _check_pools(blueprint, questions)
    _check_weight(blueprint, versions)
    package_id = new_id()
    freeze_no = 1 + (session.scalar(select(func.max(Package.freeze_no)).where(Package.sitting_id == sitting.id)) or 0)
    core = _core(sitting, package_id, freeze_no, roster) | {
        "draw_spec": _draw_spec(blueprint, questions),
        "supersedes": b64u(earlier.core_digest) if earlier else None,
    }
    paper = {
        "secret": b64u(random_bytes(32)),
        "questions": [{"id": question.id, **question.content} for question in questions],
    }
    key = {"keys": [{"id": question.id, "right": question.right} for question in questions]}
    built = build_package(core, paper, key, signing_key=keys.signing_key, random_bytes=random_bytes)
    package = Package(
        id=package_id,
        sitting_id=sitting.id,
        freeze_no=freeze_no,
        content=built.content,
        core_digest=built.core_digest,
        commit=built.commit,
        pool=pool,
        frozen_at=now,
        frozen_by=actor.id,
    )
    session.add(package)
    sitting.state = SittingState.FROZEN
    details = {"freeze_no": freeze_no, "core_digest": built.core_digest.hex(), "questions": len(questions)} | sharing
    record(session, audit_scope(sitting), "sittings.frozen", f"sitting:{sitting.id}", details, actor=actor, now=now)
    return Frozen(package, built.paper_code, built.key_code)


def _supersede(session: Session, sitting: Sitting, replaces: UUID | None, now: datetime) -> None:
    """End the package in force, when there is one and it is the one that is meant."""
    if sitting.state not in (SittingState.DRAFT, SittingState.FROZEN):
        raise Conflict("sitting_moved_on", N_("Ca thi không còn ở bước này. Tải lại trang để xem bước hiện tại."))
    active = active_package(session, sitting.id)
    if active is not None and opening_of(session, active.id):
        message = N_("Số rút công khai đã được ghi nên không đóng gói lại được; làm vậy là rút lại đề.")
        raise Conflict("public_value_recorded", message)
    if active is not None and active.id != replaces:
        message = N_(
            "Ca thi đã được đóng gói lần %(number)s lúc %(at)s; hai mã của lần đó đang có hiệu lực. "
            "Chỉ đóng gói lại nếu muốn bỏ hai mã ấy: đánh dấu xác nhận rồi bấm lần nữa."
        )
        raise Conflict("frozen_meanwhile", message, number=active.freeze_no, at=local_text(active.frozen_at))
    if active is not None:
        active.superseded_at = now
        session.flush()  # one active package per sitting: the old one must step down first


def _check_sharing(session: Session, sitting: Sitting, pool: list[UUID], reason: str) -> dict[str, Any]:
    """Refuse to share questions with another sitting unless there is a reason; return what the audit event says.

    A rehearsal shows right and wrong at once, and the keys of one sitting open while the next is still to come.
    """
    others = sittings_sharing(session, sitting.id, pool)
    if others and not reason:
        message = N_(
            "Ca thi này dùng chung câu hỏi với %(others)s: ai biết đáp án ca kia thì biết đáp án ca này. "
            "Đổi ma trận hoặc ngân hàng; nếu vẫn dùng chung, Chủ tịch ghi lý do rồi đóng gói."
        )
        raise Conflict("pools_overlap", message, others=", ".join(others[:5]))
    return {"shares_questions_with": others, "reason": reason} if others else {}


def _check_pools(blueprint: Blueprint, questions: list[FrozenQuestion]) -> None:
    """Refuse a cell that can no longer be filled: noticed at the opening it would stop the sitting."""
    stock = Counter(question.cell for question in questions)
    for cell in ordered_cells(blueprint):
        available = stock[cell.topic_id, cell.level.value]
        if available < cell.count:
            message = N_(
                "Ngân hàng không còn đủ câu cho ma trận: chủ đề %(topic)s cần %(count)s câu, chỉ còn %(available)s."
            )
            raise Invalid("bank_short", message, topic=cell.topic.name, count=cell.count, available=available)


def _check_weight(blueprint: Blueprint, versions: list[QuestionVersion]) -> None:
    """Refuse a pool out of which a paper may be drawn that is too heavy to reach a candidate: pictures lie inside."""
    heaviest: list[QuestionVersion] = []
    for cell in ordered_cells(blueprint):
        of_cell = [one for one in versions if (one.topic_id, one.level) == (cell.topic_id, cell.level)]
        heaviest += sorted(of_cell, key=lambda one: len(one.content), reverse=True)[: cell.count]
    weight = sum(len(one.content) for one in heaviest)
    if weight > MAX_PAPER_BYTES:
        codes = [one.question.code for one in sorted(heaviest, key=lambda one: -len(one.content))[:5]]
        message = N_(
            "Đề rút ra có thể nặng tới %(size)s MB, giới hạn là %(limit)s MB để máy thí sinh tải kịp. "
            "Giảm cỡ hình của các câu nặng nhất: %(codes)s."
        )
        megabyte = 1024 * 1024
        raise Invalid("paper_too_heavy", message, size=-(-weight // megabyte), limit=MAX_PAPER_BYTES // megabyte,
                      codes=", ".join(codes))  # fmt: skip


def _roster(sitting: Sitting, keys: NodeKeys) -> list[dict[str, Any]]:
    seats: list[tuple[str, Seat]] = [(room.code, seat) for room in sitting.rooms for seat in room.seats]
    roster = []
    for room_code, seat in seats:
        person = seat.candidate
        if person.withdrawn_at is not None:
            continue
        code = admission_code(keys.slip_key, person.exam_id.bytes, person.number, person.code_issue)
        roster.append(
            {
                "number": person.number,
                "name": person.full_name,
                "birth_date": person.birth_date.isoformat() if person.birth_date else None,
                "room": room_code,
                "seat": seat.number,
                "extra_minutes": person.extra_minutes,
                "code_hmac": b64u(code_hmac(keys.code_pepper, person.number, code)),
            }
        )
    return sorted(roster, key=lambda entry: entry["number"])


def _freeze_question(version: QuestionVersion, random_bytes: RandomBytes) -> FrozenQuestion:
    question = _with_options(question_from_json(json.loads(version.content), json.loads(version.answer_key)))
    # "Đúng" always stands before "Sai"
    pinned = (0, 1) if version.kind == TrueFalse.kind else question.pinned_last
    movable = [index for index in range(len(question.options)) if index not in pinned]
    # sorted by a random id each: the order in which an author wrote the options is gone
    movable.sort(key=lambda _: random_bytes(8))
    order = [*movable, *sorted(pinned)]
    content = question.content_json() | {"options": [question.options[index].to_json() for index in order]}
    return FrozenQuestion(
        id=random_bytes(8).hex(),
        cell=(version.topic_id, version.level.value),
        content=content,
        pinned_last=tuple(range(len(movable), len(order))),
        right=order.index(question.key),
    )


def _with_options(question: Question) -> SingleChoice:
    """Return a question as one with options to choose from: a statement has "Đúng" and "Sai", always in this order."""
    if isinstance(question, TrueFalse):
        words = (Content("Đúng"), Content("Sai"))
        return SingleChoice(question.stem, words, 0 if question.key else 1, question.stimulus)
    if not isinstance(question, SingleChoice):  # the pool holds no other kinds
        raise TypeError(f"no paper can hold a question of the kind {question.kind}")
    return question


def _core(sitting: Sitting, package_id: UUID, freeze_no: int, roster: list[dict[str, Any]]) -> dict[str, Any]:
    test = sitting.exam_test
    exam = test.exam
    return {
        "package_id": str(package_id),
        "freeze_no": freeze_no,
        "sitting": {
            "id": str(sitting.id),
            "code": sitting.code,
            "exam": exam.name,
            "exam_code": exam.code,
            "mode": sitting.mode.value,
            "opens_at": utc_text(sitting.opens_at),
            "starts_at": utc_text(sitting.starts_at),
            "grace_seconds": sitting.grace_seconds,
        },
        "test": {
            "id": str(test.id),
            "name": test.name,
            "questions": test.questions,
            "minutes": test.minutes,
            "pass_share": test.pass_share,
            "pass_clause": pass_clause(parse_profile(exam.profile_text), test.pass_share),
        },
        "profile": {"id": exam.profile_id, "digest": b64u(exam.profile_digest), "text": exam.profile_text},
        "roster": roster,
    }


def pass_clause(profile: Profile, pass_share: str) -> str:
    """Return the clause that sets this pass share, or say that the Council did."""
    for stage in profile.rounds.values():
        for test in stage.tests.values():
            if test.pass_share == Fraction(pass_share):
                return test.clause
    return N_("Quyết định của Hội đồng")


def _draw_spec(blueprint: Blueprint, questions: list[FrozenQuestion]) -> Mapping[str, Any]:
    pools: dict[tuple[UUID, str], list[str]] = {}
    for question in questions:
        pools.setdefault(question.cell, []).append(question.id)
    # topics in their order, then levels: an order that both sides can state
    cells = [
        {
            "cell_id": f"{cell.topic.code}/{cell.level.value}",
            "count": cell.count,
            "pool": pools.get((cell.topic_id, cell.level.value), []),
        }
        for cell in ordered_cells(blueprint)
    ]
    return {
        "algorithm": ALGORITHM,
        "mode": "individual",
        "blueprint_digest": b64u(blueprint.digest or b""),
        "cells": cells,
        "options": [
            {"id": question.id, "count": len(question.content["options"]), "pinned_last": list(question.pinned_last)}
            for question in questions
        ],
    }
