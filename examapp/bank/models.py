"""Subjects, topics, questions and their versions, and the imports that bring them in."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.core.columns import uuid_pk
from examapp.core.db import Base
from question_bank.errors import Unit
from question_bank.formats import FORMATS

#: everything between words, in a folded text: not only the marks of ASCII, but also “ ” – … and their kin
BETWEEN_WORDS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+"

#: the words of a question and of a code as PostgreSQL looks them up; a search must say the same to use the index
TEXT_WORDS = rf"to_tsvector('simple'::regconfig, regexp_replace(search_text, '{BETWEEN_WORDS}', ' ', 'g'))"
CODE_WORDS = rf"to_tsvector('simple'::regconfig, regexp_replace(lower(code), '{BETWEEN_WORDS}', ' ', 'g'))"


#: the kinds that the candidate's page shows; a question of another kind waits in the bank
EXAM_KINDS = ("single_choice", "true_false")
#: SQL of the first versions of the other questions; the kind of a question never changes
WAITING = f"number = 1 AND kind NOT IN {EXAM_KINDS}"


class Level(StrEnum):
    """Cognitive levels: nhận biết, thông hiểu, vận dụng, vận dụng cao."""

    RECALL = "recall"
    UNDERSTANDING = "understanding"
    APPLICATION = "application"
    HIGH_APPLICATION = "high_application"


class QuestionStatus(StrEnum):
    """Where a question stands; only approved ones enter a pool."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class ImportState(StrEnum):
    """A file is kept, then read and previewed; applying it is a deed of its own, and can be undone."""

    UPLOADED = "uploaded"
    PREVIEWED = "previewed"
    APPLIED = "applied"
    UNDONE = "undone"


class ImportRowState(StrEnum):
    """What became of one row."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    REFUSED = "refused"


class Subject(Base):
    """A subject of the bank, e.g. Kiến thức chung."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint("code <> '' AND name <> ''", name="named"))

    id: Mapped[uuid_pk]
    code: Mapped[str]
    name: Mapped[str]
    search_text: Mapped[str]


class Topic(Base):
    """A topic of a subject; blueprints count by topic and level."""

    __tablename__ = "topics"
    __table_args__ = (
        UniqueConstraint("subject_id", "code"),
        UniqueConstraint("subject_id", "name"),
        CheckConstraint("code <> '' AND name <> ''", name="named"),
    )

    id: Mapped[uuid_pk]
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id", ondelete="RESTRICT"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    subject: Mapped[Subject] = relationship()


class Question(Base):
    """The identity of a question; its text lives in its versions."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code <> ''", name="code_given"),
        # a page of a subject's list, whole or of one status, is read in the order it is shown in
        Index("ix_questions_subject_id_code", "subject_id", "code"),
        Index("ix_questions_subject_id_status_code", "subject_id", "status", "code"),
        Index("ix_questions_words", text(CODE_WORDS), postgresql_using="gin"),
    )

    id: Mapped[uuid_pk]
    code: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id", ondelete="RESTRICT"))
    status: Mapped[QuestionStatus] = mapped_column(default=QuestionStatus.APPROVED)
    #: the import that brought it in; None for one that was written here
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id", ondelete="RESTRICT"), index=True)
    created_at: Mapped[datetime]

    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question", order_by="QuestionVersion.number"
    )


class QuestionVersion(Base):
    """An immutable text of a question. `content` never holds the key; `answer_key` holds nothing else."""

    __tablename__ = "question_versions"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("length(digest) = 32", name="digest_32_bytes"),
        Index("ix_question_versions_topic_id_level", "topic_id", "level"),
        Index("ix_question_versions_created_at", "created_at"),
        # few beside the drawn ones: counting them reads no texts
        Index("ix_question_versions_waiting", "question_id", postgresql_where=text(WAITING)),
        Index("ix_question_versions_words", text(TEXT_WORDS), postgresql_using="gin"),
    )

    id: Mapped[uuid_pk]
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="RESTRICT"))
    number: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str]
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id", ondelete="RESTRICT"))
    level: Mapped[Level]
    #: canonical JSON of what the candidate may see
    content: Mapped[str]
    #: canonical JSON of the right answer
    answer_key: Mapped[str]
    #: over content and key; two equal questions have equal digests
    digest: Mapped[bytes] = mapped_column(index=True)
    legal_document: Mapped[str | None]
    legal_article: Mapped[str | None]
    #: canonical JSON of everything else that is known: tags, author, difficulty …; see `bank.queries.stored`
    about: Mapped[str] = mapped_column(default="{}", server_default="{}")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    search_text: Mapped[str]
    created_at: Mapped[datetime]

    question: Mapped[Question] = relationship(back_populates="versions")
    topic: Mapped[Topic] = relationship()


class Import(Base):
    """A file of questions as it was read: previewed with its numbered problems, then applied, perhaps undone."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)", name="applied_has_time"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_time"),
        CheckConstraint("rows_total = rows_accepted + rows_refused", name="every_row_accounted_for"),
    )

    id: Mapped[uuid_pk]
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id", ondelete="RESTRICT"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    file_name: Mapped[str]
    file_digest: Mapped[bytes]
    state: Mapped[ImportState] = mapped_column(default=ImportState.PREVIEWED)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: the kept file (core/files.py), which is forgotten after some days; what was read of it is not
    file_id: Mapped[UUID | None]
    #: the file's columns with a few sample rows, so that a person can join columns without reading it again
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_accepted: Mapped[int] = mapped_column(default=0)
    rows_warned: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    subject: Mapped[Subject] = relationship()
    rows: Mapped[list["ImportRow"]] = relationship(
        order_by="ImportRow.row", primaryjoin="and_(Import.id == ImportRow.import_id, ImportRow.row > 0)"
    )
    #: row 0, which the counts leave out; None when there is nothing to say
    about_file: Mapped["ImportRow | None"] = relationship(
        primaryjoin="and_(Import.id == ImportRow.import_id, ImportRow.row == 0)", overlaps="rows"
    )

    @property
    def unit(self) -> Unit:
        """Return what a row of the file is: a row or line, a paragraph, a question."""
        found = FORMATS.get((self.layout or {}).get("format", ""))
        return found.unit if found else "row"


class ImportRow(Base):
    """One row of an imported file with what was read and what is wrong with it; row 0 stands for the whole file."""

    __tablename__ = "import_rows"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="RESTRICT"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ImportRowState]
    #: a good row in the native form, a refused one as it was read
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: a refused row in the native form, as far as it was understood; empty for a row that is no set of values
    fields: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    #: how often it was mended on the page; each mending names the number it began from
    mends: Mapped[int] = mapped_column(default=0)

    @property
    def values(self) -> dict[str, Any]:
        """Return what the row says in the native form, good or not."""
        return (self.fields or {}) if self.state is ImportRowState.REFUSED else self.payload
