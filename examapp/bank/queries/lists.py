"""Lists of a subject's questions, each in its newest version: searched, narrowed, in pages.

A list first finds the questions' ids, asking the versions only when it must, and reads the texts of one page after.
Words are looked up in a full-text index; the search says exactly what the index says (`TEXT_WORDS`, `CODE_WORDS`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased, joinedload

from examapp.bank.models import CODE_WORDS, TEXT_WORDS, Level, Question, QuestionStatus, QuestionVersion, Subject, Topic
from examapp.bank.queries.stored import plain_words, record_of
from examapp.bank.rules import Chosen, Piece, Search, Sort, excerpt, held, marked, words_of
from examapp.core.paging import PAGE_SIZE, Page
from question_bank.questions.record import QuestionRecord
from question_bank.questions.registry import KINDS
from question_bank.questions.single_choice import SingleChoice

_EXPORTED_AT_ONCE = 500


@dataclass(frozen=True)
class NewestText:
    """A question with what its newest version says; the key is not read."""

    id: UUID
    code: str
    status: QuestionStatus
    number: int
    level: Level
    topic: str
    content: str
    legal_document: str | None
    legal_article: str | None
    changed_at: datetime


@dataclass(frozen=True)
class QuestionRow:
    """A question as a list shows it; the texts come in pieces, found and not."""

    id: UUID
    code: list[Piece]
    number: int
    status: QuestionStatus
    changed_at: datetime
    level: Level
    topic: str
    stem: list[Piece]
    #: the option with most of the words that the question itself has not; empty when it has them all
    option: list[Piece]
    #: the name of its kind (a marked text); "" for single choice, which most are
    kind: str

    @property
    def name(self) -> str:
        """Return the question's code."""
        return "".join(piece for piece, _ in self.code)

    @property
    def chosen(self) -> Chosen:
        """Return what choosing this row says."""
        return Chosen(self.id, self.number, self.status)


def newest_version() -> ColumnElement[bool]:
    """Return the condition that a version is its question's newest; one look into the index of their numbers."""
    later = aliased(QuestionVersion)
    return ~exists().where(later.question_id == QuestionVersion.question_id, later.number > QuestionVersion.number)


