"""The papers and tables made of a result list: the notice, the lists that candidates sign, spreadsheets.

A paper of a list that was made prints its code and the roots, so that paper and database can be compared; one that is
made before says DỰ THẢO. What the law says comes from the regulation that the exam has pinned.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from examapp.core.errors import Conflict
from examapp.core.files import CSV, PDF, XLSX, Content
from examapp.core.i18n import N_
from examapp.documents.heading import clocked, counted, dated, initials
from examapp.documents.official import (
    Basis,
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
from examapp.documents.sheets import csv_bytes, xlsx_bytes
from examapp.regulations.profile import Profile
from examapp.regulations.reading import Document
from examapp.results.rules import ResultRow, in_order, tally

#: digits of a code at the foot of every page
_SHORT = 24
_HINT = "(Ký, ghi rõ họ tên)"
#: what follows from the signatures of a room list, in the words of the house rules
_UNSIGNED = (
    "thí sinh ký để xác nhận nộp bài làm. Không ký trước khi ra khỏi phòng thi thì điểm bài thi được xác định là "
    "0 (không) điểm; ký thay thí sinh khác thì điểm thi của các thí sinh này được xác định là 0 (không) điểm"
)
#: who issues the kinds of documents that a regulation cites, by the end of their number
_ISSUERS = {"NĐ-CP": "của Chính phủ", "TT-BNV": "của Bộ trưởng Bộ Nội vụ"}

Progress = Callable[[int, int], None]


class ExportKind(StrEnum):
    """What can be taken of a result list."""

    CSV = "csv"
    XLSX = "xlsx"
    NOTICE = "notice"
    ROOMS = "rooms"


@dataclass(frozen=True)
class Export:
    """What is asked for: the kind, the day that stands on a paper, and one room of the lists to sign, or all."""

    kind: ExportKind
    day: date
    room: str = ""


@dataclass(frozen=True)
class ListFacts:
    """A result list as its papers name it."""

    exam: str
    exam_code: str
    test: str
    sitting: str
    starts_at: datetime
    superior: str
    council: str
    place: str
    profile: Profile
    rows: Sequence[ResultRow]
    #: hexadecimal code of the list that was made; None for a draft
    digest: str | None
    #: hexadecimal roots by their names, R1 and R2
    roots: Sequence[tuple[str, str]]
    #: right answers that pass, where that is known and every row agrees
    least: int | None = None
    #: receipt codes by candidate number: whoever came may copy the own one from the list that he signs
    receipts: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many questions the test has."""
        return self.rows[0].total if self.rows else 0


def export(wanted: Export, facts: ListFacts, progress: Progress | None = None) -> Content:
    """Return the file that is wanted, named after exam and sitting.

    Raises Conflict for a room that nobody of the list sat in.
    """
    name = f"ket-qua-{facts.exam_code}-{facts.sitting}{'' if facts.digest else '-du-thao'}"
    if wanted.kind is ExportKind.CSV:
        return Content(csv_bytes(_HEADER, _sheet_rows(facts)), f"{name}.csv", CSV)
    if wanted.kind is ExportKind.XLSX:
        return Content(xlsx_bytes("Kết quả", _HEADER, _sheet_rows(facts)), f"{name}.xlsx", XLSX)
    letterhead = Letterhead(facts.superior, facts.council, facts.place, wanted.day)
    paper: dict[str, Any] = {"draft": facts.digest is None, "mark": _mark(facts), "progress": progress}
    if wanted.kind is ExportKind.NOTICE:
        made = official_pdf(letterhead, _notice_title(facts), _notice(facts, wanted.day), **paper)
        return Content(made, f"thong-bao-{name}.pdf", PDF)
    title, parts = _rooms(facts, wanted.room)
    room = f"-phong-{wanted.room}" if wanted.room else ""
    return Content(official_pdf(letterhead, title, parts, **paper), f"ky-{name}{room}.pdf", PDF)


_HEADER = ("Số báo danh", "Họ và tên", "Ngày sinh", "Phòng", "Số câu đúng", "Số câu hỏi", "Kết quả", "Ghi chú")


