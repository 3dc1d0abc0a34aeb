"""Calls that have one home: committing, the clock, the environment, chance, the terminal."""

import ast
import re
from collections.abc import Callable

import pytest

from tests.architecture.sources import Source, report, sources

#: name of the rule: (how to recognise it, files or folders where it is at home, what to do instead)
Rule = tuple[Callable[[ast.AST], bool], tuple[str, ...], str]


def _calls(*endings: str) -> Callable[[ast.AST], bool]:
    """Recognise calls whose text ends so, such as `.commit` or `datetime.now`."""

    def recognise(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and any(f".{ast.unparse(node.func)}".endswith(end) for end in endings)

    return recognise


def _mentions(*names: str) -> Callable[[ast.AST], bool]:
    def recognise(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in names

    return recognise


def _imports_random(node: ast.AST) -> bool:
    return isinstance(node, ast.Import) and any(alias.name == "random" for alias in node.names)


def _is_backref(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg == "backref"


def _is_legacy_query(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(re.search(r"(session|[A-Z]\w+)\.query$", ast.unparse(node.func)))


RULES: dict[str, Rule] = {
    # answerlog is a named exception (decision 3): its writer's group commit is the hot path.
    "commit": (
        _calls(".commit"),
        ("examapp/core/db.py", "examapp/web/boundary.py", "examapp/answerlog/"),
        "one request, one transaction; services never commit",
    ),
    "clock": (
        _calls(".datetime.now", ".datetime.utcnow", ".date.today", ".datetime.today", ".time.time", ".time.time_ns"),
        # ids.py: the millisecond inside an id is no fact of the domain.
        # commands/check.py: on a terminal, the day is that of whoever asks.
        ("examapp/core/clock.py", "examapp/core/ids.py", "question_bank/commands/check.py"),
        "time is an argument (core/clock.py)",
    ),
    "environment": (
        _mentions("os.environ", "os.getenv"),
        ("examapp/settings.py",),
        "settings.py is the only reader of the environment",
    ),
    "chance": (_imports_random, (), "use `secrets`, or the draw's own streams"),
    "terminal": (
        _calls(".print"),
        ("examapp/cli.py", "question_bank/cli.py", "question_bank/commands/"),
        "only commands print",
    ),
    "backref": (_is_backref, (), "back_populates inside a feature"),
    "legacy query": (_is_legacy_query, (), "select()"),
    "evaluation": (_calls(".eval", ".exec", ".pickle.loads", ".yaml.load"), (), "never"),
}


def _at_home(source: Source, homes: tuple[str, ...]) -> bool:
    return any(source.where == home or (home.endswith("/") and source.where.startswith(home)) for home in homes)


@pytest.mark.parametrize("name", RULES)
def test_a_call_stays_in_its_home(name: str) -> None:
    recognise, homes, instead = RULES[name]
    problems = [
        f"{source.where}:{getattr(node, 'lineno', '?')}: {ast.unparse(node)[:60]}"
        for source in sources()
        if not _at_home(source, homes)
        for node in ast.walk(source.tree)
        if recognise(node)
    ]
    report(problems, f"{name}: {instead}")


def test_a_flush_says_why() -> None:
    problems = []
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("session.flush"):
                near = source.lines[max(0, node.lineno - 2) : node.lineno]
                if not any("#" in line for line in near):
                    problems.append(f"{source.where}:{node.lineno}")
    report(problems, "flush( needs a comment, on its line or the one above, that says why (convention 10)")


def test_a_todo_carries_an_issue() -> None:
    problems = [
        f"{source.where}:{number}: {line.strip()}"
        for source in sources()
        for number, line in enumerate(source.lines, 1)
        if re.search(r"\b(TODO|FIXME|XXX)\b(?!.*#\d+)", line)
    ]
    report(problems, "a TODO carries an issue number or it does not exist (convention 20)")
