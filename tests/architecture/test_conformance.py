"""Documents name only what exists: files, modules and, above all, the tests that are said to show a promise."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "decisions").glob("*.md"), *ROOT.glob("*.md")],
    key=lambda path: path.as_posix(),
)
#: made by running the product or its tools, so a fresh clone has none of them
MADE_LATER = ("instance/",)
#: shows by an example what somebody is about to write
RECIPES = ("adding-a-page.md",)

_QUOTED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)")
_FOLDERS = ("examapp/", "question_bank/", "tests/", "scripts/", "migrations/", "docs/", ".ci/")
_PATH = re.compile(r"[\w./-]+")


@cache
def _tests_of(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))


def _named_paths(text: str) -> list[str]:
    return [word for word in _QUOTED.findall(text) if _PATH.fullmatch(word) and word.startswith(_FOLDERS)]


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _anchors(document: Path) -> set[str]:
    return {_slug(line.lstrip("#")) for line in document.read_text(encoding="utf-8").splitlines() if line[:1] == "#"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_test_that_is_named_exists(document):
    named = [word.split("::") for word in _QUOTED.findall(document.read_text(encoding="utf-8")) if "::" in word]
    wrong = []
    for path, *names in named:
        file = ROOT / path
        if not file.is_file() or not set(names) <= _tests_of(file):
            wrong.append("::".join([path, *names]))
    assert not wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_and_folder_that_is_named_exists(document):
    if document.name in RECIPES:
        return
    text = document.read_text(encoding="utf-8")
    assert [path for path in _named_paths(text) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document):
    broken = []
    for target, anchor in _LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in target or target.startswith(MADE_LATER):
            continue
        file = (document.parent / target).resolve()
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(f"{target}#{anchor}" if anchor else target)
    assert broken == []


def test_every_promise_kept_names_a_test():
    rows = [
        line.split("|")
        for line in (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    kept = [cells for cells in rows if len(cells) == 7 and cells[3].strip() in ("Kept", "Data")]
    assert len(kept) > 10
    assert [cells[1].strip() for cells in kept if "::" not in cells[5] and cells[1].strip() != "–"] == []


def test_every_clause_of_the_profile_stands_in_the_table():
    table = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    profile = (ROOT / "examapp" / "regulations" / "profiles" / "cc-2025.toml").read_text(encoding="utf-8")
    bases = {"nd-170": "NĐ 170", "nd-300": "NĐ 300"}
    named = set()
    for document, article in re.findall(r'document = "([\w-]+)"[,\n]\s*article = "(Điều \d+[^"]*)"', profile):
        base = bases.get(document) or ("NQ" if "Nội quy" in article else "QC")
        named.add((base, article.split()[1]))
    assert named
    spans = [
        (base, int(low), int(high or low))
        for base, low, high in re.findall(r"(NĐ 170|NĐ 300|QC|NQ) Điều (\d+)(?:–(\d+))?", table)
    ]
    spans += [("QC", int(number), int(number)) for number in re.findall(r"QC Điều [\d, ]*?, (\d+)", table)]
    missing = [
        (base, number) for base, number in named if not any(b == base and a <= int(number) <= z for b, a, z in spans)
    ]
    assert sorted(missing) == []
