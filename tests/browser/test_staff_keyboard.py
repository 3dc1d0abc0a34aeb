"""Staff without a mouse: where the focus is after a refused form, and while a part of the page redraws itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from examapp.access.roles import Role
from examapp.core.jobs import JobProgress, JobState
from examapp.results.jobs import MAKE_EXPORT
from tests.browser.arrange import Server
from tests.browser.test_keyboard import tab_to
from tests.cast import Cast, Person

SECRETARY = Person("thu.ky.ban.phim", "Đoàn Thư Ký", Role.SECRETARY, site=True)
#: no job of the queue has it
JOB = 990_001


@pytest.fixture
def page(desk_of: Callable[[Person], BrowserContext]) -> Page:
    """Return a page of the secretary."""
    return desk_of(SECRETARY).new_page()


@pytest.fixture
def running(server: Server) -> Iterator[int]:
    """Return the number of a job of the secretary that stays running."""
    with server.session() as session:
        owner = Cast(session, datetime.now(UTC)).account(SECRETARY).id
        row = JobProgress(job_id=JOB, kind=MAKE_EXPORT, subject=f"sitting:{UUID(int=0)}", owner_id=owner)
        row.state, row.started_at, row.done, row.total = JobState.RUNNING, datetime.now(UTC), 1, 10
        session.add(row)
    yield JOB
    with server.session() as session:
        session.delete(session.get_one(JobProgress, JOB))


def test_a_refused_form_has_the_focus_at_the_first_field_to_mend(page: Page) -> None:
    page.goto("/ngan-hang/tao-mon")
    page.get_by_label("Tên môn").fill("Môn không có mã")
    page.get_by_role("button", name="Lập môn").click()
    expect(page.get_by_label("Mã môn")).to_be_focused()
    expect(page.get_by_label("Mã môn")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Tên môn").fill("")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tên môn")).to_be_focused()
    expect(page.get_by_label("Mã môn")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("address", ["/viec/{job}", "/viec/"])
def test_what_redraws_itself_leaves_the_focus_where_it_is(
    page: Page, server: Server, running: int, address: str
) -> None:
    polls: list[str] = []
    page.goto(address.format(job=running))
    words = "Dừng việc này" if "{job}" in address else "Lập tệp kết quả"
    tab_to(page, words)
    focused = page.locator(":focus", has_text=words)
    expect(focused).to_have_count(1)
    page.on("request", lambda request: polls.append(request.url))
    with page.expect_response(lambda answer: "/viec/" in answer.url):
        pass
    with server.session() as session:
        session.get_one(JobProgress, running).done = 5
    expect(page.locator("progress")).to_have_attribute("value", "5")
    expect(focused).to_have_count(1)
    with server.session() as session:
        row = session.get_one(JobProgress, running)
        row.state, row.finished_at = JobState.DONE, datetime.now(UTC)
    expect(page.locator("progress")).to_have_count(0)
    seen = len(polls)
    page.wait_for_timeout(2500)
    assert len(polls) <= seen + 1, "a job that has ended is asked for no longer"


def test_a_refusal_of_the_whole_page_has_the_focus(page: Page) -> None:
    page.goto("/tra-cuu/")
    page.get_by_label("Số báo danh").fill("9999")
    page.get_by_label("Mã dự thi").fill("ABCD-EFGH-JKMN")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
