"""One request, one transaction: what is kept and what is not, by method and status."""

import pytest

from tests.examapp.web.conftest import ERRORS, Probe


@pytest.mark.parametrize(
    ("method", "status", "kept"),
    [
        ("POST", 200, True),
        ("POST", 303, True),
        ("POST", 422, False),
        ("POST", 401, False),
        ("POST", 503, False),
        ("GET", 200, False),
        ("HEAD", 200, False),
        ("GET", 404, False),
    ],
)
def test_an_unsafe_method_below_400_commits_and_nothing_else_does(
    trial: Probe, method: str, status: int, kept: bool
) -> None:
    answer = trial.client().open(f"/ghi/1/{status}", method=method)
    assert answer.status_code == status
    assert trial.marks() == ([1] if kept else [])


@pytest.mark.parametrize("name", [*ERRORS, "unforeseen"])
def test_an_error_keeps_nothing(trial: Probe, name: str) -> None:
    answer = trial.client().post(f"/loi/{name}")
    assert answer.status_code in (403, 404, 409, 422, 500)
    assert trial.marks() == []


def test_a_commit_that_fails_is_a_500_and_the_next_request_works(trial: Probe) -> None:
    client = trial.client()
    answer = client.post("/loi-luc-ghi")
    assert answer.status_code == 500
    assert "Việc vừa làm chưa được ghi lại" in answer.text
    assert answer.headers["Content-Security-Policy"], "headers are on a page made this late, too"
    assert client.post("/ghi/2/200").status_code == 200
    assert trial.marks() == [2]


@pytest.mark.parametrize(
    ("method", "status", "marks"),
    [("POST", 200, [1, 101]), ("POST", 409, [101]), ("GET", 200, [101]), ("GET", 404, [101])],
)
def test_deeds_afterwards_outlive_the_request_whichever_way_it_ends(
    trial: Probe, method: str, status: int, marks: list[int]
) -> None:
    assert trial.client().open(f"/sau/1/{status}", method=method).status_code == status
    assert trial.marks() == marks


def test_a_failing_deed_afterwards_takes_nothing_with_it(trial: Probe) -> None:
    answer = trial.client().post("/sau-hong")
    assert (answer.status_code, answer.text) == (200, "ok")
    assert trial.marks() == [1]
