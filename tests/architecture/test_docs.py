"""Documentation that is tested stays true: commands, decisions, links. Settings have their test beside settings.py."""

import argparse
import re
from collections.abc import Iterator

from examapp import cli
from tests.architecture.sources import PROJECT, report

PAGES = [*(PROJECT / "docs").rglob("*.md"), *PROJECT.glob("*.md")]


def _commands(parser: argparse.ArgumentParser, before: str = "examapp") -> Iterator[str]:
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield before
    for action in inner:
        for name, command in action.choices.items():
            yield from _commands(command, f"{before} {name}")


def test_every_command_is_documented() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    missing = [command for command in _commands(cli._parser()) if command not in text]
    report(missing, "say in docs/operations.md what it does")


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (PROJECT / "docs" / "decisions").glob("*.md") if path.name[0].isdigit())
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)], names


def test_links_between_pages_lead_somewhere() -> None:
    problems = [
        f"{page.relative_to(PROJECT)} → {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    report(problems, "a link that leads nowhere")
