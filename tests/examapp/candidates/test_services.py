"""The candidate list comes in whole or not at all; the code on the slip is computed, never stored."""

import io
import json
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails
from examapp.candidates.models import Candidate
from examapp.candidates.services import CandidateListRefused, add_candidates, read_candidate_rows
from examapp.core.errors import Conflict, Invalid
from examapp.exams.models import Exam
from examapp.exams.services import create_exam
from examapp.integrity.admission import admission_code, code_hmac, group_code, normalize_code
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase
from tests.factories import at_once, candidate_workbook, workbook

HEADER = ["Số báo danh", "Họ và tên", "Ngày sinh"]
PERSON = ["0001", "Nguyễn Văn Ví Dụ", "09/03/1998"]


def new_exam(session: Session, now: datetime, code: str = "KT26") -> Exam:
    return create_exam(session, code, "Kỳ thi ví dụ", profile_id="cc-2025", actor=SYSTEM, now=now)


def stored(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Candidate)) or 0


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        ["SBD", "Họ tên", "Ngày sinh"],
        ["SỐ BÁO DANH", "HỌ VÀ TÊN", "NGÀY SINH"],
        ["Số\nbáo danh", "Họ và tên thí sinh", "Ngày, tháng, năm sinh"],
        ["Số BD", "Họ và tên (chữ in hoa)", "Ngày sinh (dd/mm/yyyy)"],
        ["  sbd ", "ho va ten", "ngay sinh"],
    ],
)
def test_headers_are_known_in_the_ways_councils_write_them(header: list[str]) -> None:
    assert read_candidate_rows(workbook([header, PERSON])) == [
        {"row": 2, "number": "0001", "full_name": "Nguyễn Văn Ví Dụ", "birth_date": "09/03/1998"}
    ]


def test_a_title_above_and_empty_lines_between_do_not_shift_the_row_numbers(session: Session, now: datetime) -> None:
    above: list[list[object]] = [["HỘI ĐỒNG TUYỂN DỤNG"], [], ["DANH SÁCH THÍ SINH", None, "Mẫu 01"]]
    data = workbook([["STT", *HEADER], [1, *PERSON], [], [2, "0003", "Trần Thị Ví Dụ", None]], above)
    with pytest.raises(CandidateListRefused) as refusal:
        add_candidates(session, new_exam(session, now), read_candidate_rows(data), actor=SYSTEM, now=now)
    assert [problem.text() for problem in refusal.value.problems] == [
        "Dòng 7, cột “Số báo danh”: ghi “0003” nhưng số kế tiếp phải là 0002."
    ]


