"""Random and damaged files of every format: no reader fails, hangs or takes more than 2 s and 200 MB."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from question_bank.formats import FORMATS

pytestmark = pytest.mark.faults

PROJECT = Path(__file__).resolve().parent.parent.parent
SHORT, LONG = 300, 10_000


def _read(name: str, cases: int) -> None:
    command = [sys.executable, "-m", "tests.faults.reading_worker", name, str(cases), "1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{name}: killed or failed with {done.returncode}: {done.stderr[-2000:]}"
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["wrong"] == [], report


@pytest.mark.parametrize("name", FORMATS)
def test_short_run_of_hostile_files(name: str) -> None:
    _read(name, SHORT)


@pytest.mark.parametrize("name", FORMATS)
def test_a_long_run_of_hostile_files(name: str) -> None:
    _read(name, LONG)
