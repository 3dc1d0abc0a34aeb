"""The matrix is taken as a paper to sign: whose draft, whose lock, and who took it."""

import io

from pypdf import PdfReader
from werkzeug.test import TestResponse

from examapp.exams.models import ExamTest
from examapp.papers.queries import blueprint_of
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER, Person
from tests.functional.exam_day import NEIGHBOUR, Day, csrf_token
from tests.functional.exams.arrange import added, events
from tests.functional.papers.test_lock_blueprint import ready

DEED = "papers.blueprint_taken"


def path(test: ExamTest) -> str:
    return f"/ma-tran/{test.id}/ban-in"


def take(day: Day, person: Person, test: ExamTest) -> TestResponse:
    client = day.browser(person).client
    return client.post(path(test), data={"csrf_token": csrf_token(client.get("/mat-khau").text)})


def text_of(answer: TestResponse) -> str:
    assert answer.mimetype == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())


def test_a_locked_one_says_what_was_locked(day: Day) -> None:
    test = day.session.merge(day.built.line.test)
    blueprint = blueprint_of(day.session, test.id)
    assert blueprint is not None
    assert blueprint.digest is not None
    text = text_of(take(day, SECRETARY, test))
    assert "MA TRẬN ĐỀ THI" in text
    assert blueprint.digest.hex() in text.replace(" ", "")
    assert f"{sum(cell.count for cell in blueprint.cells)} câu." in text
    assert "TM. HỘI ĐỒNG CHỦ TỊCH" in text
    assert "DỰ THẢO" not in text
    assert events(day, DEED) == [(DEED, {"draft": False})]


def test_a_draft_says_so(day: Day) -> None:
    answer = take(day, CHAIR, ready(day))
    assert text_of(answer).startswith("DỰ THẢO")
    assert events(day, DEED) == [(DEED, {"draft": True})]


def test_nothing_is_printed_of_nothing(day: Day) -> None:
    test = added(day)
    assert "Bản in" not in day.browser(SECRETARY).open(f"/ma-tran/{test.id}").text
    answer = take(day, SECRETARY, test)
    assert answer.status_code == 409
    assert "chưa có gì để in" in answer.text


def test_only_whoever_locks_may_take_it(day: Day) -> None:
    test = day.session.merge(day.built.line.test)
    for person, status in {INVIGILATOR: 403, COORDINATOR: 403, STRANGER: 404, NEIGHBOUR: 404}.items():
        assert take(day, person, test).status_code == status
    assert events(day, DEED) == []


def test_it_takes_a_form_with_its_token(day: Day) -> None:
    client = day.browser(SECRETARY).client
    test = day.session.merge(day.built.line.test)
    assert client.get(path(test)).status_code == 405
    assert client.post(path(test), data={"csrf_token": "made-up"}).status_code == 400