def _sheet_rows(facts: ListFacts) -> Iterable[list[str | int | None]]:
    for row in facts.rows:
        correct = row.correct if row.mark else None
        yield [
            *(row.number, row.full_name, _day(row.birth_date), row.room),
            *(correct, row.total, row.outcome, _remark(row)),
        ]


def _notice_title(facts: ListFacts) -> Title:
    return Title("Thông báo", f"Về kết quả bài thi {facts.test}, {_inside(facts.exam)}")


def _notice(facts: ListFacts, day: date) -> list[Part]:
    """Return the notice of the results: numbers and outcomes without names."""
    columns = [
        Column("STT", 10),
        Column("Số báo danh", 22),
        Column(_of_total(facts), 25),
        Column("Kết quả", 21),
        Column("Ghi chú", 27),
    ]
    rows = [
        [str(place), row.number, str(row.correct) if row.mark else "–", row.outcome, _remark(row)]
        for place, row in enumerate(facts.rows, 1)
    ]
    kept_by = filter(str.strip, [initials(facts.council)])
    return [
        *(Basis(text) for text in _bases(facts.profile, day)),
        Paragraph(f"{facts.council} thông báo kết quả bài thi {facts.test} của {_session(facts)}, như sau:"),
        Paragraph(_counts(facts), lead="1. Kết quả chung:"),
        Paragraph("", lead="2. Kết quả của thí sinh:"),
        Table(columns, rows),
        Paragraph(f"{_appeal(facts.profile)}{facts.council} thông báo để thí sinh được biết./."),
        Closing(
            [Signature(["TM. HỘI ĐỒNG", "CHỦ TỊCH"])],
            ["Thí sinh dự thi;", "Thành viên Hội đồng;", "Ban giám sát;", f"{', '.join(['Lưu: VT', *kept_by])}."],
        ),
        *_proof(facts),
    ]


def _of_total(facts: ListFacts) -> str:
    """Return the title of the column of right answers, with the number of questions where that is known."""
    return f"Số câu đúng/{facts.total}" if facts.rows else "Số câu đúng"


def _counts(facts: ListFacts) -> str:
    found = tally(facts.rows)
    bar = f" từ {facts.least} câu đúng trở lên" if facts.least is not None else ""
    voided = f"; {counted(found.voided)} thí sinh bị hủy kết quả bài thi" if found.voided else ""
    return (
        f"có {counted(found.listed)} thí sinh theo danh sách, {counted(found.present)} thí sinh dự thi, "
        f"{counted(found.absent)} thí sinh vắng; {counted(found.passed)} thí sinh đạt{bar}{voided}."
    )


def _rooms(facts: ListFacts, wanted: str) -> tuple[Title, list[Part]]:
    """Return the result list of each room, or of one, to be signed by its candidates."""
    by_room: dict[str, list[ResultRow]] = defaultdict(list)
    for row in facts.rows:
        if not wanted or row.room == wanted:
            by_room[row.room or "–"].append(row)
    if not by_room:
        raise Conflict("room_unknown", N_("Danh sách kết quả không có phòng “%(room)s”."), room=wanted)
    rooms, parts = in_order(by_room), []
    for room in rooms:
        parts += [NewPage(_room_title(facts, room)), *_room(facts, by_room[room])]
    return _room_title(facts, rooms[0]), parts[1:]


def _room_title(facts: ListFacts, room: str) -> Title:
    return Title("Danh sách kết quả thi", f"Phòng thi {room}, bài thi {facts.test}")


