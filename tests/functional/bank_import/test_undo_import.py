"""Undoing a whole import, as long as nobody has built on its questions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.imports.undoing import undo_import
from examapp.bank.models import Import, ImportState, Question, QuestionVersion
from examapp.core.errors import Conflict
from examapp.papers.queries import blueprint_of, pool_versions
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Sitting
from tests.factories import at_once, make_line, seeded_bytes
from tests.functional.bank_import.conftest import GOOD, NO_KEY, SUM, Desk, sheet
from tests.pages import Browser


def bring_in(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, SUM, NO_KEY))
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))


def test_its_questions_go_and_its_record_stays(desk: Desk, author: Browser) -> None:
    bring_in(desk, author)
    page = author.open(desk.path())
    assert desk.path("/hoan-tac") in page.links()
    page = author.open(desk.path("/hoan-tac"))
    assert "2 câu của tệp này bị xóa khỏi ngân hàng." in page.text
    page = author.submit(page, desk.path("/hoan-tac"))
    assert page.heading == "Lần nhập đã hoàn tác"
    assert "Đã hoàn tác: 2 câu không còn trong ngân hàng." in page.text
    batch = desk.newest()
    assert (batch.state, batch.undone_at) == (ImportState.UNDONE, desk.clock.now())
    assert desk.counts() == (3, 2, 0, 1)
    stored = desk.stored()
    assert (stored["questions"], stored["import_rows"]) == (0, 3)
    assert desk.actions()[-1] == "bank.import_undone"
    desk.read(author, sheet(GOOD))
    assert desk.counts() == (1, 1, 0, 0), "the same file can be brought in again"


def test_twice_is_told(desk: Desk, author: Browser) -> None:
    bring_in(desk, author)
    page = author.open(desk.path("/hoan-tac"))
    author.submit(page, desk.path("/hoan-tac"))
    page = author.submit(page, desk.path("/hoan-tac"), status=409)
    assert "Lần nhập này đã được hoàn tác." in page.text
    assert "Không hoàn tác được" in author.open(desk.path("/hoan-tac")).text


def test_what_is_not_in_the_bank_cannot_be_undone(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD))
    assert desk.path("/hoan-tac") not in author.open(desk.path()).links()
    assert "Không hoàn tác được" in author.open(desk.path("/hoan-tac")).text
    assert desk.post(author, desk.path("/hoan-tac")).status_code == 409
    assert desk.newest().state is ImportState.PREVIEWED


def test_a_question_that_was_edited_keeps_all_of_them(desk: Desk, author: Browser) -> None:
    bring_in(desk, author)
    page = author.open(desk.path("/hoan-tac"))
    first = desk.session.scalars(select(QuestionVersion).limit(1)).one()
    same = {name: getattr(first, name) for name in ("kind", "topic_id", "level", "content", "answer_key", "digest")}
    edited = QuestionVersion(
        question_id=first.question_id, number=2, search_text=first.search_text, created_at=desk.clock.now(), **same
    )
    desk.session.add(edited)
    desk.session.commit()
    assert "1 câu của lần nhập này đã được sửa" in author.open(desk.path("/hoan-tac")).text
    page = author.submit(page, desk.path("/hoan-tac"), status=409)
    assert "Ngừng dùng từng câu." in page.text
    assert desk.stored()["questions"] == 2


def test_a_question_in_a_package_keeps_all_of_them(desk: Desk, author: Browser) -> None:
    line = make_line(desk.session, desk.clock.now())
    desk.session.commit()
    batch = desk.session.scalars(select(Import).where(Import.subject_id == line.subject.id)).one()
    path = f"/ngan-hang/nhap/{batch.id}/hoan-tac"
    theirs = desk.browser(subject=line.subject, name="soan.ba")
    page = theirs.open(path)
    assert "40 câu của tệp này bị xóa" in page.text
    freeze_sitting(
        desk.session,
        line.sitting,
        keys=desk.keys,
        random_bytes=seeded_bytes(1),
        actor=SYSTEM,
        now=desk.clock.now(),
    )
    desk.session.commit()
    words = "Câu của lần nhập này đã vào gói đề của ca thi"
    assert words in theirs.submit(page, path, status=409).text
    assert words in theirs.open(path).text
    assert len(desk.session.scalars(select(Question)).all()) == 40


def test_undoing_waits_for_whoever_is_just_making_a_package(desk: Desk) -> None:
    line = make_line(desk.session, desk.clock.now())
    desk.session.commit()
    sitting_id, subject_id = line.sitting.id, line.subject.id
    batch_id = desk.session.scalars(select(Import.id).where(Import.subject_id == subject_id)).one()
    now = desk.clock.now()

    def freeze(session: Session) -> object:
        sitting = session.get_one(Sitting, sitting_id)
        return freeze_sitting(session, sitting, keys=desk.keys, random_bytes=seeded_bytes(1), actor=SYSTEM, now=now)

    raised = at_once(
        desk.database.engine,
        desk.keys,
        freeze,
        lambda session: undo_import(session, session.get_one(Import, batch_id), actor=SYSTEM, now=now),
    )
    assert isinstance(raised, Conflict)
    assert raised.code == "import_frozen"


def test_a_package_takes_nothing_that_is_just_being_undone(desk: Desk) -> None:
    line = make_line(desk.session, desk.clock.now())
    desk.session.commit()
    test_id, subject_id = line.test.id, line.subject.id
    batch_id = desk.session.scalars(select(Import.id).where(Import.subject_id == subject_id)).one()
    taken: list[int] = []

    def take(session: Session) -> None:
        blueprint = blueprint_of(session, test_id)
        assert blueprint is not None
        taken.append(len(pool_versions(session, blueprint, subject_id)))

    at_once(
        desk.database.engine,
        desk.keys,
        lambda session: undo_import(session, session.get_one(Import, batch_id), actor=SYSTEM, now=desk.clock.now()),
        take,
    )
    assert taken == [0]
