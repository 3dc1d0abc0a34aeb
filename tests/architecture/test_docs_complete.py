"""What a person can name is explained: formats, fields, commands of the library, exit codes, states of a sitting."""

import argparse
import re
from collections.abc import Iterator

import pytest

from examapp import cli
from examapp.sittings.models import SittingState
from question_bank import cli as bank_cli
from question_bank.formats import FORMATS
from question_bank.formats.keys import KEY_STYLES
from question_bank.formats.mapping import FIELDS, OPTION_FIELDS, STRUCTURED_FIELDS
from question_bank.questions import KINDS
from question_bank.questions.metadata import Level
from scripts.write_formats import page_with_tables
from tests.architecture.sources import PROJECT


def _page(name: str) -> str:
    return (PROJECT / "docs" / name).read_text(encoding="utf-8")


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in bank_cli._parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


@pytest.mark.parametrize("name", [name for name, _ in _commands()])
def test_every_command_of_the_library_is_explained(name: str) -> None:
    assert f"`question-bank {name}" in _page("formats.md")


def test_every_option_of_the_library_is_named() -> None:
    text = _page("formats.md")
    options = {option for _, parser in _commands() for action in parser._actions for option in action.option_strings}
    assert sorted(option for option in options - {"-h", "--help"} if option not in text) == []


@pytest.mark.parametrize("word", [*FORMATS, *KINDS, *KEY_STYLES, *Level])
def test_every_format_level_and_way_of_writing_a_key_is_named(word: str) -> None:
    assert f"`{word}`" in _page("formats.md")


def test_what_each_format_carries_is_what_it_says_itself() -> None:
    page = _page("formats.md")
    assert page == page_with_tables(page), "run scripts/write_formats.py"


def test_every_field_of_a_mapping_is_named() -> None:
    words = set(re.findall(r"\w+", _page("formats.md")))
    assert [
        name for name in (*FIELDS, *STRUCTURED_FIELDS) if name not in OPTION_FIELDS[1:-1] and name not in words
    ] == []


def test_every_exit_code_is_explained() -> None:
    """The codes are the whole numbers that cli.py names in capitals; argparse adds 2."""
    codes = {value for name, value in vars(cli).items() if name.isupper() and type(value) is int} | {2}
    explained = {int(code) for code in re.findall(r"^\| (\d+) \|", _page("operations.md"), re.MULTILINE)}
    assert explained == codes


@pytest.mark.parametrize("state", list(SittingState))
def test_every_state_of_a_sitting_stands_in_its_life(state: SittingState) -> None:
    assert f"| `{state.value}`" in _page("architecture.md")
