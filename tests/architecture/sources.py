"""The source files as the architecture tests see them: parsed once, named as they are imported."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

#: left of each other: a feature imports only what stands before it (design.md §2)
FEATURES = (
    *("audit", "accounts", "agencies", "bank", "exams", "candidates", "papers", "sittings", "delivery"),
    *("invigilation", "marking", "results", "analysis", "progress", "home"),
)

#: these know no feature
LOW = ("core", "access", "integrity", "regulations", "answerlog", "web", "documents")


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    path: Path
    #: as it is imported, such as examapp.bank.rules
    name: str
    tree: ast.Module
    lines: tuple[str, ...]

    @property
    def where(self) -> str:
        """Return the path as a person would type it."""
        return str(self.path.relative_to(PROJECT))

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the package (core, bank, …) and what follows; () for the files on top."""
        return tuple(self.name.split(".")[1:])

    @property
    def feature(self) -> str | None:
        """Return the feature this file belongs to."""
        return self.parts[0] if self.parts and self.parts[0] in FEATURES else None

    @property
    def kind(self) -> str:
        """Return which of a feature's files it is: rules, services, routes_staff …; a package counts as one file."""
        return self.parts[1] if len(self.parts) > 1 else ""

    def imports(self, *, typing_too: bool = False) -> Iterator[tuple[str, ast.stmt]]:
        """Give every module this file imports, by full name, with the statement."""
        hidden = () if typing_too else _typing_only(self.tree)
        for node in ast.walk(self.tree):
            if node in hidden:
                continue
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    yield (inner if inner in all_names() else node.module), node


@cache
def sources() -> tuple[Source, ...]:
    """Return every Python file of the product."""
    return tuple(_parsed(path) for path in (*_paths(), PROJECT / "wsgi.py"))


@cache
def all_names() -> frozenset[str]:
    """Return the names of all modules of the product."""
    return frozenset(_name(path) for path in _paths())


def _paths() -> list[Path]:
    found = (path for folder in ("examapp", "question_bank") for path in (PROJECT / folder).rglob("*.py"))
    return sorted(path for path in found if "static" not in path.parts)


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function and method of a file."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def report(problems: list[str], rule: str) -> None:
    """Fail with the rule and every place that breaks it."""
    assert not problems, f"{rule}\n  " + "\n  ".join(sorted(set(problems)))


def _parsed(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, _name(path), ast.parse(text, str(path)), tuple(text.splitlines()))


def _name(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _typing_only(tree: ast.Module) -> set[ast.AST]:
    """Return the statements under `if TYPE_CHECKING`: they do not run."""
    blocks = (node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
    return {statement for block in blocks for statement in block.body}
