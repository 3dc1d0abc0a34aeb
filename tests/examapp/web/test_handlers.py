"""From error to answer: the status, the sentence, a page for people and JSON for the candidate's page."""

import logging
import re

import pytest

from examapp.web.handlers import SENTENCES
from tests.examapp.web.conftest import Probe
from tests.pages import Page, check_page

JSON = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
STATUS = {"not_found": 404, "not_allowed": 403, "conflict": 409, "invalid": 422}


@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_the_four_errors_of_services(trial: Probe, name: str, status: int) -> None:
    answer = trial.client().post(f"/loi/{name}")
    assert answer.status_code == status
    page = Page(answer)
    check_page(page)
    assert "Câu 7 không được." in page.text
    assert page.heading == SENTENCES[status][0]


@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_the_same_in_json(trial: Probe, name: str, status: int) -> None:
    answer = trial.client().post(f"/thi/api/loi/{name}", data=b"{}", headers=JSON)
    assert answer.status_code == status
    assert answer.json == {"code": name, "message": "Câu 7 không được."}


def test_a_fault_of_ours_has_a_code_that_stands_in_the_log(trial: Probe, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        page = Page(trial.client().post("/loi/mot-bi-mat"))
    check_page(page)
    found = re.search(r"Mã sự cố: ([0-9A-F]{4})\.", page.text)
    assert found
    assert f"incident {found[1]}" in caplog.text
    assert "mot-bi-mat" not in page.text
    answer = trial.client().post("/thi/api/loi/mot-bi-mat", data=b"{}", headers=JSON)
    assert answer.status_code == 500
    assert answer.json is not None
    assert answer.json["code"] == "server_error"
    assert "Mã sự cố" in answer.json["message"]


def test_nobody_writes_lines_of_his_own_into_the_log(trial: Probe, caplog: pytest.LogCaptureFixture) -> None:
    trial.client().post("/loi/x%0AERROR%20gi%E1%BA%A3")
    said = [record.getMessage() for record in caplog.records]
    assert [("incident" in line, "\n" in line) for line in said] == [(True, False)]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/khong-co", 404), ("POST", "/danh-sach", 405), ("PUT", "/dang-nhap", 405)]
)
def test_what_the_router_refuses_is_a_page_too(trial: Probe, method: str, path: str, status: int) -> None:
    answer = trial.client().open(path, method=method)
    assert answer.status_code == status
    check_page(Page(answer))
    assert ("Allow" in answer.headers) == (status == 405)


def test_no_sentence_tells_people_what_a_status_code_is() -> None:
    for title, sentence in SENTENCES.values():
        assert title[0].isupper()
        assert sentence.endswith(".")
        assert not re.search(r"\d{3}|HTTP|error|server", sentence)
