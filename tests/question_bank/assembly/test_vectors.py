"""The shipped vectors: ours, and those of the JavaScript checker."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from question_bank.assembly import vectors

ROOT = Path(__file__).parents[3]
CHECKER = ROOT / "scripts/check_draw.js"
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


def check(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(NODE), str(CHECKER), str(file)], capture_output=True, text=True, timeout=60)


def test_the_shipped_vectors_are_reproduced() -> None:
    assert vectors.differences() == []


def test_there_are_at_least_twenty_and_some_full_papers_with_pins() -> None:
    document = vectors.build()
    assert sum(len(document[part]) for part in ("openings", "streams", "papers")) >= 20
    pinned = [
        paper for paper in document["papers"] if any(layout["pinned_last"] for layout in paper["options"].values())
    ]
    assert len(pinned) >= 3


def test_a_changed_result_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = vectors.build()
    changed["streams"][3]["bytes"] = "00" * 48
    del changed["papers"][-1]
    monkeypatch.setattr(vectors, "stored", lambda: changed)
    assert vectors.differences() == ["streams[3]", "papers"]


@needs_node
def test_another_implementation_reproduces_them() -> None:
    result = check(ROOT / "question_bank/assembly/vectors/draw_1.json")
    assert (result.returncode, result.stderr) == (0, "")


@needs_node
@pytest.mark.parametrize("part", ["openings", "streams", "papers"])
def test_the_other_implementation_notices_a_change(part: str, tmp_path: Path) -> None:
    changed = vectors.build()
    victim = changed[part][0]
    victim.update({"seed": "00" * 32})
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(changed), encoding="utf-8")
    result = check(file)
    assert result.returncode == 1
    assert f"DIFFERENT {part}[0]" in result.stderr
