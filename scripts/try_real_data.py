"""Try the product on real question files: `.venv/bin/python scripts/try_real_data.py FOLDER`.

Every keyed file of the folder (.jsonl, .json, .xlsx) goes through the product's own reader and import; a table says of
each what was read, accepted, warned and refused, and why. From what came in, an exam of 60 questions is frozen, 30
simulated candidates sit it over HTTP against a real server, and the result list is printed. The script knows the right
answers from the files and counts for itself: status 1 when a row, an answer or a mark got lost on the way.

Everything happens in a temporary installation; the folder is only read.
"""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from examapp.core.clock import SystemClock
from examapp.results.rules import ResultRow
from examapp.wiring import connect_events
from scripts.real_data.candidate import Sat, Simulated, sit, wait_for_result
from scripts.real_data.exam import Exam, close_exam, prepare_exam, wait_for
from scripts.real_data.files import FileReport, Knowledge, import_folder, print_report
from scripts.real_data.installation import Installation, installation

CANDIDATES = 30


def main() -> int:
    """Import, sit, mark; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="thư mục có các tệp câu hỏi")
    parser.add_argument("--seed", default="1", help="đổi để các thí sinh mô phỏng làm bài khác đi")
    chosen = parser.parse_args()
    connect_events()
    began = time.monotonic()
    with installation() as place:
        reports, knowledge = import_folder(place, chosen.folder)
        print_report(reports)
        exam = prepare_exam(place, candidates=CANDIDATES)
        if exam is None:
            return 1
        sat = _sit_all(place, exam, knowledge, chosen.seed)
        rows = close_exam(place, exam)
        for one in sat:
            one.shown = wait_for_result(one)
    print(f"\nXong sau {time.monotonic() - began:.0f} giây.")
    return _judge(reports, sat, rows)


def _sit_all(place: Installation, exam: Exam, knowledge: Knowledge, seed: str) -> list[Sat]:
    people = [
        Simulated(number, code, ability=30 + 69 * index // (CANDIDATES - 1), seed=seed)
        for index, (number, code) in enumerate(exam.codes.items())
    ]
    print(f"\n{len(people)} thí sinh mô phỏng đăng nhập, chờ đến {exam.starts_at:%H:%M:%S} UTC rồi làm bài qua HTTP …")
    with ThreadPoolExecutor(len(people)) as pool:
        sat = list(pool.map(lambda person: sit(place.port, person, knowledge), people))
    seconds = (SystemClock().now() - exam.starts_at).total_seconds()
    saved = sum(one.saved for one in sat)
    print(f"Mọi bài đã nộp, {seconds:.0f} giây sau giờ bắt đầu: {saved} dòng được máy chủ xác nhận.")
    wait_for(place, exam, "sealed")
    print("Máy chủ đã tự niêm phong ca thi.")
    return sat


def _judge(reports: list[FileReport], sat: list[Sat], rows: list[ResultRow]) -> int:
    """Print the result list beside what the script counted, and say whether everything agrees."""
    print(
        f"\nDANH SÁCH KẾT QUẢ\n{'SBD':<6}{'Họ và tên':<24}{'Đúng':>7}{'Script đếm':>12}{'Thí sinh thấy':>15}  Kết quả"
    )
    expected = {one.number: one for one in sat}
    agree = 0
    for row in rows:
        one = expected[row.number]
        agree += row.correct == one.correct == one.shown and row.present
        counted, shown = f"{one.correct}/{row.total}", f"{one.shown}/{row.total}"
        correct = f"{row.correct}/{row.total}"
        print(f"{row.number:<6}{row.full_name:<24}{correct:>7}{counted:>12}{shown:>15}  {row.outcome}")
    lost = sum(report.lost for report in reports)
    unknown = sum(one.unknown for one in sat)
    print(f"\nĐiểm khớp: {agree}/{len(sat)}. Dòng bị mất khi nhập: {lost}. Câu không nhận ra trong đề: {unknown}.")
    return 0 if agree == len(rows) == len(sat) and not lost and not unknown else 1


if __name__ == "__main__":
    sys.exit(main())
