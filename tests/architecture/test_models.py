"""What must never be false is a database constraint with a name, and the tables are safe to grow."""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Column, Enum, Table
from sqlalchemy.orm import configure_mappers

from examapp.core.columns import UtcTime
from examapp.core.db import Base
from examapp.core.schema import load_models
from tests.architecture.sources import FEATURES, report

load_models()
configure_mappers()
TABLES = list(Base.metadata.tables.values())


def _columns() -> Iterator[tuple[Table, Column]]:
    return ((table, column) for table in TABLES for column in table.columns)


def test_every_constraint_has_a_name() -> None:
    problems = [
        f"{table.name}: {constraint}" for table in TABLES for constraint in table.constraints if not constraint.name
    ]
    problems += [f"{table.name}: {index}" for table in TABLES for index in table.indexes if not index.name]
    report(problems, "name it, or let the convention of core/db.py name it")


def test_names_fit_into_postgresql() -> None:
    things = [thing for table in TABLES for thing in (*table.constraints, *table.indexes)]
    problems = [str(thing.name) for thing in things if thing.name and len(str(thing.name)) > 63]
    report(problems, "PostgreSQL cuts names at 63 bytes in silence")


def test_every_enum_is_text_with_a_check() -> None:
    problems = []
    for table, column in _columns():
        if isinstance(column.type, Enum):
            checks = [c for c in table.constraints if isinstance(c, CheckConstraint) and column.name in str(c.sqltext)]
            if column.type.native_enum or not checks:
                problems.append(f"{table.name}.{column.name}")
    report(problems, "an enum is text with a CHECK: adding a value is an ordinary migration")


def test_every_time_has_a_zone() -> None:
    problems = [
        f"{table.name}.{column.name}"
        for table, column in _columns()
        if column.type.python_type.__name__ == "datetime" and not isinstance(column.type, UtcTime)
    ]
    report(problems, "times are aware UTC (core/columns.py)")


def test_every_foreign_key_says_what_happens_on_delete() -> None:
    problems = [
        f"{table.name}.{','.join(key.column_keys)}"
        for table in TABLES
        for key in table.foreign_key_constraints
        if not key.ondelete
    ]
    report(problems, "say ondelete=, RESTRICT unless there is a reason")


def test_every_foreign_key_has_an_index() -> None:
    problems = []
    for table in TABLES:
        leading = [tuple(column.name for column in table.primary_key.columns)]
        leading += [tuple(column.name for column in index.columns) for index in table.indexes]
        leading += [
            tuple(c.name for c in k.columns) for k in table.constraints if k.__visit_name__ == "unique_constraint"
        ]
        for key in table.foreign_key_constraints:
            names = tuple(key.column_keys)
            # A shorter unique key in front serves as well.
            if not any(columns[: len(names)] == names[: len(columns)] for columns in leading if columns):
                problems.append(f"{table.name}({', '.join(names)})")
    report(problems, "without an index every delete on the other side reads the whole table")


def test_relationships_point_left() -> None:
    problems = []
    for mapper in Base.registry.mappers:
        here = mapper.class_.__module__.split(".")[1]
        for relationship in mapper.relationships:
            there = relationship.mapper.class_.__module__.split(".")[1]
            if here in FEATURES and there in FEATURES and FEATURES.index(there) > FEATURES.index(here):
                problems.append(f"{mapper.class_.__name__}.{relationship.key} → {there}")
    report(problems, "no relationship to a feature on the right")


def test_tables_are_plural_and_explained() -> None:
    problems = []
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        assert isinstance(table, Table)
        if not (mapper.class_.__doc__ or "").strip():
            problems.append(f"{mapper.class_.__name__} has no docstring")
        if not table.name.endswith("s") and table.name not in ("attempt_presence", "job_progress"):
            problems.append(f"{table.name} is not a plural")
    report(problems, "a model is singular and explained, its table is plural (convention 18)")
