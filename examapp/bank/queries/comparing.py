"""What the bank has to say about the questions of a file: it holds them already, or they are of another subject."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import ARRAY, Integer, LargeBinary, Text, any_, func, literal, select
from sqlalchemy.orm import Session

from examapp.bank.models import Question, QuestionStatus, QuestionVersion, Subject
from examapp.bank.queries.stored import question_digest
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold
from examapp.integrity.canonical import jcs
from question_bank.errors import Place, Problem, error, warning
from question_bank.formats import ReadResult, RefusedRow, native
from question_bank.formats.report import result
from question_bank.questions.record import QuestionRecord

_SHOWN = 5


@dataclass(frozen=True)
class _Held:
    """A question that the bank holds already."""

    code: str
    retired: bool


def compared_with_bank(session: Session, subject: Subject, read: ReadResult) -> ReadResult:
    """Return the result with everything refused, and warned about, that only the bank can know.

    Refused is a question whose text and options the bank already holds, whatever its key, and a code that stands for
    another question. One that is out of use forbids only its own key, so that a wrong key can be corrected in a file.
    A subject that is another one than the import's is named in a warning about the file.
    """
    entries = [entry for _, entry in read.records]
    held, taken = _held(session, subject, entries), _taken_codes(session, entries)
    problems = [*read.problems, *_other_subject(subject, read)]
    records, refused = [], [*read.refused]
    for row, entry in read.records:
        problem = _found_in_bank(entry, held) or _found_code(entry, taken)
        if problem is None:
            records.append((row, entry))
            continue
        problems.append(problem.at(Place(row=row, column=read.mapping.column_of(problem.place.field), unit=read.unit)))
        values = native.values_of(entry)
        refused.append(RefusedRow(row, values, (), values))
    return result(records, problems, refused, read.mapping, read.unit)


def _found_in_bank(entry: QuestionRecord, held: dict[bytes, dict[bytes, _Held]]) -> Problem | None:
    content = entry.question.content_json()
    same_text = held.get(_text_digest(content), {})
    same = same_text.get(question_digest(content, entry.question.key_json()))
    if same is not None:
        message = N_("ngân hàng đã có câu này, mã %(code)s.")
        if same.retired:
            message = N_("ngân hàng đã có câu này, mã %(code)s, đang ngừng dùng; hãy dùng lại câu ấy.")
        return error("already_in_bank", message, code=same.code)
    other = next((one for one in same_text.values() if not one.retired), None)
    if other is not None:
        message = N_("ngân hàng đã có câu này nhưng đáp án khác, mã %(code)s; hãy xem đáp án nào đúng.")
        return error("in_bank_other_key", message, code=other.code)
    return None


def _found_code(entry: QuestionRecord, taken: set[str]) -> Problem | None:
    code = entry.metadata.code
    if code is None or code not in taken:
        return None
    message = N_("mã “%(code)s” đã dùng cho một câu khác trong ngân hàng. Đổi mã hoặc để trống.")
    return error("code_taken", message, Place(field="code"), code=code)


def _held(session: Session, subject: Subject, entries: list[QuestionRecord]) -> dict[bytes, dict[bytes, _Held]]:
    """Return the questions of the bank with the same text and options: by text, then by digest."""
    contents = [jcs(entry.question.content_json()) for entry in entries]
    texts = [hashlib.sha256(content).digest() for content in contents]
    # the size is known without reading a text: of those with pictures hardly any is read
    size = func.octet_length(QuestionVersion.content) == any_(literal(sorted(set(map(len, contents))), ARRAY(Integer)))
    stored = func.sha256(func.convert_to(QuestionVersion.content, "UTF8"), type_=LargeBinary)
    # one array and not IN: a file may hold more rows than a statement may have parameters
    rows = session.execute(
        select(stored, QuestionVersion.digest, Question.code, Question.status)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject.id, size, stored == any_(literal(texts, ARRAY(LargeBinary))))
    )
    held: dict[bytes, dict[bytes, _Held]] = {}
    for text, digest, code, status in rows:
        one = _Held(code, status is QuestionStatus.RETIRED)
        same = held.setdefault(text, {})
        if digest not in same or same[digest].retired:
            same[digest] = one
    return held


def _text_digest(content: dict[str, object]) -> bytes:
    return hashlib.sha256(jcs(content)).digest()


def _taken_codes(session: Session, entries: list[QuestionRecord]) -> set[str]:
    codes = [entry.metadata.code for entry in entries if entry.metadata.code]
    return set(session.scalars(select(Question.code).where(Question.code == any_(literal(codes, ARRAY(Text))))))


def _other_subject(subject: Subject, read: ReadResult) -> list[Problem]:
    """Return a warning when the file names other subjects than the one it is brought into."""
    own = {fold(subject.code), fold(subject.name)}
    abouts = [entry.metadata for _, entry in read.records]
    written = dict.fromkeys(about.subject for about in abouts if about.subject and fold(about.subject) not in own)
    if not written:
        return []
    message = N_("tệp ghi môn “%(written)s”, các câu được nhập vào môn “%(subject)s”.")
    shown = ", ".join(name[:60] for name in [*written][:_SHOWN])
    return [warning("other_subject", message, written=shown, subject=subject.name)]
