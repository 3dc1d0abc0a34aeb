"""Looking for faults that no format forbids: ``lint`` and ``duplicates``."""

import argparse
from collections import Counter
from collections.abc import Callable
from datetime import date

from question_bank.commands.calls import (
    FOUND,
    OK,
    UNREADABLE,
    USAGE,
    add_file,
    busy,
    places_of,
    print_counts,
    print_json,
    print_problems,
    progress_bar,
    read_file,
    records_of,
    say,
)
from question_bank.duplicates import Pair, differing_words, near_duplicates
from question_bank.formats import ReadResult
from question_bank.formats.report import numbered, problem_json
from question_bank.lint import RULES, lint

__all__ = ["add_duplicates", "add_lint"]

_DIFFERENCES = {"": "", "number": " (khác số)", "negation": " (khác ý phủ định)"}


def add_lint(command: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Give ``lint`` its arguments; return what runs it."""
    add_file(command, optional=True)
    command.add_argument("--only", action="append", metavar="QUY_TẮC", help="chỉ xét quy tắc này; dùng được nhiều lần")
    command.add_argument("--without", action="append", default=[], metavar="QUY_TẮC", help="bỏ qua quy tắc này")
    command.add_argument(
        "--day", type=date.fromisoformat, help="xét văn bản theo ngày này (2025-07-01), thay cho hôm nay"
    )
    command.add_argument("--rules", action="store_true", help="in các quy tắc rồi thôi")
    return _lint


def add_duplicates(command: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Give ``duplicates`` its arguments; return what runs it."""
    add_file(command)
    command.add_argument("--least", type=float, default=0.85, help="độ giống ít nhất, từ 0 đến 1 (mặc định 0.85)")
    return _duplicates


def _lint(options: argparse.Namespace) -> int:
    if options.rules:
        for rule in RULES:
            print(f"{rule.code:<28} {rule.title}\n{'':<28} {rule.why}")
        return OK
    if options.file is None:
        say("thiếu tên tệp; xem lint --help")
        return USAGE
    codes = {rule.code for rule in RULES}
    unknown = {*(options.only or ()), *options.without} - codes
    if unknown:
        say(f"không có quy tắc {', '.join(sorted(unknown))}; xem tên các quy tắc với lint --rules")
        return USAGE
    result = read_file(options)
    if result.unreadable:
        return _unreadable(result, options)
    with busy("đang xét"):
        today = options.day or date.today()  # noqa: DTZ011 - the day of who asks
        found = lint(records_of(result, options), today=today, places=places_of(result))
    found = [one for one in found if one.code not in options.without and one.code in (options.only or {one.code})]
    titles = {rule.code: rule.title for rule in RULES}
    if options.report == "json":
        reasons = dict(Counter(problem.code for problem in found).most_common())
        print_json({"questions": len(result.records), "refused": len(result.refused), "reasons": reasons,
                    "problems": [problem_json(problem) for problem in found]})  # fmt: skip
    else:
        print_counts(result)
        # One per question, they would drown the rest; the counts below have them, and so has --only.
        print_problems(numbered(one for one in found if options.only or not one.code.endswith("_missing")))
        for code, count in Counter(problem.code for problem in found).most_common():
            print(f"{count:>7}  {code:<24} {titles.get(code, '')}".rstrip())
    return FOUND if found or result.refused else OK


def _duplicates(options: argparse.Namespace) -> int:
    if not 0 < options.least <= 1:
        say("--least phải là một số lớn hơn 0 và không quá 1")
        return USAGE
    result = read_file(options)
    if result.unreadable:
        return _unreadable(result, options)
    rows = [row for row, _ in result.records]
    texts = [record.question.visible_text() for record in records_of(result, options)]
    pairs = near_duplicates(texts, least=options.least, progress=progress_bar("đang so"))
    if options.report == "json":
        print_json(
            {
                "questions": len(texts),
                "refused": len(result.refused),
                "pairs": [_pair_json(pair, rows, texts) for pair in pairs],
            }
        )
    else:
        print_counts(result)
        names = [place.text().lower() for place in places_of(result)]
        for pair in pairs:
            difference = _DIFFERENCES[pair.differs_in]
            first, second = names[pair.first], names[pair.second]
            print(f"\n{pair.score:.0%}  {first} và {second}{difference}")
            print(f"    {_words(texts[pair.first], texts[pair.second])}")
    return FOUND if pairs or result.refused else OK


def _words(first: str, second: str) -> str:
    """Return the words in which two texts differ, in the manner of [-older-] and {+newer+}."""
    marks = {"del": "[-{}-]", "ins": "{{+{}+}}"}
    pieces = differing_words(first, second)
    changed = [marks[piece.kind].format(" ".join(piece.text.split())) for piece in pieces if piece.kind != "same"]
    return " ".join(changed) or "giống hệt, có thể khác thứ tự phương án"


def _pair_json(pair: Pair, rows: list[int], texts: list[str]) -> dict[str, object]:
    pieces = differing_words(texts[pair.first], texts[pair.second])
    return {
        "rows": [rows[pair.first], rows[pair.second]],
        "score": round(pair.score, 4),
        "differs_in": pair.differs_in,
        "pieces": [{"kind": piece.kind, "text": piece.text} for piece in pieces],
    }


def _unreadable(result: ReadResult, options: argparse.Namespace) -> int:
    if options.report == "json":
        print_json(result.to_json())
    else:
        print_problems(result.problems)
    return UNREADABLE
