"""Bringing the good rows in: it says what happens with the refused, and is done once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.access.roles import Role
from examapp.accounts.models import Account, RoleAssignment
from examapp.bank.imports.applying import apply_import
from examapp.bank.imports.jobs import APPLY_IMPORT
from examapp.bank.imports.mending import mend_row
from examapp.bank.imports.undoing import discard_import, undo_import
from examapp.bank.models import Import, ImportState, Question
from examapp.core.errors import Conflict
from examapp.core.jobs import JobProgress
from tests.factories import at_once, question_lines
from tests.functional.bank_import.conftest import BEYOND, GOOD, NO_KEY, SUM, Desk, sheet
from tests.pages import Browser


def test_it_says_what_will_happen_and_does_it(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(GOOD, SUM, NO_KEY, BEYOND))
    assert desk.path("/dua-vao") in page.links()
    assert desk.stored()["questions"] == 0
    page = author.open(desk.path("/dua-vao"))
    assert "2 câu vào môn Kiến thức chung, dùng được ngay khi làm đề." in page.text
    assert "2 dòng có lỗi không được nhập." in page.text
    page = author.submit(page, desk.path("/dua-vao"))
    assert page.heading == "Tệp đã nhập vào ngân hàng"
    assert "Đã nhập 2 câu vào ngân hàng." in page.text
    batch = desk.newest()
    assert (batch.state, batch.applied_at) == (ImportState.APPLIED, desk.clock.now())
    assert {one.import_id for one in desk.session.scalars(select(Question))} == {batch.id}
    stored = desk.stored()
    assert (stored["questions"], stored["stored_files"]) == (2, 0), "the kept file has served its purpose"
    assert desk.actions() == ["bank.import_uploaded", "bank.import_previewed", "bank.import_applied"]


def test_questions_without_codes_keep_the_order_of_their_file(desk: Desk, author: Browser) -> None:
    rows = [[f"Hỏi điều thứ {number}?", *GOOD[1:]] for number in range(1, 13)]
    desk.read(author, sheet(*rows))
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    codes = desk.session.scalars(select(Question.code).order_by(Question.code)).all()
    assert [int(code.rpartition("-")[2]) for code in codes] == list(range(2, 14)), "their rows in the file"


def test_twice_is_told_and_changes_nothing(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD))
    page = author.open(desk.path("/dua-vao"))
    author.submit(page, desk.path("/dua-vao"))
    before = desk.stored()
    page = author.submit(page, desk.path("/dua-vao"), status=409)
    assert "Tệp này đã được nhập vào ngân hàng." in page.text
    assert "không còn ở bước xem trước" in author.open(desk.path("/dua-vao")).text
    assert desk.stored() == before


def test_nothing_good_is_nothing_to_bring_in(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(NO_KEY))
    assert desk.path("/dua-vao") not in page.links()
    assert "Không dòng nào nhập được" in author.open(desk.path("/dua-vao")).text
    assert desk.post(author, desk.path("/dua-vao")).status_code == 422
    assert desk.newest().state is ImportState.PREVIEWED


def test_a_bank_that_got_one_of_them_meanwhile_is_compared_again(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(3), "chậm.jsonl")
    slow = desk.path("/dua-vao")
    page = author.open(slow)
    desk.send(author, question_lines(1), "nhanh.jsonl")
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    page = author.submit(page, slow)
    assert page.heading == "Xem trước khi nhập"
    assert "Ngân hàng có thêm câu từ lúc xem trước: đã bỏ 1 dòng trùng." in page.text
    assert "ngân hàng đã có câu này, mã CH-000." in page.text
    page = author.submit(author.open(slow), slow)
    assert "Đã nhập 2 câu vào ngân hàng." in page.text
    assert desk.stored()["questions"] == 3


def test_comparing_by_hand_says_when_nothing_is_new(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(GOOD))
    page = author.submit(page, desk.path("/so-lai"))
    assert "Không có dòng nào trùng thêm với ngân hàng." in page.text
    assert desk.actions()[-1] == "bank.import_compared"


def test_only_people_of_the_subject_may(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD))
    before = desk.stored()
    stranger, chair = desk.browser(subject=desk.other), desk.browser(Role.COUNCIL_CHAIR)
    for rest in ("/dua-vao", "/so-lai", "/hoan-tac", "/bo"):
        assert desk.post(stranger, desk.path(rest)).status_code == 404
        assert desk.post(chair, desk.path(rest)).status_code == 403
        assert author.client.post(desk.path(rest), data={"csrf_token": "made-up"}).status_code == 400
    chair.open(desk.path(), status=403)
    after = desk.stored()
    assert {name: count for name, count in after.items() if name != "audit_events"} == {
        name: count for name, count in before.items() if name != "audit_events"
    }
    colleague = desk.browser(name="soan.hai")
    assert "Đã nhập 1 câu" in colleague.submit(colleague.open(desk.path("/dua-vao")), desk.path("/dua-vao")).text


Deed = Callable[[Desk, Session, Import], object]


def _apply(desk: Desk, session: Session, batch: Import) -> object:
    return apply_import(session, batch, actor=SYSTEM, now=desk.clock.now())


def _mend(desk: Desk, session: Session, batch: Import) -> object:
    values = {"kind": "single_choice", "stem": "Sửa lại?", "options": ["Có", "Không"], "key": "A"}
    values |= {"topic": "Toán", "level": "recall"}
    return mend_row(session, batch, 3, values, seen=0, actor=SYSTEM, now=desk.clock.now())


def _discard(desk: Desk, session: Session, batch: Import) -> object:
    return discard_import(session, batch, actor=SYSTEM, now=desk.clock.now())


def _undo(desk: Desk, session: Session, batch: Import) -> object:
    return undo_import(session, batch, actor=SYSTEM, now=desk.clock.now())


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        pytest.param(_apply, _apply, "import_applied_already", id="both bring it in"),
        pytest.param(_apply, _mend, "import_applied_already", id="one brings it in, one mends"),
        pytest.param(_apply, _discard, "import_applied_already", id="one brings it in, one drops it"),
        pytest.param(_discard, _apply, "import_discarded", id="one drops it, one brings it in"),
        pytest.param(_mend, _mend, "row_mended_meanwhile", id="both mend one row"),
        pytest.param(_mend, _apply, None, id="one mends, one brings it in"),
        pytest.param(_undo, _undo, "import_undone_already", id="both undo it"),
        pytest.param(_undo, _apply, "import_undone_already", id="one undoes it, one brings it in"),
    ],
)
def test_of_two_people_at_once_one_wins_and_the_other_is_told(
    desk: Desk, author: Browser, first: Deed, second: Deed, code: str | None
) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    batch_id = desk.newest().id
    if first is _undo:
        author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    raised = at_once(
        desk.database.engine,
        desk.keys,
        lambda session: first(desk, session, session.get_one(Import, batch_id)),
        lambda session: second(desk, session, session.get_one(Import, batch_id)),
    )
    assert (raised.code if isinstance(raised, Conflict) else raised) == code
    expected = {_apply: 1, _undo: 0, _discard: 0, _mend: 2 if second is _apply else 0}[first]
    assert desk.stored()["questions"] == expected


@pytest.mark.parametrize("large", [False, True])
def test_what_somebody_changed_since_the_page_was_opened_is_looked_at_first(
    desk: Desk, author: Browser, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr("examapp.bank.imports.jobs.LARGE_ROWS", 0 if large else 1500)
    desk.read(author, sheet(GOOD, SUM))
    page, other = author.open(desk.path("/dua-vao")), desk.browser(name="nguoi.khac")
    other.submit(other.open(desk.path("/dong/3")), desk.path("/dong/3"), key="A")
    refused = author.submit(page, desk.path("/dua-vao"), status=409)
    assert "vừa được người khác sửa" in refused.text
    assert (desk.stored()["questions"], desk.newest().state) == (0, ImportState.PREVIEWED)
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    desk.do_jobs()
    assert desk.stored()["questions"] == 2


@pytest.mark.parametrize("deed", ["role", "account"])
def test_the_worker_does_nothing_for_whoever_lost_the_role_meanwhile(
    desk: Desk, author: Browser, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    monkeypatch.setattr("examapp.bank.imports.jobs.LARGE_ROWS", 0)
    desk.read(author, sheet(GOOD, SUM))
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    account = desk.session.scalars(
        select(Account).join(Account.assignments).where(RoleAssignment.role == Role.AUTHOR)
    ).one()
    if deed == "role":
        account.assignments[0].revoked_at = desk.clock.now()
    else:
        account.disabled_at = desk.clock.now()
    desk.session.commit()
    desk.do_jobs()
    assert (desk.stored()["questions"], desk.newest().state) == (0, ImportState.PREVIEWED)
    job = desk.session.scalars(select(JobProgress).where(JobProgress.kind == APPLY_IMPORT)).one()
    assert "không còn quyền nhập câu hỏi" in job.text()
