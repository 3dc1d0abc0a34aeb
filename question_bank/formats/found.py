"""From questions as readers find them to a result: the judgement that all formats share, so that none is stricter.

A reader takes a file apart into ``Found`` values and calls ``judge_all``; whatever is wrong with one of them never
stops the rest, and every one ends either as a record or as a refused row.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from question_bank.errors import N_, Place, Problem, Unit, error
from question_bank.formats.decoding import Refusal, check_size, decode_noticing
from question_bank.formats.mapping import GUESSED, FieldMapping
from question_bank.formats.native_values import values_of
from question_bank.formats.repeats import Known
from question_bank.formats.report import ReadResult, RefusedRow, file_refused, result
from question_bank.questions.checks import broken_characters
from question_bank.questions.metadata import LegalSource, Metadata, level_from_words
from question_bank.questions.question import Question
from question_bank.questions.record import QuestionRecord
from question_bank.questions.text import has_broken_characters

__all__ = ["MAX_METADATA", "Found", "judge_all", "kind_unsupported", "read_text"]

#: Longer metadata is a sign of a wrongly mapped column.
MAX_METADATA = 300
_MAX_EXPLANATION = 10_000
_MOST_RESPONSES = 100_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """One question as it stands in a file; without a question it is one that could not be read, with the reason."""

    #: Where it begins: the line, paragraph or ordinal; no two in one file are the same.
    row: int
    question: Question | None = None
    metadata: Metadata = field(default_factory=Metadata)
    problems: tuple[Problem, ...] = ()
    #: As it was read, for whoever mends it.
    raw: Mapping[str, object] = field(default_factory=dict)
    #: The native form as far as it was understood; empty: that of the question, if there is one.
    fields: Mapping[str, object] = field(default_factory=dict)
    #: What the file itself calls it, such as "Câu 6": where it counts anew, or counts paragraphs, people look for this.
    name: str = ""


def judge_all(
    found: Iterable[Found],
    file_name: str,
    *,
    defaults: Mapping[str, str] | None = None,
    required: Collection[str] = (),
    mapping: FieldMapping = GUESSED,
    noticed: Sequence[Problem] = (),
    unit: Unit = "row",
) -> ReadResult:
    """Return the result for the questions of one file.

    ``defaults`` stand in for topics, levels … that are missing; ``required`` names those of them without which a
    question is refused ("topic", "level"); ``noticed`` is what is known of the file as a whole.
    """
    known = Known(unit)
    records: list[tuple[int, QuestionRecord]] = []
    refused: list[RefusedRow] = []
    problems = [problem.at(Place(file=file_name)) for problem in noticed]
    for one in found:
        metadata = with_defaults(one.metadata, defaults or {})
        placed = [_at_column(problem, mapping) for problem in _problems(one, metadata, required)]
        record = QuestionRecord(one.question, metadata) if one.question is not None else None
        if record is not None and not any(problem.severity == "error" for problem in placed):
            placed += [_at_column(problem, mapping) for problem in known.check(record)]
        placed = [
            problem.at(Place(file=file_name, row=one.row, unit=unit, name=one.name or None)) for problem in placed
        ]
        problems += placed
        if record is not None and all(problem.severity == "warning" for problem in placed):
            known.add(one.row, record)
            records.append((one.row, record))
        else:
            fields = one.fields or (values_of(record) if record else {})
            refused.append(RefusedRow(one.row, one.raw, tuple(placed), fields))
    return result(records, problems, refused, mapping, unit)


def read_text(
    data: bytes,
    file_name: str,
    parse: Callable[[str], tuple[list[Found], list[Problem]]],
    *,
    defaults: Mapping[str, str] | None = None,
    required: Collection[str] = (),
) -> ReadResult:
    """Return the result for a file of text; whatever it holds ends in one.

    ``parse`` takes the text apart: into questions, and what is to be said of the rest. It may raise Refusal.
    """
    try:
        check_size(data)
        text, noticed = decode_noticing(data)
        found, rest = parse(text)
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)
    return judge_all(found, file_name, defaults=defaults, required=required, noticed=(*noticed, *rest))


def kind_unsupported(name: str) -> Problem:
    """Return the problem of a question whose kind is not read; ``name`` is what its format calls it."""
    return error("kind_unsupported", N_("loại câu hỏi “%(kind)s” chưa đọc được."), kind=name[:80])


def with_defaults(metadata: Metadata, defaults: Mapping[str, str]) -> Metadata:
    """Return the metadata with defaults in the place of what is missing; see ``mapping.DEFAULT_FIELDS``."""
    changes: dict[str, object] = {}
    for name in ("topic", "subject", "author"):
        if defaults.get(name) and not getattr(metadata, name):
            changes[name] = defaults[name]
    if metadata.level is None and defaults.get("level"):
        changes["level"] = level_from_words(defaults["level"])
    if metadata.source is None and defaults.get("document"):
        changes["source"] = LegalSource(defaults["document"], defaults.get("article") or None)
    if metadata.language == Metadata().language and defaults.get("language"):
        changes["language"] = defaults["language"]
    return replace(metadata, **changes) if changes else metadata  # type: ignore[arg-type]


def _problems(one: Found, metadata: Metadata, required: Collection[str]) -> Iterator[Problem]:
    """Give everything that is to be said about a question: what its reader saw, its own faults, its metadata's."""
    yield from one.problems
    if one.question is not None:
        said = {problem.place.field for problem in one.problems if problem.severity == "error"}
        unread_key = getattr(one.question, "key", None) == -1
        for problem in one.question.validate():
            # What the reader said about the key is the better sentence for a key that names no option.
            if not (problem.code in ("key_out_of_range", "key_missing") and ("key" in said or unread_key)):
                yield problem
    if one.question is not None or not any(problem.severity == "error" for problem in one.problems):
        yield from _metadata_problems(metadata)
        yield from _missing(metadata, required, {problem.code for problem in one.problems})


