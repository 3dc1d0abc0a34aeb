"""A few pages in English: nothing is wrong with them, and what the server says in Vietnamese is said in English."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from examapp.answerlog.replies import error
from examapp.answerlog.rules import Code
from tests.browser.arrange import CHAIR, Sitting, eventually
from tests.browser.exam_page import ON_MACHINE, ON_SERVER
from tests.browser.walk import Walk

#: letters that only Vietnamese has; names and texts of papers are Vietnamese, so they are asked of single elements
VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def enter_in_english(machine: BrowserContext, number: str, code: str, walk: Walk | None = None) -> Page:
    """Sign in on the English page, which the page of the exam room then follows."""
    page = machine.new_page()
    page.goto("/thi/dang-nhap?lang=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    if walk:
        walk.look(page, "50-en-sign-in")
    page.get_by_label("Candidate number").fill(number)
    page.get_by_label("Admission code").fill(code)
    page.get_by_role("button", name="Enter the exam room").click()
    return page


def test_the_candidates_pages(machine: BrowserContext, make_sitting, walk: Walk) -> None:
    sitting: Sitting = make_sitting(starts_in=3600)
    number, code = next(iter(sitting.codes.items()))
    page = enter_in_english(machine, number, code, walk)
    expect(page.get_by_role("heading", name="The paper is loaded, still sealed")).to_be_visible()
    expect(page.get_by_text("This computer keeps your answers when the network fails")).to_be_visible()
    walk.look(page, "51-en-waiting-room")
    sitting.begin()
    page.reload()
    expect(page.get_by_role("heading", name="Question 1 of 8 questions")).to_be_visible()
    page.locator(".opt").first.click()
    expect(page.locator('.pal__grid a[href="#cau-1"]')).to_have_class(ON_SERVER)
    walk.look(page, "52-en-question")
    page.goto("/thi/#cau-8")
    expect(page.get_by_role("heading", name="Question 8 of 8 questions")).to_be_visible()
    walk.look(page, "52b-en-last-question")
    machine.set_offline(True)
    page.locator(".opt").nth(1).click()
    expect(page.get_by_role("alert").filter(has_text="carry on with the test")).to_be_visible()
    walk.look(page, "53-en-no-network")
    page.get_by_role("link", name="Submit").click()
    expect(page.get_by_role("heading", name="Check before you submit")).to_be_visible()
    walk.look(page, "54-en-check")
    machine.set_offline(False)
    page.get_by_role("button", name="Submit and finish").click()
    expect(page.get_by_role("heading", name="You have submitted")).to_be_visible()
    walk.look(page, "55-en-receipt")
    sitting.seal_and_mark()
    page.reload()
    expect(page.get_by_role("heading", name="Test result")).to_be_visible()
    walk.look(page, "56-en-result")
    walk.end()


def test_the_staffs_pages(desk_of, make_sitting, walk: Walk) -> None:
    sitting: Sitting = make_sitting()
    page = desk_of(CHAIR).new_page()
    page.goto("/?lang=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    walk.look(page, "60-en-home")
    for path, name in (
        ("/ca-thi/", "61-en-sittings"),
        (sitting.path, "62-en-sitting"),
        ("/mat-khau", "63-en-password"),
    ):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        walk.look(page, name)
    walk.end()


@pytest.mark.parametrize("code", [Code.REFUSED, "bad_row"])
def test_a_refusal_of_the_fast_path_is_said_in_english(machine: BrowserContext, make_sitting, code: str) -> None:
    sitting: Sitting = make_sitting()
    number, admission = next(iter(sitting.codes.items()))

    def refuse(route: Route) -> None:
        route.fulfill(status=422, body=error(code).body, content_type="application/json")

    page = enter_in_english(machine, number, admission)
    expect(page.get_by_role("heading", name="Question 1 of 8 questions")).to_be_visible()
    page.route("**/thi/api/saves", refuse)
    page.locator(".opt").first.click()
    trouble = page.locator(".strip").filter(has_text="Raise your hand and tell the invigilator")
    expect(trouble).to_be_visible()
    assert not VIETNAMESE.search(trouble.inner_text())
    expect(page.locator('.pal__grid a[href="#cau-1"]')).to_have_class(ON_MACHINE)
    page.unroute("**/thi/api/saves")
    eventually(lambda: sitting.final_answers(number) == {0: 0}, "the answer arrives once the server takes it again")
    expect(trouble).to_have_count(0)
