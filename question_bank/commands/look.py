"""Looking into a file: ``show`` and ``stats``."""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence

from question_bank.commands.calls import (
    add_file,
    exit_code,
    print_counts,
    print_json,
    print_problems,
    read_file,
    records_of,
)
from question_bank.formats.native_values import values_of
from question_bank.questions import KINDS, Question, QuestionRecord, letter, stimulus_groups
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.key_words import key_words

__all__ = ["add_show", "add_stats"]


def add_show(command: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Give ``show`` its arguments; return what runs it."""
    add_file(command)
    command.add_argument("--questions", action="store_true", help="in cả nội dung từng câu nhận được, kèm đáp án")
    return _show


def add_stats(command: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Give ``stats`` its arguments; return what runs it."""
    add_file(command)
    return _stats


def _show(options: argparse.Namespace) -> int:
    result = read_file(options)
    if options.report == "json":
        questions = [values_of(record) for record in records_of(result, options)]
        print_json(result.to_json() | ({"questions": questions} if options.questions else {}))
        return exit_code(result)
    print_counts(result)
    if options.questions:
        for number, record in enumerate(records_of(result, options), 1):
            _print_question(number, record)
    print_problems(result.problems)
    return exit_code(result)


def _print_question(number: int, record: QuestionRecord) -> None:
    question, about = record.question, record.metadata
    facts = (about.code, about.topic, about.level.label if about.level else "")
    print(f"\nCâu {number} ({question.label}) {' · '.join(fact for fact in facts if fact)}".rstrip())
    if question.stimulus:
        print(_indented("\n".join(filter(None, (question.stimulus.title, question.stimulus.text))), "  | "))
    print(_indented(question.stem, "  "))
    for index, text in enumerate(question.texts()):
        print(_indented(f"{letter(index)}. {text}" if index < 26 else text, "    "))
    print(f"  Đáp án: {key_words(question) or '–'}")


def _indented(text: str, space: str) -> str:
    return "\n".join(f"{space}{line}" for line in text.split("\n"))


def _stats(options: argparse.Namespace) -> int:
    result = read_file(options)
    if result.unreadable:
        if options.report == "json":
            print_json(result.to_json())
        else:
            print_problems(result.problems)
        return exit_code(result)
    records = records_of(result, options)
    counts = _counts(records)
    if options.report == "json":
        print_json({"accepted": len(records), "refused": len(result.refused), "counts": counts})
        return exit_code(result)
    print_counts(result)
    for title, found in counts.items():
        print(f"\n{title}")
        for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:>7}  {name}")
    return exit_code(result)


def _counts(records: Sequence[QuestionRecord]) -> dict[str, dict[str, int]]:
    choices = [record.question for record in records if isinstance(record.question, OptionQuestion)]
    counts = {
        "Loại": Counter(KINDS[record.question.kind].label for record in records),
        "Chủ đề": Counter(record.metadata.topic or "–" for record in records),
        "Mức độ": Counter(record.metadata.level.label if record.metadata.level else "–" for record in records),
        "Số phương án": Counter(str(len(question.options)) for question in choices),
        "Đáp án": Counter(key_words(question) for question in choices),
        "Phương án giữ chỗ": Counter(_pin_words(question) for question in choices),
        "Định dạng": Counter(tag for record in records for tag in _features(record.question)),
        "Câu trong cụm chung ngữ liệu": Counter(str(len(group)) for group in stimulus_groups(list(records))),
    }
    return {title: dict(found) for title, found in counts.items() if found}


def _features(question: Question) -> set[str]:
    return {tag for text in question.all_texts() for tag in text.features}


def _pin_words(question: OptionQuestion) -> str:
    pinned = len(question.pinned_last)
    if not pinned:
        return "trộn tự do"
    return "giữ nguyên thứ tự" if pinned == len(question.options) else "có phương án ở cuối"
