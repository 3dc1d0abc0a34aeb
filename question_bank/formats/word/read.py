"""Reading question banks that people keep in Word."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from question_bank.errors import N_, error
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import Found, judge_all
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.word.build import found_of
from question_bank.formats.word.document import WordFile, read_document
from question_bank.formats.word.own import QUESTION
from question_bank.formats.word.own_questions import found_of_own
from question_bank.formats.word.package import open_package
from question_bank.formats.word.questions import Segment, draft_of_lines
from question_bank.formats.word.rows import drafts_of_table, table_notices
from question_bank.formats.word.sections import Sections

__all__ = ["read"]


def read(
    data: bytes, file_name: str, *, defaults: Mapping[str, str] | None = None, required: Collection[str] = ()
) -> ReadResult:
    """Read a Word document; whatever it holds ends in a result, never in an exception."""
    try:
        document = _document(data, file_name)
        sections = Sections(document.blocks)
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)
    noticed = [*document.noticed, *sections.noticed]
    for part in sections.questions:
        if not isinstance(part, Segment):
            noticed += table_notices(part)
    found = [*_in_order(_found(sections))]
    if not found:
        message = N_("không thấy câu hỏi nào: mỗi câu cần bắt đầu bằng “Câu 1.”, hoặc bảng cần có dòng tiêu đề.")
        return file_refused(error("questions_none", message), file_name)
    return judge_all(found, file_name, defaults=defaults, required=required, noticed=noticed, unit="paragraph")


def _document(data: bytes, file_name: str) -> WordFile:
    """Return the document; its tree is gone when the questions are made of it."""
    return read_document(open_package(data, file_name))


def _found(sections: Sections) -> Iterator[Found]:
    for part in sections.questions:
        if not isinstance(part, Segment):
            yield from (found_of(draft) for draft in drafts_of_table(part))
        elif part.lines[0].role == QUESTION:
            yield found_of_own(part)
        else:
            yield found_of(draft_of_lines(part))


def _in_order(found: Iterator[Found]) -> Iterator[Found]:
    """Give the questions with rows of their own: two may stand in one paragraph."""
    last = 0
    for one in found:
        last = max(one.row, last + 1)
        yield replace(one, row=last)
