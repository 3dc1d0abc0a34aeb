"""The page says that it has deleted what it kept on the machine."""

from tests.functional.exam_day import Day


def test_the_first_time_counts(day: Day) -> None:
    page = day.candidate("0001")
    answer = page.post("wiped")
    assert (answer.status_code, answer.data) == (204, b"")
    first = day.attempt("0001").wiped_at
    assert first == day.clock.now()
    day.clock.advance(60)
    assert page.post("wiped").status_code == 204
    assert day.attempt("0001").wiped_at == first
    assert day.attempt("0002").wiped_at is None


def test_signed_out_and_wrong_method(day: Day) -> None:
    answer = day.candidate().post("wiped")
    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    assert day.candidate("0001").get("wiped").status_code == 405
    assert day.attempt("0001").wiped_at is None
