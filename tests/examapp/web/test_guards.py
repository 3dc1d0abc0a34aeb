"""Deny by default: declared on the view, enforced on the object, forgotten checks found out."""

from collections.abc import Callable

import pytest
from flask import Blueprint
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.roles import Role
from examapp.app import create_app
from examapp.audit.models import AuditEvent
from examapp.settings import Settings
from tests.examapp.web.conftest import EXAM, OTHER, Probe

SignIn = Callable[[Role | None], FlaskClient]


def denied(trial: Probe) -> list[str]:
    with Session(trial.database.engine) as session:
        return list(session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "access.denied")))


def test_a_view_that_says_nothing_stops_the_start(settings: Settings) -> None:
    bp = Blueprint("silent", __name__)
    bp.get("/im-lang")(lambda: "oops")
    with pytest.raises(RuntimeError, match=r"silent\.<lambda>"):
        create_app(settings, blueprints=(bp,))


def test_the_permission_is_asked_on_the_object(trial: Probe, as_role: SignIn) -> None:
    client = as_role(Role.INVIGILATOR)
    assert client.get(f"/ky-thi/{EXAM}").text == "seen"
    assert as_role(Role.COUNCIL_CHAIR).get(f"/ky-thi/{EXAM}").text == "seen open"
    assert denied(trial) == []


def test_a_colleague_is_refused_and_recorded(trial: Probe, as_role: SignIn) -> None:
    answer = as_role(Role.SECRETARY).post(f"/ky-thi/{EXAM}")
    assert answer.status_code == 403
    assert "không có quyền" in answer.text
    assert denied(trial) == [f"/ky-thi/{EXAM}"]
    assert trial.marks() == []


def test_to_a_stranger_it_does_not_exist(trial: Probe, as_role: SignIn) -> None:
    client = as_role(Role.COUNCIL_CHAIR)
    there, nowhere = client.get(f"/ky-thi/{OTHER}"), client.get("/ky-thi/00000000-0000-0000-0000-000000000194")
    assert there.status_code == nowhere.status_code == 404
    assert there.data == nowhere.data, "not a byte tells the two apart"
    assert denied(trial) == [f"/ky-thi/{OTHER}"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_view_that_forgets_to_ask_answers_500_and_keeps_nothing(trial: Probe, as_role: SignIn, method: str) -> None:
    answer = as_role(Role.COUNCIL_CHAIR).open(f"/quen/{EXAM}", method=method)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert trial.marks() == []


def test_asking_for_another_permission_does_not_count(as_role: SignIn) -> None:
    answer = as_role(Role.COUNCIL_CHAIR).get(f"/hoi-sai/{EXAM}")
    assert answer.status_code == 500


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.INVIGILATOR, "/danh-sach", 200),
        (Role.AUTHOR, "/danh-sach", 403),
        (None, "/danh-sach", 403),
        (None, f"/ky-thi/{EXAM}", 403),
        (Role.COUNCIL_CHAIR, "/quan-tri", 403),
        (None, "/", 200),
        (None, "/khong-co", 404),
    ],
)
def test_what_is_known_before_the_view_is_asked_before_it(
    as_role: SignIn, role: Role | None, path: str, status: int
) -> None:
    assert as_role(role).get(path).status_code == status


def test_whoever_is_not_signed_in_is_asked_to_and_led_back(trial: Probe) -> None:
    client = trial.client()
    assert client.get("/danh-sach?trang=2").location == "/dang-nhap?next=/danh-sach?trang%3D2"
    assert client.post(f"/ky-thi/{EXAM}").location == "/dang-nhap", "a deed is not repeated by itself"
    assert denied(trial) == []
