"""What the pages of imports show: the list of files, and the rows of one file beside its numbered problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, contains_eager, joinedload

from examapp.access.policy import Reach
from examapp.accounts.models import Account
from examapp.bank.imports.advice import ADVICE
from examapp.bank.models import EXAM_KINDS, Import, ImportRow, ImportRowState, Subject, Topic
from examapp.core.errors import NotFound
from examapp.core.i18n import N_
from examapp.core.paging import Page, page_of
from question_bank.formats import FieldMapping, native
from question_bank.formats.drafts import is_markup
from question_bank.formats.mapping import FIELDS, OPTION_FIELDS
from question_bank.formats.xlsx_row import FIELDS_OF_COLUMNS, row_texts
from question_bank.questions.content import Content
from question_bank.questions.key_words import truth_word
from question_bank.questions.metadata import Level
from question_bank.questions.registry import KINDS
from question_bank.questions.single_choice import SingleChoice

ROWS_PER_PAGE = 25

#: fields that every row shows; the others only where a row of the page has a problem there
_ALWAYS = ("stem", "key", "topic", "level")
_FEWEST_OPTIONS = 4
_LONGEST_CELL = 300
#: under which name the readers of files without columns keep what they read of a question
_KEPT_TEXTS = ("line", "text", "gift", "stem", "title", "identifier")


@dataclass(frozen=True)
class ShownProblem:
    """A problem as the page shows it: `message` and `params` are told in the reader's language."""

    number: int
    severity: str
    code: str
    message: str
    params: Mapping[str, object]
    row: int | None
    column: str | None
    field: str
    #: what `row` counts: "row", "paragraph" or "question"
    unit: str
    #: what the file itself calls the question, such as "Câu 6"; "" for nothing
    name: str
    #: what to do about it (a marked text); "" where the message says it
    advice: str
    #: whether the row can be mended on its page
    mendable: bool


@dataclass(frozen=True)
class Cell:
    """One cell of the table with the problems that stand in it."""

    field: str
    text: str
    problems: list[ShownProblem]


@dataclass(frozen=True)
class ShownRow:
    """One row of the table; `cells` are in the order of the table's columns."""

    row: int
    state: ImportRowState
    mends: int
    cells: list[Cell]
    problems: list[ShownProblem]


@dataclass(frozen=True)
class Figures:
    """The key figures of an import: rows by what becomes of them, and how many problems there are."""

    accepted: int
    warned: int
    refused: int
    in_bank: int
    problems: int
    mended: int


@dataclass(frozen=True)
class RowsPage:
    """One page of rows: its columns (fields) and every problem of these rows, errors first."""

    page: Page[ShownRow]
    fields: list[str]
    problems: list[ShownProblem]


def find_subject(session: Session, subject_id: UUID) -> Subject | None:
    """Return a subject by its id."""
    return session.get(Subject, subject_id)


def find_import(session: Session, import_id: UUID) -> Import | None:
    """Return an import with its subject."""
    return session.scalar(select(Import).where(Import.id == import_id).options(joinedload(Import.subject)))


def imports_in(reach: Reach, subject_id: UUID | None = None) -> Select[Import, str]:
    """Return the query of the imports within reach, newest first, each with the name of who sent the file up."""
    query = (
        select(Import, Account.display_name)
        .join(Import.subject)
        .outerjoin(Account, Account.id == Import.account_id)
        .options(contains_eager(Import.subject))
        .order_by(Import.id.desc())
    )
    if not reach.everywhere:
        query = query.where(Import.subject_id.in_(reach.ids))
    return query.where(Import.subject_id == subject_id) if subject_id else query


def subjects_in(session: Session, reach: Reach) -> list[Subject]:
    """Return the subjects within reach by their names."""
    query = select(Subject).order_by(Subject.search_text, Subject.code)
    return list(session.scalars(query if reach.everywhere else query.where(Subject.id.in_(reach.ids))))


def find_row(session: Session, batch: Import, number: int) -> ImportRow:
    """Return a row of an import by its number in the file; raise NotFound for none."""
    row = session.get(ImportRow, (batch.id, number)) if 0 < number < 2**31 else None
    if row is None:
        raise NotFound("row_unknown", N_("Tệp này không có dòng %(row)s."), row=number)
    return row


def topic_names(session: Session, batch: Import) -> list[str]:
    """Return the names of the topics of the import's subject, in their order."""
    query = select(Topic.name).where(Topic.subject_id == batch.subject_id)
    return list(session.scalars(query.order_by(Topic.position, Topic.code)))


