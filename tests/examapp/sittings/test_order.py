"""The order of a sitting: whatever is tried when, no step comes before its time, and keys never before root R1."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_bytes

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.errors import ServiceError
from examapp.delivery.models import KeyOpening, RootKind, SittingRoot
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.prepare import prepare_attempts
from examapp.delivery.services.seal import seal_sitting
from examapp.integrity.keys import NodeKeys
from examapp.results.queries import result_list_of
from examapp.results.services.lists import make_result_list
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Sitting, SittingState
from examapp.sittings.services import open_paper, record_public_value
from tests.conftest import NOW
from tests.examapp.sittings.conftest import Drafts
from tests.factories import going_on, seen_package

START = NOW + timedelta(minutes=15)
LATE = START + timedelta(minutes=63)


@dataclass
class Council:
    """People who press buttons in any order; the codes are those of the last freeze."""

    session: Session
    sitting: Sitting
    keys: NodeKeys
    codes: tuple[str, str] = ("", "")
    done: set[str] = field(default_factory=set)

    def freeze(self) -> None:
        seen = seen_package(self.session, self.sitting)
        frozen = freeze_sitting(
            self.session, self.sitting, keys=self.keys, random_bytes=token_bytes, replaces=seen, actor=SYSTEM, now=NOW
        )
        self.codes = (frozen.paper_code, frozen.key_code)

    def value(self) -> None:
        record_public_value(
            self.session, self.sitting, "20711834", "20711834", witness_names="A, B", actor=SYSTEM, now=NOW
        )

    def open(self) -> None:
        open_paper(
            self.session, self.sitting, self.codes[0], secure_transport=True, keys=self.keys, actor=SYSTEM, now=NOW
        )

    def draw(self) -> None:
        prepare_attempts(self.session, self.sitting.id, keys=self.keys, random_bytes=token_bytes, now=NOW)

    def seal_early(self) -> None:
        seal_sitting(self.session, self.sitting.id, keys=self.keys, actor=SYSTEM, now=START)

    def seal(self) -> None:
        seal_sitting(self.session, self.sitting.id, keys=self.keys, actor=SYSTEM, now=LATE)

    def mark(self) -> None:
        open_keys_and_mark(self.session, self.sitting.id, self.codes[1], keys=self.keys, actor=SYSTEM, now=LATE)

    def list(self) -> None:
        make_result_list(self.session, self.sitting, actor=SYSTEM, now=LATE)


LINE = ("freeze", "value", "open", "draw", "seal", "mark", "list")
STATES = {
    0: SittingState.DRAFT,
    1: SittingState.FROZEN,
    2: SittingState.FROZEN,
    3: SittingState.OPENING,
    4: SittingState.READY,
    5: SittingState.SEALED,
    6: SittingState.MARKED,
    7: SittingState.MARKED,
}


def allowed(step: str, reached: int) -> bool:
    """Say whether a step may be taken when so many steps of the line are done."""
    if step == "freeze":
        return reached <= 1
    if step == "draw":
        return reached >= 3
    return step in LINE and LINE.index(step) == reached


def attempt(council: Council, step: str) -> bool:
    """Try a step as a request does: kept or undone as a whole."""
    savepoint = council.session.begin_nested()
    action: Callable[[], None] = getattr(council, step)
    try:
        action()
        council.session.flush()
    except ServiceError:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


ANY = st.lists(st.sampled_from([*LINE, "seal_early"]), max_size=3)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(disturbances=st.lists(ANY, min_size=len(LINE) + 1, max_size=len(LINE) + 1))
def test_no_step_before_its_time_and_no_keys_before_r1(
    drafts: tuple[Connection, Drafts], keys: NodeKeys, disturbances: list[list[str]]
) -> None:
    with going_on(drafts[0], keys) as session:
        council = Council(session, session.get_one(Sitting, drafts[1].programmed), keys)
        reached = 0
        steps = [step for place, tried in enumerate(disturbances) for step in (*tried, *LINE[place : place + 1])]
        for step in steps:
            may = allowed(step, reached)
            assert attempt(council, step) is may, f"{step} after {reached} steps"
            if may:
                reached = max(reached, LINE.index(step) + 1)
            session.expire_all()
            _check(council, reached)
        assert reached == len(LINE)


def _check(council: Council, reached: int) -> None:
    session, sitting = council.session, council.sitting
    assert sitting.state is STATES[reached]
    sealed = session.get(SittingRoot, (sitting.id, RootKind.ANSWERS)) is not None
    opened = session.get(KeyOpening, sitting.id) is not None
    assert sealed == (reached >= 5)
    assert opened == (reached >= 6)
    assert sealed or not opened
    assert (session.get(SittingRoot, (sitting.id, RootKind.RESULTS)) is not None) == opened
    assert (result_list_of(session, sitting.id) is not None) == (reached == 7)
