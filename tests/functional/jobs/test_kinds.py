"""Every kind of job has a name for people, and a permission that exists where one is needed to do it again."""

import pytest

from examapp.access.permissions import Permission
from examapp.core.jobs import JobKind, job_kinds

KINDS = [kind for kind in job_kinds.values() if kind.function.__module__.startswith("examapp.")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_people_know_what_it_is(kind: JobKind) -> None:
    assert kind.title, f"name {kind.name} for people: @job(…, title=N_(…))"
    if kind.repeats:
        assert Permission(kind.needs), f"{kind.name} is done again by a press of a button: say what for (needs=)"


def test_what_a_job_works_on_is_named_as_in_the_log() -> None:
    kind = JobKind("x", lambda run: None, 1, about="sitting")
    assert kind.thing("0190") == "sitting:0190"
    assert kind.thing("exam:0190") == "exam:0190"
    assert kind.thing("") == ""
    assert JobKind("x", lambda run: None, 1).thing("0190") == "0190"
