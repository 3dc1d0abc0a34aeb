"""What the commands share: reading a file of a call, counts and problems in words, exit codes, signs of life."""

import argparse
import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from question_bank.errors import N_, Place, Problem, error
from question_bank.formats import FORMATS, FieldMapping, ReadResult, read_any
from question_bank.formats.decoding import MAX_FILE_BYTES
from question_bank.formats.keys import KEY_STYLES
from question_bank.formats.report import file_refused
from question_bank.questions import Level, QuestionRecord
from question_bank.questions.formulas import formulas_from_latex

__all__ = [
    "FOUND",
    "OK",
    "REFUSED",
    "UNREADABLE",
    "UNWRITABLE",
    "USAGE",
    "add_file",
    "busy",
    "exit_code",
    "print_counts",
    "print_json",
    "print_problems",
    "progress_bar",
    "read_file",
    "reason_of",
    "records_of",
    "say",
]

OK, REFUSED, USAGE, UNREADABLE, UNWRITABLE = 0, 1, 2, 3, 4
#: A check that found something ends like a file with refused rows.
FOUND = REFUSED
_SHOWN = 50
_WIDTH = 30


def add_file(command: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Give a command the file that it reads, and how that is to be understood."""
    names = ", ".join(sorted({suffix for one in FORMATS.values() for suffix in one.suffixes}))
    help_text = f"tệp câu hỏi ({names}); loại tệp nhận theo nội dung"
    command.add_argument("file", type=Path, metavar="TỆP", help=help_text, nargs="?" if optional else None)
    reading = command.add_argument_group("cách đọc")
    reading.add_argument("--topic", metavar="TÊN", help="chủ đề cho câu không ghi chủ đề")
    reading.add_argument("--level", choices=[level.value for level in Level], help="mức độ cho câu không ghi mức độ")
    reading.add_argument("--subject", metavar="TÊN", help="môn cho câu không ghi môn")
    reading.add_argument(
        "--mapping", type=Path, metavar="TỆP", help="tệp JSON ghép cột: columns, defaults, key_style (docs/formats.md)"
    )
    reading.add_argument("--key-style", choices=KEY_STYLES, help="cách ghi đáp án trong tệp; mặc định: tự nhận")
    reading.add_argument(
        "--strict", action="store_true", help="từ chối câu thiếu chủ đề hoặc mức độ, như ngân hàng câu hỏi"
    )
    reading.add_argument("--latex", action="store_true", help="đổi LaTeX trong các câu ($…$, \\(…\\)) thành công thức")
    command.add_argument("--report", choices=("text", "json"), default="text", help="dạng báo cáo (mặc định: text)")


def read_file(options: argparse.Namespace) -> ReadResult:
    """Read the file of a call; what cannot even be opened becomes a result with one problem, like any other fault."""
    path: Path = options.file
    try:
        with path.open("rb") as file:
            # One byte above the limit is enough for the reader to refuse the file.
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as failed:
        problem = error("file_missing", N_("không mở được tệp: %(reason)s."), reason=reason_of(failed))
        return file_refused(problem, path.name)
    defaults = {name: value for name in ("topic", "level", "subject") if (value := getattr(options, name))}
    required = ("topic", "level") if options.strict else ()
    with busy(f"đang đọc {path.name}"):
        return read_any(data, path.name, _mapping(options), defaults, required=required)


def records_of(result: ReadResult, options: argparse.Namespace) -> list[QuestionRecord]:
    """Return the accepted questions; with ``--latex`` their LaTeX as formulas, told where it is not understood."""
    records = [record for _, record in result.records]
    if not options.latex:
        return records
    made = [formulas_from_latex(record) for record in records]
    for place, (_, failed) in zip(places_of(result), made, strict=True):
        if failed:
            say(f"{place.text()}: không hiểu LaTeX “{failed[0][:60]}”, giữ nguyên")
    return [record for record, _ in made]


def places_of(result: ReadResult) -> list[Place]:
    """Return where the accepted questions stand in their file."""
    return [Place(row=row, unit=result.unit) for row, _ in result.records]


def reason_of(failed: OSError) -> str:
    """Return in Vietnamese why a file could not be opened or written."""
    reasons: tuple[tuple[type[OSError], str], ...] = (
        (FileNotFoundError, "không có tệp hoặc thư mục này"),
        (PermissionError, "không có quyền"),
        (IsADirectoryError, "đây là một thư mục"),
        (NotADirectoryError, "đường dẫn không phải thư mục"),
    )
    known = next((words for kind, words in reasons if isinstance(failed, kind)), None)
    return known or failed.strerror or str(failed)


def _mapping(options: argparse.Namespace) -> FieldMapping:
    mapping = FieldMapping()
    if options.mapping:
        try:
            mapping = FieldMapping.from_json(json.loads(options.mapping.read_text(encoding="utf-8")))
        except (OSError, ValueError) as wrong:
            say(f"tệp ghép cột không dùng được: {wrong}")
            raise SystemExit(USAGE) from wrong
    return FieldMapping(mapping.columns, mapping.defaults, options.key_style or mapping.key_style)


def exit_code(result: ReadResult) -> int:
    """Return 3 for a file that could not be read, 1 when rows were refused, else 0."""
    if result.unreadable:
        return UNREADABLE
    return REFUSED if result.refused else OK


def print_counts(result: ReadResult) -> None:
    """Print how many questions were accepted, warned about and refused."""
    accepted = f"nhận {len(result.records)} (trong đó {result.warned} cần xem lại)"
    print(f"{result.rows_total} câu: {accepted}, từ chối {len(result.refused)}")


def print_problems(problems: Sequence[Problem]) -> None:
    """Print the first problems, and how many more there are."""
    for problem in problems[:_SHOWN]:
        mark = "LỖI " if problem.severity == "error" else "xem "
        print(f"{problem.number:>5} {mark} {problem.text()}")
    if len(problems) > _SHOWN:
        print(f"      … còn {len(problems) - _SHOWN} vấn đề; xem đủ với --report json")


def print_json(value: object) -> None:
    """Print plain values as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def say(sentence: str) -> None:
    """Say something beside the result, on the error stream."""
    print(f"question-bank: {sentence}", file=sys.stderr)


@contextmanager
def busy(label: str) -> Iterator[None]:
    """Show on a terminal that something is being done, and for how long; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def show() -> None:
        seconds = 0
        while not done.wait(1):
            seconds += 1
            print(f"\r{label} … {seconds} giây", end="", file=sys.stderr, flush=True)

    shower = threading.Thread(target=show, daemon=True)
    shower.start()
    try:
        yield
    finally:
        done.set()
        shower.join()
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def progress_bar(label: str) -> Callable[[int, int], None]:
    """Return what draws a bar on a terminal when it hears how much of how many is done."""
    if not sys.stderr.isatty():
        return lambda done, total: None

    def draw(done: int, total: int) -> None:
        filled = _WIDTH * done // max(total, 1)
        bar = "█" * filled + "·" * (_WIDTH - filled)
        end = "\r\033[K" if done >= total else ""
        print(f"\r{label} {bar} {done}/{total}{end}", end="", file=sys.stderr, flush=True)

    return draw
