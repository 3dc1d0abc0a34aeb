"""A record as plain values with the names of the native form, and metadata back from them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from question_bank.errors import InvalidSpec
from question_bank.questions.checks import letter
from question_bank.questions.content import Content
from question_bank.questions.metadata import Difficulty, KeyCheck, LegalSource, Level, Measured, Metadata
from question_bank.questions.numeric import decimal_of
from question_bank.questions.record import QuestionRecord

__all__ = ["difficulty_of", "metadata_of", "metadata_values_json", "values_of"]

_LISTS = ("tags", "competencies", "job_levels", "enemies")


def values_of(record: QuestionRecord) -> dict[str, Any]:
    """Return the fields of one native line; what says nothing is left out."""
    question, metadata = record.question, record.metadata
    values: dict[str, Any] = {
        "code": metadata.code,
        "kind": question.kind,
        "subject": metadata.subject,
        "topic": metadata.topic,
        "level": metadata.level.value if metadata.level else None,
        "stimulus": question.stimulus.to_json() if question.stimulus else None,
        "stem": question.stem.to_json(),
        **question.native(),
        **metadata_values_json(metadata),
    }
    return {name: value for name, value in values.items() if value not in (None, "", [], ())}


def metadata_values_json(metadata: Metadata) -> dict[str, Any]:
    """Return the metadata as plain values, by the names of the native form; what says nothing is left out."""
    source, difficulty = metadata.source, metadata.difficulty
    document: dict[str, Any] = {}
    if source:
        document = {"document": source.document, "article": source.article}
        document |= {"in_force_from": _day(source.in_force_from), "in_force_to": _day(source.in_force_to)}
    measured = difficulty.measured
    hardness: dict[str, Any] = {"judged": str(difficulty.judged) if difficulty.judged is not None else None}
    if measured:
        hardness["measured"] = {"share_right": str(measured.share_right), "responses": measured.responses}
    values: dict[str, Any] = {
        "code": metadata.code,
        "subject": metadata.subject,
        "topic": metadata.topic,
        "level": metadata.level.value if metadata.level else None,
        "source": {name: value for name, value in document.items() if value} or None,
        "author": metadata.author,
        "language": metadata.language,
        **{name: list(getattr(metadata, name)) for name in _LISTS},
        "checks": [{"by": check.by, "answer": letter(check.answer)} for check in metadata.checks],
        "difficulty": {name: value for name, value in hardness.items() if value is not None} or None,
        "points_group": metadata.points_group,
        "explanation": metadata.explanation.to_json(),
    }
    return {name: value for name, value in values.items() if value not in (None, "", [], ())}


def metadata_of(values: Mapping[str, Any]) -> Metadata:
    """Return the metadata that ``metadata_values_json`` gave; raises InvalidSpec for anything else."""
    try:
        source = values.get("source")
        return Metadata(
            topic=str(values.get("topic", "")),
            level=Level(values["level"]) if values.get("level") else None,
            subject=_text(values, "subject"),
            code=_text(values, "code"),
            source=_source(source) if source else None,
            author=_text(values, "author"),
            language=str(values.get("language", "vi")),
            tags=_texts(values, "tags"),
            checks=tuple(KeyCheck(str(one["by"]), ord(str(one["answer"])) - 65) for one in values.get("checks", [])),
            difficulty=difficulty_of(values.get("difficulty")),
            points_group=_text(values, "points_group"),
            competencies=_texts(values, "competencies"),
            job_levels=_texts(values, "job_levels"),
            enemies=_texts(values, "enemies"),
            explanation=Content.from_json(values.get("explanation", "")),
        )
    except (TypeError, ValueError, KeyError, AttributeError) as wrong:
        raise InvalidSpec("no metadata of the native form") from wrong


def difficulty_of(value: object) -> Difficulty:
    """Return the difficulty of {"judged", "measured": {"share_right", "responses"}}; raises InvalidSpec otherwise."""
    if value is None:
        return Difficulty()
    if not isinstance(value, Mapping) or set(value) - {"judged", "measured"}:
        raise InvalidSpec("difficulty must be an object of judged and measured")
    judged, found = value.get("judged"), value.get("measured")
    measured = None
    if found is not None:
        if not isinstance(found, Mapping) or not isinstance(found.get("responses"), int):
            raise InvalidSpec("measured difficulty must have share_right and responses")
        measured = Measured(decimal_of(found.get("share_right")), found["responses"])
    return Difficulty(None if judged is None else decimal_of(judged), measured)


def _source(source: Mapping[str, Any]) -> LegalSource:
    days = [date.fromisoformat(source[name]) if source.get(name) else None for name in ("in_force_from", "in_force_to")]
    return LegalSource(str(source["document"]), _text(source, "article"), *days)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text(values: Mapping[str, Any], name: str) -> str | None:
    return str(values[name]) if values.get(name) else None


def _texts(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(one) for one in values.get(name, []))
