"""Read every question file of some folders and account for every question in them.

`.venv/bin/python scripts/try_formats.py FOLDER [FOLDER …]` prints a table: what is in each file by an independent
count, what was read, what was refused with a reason, kinds that are not read by their names. Status 1 when a file makes
the reader fail, when read and refused together are not what is in the file, when a GIFT file differs from the parse
beside it, or when the Moodle XML that we write has another structure than Moodle's own. The folders are only read.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from question_bank.formats import read_any, sniff
from scripts.real_data.counting import count_questions
from scripts.real_data.gift_expected import differences
from scripts.real_data.moodle_structure import structure_faults

#: what stands beside question files
IGNORED = {
    *(".json", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".css", ".vtt", ".mp4", ".m4v", ".ogv", ".mp3", ".md"),
    *(".html", ".pdf", ".xsd", ".ttf", ".js"),
}
_WIDTH = 58


def main() -> int:
    """Read the folders; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    chosen = parser.parse_args()
    wrong: list[str] = []
    totals: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    print(f"{'tệp':<{_WIDTH}} {'dạng':<8} {'có':>5} {'đọc':>5} {'từ chối':>7} {'giây':>6}")
    for folder in chosen.folders:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            if path.suffix.lower() not in IGNORED:
                _try(path, folder, totals, reasons, wrong)
    print(f"\n{totals['files']} tệp: có {totals['there']} câu, đọc {totals['read']}, từ chối {totals['refused']},"
          f" không phải tệp câu hỏi {totals['none']}")  # fmt: skip
    print("\nLý do từ chối:")
    for reason, count in reasons.most_common():
        print(f"{count:>6}  {reason}")
    for folder in chosen.folders:
        for expected in sorted(one for one in folder.rglob("*") if one.is_dir() and any(one.glob("*.gift"))):
            files, found = differences(expected)
            print(f"\n{files} tệp GIFT có kết quả mẫu bên cạnh: {len(found)} chỗ khác")
            wrong += found
    questions, found = structure_faults(sorted(one for folder in chosen.folders for one in folder.rglob("*.xml")))
    if questions:
        print(f"\n{questions} câu của Moodle so với tệp Moodle XML do ta ghi: {len(found)} chỗ khác cấu trúc")
        wrong += found
    for line in wrong:
        print(f"SAI  {line}")
    return 1 if wrong else 0


def _try(path: Path, folder: Path, totals: Counter[str], reasons: Counter[str], wrong: list[str]) -> None:
    data = path.read_bytes()
    name = str(path.relative_to(folder))
    there = count_questions(data, path.name)
    began = time.monotonic()
    try:
        result = read_any(data, path.name)
    except Exception as failed:  # exactly what must never happen
        wrong.append(f"{name}: {type(failed).__name__}: {failed}")
        return
    seconds = time.monotonic() - began
    read, refused = len(result.records), len(result.refused)
    kind, counted = sniff(data, path.name) or "–", "–" if there is None else there
    print(f"{name[-_WIDTH:]:<{_WIDTH}} {kind:<8} {counted:>5} {read:>5} {refused:>7} {seconds:>6.2f}")
    totals.update({"files": 1, "there": there or 0, "read": read, "refused": refused})
    if result.unreadable:
        problem = next(one for one in result.about_file if one.severity == "error")
        print(f"{'':<4}{problem.sentence()}")
        totals["none"] += 1
    elif there is not None and there != read + refused:
        wrong.append(f"{name}: có {there} câu, đọc {read}, từ chối {refused}")
    for row in result.refused:
        first = next(one for one in row.problems if one.severity == "error")
        kind = f" {first.params['kind']}" if first.code == "kind_unsupported" else ""
        reasons[f"{first.code}{kind}"] += 1


if __name__ == "__main__":
    sys.exit(main())
