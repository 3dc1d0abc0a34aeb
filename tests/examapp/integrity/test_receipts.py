"""Final answers, leaves and signatures: what a candidate can hold against the server."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.integrity.canonical import H, enc, jcs
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.merkle import leaf_hash, proof, root, verify_proof
from examapp.integrity.receipts import (
    Leaf,
    LeafStatus,
    answers_digest,
    counted_rows,
    explanation_digest,
    final_answers,
    log_digest,
    receipt_code,
    result_leaf,
    sign_receipt,
    sign_root,
    sitting_root,
    verify_receipt,
    verify_root,
)

A, F, S = 1, 2, 3

LEAF = Leaf(
    core_digest=b"c" * 32,
    sitting=b"s" * 16,
    attempt=b"a" * 16,
    number="0012",
    paper_digest=b"p" * 32,
    status=LeafStatus.SUBMITTED,
    last_lease=1,
    last_seq=61,
    log_digest=b"l" * 32,
    answers_digest=b"w" * 32,
    blind=b"b" * 32,
)


# --- final answers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "answers"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([[1, 1, A, 5, 2, 10]], [[5, 2]], id="one answer"),
        pytest.param([[1, 1, A, 5, 2, 10], [1, 2, A, 5, 0, 11]], [[5, 0]], id="the last one counts"),
        pytest.param([[1, 2, A, 5, 0, 11], [1, 1, A, 5, 2, 10]], [[5, 0]], id="arrival order does not matter"),
        pytest.param([[1, 9, A, 5, 2, 99], [2, 1, A, 5, 3, 11]], [[5, 3]], id="a later lease wins over a higher seq"),
        pytest.param([[1, 1, A, 5, 2, 10], [1, 2, A, 5, None, 11]], [], id="cleared"),
        pytest.param([[1, 1, A, 5, None, 10], [1, 2, A, 5, 1, 11]], [[5, 1]], id="cleared, then answered"),
        pytest.param([[1, 1, A, 5, 2, 10], [1, 2, F, 5, True, 11]], [[5, 2]], id="a flag is no answer"),
        pytest.param([[1, 1, A, 5, 0, 10]], [[5, 0]], id="the first option is an answer"),
        pytest.param(
            [[1, 1, A, 5, 2, 10], [1, 2, S, -1, None, 11], [1, 3, A, 5, 3, 12]], [[5, 2]], id="after the submission"
        ),
        pytest.param(
            [[1, 1, A, 9, 1, 1], [1, 2, A, 10, 0, 2], [1, 3, A, 2, 3, 3]], [[2, 3], [9, 1], [10, 0]], id="sorted"
        ),
    ],
)
def test_final_answers(rows: list[list[Any]], answers: list[list[Any]]) -> None:
    assert final_answers(rows) == answers


def test_rows_after_the_submission_are_not_in_the_log() -> None:
    rows: list[list[Any]] = [[1, 1, A, 5, 2, 10], [1, 2, F, 5, True, 11], [1, 3, S, -1, None, 12]]
    assert counted_rows([*rows, [1, 4, A, 5, 3, 13], [2, 1, A, 5, 3, 14]]) == rows
    assert log_digest([*reversed(rows), [1, 4, A, 5, 3, 13]]) == log_digest(rows) == H("khaothi/log/v1", jcs(rows))
    assert log_digest(rows) != log_digest(rows[:2])


rows_strategy = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 30), st.just(A), st.integers(0, 5), st.none() | st.integers(0, 3)),
    unique_by=lambda row: (row[0], row[1]),
    max_size=20,
)


@given(rows_strategy, st.randoms(use_true_random=False))
def test_answers_and_log_do_not_depend_on_arrival(rows: list[tuple[Any, ...]], random: Any) -> None:
    timed = [[*row, 0] for row in rows]
    shuffled = list(timed)
    random.shuffle(shuffled)
    assert final_answers(shuffled) == final_answers(timed)
    assert log_digest(shuffled) == log_digest(timed)
    by_hand = {row[3]: row[4] for row in sorted(timed, key=lambda row: row[:2])}
    assert dict(map(tuple, final_answers(timed))) == {k: v for k, v in by_hand.items() if v is not None}


def test_answers_are_blinded() -> None:
    answers = [[0, 1], [1, 3]]
    assert answers_digest(b"b" * 32, answers) == H("khaothi/answers/v1", b"b" * 32, b"[[0,1],[1,3]]")
    assert answers_digest(b"b" * 32, answers) != answers_digest(b"c" * 32, answers)


# --- leaves ----------------------------------------------------------------------------------------------------------


def test_a_leaf_frames_its_fields_in_the_order_of_the_protocol() -> None:
    framed = enc(
        "khaothi/leaf/v1", b"c" * 32, b"s" * 16, b"a" * 16, "0012", b"p" * 32, "submitted", 1, 61,
        b"l" * 32, b"w" * 32, b"b" * 32,
    )  # fmt: skip
    assert LEAF.data() == framed
    assert LEAF.hash() == leaf_hash(framed)
    assert LEAF.hash().hex() == "968b4f7a8fd5ce9ce41307a6a2ca93917bd63b69cede403ebb2e5912be9eed8d"


@pytest.mark.parametrize(
    "change",
    [
        {"core_digest": b"x" * 32},
        {"sitting": b"x" * 16},
        {"attempt": b"x" * 16},
        {"number": "0013"},
        {"paper_digest": b"x" * 32},
        {"status": LeafStatus.CLOSED},
        {"last_lease": 2},
        {"last_seq": 62},
        {"log_digest": b"x" * 32},
        {"answers_digest": b"x" * 32},
        {"blind": b"x" * 32},
    ],
)
def test_every_field_changes_the_leaf(change: dict[str, Any]) -> None:
    assert replace(LEAF, **change).hash() != LEAF.hash()


@pytest.mark.parametrize(
    "change", [{"blind": b"x" * 31}, {"sitting": b"x" * 32}, {"attempt": b""}, {"log_digest": b""}]
)
def test_fields_of_another_size_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        replace(LEAF, **change).data()


def test_the_code_to_copy_is_the_beginning_of_the_leaf() -> None:
    code = receipt_code(LEAF.hash())
    assert [len(group) for group in code.split("-")] == [4] * 5
    assert receipt_code(bytes(32)) == "0000-0000-0000-0000-0000"
    assert receipt_code(b"\xff" * 32) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"


# --- signatures ------------------------------------------------------------------------------------------------------


def test_a_receipt_is_signed_for_one_leaf_sitting_time_and_incarnation(node_keys: NodeKeys) -> None:
    facts: dict[str, Any] = {"leaf": b"l" * 32, "sitting": b"s" * 16, "issued_at_ms": 5, "incarnation": 1}
    signature = sign_receipt(node_keys.signing_key, **facts)
    assert verify_receipt(node_keys.node_pub, signature, **facts)
    changes: list[dict[str, Any]] = [
        {"leaf": b"m" * 32},
        {"sitting": b"t" * 16},
        {"issued_at_ms": 6},
        {"incarnation": 2},
    ]
    for change in changes:
        assert not verify_receipt(node_keys.node_pub, signature, **(facts | change))
    assert not verify_receipt(NodeKeys(bytes(32)).node_pub, signature, **facts)
    assert not verify_receipt(b"no key", signature, **facts)
    assert not verify_receipt(node_keys.node_pub, b"", **facts)


def test_roots_are_signed_by_kind_and_size(node_keys: NodeKeys) -> None:
    signature = sign_root(node_keys.signing_key, "R1", b"s" * 16, b"r" * 32, leaves=20)
    assert verify_root(node_keys.node_pub, signature, "R1", b"s" * 16, b"r" * 32, leaves=20)
    assert not verify_root(node_keys.node_pub, signature, "R2", b"s" * 16, b"r" * 32, leaves=20)
    assert not verify_root(node_keys.node_pub, signature, "R1", b"s" * 16, b"r" * 32, leaves=19)


# --- roots -----------------------------------------------------------------------------------------------------------


def test_the_root_hides_seats_and_times_and_contains_every_leaf() -> None:
    leaves = [replace(LEAF, number=f"{number:04}").hash() for number in range(20)]
    top = sitting_root(leaves)
    assert top == sitting_root(reversed(leaves))
    ordered = sorted(leaves)
    place = ordered.index(leaves[7])
    assert verify_proof(leaves[7], place, 20, proof(ordered, place), top)
    assert sitting_root(leaves[1:]) != top
    assert sitting_root([]) == root([])


def test_one_leaf_cannot_stand_for_two_candidates() -> None:
    with pytest.raises(IntegrityError):
        sitting_root([LEAF.hash(), LEAF.hash()])


def test_a_result_leaf_binds_mark_and_explanation() -> None:
    explained = explanation_digest([{"clause": "x", "values": {"correct": 45}}])
    leaf = result_leaf(LEAF.hash(), "45/60", explained, b"2" * 32)
    assert leaf == leaf_hash(enc("khaothi/result-leaf/v1", LEAF.hash(), "45/60", explained, b"2" * 32))
    assert leaf != result_leaf(LEAF.hash(), "46/60", explained, b"2" * 32)
    assert leaf != result_leaf(LEAF.hash(), "45/60", explanation_digest([]), b"2" * 32)
