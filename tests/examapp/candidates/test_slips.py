"""Admission slips: two on a page, everything on them, nothing in the QR code that is not printed beside it."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.candidates import queries
from examapp.candidates.documents import ADVICE, Slip, SlipExam, SlipPlace, qr_text, slip_lines, slip_pdf
from examapp.candidates.jobs import make_slip_file
from examapp.candidates.models import Candidate
from examapp.candidates.queries import Bound, Place
from examapp.candidates.services import add_candidates
from examapp.candidates.services.slips import make_slips
from examapp.core.errors import Invalid
from examapp.core.files import StoredFile, read_file
from examapp.core.worker import Run
from examapp.exams.models import Exam
from examapp.exams.services import create_exam
from examapp.integrity.admission import admission_code, group_code
from examapp.integrity.keys import NodeKeys
from tests.conftest import Clock

EXAM = SlipExam("Kỳ thi tuyển dụng công chức năm 2026", "Ủy ban nhân dân Thành phố", "Hội đồng tuyển dụng")
PLACE = SlipPlace("Vòng 1", "CA1", "08:00 ngày 12/12/2026", "Phòng 01", "12")
OWNER = UUID("0190f7c0-0000-7000-8000-0000000000aa")
CODE = "7QH4-K2M9-XW3T"


def slip(number: str = "0247", **changed) -> Slip:
    values = {"full_name": "Nguyễn Thị Ánh", "birth_date": date(1998, 3, 9), "code": CODE} | changed
    return Slip(number, **values)


def texts(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (2, 1), (3, 2), (51, 26)])
def test_two_slips_are_on_a_page(count: int, pages: int) -> None:
    seen: list[tuple[int, int]] = []
    data = slip_pdf(EXAM, [slip(f"{n:04d}") for n in range(count)], lambda *step: seen.append(step))
    found = texts(data)
    assert len(found) == pages
    assert found[0].count("PHIẾU BÁO DỰ THI") == min(count, 2)
    assert all(f"{n:04d}" in found[n // 2] for n in range(count)), "in their order"
    assert seen == ([(50, 51)] if count > 50 else [])


def test_a_slip_says_what_a_candidate_needs() -> None:
    text = " ".join(texts(slip_pdf(EXAM, [slip(places=(PLACE,), extra_minutes=15, issue=2)]))[0].split())
    for words in (
        *("ỦY BAN NHÂN DÂN THÀNH PHỐ", "HỘI ĐỒNG TUYỂN DỤNG", "Độc lập - Tự do - Hạnh phúc", EXAM.name),
        *("0247", CODE, "Mã dự thi (cấp lần 2):", "Nguyễn Thị Ánh", "09/03/1998", "15 phút làm bài"),
        *("08:00 ngày 12/12/2026 (ca CA1)", "Phòng 01, chỗ 12 – Vòng 1"),
        *ADVICE,
    ):
        assert words in text


def test_names_are_composed_whatever_the_keyboard_made() -> None:
    text = texts(slip_pdf(EXAM, [slip(full_name="Nguye\u0302\u0303n Thi\u0323 A\u0301nh")]))[0]
    assert "Nguyễn Thị Ánh" in text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "theo danh sách niêm yết của Hội đồng"),
        ({"birth_date": None}, "…………"),
        ({"places": (PLACE, PLACE, PLACE)}, "Các ca thi khác: theo danh sách niêm yết"),
        ({"places": (SlipPlace("Vòng 1", "THU", "08:00", "P", "1", rehearsal=True),)}, "Thi thử:"),
        ({"full_name": "Công Tằng Tôn Nữ " * 12}, "Công Tằng Tôn Nữ Công Tằng"),
    ],
)
def test_what_is_not_known_is_left_open_and_what_is_long_still_fits(changed: dict, said: str) -> None:
    assert said in texts(slip_pdf(EXAM, [slip(**changed)]))[0]
    assert len(slip_lines(slip(extra_minutes=15, **changed))) <= 8


@pytest.mark.parametrize("venue", ["Trường Ví Dụ, 1 đường Thí Nghiệm", "Trường Đại học Ví Dụ, đường Ấp Ở, " * 6])
def test_the_fullest_slip_keeps_its_lines_apart(venue: str) -> None:
    fullest = slip(places=(PLACE, PLACE, PLACE), extra_minutes=15, venue=venue[:200].strip())
    lines: dict[float, float] = {}

    def note(text: str, _matrix: object, place: Sequence[float], _font: object, size: float) -> None:
        # a label stands beside its value, and the caption of the code beside them all
        if text.strip() and not text.strip().endswith(":") and not text.startswith("Số báo danh"):
            lines[place[5]] = size

    page = PdfReader(io.BytesIO(slip_pdf(EXAM, [fullest]))).pages[0]
    page.extract_text(visitor_text=note)
    assert len(slip_lines(fullest)) == 9
    number = next(height for height, size in lines.items() if size == 20)
    below = sorted((height for height in lines if height < number), reverse=True)
    assert len(below) == 14 + (len(venue) > 100)
    assert all(above - under > 0.9 * lines[under] for above, under in pairwise(below))


def test_long_names_are_set_in_lines_and_can_be_read() -> None:
    council = "Hội đồng tuyển dụng công chức vào làm việc tại các cơ quan chuyên môn thuộc Ủy ban nhân dân Thành phố"
    name = (
        "Kỳ thi tuyển dụng công chức vào các sở, ban, ngành, Ủy ban nhân dân phường, xã, đặc khu Thành phố Hồ Chí Minh"
    )
    place = SlipPlace("Kiến thức chung, vòng 1", "CA1", "08:00", "Phòng máy số 3, tầng 4, Trường Đại học " * 2, "112")
    sizes: list[float] = []

    def note(text: str, _matrix: object, _place: object, _font: object, size: float) -> None:
        sizes.extend([size] if text.strip() else [])

    page = PdfReader(io.BytesIO(slip_pdf(SlipExam(name, EXAM.superior, council), [slip(places=(place,))]))).pages[0]
    text = " ".join(page.extract_text(visitor_text=note).split())
    for words in (council.upper(), name, place.room.strip()):
        assert words in text
    assert min(sizes) >= 7.5


def test_the_file_says_what_it_is_and_in_which_language() -> None:
    made = PdfReader(io.BytesIO(slip_pdf(EXAM, [slip()])))
    assert made.metadata is not None
    assert made.metadata.title == f"PHIẾU BÁO DỰ THI – {EXAM.name}"
    assert made.trailer["/Root"]["/Lang"] == "vi-VN"


def test_the_qr_code_holds_number_and_code_and_nothing_else() -> None:
    assert qr_text(slip(places=(PLACE,))) == f"0247 {CODE}"


def test_equal_slips_are_equal_files() -> None:
    assert slip_pdf(EXAM, [slip()]) == slip_pdf(EXAM, [slip()])


@pytest.fixture
def exam(session: Session, now: datetime) -> Exam:
    exam = create_exam(session, "KT26", "Kỳ thi ví dụ", profile_id="cc-2025", actor=SYSTEM, now=now)
    rows = [{"number": f"000{n}", "full_name": f"Lê Ví Dụ {n}"} for n in range(1, 6)]
    add_candidates(session, exam, rows, actor=SYSTEM, now=now)
    return exam


def test_the_job_makes_a_file_of_whoever_asked(session: Session, engine: Engine, keys, now, exam: Exam) -> None:
    run = Run(session, keys, Clock(now), engine)
    result = make_slip_file(run, exam_id=str(exam.id), first="0002", last="0004", asker=str(OWNER))
    stored = session.get_one(StoredFile, UUID(result["file"]))
    assert (stored.owner_id, stored.name) == (OWNER, "phieu-bao-KT26-0002-0004.pdf")
    text = "".join(texts(read_file(session, stored)))
    for number in ("0002", "0003", "0004"):
        code = group_code(admission_code(keys.slip_key, exam.id.bytes, number, 1))
        assert number in text
        assert code in text
    assert "0001" not in text
    assert "0005" not in text


def test_whoever_has_withdrawn_gets_no_slip(session: Session, keys: NodeKeys, now: datetime, exam: Exam) -> None:
    queries.search_candidates(session, exam.id, queries.Search("0002")).rows[0].withdrawn_at = now
    stored = made(session, exam, keys, now)
    assert "0002" not in "".join(texts(read_file(session, stored)))
    for one in queries.search_candidates(session, exam.id, queries.Search()).rows:
        one.withdrawn_at = now
    with pytest.raises(Invalid, match="no_slips"):
        made(session, exam, keys, now)


def made(session: Session, exam: Exam, keys: NodeKeys, now: datetime) -> StoredFile:
    return make_slips(session, exam.id, "", "", owner_id=OWNER, keys=keys, now=now, progress=lambda done, total: None)


def test_a_seat_that_is_lent_stands_on_the_slip(session: Session, keys, now, exam: Exam, monkeypatch) -> None:
    start = datetime(2026, 12, 12, 1, tzinfo=UTC)

    def seats(_session: Session, ids) -> dict[UUID, list[Place]]:
        coming = Place("CA1", "Vòng 1", start, "Phòng 07", 3, rehearsal=False, bound=Bound.OPEN)
        over = Place("CA0", "Vòng 1", start, "Phòng 99", 9, rehearsal=False, bound=Bound.PAST)
        return {one: [over, coming] for one in ids}

    monkeypatch.setitem(queries._lent, "seats", (seats, lambda _session, _exam: 0))
    text = "".join(texts(read_file(session, made(session, exam, keys, now))))
    assert "08:00 ngày 12/12/2026 (ca CA1)" in text
    assert "Phòng 07, chỗ 3" in text
    assert "Phòng 99" not in text, "a sitting that is over helps nobody"


def test_a_new_issue_is_another_code(session: Session, keys: NodeKeys, now: datetime, exam: Exam) -> None:
    before = "".join(texts(read_file(session, made(session, exam, keys, now))))
    person = queries.search_candidates(session, exam.id, queries.Search("0003")).rows[0]
    assert isinstance(person, Candidate)
    person.code_issue = 2
    after = "".join(texts(read_file(session, made(session, exam, keys, now))))
    old, new = (group_code(admission_code(keys.slip_key, exam.id.bytes, "0003", issue)) for issue in (1, 2))
    assert (old in before, old in after, new in after) == (True, False, True)
