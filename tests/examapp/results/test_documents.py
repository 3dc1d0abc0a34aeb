"""Papers of a result list, whatever is in it: nobody came, nobody passed, an attempt was voided."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from examapp.regulations.profile import load_profile
from examapp.results.documents import Export, ExportKind, ListFacts, export
from examapp.results.rules import ResultRow

DAY = date(2026, 12, 14)
RECEIPT = "7K3M-9QXT-1WMW-2MWM-3GHJ"


def row(number: int, correct: int = 0, *, present: bool = True, voided: bool = False) -> ResultRow:
    passed = correct >= 30 and not voided
    return ResultRow(
        f"{number:04d}", f"Đặng Ngọc Ánh {number}", "1998-03-09", "01", correct, 60, passed, present, voided
    )


def pages(kind: ExportKind, rows: Sequence[ResultRow], day: date = DAY) -> list[str]:
    """Return the text of each page, spaces collapsed."""
    facts = ListFacts(
        exam="Kỳ thi tuyển dụng công chức năm 2026",
        exam_code="KT26",
        test="Vòng 1",
        sitting="CA1",
        starts_at=datetime(2026, 12, 12, 1, tzinfo=UTC),
        superior="Ủy ban nhân dân Thành phố Hồ Chí Minh",
        council="Hội đồng tuyển dụng công chức",
        place="Thành phố Hồ Chí Minh",
        profile=load_profile("cc-2025"),
        rows=rows,
        digest="ab12" * 16,
        roots=[("Gốc R1", "cd34" * 16)],
        least=30,
        receipts={one.number: RECEIPT for one in rows if one.present},
    )
    made = export(Export(kind, day), facts).data
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(1), row(2, 29)], "02 thí sinh dự thi, 00 thí sinh vắng; 00 thí sinh đạt từ 30 câu đúng trở lên."),
        ([row(1, present=False)], "01 thí sinh theo danh sách, 00 thí sinh dự thi, 01 thí sinh vắng; 00 thí sinh đạt"),
        (
            [row(1, 40), row(2, voided=True)],
            "01 thí sinh đạt từ 30 câu đúng trở lên; 01 thí sinh bị hủy kết quả bài thi.",
        ),
    ],
)
def test_the_notice_counts_what_happened(rows: list[ResultRow], sentence: str) -> None:
    assert sentence in " ".join(pages(ExportKind.NOTICE, rows))


def test_who_has_no_result_has_a_word_and_no_number() -> None:
    text = " ".join(pages(ExportKind.NOTICE, [row(1, 29), row(2, present=False), row(3, voided=True)]))
    assert "1 0001 29 Không đạt 2 0002 – Vắng Vắng thi 3 0003 – Hủy bài Hủy kết quả bài thi" in text


def test_an_empty_list_has_no_number_of_questions() -> None:
    assert "Số báo danh Số câu đúng Kết quả" in " ".join(pages(ExportKind.NOTICE, []))


def test_the_bases_are_those_in_force_on_the_day_and_end_as_the_decree_has_it() -> None:
    after, before = (" ".join(pages(ExportKind.NOTICE, [row(1)], day)) for day in (DAY, date(2026, 7, 1)))
    amended = (
        "Căn cứ Nghị định số 300/2026/NĐ-CP ngày 29 tháng 7 năm 2026 của Chính phủ sửa đổi, bổ sung một số điều của "
        "Nghị định số 170/2025/NĐ-CP ngày 30 tháng 6 năm 2025 của Chính phủ quy định về tuyển dụng, sử dụng và quản lý "
        "công chức; "
    )
    assert (amended in after, "300/2026" in before) == (True, False)
    assert "quản lý công chức; Căn cứ Thông tư số 22/2025/TT-BNV" in before
    for text in (after, before):
        assert "Quy chế thi tuyển, xét tuyển công chức. Hội đồng tuyển dụng công chức thông báo" in text


@pytest.mark.parametrize("count", [*range(1, 40), 400])
def test_a_list_is_signed_by_invigilators_on_a_page_with_candidates(count: int) -> None:
    shown = pages(ExportKind.ROOMS, [row(number, 40) for number in range(1, count + 1)])
    assert f"Đặng Ngọc Ánh {count} 09/03/1998 40 Đạt 7K3M 9QXT 1WMW 2MWM 3GHJ Số thí sinh đã ký: …" in shown[-1]
    assert "GIÁM THỊ 1 (Ký, ghi rõ họ tên)" in shown[-1]
    for page in shown:
        assert "STT Số báo danh Họ và tên Ngày sinh Số câu đúng/60 Kết quả Mã biên nhận Ký tên" in page
        assert page.endswith("KT26, ca CA1, mã danh sách ab12ab12 ab12ab12 ab12ab12")


def test_whoever_signs_may_copy_the_own_receipt() -> None:
    """Protocols 6: the code stands beside the number on the sheet that the candidate signs, and on no posted list."""
    rows = [row(1, 40), row(2, present=False)]
    text = " ".join(pages(ExportKind.ROOMS, rows))
    assert RECEIPT.replace("-", " ") in text
    assert "Vắng – –" in text
    assert RECEIPT[:9].replace("-", " ") not in " ".join(pages(ExportKind.NOTICE, rows))
