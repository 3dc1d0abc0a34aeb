"""Files and functions stay small: it is the tail that people get lost in (convention 21)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT, functions, sources

LIMITS = {
    "python file": 400,
    "function": 70,
    "view": 25,
    "positional parameters": 5,
    "template": 180,
    "script": 200,
    "style sheet": 200,
    "test file": 400,
}

#: place: why it may be larger
EXCEPTIONS: dict[str, str] = {}


def _measured(what: str) -> Iterator[tuple[int, str]]:
    if what == "python file":
        yield from ((len(source.lines), source.where) for source in sources())
    elif what in ("function", "view", "positional parameters"):
        yield from _functions(what)
    else:
        yield from (
            (len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(PROJECT)))
            for path in _files(what)
        )


def _functions(what: str) -> Iterator[tuple[int, str]]:
    for source in sources():
        for function in functions(source):
            where = f"{source.where}:{function.lineno} {function.name}()"
            names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if what == "positional parameters":
                yield len([name for name in names if name not in ("self", "cls")]), where
            elif what == "function" or _is_view(function):
                yield length, where


def _is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = [ast.unparse(mark) for mark in function.decorator_list]
    return any(f".{verb}(" in mark for mark in marks for verb in ("route", "get", "post"))


def _files(what: str) -> Iterator[Path]:
    folder, pattern = {
        "template": ("examapp/templates", "*.html"),
        "script": ("examapp/static/js", "*.js"),
        "style sheet": ("examapp/static/css", "*.css"),
        "test file": ("tests", "*.py"),
    }[what]
    return (path for path in (PROJECT / folder).rglob(pattern) if "vendor" not in path.parts)


@pytest.mark.parametrize("what", LIMITS)
def test_it_is_small(what: str) -> None:
    sizes = sorted(((size, where) for size, where in _measured(what) if where not in EXCEPTIONS), reverse=True)
    largest = "\n  ".join(f"{size:5} {where}" for size, where in sizes[:10])
    assert not sizes or sizes[0][0] <= LIMITS[what], (
        f"limit of a {what}: {LIMITS[what]}; split by use case\n  {largest}"
    )
