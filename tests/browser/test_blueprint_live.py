"""The blueprint while somebody types: checked at once, and never a number lost to an answer that comes late or not."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from examapp.access.actor import SYSTEM
from examapp.bank.models import Subject
from examapp.exams.services import TestPlan, add_exam_test
from examapp.sittings.models import Sitting as SittingRow
from tests.browser.arrange import CHAIR, Server, Sitting


@pytest.fixture
def path(make_sitting: Callable[..., Sitting]) -> str:
    """Return the address of the blueprint of a fresh test, whose subject has 10 questions in each of four cells."""
    sitting = make_sitting()
    with sitting.server.session() as session:
        test = session.get_one(SittingRow, sitting.id).exam_test
        plan, now = TestPlan(60, 60, "1/2"), datetime.now(UTC)
        subject = session.get_one(Subject, test.subject_id)
        made = add_exam_test(session, test.exam, subject, "V2", "Thêm", plan=plan, actor=SYSTEM, now=now)
        return f"/ma-tran/{made.id}"


@pytest.fixture
def page(path: str, desk_of: Callable[..., BrowserContext]) -> Page:
    page = desk_of(CHAIR).new_page()
    page.goto(path)
    return page


@pytest.fixture
def without_script(
    browser: Browser, server: Server, desk_of: Callable[..., BrowserContext]
) -> Iterator[BrowserContext]:
    """Return the chair's browser, in which no script runs."""
    state = desk_of(CHAIR).storage_state()
    context = browser.new_context(base_url=server.url, java_script_enabled=False, storage_state=state, locale="vi-VN")
    yield context
    context.close()


def test_cells_sums_and_problems_follow_the_typing_under_the_focus(page: Page) -> None:
    fields = page.locator(".mx input")
    fields.nth(0).click()
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    link = page.get_by_role("link", name="Nhận biết thiếu 2 câu")
    expect(link).to_be_visible()
    expect(page.locator("td.gap")).to_have_count(2)
    expect(page.get_by_text("Ma trận có 16 câu, bài thi cần 60 câu.")).to_be_visible()
    expect(fields.nth(1)).to_be_focused()
    missing = "[...document.querySelectorAll('use')].filter(use => !document.querySelector(use.getAttribute('href')))"
    assert page.evaluate(f"{missing}.length") == 0, "every icon of the new part is there"
    link.click()
    expect(fields.nth(0)).to_be_focused()


def test_enter_in_a_cell_saves_the_draft_and_leads_to_no_lock(page: Page, path: str) -> None:
    page.locator(".mx input").nth(0).fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu dự thảo")).to_be_visible()
    assert page.url.endswith(path)
    expect(page.locator(".mx input").nth(0)).to_have_value("3")


def test_a_late_answer_takes_no_digit_away(path: str, desk_of: Callable[..., BrowserContext]) -> None:
    page = desk_of(CHAIR).new_page()
    page.clock.install()  # the pause after which the page asks is in the test's hand
    page.goto(path)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/xem", hold)
    fields = page.locator(".mx input")
    fields.nth(0).click()
    page.keyboard.type("1")
    with page.expect_request("**/xem"):
        page.clock.run_for(400)
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    with page.expect_response("**/xem"):
        held[0].continue_()
    page.clock.run_for(50)
    expect(page.locator(".mx td").first).to_contain_text("10 lần")  # the answer to the first digit
    expect(fields.nth(0)).to_have_value("12")


@pytest.mark.parametrize("end", ["signed out", "cut off", "broken"])
def test_an_answer_that_is_no_matrix_changes_nothing(page: Page, end: str) -> None:
    if end == "signed out":
        page.context.clear_cookies()
    elif end == "cut off":
        page.route("**/xem", lambda route: route.abort())
    else:
        page.route("**/xem", lambda route: route.fulfill(status=500, content_type="text/html", body="<h1>500</h1>"))
    fields = page.locator(".mx input")
    before = fields.count()
    with page.expect_request("**/xem"):
        fields.nth(0).fill("3")
    page.wait_for_load_state("networkidle")
    expect(fields).to_have_count(before)
    expect(fields.nth(0)).to_have_value("3")


def test_it_works_without_script(path: str, without_script: BrowserContext) -> None:
    page = without_script.new_page()
    page.goto(path)
    page.locator(".mx input").nth(0).fill("12")
    page.get_by_role("button", name="Xem thử, chưa lưu").click()
    expect(page.get_by_text("Chưa khóa được: 1 ô thiếu câu")).to_be_visible()
    expect(page.get_by_text("Chưa lưu", exact=True)).to_be_visible()
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_text("Đã lưu dự thảo ma trận.")).to_be_visible()
    expect(page.locator(".mx input").nth(0)).to_have_value("12")
