"""A marked sitting whose candidates really answered: marks stand under root R2, so they cannot just be written down."""

import json
from datetime import datetime, timedelta
from secrets import token_bytes

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core import events
from examapp.core.clock import to_millis
from examapp.delivery.models import AnswerSave, Attempt
from examapp.delivery.rules import right_options
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import open_compartment
from examapp.sittings.models import Sitting
from examapp.sittings.queries import opened_package, package_content
from examapp.wiring import connect_events
from question_bank.assembly.draw import draw_paper
from tests.factories import Opened, make_line, open_line


@pytest.fixture(autouse=True)
def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the features listen to each other as they do in the running program."""
    monkeypatch.setattr(events, "_listeners", {})
    connect_events()


def marked(session: Session, keys: NodeKeys, now: datetime, correct: dict[str, int], *, per_cell: int = 15) -> Sitting:
    """Return a marked sitting of 60 questions whose candidates have exactly so many right answers."""
    import_lines = None if per_cell == 2 else _lines(per_cell)
    line = make_line(session, now, candidates=len(correct), lines=import_lines, per_cell=per_cell)
    opened: Opened = open_line(session, line, keys, now, random_bytes=token_bytes)
    start = line.sitting.starts_at
    inside = opened_package(session, line.sitting.id, keys)
    content = package_content(session, inside.package_id)
    key = open_compartment(content, "key", opened.frozen.key_code).data
    right_by_id = {entry["id"]: entry["right"] for entry in key["keys"]}
    for number, count in correct.items():
        attempt = session.scalars(select(Attempt).where(Attempt.candidate_number == number)).one()
        attempt.lease = 1
        for item, option in enumerate(right_options(draw_paper(inside.seed, number, inside.spec), right_by_id)):
            response = json.dumps(option if item < count else option + 1)
            save = {"kind": 1, "item": item, "response": response, "client_ms": to_millis(start) + item}
            session.add(AnswerSave(attempt_id=attempt.id, lease=1, seq=item + 1, received_at=start, **save))
    end = now + timedelta(hours=2)
    session.flush()
    seal_sitting(session, line.sitting.id, keys=keys, actor=SYSTEM, now=end)
    session.flush()
    open_keys_and_mark(session, line.sitting.id, opened.frozen.key_code, keys=keys, actor=SYSTEM, now=end)
    session.flush()
    session.expire_all()
    return line.sitting


def _lines(per_cell: int) -> bytes:
    line = '{{"kind":"single_choice","topic":"{}","level":"{}","stem":"Câu {}?","options":["a","b"],"key":"A"}}'
    cells = [(topic, level) for topic in ("HIEN", "DAO") for level in ("recall", "application")]
    rows = [line.format(*cells[number % 4], number) for number in range(12 * per_cell)]
    return "\n".join(rows).encode()
