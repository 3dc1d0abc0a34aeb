"""Lists of a sitting to print: per room to be signed, per door, and the posted list with the digest of the package.

Once a sitting is frozen, people, rooms and seats come from the package's own roster: what hangs on the wall is what was
sealed, whatever has become of the tables since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from examapp.core.clock import LOCAL_ZONE
from examapp.documents.heading import clocked, counted
from examapp.documents.official import (
    Closing,
    Column,
    Letterhead,
    NewPage,
    Paragraph,
    Part,
    Signature,
    Small,
    Table,
    Title,
    official_pdf,
)
from examapp.documents.parts import SIGNED_ROW, grouped

#: digits of a code at the foot of every page
_SHORT = 24
_HINT = "(Ký, ghi rõ họ tên)"


class ListKind(StrEnum):
    """What can be printed."""

    CALL = "call"
    DOORS = "doors"
    POSTED = "posted"


@dataclass(frozen=True)
class RosterEntry:
    """Somebody on the list."""

    number: str
    full_name: str
    birth_date: date | None
    room: str
    seat: int


@dataclass(frozen=True)
class Roster:
    """A sitting as its lists name it, and everybody in it."""

    exam: str
    test: str
    sitting: str
    rehearsal: bool
    starts_at: datetime
    minutes: int
    superior: str
    council: str
    place: str
    venue: str
    room_names: Mapping[str, str]
    entries: Sequence[RosterEntry]
    #: of the package that all this was read from; None for a draft
    digest: bytes | None
    freeze_no: int | None

    def in_room(self, code: str) -> list[RosterEntry]:
        """Return who sits in a room, by seat."""
        return sorted((one for one in self.entries if one.room == code), key=lambda one: one.seat)


def list_pdf(kind: ListKind, roster: Roster, room: str, now: datetime) -> bytes:
    """Return a list of one room, or of all that somebody sits in when `room` is empty, each on pages of its own."""
    letterhead = Letterhead(roster.superior, roster.council, roster.place, now.astimezone(LOCAL_ZONE).date())
    paper: dict[str, Any] = {"draft": roster.digest is None, "mark": _mark(roster)}
    if kind is ListKind.POSTED:
        return official_pdf(letterhead, Title("Danh sách niêm yết", _about(roster)), _posted(roster), **paper)
    draw = _call_list if kind is ListKind.CALL else _door_sheet
    taken = {one.room for one in roster.entries}
    pages = [draw(roster, code) for code in ([room] if room else roster.room_names) if room or code in taken]
    parts: list[Part] = []
    for number, (title, page) in enumerate(pages):
        parts += [NewPage(title), *page] if number else page
    return official_pdf(letterhead, pages[0][0], parts, **paper)


def _call_list(roster: Roster, code: str) -> tuple[Title, list[Part]]:
    people = roster.in_room(code)
    columns = [
        Column("Chỗ", 8),
        Column("Số báo danh", 15),
        Column("Họ và tên", 34, "left"),
        Column("Ngày sinh", 17),
        Column("Ký tên", 26),
    ]
    rows = [[str(one.seat), one.number, one.full_name, _day(one.birth_date), ""] for one in people]
    signatures = [Signature([role], hint=_HINT) for role in ("GIÁM THỊ 1", "GIÁM THỊ 2")]
    parts = [
        *_facts(roster),
        Table(columns, rows, row_height=SIGNED_ROW),
        Paragraph(f"Danh sách có {counted(len(people))} thí sinh. Có mặt: …………; vắng: …………."),
        Paragraph("Số báo danh vắng: …………………………………………………."),
        _origin(roster),
        Closing(signatures),
    ]
    return Title("Danh sách thí sinh theo phòng", _room_name(roster, code)), parts


def _door_sheet(roster: Roster, code: str) -> tuple[Title, list[Part]]:
    people = roster.in_room(code)
    columns = [Column("Chỗ", 10), Column("Số báo danh", 22), Column("Họ và tên", 68, "left")]
    numbers = sorted(one.number for one in people)
    span = f", số báo danh từ {numbers[0]} đến {numbers[-1]}" if numbers else ""
    rows = [[str(one.seat), one.number, one.full_name] for one in people]
    parts = [
        Paragraph(f"{counted(len(people))} thí sinh{span}.", lead="Phòng này:"),
        *_facts(roster),
        Table(columns, rows),
        _origin(roster),
    ]
    return Title("Danh sách thí sinh trong phòng thi", _room_name(roster, code)), parts


def _posted(roster: Roster) -> list[Part]:
    columns = [
        Column("STT", 8),
        Column("Số báo danh", 17),
        Column("Họ và tên", 42, "left"),
        Column("Phòng thi", 23),
        Column("Chỗ", 10),
    ]
    people = sorted(roster.entries, key=lambda one: one.number)
    rows = [
        [str(index), one.number, one.full_name, roster.room_names.get(one.room, one.room), str(one.seat)]
        for index, one in enumerate(people, start=1)
    ]
    meaning = (
        "Mã này tính từ câu hỏi, danh sách thí sinh và giờ thi đã niêm phong. Khi mở đề, mã trên máy chủ phải trùng "
        "từng ký tự với mã dưới đây; khác một ký tự là gói đề hoặc danh sách đã bị đổi."
    )
    return [
        *_facts(roster),
        Paragraph(meaning, lead=f"Mã gói đề, lần đóng gói {roster.freeze_no}."),
        Paragraph(grouped((roster.digest or b"").hex())),
        Table(columns, rows),
        Paragraph(
            f"Danh sách có {counted(len(people))} thí sinh, {counted(len({one.room for one in people}))} phòng thi./."
        ),
        Closing([Signature(["TM. HỘI ĐỒNG", "CHỦ TỊCH"])]),
    ]


def _about(roster: Roster) -> str:
    return f"Thí sinh dự thi {'thử ' if roster.rehearsal else ''}ca {roster.sitting}"


def _facts(roster: Roster) -> list[Part]:
    mode = " (thi thử)" if roster.rehearsal else ""
    return [
        Paragraph(f"{roster.exam}. {roster.test}.", lead="Kỳ thi, bài thi:"),
        Paragraph(
            f"{roster.sitting}{mode}, bắt đầu lúc {clocked(roster.starts_at)}, làm bài {roster.minutes} phút.",
            lead="Ca thi:",
        ),
        Paragraph("trắc nghiệm trên máy vi tính.", lead="Hình thức thi:"),
        *([Paragraph(f"{roster.venue.rstrip('.')}.", lead="Địa điểm thi:")] if roster.venue else []),
    ]


def _room_name(roster: Roster, code: str) -> str:
    """Return the name of a room, with the code that stands on other papers where the name does not say it."""
    name = roster.room_names[code]
    number = code.removeprefix("P") or code  # P01 is said by Phòng 01
    return name if {code, number} & set(name.split()) else f"{name} (phòng thi {code})"


def _mark(roster: Roster) -> str:
    """Return what stands at the foot of every page, so that no page can be put among those of another list."""
    if roster.digest is None:
        return f"Ca {roster.sitting}, chưa đóng gói"
    return f"Ca {roster.sitting}, lần đóng gói {roster.freeze_no}, mã gói đề {grouped(roster.digest.hex()[:_SHORT])}"


def _origin(roster: Roster) -> Small:
    """Say which state of the list this is, so that two sheets can be told apart."""
    if roster.digest is None:
        return Small("Dự thảo: ca thi chưa đóng gói, danh sách còn có thể đổi.")
    return Small(f"Lập từ gói đề lần đóng gói {roster.freeze_no}, mã gói đề {roster.digest.hex()}.")


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""
