"""A question as the bank stores it: what candidates may see, the key, and what is known beside them; and back again."""

import json
from collections.abc import Mapping
from typing import Any

from examapp.bank.models import QuestionVersion
from examapp.core.vietnamese import fold
from examapp.integrity.canonical import H, jcs
from question_bank.formats.native_values import metadata_of, metadata_values_json
from question_bank.questions import Level, Metadata, Question, QuestionRecord, question_from_json
from question_bank.questions.content import Content
from question_bank.questions.single_choice import SingleChoice

#: parts of the metadata that have columns of their own, or stand on the question itself
_ELSEWHERE = frozenset({"code", "subject", "topic", "level"})
#: what opens no page of its own: known beside the question, kept with its version
NOTHING_KNOWN = "{}"


def question_digest(content: dict[str, object], key: dict[str, object]) -> bytes:
    """Return the digest by which the bank knows an identical question again."""
    return H("khaothi/question/v1", jcs(content), jcs(key))


def text_values(question: Question) -> dict[str, Any]:
    """Return the columns of a version that hold the question itself."""
    content, key = question.content_json(), question.key_json()
    return {
        "kind": question.kind,
        "content": jcs(content).decode(),
        "answer_key": jcs(key).decode(),
        "digest": question_digest(content, key),
        "search_text": fold(question.visible_text().replace("\n", " ")),
    }


def about_values(metadata: Metadata) -> dict[str, Any]:
    """Return the columns of a version that hold what is known beside the question, but topic and level."""
    known = {name: value for name, value in metadata_values_json(metadata).items() if name not in _ELSEWHERE}
    return {
        "legal_document": metadata.source.document if metadata.source else None,
        "legal_article": metadata.source.article if metadata.source else None,
        "about": jcs({name: value for name, value in known.items() if (name, value) != ("language", "vi")}).decode(),
    }


def about_with_source(about: str, document: str | None, article: str | None) -> str:
    """Return what is known beside a question after a person has written another legal source for it.

    The days on which the source is in force belong to the document they were written for.
    """
    known = json.loads(about)
    source = known.pop("source", {})
    if document:
        days = {name: source[name] for name in ("in_force_from", "in_force_to") if name in source}
        kept = days if source.get("document") == document else {}
        known["source"] = {"document": document, **({"article": article} if article else {}), **kept}
    return jcs(known).decode()


def about_of_other_text(about: str, *, other_key: bool) -> str:
    """Return what is known about a question after its text or key has changed: no blind check and no measurement.

    An explanation says why the old key was right; it goes with it.
    """
    known = json.loads(about)
    known.pop("checks", None)
    if other_key:
        known.pop("explanation", None)
    if "difficulty" in known:
        known["difficulty"].pop("measured", None)
    return jcs({name: value for name, value in known.items() if value != {}}).decode()


def text_of(version: QuestionVersion) -> Question:
    """Return the question a version holds."""
    return question_from_json(json.loads(version.content), json.loads(version.answer_key))


def record_of(version: QuestionVersion) -> QuestionRecord:
    """Return the question a version holds with what is known beside it; the topic by its name."""
    known: dict[str, Any] = json.loads(version.about)
    if version.legal_document and "source" not in known:
        article = {"article": version.legal_article} if version.legal_article else {}
        known["source"] = {"document": version.legal_document, **article}
    about = metadata_of({**known, "topic": version.topic.name, "level": Level(version.level.value).value})
    return QuestionRecord(text_of(version), about)


def is_typed(question: Question) -> bool:
    """Say whether the form for questions can show all of it: single choice, without pictures, formulas, weights."""
    return (
        isinstance(question, SingleChoice)
        and not question.weights
        and all(text.is_plain for text in question.all_texts())
    )


def plain_words(content: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the plain words of a stored content: its stem, and its options one by one."""
    options = content.get("options", [])
    return str(Content.from_json(content.get("stem", ""))), [str(Content.from_json(option)) for option in options]