def list_questions(session: Session, subject_id: UUID, search: Search) -> Page[QuestionRow]:
    """Return one page of the subject's questions that the search asks for; past the end it is the last one."""
    total = count_questions(session, subject_id, search)
    number = min(max(1, search.page), max(1, -(-total // PAGE_SIZE)))
    query = _ordered(_ids(subject_id, search), search.sort).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    words = words_of(search.words)
    rows = _texts(session, list(session.scalars(query)) if total else [])
    return Page([_row(one, words) for one in rows], number, total)


def count_questions(session: Session, subject_id: UUID, search: Search) -> int:
    """Return how many questions of the subject the search asks for."""
    ids = _ids(subject_id, replace(search, sort=Sort.CODE))  # an order of the versions would have them all read
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def chosen_rows(session: Session, subject_id: UUID, chosen: Sequence[Chosen]) -> list[QuestionRow]:
    """Return the chosen questions of the subject as they are now, by code."""
    ids = [one.question_id for one in chosen]
    query = select(Question.id).where(Question.subject_id == subject_id, Question.id.in_(ids)).order_by(Question.code)
    return [_row(one, ()) for one in _texts(session, list(session.scalars(query)))]


def hits_by_subject(session: Session, subject_ids: Sequence[UUID], typed: str) -> dict[UUID, int]:
    """Return how many questions of each subject hold the words, those subjects that have any."""
    rows = session.execute(
        select(Question.subject_id, func.count().label("hits"))
        .where(Question.subject_id.in_(subject_ids), Question.id.in_(_hits(typed)))
        .group_by(Question.subject_id)
    )
    return {row.subject_id: row.hits for row in rows}


def rows_to_export(session: Session, subject_id: UUID, search: Search) -> Iterator[NewestText]:
    """Give every question the search asks for, in its order, some hundred at a time."""
    ids = list(session.scalars(_ordered(_ids(subject_id, search), search.sort)))
    for start in range(0, len(ids), _EXPORTED_AT_ONCE):
        yield from _texts(session, ids[start : start + _EXPORTED_AT_ONCE])


def records_to_copy(session: Session, subject: Subject, search: Search) -> Iterator[QuestionRecord]:
    """Give every question the search asks for with its key and all that is known of it, some hundred at a time."""
    ids = list(session.scalars(_ordered(_ids(subject.id, search), search.sort)))
    for start in range(0, len(ids), _EXPORTED_AT_ONCE):
        chunk = ids[start : start + _EXPORTED_AT_ONCE]
        versions = session.execute(
            select(Question.code, QuestionVersion)
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .where(Question.id.in_(chunk), newest_version())
            .options(joinedload(QuestionVersion.topic))
        )
        found = {version.question_id: (code, version) for code, version in versions}
        for code, version in (found[one] for one in chunk if one in found):
            known = record_of(version)
            yield replace(known, metadata=replace(known.metadata, code=code, subject=subject.name))


def _ids(subject_id: UUID, search: Search) -> Select[Any]:
    """Return the query of the ids; it joins the newest versions only where the search asks about them."""
    query = select(Question.id).where(Question.subject_id == subject_id)
    if search.status:
        query = query.where(Question.status == search.status)
    if search.words:
        query = query.where(Question.id.in_(_hits(search.words)))
    if search.topic_id or search.level or search.sort is Sort.CHANGED:
        query = query.join(QuestionVersion, QuestionVersion.question_id == Question.id).where(newest_version())
    if search.topic_id:
        query = query.where(QuestionVersion.topic_id == search.topic_id)
    if search.level:
        query = query.where(QuestionVersion.level == search.level)
    return query


def _ordered(query: Select[Any], sort: Sort) -> Select[Any]:
    if sort is Sort.CHANGED:
        return query.order_by(QuestionVersion.created_at.desc(), Question.code)
    return query.order_by(Question.code)


def _hits(typed: str) -> Select[Any]:
    """Return the query of the questions that hold every word in their text, or in their code, or have this code."""
    words = words_of(typed)
    if not words:
        return select(Question.id).where(Question.code == typed)
    # words hold letters and digits only, see words_of; the last one may be the beginning of a longer one
    asked = " & ".join(f"'{word}'" for word in words) + ":*"
    in_text = select(QuestionVersion.question_id).where(_holds(TEXT_WORDS, asked), newest_version())
    in_code = select(Question.id).where(or_(_holds(CODE_WORDS, asked), Question.code == typed))
    return select(in_text.union(in_code).subquery().c[0])


def _holds(indexed: str, asked: str) -> ColumnElement[bool]:
    return text(f"{indexed} @@ to_tsquery('simple'::regconfig, :asked)").bindparams(  # type: ignore[return-value]
        bindparam("asked", asked, unique=True)
    )


def _texts(session: Session, ids: Sequence[UUID]) -> list[NewestText]:
    """Return the newest versions of these questions, in this order, in one statement."""
    rows: Iterable[Any] = session.execute(
        select(
            Question.id,
            Question.code,
            Question.status,
            QuestionVersion.number,
            QuestionVersion.level,
            Topic.name,
            QuestionVersion.content,
            QuestionVersion.legal_document,
            QuestionVersion.legal_article,
            QuestionVersion.created_at,
        )
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(Topic, Topic.id == QuestionVersion.topic_id)
        .where(Question.id.in_(ids), newest_version())
    )
    found = {row[0]: NewestText(*row) for row in rows}
    return [found[one] for one in ids if one in found]


def _row(one: NewestText, words: Sequence[str]) -> QuestionRow:
    content = json.loads(one.content)
    stem, options = plain_words(content)
    missing = frozenset(words) - held(stem, words)
    return QuestionRow(
        id=one.id,
        code=marked(one.code, words),
        number=one.number,
        status=one.status,
        changed_at=one.changed_at,
        level=one.level,
        topic=one.topic,
        stem=marked(excerpt(stem, words), words),
        option=_found_option(options, words, missing),
        kind=_kind_name(content),
    )


def _kind_name(content: dict[str, Any]) -> str:
    kind = content["kind"]
    return "" if kind == SingleChoice.kind else KINDS[kind].label


def _found_option(options: Sequence[str], words: Sequence[str], missing: frozenset[str]) -> list[Piece]:
    """Return the option that holds most of what the question itself does not; nothing when none holds any."""
    counts = [len(held(option, words) & missing) for option in options]
    if not any(counts):
        return []
    option = options[counts.index(max(counts))]
    return marked(excerpt(option, words), words)
