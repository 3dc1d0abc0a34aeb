"""Templates arrange, components draw; nothing in them can run or style anything behind the policy's back."""

import re
from pathlib import Path

from tests.architecture.sources import PROJECT, report, sources

FOLDER = PROJECT / "examapp" / "templates"
FILES = sorted(FOLDER.rglob("*.html"))

FORBIDDEN = {
    r"\|\s*safe\b": "|safe switches escaping off",
    r"\sstyle\s*=": "an inline style is refused by the content security policy",
    r"\son[a-z]+\s*=": "an inline handler is refused by the content security policy",
    r"<script(?![^>]*\ssrc=)": "an inline script is refused by the content security policy",
    r"<style\b": "an inline style sheet is refused by the content security policy",
    r"autoescape\s+false": "switches escaping off",
    r"javascript:": "a script in an address",
}

#: folders whose files are not pages
PARTS = ("components", "layouts", "errors", "email")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _where(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_nothing_runs_behind_the_policys_back() -> None:
    problems = []
    for path in FILES:
        for number, line in enumerate(_text(path).splitlines(), 1):
            for pattern, why in FORBIDDEN.items():
                if re.search(pattern, line, re.IGNORECASE):
                    problems.append(f"{_where(path)}:{number}: {why}")
    report(problems, "convention 22")


def test_no_python_switches_escaping_off() -> None:
    problems = []
    for source in sources():
        for number, line in enumerate(source.lines, 1):
            if re.search(r"\bMarkup\((?!\))", line) and source.parts[:1] != ("web",):
                problems.append(f"{source.where}:{number}: {line.strip()}")
    report(problems, "Markup( belongs to web/ only, around text that is ours")


def test_every_page_is_rendered_by_its_name() -> None:
    rendered = {
        name
        for source in sources()
        for name in re.findall(r"[\"']([a-z_]+/[a-z_/]+\.html)[\"']", "\n".join(source.lines))
    }
    problems = []
    for path in FILES:
        name = str(path.relative_to(FOLDER))
        if path.parent.name not in PARTS and not path.name.startswith("_") and name not in rendered:
            problems.append(f"{name} is rendered by nobody")
    problems += [f"{name} is rendered but does not exist" for name in rendered if not (FOLDER / name).exists()]
    report(problems, "a template's path is its endpoint: feature/verb_noun.html (convention 18)")


def test_a_component_file_is_one_macro_of_its_name_and_used() -> None:
    everything = "\n".join(_text(path) for path in FILES) + "\n".join("\n".join(source.lines) for source in sources())
    problems = []
    for path in sorted((FOLDER / "components").glob("*.html")):
        macros = re.findall(r"{%-?\s*macro\s+(\w+)", _text(path))
        public = [name for name in macros if not name.startswith("_")]
        if public != [path.stem]:
            problems.append(f"{_where(path)} defines {public or 'no macro'}")
        if not re.search(rf"components/{path.stem}\.html", everything):
            problems.append(f"{_where(path)} is used by nobody")
    report(problems, "one macro per file, the file named after it")


def test_nothing_is_imported_for_nothing() -> None:
    problems = []
    for path in FILES:
        text = _text(path)
        for names in re.findall(r"{%-?\s*from\s+\S+\s+import\s+([^%]+?)\s*(?:with context\s*)?-?%}", text):
            for name in re.split(r"\s*,\s*", names):
                alias = name.split()[-1]
                if len(re.findall(rf"\b{re.escape(alias)}\b", text)) < 2:
                    problems.append(f"{_where(path)} imports {alias}")
    report(problems, "unused imports in templates")


def test_what_people_read_goes_through_gettext() -> None:
    vietnamese = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
    problems = []
    for path in FILES:
        bare = re.sub(
            r"{#.*?#}|{{.*?}}|{%.*?%}", lambda found: "\n" * found[0].count("\n"), _text(path), flags=re.DOTALL
        )
        for number, line in enumerate(bare.splitlines(), 1):
            # The name of a language is written in that language.
            if vietnamese.search(line) and 'lang="vi"' not in line:
                problems.append(f"{_where(path)}:{number}: {line.strip()[:80]}")
    report(problems, "wrap it in _(), or the English pages show Vietnamese")