def _room(facts: ListFacts, rows: Sequence[ResultRow]) -> list[Part]:
    columns = [
        Column("STT", 12),
        Column("Số báo danh", 17),
        Column("Họ và tên", 35, "left"),
        Column("Ngày sinh", 24),
        Column(_of_total(facts), 19),
        Column("Kết quả", 23),
        Column("Mã biên nhận", 31, size=8.5),
        Column("Ký tên", 22),
    ]
    lines = [
        [
            *(str(place), row.number, row.full_name, _day(row.birth_date) or ""),
            *(str(row.correct) if row.mark else "–", row.outcome),
            *(facts.receipts.get(row.number, "–").replace("-", " "), "" if row.present else "–"),
        ]
        for place, row in enumerate(rows, 1)
    ]
    found = tally(rows)
    came = f"{counted(found.listed)} thí sinh, {counted(found.present)} dự thi, {counted(found.absent)} vắng"
    unsigned = _cited(facts.profile.unsigned_result.clause.text)
    return [
        Paragraph(f"{facts.exam}, {_session(facts)}. Phòng thi có {came}."),
        Paragraph(f"{_UNSIGNED} ({unsigned}).", lead="Lưu ý:"),
        Table(columns, lines, row_height=SIGNED_ROW),
        Paragraph("Số thí sinh đã ký: …………; số thí sinh không ký: …………."),
        Paragraph("Số báo danh không ký: …………………………………………."),
        Closing([Signature([role], hint=_HINT) for role in ("GIÁM THỊ 1", "GIÁM THỊ 2", "KỸ THUẬT VIÊN")]),
        *_proof(facts),
    ]


def _session(facts: ListFacts) -> str:
    return f"ca thi {facts.sitting}, {clocked(facts.starts_at)}"


def _inside(name: str) -> str:
    """Return the name of an exam as it stands inside a sentence."""
    return f"k{name[1:]}" if name.startswith("Kỳ ") else name


def _bases(profile: Profile, day: date) -> list[str]:
    """Return the legal bases: the documents of the regulation in force on the day; a full stop ends the last."""
    valid = [
        one for one in profile.documents.values() if one.valid_from <= day and (not one.valid_to or day <= one.valid_to)
    ]
    return [f"{_basis(one)}{'.' if one is valid[-1] else ';'}" for one in valid]


def _cited(clause: str) -> str:
    """Return a clause as documents cite it, from the smallest unit up: "điểm b khoản 3 Điều 16 Nghị định số …"."""
    units = re.match(r"(Điều \S+)( khoản \S+)?( điểm \S+)? (?=\D)", clause)
    if not units:
        return _numbered(clause)
    smallest_first = [unit.strip() for unit in reversed(units.groups()) if unit]
    return f"{' '.join(smallest_first)} {_numbered(clause[units.end() :])}"


def _numbered(text: str) -> str:
    """Return the name of a document with the word that stands before its number."""
    return re.sub(r"(Nghị định|Thông tư|Luật|Quyết định) (?=\d)", r"\1 số ", text)


def _basis(document: Document) -> str:
    number = _numbered(document.number)
    issuer = next((f" {who}" for end, who in _ISSUERS.items() if document.number.endswith(end)), "")
    about = document.title[0].lower() + document.title[1:]
    return f"Căn cứ {number} {dated(document.issued)}{issuer} {about}"


def _appeal(profile: Profile) -> str:
    """Return the sentence that no appeal is possible with its clause, or nothing where the regulation leaves it open.

    A result list is of a test that is passed or failed on the computer; it is said only when it holds for all of them.
    """
    tests = [test for one in profile.rounds.values() for test in one.tests.values()]
    if not tests or any(test.appeal for test in tests):
        return ""
    clause = _cited(tests[0].clauses["appeal"].text)
    return f"Kết quả thi trắc nghiệm trên máy vi tính không thực hiện phúc khảo ({clause}). "


def _mark(facts: ListFacts) -> str:
    """Return what stands at the foot of every page, so that no page can be put among those of another list."""
    code = f", mã danh sách {grouped(facts.digest[:_SHORT])}" if facts.digest else ", chưa lập danh sách"
    return f"{facts.exam_code}, ca {facts.sitting}{code}"


def _proof(facts: ListFacts) -> list[Part]:
    """Return the codes by which the paper and the database are compared."""
    if not facts.digest:
        return [Small("Dự thảo: danh sách chưa lập nên chưa có mã; kết quả có thể còn được kiểm tra.")]
    codes = [("Mã danh sách", facts.digest), *facts.roots]
    return [Small("; ".join(f"{name}: {grouped(code)}" for name, code in codes) + ".")]


def _remark(row: ResultRow) -> str:
    if row.voided:
        return "Hủy kết quả bài thi"
    return "" if row.present else "Vắng thi"


def _day(text: str | None) -> str | None:
    return date.fromisoformat(text).strftime("%d/%m/%Y") if text else None
