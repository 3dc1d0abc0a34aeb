"""Whatever comes in: no exception, every row accounted for, every sentence filled, the report storable."""

import json
from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.formats import ReadResult, read_any
from tests.question_bank.factories import DEFAULTS, HEADERS, workbook

NAMES = (
    "question",
    "choices",
    "answer",
    "topic",
    "level",
    "tags",
    "checks",
    "kind",
    "stem",
    "options",
    "key",
    "source",
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
letters = st.sampled_from(["A", "B", "C", "A. một", "B) hai", "một", "Cả A và B", "", " ", "\ud800", "1", "0"])
values = st.recursive(
    scalars | letters,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["text", "correct", "A", "B"]), inner),
    max_leaves=6,
)
rows = st.dictionaries(st.sampled_from(NAMES), values, max_size=8) | values
cells = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.dates()
    | st.sampled_from(["A", "B", "1", "Cả ba", "ƣ"])
)


def check(result: ReadResult) -> None:
    """Assert what holds for every result."""
    assert result.rows_total == len(result.records) + len(result.refused)
    assert all(not record.question.validate() for _, record in result.records)
    assert all(any(problem.severity == "error" for problem in row.problems) for row in result.refused)
    assert [problem.number for problem in result.problems] == list(range(1, len(result.problems) + 1))
    report = result.to_json()
    assert isinstance(report, Mapping)
    json.dumps(report, ensure_ascii=False, default=str).encode()
    assert all("%(" not in problem.text() for problem in result.problems)


@given(st.lists(rows, max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_json(items: list[object]) -> None:
    check(read_any(json.dumps(items).encode(), "a.json", None, DEFAULTS))
    check(read_any("\n".join(map(json.dumps, items)).encode(), "a.jsonl", None, DEFAULTS))


@given(st.binary(max_size=200), st.sampled_from(["a.json", "a.jsonl", "a.xlsx", "a"]))
def test_any_bytes(data: bytes, name: str) -> None:
    check(read_any(data, name, None, DEFAULTS))


@given(st.lists(st.lists(cells, max_size=9), max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_cells(table: list[list[object]]) -> None:
    check(read_any(workbook(HEADERS, *table), "a.xlsx", None, DEFAULTS))
