"""Set and lock the blueprint of a test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Level, Topic
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.exams.models import ExamTest
from examapp.papers.models import Blueprint, BlueprintCell
from examapp.papers.queries import blueprint_of, count_stock, last_saved, topics_of
from examapp.papers.rules import digest_of
from examapp.regulations.profile import parse_profile
from question_bank.assembly.blueprint import Blueprint as Matrix
from question_bank.assembly.blueprint import Cell, check_feasibility
from question_bank.errors import Problem


@dataclass(frozen=True)
class CellCount:
    """So many questions of one topic at one level."""

    topic_id: UUID
    level: Level
    count: int


class BlueprintNotFeasible(Invalid):
    """The bank cannot serve the blueprint; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "blueprint_not_feasible",
            N_("Chưa khóa được ma trận. %(first)s"),
            first=problems[0].text(),
        )
        self.problems = problems


def set_blueprint(
    session: Session,
    exam_test: ExamTest,
    cells: Sequence[CellCount],
    *,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Blueprint:
    """Replace the cells of the test's blueprint.

    `seen` is the `draft_mark` of the draft that was changed. Raises Conflict when the blueprint is locked, or somebody
    has saved another draft meanwhile, and Invalid for cells that are none.
    """
    blueprint = _blueprint_alone(session, exam_test)
    _check_cells(session, exam_test, cells)
    if seen is not None and seen != draft_mark(blueprint) and not (blueprint and blueprint.locked_at):
        who, _ = last_saved(session, exam_test, blueprint) or ("–", now)
        message = N_("%(who)s vừa lưu một dự thảo khác. Số đang gõ còn nguyên: so với dự thảo đã lưu rồi lưu lại.")
        raise Conflict("blueprint_changed", message, who=who)
    if blueprint is None:
        blueprint = Blueprint(exam_test_id=exam_test.id)
        session.add(blueprint)
    elif blueprint.locked_at:
        raise Conflict(
            "blueprint_locked", N_("Ma trận đã khóa nên không sửa được. Tạo bài thi mới nếu cần ma trận khác.")
        )
    else:
        blueprint.cells.clear()
        session.flush()  # old cells must go before new ones with the same key come
    blueprint.cells.extend(
        BlueprintCell(topic_id=cell.topic_id, level=cell.level, count=cell.count) for cell in cells if cell.count > 0
    )
    session.flush()  # the audit event names its id
    details = {"questions": sum(cell.count for cell in cells), "cells": len(blueprint.cells)}
    record(
        session,
        f"exam:{exam_test.exam_id}",
        "papers.blueprint_set",
        f"blueprint:{blueprint.id}",
        details,
        actor=actor,
        now=now,
    )
    return blueprint


def draft_mark(blueprint: Blueprint | None) -> str:
    """Return a short mark of a draft, by which a page notices that somebody else has saved another one."""
    return digest_of(blueprint).hex()[:16] if blueprint else "-"


def bank_ratio(exam_test: ExamTest) -> Fraction:
    """Return how many times the paper the bank must hold, by the exam's own profile."""
    return Fraction(parse_profile(exam_test.exam.profile_text).bank_ratio.value)


def blueprint_problems(session: Session, exam_test: ExamTest, cells: Sequence[CellCount]) -> list[Problem]:
    """Return what stands between the bank and these cells, by the ratio of the exam's own profile."""
    labels = {topic.id: _label(topic) for topic in topics_of(session, exam_test.subject_id)}
    stock = count_stock(session, exam_test.subject_id)
    ratio = parse_profile(exam_test.exam.profile_text).bank_ratio
    problems = check_feasibility(
        Matrix(tuple(Cell(labels[cell.topic_id], cell.level.value, cell.count) for cell in cells)),
        {(labels[topic_id], level.value): count for (topic_id, level), count in stock.items()},
        ratio=Fraction(ratio.value),
        questions_required=exam_test.questions,
    )
    return [
        _with_clause(problem, ratio.clause.text) if problem.code == "bank_ratio" else problem for problem in problems
    ]


def counts_of(blueprint: Blueprint | None) -> list[CellCount]:
    """Return the cells of a blueprint as plain counts."""
    return [CellCount(cell.topic_id, cell.level, cell.count) for cell in blueprint.cells] if blueprint else []


def drop_draft(session: Session, exam_test_id: UUID) -> None:
    """Delete the draft of a test that is about to be removed."""
    blueprint = blueprint_of(session, exam_test_id)
    if blueprint is not None and blueprint.locked_at is None:
        session.delete(blueprint)
        session.flush()  # the test it belongs to goes next


def lock_blueprint(
    session: Session, exam_test: ExamTest, *, seen: str | None = None, actor: Actor, now: datetime
) -> Blueprint:
    """Lock the blueprint for good.

    Raises BlueprintNotFeasible with every reason when the bank cannot serve it, and Conflict when it is locked already
    or is not the draft of which `seen` is the mark.
    """
    blueprint = _blueprint_alone(session, exam_test)
    if blueprint is None or not blueprint.cells:
        raise Invalid("blueprint_empty", N_("Bài thi chưa có ma trận. Nhập số câu cho từng chủ đề và mức độ trước."))
    if blueprint.locked_at:
        raise Conflict("blueprint_locked_already", N_("Ma trận này đã được khóa."))
    if seen is not None and seen != draft_mark(blueprint):
        who, _ = last_saved(session, exam_test, blueprint) or ("–", now)
        raise Conflict("blueprint_changed", N_("%(who)s vừa lưu dự thảo khác. Xem lại ma trận rồi khóa."), who=who)
    errors = [p for p in blueprint_problems(session, exam_test, counts_of(blueprint)) if p.severity == "error"]
    if errors:
        raise BlueprintNotFeasible(errors)
    digest = digest_of(blueprint)  # loads topics: before anything is half set
    blueprint.locked_at, blueprint.locked_by, blueprint.digest = now, actor.id, digest
    details = {"digest": digest.hex()}
    record(
        session,
        f"exam:{exam_test.exam_id}",
        "papers.blueprint_locked",
        f"blueprint:{blueprint.id}",
        details,
        actor=actor,
        now=now,
    )
    return blueprint


def take_blueprint(session: Session, exam_test: ExamTest, *, actor: Actor, now: datetime) -> Blueprint:
    """Return the stored blueprint of which somebody takes a paper, and log it; raise Conflict while there is none."""
    blueprint = blueprint_of(session, exam_test.id)
    if blueprint is None or not blueprint.cells:
        raise Conflict("blueprint_empty", N_("Bài thi chưa có ma trận đã lưu nên chưa có gì để in. Lưu ma trận trước."))
    scope, details = f"exam:{exam_test.exam_id}", {"draft": blueprint.locked_at is None}
    record(session, scope, "papers.blueprint_taken", f"blueprint:{blueprint.id}", details, actor=actor, now=now)
    return blueprint


def _blueprint_alone(session: Session, exam_test: ExamTest) -> Blueprint | None:
    """Return the test's blueprint as it is, nobody else changing it: somebody may be locking it this very moment."""
    alone = select(ExamTest).where(ExamTest.id == exam_test.id).with_for_update()
    if session.scalar(alone.execution_options(populate_existing=True)) is None:
        raise Conflict("test_gone", N_("Bài thi này vừa được người khác xóa."))
    blueprint = blueprint_of(session, exam_test.id)
    if blueprint is not None:
        session.refresh(blueprint)
    return blueprint


def _check_cells(session: Session, exam_test: ExamTest, cells: Sequence[CellCount]) -> None:
    places = [(cell.topic_id, cell.level) for cell in cells]
    if len(set(places)) != len(places):
        raise Invalid("cell_twice", N_("Một chủ đề và mức độ có hai ô trong ma trận."))
    # nobody deletes a topic between this look and the cells that name it
    kept = select(Topic.id).where(Topic.subject_id == exam_test.subject_id).order_by(Topic.id)
    if {cell.topic_id for cell in cells} - set(session.scalars(kept.with_for_update(read=True, key_share=True))):
        raise Invalid("topic_unknown", N_("Ma trận có chủ đề không thuộc môn của bài thi."))
    if any(cell.count < 0 for cell in cells):
        raise Invalid("count_negative", N_("Số câu của một ô không được âm."))


def _label(topic: Topic) -> str:
    """Return what a person calls the topic; the code keeps two topics of one name apart."""
    return topic.name if topic.name == topic.code else f"{topic.name} ({topic.code})"


def _with_clause(problem: Problem, clause: str) -> Problem:
    message = N_(
        "ngân hàng của bài thi có %(available)s câu, cần ít nhất %(needed)s câu"
        " (gấp %(ratio)s lần số câu của đề theo %(clause)s)."
    )
    return replace(problem, message=message, params={**problem.params, "clause": clause})
