"""Random pages against a small model: the log is what was acknowledged, no row less and no row more."""

from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from examapp.core.clock import to_millis
from tests.examapp.answerlog.conftest import DEADLINE, ITEMS, START, Page, Room

items = st.integers(0, ITEMS - 1)
responses = st.none() | st.integers(0, 3)


class Pages(RuleBasedStateMachine):
    """One attempt, its present page and the pages it had before."""

    room: ClassVar[Room]

    @initialize()
    def begin(self) -> None:
        """Start with an empty log under lease 1."""
        self.room.clock.moment = START + timedelta(minutes=1)
        self.page: Page = self.room.page()
        self.lease = 1
        #: rows of the present lease that were acknowledged, and everything that ever was
        self.mine: list[list[Any]] = []
        self.counted: list[list[Any]] = []
        self.fenced: set[tuple[int, int]] = set()
        self.submission: list[Any] | None = None

    def made(self, seq: int, item: int, response: Any, kind: int = 1) -> list[Any]:
        """Return a row made now."""
        return [seq, kind, item, response, to_millis(self.room.clock.now())]

    def send(self, lease: int, *rows: list[Any]) -> str:
        """Send rows under a lease and return the code."""
        self.page.lease = lease
        answer = self.page.send(*rows)
        if answer.code == "ok":
            assert answer.body["ack"] == len(self.mine) + sum(row not in self.mine for row in rows)
        if answer.code == "closed":
            self.fenced |= {(lease, row[0]) for row in rows}
        return answer.code

    def expect_closed(self, code: str) -> bool:
        """Check the code of a closed attempt; return whether it is closed."""
        if self.submission is not None:
            assert code == "closed"
        return self.submission is not None

    @rule(answers=st.lists(st.tuples(items, responses), min_size=1, max_size=5), again=st.integers(0, 3))
    def answer(self, answers: list[tuple[int, Any]], again: int) -> None:
        """Send the next rows, with some that were sent before."""
        start = len(self.mine) + 1
        new = [self.made(start + index, item, response) for index, (item, response) in enumerate(answers)]
        repeated = [] if self.submission else self.mine[len(self.mine) - min(again, len(self.mine)) :]
        if not self.expect_closed(code := self.send(self.lease, *repeated, *new)):
            assert code == "ok"
            self.mine += new
            self.counted += [[self.lease, *row] for row in new]

    @rule(skipped=st.integers(1, 5))
    def leave_a_gap(self, skipped: int) -> None:
        """Send a row too far ahead."""
        code = self.send(self.lease, self.made(len(self.mine) + 1 + skipped, 0, 0))
        assert self.expect_closed(code) or code == "gap"

    @rule(back=st.integers(1, 5), item=items)
    def use_a_number_again(self, back: int, item: int) -> None:
        """Send other content under a number that is taken."""
        if len(self.mine) < back:
            return
        seq = self.mine[-back][0]
        code = self.send(self.lease, self.made(seq, item, 99))
        assert self.expect_closed(code) or code == "diverged"

    @rule(seq=st.integers(1, 6), response=responses)
    def answer_on_an_old_page(self, seq: int, response: Any) -> None:
        """Send under the lease before."""
        if self.lease == 1:
            return
        code = self.send(self.lease - 1, self.made(seq, 0, response))
        if not self.expect_closed(code):
            assert code == "lease"
            self.fenced.add((self.lease - 1, seq))

    @rule()
    def lose_the_storage(self) -> None:
        """Get a new lease, as the lease request does."""
        self.lease += 1
        self.mine = []
        self.room.execute("UPDATE attempts SET lease = %s WHERE id = %s", self.lease, self.page.attempt)

    @rule(seconds=st.integers(1, 300))
    def wait(self, seconds: int) -> None:
        """Let time pass, never past the deadline."""
        self.room.clock.moment = min(self.room.clock.moment + timedelta(seconds=seconds), DEADLINE)

    @rule()
    def submit(self) -> None:
        """Submit, or submit again."""
        if self.submission is not None:
            self.page.lease = self.submission[0]
            assert self.page.send(self.submission[1]).body["receipt"] == self.submission[2]
            return
        row = self.made(len(self.mine) + 1, -1, None, kind=3)
        self.page.lease = self.lease
        answer = self.page.send(row)
        self.submission = [self.lease, row, answer.body["receipt"]]
        self.mine.append(row)
        self.counted.append([self.lease, *row])

    @invariant()
    def log_is_what_was_acknowledged(self) -> None:
        """Compare the counted rows with the acknowledged ones, and see that every other row is fenced."""
        log = self.page.log()
        assert [list(row[:6]) for row in log if not row.fenced] == sorted(self.counted)
        fenced = {(row.lease, row.seq) for row in log if row.fenced}
        assert fenced == self.fenced - {(row[0], row[1]) for row in self.counted}


def test_log_is_what_was_acknowledged(room: Room) -> None:
    Pages.room = room
    run_state_machine_as_test(
        Pages,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
