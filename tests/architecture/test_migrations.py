"""The migrations are one numbered line, stand alone, go both ways, and lead to exactly the schema of the models."""

import ast
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from examapp.core.db import Base
from examapp.core.schema import MIGRATIONS, current_revision, downgrade, latest_revision, load_models, upgrade
from tests.conftest import CommittedDatabase

FILES = sorted((MIGRATIONS / "versions").glob("*.py"))

CATALOGUE = {
    "tables": """
        SELECT c.relname, c.relpersistence::text FROM pg_class c
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace""",
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace""",
    "constraints": """
        SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.contype <> 'n' AND c.relnamespace = 'public'::regnamespace""",
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'""",
}

LEFTOVERS = """
    SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT typname FROM pg_type
    WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'c') AND typname !~ '^alembic'"""


def _describe(engine: Engine) -> dict[str, set[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return {
            part: {tuple(row) for row in connection.execute(text(query)) if not _is_foreign(row[0])}
            for part, query in CATALOGUE.items()
        }


def _is_foreign(table: str) -> bool:
    # The queue is another project's, and Alembic keeps its own account.
    return table.startswith("procrastinate_") or table == "alembic_version"


def test_the_migrations_lead_to_the_schema_of_the_models(
    committed_db: CommittedDatabase, empty_db: CommittedDatabase
) -> None:
    load_models()
    Base.metadata.create_all(empty_db.engine)
    migrated, modelled = _describe(committed_db.engine), _describe(empty_db.engine)
    for part in CATALOGUE:
        missing = sorted(map(str, modelled[part] - migrated[part]))
        surplus = sorted(map(str, migrated[part] - modelled[part]))
        assert not missing, f"{part} that no migration makes:\n  " + "\n  ".join(missing)
        assert not surplus, f"{part} that no model has:\n  " + "\n  ".join(surplus)


def test_every_migration_goes_down_and_up_again(empty_db: CommittedDatabase) -> None:
    steps = [path.name[:4] for path in FILES]
    for step in steps:
        upgrade(empty_db.url, step)
    there = _describe(empty_db.engine)
    for step in [*reversed(steps[:-1]), "base"]:
        downgrade(empty_db.url, step)
    assert current_revision(empty_db.url) is None
    assert not any(_describe(empty_db.engine).values()), "something is left after the last step down"
    with empty_db.engine.connect() as connection:
        left = connection.execute(text(LEFTOVERS)).all()
    assert not left, "functions or types are left after the last step down"
    upgrade(empty_db.url)
    assert _describe(empty_db.engine) == there


def test_the_migrations_are_one_line_of_numbers() -> None:
    names = [path.name for path in FILES]
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)], names
    facts = [_assignments(path) for path in FILES]
    assert [fact["revision"] for fact in facts] == [name[:4] for name in names]
    assert facts[0]["down_revision"] is None
    for (_, before), (path, after) in pairwise(zip(FILES, facts, strict=True)):
        assert after["down_revision"] == before["revision"], f"{path.name} does not follow {before['revision']}"
    assert (MIGRATIONS / "HEAD").read_text().strip() == FILES[-1].stem, "migrations/HEAD must name the last migration"
    assert latest_revision() == names[-1][:4]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_migration_imports_nothing_of_the_application(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.split(".")[0] not in ("examapp", "question_bank"), (
                f"{path.name} imports {name}: copy what it needs"
            )


def _assignments(path: Path) -> dict[str, Any]:
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and "revision" in node.targets[0].id
    }
