"""Imports point down the layers and left along the features; no cycle, nothing imported inside a function."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.sources import FEATURES, LOW, Source, all_names, report, sources

WEB_LIBRARIES = {"flask", "wtforms", "jinja2", "flask_wtf", "flask_login", "flask_babel", "werkzeug", "markupsafe"}
#: product modules that may use them, beside web/ and every routes* and forms file
WEB_MODULES = {"examapp.app", "examapp.cli", "examapp.wiring", "wsgi"}
#: what a pure module may not touch
IMPURE = WEB_LIBRARIES | {"sqlalchemy", "flask_sqlalchemy", "psycopg", "procrastinate"}

#: within a feature: what each file may not import
BELOW = {
    "rules": {"queries", "services", "forms", "routes"},
    "models": {"queries", "services", "forms", "routes"},
    "queries": {"services", "forms", "routes"},
    "services": {"forms", "routes"},
    "forms": {"routes"},
}

#: decision 4: delivery reads the opened package and nothing else to its left; the staff's pages (routes_staff) lead a
#: sitting from freezing to marking and exist only where sittings do
DELIVERY_MAY_READ = {"audit", "accounts", "sittings"}

#: (importer, imported): why
EXCEPTIONS: dict[tuple[str, str], str] = {}


def _top(name: str) -> str:
    return name.partition(".")[0]


def _inner(name: str) -> tuple[str, ...]:
    return tuple(name.split(".")[1:]) if name.startswith("examapp.") else ()


def _broken(source: Source, imported: str, because: str) -> list[str]:
    if (source.name, imported) in EXCEPTIONS:
        return []
    return [f"{source.where} imports {imported}: {because}"]


def test_the_library_stands_alone() -> None:
    problems = []
    for source in sources():
        for imported, _ in source.imports(typing_too=True):
            if _top(source.name) == "question_bank" and _top(imported) in IMPURE | {"examapp"}:
                problems += _broken(source, imported, "question_bank knows no application, no web, no database")
    report(problems, "question_bank is a library of its own (design §2)")


def test_low_packages_know_no_feature() -> None:
    problems = []
    for source in sources():
        if source.parts and source.parts[0] in LOW:
            for imported, _ in source.imports(typing_too=True):
                inner = _inner(imported)
                if inner and (inner[0] in FEATURES or inner[0] in ("app", "cli", "wiring", "naming", "demo")):
                    problems += _broken(
                        source, imported, f"{source.parts[0]}/ knows no feature; let wiring.py inject it"
                    )
    report(problems, "layers point down")


def test_features_import_only_to_their_left() -> None:
    problems = []
    for source in sources():
        if source.feature:
            for imported, _ in source.imports(typing_too=True):
                inner = _inner(imported)
                if inner and inner[0] in FEATURES and FEATURES.index(inner[0]) > FEATURES.index(source.feature):
                    problems += _broken(source, imported, "to the right; publish an event instead (core/events.py)")
                if inner and inner[0] in ("app", "cli", "wiring", "naming", "demo"):
                    problems += _broken(source, imported, "above the features")
    report(problems, f"features stand in this order: {' · '.join(FEATURES)}")


def test_delivery_reads_only_the_opened_package() -> None:
    problems = []
    for source in sources():
        if source.feature == "delivery" and source.kind != "routes_staff":
            for imported, _ in source.imports():
                inner = _inner(imported)
                if not inner or inner[0] not in FEATURES or inner[0] == "delivery":
                    continue
                if inner[0] not in DELIVERY_MAY_READ or (inner[0] == "sittings" and inner[1:2] != ("queries",)):
                    problems += _broken(source, imported, "an exam node has no bank, exams or papers")
    report(problems, "delivery reads sittings.queries and its own tables, beside accounts and audit (decision 4)")


def test_only_the_edge_knows_the_web() -> None:
    problems = []
    for source in sources():
        edge = source.name in WEB_MODULES or source.parts[:1] == ("web",) or source.kind.startswith(("routes", "forms"))
        for imported, _ in source.imports():
            if not edge and _top(imported) in WEB_LIBRARIES:
                problems += _broken(source, imported, "Flask lives in routes, forms and web/ only")
    report(problems, "convention 3")


@pytest.mark.parametrize("package", ["integrity", "regulations"])
def test_pure_packages_are_pure(package: str) -> None:
    problems = []
    for source in sources():
        if source.parts[:1] == (package,):
            for imported, _ in source.imports():
                if _top(imported) in IMPURE:
                    problems += _broken(source, imported, "no database, no web")
    report(problems, f"{package}/ is pure: values in, values out")


def test_rules_are_pure() -> None:
    problems = []
    for source in sources():
        if source.feature and source.kind == "rules":
            for imported, _ in source.imports():
                if _top(imported) in IMPURE or imported == "examapp.core.clock":
                    problems += _broken(source, imported, "rules take plain values: no session, no clock, no web")
    report(problems, "convention 6")


def test_a_feature_is_layered() -> None:
    problems = []
    for source in sources():
        for imported, _ in source.imports():
            inner = _inner(imported)
            if source.feature and inner[:1] == (source.feature,) and len(inner) > 1:
                kind = inner[1].partition("_")[0]
                if kind in BELOW.get(source.kind.partition("_")[0], set()):
                    problems += _broken(source, imported, f"{source.kind} stand below {kind}")
    report(problems, "models, rules < queries < services < forms < routes")


def test_nothing_is_imported_inside_a_function() -> None:
    problems = [
        f"{source.where}:{statement.lineno} imports inside {node.name}()"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for statement in ast.walk(node)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    report(problems, "an import inside a function hides an arrow (convention 2)")


def test_imports_are_absolute() -> None:
    problems = [
        f"{source.where}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    report(problems, "write the full name of what you import")


def test_there_is_no_cycle() -> None:
    graph = {
        source.name: {
            imported for imported, _ in source.imports() if imported in all_names() and imported != source.name
        }
        for source in sources()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("modules import each other: " + " → ".join(error.args[1]))
