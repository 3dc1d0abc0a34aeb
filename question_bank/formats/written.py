"""What a writer hands back: the file, and everything that its format could not carry."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from question_bank.errors import N_, Place, Problem, warning
from question_bank.questions.content import Content
from question_bank.questions.essay import Essay
from question_bank.questions.metadata import Metadata
from question_bank.questions.record import QuestionRecord

__all__ = ["METADATA_FIELDS", "Carries", "Written", "left_out", "metadata_values", "question_left_out", "written"]

#: The parts of the metadata, as the native form and docs/formats.md name them.
METADATA_FIELDS = (
    *("topic", "level", "subject", "code", "document", "article", "in_force_from", "in_force_to", "author"),
    *("language", "tags", "checks", "judged", "measured", "points_group", "competencies", "job_levels", "enemies"),
    *("explanation",),
)


#: What people call the parts that a format may lose.
_WORDS = {
    "topic": "chủ đề", "level": "mức độ", "subject": "môn", "code": "mã", "document": "văn bản căn cứ",
    "article": "điều khoản", "in_force_from": "ngày có hiệu lực", "in_force_to": "ngày hết hiệu lực",
    "author": "tác giả", "language": "ngôn ngữ", "tags": "nhãn", "checks": "lần kiểm đáp án",
    "judged": "tỉ lệ làm đúng dự kiến", "measured": "tỉ lệ làm đúng đo được", "points_group": "nhóm điểm",
    "competencies": "năng lực", "job_levels": "vị trí việc làm", "enemies": "câu không đi cùng",
    "explanation": "giải thích", "stimulus": "ngữ liệu", "weights": "tỉ lệ điểm của phương án",
    "rules": "cách so câu trả lời", "gap_weights": "trọng số chỗ trống", "rubric": "hướng dẫn chấm",
    "guide": "gợi ý cho người chấm", "distractors": "mục thừa của câu ghép đôi", "strong": "chữ đậm",
    "em": "chữ nghiêng", "u": "gạch chân", "s": "gạch ngang chữ", "sub": "chỉ số dưới", "sup": "chỉ số trên",
    "pre": "đoạn chương trình", "br": "xuống dòng", "img": "hình", "math": "công thức",
    "blockquote": "đoạn trích", **dict.fromkeys(("ul", "ol", "li"), "danh sách"),
    **dict.fromkeys(("table", "tr", "td", "th"), "bảng"),
}  # fmt: skip


@dataclass(frozen=True)
class Carries:
    """What a format can hold, by the names of the native form; docs/formats.md says the same and is tested by it."""

    kinds: frozenset[str]
    #: Parts of the metadata, of ``METADATA_FIELDS``.
    metadata: frozenset[str] = frozenset()
    #: Elements of markup (``strong``, ``table``, ``img``, ``math`` …); a text keeps its words without them.
    markup: frozenset[str] = frozenset()
    #: "stimulus", "weights", "rules" (of fill-in), "gap_weights", "rubric", "guide", "distractors" (of matching).
    features: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Written:
    """A file in some format; ``problems`` name what was left out of it and where, counted from 1."""

    data: bytes
    problems: tuple[Problem, ...] = field(default=())


def metadata_values(metadata: Metadata) -> dict[str, object]:
    """Return the parts of the metadata that say something, by the names of ``METADATA_FIELDS``."""
    source, difficulty = metadata.source, metadata.difficulty
    values: dict[str, object] = {
        name: getattr(metadata, name)
        for name in (
            *("topic", "level", "subject", "code", "author", "tags", "checks", "points_group", "competencies"),
            *("job_levels", "enemies", "explanation"),
        )
    }
    if source:
        values |= {"document": source.document, "article": source.article}
        values |= {"in_force_from": source.in_force_from, "in_force_to": source.in_force_to}
    values |= {"judged": difficulty.judged, "measured": difficulty.measured}
    if metadata.language != Metadata().language:
        values["language"] = metadata.language
    return {name: value for name, value in values.items() if value not in (None, "", ())}


def left_out(
    records: Iterable[QuestionRecord], carries: Carries, more: Callable[[QuestionRecord], set[str]] | None = None
) -> tuple[list[tuple[int, QuestionRecord]], list[Problem]]:
    """Return the records that a format can hold with their ordinals from 1, and the problems of what it cannot.

    ``more`` names further things of one record that are lost (of ``Carries.features`` or the format's own).
    A whole question is left out only when its kind is not carried; then the problem is one of its own.
    """
    kept, problems = [], []
    for number, record in enumerate(records, 1):
        place = Place(row=number, unit="question")
        if record.question.kind not in carries.kinds:
            message = N_("loại câu “%(kind)s” không ghi được vào dạng tệp này; câu bị bỏ ra.")
            problems.append(warning("kind_left_out", message, place, kind=record.question.label))
            continue
        kept.append((number, record))
        lost = [name for name in metadata_values(record.metadata) if name not in carries.metadata]
        markup = {tag for text in _texts(record, carries) for tag in text.features} - carries.markup
        lost += sorted(markup | (features_of(record) - carries.features) | (more(record) if more else set()))
        if lost:
            message = N_("dạng tệp này không giữ được: %(words)s.")
            words = ", ".join(dict.fromkeys(_WORDS.get(name, name) for name in lost))
            problems.append(warning("parts_left_out", message, place, parts=", ".join(lost), words=words))
    return kept, problems


def _texts(record: QuestionRecord, carries: Carries) -> Iterator[Content]:
    """Give every text that is written: what candidates read, what markers read, and the explanation."""
    yield from record.question.all_texts()
    if isinstance(record.question, Essay):
        yield from (criterion.text for criterion in record.question.rubric if "rubric" in carries.features)
        if "guide" in carries.features:
            yield record.question.guide
    if "explanation" in carries.metadata:
        yield record.metadata.explanation


def question_left_out(number: int) -> Problem:
    """Return the problem of a question with a text that the format would read as something else."""
    message = N_("câu có ký hiệu mà dạng tệp này hiểu khác (ví dụ | hoặc →); câu bị bỏ ra.")
    return warning("question_left_out", message, Place(row=number, unit="question"))


def features_of(record: QuestionRecord) -> set[str]:
    """Return what a question has beside the plain form of its kind, by the names of ``Carries.features``."""
    question = record.question
    found = set()
    if question.stimulus is not None:
        found.add("stimulus")
    for name in ("weights", "rubric", "guide"):
        if getattr(question, name, None):
            found.add(name)
    rules = getattr(question, "rules", None)
    if rules is not None and rules.to_json():
        found.add("rules")
    gaps = getattr(question, "gaps", ())
    if any(gap.weight != 1 for gap in gaps):
        found.add("gap_weights")
    if question.kind == "matching" and len(set(question.key)) != len(question.answers):  # type: ignore[attr-defined]
        found.add("distractors")
    return found


def written(data: bytes, problems: Iterable[Problem]) -> Written:
    """Return a written file with its problems counted."""
    from_one = (Problem(p.severity, p.code, p.message, p.params, p.place, n) for n, p in enumerate(problems, 1))
    return Written(data, tuple(from_one))
