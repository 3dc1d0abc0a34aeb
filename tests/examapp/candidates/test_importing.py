"""An upload is kept, previewed, and imported exactly as it was previewed, in the place of the list that was seen."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.candidates.models import Candidate
from examapp.candidates.queries import NO_LIST, list_stamp
from examapp.candidates.rules import Numbering, Order
from examapp.candidates.services import CandidateListRefused, add_candidates
from examapp.candidates.services.importing import import_list, keep_upload, preview_list
from examapp.candidates.services.reading import read_candidate_sheet, template_file
from examapp.core.errors import Conflict, Invalid
from examapp.core.files import Content, StoredFile
from examapp.exams.models import Exam
from examapp.exams.services import create_exam
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase
from tests.factories import at_once, workbook

NAMES = workbook([["Họ và tên"], ["Trần Văn Bình"], ["Nguyễn Thị Ánh"]])
NUMBERED = workbook([["SBD", "Họ và tên", "Thêm phút"], ["0101", "Lê Ví Dụ", 20], ["0102", "Đỗ Ví Dụ", None]])


def new_exam(session: Session, now, code: str = "KT26") -> Exam:
    return create_exam(session, code, "Kỳ thi ví dụ", profile_id="cc-2025", actor=SYSTEM, now=now)


def kept(session: Session, data: bytes, now) -> StoredFile:
    return keep_upload(session, Content(data, "ds.xlsx"), actor=SYSTEM, now=now)


def bring(session: Session, exam: Exam, stored: StoredFile, now, replaces: str = NO_LIST, **changed) -> list[Candidate]:
    numbering = changed.get("numbering", Numbering())
    digest = changed.get("digest") or preview_list(session, exam, stored, numbering).digest
    return import_list(
        session, exam, stored, numbering=numbering, digest=digest, replaces=replaces, actor=SYSTEM, now=now
    )


def people(session: Session) -> list[tuple[str, str, int]]:
    columns = (Candidate.number, Candidate.full_name, Candidate.code_issue)
    return [tuple(row) for row in session.execute(select(*columns).order_by(Candidate.number))]


def test_nothing_is_in_the_exam_before_it_is_confirmed(session: Session, now) -> None:
    exam, stored = new_exam(session, now), kept(session, NAMES, now)
    preview = preview_list(session, exam, stored, Numbering())
    assert [row.full_name for row in preview.checked.accepted] == ["Nguyễn Thị Ánh", "Trần Văn Bình"]
    assert people(session) == []
    bring(session, exam, stored, now)
    assert people(session) == [("0001", "Nguyễn Thị Ánh", 1), ("0002", "Trần Văn Bình", 1)]
    assert session.get(StoredFile, stored.id) is None, "the upload has served its purpose"


def test_what_is_confirmed_is_what_was_previewed(session: Session, now) -> None:
    exam, stored = new_exam(session, now), kept(session, NAMES, now)
    digest = preview_list(session, exam, stored, Numbering()).digest
    with pytest.raises(Conflict, match="preview_changed"):
        bring(session, exam, stored, now, numbering=Numbering(order=Order.FILE), digest=digest)
    exam.number_width = 6
    with pytest.raises(Conflict, match="preview_changed"):
        bring(session, exam, stored, now, digest=digest)
    assert people(session) == []


def test_a_list_that_was_seen_is_replaced_and_its_slips_die(session: Session, now) -> None:
    exam = new_exam(session, now)
    bring(session, exam, kept(session, NAMES, now), now)
    seen = list_stamp(session, exam.id)
    bring(session, exam, kept(session, NUMBERED, now), now, replaces=seen)
    assert people(session) == [("0101", "Lê Ví Dụ", 2), ("0102", "Đỗ Ví Dụ", 2)]
    with pytest.raises(Conflict, match="list_changed"):
        bring(session, exam, kept(session, NAMES, now), now, replaces=seen)
    with pytest.raises(Conflict, match="candidates_exist"):
        bring(session, exam, kept(session, NAMES, now), now)


def test_a_change_of_one_candidate_meanwhile_is_not_overwritten(session: Session, now) -> None:
    exam = new_exam(session, now)
    one, _ = bring(session, exam, kept(session, NAMES, now), now)
    seen = list_stamp(session, exam.id)
    one.extra_minutes = 30
    session.flush()
    with pytest.raises(Conflict, match="list_changed"):
        bring(session, exam, kept(session, NUMBERED, now), now, replaces=seen)


def test_problems_refuse_the_list_whatever_the_digest_says(session: Session, now) -> None:
    exam, stored = new_exam(session, now), kept(session, workbook([["SBD", "Họ tên"], ["1", "A"]]), now)
    with pytest.raises(CandidateListRefused):
        bring(session, exam, stored, now, digest="x")
    assert people(session) == []


def test_what_cannot_be_read_is_not_kept(session: Session, now) -> None:
    with pytest.raises(Invalid, match="columns_missing"):
        kept(session, workbook([["STT", "Tên"], [1, "A"]]), now)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_two_people_confirm_at_once_and_one_is_told(committed_db: CommittedDatabase, keys: NodeKeys, now) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        exam_id = new_exam(session, now).id
        files = [kept(session, data, now).id for data in (NAMES, NUMBERED)]

    def confirm(number: int):
        def deed(session: Session) -> None:
            bring(session, session.get_one(Exam, exam_id), session.get_one(StoredFile, files[number]), now)

        return deed

    raised = at_once(committed_db.engine, keys, confirm(0), confirm(1))
    assert isinstance(raised, Conflict)
    assert raised.code == "candidates_exist"
    with Session(committed_db.engine) as session:
        assert [number for number, _, _ in people(session)] == ["0001", "0002"]
        assert session.get(StoredFile, files[1]) is not None, "the second one's upload is still there"


@pytest.mark.parametrize(
    ("header", "has_numbers", "left_out"),
    [
        (["SBD", "Họ và tên"], True, []),
        (["STT", "Họ và tên", "Ngày sinh"], False, []),
        (["Số báo dang", "Họ và tên", "Ghi chú"], False, ["Số báo dang", "Ghi chú"]),
        (["TT", "Họ tên", "Số phút được thêm", "x" * 90], False, ["x" * 40]),
    ],
)
def test_the_sheet_says_which_columns_it_has_and_which_are_left_out(header, has_numbers: bool, left_out) -> None:
    sheet = read_candidate_sheet(workbook([header, ["1"] * len(header)]))
    assert (sheet.has_numbers, sheet.left_out) == (has_numbers, left_out)


@pytest.mark.parametrize("width", [3, 4, 8])
def test_the_template_is_a_list_that_passes(session: Session, now, width: int) -> None:
    exam = create_exam(session, "KT", "X", profile_id="cc-2025", number_width=width, actor=SYSTEM, now=now)
    rows = read_candidate_sheet(template_file(width).data).rows
    added = add_candidates(session, exam, rows, actor=SYSTEM, now=now)
    assert [(one.number, one.extra_minutes) for one in added] == [("1".zfill(width), 0), ("2".zfill(width), 15)]
