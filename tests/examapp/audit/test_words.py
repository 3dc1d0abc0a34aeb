"""The log in words: every deed of the product has a name, details are lines that people can read."""

import ast
from typing import Any

import pytest

from examapp.access.permissions import MEANINGS, Permission
from examapp.audit.queries.lines import Detail, shown_details, things_in
from examapp.audit.rules import ACTIONS, kind_of
from examapp.integrity.canonical import jcs
from examapp.integrity.chain import SCOPE_CREATED
from tests.architecture.sources import sources


def recorded_actions() -> set[str]:
    """Return the action of every call of `record` that names it, itself or by a constant."""
    found = {SCOPE_CREATED}
    for source in sources():
        constants = {
            node.targets[0].id: node.value.value
            for node in source.tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            if isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) > 2:
                action = node.args[2]
                if isinstance(action, ast.Constant):
                    found.add(action.value)
                elif isinstance(action, ast.Name) and action.id in constants:
                    found.add(constants[action.id])
    return found


def test_every_deed_has_a_name_and_every_name_a_deed() -> None:
    recorded = recorded_actions()
    assert recorded - set(ACTIONS) == set()
    assert {action for action in set(ACTIONS) - recorded if not action.startswith("codes.")} == set()


@pytest.mark.parametrize(
    ("details", "lines"),
    [
        ({}, []),
        ({"role": "council_chair"}, [Detail("Vai trò", "Chủ tịch Hội đồng")]),
        ({"mode": "rehearsal"}, [Detail("Loại", "Thi thử")]),
        ({"permission": "site:audit:read"}, [Detail("Quyền cần có", MEANINGS[Permission.SITE_AUDIT_READ])]),
        ({"permission": "gone:for:good"}, [Detail("Quyền cần có", "gone:for:good")]),
        ({"voided": ["0001", "0002"]}, [Detail("Bài bị hủy", "0001, 0002")]),
        ({"voided": []}, [Detail("Bài bị hủy", "–")]),
        ({"scope_id": None}, [Detail("Mã phạm vi", "–")]),
        ({"locked": True}, [Detail("Đang khóa đăng nhập", "có")]),
        ({"leaves": 0}, [Detail("Số bài làm", "0")]),
        (
            {"starts_at": {"after": "2026-11-24T01:30:00.000Z", "before": "2026-11-24T01:15:00.000Z"}},
            [Detail("Giờ bắt đầu", "2026-11-24 01:15:00+00:00 → 2026-11-24 01:30:00+00:00")],
        ),
        ({"turn": {"deep": 1}}, [Detail("turn", '{"deep":1}')]),
    ],
)
def test_details_become_lines(details: dict[str, Any], lines: list[Detail]) -> None:
    assert shown_details(jcs(details).decode(), str) == lines


@pytest.mark.parametrize("text", ["[1]", '"x"', "no JSON at all", '{"a":1.5}'])
def test_what_is_no_list_of_details_is_shown_as_it_is(text: str) -> None:
    assert shown_details(text, str) == [Detail("", text)]


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("sitting:0190f7c0-0000-7000-8000-0000000000ee", "Ca thi %(name)s"),
        ("exam_test:1", "Bài thi %(name)s"),
        ("sitting:", None),
        ("system", None),
        ("/ca-thi/x", None),
        ("lan.nguyen", None),
    ],
)
def test_the_kind_of_a_subject(subject: str, kind: str | None) -> None:
    assert kind_of(subject) == kind


def test_things_in_details_have_their_names() -> None:
    thing = "sitting:0190f7c0-0000-7000-8000-0000000000ee"
    details = jcs({"log": thing, "reason": "x"}).decode()
    assert things_in(details) == {thing}
    assert shown_details(details, str, {thing: "KT26 · CA1"})[0] == Detail("Nhật ký của", "KT26 · CA1")


@pytest.mark.parametrize(("value", "tells"), [("30", True), ("–", False), ("ab" * 32, False), ("Trần Văn Hai", True)])
def test_the_list_leaves_hashes_to_the_page_of_the_event(value: str, tells: bool) -> None:
    assert Detail("Gốc", value).tells is tells
