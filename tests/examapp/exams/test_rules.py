"""A regulation in words: nothing of the profile is left out, every word of the program has a word for people."""

from dataclasses import fields, is_dataclass
from datetime import date
from itertools import chain
from typing import Any

import pytest

from examapp.exams.rules import profile_chapters, words_of
from examapp.regulations.profile import load_profile, profile_ids
from examapp.regulations.reading import Clause

TODAY = date(2026, 11, 24)


def clauses_in(thing: Any) -> list[Clause]:
    """Return every clause somewhere in a profile."""
    if isinstance(thing, Clause):
        return [thing]
    if isinstance(thing, dict):
        return list(chain.from_iterable(map(clauses_in, thing.values())))
    if isinstance(thing, list | tuple):
        return list(chain.from_iterable(map(clauses_in, thing)))
    if is_dataclass(thing):
        return list(chain.from_iterable(clauses_in(getattr(thing, field.name)) for field in fields(thing)))
    return []


@pytest.mark.parametrize("profile_id", profile_ids())
def test_every_clause_of_the_profile_stands_in_a_line(profile_id: str) -> None:
    profile = load_profile(profile_id)
    shown = {(one.clause, one.clause.text) for chapter in profile_chapters(profile, TODAY) for one in chapter.rulings}
    wanted = {(clause, clause.text) for clause in clauses_in(profile)}
    assert wanted - shown == set()


@pytest.mark.parametrize("profile_id", profile_ids())
def test_every_line_can_be_said(profile_id: str) -> None:
    for chapter in profile_chapters(load_profile(profile_id), TODAY):
        assert chapter.rulings, chapter.title
        for one in chapter.rulings:
            sentence = one.message % {name: one.params[name] for name in one.params}
            assert one.what
            assert sentence
            assert "_" not in sentence, f"a word of the program: {sentence}"


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2026, 7, 31), {20, 30, 5}), (date(2026, 8, 1), {15, 3})],
)
def test_what_holds_on_a_day_is_marked(day: date, days: set[int]) -> None:
    """The decree of 2026 shortened three deadlines after the approval."""
    chapters = {chapter.title: chapter for chapter in profile_chapters(load_profile("cc-2025"), day)}
    names = ("Người trúng tuyển hoàn thiện hồ sơ", "Quyết định tuyển dụng", "Đến nhận việc")
    lines = [one for one in chapters["Thời hạn"].rulings if one.what in names]
    assert len(lines) == 6
    assert {one.params["count"] for one in lines if one.in_force} == days


def test_a_word_without_words_is_shown_as_it_is() -> None:
    assert words_of(["true_false", "new_kind"]) == ("đúng/sai", "new_kind")
