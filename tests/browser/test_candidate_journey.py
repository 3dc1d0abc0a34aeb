"""The candidate's whole way: sign in, wait, answer, submit, see the result, leave nothing behind."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import enter


def test_sign_in_answer_submit_and_see_the_result(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting(starts_in=-5)
    number, code = next(iter(sitting.codes.items()))
    page = enter(machine, number, code)
    expect(page.get_by_role("heading", name="Câu 1", exact=False)).to_be_visible(timeout=15_000)
    page.screenshot(path="/tmp/lead/q1.png")
