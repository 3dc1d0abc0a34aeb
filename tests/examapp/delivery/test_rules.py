"""Pure rules of attempts: who holds up the sealing, what the page gets to see, what counts as right."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.delivery.rules import (
    AttemptFacts,
    LiveRow,
    StartMargin,
    Whereabouts,
    candidate_paper,
    count_correct,
    count_live,
    may_seal_at,
    narrow_live,
    right_options,
    start_margin,
)
from question_bank.assembly.draw import DrawnItem
from tests.examapp.delivery.conftest import END, START

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("closes", "closed", "seen", "sealable"),
    [
        pytest.param(END, None, None, END + 120 * SECOND, id="never heard: absent, or cut off all along"),
        pytest.param(END, None, START, END + 120 * SECOND, id="fell silent before the end: may still hold answers"),
        pytest.param(END, None, END, END + 120 * SECOND, id="heard at the very end, not after it"),
        pytest.param(END, None, END + SECOND, END + 5 * SECOND, id="heard after the end: has nothing left to send"),
        pytest.param(END, START, None, None, id="submitted"),
        pytest.param(END, START, END + SECOND, None, id="submitted, page still open"),
        pytest.param(None, None, None, None, id="a rehearsal that nobody began"),
        pytest.param(END + 600 * SECOND, None, None, END + 720 * SECOND, id="ten extra minutes"),
    ],
)
def test_when_an_attempt_no_longer_holds_up_the_sealing(closes: Any, closed: Any, seen: Any, sealable: Any) -> None:
    assert may_seal_at(AttemptFacts(closes, 120, closed, seen)) == sealable


@pytest.mark.parametrize(
    ("seconds", "margin"),
    [
        (-601, StartMargin(left=10, late=0, writing=60)),
        (-60, StartMargin(left=1, late=0, writing=60)),
        (-59, StartMargin(left=0, late=0, writing=60)),
        (0, StartMargin(left=0, late=0, writing=60)),
        (1, StartMargin(left=0, late=1, writing=59)),
        (60, StartMargin(left=0, late=1, writing=59)),
        (61, StartMargin(left=0, late=2, writing=58)),
        (3600, StartMargin(left=0, late=60, writing=0)),
        (9999, StartMargin(left=0, late=167, writing=0)),
    ],
)
def test_the_minutes_to_the_start_are_rounded_to_the_worse(seconds: int, margin: StartMargin) -> None:
    assert start_margin(START, 60, START + seconds * SECOND) == margin


@given(grace=st.integers(0, 120), seen=st.none() | st.integers(-4000, 4000))
def test_nobody_waits_longer_than_the_grace_or_less_than_the_way_of_a_save(grace: int, seen: int | None) -> None:
    heard = None if seen is None else END + seen * SECOND
    at = may_seal_at(AttemptFacts(END, grace, None, heard))
    assert at is not None
    assert END <= at <= END + max(grace, 5) * SECOND


@pytest.mark.parametrize(
    ("answers", "correct"),
    [
        ([], 0),
        ([[0, 2], [1, 0], [2, 1]], 3),
        ([[0, 2]], 1),
        ([[0, 1], [1, 1], [2, 2]], 0),
        pytest.param([[1, False], [2, True]], 0, id="false is not 0, true is not 1"),
        pytest.param([[0, "2"], [1, 0.0], [2, [1]], [2, {"a": 1}], [1, None]], 0, id="other kinds of responses"),
        pytest.param([[0, -1], [0, 99]], 0, id="no such option"),
        pytest.param([[-1, 1], [3, 1], [999, 2]], 0, id="no such item"),
    ],
)
def test_only_the_index_of_the_right_option_is_right(answers: list[list[Any]], correct: int) -> None:
    assert count_correct(answers, [2, 0, 1]) == correct


QUESTIONS = {
    "q1": {"kind": "single_choice", "stem": "Một?", "options": ["a", "b", "c"]},
    "q2": {"kind": "single_choice", "stem": "Hai?", "options": ["d", "e"], "stimulus": {"title": "T", "text": "Đọc"}},
}
ITEMS = (DrawnItem("q2", (1, 0)), DrawnItem("q1", (2, 0, 1)))


def test_the_page_gets_texts_in_display_order_and_nothing_else() -> None:
    test = {"name": "Bài thi", "minutes": 60, "questions": 2, "pass_share": "1/2", "id": "x"}
    assert candidate_paper(ITEMS, QUESTIONS, test) == {
        "items": [
            {
                "kind": "single_choice",
                "stem": "Hai?",
                "options": ["e", "d"],
                "stimulus": {"title": "T", "text": "Đọc"},
            },
            {"kind": "single_choice", "stem": "Một?", "options": ["c", "a", "b"]},
        ],
        "test": {"name": "Bài thi", "minutes": 60, "questions": 2},
    }


@given(st.permutations(range(5)), st.integers(0, 4))
def test_a_right_option_is_right_wherever_it_is_shown(order: list[int], right: int) -> None:
    display = right_options([DrawnItem("q", tuple(order))], {"q": right})[0]
    assert order[display] == right


def live_row(**changes: Any) -> LiveRow:
    """Return somebody in room 01 who has begun and was heard from just now, changed as told."""
    plain: dict[str, Any] = {
        "attempt_id": UUID(int=1),
        "number": "0001",
        "full_name": "Nguyễn Văn Ví Dụ",
        "room": "01",
        "seat": 1,
        "bound": True,
        "started": True,
        "answered": 0,
        "items": 8,
        "seen_at": END,
        "closed_at": None,
        "closed_by": None,
        "late_rows": 0,
        "fenced_rows": 0,
        "wrong_codes": 0,
        "correct": None,
    }
    return LiveRow(**plain | changes)


PLACES = [
    ({}, Whereabouts.WRITING),
    ({"seen_at": END - timedelta(seconds=130)}, Whereabouts.WRITING),
    ({"seen_at": END - timedelta(seconds=131)}, Whereabouts.LOST),
    ({"seen_at": None}, Whereabouts.LOST),
    ({"seen_at": None, "bound": False}, Whereabouts.WRITING),
    ({"started": False, "seen_at": None}, Whereabouts.NOT_IN),
    ({"closed_at": END, "closed_by": "candidate"}, Whereabouts.SUBMITTED),
    ({"closed_at": END, "closed_by": "deadline"}, Whereabouts.COLLECTED),
    ({"closed_at": END, "closed_by": "deadline", "started": False}, Whereabouts.ABSENT),
    ({"closed_at": END, "closed_by": "voided"}, Whereabouts.VOIDED),
    ({"closed_at": END, "closed_by": "voided", "started": False}, Whereabouts.VOIDED),
]


@pytest.mark.parametrize(("changes", "place"), PLACES)
def test_everybody_is_in_one_place(changes: dict[str, Any], place: Whereabouts) -> None:
    assert live_row(**changes).place_at(END, END) is place


def test_before_the_start_nobody_is_missed() -> None:
    assert live_row(seen_at=None).place_at(END, END + timedelta(seconds=1)) is Whereabouts.WRITING


def test_the_numbers_of_the_live_list_are_those_of_its_rows() -> None:
    rows = [live_row(**changes, room="02" if "seen_at" in changes else "01") for changes, _ in PLACES]
    counts = count_live(rows, END, END)
    assert sum(counts.values()) == len(rows)
    for place in Whereabouts:
        assert len(narrow_live(rows, "", place, END, END)) == counts[place]
    assert len(narrow_live(rows, "02", None, END, END)) == 5
    assert len(narrow_live(rows, "02", Whereabouts.LOST, END, END)) == 2
    assert narrow_live(rows, "", None, END, END) == rows
