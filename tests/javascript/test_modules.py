"""Runs the JavaScript unit tests with Node when it is there; they need nothing else."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is not installed; the browser tests still drive the same modules")
def test_the_candidates_modules() -> None:
    assert NODE is not None
    files = sorted(str(path) for path in HERE.glob("*.test.js"))
    run = subprocess.run([NODE, "--test", *files], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
