"""The joined script is made only from what the bundler understands, and the first load stays within its limit."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts.build_static import FIRST_LOAD_LIMIT, build, report
from scripts.bundle_modules import BundleError, bundle


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "main.js"


def test_modules_come_after_what_they_import_and_lose_comments(tmp_path: Path) -> None:
    files = {
        "main.js": '// Why.\nimport { b } from "./b.js";\nimport { c } from "./c.js";\n\nb(c);\n',
        "b.js": 'import { c } from "./c.js";\n/** Doc. */\nexport function b(v) {\n  return v + c; // kept\n}\n',
        "c.js": "/*\n * Long.\n */\nexport const c = 1;\n",
    }
    text = bundle(write(tmp_path, files))
    body = ["const c = 1;", "function b(v) {", "return v + c; // kept", "}", "b(c);"]
    assert text == '(()=>{"use strict";\n' + "\n".join(body) + "\n})();\n"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"main.js": 'import { a } from "./a.js";\n', "a.js": "export const b = 1;\n"}, "does not export a"),
        ({"main.js": 'import { a } from "./a.js";\n'}, "does not exist"),
        ({"main.js": 'import { a as b } from "./a.js";\n', "a.js": "export const a = 1;\n"}, "renaming"),
        ({"main.js": 'import a from "./a.js";\n', "a.js": "export default 1;\n"}, "main.js:1: not understood"),
        ({"main.js": "export default 1;\n"}, "main.js:1: not understood"),
        ({"main.js": "const a = `x\ny`;\n"}, "main.js:1: a template literal"),
        ({"main.js": "const { a, b } = c;\n"}, "one name at a time"),
        ({"main.js": "/* a */ f();\n"}, "main.js:1: code after a block comment"),
        (
            {"main.js": 'import { a } from "./a.js";\nconst x = a;\n', "a.js": "const x = 1;\nexport const a = x;\n"},
            r"x \(a.js, main.js\)",
        ),
        (
            {
                "main.js": 'import { a } from "./a.js";\n',
                "a.js": 'import { b } from "./main.js";\nexport const a = b;\n',
            },
            "import cycle: main.js -> a.js -> main.js",
        ),
    ],
)
def test_what_is_not_understood_is_refused_by_name(tmp_path: Path, files: Mapping[str, str], why: str) -> None:
    with pytest.raises(BundleError, match=why):
        bundle(write(tmp_path, files))


def test_the_build_is_repeatable_and_the_first_load_within_its_limit(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    lines: list[str] = []
    assert report(build(first), lines.append), "\n".join(lines)
    build(second)
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    assert str(f"{FIRST_LOAD_LIMIT:,}") in lines[-1]


def test_the_worker_keeps_every_file_that_the_shell_needs(tmp_path: Path) -> None:
    output = build(tmp_path / "dist")
    worker = (output.folder / "sw.js").read_text("utf-8")
    assert "__VERSION__" not in worker
    assert "__ASSETS__" not in worker
    fonts = [name for name in output.names if name.endswith("exam.woff2") or name.startswith("ktcv-tabular-400")]
    for name in ["exam.js", "exam.css", "exam.en.json", "mark.svg", *fonts]:
        assert f"/static/dist/{output.names[name]}" in worker
    assert "/thi/api" not in worker
