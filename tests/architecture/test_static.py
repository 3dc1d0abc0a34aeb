"""Style sheets take their colours from the tokens; scripts and the pages that ask for them agree."""

import re
from pathlib import Path

from tests.architecture.sources import PROJECT, report

STATIC = PROJECT / "examapp" / "static"
TEMPLATES = PROJECT / "examapp" / "templates"

#: every other literal colour is a mistake: it would stay the same in the high-contrast theme
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch)\(")
#: style sheet: why it may name colours
COLOURS_AT_HOME = {
    "shared/tokens.css": "the tokens themselves",
    "candidate/contrast.css": "the high-contrast theme gives the tokens other values",
}


def _where(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_colours_come_from_the_tokens() -> None:
    problems = []
    for path in sorted((STATIC / "css").rglob("*.css")):
        if str(path.relative_to(STATIC / "css")) in COLOURS_AT_HOME:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if COLOUR.search(re.sub(r"url\([^)]*\)|/\*.*?\*/", "", line)):
                problems.append(f"{_where(path)}:{number}: {line.strip()}")
    report(problems, "use a token of shared/tokens.css")


def test_tokens_that_are_used_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (STATIC / "css").rglob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (STATIC / "js").rglob("*.js"))
    defined |= set(re.findall(r"setProperty\(\s*[\"'](--[\w-]+)", scripts))
    used = set(re.findall(r"var\((--[\w-]+)\s*\)", text))
    report(sorted(used - defined), "var() without a value draws nothing")


def test_every_behaviour_a_page_asks_for_exists_and_the_reverse() -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    asked = set(re.findall(r"data-module=\"([\w-]+)\"", pages))
    present = {path.stem for path in (STATIC / "js" / "modules").glob("*.js")} - {"main"}
    report([f"{name}: no js/modules/{name}.js" for name in asked - present], "data-module without a file")
    report([f"{name}: no page has data-module={name}" for name in present - asked], "a behaviour nobody asks for")


def test_nothing_is_fetched_from_elsewhere() -> None:
    problems = []
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *TEMPLATES.rglob("*.html")]:
        if "dist" in path.parts or "vendor" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"(src=|href=|url\(|import\s*\(?|from\s+|fetch\()\s*[\"']?(https?:)?//", line):
                problems.append(f"{_where(path)}:{number}: {line.strip()[:80]}")
    report(problems, "an exam room has no internet")
