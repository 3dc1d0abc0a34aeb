"""Write the tables of docs/formats.md that say what each format carries, from what the formats say themselves."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from question_bank.formats import FORMATS, Carries  # noqa: E402 - the path comes first
from question_bank.formats.written import METADATA_FIELDS  # noqa: E402
from question_bank.lint import RULES  # noqa: E402
from question_bank.questions import KINDS  # noqa: E402

PAGE = ROOT / "docs" / "formats.md"
BEGIN, END = "<!-- made by scripts/write_formats.py: begin -->", "<!-- end -->"
MARKUP = {
    "bold, italic, underlined, struck": {"strong", "em", "u", "s"},
    "sub- and superscript": {"sub", "sup"},
    "lists": {"ul", "ol", "li"},
    "tables": {"table", "tr", "td"},
    "head cells": {"th"},
    "program text": {"code", "pre"},
    "quotations": {"blockquote"},
    "pictures": {"img"},
    "formulas (MathML)": {"math"},
}
FEATURES = {
    "stimulus": "passage or picture of several questions",
    "weights": "weights of options and forms",
    "rules": "how fill-in compares",
    "gap_weights": "weights of gaps",
    "rubric": "rubric of an essay",
    "guide": "guide for markers",
    "distractors": "answers that match nothing",
}


def tables() -> str:
    """Return the tables as Markdown."""
    return "\n\n".join(
        [
            _table("Kind", KINDS, lambda carries, kind: kind in carries.kinds, {kind: f"`{kind}`" for kind in KINDS}),
            _table("Metadata", METADATA_FIELDS, lambda carries, name: name in carries.metadata),
            _table("Markup", MARKUP, lambda carries, name: MARKUP[name] <= carries.markup),
            _table("Also", FEATURES, lambda carries, name: name in carries.features, FEATURES),
            "\n".join(
                ["| Rule of `question-bank lint` | What it finds |", "|---|---|"]
                + [f"| `{rule.code}` | {rule.title} |" for rule in RULES]
            ),
        ]
    )


def _table(
    title: str, rows: Iterable[str], holds: Callable[[Carries, str], bool], names: dict[str, str] | None = None
) -> str:
    writers = {name: one.carries for name, one in FORMATS.items() if one.carries is not None}
    lines = [f"| {title} | {' | '.join(writers)} |", f"|---|{'---|' * len(writers)}"]
    for row in rows:
        cells = ["yes" if holds(carries, row) else "–" for carries in writers.values()]
        lines.append(f"| {(names or {}).get(row, row)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def page_with_tables(text: str) -> str:
    """Return a page with the tables between its two marks; raises ValueError when it has none."""
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:start]}\n\n{tables()}\n\n{text[end:]}"


if __name__ == "__main__":
    PAGE.write_text(page_with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
