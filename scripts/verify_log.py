"""Check an exported log (JSON Lines) on any computer: no database, no key of the server, only this source.

    python scripts/verify_log.py nhat-ky.jsonl

Exit codes: 0 everything in the file holds, 3 something was altered, 1 the file is no export or cannot be read.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from examapp.integrity.canonical import b64u, utc_text
from examapp.integrity.errors import IntegrityError
from examapp.integrity.exported_log import Checked, CheckedLog, check_export

OK, UNREADABLE, ALTERED = 0, 1, 3


def main(arguments: list[str]) -> int:
    """Check the file that is named and say what holds."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return UNREADABLE
    try:
        with Path(arguments[0]).open("rb") as file:
            checked = check_export(file)
    except (OSError, IntegrityError) as error:
        print(f"Không kiểm tra được {arguments[0]}: {getattr(error, 'text', error.__str__)()}", file=sys.stderr)
        return UNREADABLE
    _say(checked)
    return ALTERED if checked.broken else OK


def _say(checked: Checked) -> None:
    print(f"Tệp xuất lúc {utc_text(checked.at)}")
    for log in checked.logs.values():
        wrong = [one for one in checked.broken if one.scope == log.scope]
        print(f"{'HỎNG' if wrong else 'đúng'}  {log.scope}: {_extent(log)}, mã cuối {b64u(log.head)}")
        for one in wrong[:20]:
            print(f"      {one.text()}")


def _extent(log: CheckedLog) -> str:
    whole = "trọn vẹn" if log.whole else f"một phần, {log.gaps} chỗ bỏ trống"
    return f"{log.events} sự kiện ({whole}), {log.erased} đã xóa chi tiết"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
