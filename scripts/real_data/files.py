"""Import every question file of a folder by the product's services, and account for every row."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from examapp.access.actor import SYSTEM
from examapp.bank.imports import FileRefused, apply_import, preview_import
from examapp.bank.models import ImportRow, ImportRowState, Subject
from examapp.bank.services import create_subject
from examapp.core.clock import SystemClock
from examapp.core.db import unit_of_work
from question_bank.formats import FieldMapping, read_any
from scripts.real_data.installation import Installation

SUBJECT = "THUC-TE"
SUFFIXES = (".jsonl", ".json", ".xlsx")
_REASON_WIDTH = 108

#: stem and options of a question as a candidate sees them, whatever the order of the options
Seen = tuple[str, tuple[str, ...]]
Knowledge = dict[Seen, str]


@dataclass
class FileReport:
    """What became of one file."""

    name: str
    read: int = 0
    accepted: int = 0
    warned: int = 0
    refused: int = 0
    in_bank: int = 0
    #: rows the reader saw that stand nowhere afterwards: must stay 0
    lost: int = 0
    #: (state, reason code) to how many rows, and one sentence of each
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def import_folder(place: Installation, folder: Path) -> tuple[list[FileReport], Knowledge]:
    """Import each file of the folder into one subject; return the reports and the right answers of what came in."""
    clock = SystemClock()
    with unit_of_work(place.engine, place.keys) as session:
        subject_id = create_subject(session, SUBJECT, "Câu hỏi thực tế", actor=SYSTEM, now=clock.now()).id
    reports, knowledge = [], Knowledge()
    for path in sorted(folder.iterdir()):
        if not path.is_file():
            continue
        if path.suffix.lower() not in SUFFIXES:
            reports.append(FileReport(path.name, notes=[f"không nhập: chỉ nhập tệp {', '.join(SUFFIXES)}"]))
            continue
        reports.append(_import_file(place, subject_id, path, knowledge))
    return reports, knowledge


def _import_file(place: Installation, subject_id: object, path: Path, knowledge: Knowledge) -> FileReport:
    report = FileReport(path.name)
    data = path.read_bytes()
    # what a person would choose in the step "Ghép cột" for a file without topics and levels
    mapping = FieldMapping({}, {"topic": path.stem, "level": "recall"})
    read = read_any(data, path.name, mapping)
    report.read = read.rows_total
    now = SystemClock().now()
    try:
        with unit_of_work(place.engine, place.keys) as session:
            subject = session.get_one(Subject, subject_id)
            batch = preview_import(session, subject, data, file_name=path.name, mapping=mapping, actor=SYSTEM, now=now)
            report.accepted, report.warned = batch.rows_accepted, batch.rows_warned
            report.refused = batch.rows_refused
            report.notes = [problem["text"] for problem in batch.about_file.problems] if batch.about_file else []
            for row in batch.rows:
                _count_reasons(report, row)
                _learn(knowledge, row)
            report.in_bank = apply_import(session, batch, actor=SYSTEM, now=now)
            report.lost = abs(report.read - len(batch.rows)) + abs(report.accepted - report.in_bank)
    except FileRefused as error:
        report.notes = [error.text()]
    return report


def _count_reasons(report: FileReport, row: ImportRow) -> None:
    severity = "error" if row.state is ImportRowState.REFUSED else "warning"
    found = {problem["code"]: problem["text"] for problem in row.problems if problem["severity"] == severity}
    for code, text in found.items():
        report.reasons[(row.state.value, code)] += 1
        report.examples.setdefault((row.state.value, code), text)
    if row.state is ImportRowState.REFUSED and not found:
        report.lost += 1  # refused without a reason is as bad as dropped


def _learn(knowledge: Knowledge, row: ImportRow) -> None:
    if row.state is not ImportRowState.REFUSED:
        options = row.payload["options"]
        knowledge[seen(row.payload["stem"], options)] = options[ord(row.payload["key"]) - ord("A")]


def seen(stem: str, options: list[str]) -> Seen:
    """Return by what a question is known again on a paper."""
    return stem, tuple(sorted(options))


def print_report(reports: list[FileReport]) -> None:
    """Print the table and the reasons under each file."""
    print(f"{'Tệp':<36}{'Đọc':>8}{'Nhận':>8}{'Có lưu ý':>10}{'Từ chối':>9}{'Vào NH':>8}{'Mất':>6}")
    for report in reports:
        counts = f"{report.read:>8}{report.accepted:>8}{report.warned:>10}{report.refused:>9}"
        print(f"{report.name:<36}{counts}{report.in_bank:>8}{report.lost:>6}")
        for note in report.notes:
            print(f"    tệp: {note[:_REASON_WIDTH]}")
        for (state, code), count in report.reasons.most_common():
            label = "từ chối" if state == ImportRowState.REFUSED.value else "lưu ý"
            print(f"    {label} {count:>5} × {code}: {report.examples[(state, code)][:_REASON_WIDTH]}")
    total = [sum(getattr(report, name) for report in reports) for name in ("read", "accepted", "warned", "refused")]
    in_bank, lost = sum(report.in_bank for report in reports), sum(report.lost for report in reports)
    print(f"{'Cộng':<36}{total[0]:>8}{total[1]:>8}{total[2]:>10}{total[3]:>9}{in_bank:>8}{lost:>6}")
