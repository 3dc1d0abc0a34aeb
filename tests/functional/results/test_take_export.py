"""A result list leaves the house as a file, and the log says who took it."""

import csv
import io
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import text
from werkzeug.test import TestResponse

from examapp.core.files import StoredFile, read_file
from examapp.delivery.queries import result_roots
from examapp.integrity.receipts import receipt_code
from examapp.results.jobs import make_export_file
from examapp.results.services import exports
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER, Person
from tests.functional.exam_day import At, Day, csrf_token
from tests.functional.results.test_post_list import made_list

DEED = "/ket-qua/tep"


def take(day: Day, person: Person, kind: str, at: At = At.MARKED, *, room: str = "", on: str = "") -> TestResponse:
    browser = day.browser(person)
    token = csrf_token(browser.client.get("/mat-khau").get_data(as_text=True))
    return browser.client.post(day.path(at, DEED), data={"csrf_token": token, "kind": kind, "room": room, "day": on})


class Run:
    """What the worker hands to a job."""

    def __init__(self, day: Day) -> None:
        self.session, self.keys, self.clock = day.session, day.keys, day.clock
        self.told: list[tuple[int, int | None]] = []

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        self.told.append((done, total))


def text_of(answer: TestResponse) -> list[str]:
    """Return the text of each page of a PDF, spaces collapsed."""
    assert answer.status_code == 200, answer.get_data(as_text=True)[-600:]
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages]


def test_the_notice_has_numbers_clauses_and_no_names(day: Day) -> None:
    made = made_list(day)
    answer = take(day, SECRETARY, "notice")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    page = " ".join(text_of(answer))
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "THÔNG BÁO Về kết quả",
        "/TB-HĐTDCC",
        "Căn cứ Nghị định số 170/2025/NĐ-CP ngày 30 tháng 6 năm 2025 của Chính phủ quy định về tuyển dụng",
        "có 03 thí sinh theo danh sách, 02 thí sinh dự thi, 01 thí sinh vắng; 01 thí sinh đạt từ 4 câu đúng trở lên.",
        "1 0014 8 Đạt",
        "2 0015 3 Không đạt",
        "3 0016 – Vắng Vắng thi",
        "không thực hiện phúc khảo (điểm b khoản 3 Điều 16 Nghị định số 170/2025/NĐ-CP).",
        "Bộ trưởng Bộ Nội vụ ban hành Nội quy và Quy chế thi tuyển, xét tuyển công chức. Hội đồng",
        "thông báo để thí sinh được biết./.",
        "Nơi nhận: - Thí sinh dự thi; - Thành viên Hội đồng; - Ban giám sát; - Lưu: VT, HĐTDCC.",
        "CHỦ TỊCH",
    ):
        assert wanted in page, wanted
    codes = page.replace(" ", "")
    assert made.digest.hex() in codes
    for kind, root in result_roots(day.session, day.sitting(At.MARKED).id).items():
        assert f"Gốc{kind.value}:{root.root.hex()}" in codes
    assert "DỰ THẢO" not in page
    assert day.attempt("0014").full_name not in page


def test_before_the_list_is_made_papers_say_so(day: Day) -> None:
    page = " ".join(text_of(take(day, SECRETARY, "notice")))
    assert page.startswith("DỰ THẢO")
    assert "danh sách chưa lập nên chưa có mã" in page
    for kind in ("csv", "xlsx", "notice", "rooms"):
        assert "-du-thao." in take(day, SECRETARY, kind).headers["Content-Disposition"]


def test_the_list_to_sign_has_names_and_room_for_the_hand(day: Day) -> None:
    made_list(day)
    page = " ".join(text_of(take(day, CHAIR, "rooms")))
    assert "DANH SÁCH KẾT QUẢ THI Phòng thi 01" in page
    assert f"1 0014 {day.attempt('0014').full_name}" in page
    leaf = day.attempt("0014").leaf
    assert leaf is not None
    assert receipt_code(leaf).replace("-", " ") in page
    assert "Ký tên" in page
    for words in (
        "xác nhận nộp bài làm",
        "Không ký trước khi ra khỏi phòng thi thì điểm",
        "là 0 (không) điểm; ký thay",
    ):
        assert words in page
    assert "(khoản 12 Điều 1 Nội quy kèm theo Thông tư số 22/2025/TT-BNV)." in page
    assert "GIÁM THỊ 1 (Ký, ghi rõ họ tên) GIÁM THỊ 2 (Ký, ghi rõ họ tên) KỸ THUẬT VIÊN" in page


