"""What differs from the regulation, by which clause, and whether the council may choose it."""

from fractions import Fraction

import pytest

from examapp.exams.conformity import departures, ruled_tests
from examapp.regulations.profile import Profile, load_profile, parse_profile

HALF = Fraction(1, 2)


def changed(*changes: tuple[str, str]) -> Profile:
    """Return the shipped profile with these texts replaced."""
    text = load_profile("cc-2025").text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_profile(text)


def second_test(questions: int) -> tuple[str, str]:
    """Return a change that gives the first round another test of so many questions."""
    cited = 'document = "nd-170", article = "Điều 9"'
    rows = [
        "[rounds.round_1.tests.second]",
        'name = "Ngoại ngữ"',
        f"questions = {{ value = {questions}, {cited} }}",
        f"minutes = {{ value = 30, {cited} }}",
        f'pass_share = {{ value = "1/2", {cited} }}',
        f"appeal = {{ value = false, {cited} }}",
        "",
    ]
    mark = "# --- Vòng 2"
    return mark, "\n".join(rows) + "\n" + mark


@pytest.mark.parametrize(
    ("questions", "minutes", "share", "parts"),
    [
        (60, 60, HALF, []),
        (60, 60, Fraction(5, 10), []),
        (59, 60, HALF, ["questions"]),
        (60, 61, HALF, ["minutes"]),
        (60, 60, Fraction(51, 100), ["pass_share"]),
        (30, 30, Fraction(1), ["questions", "minutes", "pass_share"]),
    ],
)
def test_each_number_is_compared(questions: int, minutes: int, share: Fraction, parts: list[str]) -> None:
    found = departures(ruled_tests(load_profile("cc-2025")), questions, minutes, share)
    assert [one.part for one in found] == parts
    for one in found:
        assert not one.is_free
        assert "Điều 9 khoản 2 điểm a Nghị định 170/2025/NĐ-CP" in one.message % one.params


def test_where_the_law_is_silent_the_council_chooses() -> None:
    head, tail = load_profile("cc-2025").text.split("[rounds.round_1.tests.general]")
    silent = 'minutes = { value = 60, law_silent = true, from = 2026-08-01, note = "Hội đồng quyết định." }'
    tail = tail.replace('minutes = { value = 60, document = "nd-170", article = "Điều 9 khoản 2 điểm a" }', silent, 1)
    profile = parse_profile(f"{head}[rounds.round_1.tests.general]{tail}")
    free, bound = departures(ruled_tests(profile), 30, 45, HALF)[::-1]
    assert (free.part, free.is_free, bound.part, bound.is_free) == ("minutes", True, "questions", False)


def test_the_closest_of_several_tests_is_the_measure() -> None:
    ruled = ruled_tests(changed(second_test(30)))
    assert [test.name for test in ruled] == ["Kiến thức, năng lực chung", "Ngoại ngữ"]
    assert departures(ruled, 30, 30, HALF) == ()
    assert departures(ruled, 60, 60, HALF) == ()
    [only] = departures(ruled, 31, 30, HALF)
    assert (only.part, only.ruled) == ("questions", "30")


def test_where_nothing_is_ruled_nothing_differs() -> None:
    assert departures([], 7, 7, Fraction(1, 7)) == ()