def _missing(metadata: Metadata, required: Collection[str], said: set[str]) -> Iterator[Problem]:
    if "topic" in required and not metadata.topic:
        message = N_("chưa có chủ đề; hãy ghi hoặc chọn chủ đề mặc định khi ghép cột.")
        yield error("topic_missing", message, Place(field="topic"))
    if "level" in required and metadata.level is None and "level_unknown" not in said:
        message = N_("chưa có mức độ; hãy ghi hoặc chọn mức độ mặc định khi ghép cột.")
        yield error("level_missing", message, Place(field="level"))


def _metadata_problems(metadata: Metadata) -> Iterator[Problem]:
    source = metadata.source
    texts = {
        "topic": metadata.topic,
        "subject": metadata.subject or "",
        "code": metadata.code or "",
        "author": metadata.author or "",
        "language": metadata.language,
        "document": source.document if source else "",
        "article": (source.article or "") if source else "",
        "points_group": metadata.points_group or "",
        "tags": ", ".join(metadata.tags),
        "competencies": ", ".join(metadata.competencies),
        "job_levels": ", ".join(metadata.job_levels),
        "enemies": ", ".join(metadata.enemies),
        "explanation": metadata.explanation,
    }
    for name, text in texts.items():
        place = Place(field=name)
        limit = _MAX_EXPLANATION if name == "explanation" else MAX_METADATA
        if len(text) > limit:
            message = N_("dài %(length)s ký tự, giới hạn là %(limit)s; có thể cột bị ghép nhầm.")
            yield error("field_too_long", message, place, length=len(text), limit=limit)
        if has_broken_characters(text):
            yield broken_characters().at(place)
    difficulty = metadata.difficulty
    shares = [difficulty.judged, difficulty.measured.share_right if difficulty.measured else None]
    measured = difficulty.measured
    if measured and not 1 <= measured.responses <= _MOST_RESPONSES:
        message = N_("số thí sinh đã làm câu phải từ 1 đến %(limit)s.")
        yield error("responses_range", message, Place(field="difficulty"), limit=_MOST_RESPONSES)
    if any(share is not None and not 0 <= share <= 1 for share in shares):
        message = N_("độ khó là tỉ lệ người làm đúng, từ 0 đến 1.")
        yield error("difficulty_range", message, Place(field="difficulty"))


def _at_column(problem: Problem, mapping: FieldMapping) -> Problem:
    column = mapping.column_of(problem.place.field)
    return problem if problem.place.column or column is None else problem.at(Place(column=column))
