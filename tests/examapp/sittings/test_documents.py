"""Lists of a sitting on paper: rooms on pages of their own, nobody missing, every page says which list it is of."""

import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from examapp.sittings.documents import ListKind, Roster, RosterEntry, list_pdf

NOW = datetime(2026, 12, 10, 1, tzinfo=UTC)


def roster(
    count: int, room_names: dict[str, str], *, per_room: int = 30, digest: bytes | None = b"\xab" * 32
) -> Roster:
    rooms = list(room_names)
    return Roster(
        exam="Kỳ thi tuyển dụng công chức năm 2026",
        test="Vòng 1",
        sitting="CA1",
        rehearsal=False,
        starts_at=datetime(2026, 12, 12, 1, tzinfo=UTC),
        minutes=60,
        superior="Ủy ban nhân dân Thành phố Hồ Chí Minh",
        council="Hội đồng tuyển dụng công chức",
        place="Thành phố Hồ Chí Minh",
        venue="Trường Ví Dụ, 1 đường Thí Nghiệm",
        room_names=room_names,
        entries=[
            RosterEntry(f"{n + 1:04d}", f"Đặng Ngọc Ánh {n}", date(1998, 3, 9), rooms[n // per_room], n % per_room + 1)
            for n in range(count)
        ],
        digest=digest,
        freeze_no=2 if digest else None,
    )


def pages(kind: ListKind, listed: Roster, room: str = "") -> list[str]:
    """Return the text of each page, spaces collapsed."""
    made = list_pdf(kind, listed, room, NOW)
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


@pytest.mark.parametrize("kind", [ListKind.CALL, ListKind.DOORS])
def test_every_room_has_pages_of_its_own_in_their_order_and_a_spare_room_none(kind: ListKind) -> None:
    listed = roster(9, {"P2": "Phòng P2", "P10": "Phòng P10", "DP": "Phòng dự phòng"}, per_room=5)
    shown = pages(kind, listed)
    assert len(shown) == 2
    for page, name, numbers in zip(shown, ("Phòng P2", "Phòng P10"), ("12345", "6789"), strict=True):
        assert name in page
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
        assert [digit for digit in "123456789" if f" 000{digit} " in page] == list(numbers)
    assert len(pages(kind, listed, "P10")) == 1


@pytest.mark.parametrize(
    ("code", "name", "title"),
    [
        ("A3", "Phòng máy tầng 4", "Phòng máy tầng 4 (phòng thi A3)"),
        ("P01", "Phòng 01", "Phòng 01"),
        ("01", "Phòng 01", "Phòng 01"),
        ("A", "Phòng lớn", "Phòng lớn (phòng thi A)"),
        ("B01", "Phòng 01", "Phòng 01 (phòng thi B01)"),
    ],
)
def test_a_name_that_does_not_say_the_code_is_printed_with_it(code: str, name: str, title: str) -> None:
    shown = pages(ListKind.DOORS, roster(1, {code: name}))[0]
    assert f"DANH SÁCH THÍ SINH TRONG PHÒNG THI {title} Phòng này:" in shown


def test_the_call_list_has_what_the_regulation_asks_for_and_is_signed_below_rows() -> None:
    for count in range(1, 45):
        last = pages(ListKind.CALL, roster(count, {"01": "Phòng 01"}, per_room=50))[-1]
        assert "Chỗ Số báo danh Họ và tên Ngày sinh Ký tên" in last
        assert f"{count:04d} Đặng Ngọc Ánh {count - 1} 09/03/1998 Danh sách có {count:02d} thí sinh." in last
        assert "GIÁM THỊ 1" in last


def test_a_posted_list_of_thousands_has_head_code_and_everybody() -> None:
    names = {f"{n:03d}": f"Phòng {n:03d}" for n in range(1, 101)}
    shown = pages(ListKind.POSTED, roster(3000, names))
    assert all("STT Số báo danh Họ và tên Phòng thi Chỗ" in page for page in shown)
    assert all(page.endswith("Ca CA1, lần đóng gói 2, mã gói đề abababab abababab abababab") for page in shown)
    whole = " ".join(shown)
    for n in (0, 29, 30, 1500, 2999):
        assert f"{n + 1} {n + 1:04d} Đặng Ngọc Ánh {n} Phòng {n // 30 + 1:03d} {n % 30 + 1} " in whole
    assert "Danh sách có 3.000 thí sinh, 100 phòng thi./." in shown[-1]
    assert "08 giờ 00 ngày 12 tháng 12 năm 2026, làm bài 60 phút. Hình thức thi: trắc nghiệm trên máy" in shown[0]


def test_a_list_before_the_freeze_says_on_every_page_that_it_is_a_draft() -> None:
    shown = pages(ListKind.CALL, roster(40, {"01": "Phòng 01"}, per_room=50, digest=None))
    assert len(shown) > 1
    assert all("DỰ THẢO" in page for page in shown)
    assert all(page.endswith("Ca CA1, chưa đóng gói") for page in shown)