def figures_of(session: Session, batch: Import) -> Figures:
    """Return the key figures of an import."""
    in_bank = or_(
        *(
            ImportRow.problems.contains(literal([{"code": code}], JSONB))
            for code in ("already_in_bank", "question_twice")
        )
    )
    row = session.execute(
        select(
            func.count().filter(ImportRow.state == ImportRowState.REFUSED, in_bank),
            func.coalesce(func.sum(func.jsonb_array_length(ImportRow.problems)), 0),
            func.count().filter(ImportRow.mends > 0),
        ).where(ImportRow.import_id == batch.id, ImportRow.row > 0)
    ).one()
    held, problems, mended = row
    return Figures(batch.rows_accepted, batch.rows_warned, batch.rows_refused - held, held, problems, mended)


def new_topics(session: Session, batch: Import) -> list[str]:
    """Return the topics that bringing the accepted rows in will add to the subject."""
    held = session.execute(select(Topic.code, Topic.name).where(Topic.subject_id == batch.subject_id)).all()
    known = {code for code, _ in held} | {name.casefold() for _, name in held}
    topic = ImportRow.payload["topic"].astext
    written = session.scalars(select(topic).where(*_accepted(batch)).group_by(topic).order_by(func.min(ImportRow.row)))
    found: dict[str, str] = {}
    for name in written:
        if name and name not in known and name.casefold() not in known:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def count_waiting(session: Session, batch: Import) -> int:
    """Return how many accepted rows are of kinds that no paper can hold yet."""
    kind = ImportRow.payload["kind"].astext
    query = select(func.count()).select_from(ImportRow).where(*_accepted(batch), kind.not_in(EXAM_KINDS))
    return session.scalar(query) or 0


def _accepted(batch: Import) -> tuple[ColumnElement[bool], ...]:
    return ImportRow.import_id == batch.id, ImportRow.row > 0, ImportRow.state != ImportRowState.REFUSED


def rows_page(session: Session, batch: Import, number: int, *, all_rows: bool) -> RowsPage:
    """Return a page of the import's rows: those with problems, refused ones first, or all in the order of the file.

    A problem has the same number on either: counted over the whole file, refused rows first.
    """
    refused_first = case((ImportRow.state == ImportRowState.REFUSED, 0), else_=1)
    length = func.jsonb_array_length(ImportRow.problems)
    counted = (
        select(
            ImportRow.row,
            (func.sum(length).over(order_by=(refused_first, ImportRow.row)) - length).label("before"),
        )
        .where(ImportRow.import_id == batch.id, ImportRow.row > 0, ImportRow.state != ImportRowState.ACCEPTED)
        .subquery()
    )
    query = (
        select(ImportRow, func.coalesce(counted.c.before, 0))
        .outerjoin(counted, counted.c.row == ImportRow.row)
        .where(ImportRow.import_id == batch.id, ImportRow.row > 0)
    )
    if all_rows:
        query = query.order_by(ImportRow.row)
    else:
        query = query.where(ImportRow.state != ImportRowState.ACCEPTED).order_by(refused_first, ImportRow.row)
    return _shown(page_of(session, query, number, ROWS_PER_PAGE), batch)


def problems_about_file(batch: Import) -> list[ShownProblem]:
    """Return what is to be said of the file as a whole."""
    return shown_problems(batch.about_file, batch) if batch.about_file else []


def shown_problems(row: ImportRow, batch: Import, before: int = 0) -> list[ShownProblem]:
    """Return the problems of one row, errors first, numbered from `before` on."""
    fields = {column: field for field, column in FieldMapping.from_json(batch.mapping).columns.items()}
    ordered = sorted(row.problems, key=lambda problem: problem["severity"] != "error")
    mendable = is_typed_row(row)
    return [
        ShownProblem(
            number=number,
            severity=one["severity"],
            code=one["code"],
            message=one["message"],
            params=one["params"],
            row=one["row"],
            column=one["column"],
            field=one["field"] or fields.get(one["column"], ""),
            unit=one.get("unit", "row"),
            name=one.get("name") or "",
            advice=ADVICE.get(one["code"], ""),
            mendable=mendable,
        )
        for number, one in enumerate(ordered, before + 1)
    ]


