"""The front of the library: everything in it can be imported, its manual is true, and it costs nothing to open."""

import doctest
import inspect
import subprocess
import sys

import pytest

import question_bank


def test_the_manual_is_true() -> None:
    failed, tried = doctest.testmod(question_bank)
    assert tried > 8
    assert failed == 0


@pytest.mark.parametrize("name", question_bank.__all__)
def test_everything_public_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(question_bank, name)
    if inspect.isclass(found) or inspect.isfunction(found):
        assert inspect.getdoc(found)


def test_pydoc_prints_all_of_it() -> None:
    done = subprocess.run([sys.executable, "-m", "pydoc", "question_bank"], capture_output=True, text=True, check=True)
    assert [name for name in question_bank.__all__ if name not in done.stdout] == []
    assert "Reading and writing files" in done.stdout


def test_nothing_else_is_public() -> None:
    with pytest.raises(AttributeError):
        question_bank.anything_else  # noqa: B018


def test_opening_the_front_loads_no_readers() -> None:
    code = (
        "import sys, question_bank.assembly; print(sorted({'docx', 'scipy', 'numpy', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
