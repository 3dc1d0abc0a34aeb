"""The database's own speed with the SQL of a save: what is left of it through HTTP is the application's cost."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence

from sqlalchemy.engine import make_url

from examapp.answerlog import statements
from examapp.answerlog.locks import ATTEMPT_CLASS, SITTING_CLASS, lock_key
from examapp.core.postgres_programs import find_programs, server_user
from scripts.bench.stock import Seat

CLIENTS, THREADS = 32, 2


def saves_per_second(url: str, seats: Sequence[Seat], seconds: int) -> float | None:
    """Return how many saves a second pgbench stores, one to a transaction; None when there is no pgbench."""
    program = shutil.which("pgbench") or shutil.which(find_programs(server_user()).path("pgbench"))
    if program is None:
        return None
    address = make_url(url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_script(seats[:CLIENTS]))
        script.flush()
        command = [program, "--no-vacuum", "--protocol=prepared", "-D", "made=0"]
        command += ["-c", str(CLIENTS), "-j", str(THREADS), "-T", str(seconds), "-f", script.name]
        command += ["-h", str(address.query["host"]), "-p", str(address.query.get("port", 5432))]
        command += ["-U", str(address.username), str(address.database)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", output)
    assert found
    return float(found[1])


def _script(seats: Sequence[Seat]) -> str:
    """Return a script in which every client writes an attempt of its own, both statements in one round trip."""
    attempts = ",".join(f"'{seat.attempt}'" for seat in seats)
    locks = ",".join(str(lock_key(seat.attempt)) for seat in seats)
    mine = ":client_id::int % " + str(len(seats)) + " + 1"
    lock = [
        f"ARRAY[{SITTING_CLASS},{ATTEMPT_CLASS}]",
        f"ARRAY[{lock_key(seats[0].sitting)},(ARRAY[{locks}])[{mine}]]",
        "ARRAY[true,false]",
    ]
    save = [
        "0", "ARRAY[0]", f"ARRAY[(ARRAY[{attempts}])[{mine}]]", "ARRAY[1]", "ARRAY[1]", "ARRAY[:made::int]",
        "ARRAY[1]", f"ARRAY['{seats[0].sitting}']",
        "ARRAY[0]", "ARRAY[:made::int]", "ARRAY[1]", "ARRAY[1]", "ARRAY['2']", "ARRAY[1795482060000]",
    ]  # fmt: skip
    statements_ = "".join(
        _filled(statement, values).strip() + ";\n"
        for statement, values in ((statements.LOCK, lock), (statements.FAST, save))
    )
    return f"\\set made :made + 1\n\\startpipeline\n{statements_}\\endpipeline\n"


def _filled(statement: str, values: Sequence[str]) -> str:
    return re.sub(r"\$([0-9]+)", lambda match: values[int(match[1]) - 1], statement)