def test_the_day_on_a_paper_may_be_chosen(day: Day) -> None:
    made_list(day)
    first, second = (take(day, SECRETARY, "notice", on="2027-03-01") for _ in range(2))
    assert "ngày 01 tháng 3 năm 2027" in " ".join(text_of(first))
    assert first.data == second.data, "the same list printed twice is the same file"
    assert "không phải một ngày" in take(day, SECRETARY, "notice", on="2027-02-30").get_data(as_text=True)


def test_one_room_may_be_chosen(day: Day) -> None:
    made_list(day)
    answer = take(day, SECRETARY, "rooms", room="01")
    assert "-phong-01.pdf" in answer.headers["Content-Disposition"]
    assert "0014" in " ".join(text_of(answer))
    assert '"room":"01"' in day.events(At.MARKED)[-1][1]
    answer = take(day, SECRETARY, "rooms", room="99")
    assert answer.status_code == 409
    assert "không có phòng “99”" in answer.get_data(as_text=True)


def test_spreadsheets_keep_numbers_as_they_are(day: Day) -> None:
    made_list(day)
    day.session.execute(text("SELECT 1"))
    rows = list(csv.reader(io.StringIO(take(day, SECRETARY, "csv").data.decode("utf-8-sig"))))
    assert rows[1][:2] == ["0014", day.attempt("0014").full_name]
    assert rows[3][4:] == ["", "8", "Vắng", "Vắng thi"]
    sheet = load_workbook(io.BytesIO(take(day, SECRETARY, "xlsx").data)).active
    assert next(cell.value for cell in sheet[2]) == "0014"


def test_who_took_what_is_in_the_log(day: Day) -> None:
    made_list(day)
    take(day, SECRETARY, "csv")
    action, details = day.events(At.MARKED)[-1]
    assert action == "results.exported"
    assert '"kind":"csv"' in details


def test_a_long_list_is_made_by_a_job(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    made_list(day)
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    answer = take(day, SECRETARY, "notice")
    assert answer.status_code == 303
    assert answer.location.startswith("/viec/")
    run = Run(day)
    values = {"sitting_id": str(day.sitting(At.MARKED).id), "asker": "", "room": ""}
    kept = make_export_file(run, kind="notice", day="2026-12-14", **values)
    stored = day.session.get_one(StoredFile, UUID(kept["file"]))
    assert stored.name.startswith("thong-bao-ket-qua-")
    assert read_file(day.session, stored).startswith(b"%PDF")
    assert run.told == [(3, 3)]


@pytest.mark.parametrize(
    ("kind", "at", "status"), [("docx", At.MARKED, 422), ("", At.MARKED, 422), ("csv", At.READY, 409)]
)
def test_what_cannot_be_made_is_told(day: Day, kind: str, at: At, status: int) -> None:
    assert take(day, SECRETARY, kind, at).status_code == status


def test_edited_marks_leave_in_no_file(day: Day) -> None:
    day.session.execute(text("UPDATE attempts SET correct = 8 WHERE candidate_number = '0015'"))
    day.session.commit()
    for kind in ("csv", "notice"):
        answer = take(day, SECRETARY, kind)
        assert answer.status_code == 409
        assert "0015" in answer.get_data(as_text=True)


def test_an_edited_list_leaves_in_no_file(day: Day) -> None:
    made_list(day)
    day.session.execute(text("UPDATE result_lists SET content = replace(content, 'Ví Dụ 14', 'Ví Dụ 41')"))
    day.session.commit()
    assert take(day, SECRETARY, "csv").status_code == 409


def test_only_who_sees_results_may(day: Day) -> None:
    values: dict[str, Any] = {"kind": "csv"}
    for person in (INVIGILATOR, COORDINATOR):
        day.refuses(At.MARKED, person, DEED, 403, **values)
    day.refuses(At.MARKED, STRANGER, DEED, 404, **values)


def test_a_room_that_is_none_is_refused_before_anything_is_queued(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    made_list(day)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    before = len(day.events(At.MARKED))
    answer = take(day, SECRETARY, "csv", room="9" * 100_000)
    assert (answer.status_code, len(day.events(At.MARKED))) == (409, before)
