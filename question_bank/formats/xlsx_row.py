"""A record as one row of our workbook: the columns, and what of a question a row can hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from question_bank.formats.drafts import LIST_FIELDS
from question_bank.formats.kinds import ARROW, FORMS_MARK
from question_bank.formats.mapping import OPTION_FIELDS
from question_bank.formats.prefixes import split_label, strip_stem_number
from question_bank.formats.written import METADATA_FIELDS, Carries
from question_bank.questions import KINDS
from question_bank.questions.checks import letter
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import FillIn
from question_bank.questions.key_words import decimal_words, key_words
from question_bank.questions.matching import Matching
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question
from question_bank.questions.record import QuestionRecord
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = [
    "CARRIES",
    "COLUMNS",
    "EXTRA_COLUMNS",
    "FIELDS_OF_COLUMNS",
    "RowTexts",
    "lists_with_commas",
    "row_texts",
    "unwritable",
]

CARRIES = Carries(
    kinds=frozenset(KINDS) - {"cloze"},
    metadata=frozenset(METADATA_FIELDS) - {"checks", "measured"},
    features=frozenset({"stimulus", "rubric", "guide", "distractors"}),
)

#: Our columns without those of the options, and the field that each holds.
FIELDS_OF_COLUMNS = {
    "Mã": "code",
    "Môn": "subject",
    "Chủ đề": "topic",
    "Mức độ": "level",
    "Loại": "kind",
    "Câu hỏi": "stem",
    "Đáp án": "key",
    "Văn bản": "document",
    "Điều khoản": "article",
    "Tác giả": "author",
    "Nhãn": "tags",
    "Ngôn ngữ": "language",
    "Tiêu đề ngữ liệu": "stimulus_title",
    "Ngữ liệu": "stimulus_text",
    "Giải thích": "explanation",
    "Nhóm điểm": "points_group",
    "Năng lực": "competencies",
    "Vị trí việc làm": "job_levels",
    "Không đi cùng": "enemies",
    "Tỉ lệ làm đúng": "judged",
    "Hiệu lực từ": "in_force_from",
    "Hiệu lực đến": "in_force_to",
}
_NAMES = tuple(FIELDS_OF_COLUMNS)
COLUMNS = _NAMES[: _NAMES.index("Giải thích")]
#: Columns that the file has only when a question has something in them.
EXTRA_COLUMNS = _NAMES[len(COLUMNS) :]


#: Points of a criterion with more places behind the comma are not read back.
_MOST_PLACES = 4


@dataclass(frozen=True)
class RowTexts:
    """The cells of one row: by the header of their column, and those of the options."""

    options: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)


def unwritable(record: QuestionRecord) -> bool:
    """Say whether a row cannot hold the question: too many options, or a mark that parts texts inside a cell."""
    question = record.question
    if isinstance(question, FillIn) and any("|" in form for form in question.accepted):
        return True
    if isinstance(question, Matching) and any(mark in text for text in question.texts() for mark in ("→", "=>", "⇒")):
        return True
    if isinstance(question, Essay) and any(_places(criterion.points) > _MOST_PLACES for criterion in question.rubric):
        return True
    return len(_options(question)) > len(OPTION_FIELDS)


def lists_with_commas(record: QuestionRecord) -> set[str]:
    """Return the lists of the metadata that a cell cannot hold, because commas part it."""
    return {name for name in LIST_FIELDS if any(mark in one for one in getattr(record.metadata, name) for mark in ",;")}


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def row_texts(record: QuestionRecord) -> RowTexts:
    """Return the cells of a record; markup is written as its words."""
    question, metadata = record.question, record.metadata
    source, stimulus, judged = metadata.source, question.stimulus, metadata.difficulty.judged
    values = {
        "code": metadata.code,
        "subject": metadata.subject,
        "topic": metadata.topic,
        "level": metadata.level.label if metadata.level else "",
        "kind": question.label,
        "stem": _guarded_stem(str(question.stem)),
        "key": _key(question),
        "document": source.document if source else "",
        "article": source.article if source else "",
        "author": metadata.author,
        "tags": _listed(record, "tags"),
        "language": metadata.language,
        "stimulus_title": stimulus.title if stimulus else "",
        "stimulus_text": str(stimulus.text) if stimulus else "",
        "explanation": str(metadata.explanation),
        "points_group": metadata.points_group,
        "competencies": _listed(record, "competencies"),
        "job_levels": _listed(record, "job_levels"),
        "enemies": _listed(record, "enemies"),
        "judged": decimal_words(judged) if judged is not None else "",
        "in_force_from": _day(source.in_force_from) if source else "",
        "in_force_to": _day(source.in_force_to) if source else "",
    }
    texts = {header: values[name] or "" for header, name in FIELDS_OF_COLUMNS.items()}
    return RowTexts(_guarded_options([str(text) for text in _options(question)]), texts)


def _listed(record: QuestionRecord, name: str) -> str:
    return "" if name in lists_with_commas(record) else ", ".join(getattr(record.metadata, name))


def _options(question: Question) -> Sequence[str]:
    match question:
        case OptionQuestion(options=options):
            return options
        case TrueFalseCluster(statements=statements):
            return statements
        case Matching(prompts=prompts, answers=answers, key=key):
            pairs = [f"{prompt}{ARROW}{answers[index]}" for prompt, index in zip(prompts, key, strict=True)]
            return [*pairs, *(f"{ARROW.lstrip()}{one}" for at, one in enumerate(answers) if at not in key)]
        case Ordering(items=items):
            return items
        case Essay(rubric=rubric):
            return [f"{one.text} ({decimal_words(one.points)} điểm)" for one in rubric]
    return ()


def _key(question: Question) -> str:
    match question:
        case TrueFalseCluster(key=key):
            return ", ".join("Đ" if right else "S" for right in key)
        case FillIn(accepted=accepted):
            return FORMS_MARK.join(accepted)
        case Matching() | Ordering():
            return ""
        case Essay(guide=guide):
            return str(guide)
    return key_words(question)


def _guarded_stem(stem: str) -> str:
    """Return a stem with a number in front where the reader would take a part of it for one."""
    return f"Câu 1. {stem}" if strip_stem_number(stem, bare=True) != stem else stem


def _guarded_options(options: list[str]) -> tuple[str, ...]:
    """Return options with letters in front where the reader would take parts of them for letters."""
    if any(split_label(option)[0] is not None for option in options) and len(options) <= len(OPTION_FIELDS):
        return tuple(f"{letter(index)}. {option}" for index, option in enumerate(options))
    return tuple(options)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
