"""Build the files a browser loads: one script and one style sheet for candidates, one style sheet for staff.

No Node, no bundler: style sheets are joined in a stated order, the candidate's ES modules are joined by
`bundle_modules` (which refuses what it does not understand), every result is named by its content so that it
can be cached for ever, and a gzip twin lies beside each text file. The same input gives the same bytes.
"""

import argparse
import gzip
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bundle_modules import bundle

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "examapp" / "static"
TEMPLATES = ROOT / "examapp" / "templates"
TRANSLATIONS = ROOT / "examapp" / "translations"

SHARED = ["shared/tokens", "shared/base"]
#: Order matters only for rules of equal weight: components, then window sizes, then the high-contrast theme.
CANDIDATE = [
    "candidate/fonts", *SHARED, "candidate/page", "candidate/bar", "candidate/save", "candidate/strip",
    "candidate/question", "candidate/options", "candidate/nav", "candidate/palette", "candidate/stimulus",
    "shared/rich", "candidate/waiting", "candidate/result", "candidate/summary", "candidate/sign_in",
    "candidate/large_text",
    "candidate/contrast", "candidate/breakpoints",
]  # fmt: skip
STAFF = [
    "staff/fonts", *SHARED, "staff/page", "staff/shell", "staff/fields", "staff/table", "staff/badges",
    "staff/figures", "staff/empty", "staff/import", "staff/question", "staff/matrix", "staff/certificate",
    "staff/live", "staff/plan", "staff/public", "staff/screens", "staff/log", "staff/take",
    "shared/rich", "staff/print",
]  # fmt: skip

FONT_URL = re.compile(r"url\(fonts/([\w.-]+)\)")
TRANSLATED = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
#: What a candidate's browser loads before the first question; the design allows 100 kB in all.
FIRST_LOAD_LIMIT = 100_000


class Output:
    """The folder of built files and the table from plain to hashed name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def write(self, name: str, data: bytes) -> str:
        """Write `data` under a name that carries its hash; add the gzip twin of a text file."""
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{ending}"
        self.names[name] = hashed
        self.write_plain(hashed, data)
        return hashed

    def write_plain(self, name: str, data: bytes) -> None:
        """Write `data` under this very name, with its gzip twin unless it is a font (already compressed)."""
        (self.folder / name).write_bytes(data)
        if not name.endswith(".woff2"):
            (self.folder / f"{name}.gz").write_bytes(gzip.compress(data, compresslevel=9, mtime=0))

    def wire_size(self, name: str) -> int:
        """Bytes that travel for the file with this plain name."""
        path = self.folder / self.names.get(name, name)
        twin = path.with_name(path.name + ".gz")
        return (twin if twin.exists() else path).stat().st_size


def squeeze_css(text: str) -> str:
    """Drop comments and layout from a style sheet; the rules keep their order."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    return re.sub(r";}", "}", re.sub(r":\s+", ":", text)).strip()


def build_style(output: Output, name: str, parts: list[str]) -> None:
    """Join the parts of one side, point its fonts at their hashed names and write it."""
    text = "".join(squeeze_css((STATIC / "css" / f"{part}.css").read_text("utf-8")) for part in parts)

    def hashed_font(match: re.Match[str]) -> str:
        font = match.group(1)
        if font not in output.names:
            output.write(font, (STATIC / "fonts" / font).read_bytes())
        return f"url({output.names[font]})"

    output.write(name, FONT_URL.sub(hashed_font, text).encode())


def fonts_of(name: str) -> list[str]:
    """Plain names of the fonts that a side declares."""
    return FONT_URL.findall((STATIC / "css" / name / "fonts.css").read_text("utf-8"))


def catalogue(sources: str, locale: str) -> dict[str, str]:
    """Translations of the sentences that the candidate's script uses; missing ones stay Vietnamese."""
    path = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    wanted = {json.loads(f'"{text}"') for text in TRANSLATED.findall(sources)}
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=locale)
    return {
        message.id: str(message.string)
        for message in messages
        if message.id in wanted and message.string and not message.fuzzy
    }


def shell_digest() -> str:
    """Digest of what the server puts into the cached shell: a changed shell must make a new worker."""
    digest = hashlib.sha256()
    for path in sorted([*TEMPLATES.glob("delivery/shell.html"), *TEMPLATES.glob("layouts/candidate.html")]):
        digest.update(path.read_bytes())
    for path in sorted(TEMPLATES.glob("components/*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build_worker(output: Output) -> None:
    """Write the service worker with the list of what it keeps for the time without network."""
    kept = ["exam.js", "exam.css", "exam.en.json", "mark.svg", *dict.fromkeys(fonts_of("candidate"))]
    urls = [f"/static/dist/{output.names[name]}" for name in kept]
    version = hashlib.sha256("\n".join([*urls, shell_digest()]).encode()).hexdigest()[:12]
    source = (STATIC / "js" / "exam" / "service_worker.js").read_text("utf-8")
    source = source.replace("__VERSION__", version).replace('"__ASSETS__"', json.dumps(urls))
    output.write_plain("sw.js", source.encode())


def build(folder: Path) -> Output:
    """Build everything into `folder` and return the table of names."""
    output = Output(folder)
    build_style(output, "exam.css", CANDIDATE)
    build_style(output, "staff.css", STAFF)
    script = bundle(STATIC / "js" / "exam" / "main.js")
    output.write("exam.js", script.encode())
    translations = catalogue(script, "en")
    output.write("exam.en.json", json.dumps(translations, ensure_ascii=False, sort_keys=True).encode())
    for icon in sorted((STATIC / "icons").glob("*.svg")):
        output.write(icon.name, icon.read_bytes())
    output.write("htmx.js", (STATIC / "vendor" / "htmx" / "htmx.min.js").read_bytes())
    output.write("staff.js", bundle(STATIC / "js" / "modules" / "main.js").encode())
    build_worker(output)
    manifest = json.dumps(output.names, indent=1, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(manifest, "utf-8")
    return output


def report(output: Output, write: Callable[[str], None]) -> bool:
    """Print what a candidate's first visit costs over the wire; say whether it is within the limit."""
    names = ["exam.js", "exam.css", "exam.en.json", "mark.svg", "sw.js", *dict.fromkeys(fonts_of("candidate"))]
    total = 0
    for name in names:
        raw = (output.folder / output.names.get(name, name)).stat().st_size
        size = output.wire_size(name)
        total += size
        write(f"{name:<48} {raw:>8,} {size:>8,}")
    shell = b"".join(path.read_bytes() for path in sorted(TEMPLATES.glob("delivery/shell.html")))
    shell += (TEMPLATES / "layouts" / "candidate.html").read_bytes()
    # The template is larger than what it renders to (only used icons are sent), so this errs on the safe side.
    shell += (TEMPLATES / "components" / "icon_sprite.html").read_bytes()
    size = len(gzip.compress(shell, 9))
    write(f"{'shell (templates, upper bound)':<48} {len(shell):>8,} {size:>8,}")
    total += size
    write(f"{'first load over the wire':<48} {'':>8} {total:>8,}  limit {FIRST_LOAD_LIMIT:,}")
    return total <= FIRST_LOAD_LIMIT


def main() -> int:
    """Build; with --report also print the sizes, and fail when the first load is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=STATIC / "dist")
    parser.add_argument("--report", action="store_true")
    arguments = parser.parse_args()
    output = build(arguments.output)
    if arguments.report and not report(output, print):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
