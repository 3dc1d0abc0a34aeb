"""Questions with their keys as a file of any format: for another council, for an archive, for a printed paper.

Whoever takes such a file can give a whole bank away. So few people may, each says why, and the log keeps it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Subject
from examapp.bank.queries import records_to_copy
from examapp.bank.rules import Search
from examapp.bank.services.exports import SHOW_EVERY, Progress, ask_worker
from examapp.core.errors import Conflict, Invalid
from examapp.core.files import Content, keep_file
from examapp.core.i18n import N_
from question_bank.errors import Problem
from question_bank.formats import FORMATS
from question_bank.formats.reading import write_any

COPY_QUESTIONS = "bank.copy_questions"
#: shorter than other files: it holds the keys
KEPT_DAYS = 1
_MOST_LOSSES = 20
#: codes of the problems of a question that is not in the file at all
_LEFT_OUT = ("kind_left_out", "question_left_out")


@dataclass(frozen=True)
class Loss:
    """Something that the format could not hold, and of how many questions."""

    count: int
    message: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Copy:
    """The file that was made, how many questions it holds, and what is not in it."""

    file: UUID
    questions: int
    losses: tuple[Loss, ...]
    #: kinds of losses beyond those that are named
    unnamed: int

    def to_json(self) -> dict[str, Any]:
        """Return it as the result of a job."""
        return asdict(self) | {"file": str(self.file)}


def order_copy(
    session: Session, subject: Subject, search: Search, *, file_format: str, reason: str, total: int, actor: Actor,
    now: datetime,
) -> int:  # fmt: skip
    """Have the worker write the questions that the search finds; return the job's number.

    Raises Invalid `reason_missing` without a reason, Conflict `copy_empty` when the search finds none,
    `copy_too_long` when a file of the format cannot hold them.
    """
    if not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do lấy câu hỏi; lý do vào nhật ký."))
    if not total:
        raise Conflict("copy_empty", N_("Không có câu hỏi nào như bộ lọc, nên không có gì để lấy. Bỏ bớt bộ lọc."))
    most = FORMATS[file_format].most
    if total > most:
        message = N_("Một tệp dạng này giữ nhiều nhất %(most)s câu. Lọc bớt câu hỏi, hoặc chọn dạng khác.")
        raise Conflict("copy_too_long", message, most=most)
    details = {"questions": total, "format": file_format, "reason": reason.strip()}
    record(session, "system", "bank.questions_copied", f"subject:{subject.id}", details, actor=actor, now=now)
    return ask_worker(session, COPY_QUESTIONS, subject, search, total=total, actor=actor, file_format=file_format)


def make_copy(
    session: Session, subject: Subject, search: Search, *, file_format: str, total: int, owner_id: UUID | None,
    now: datetime, progress: Progress,
) -> Copy:  # fmt: skip
    """Write the newest versions of the questions and keep the file for its owner."""
    records = []
    for one in records_to_copy(session, subject, search):
        records.append(one)
        if len(records) % SHOW_EVERY == 0:
            progress(min(len(records), total), total)
    written = write_any(records, file_format)
    name = f"cau-hoi-dap-an-{subject.code}{FORMATS[file_format].suffixes[0]}"
    stored = keep_file(session, Content(written.data, name), owner_id=owner_id, now=now, days=KEPT_DAYS)
    losses = losses_of(written.problems)
    missing = sum(problem.code in _LEFT_OUT for problem in written.problems)
    named, unnamed = losses[:_MOST_LOSSES], max(0, len(losses) - _MOST_LOSSES)
    return Copy(stored.id, len(records) - missing, tuple(named), unnamed)


def losses_of(problems: Iterable[Problem]) -> list[Loss]:
    """Return what a writer says of single questions as one line for each thing, the most frequent first."""
    counted = Counter((problem.message, tuple(sorted(problem.params.items()))) for problem in problems)
    return [Loss(count, message, dict(params)) for (message, params), count in counted.most_common()]
