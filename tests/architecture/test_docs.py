"""Documentation that is tested stays true: commands, decisions, links, what guides quote and show.

Settings have their test beside settings.py.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from examapp import cli
from tests.architecture.sources import PROJECT, report

PAGES = [*(PROJECT / "docs").rglob("*.md"), *PROJECT.glob("*.md")]
GUIDES = sorted((PROJECT / "docs" / "guides").glob("*.md"))

#: a text of the pages: in a template, a form or the candidate's modules
_TEXT = re.compile(r'\b(?:_|N_|t|ngettext)\(\s*"((?:[^"\\]|\\.)*)"')
#: what a guide says a page says
_QUOTED = re.compile(r"\*\*“([^”]+)”\*\*")
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
#: where the journey takes a picture
_TAKEN = re.compile(r'\.picture\(\w+, "([\w-]+)"\)')


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
        if "://" not in target
        and not target.startswith(("mailto:", "pictures/"))
        and not (page.parent / target).exists()
    ]
    report(problems, "a link that leads nowhere")


def _texts() -> set[str]:
    """Return every text of the pages; what a page fills in stands as … in a guide."""
    files = [
        path
        for folder, kind in (("templates", "*.html"), ("static/js", "*.js"), ("", "*.py"))
        for path in (PROJECT / "examapp" / folder).rglob(kind)
    ]
    found = {text for path in files for text in _TEXT.findall(path.read_text(encoding="utf-8"))}
    return {re.sub(r"%\(\w+\)s", "…", text) for text in found}


def test_every_word_of_a_page_that_a_guide_quotes_stands_on_a_page() -> None:
    texts = _texts()
    quoted = [(guide.name, word) for guide in GUIDES for word in _QUOTED.findall(guide.read_text(encoding="utf-8"))]
    assert quoted
    report([f"{name}: “{word}”" for name, word in quoted if word not in texts], "no page says this")


def test_every_picture_of_a_guide_is_taken_by_the_journey_or_is_there() -> None:
    """Before they are first taken no picture of the journey is there; afterwards all of them are."""
    taken = set(_TAKEN.findall((PROJECT / "tests" / "browser" / "test_council_journey.py").read_text(encoding="utf-8")))
    first_time = not (PROJECT / "docs" / "guides" / "pictures").exists()
    shown = [(guide, target) for guide in GUIDES for target in _PICTURE.findall(guide.read_text(encoding="utf-8"))]
    report(
        [
            f"{guide.name} → {target}"
            for guide, target in shown
            if not (guide.parent / target).is_file() and not (first_time and _is_taken(target, taken))
        ],
        "a picture that nobody takes: python scripts/take_guide_pictures.py",
    )
    unused = taken - {Path(target).stem for _guide, target in shown}
    report(sorted(unused), "the journey takes a picture that no guide shows")


def _is_taken(target: str, taken: set[str]) -> bool:
    return target.startswith("pictures/") and Path(target).stem in taken
