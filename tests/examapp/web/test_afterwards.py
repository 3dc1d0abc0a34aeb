"""Whoever writes outside the request's transaction is on this list, with a reason in the module's docstring."""

from pathlib import Path

ROOT = Path(__file__).parents[3] / "examapp"


def test_the_callers_are_known() -> None:
    callers = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if "do_afterwards(" in path.read_text(encoding="utf-8") and path.name != "afterwards.py"
    }
    assert callers - {"web/__init__.py"} == {
        "web/guards.py",
        "accounts/routes.py",
        "delivery/routes_candidate.py",
        "delivery/routes_staff.py",
        "results/routes.py",
        "results/routes_public.py",
    }
