"""The sealed paper: it lies on the machine before the start, and without its own key it is noise."""

import hashlib
from uuid import UUID

import pytest

from examapp.answerlog.release import unwrap_release_key
from examapp.delivery.models import Attempt
from examapp.integrity.attempt_paper import open_paper, paper_bytes, paper_digest
from examapp.integrity.canonical import b64u
from examapp.integrity.errors import IntegrityError
from tests.functional.exam_day import Day


def key_of(day: Day, attempt: Attempt) -> bytes:
    """Return the key that the server releases at the start."""
    return unwrap_release_key(day.keys, attempt.release_key, sitting=attempt.sitting_id, attempt=attempt.id)


def test_it_is_the_paper_whose_digests_the_state_tells(day: Day) -> None:
    page = day.candidate("0001")
    state = page.get("state").json
    answer = page.get("sealed")
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert b64u(hashlib.sha256(answer.data).digest()) == state["sealed_digest"]
    attempt = day.attempt("0001")
    paper = open_paper(key_of(day, attempt), answer.data, core_digest=attempt.core_digest, attempt=attempt.id.bytes)
    assert b64u(paper_digest(paper_bytes(paper))) == state["paper_digest"]
    assert len(paper["items"]) == 8
    assert all(set(item) == {"kind", "stem", "options"} for item in paper["items"])


def test_before_the_key_nobody_reads_it(day: Day) -> None:
    blob = day.candidate("0001").get("sealed").data
    assert blob[:12] == bytes(12)
    for word in ("Câu hỏi", "stem", "items", "options"):
        assert word.encode() not in blob
    attempt, other = day.attempt("0001"), day.attempt("0002")
    mine = {"core_digest": attempt.core_digest, "attempt": attempt.id.bytes}
    for key, changes in (
        (bytes(32), {}),
        (key_of(day, other), {}),
        (key_of(day, attempt), {"attempt": other.id.bytes}),
        (key_of(day, attempt), {"core_digest": bytes(32)}),
    ):
        with pytest.raises(IntegrityError):
            open_paper(key, blob, **(mine | changes))
    damaged = blob[:40] + bytes([blob[40] ^ 1]) + blob[41:]
    with pytest.raises(IntegrityError):
        open_paper(key_of(day, attempt), damaged, **mine)


def test_everybody_gets_an_own_one_of_the_same_length(day: Day) -> None:
    first, second = (day.candidate(number).get("sealed").data for number in ("0001", "0002"))
    assert first != second
    assert len(first) == len(second)


def test_a_machine_that_has_it_is_not_sent_it_again(day: Day) -> None:
    page = day.candidate("0001")
    first = page.get("sealed")
    etag = first.headers["ETag"]
    again = page.get("sealed", **{"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert page.get("sealed", **{"If-None-Match": '"another"'}).data == first.data


def test_only_with_a_token_of_this_machine(day: Day) -> None:
    answer = day.candidate().get("sealed")
    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    page = day.candidate("0001")
    page.use_machine(UUID(int=4711))
    assert page.get("sealed").status_code == 401
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert page.client.post("/thi/api/sealed", json={}, headers=headers).status_code == 405
