"""From one format to another: ``convert``."""

import argparse
from collections.abc import Callable
from pathlib import Path

from question_bank.commands.calls import (
    UNREADABLE,
    UNWRITABLE,
    USAGE,
    add_file,
    busy,
    exit_code,
    print_counts,
    print_json,
    print_problems,
    read_file,
    reason_of,
    records_of,
    say,
)
from question_bank.formats import FORMATS, Format
from question_bank.formats.report import problem_json

__all__ = ["add_convert"]

_WRITERS = {name: one for name, one in FORMATS.items() if one.write is not None}


def add_convert(command: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Give ``convert`` its arguments; return what runs it."""
    add_file(command)
    names = ", ".join(f"{one.suffixes[0]} ({one.title})" for one in _WRITERS.values())
    command.add_argument("output", type=Path, metavar="TỆP_RA", help=f"đuôi tệp nói dạng ghi ra: {names}")
    command.add_argument("--to", choices=sorted(_WRITERS), help="dạng ghi ra, khi đuôi tệp không nói được")
    return _convert


def _convert(options: argparse.Namespace) -> int:
    output: Path = options.output
    target = _target(options)
    if target is None or target.write is None:
        suffixes = ", ".join(sorted({suffix for one in _WRITERS.values() for suffix in one.suffixes}))
        say(f"không biết dạng của tệp ra “{output.name}”; dùng một trong các đuôi {suffixes}, hoặc --to")
        return USAGE
    if output.exists() and options.file.exists() and output.samefile(options.file):
        say("tệp ra trùng tệp vào; các dòng bị từ chối sẽ mất, hãy chọn tên khác")
        return USAGE
    result = read_file(options)
    if result.unreadable:
        if options.report == "json":
            print_json(result.to_json())
        else:
            say(result.problems[0].text())
        return UNREADABLE
    with busy(f"đang ghi {output.name}"):
        made = target.write(records_of(result, options))
    try:
        output.write_bytes(made.data)
    except OSError as failed:
        say(f"không ghi được {output}: {reason_of(failed)}")
        return UNWRITABLE
    if options.report == "json":
        print_json(result.to_json() | {"left_out": [problem_json(problem) for problem in made.problems]})
        return exit_code(result)
    print_counts(result)
    print_problems(result.problems)
    left = sum(problem.code in ("kind_left_out", "question_left_out") for problem in made.problems)
    print(f"Đã ghi {len(result.records) - left} câu vào {output}.")
    if made.problems:
        print(f"\nKhông mang sang {target.title} được ({len(made.problems)}):")
        print_problems(made.problems)
    return exit_code(result)


def _target(options: argparse.Namespace) -> Format | None:
    if options.to:
        return _WRITERS[options.to]
    suffix = options.output.suffix.lower()
    return next((one for one in _WRITERS.values() if suffix in one.suffixes), None)
