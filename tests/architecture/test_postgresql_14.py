"""No SQL of ours uses what PostgreSQL learned after 14, the oldest version we promise.

A list of words, not a proof: the tests run on a newer server, so such a word would stay unnoticed until somebody's
database refuses it. The proof is a run with TEST_DATABASE_URL naming a server of version 14.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT

#: by the version that brought them; functions with their bracket, so that a column may have the same name
NEWER = {
    15: r"\bMERGE INTO\b|\bNULLS (NOT )?DISTINCT\b|nulls_not_distinct|\bregexp_(count|instr|like|substr)\(|"
    r"\bsecurity_invoker\b",
    16: r"\bany_value\(|\bIS (NOT )?JSON\b|\bjson_(array|object)agg\(|\barray_(shuffle|sample)\(|\brandom_normal\(|"
    r"\bSYSTEM_USER\b|\bpg_input_is_valid\(|\bdate_(add|subtract)\(|\b\d+_\d{3}\b|\b0x[0-9a-f]+\b",
    17: r"\bjson_(table|exists|query|value|scalar|serialize)\(|\bmerge_action\(|\bto_(bin|oct)\(|"
    r"\btransaction_timeout\b|\bON_ERROR\b|\buuid_extract_\w+\(|\bAT LOCAL\b|\blocale_provider\b.*\bbuiltin\b",
    18: r"\buuidv[47]\(|\bcasefold\(|\bcrc32c?\(|\barray_(sort|reverse)\(|\bWITHOUT OVERLAPS\b|\bNOT ENFORCED\b|"
    r"\bRETURNING (WITH|OLD|NEW)\b|\)\s*VIRTUAL\b",
}
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|WITH|FROM|WHERE|SET|RETURNING)\b")


def _pieces(path: Path) -> Iterator[tuple[int, str]]:
    """Give every piece of SQL in a file with its line: texts with a word of SQL, func.name(…), options of dialects."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        yield from enumerate((line.partition("--")[0] for line in text.splitlines()), start=1)
        return
    tree = ast.parse(text)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in said and SQL.search(node.value):
                yield node.lineno, node.value
        elif isinstance(node, ast.Call) and re.match(r"(sa\.)?func\.", ast.unparse(node.func)):
            yield node.lineno, f"{ast.unparse(node.func)}("
        elif isinstance(node, ast.keyword) and (node.arg or "").startswith("postgresql_"):
            yield node.value.lineno, str(node.arg)


@pytest.mark.parametrize("version", NEWER)
def test_no_sql_needs_a_newer_server(version: int) -> None:
    files = [path for top in ("examapp", "migrations") for path in (PROJECT / top).rglob("*") if path.is_file()]
    found = [
        f"{path.relative_to(PROJECT)}:{line} {word[0]}"
        for path in sorted(files)
        if path.suffix in (".py", ".sql")
        for line, piece in _pieces(path)
        for word in re.finditer(NEWER[version], piece, re.IGNORECASE)
    ]
    assert not found, f"PostgreSQL {version} brought these, and we promise 14:\n  " + "\n  ".join(found)


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ('X = "SELECT uuidv7()"', 18),
        ("x = func.any_value(y)", 16),
        ('i = Index("ix", "a", postgresql_nulls_not_distinct=True)', 15),
        ('X = "SELECT json_table(x)"', 17),
    ],
)
def test_the_list_recognises(line: str, version: int, tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(line, encoding="utf-8")
    pieces = [piece for _, piece in _pieces(tmp_path / "one.py")]
    assert [found for found in NEWER if any(re.search(NEWER[found], piece, re.IGNORECASE) for piece in pieces)] == [
        version
    ]
