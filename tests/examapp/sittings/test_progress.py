"""Where an exam stands follows from its sittings."""

import pytest

from examapp.exams.models import ExamState
from examapp.sittings.models import SittingState as At
from examapp.sittings.queries.progress import state_by


@pytest.mark.parametrize(
    ("sittings", "state"),
    [
        (set(), ExamState.PREPARING),
        ({At.DRAFT}, ExamState.PREPARING),
        ({At.DRAFT, At.FROZEN}, ExamState.PREPARING),
        ({At.FROZEN, At.OPENING}, ExamState.HELD),
        ({At.READY}, ExamState.HELD),
        ({At.SEALED}, ExamState.HELD),
        ({At.MARKED, At.DRAFT}, ExamState.HELD),
        ({At.MARKED}, ExamState.CLOSED),
    ],
)
def test_an_exam_is_prepared_held_and_over(sittings: set[At], state: ExamState) -> None:
    assert state_by(sittings) is state
