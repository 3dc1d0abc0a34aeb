"""Join ES modules into one plain script, for a first load of one request and a strict content policy.

Not a general bundler. It accepts what our own modules are written in and refuses the rest by file and line: named
imports from relative files, exported functions, classes and constants at the start of a line, no default exports,
no renaming, no import cycles, no two top-level names alike, no template literal over several lines.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";[ \t]*$', re.M)
TOP_NAME = re.compile(r"^(?:export )?(?:async )?(?:function\*?|class|const|let) ([A-Za-z_$][\w$]*)")
EXPORTED = re.compile(r"^export (?:async )?(?:function\*?|class|const|let) ([A-Za-z_$][\w$]*)")


class BundleError(Exception):
    """A module uses something that the bundler does not understand; the text names file and line."""


class Module:
    """One source file: what it imports, what it declares, and its body without comments."""

    def __init__(self, path: Path) -> None:
        self.path = path
        source = path.read_text("utf-8")
        self.imports = [
            ({name.strip() for name in names.split(",") if name.strip()}, (path.parent / target).resolve())
            for names, target in IMPORT.findall(source)
        ]
        self.names: list[str] = []
        self.exports: set[str] = set()
        self.lines = self._body(IMPORT.sub("", source))

    def _refuse(self, number: int, why: str) -> BundleError:
        return BundleError(f"{self.path.name}:{number}: {why}")

    def _body(self, source: str) -> list[str]:
        lines = []
        in_comment = False
        for number, line in enumerate(source.splitlines(), 1):
            text = line.strip()
            if in_comment or text.startswith("/*"):
                in_comment = "*/" not in text
                if not in_comment and not text.endswith("*/"):
                    raise self._refuse(number, "code after a block comment")
                continue
            if not text or text.startswith("//"):
                continue
            if text.replace("\\`", "").count("`") % 2:
                raise self._refuse(number, "a template literal must end on its line")
            if text.startswith("import ") or re.match(r"export (default|\{|\*)", text):
                raise self._refuse(number, f"not understood: {text}")
            if re.match(r"^(?:export )?(?:const|let|var) [\[{]|^var ", line):
                raise self._refuse(number, "declare one name at a time at top level")
            if match := TOP_NAME.match(line):
                self.names.append(match.group(1))
                if EXPORTED.match(line):
                    self.exports.add(match.group(1))
            lines.append(re.sub(r"^export ", "", text) if line.startswith("export ") else text)
        return lines


def _collect(path: Path, found: dict[Path, Module], open_paths: tuple[Path, ...]) -> None:
    """Add `path` after everything it imports."""
    if path in open_paths:
        circle = " -> ".join(step.name for step in (*open_paths, path))
        raise BundleError(f"import cycle: {circle}")
    if path in found:
        return
    if not path.is_file():
        raise BundleError(f"{open_paths[-1].name} imports {path.name}, which does not exist")
    module = Module(path)
    for names, target in module.imports:
        if any(" as " in name for name in names):
            raise BundleError(f"{path.name}: renaming imports is not understood")
        _collect(target, found, (*open_paths, path))
        if missing := names - found[target].exports:
            raise BundleError(f"{path.name}: {target.name} does not export {', '.join(sorted(missing))}")
    found[path] = module


def bundle(entry: Path) -> str:
    """Return one script with the modules that `entry` needs, each after what it imports."""
    found: dict[Path, Module] = {}
    _collect(entry.resolve(), found, ())
    owners: dict[str, list[str]] = {}
    for module in found.values():
        for name in module.names:
            owners.setdefault(name, []).append(module.path.name)
    if clashes := [f"{name} ({', '.join(files)})" for name, files in owners.items() if len(files) > 1]:
        raise BundleError(f"declared more than once: {'; '.join(clashes)}")
    body = "\n".join(line for module in found.values() for line in module.lines)
    return f'(()=>{{"use strict";\n{body}\n}})();\n'
