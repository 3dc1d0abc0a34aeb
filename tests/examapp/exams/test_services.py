"""An exam holds on to the regulation as it was when the exam was made."""

import unicodedata
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.models import Subject
from examapp.bank.services import create_subject
from examapp.core.errors import Conflict, Invalid
from examapp.exams.models import Exam
from examapp.exams.services import TestPlan, add_exam_test, create_exam
from examapp.integrity.keys import NodeKeys
from examapp.regulations import profile as profiles
from examapp.regulations.profile import load_profile, parse_profile
from tests.conftest import CommittedDatabase
from tests.factories import at_once

PLAN = TestPlan(questions=60, minutes=60, pass_share="1/2")


@pytest.fixture
def subject(session: Session, now: datetime) -> Subject:
    return create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now)


def new_exam(session: Session, now: datetime, code: str = "KT26", **more: object) -> Exam:
    options = {"profile_id": "cc-2025", "actor": SYSTEM, "now": now} | more
    return create_exam(session, code, "Kỳ thi ví dụ", **options)  # type: ignore[arg-type]


def test_a_later_change_of_the_profile_file_does_not_change_an_exam(
    session: Session, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = new_exam(session, now)
    before = load_profile("cc-2025")
    changed = before.text.replace("ratio = { value = 3,", "ratio = { value = 5,")
    (tmp_path / "cc-2025.toml").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(profiles, "PROFILES", tmp_path)
    session.flush()
    session.expire_all()

    later = new_exam(session, now, "KT27")
    assert parse_profile(later.profile_text).bank_ratio.value == 5
    assert parse_profile(exam.profile_text).bank_ratio.value == 3
    assert (exam.profile_text, exam.profile_digest) == (before.text, before.digest)
    assert later.profile_digest != exam.profile_digest


def test_the_pinned_text_proves_its_own_digest(session: Session, now: datetime) -> None:
    exam = new_exam(session, now)
    assert parse_profile(exam.profile_text).digest == exam.profile_digest


def test_a_code_is_given_once(session: Session, now: datetime, subject: Subject) -> None:
    exam = new_exam(session, now)
    with pytest.raises(Conflict, match=r"exam_code_taken.*KT26"):
        new_exam(session, now)
    add_exam_test(session, exam, subject, "V1", "Vòng 1", plan=PLAN, actor=SYSTEM, now=now)
    with pytest.raises(Conflict, match=r"test_code_taken.*V1"):
        add_exam_test(session, exam, subject, "V1", "Vòng 1", plan=PLAN, actor=SYSTEM, now=now)
    add_exam_test(session, exam, subject, "V2", "Vòng 2", plan=PLAN, actor=SYSTEM, now=now)
    assert [(test.code, test.position) for test in exam.tests] == [("V1", 0), ("V2", 1)]
    other = new_exam(session, now, "KT27")
    add_exam_test(session, other, subject, "V1", "Vòng 1", plan=PLAN, actor=SYSTEM, now=now)


def test_two_people_take_one_code_at_once(committed_db: CommittedDatabase, keys: NodeKeys, now: datetime) -> None:
    raised = at_once(
        committed_db.engine, keys, lambda session: new_exam(session, now), lambda session: new_exam(session, now)
    )
    assert isinstance(raised, Conflict)
    assert raised.code == "exam_code_taken"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"profile_id": "cc-1999"}, "profile_unknown"),
        ({"number_width": 2}, "number_width"),
        ({"number_width": 9}, "number_width"),
    ],
)
def test_an_exam_that_cannot_be_is_refused_in_words(
    session: Session, now: datetime, options: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid, match=code) as refusal:
        new_exam(session, now, **options)
    assert "%(" not in refusal.value.text()


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (TestPlan(0, 60, "1/2"), "plan_size"),
        (TestPlan(501, 60, "1/2"), "plan_size"),
        (TestPlan(60, 0, "1/2"), "plan_size"),
        (TestPlan(60, 601, "1/2"), "plan_size"),
        (TestPlan(60, 60, "0.5"), "pass_share_form"),
        (TestPlan(60, 60, "50%"), "pass_share_form"),
        (TestPlan(60, 60, "1/0"), "pass_share_form"),
        (TestPlan(60, 60, "0/2"), "pass_share_form"),
        (TestPlan(60, 60, "3/2"), "pass_share_form"),
        (TestPlan(60, 60, "１/２"), "pass_share_form"),
    ],
)
def test_a_plan_that_nobody_could_sit_or_pass_is_refused(
    session: Session, now: datetime, subject: Subject, plan: TestPlan, code: str
) -> None:
    exam = new_exam(session, now)
    with pytest.raises(Invalid, match=code):
        add_exam_test(session, exam, subject, "V1", "Vòng 1", plan=plan, actor=SYSTEM, now=now)


def test_the_whole_share_is_a_share(session: Session, now: datetime, subject: Subject) -> None:
    plan = TestPlan(1, 1, "1/1")
    test = add_exam_test(session, new_exam(session, now), subject, "V1", "Vòng 1", plan=plan, actor=SYSTEM, now=now)
    assert Fraction(test.pass_share) == 1


def test_names_typed_in_separate_marks_are_composed(session: Session, now: datetime, subject: Subject) -> None:
    """A package takes composed letters only: a decomposed name would be noticed at the freeze."""
    name = unicodedata.normalize("NFD", "Kỳ thi tuyển")
    exam = create_exam(session, "KT26", name, profile_id="cc-2025", actor=SYSTEM, now=now)
    test = add_exam_test(session, exam, subject, "V1", name, plan=PLAN, actor=SYSTEM, now=now)
    assert (exam.name, test.name) == ("Kỳ thi tuyển", "Kỳ thi tuyển")


@pytest.mark.parametrize(("code", "name"), [("", "Tên"), (" \u200b", "Tên"), ("MA", " ")])
def test_what_has_no_code_or_name_is_told_so_and_not_that_its_code_is_taken(
    session: Session, now: datetime, subject: Subject, code: str, name: str
) -> None:
    with pytest.raises(Invalid, match="subject_unnamed"):
        create_subject(session, code, name, actor=SYSTEM, now=now)
    with pytest.raises(Invalid, match="unnamed"):
        create_exam(session, code, name, profile_id="cc-2025", actor=SYSTEM, now=now)
    exam = new_exam(session, now)
    with pytest.raises(Invalid, match="unnamed"):
        add_exam_test(session, exam, subject, code, name, plan=PLAN, actor=SYSTEM, now=now)