def texts_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return a row in the native form as one text per field, options as `option_a` …; empty fields are left out."""
    whole = _whole_texts(values)
    if whole is not None:
        return whole
    texts = {name: _words(values.get(name)) for name in FIELDS if name not in ("options", "checks")}
    for name, (group, part) in _GROUPED.items():
        inside = values.get(group)
        texts[name] = _words(inside.get(part)) if isinstance(inside, dict) else ""
    options = values.get("options")
    for name, option in zip(OPTION_FIELDS, options if isinstance(options, list) else (), strict=False):
        texts[name] = _words(option)
    return {name: text for name, text in texts.items() if text}


_GROUPED = {
    "document": ("source", "document"),
    "article": ("source", "article"),
    "in_force_from": ("source", "in_force_from"),
    "in_force_to": ("source", "in_force_to"),
    "judged": ("difficulty", "judged"),
    "stimulus_title": ("stimulus", "title"),
    "stimulus_text": ("stimulus", "text"),
}


def _whole_texts(values: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the texts of a sound question of another kind than single choice, as our workbook writes them."""
    if values.get("kind") in (None, SingleChoice.kind):
        return None
    read = native.read_values([(1, values)])
    if not read.records:
        return None
    row = row_texts(read.records[0][1])
    texts = {name: row.texts.get(header, "") for header, name in FIELDS_OF_COLUMNS.items()}
    texts |= dict(zip(OPTION_FIELDS, row.options, strict=False))
    return {name: text for name, text in texts.items() if text}


def _words(value: object) -> str:
    """Return a value of the native form as a person reads it."""
    if is_markup(value):
        return str(Content.from_json(value))
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, dict):  # a number with its tolerance
        return " ± ".join(_words(part) for part in value.values())
    if isinstance(value, bool):
        return truth_word(value)
    return "" if value is None else str(value)


def _shown(page: Page[Any], batch: Import) -> RowsPage:
    texts = {row.row: texts_of(row.values) or {"stem": as_read(row)} for row, _ in page.rows}
    problems = {row.row: shown_problems(row, batch, before) for row, before in page.rows}
    in_order = sorted((one for found in problems.values() for one in found), key=lambda one: one.number)
    options = _FEWEST_OPTIONS + max(
        (OPTION_FIELDS.index(name) - 3 for one in texts.values() for name in one if name in OPTION_FIELDS), default=0
    )
    troubled = {one.field for one in in_order}
    if any(row.values.get("kind", SingleChoice.kind) != SingleChoice.kind for row, _ in page.rows):
        troubled.add("kind")
    if any("stimulus_text" in one or "stimulus_title" in one for one in texts.values()):
        troubled.add("stimulus_text")
    fields = [
        name
        for name in FIELDS
        if name in (*_ALWAYS, *OPTION_FIELDS[: max(options, _FEWEST_OPTIONS)])
        or (name in troubled and name not in (*OPTION_FIELDS, "options"))
    ]
    rows = [
        ShownRow(row.row, row.state, row.mends, _cells(fields, texts[row.row], problems[row.row]), problems[row.row])
        for row, _ in sorted(page.rows, key=lambda pair: pair[0].row)
    ]
    return RowsPage(page.with_rows(rows), fields, in_order)


def as_read(row: ImportRow) -> str:
    """Return a row that is no set of values as the text that its reader kept of it; "" for any other."""
    return next((str(row.payload[name]) for name in _KEPT_TEXTS if row.payload.get(name)), "")


def is_typed_row(row: ImportRow) -> bool:
    """Say whether the form of a row can show all that it says: single choice without pictures, formulas, markup."""
    values = row.values
    options = values.get("options")
    stimulus = values.get("stimulus")
    texts = [
        values.get("stem"),
        *(options if isinstance(options, list) else ()),
        *(stimulus.values() if isinstance(stimulus, dict) else ()),
    ]
    return (
        values.get("kind") in (None, SingleChoice.kind) and not values.get("weights") and not any(map(is_markup, texts))
    )


def _cells(fields: list[str], texts: Mapping[str, str], problems: list[ShownProblem]) -> list[Cell]:
    missing = next((name for name in OPTION_FIELDS if name in fields and name not in texts), OPTION_FIELDS[0])
    at: dict[str, list[ShownProblem]] = {}
    for problem in problems:
        # what is wrong with the options as a whole stands where the next one is missing, the rest at the question
        place = missing if problem.field == "options" else problem.field if problem.field in fields else "stem"
        at.setdefault(place, []).append(problem)
    return [Cell(name, _cell_text(name, texts.get(name, "")), at.get(name, [])) for name in fields]


def _cell_text(field: str, text: str) -> str:
    if field == "level" and text in set(Level):
        return Level(text).label
    if field == "kind" and text in KINDS:
        return KINDS[text].label
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
