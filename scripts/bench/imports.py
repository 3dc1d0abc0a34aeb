"""Bring 20,000 questions from an Excel workbook into a bank that holds 20,000 others already.

Each step runs in a process of its own, as the worker does it, so that its peak of memory is its own: look into the
file, read it, compare it with the bank and keep every row; then put the good rows into the bank.
"""

import json
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from time import perf_counter
from uuid import UUID

from sqlalchemy import select

from examapp.access.actor import SYSTEM
from examapp.bank.imports.applying import apply_import
from examapp.bank.imports.reading import receive_file, take_file_in
from examapp.bank.models import Import, Subject
from examapp.bank.services import create_subject
from examapp.core.db import engine_for, unit_of_work
from examapp.core.files import Content
from examapp.core.postgres import EmbeddedPostgres
from examapp.core.schema import load_models, upgrade
from examapp.integrity.keys import NodeKeys
from question_bank.formats import xlsx
from question_bank.questions.metadata import Level, Metadata
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import SingleChoice
from scripts.bench.figures import finish, show

QUESTIONS = 20_000
#: how many of them the bank holds already
HELD = 1_000
SECONDS = 60
MEGABYTES = 500
_CODE = "BENCH"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="khaothi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedPostgres(folder / "postgres") as database:
            load_models()
            upgrade(database.url)
            root = token_bytes(32).hex()
            for first in (0, QUESTIONS - HELD):
                (folder / f"{first}.xlsx").write_bytes(_workbook(first))
            _step("keep", database.url, root, str(folder / "0.xlsx"))
            _step("read", database.url, root)
            _step("apply", database.url, root)
            size = (folder / f"{QUESTIONS - HELD}.xlsx").stat().st_size / 1_000_000
            _step("keep", database.url, root, str(folder / f"{QUESTIONS - HELD}.xlsx"))
            read, apply = _step("read", database.url, root), _step("apply", database.url, root)
    show(f"{QUESTIONS:,} questions from Excel ({size:.1f} MB): read, compared, kept", read["seconds"], "s")
    show(f"the {apply['made']:,} good ones of them into the bank", apply["seconds"], "s")
    show("both together", read["seconds"] + apply["seconds"], "s", at_most=SECONDS)
    show("peak memory of reading", read["megabytes"], "MB", at_most=MEGABYTES)
    show("peak memory of bringing in", apply["megabytes"], "MB", at_most=MEGABYTES)
    show("found again in the bank", read["refused"], "questions", at_least=HELD)
    finish()


def _step(*arguments: str) -> dict[str, float]:
    """Do one step in a process of its own and return what it measured."""
    command = [sys.executable, "-m", "scripts.bench.imports", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _do(step: str, url: str, root: str, file: str = "") -> dict[str, float]:
    load_models()
    engine, keys, now = engine_for(url), NodeKeys(bytes.fromhex(root)), datetime.now(UTC)
    began = perf_counter()
    with unit_of_work(engine, keys) as session:
        if step == "keep":
            subject = session.scalar(select(Subject).where(Subject.code == _CODE))
            subject = subject or create_subject(session, _CODE, "Môn lớn", actor=SYSTEM, now=now)
            receive_file(session, subject, Content(Path(file).read_bytes(), "lon.xlsx"), actor=SYSTEM, now=now)
            return {}
        newest: UUID = session.scalars(select(Import.id).order_by(Import.id.desc()).limit(1)).one()
        batch, made = session.get_one(Import, newest), 0
        if step == "read":
            take_file_in(session, batch, actor=SYSTEM, now=now)
        else:
            made = apply_import(session, batch, actor=SYSTEM, now=now)
        refused = batch.rows_refused
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": perf_counter() - began, "megabytes": peak, "made": made, "refused": refused}


def _workbook(first: int) -> bytes:
    """Return a template filled with questions as long as real ones, numbered from `first` on."""
    return xlsx.write(_question(number) for number in range(first, first + QUESTIONS)).data


def _question(number: int) -> QuestionRecord:
    stem = (
        f"Câu hỏi ví dụ số {number}: theo quy định về tuyển dụng, sử dụng và quản lý công chức, cơ quan nào sau đây có "
        "thẩm quyền quyết định trong trường hợp nêu trên?"
    )
    options = tuple(f"Phương án {letter} của câu {number}: cơ quan có thẩm quyền theo phân cấp" for letter in "ABCD")
    level = list(Level)[number % 4]
    return QuestionRecord(SingleChoice(stem, options, number % 4), Metadata(f"Chủ đề {number % 20}", level))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_do(*sys.argv[1:])))
    else:
        main()
