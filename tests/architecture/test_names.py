"""A newcomer finds a thing at the first guess: the same file names everywhere, no shelves for odds and ends."""

import ast

import pytest

from tests.architecture.sources import FEATURES, PROJECT, report, sources

#: a job is an entry like a route, so jobs.py is as usual as routes.py; documents.py is what a feature prints
USUAL = {"__init__", "routes", "jobs", "documents", "forms", "services", "queries", "rules", "models"}
SHELVES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "lib",
    "shared",
    "base",
    "tools",
}

#: a feature may have one file of another name, if it is a real sub-topic; two mean a new feature
MOST_EXTRAS = 1

INITS = [feature for feature in FEATURES if (PROJECT / "examapp" / feature / "__init__.py").exists()]


@pytest.mark.parametrize("feature", INITS)
def test_a_feature_has_the_usual_files(feature: str) -> None:
    folder = PROJECT / "examapp" / feature
    stems = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    extras = {stem for stem in stems if stem not in USUAL and not stem.startswith(("routes_", "forms_"))}
    assert len(extras) <= MOST_EXTRAS, f"{feature}/ has {sorted(extras)} beside the usual files: {sorted(USUAL)}"


@pytest.mark.parametrize("feature", INITS)
def test_the_front_page_of_a_feature_says_what_it_is_for(feature: str) -> None:
    tree = ast.parse((PROJECT / "examapp" / feature / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{feature}/__init__.py needs a docstring: purpose, words, invariants"
    assert len(tree.body) == 1, f"{feature}/__init__.py holds its docstring and no code"


def test_there_are_no_shelves() -> None:
    problems = []
    for source in sources():
        shelves = SHELVES & set(source.path.relative_to(PROJECT).with_suffix("").parts)
        problems += [f"{source.where}: “{name}” says nothing about what is in it" for name in shelves]
    report(problems, "name a module after its content")


def test_every_module_says_why_it_exists() -> None:
    problems = [source.where for source in sources() if source.lines and not ast.get_docstring(source.tree)]
    report(problems, "a module docstring of one to ten lines: why it exists (convention 19)")


def test_a_module_docstring_is_short() -> None:
    problems = []
    for source in sources():
        length = len((ast.get_docstring(source.tree) or "").splitlines())
        # The front of the library is its manual: what `python -m pydoc question_bank` prints.
        if length > 12 and source.where != "question_bank/__init__.py":
            problems.append(f"{source.where}: {length} lines")
    report(problems, "one to ten lines, a dozen at most")


def test_services_queries_and_rules_explain_every_public_function() -> None:
    problems = [
        f"{source.where}:{node.lineno} {node.name}()"
        for source in sources()
        if source.feature and source.kind.partition("_")[0] in ("services", "queries", "rules")
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    report(problems, "one sentence in the imperative, then invariants and what it raises (convention 19)")


def test_services_take_the_session_first_and_the_rest_by_name() -> None:
    problems = []
    for source in sources():
        if source.feature and source.kind == "services":
            for node in source.tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    names = [argument.arg for argument in node.args.args]
                    if "session" in names and names[0] not in ("session", "run"):
                        problems.append(f"{source.where}:{node.lineno} {node.name}({', '.join(names)})")
                    if {"actor", "now"} & set(names):
                        problems.append(f"{source.where}:{node.lineno} {node.name}: actor and now are keyword-only")
    report(problems, "verb_noun(session, subject, *, actor, now) (convention 4)")
