"""Keep the English catalogue: `extract` new sentences, `compile` it for the server, `check` that nothing is missing.

Vietnamese is the source: message ids are the Vietnamese sentences of Python (`_`, `N_`), templates (`_`) and the
candidate's script (`t`). The catalogue carries no dates and no line numbers, so an unchanged tree extracts to the same
bytes and two people's changes rarely meet.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "examapp" / "translations"
LOCALES = ("en",)

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
#: (folder, pattern, extractor, keywords)
SOURCES = (
    ("question_bank", "**/*.py", "python", KEYWORDS),
    ("examapp", "**/*.py", "python", KEYWORDS),
    ("examapp/templates", "**/*.html", "jinja2", KEYWORDS),
    ("examapp/static/js", "**/*.js", "javascript", {"t": None}),
)
PLACEHOLDER = re.compile(r"%(?:\((\w+)\)[sd]|%)|\{(\w+)\}")


def extracted() -> Catalog:
    """Return every sentence of the sources with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for folder, pattern, method, keywords in SOURCES:
        for path in sorted((ROOT / folder).glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            options = {"newstyle_gettext": "true", "trimmed": "false"} if method == "jinja2" else {}
            with path.open("rb") as file:
                for _line, message, _comments, _context in extract(method, file, keywords, (), options):
                    if message:
                        catalog.add(message, locations=[(name, 0)])
    return catalog


def catalogue_path(locale: str, ending: str = "po") -> Path:
    """Return the path of a locale's catalogue."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / f"messages.{ending}"


def read_catalogue(locale: str) -> Catalog:
    """Return a locale's catalogue, empty before the first extraction."""
    path = catalogue_path(locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update(locale: str) -> None:
    """Write the catalogue with the sentences of today: known translations kept, vanished sentences dropped."""
    old = {message.id: message.string for message in read_catalogue(locale) if message.id}
    catalog = Catalog(locale=locale, charset="utf-8")
    for message in extracted():
        if message.id:
            locations = sorted(set(message.locations))
            catalog.add(message.id, old.get(message.id, ""), locations=locations, flags=message.flags)
    path = catalogue_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_po_bytes(catalog))


def _po_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as text without the header lines that change by themselves."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=118, sort_output=True, include_lineno=False, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalog.locale}\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return header.encode() + buffer.getvalue().lstrip()


def faults(locale: str) -> Iterator[str]:
    """Yield what is wrong with a locale's catalogue: missing, left over, or with other placeholders than its source."""
    known = {message.id: message for message in read_catalogue(locale) if message.id}
    wanted = {message.id for message in extracted() if message.id}
    yield from (f"{locale}: missing: {_first(one)}" for one in sorted(map(_first, wanted - set(known))))
    yield from (f"{locale}: left over: {one}" for one in sorted(map(_first, set(known) - wanted)))
    for identity in sorted(wanted & set(known), key=_first):
        yield from (f"{locale}: {fault}: {_first(identity)}" for fault in _message_faults(known[identity]))


def _message_faults(message: Message) -> Iterator[str]:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    if not all(strings):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    for string in strings:
        if set(PLACEHOLDER.findall(_first(message.id))) != set(PLACEHOLDER.findall(string)):
            yield "other placeholders"


def _first(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def compile_catalogue(locale: str) -> None:
    """Write the binary catalogue that the server reads."""
    with catalogue_path(locale, "mo").open("wb") as file:
        write_mo(file, read_catalogue(locale))


def main() -> int:
    """Do one of the three; `check` prints the faults and fails when there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("deed", choices=("extract", "compile", "check"))
    deed = parser.parse_args().deed
    if deed == "check":
        found = [fault for locale in LOCALES for fault in faults(locale)]
        print("\n".join(found) or "complete")
        return 1 if found else 0
    for locale in LOCALES:
        (update if deed == "extract" else compile_catalogue)(locale)
    return 0


if __name__ == "__main__":
    sys.exit(main())
