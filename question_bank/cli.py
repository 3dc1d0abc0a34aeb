"""The command ``question-bank``: look into question files, convert them, check the draw's test vectors.

Exit codes: 0 all well · 1 some rows were refused, or a vector differs · 2 wrong call · 3 the file could not be read at
all · 4 the output could not be written.
"""

import argparse
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from question_bank.assembly import vectors
from question_bank.errors import N_, error
from question_bank.formats import FieldMapping, ReadResult, native, read_any, xlsx
from question_bank.formats.decoding import MAX_FILE_BYTES
from question_bank.formats.keys import KEY_STYLES
from question_bank.formats.report import file_refused
from question_bank.questions.metadata import Level
from question_bank.questions.single_choice import SingleChoice, letter

__all__ = ["main"]

OK, REFUSED, USAGE, UNREADABLE, UNWRITABLE = 0, 1, 2, 3, 4
_SHOWN = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Vietnamese letters, or a file name of broken bytes, is no reason for a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has seen enough ("| head"); writing on at exit would only print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNWRITABLE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="question-bank",
        description="Xem, kiểm tra và chuyển đổi tệp câu hỏi; kiểm chứng thuật toán rút đề.",
        epilog="Mã thoát: 0 tốt · 1 có dòng bị từ chối · 2 gọi sai · 3 không đọc được tệp · 4 không ghi được tệp.",
    )
    commands = parser.add_subparsers(required=True, metavar="LỆNH")
    show = commands.add_parser("show", help="đọc tệp, in số câu nhận được và từng vấn đề")
    show.add_argument("--report", choices=("text", "json"), default="text", help="dạng báo cáo")
    show.set_defaults(run=_show)
    convert = commands.add_parser("convert", help="chuyển tệp bất kỳ sang .jsonl (dạng riêng) hoặc .xlsx")
    convert.set_defaults(run=_convert)
    stats = commands.add_parser("stats", help="đếm câu theo chủ đề, mức độ, số phương án, đáp án")
    stats.set_defaults(run=_stats)
    for command in (show, convert, stats):
        command.add_argument("file", type=Path, metavar="TỆP", help="tệp .jsonl, .json hoặc .xlsx")
        command.add_argument("--topic", help="chủ đề cho câu không ghi chủ đề")
        command.add_argument("--level", choices=[level.value for level in Level], help="mức độ cho câu không ghi")
        command.add_argument("--subject", help="môn cho câu không ghi môn")
        command.add_argument(
            "--mapping", type=Path, metavar="TỆP", help="tệp JSON ghép cột: columns, defaults, key_style"
        )
        command.add_argument("--key-style", choices=KEY_STYLES, help="cách ghi đáp án trong tệp")
    convert.add_argument("output", type=Path, metavar="TỆP_RA", help="tệp .jsonl hoặc .xlsx")
    verify = commands.add_parser("verify-vectors", help="tính lại các kết quả mẫu của thuật toán rút đề draw/1")
    verify.set_defaults(run=_verify_vectors)
    return parser


def _read(options: argparse.Namespace) -> ReadResult:
    """Read the file of a call; what cannot even be opened becomes a result with one problem, like every other fault."""
    path: Path = options.file
    try:
        with path.open("rb") as file:
            # One byte above the limit is enough for the reader to refuse the file.
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as failed:
        problem = error("file_missing", N_("không mở được tệp: %(reason)s."), reason=failed.strerror or str(failed))
        return file_refused(problem, path.name)
    defaults = {name: value for name in ("topic", "level", "subject") if (value := getattr(options, name))}
    return read_any(data, path.name, _mapping(options), defaults)


def _mapping(options: argparse.Namespace) -> FieldMapping:
    mapping = FieldMapping()
    if options.mapping:
        try:
            mapping = FieldMapping.from_json(json.loads(options.mapping.read_text(encoding="utf-8")))
        except (OSError, ValueError) as wrong:
            print(f"question-bank: tệp ghép cột không dùng được: {wrong}", file=sys.stderr)
            raise SystemExit(USAGE) from wrong
    return FieldMapping(mapping.columns, mapping.defaults, options.key_style or mapping.key_style)


def _exit_code(result: ReadResult) -> int:
    if result.unreadable:
        return UNREADABLE
    return REFUSED if result.refused else OK


def _show(options: argparse.Namespace) -> int:
    result = _read(options)
    if options.report == "json":
        print(json.dumps(result.to_json(), ensure_ascii=False, indent=2))
        return _exit_code(result)
    _print_counts(result)
    _print_problems(result)
    return _exit_code(result)


def _print_problems(result: ReadResult) -> None:
    for problem in result.problems[:_SHOWN]:
        mark = "LỖI " if problem.severity == "error" else "xem "
        print(f"{problem.number:>5} {mark} {problem.text()}")
    if len(result.problems) > _SHOWN:
        print(f"      … còn {len(result.problems) - _SHOWN} vấn đề; xem đủ với lệnh show --report json")


def _print_counts(result: ReadResult) -> None:
    accepted = f"nhận {len(result.records)} (trong đó {result.warned} cần xem lại)"
    print(f"{result.rows_total} dòng: {accepted}, từ chối {len(result.refused)}")


def _convert(options: argparse.Namespace) -> int:
    output: Path = options.output
    writers = {".jsonl": native.write, ".xlsx": xlsx.write}
    writer = writers.get(output.suffix.lower())
    if writer is None:
        print("question-bank: tệp ra phải là .jsonl hoặc .xlsx", file=sys.stderr)
        return USAGE
    if output.exists() and options.file.exists() and output.samefile(options.file):
        print("question-bank: tệp ra trùng tệp vào; các dòng bị từ chối sẽ mất, hãy chọn tên khác", file=sys.stderr)
        return USAGE
    result = _read(options)
    if result.unreadable:
        print(result.problems[0].text(), file=sys.stderr)
        return UNREADABLE
    try:
        output.write_bytes(writer(record for _, record in result.records))
    except OSError as failed:
        print(f"question-bank: không ghi được {output}: {failed.strerror}", file=sys.stderr)
        return UNWRITABLE
    _print_counts(result)
    _print_problems(result)
    return _exit_code(result)


def _stats(options: argparse.Namespace) -> int:
    result = _read(options)
    if result.unreadable:
        print(result.problems[0].text(), file=sys.stderr)
        return UNREADABLE
    _print_counts(result)
    records = [record for _, record in result.records]
    counts: dict[str, Counter[str]] = {
        "Chủ đề": Counter(record.metadata.topic for record in records),
        "Mức độ": Counter(record.metadata.level.label for record in records),
        "Số phương án": Counter(str(len(record.question.options)) for record in records),
        "Đáp án": Counter(letter(record.question.key) for record in records),
        "Phương án giữ chỗ": Counter(_pin_words(record.question) for record in records),
    }
    for title, found in counts.items():
        print(f"\n{title}")
        for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:>7}  {name}")
    return _exit_code(result)


def _pin_words(question: SingleChoice) -> str:
    pinned = len(question.pinned_last)
    if not pinned:
        return "trộn tự do"
    return "giữ nguyên thứ tự" if pinned == len(question.options) else "có phương án ở cuối"


def _verify_vectors(options: argparse.Namespace) -> int:
    del options
    wrong = vectors.differences()
    for name in wrong:
        print(f"KHÁC {name}")
    print("không khớp" if wrong else "mọi kết quả mẫu của draw/1 đều khớp")
    return REFUSED if wrong else OK


if __name__ == "__main__":
    sys.exit(main())
