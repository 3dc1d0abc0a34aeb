"""Identifiers: UUID version 7, in the order in which they were made."""

import time

import pytest

from examapp.core.ids import new_id


def test_they_are_uuids_of_version_7_and_differ() -> None:
    made = [new_id() for _ in range(100)]
    assert len(set(made)) == 100
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_a_later_millisecond_sorts_later(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for millis in (1, 2, 1_795_421_219_194, 2**48 - 1):
        monkeypatch.setattr(time, "time_ns", lambda millis=millis: millis * 1_000_000)
        made.append(new_id())
    assert made == sorted(made)
    assert [one.int >> 80 for one in made] == [1, 2, 1_795_421_219_194, 2**48 - 1]
