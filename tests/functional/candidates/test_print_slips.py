"""Admission slips are ordered on a page and made by a job; the log says who and how many, and never a code."""

import json

import pytest
from sqlalchemy import select

from examapp.candidates.services.slips import MAKE_SLIPS, make_slips
from examapp.core.jobs import JobProgress, JobState
from tests.cast import CHAIR, INVIGILATOR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER, Cast
from tests.functional.candidates.arrange import at, empty_exam, events, filled_exam, person
from tests.functional.exam_day import Day, csrf_token


def jobs(day: Day) -> list[JobProgress]:
    day.session.commit()
    return list(day.session.scalars(select(JobProgress).where(JobProgress.kind == MAKE_SLIPS)))


@pytest.mark.parametrize("who", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_it_is_queued_and_in_the_log_without_a_code(day: Day, who) -> None:
    exam_id, browser = day.built.line.exam.id, day.browser(who)
    page = browser.open(at(exam_id, "phieu-bao"))
    assert "Kỳ thi có 16 thí sinh dự thi, số báo danh từ 0001 đến 0016" in page.text
    page = browser.submit(page, at(exam_id, "phieu-bao"))
    assert "Máy chủ nhận lập 16 phiếu" in page.text
    assert "chờ đến lượt" in page.text
    assert [(job.subject, job.state) for job in jobs(day)] == [(f"exam:{exam_id}", JobState.WAITING)]
    action, details = events(day, exam_id)[-1]
    assert (action, details) == ("candidates.slips_printed", {"count": 16, "first": "0001", "last": "0016"})
    assert not [code for code in day.built.codes.values() if code in json.dumps(details)]


def test_a_part_may_be_printed_and_zeros_need_not_be_typed(day: Day) -> None:
    exam_id, browser = day.built.line.exam.id, day.browser(SECRETARY)
    page = browser.open(at(exam_id, "phieu-bao?first=0003&last=0003"))
    assert page.form(at(exam_id, "phieu-bao")).fields["first"] == "0003", "the page of one candidate leads here"
    browser.submit(page, at(exam_id, "phieu-bao"), first=" 3", last="0005")
    assert events(day, exam_id)[-1][1] == {"count": 3, "first": "0003", "last": "0005"}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"first": "x"}, "Số báo danh “x” chưa đúng. Số báo danh có 4 chữ số."),
        ({"last": "12345"}, "Số báo danh “12345” chưa đúng."),
        ({"first": "0500"}, "Không có thí sinh nào dự thi trong khoảng số báo danh này."),
        ({"first": "5", "last": "3"}, "Không có thí sinh nào dự thi trong khoảng số báo danh này."),
        ({"first": "１"}, "Số báo danh “１” chưa đúng."),
        ({"first": "0" * 30}, "Nội dung dài quá mức cho phép."),
    ],
)
def test_a_range_that_cannot_be_meant_is_told(day: Day, values: dict[str, str], sentence: str) -> None:
    exam_id, browser = day.built.line.exam.id, day.browser(SECRETARY)
    page = browser.open(at(exam_id, "phieu-bao"))
    page = browser.submit(page, at(exam_id, "phieu-bao"), status=422, **values)
    assert sentence in page.text
    typed = page.form(at(exam_id, "phieu-bao")).fields
    assert {name: typed[name] for name in values} == values
    assert jobs(day) == []


def test_a_finished_file_is_offered_to_whoever_asked_and_to_nobody_else(day: Day) -> None:
    exam_id = day.built.line.exam.id
    browser = day.browser(SECRETARY)
    browser.submit(browser.open(at(exam_id, "phieu-bao")), at(exam_id, "phieu-bao"))
    job = jobs(day)[0]
    owner = Cast(day.session, day.clock.now()).account(SECRETARY).id
    assert job.owner_id == owner
    stored = make_slips(
        *(day.session, exam_id, "", ""),
        owner_id=owner,
        keys=day.keys,
        now=day.clock.now(),
        progress=lambda done, total: None,
    )
    job.state, job.result = JobState.DONE, {"file": str(stored.id)}
    day.session.commit()
    assert "Đã lập xong phiếu" in browser.open(at(exam_id, "phieu-bao")).text
    assert "Đã lập xong phiếu" not in day.browser(CHAIR).open(at(exam_id, "phieu-bao")).text


def test_an_exam_without_candidates_says_so(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    assert "Chưa có phiếu nào để in" in browser.open(at(exam, "phieu-bao")).text
    withdrawn = filled_exam(day, "KT28")
    for number in ("0001", "0002"):
        person(day, withdrawn, number).withdrawn_at = day.clock.now()
        day.session.commit()
    assert "Chưa có phiếu nào để in" in day.browser(SITE_CHAIR).open(at(withdrawn, "phieu-bao")).text


def test_who_may_not(day: Day) -> None:
    exam_id = day.built.line.exam.id
    for who, status in ((INVIGILATOR, 403), (STRANGER, 404)):
        client = day.browser(who).client
        token = csrf_token(client.get("/mat-khau").get_data(as_text=True))
        assert client.get(at(exam_id, "phieu-bao")).status_code == status
        assert client.post(at(exam_id, "phieu-bao"), data={"csrf_token": token}).status_code == status
    assert day.browser(CHAIR).client.post(at(exam_id, "phieu-bao"), data={}).status_code in (400, 411)
    assert jobs(day) == []