def with_macros(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


GOOD = candidate_workbook(2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "not_a_workbook", id="empty"),
        pytest.param(b"PK\x03\x04", "not_a_workbook", id="four bytes"),
        pytest.param(GOOD[: len(GOOD) // 2], "not_a_workbook", id="half a file"),
        pytest.param("0001;Nguyễn Văn A".encode(), "not_a_workbook", id="text"),
        pytest.param(with_macros(GOOD), "not_a_workbook", id="macros"),
        pytest.param(bytes(20_000_001), "file_too_large", id="too large"),
        pytest.param(workbook([]), "columns_missing", id="no cell"),
        pytest.param(workbook([["SBD", "Ngày sinh"], ["0001", "x"]]), "columns_missing", id="no name column"),
        pytest.param(workbook([[*HEADER, "Họ tên"], [*PERSON, "Khác"]]), "columns_twice", id="two name columns"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(data: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code) as refusal:
        read_candidate_rows(data)
    assert "%(" not in refusal.value.text()


def test_the_list_is_stored_with_zeros_and_birth_dates(session: Session, now: datetime) -> None:
    born = datetime(1998, 3, 9)  # noqa: DTZ001 - what a sheet holds has no zone
    data = workbook([HEADER, [247, "Đỗ Thị Ví Dụ", born], ["0248", "Trần Ví Dụ", None]])
    people = add_candidates(session, new_exam(session, now), read_candidate_rows(data), actor=SYSTEM, now=now)
    assert [(person.number, person.birth_date, person.code_issue) for person in people] == [
        ("0247", date(1998, 3, 9), 1),
        ("0248", None, 1),
    ]
    scope = AuditDetails.scope == f"exam:{people[0].exam_id}"
    stored_details = session.scalars(select(AuditDetails.details).where(scope).order_by(AuditDetails.number)).all()
    details = json.loads(stored_details[-1])
    assert details["warnings"] == ["Dòng 2, cột “Số báo danh”: ghi “247”, đọc thành 0247."]


def test_a_hidden_sheet_in_front_is_not_the_list() -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    for row in (HEADER, ["0009", "Người Đã Rút", None]):
        hidden.append(row)
    shown = book.create_sheet("Danh sách")
    for row in (["Số báo danh [4 chữ số]", *HEADER[1:]], PERSON):
        shown.append(row)
    out = io.BytesIO()
    book.save(out)
    assert [row["number"] for row in read_candidate_rows(out.getvalue())] == ["0001"]


def test_one_bad_row_keeps_the_whole_list_out(session: Session, now: datetime) -> None:
    data = workbook([HEADER, PERSON, ["0002", "", "mai"], ["0003", "Lê Ví Dụ", None]])
    with pytest.raises(CandidateListRefused) as refusal:
        add_candidates(session, new_exam(session, now), read_candidate_rows(data), actor=SYSTEM, now=now)
    assert refusal.value.text().startswith("Danh sách có 2 chỗ cần sửa, chưa nhập thí sinh nào. Dòng 3, ")
    session.flush()
    assert stored(session) == 0


def test_a_header_alone_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(CandidateListRefused, match="không có thí sinh nào"):
        add_candidates(session, new_exam(session, now), read_candidate_rows(workbook([HEADER])), actor=SYSTEM, now=now)


def test_a_second_list_is_refused(session: Session, now: datetime) -> None:
    exam = new_exam(session, now)
    add_candidates(session, exam, read_candidate_rows(GOOD), actor=SYSTEM, now=now)
    with pytest.raises(Conflict, match="candidates_exist"):
        add_candidates(session, exam, read_candidate_rows(candidate_workbook(2, first=3)), actor=SYSTEM, now=now)
    other = new_exam(session, now, "KT27")
    assert len(add_candidates(session, other, read_candidate_rows(GOOD), actor=SYSTEM, now=now)) == 2


def test_two_people_bring_a_list_at_once(committed_db: CommittedDatabase, keys: NodeKeys, now: datetime) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        exam_id = new_exam(session, now).id

    def bring(session: Session) -> None:
        exam = session.get_one(Exam, exam_id)
        add_candidates(session, exam, read_candidate_rows(GOOD), actor=SYSTEM, now=now)

    raised = at_once(committed_db.engine, keys, bring, bring)
    assert isinstance(raised, Conflict)
    assert raised.code == "candidates_exist"
    with Session(committed_db.engine) as session:
        assert stored(session) == 2


# --- the code on the slip --------------------------------------------------------------------------------------------

SLIP_KEY = bytes(32)
NUMBERS = st.from_regex(r"[0-9]{3,8}", fullmatch=True)


@given(exam=st.binary(min_size=16, max_size=16), number=NUMBERS, issue=st.integers(1, 99))
def test_a_code_can_be_printed_again_and_is_nobody_elses(exam: bytes, number: str, issue: int) -> None:
    code = admission_code(SLIP_KEY, exam, number, issue)
    assert admission_code(SLIP_KEY, exam, number, issue) == code
    others = {
        admission_code(SLIP_KEY, bytes(16) if any(exam) else b"x" * 16, number, issue),
        admission_code(SLIP_KEY, exam, number + "0", issue),
        admission_code(SLIP_KEY, exam, number, issue + 1),
        admission_code(b"x" * 32, exam, number, issue),
    }
    assert code not in others
    assert len(others) == 4


@given(number=NUMBERS, upper=st.booleans(), zero=st.sampled_from("0Oo"), one=st.sampled_from("1IiLl"))
def test_a_code_is_forgiven_its_looks(number: str, upper: bool, zero: str, one: str) -> None:
    code = admission_code(SLIP_KEY, bytes(16), number, 1)
    typed = f"  {group_code(code)}\t".replace("-", " – " if upper else "-")
    typed = (typed if upper else typed.lower()).replace("0", zero).replace("1", one)
    assert normalize_code(typed) == code
    assert code_hmac(b"pepper", number, normalize_code(typed)) == code_hmac(b"pepper", number, code)


def test_what_is_stored_of_a_code_depends_on_the_pepper_and_the_number() -> None:
    code = "0123456789AB"
    assert len({code_hmac(b"a", "0001", code), code_hmac(b"b", "0001", code), code_hmac(b"a", "0002", code)}) == 3
