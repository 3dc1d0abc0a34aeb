"""The candidate's page as a person uses it: sign in, read, choose, flag, turn, submit.

Questions come from `tests.factories.question_lines`, whose right option can be told from the stem: a test knows what is
right without asking the product.
"""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Locator, Page, expect

_STEM = re.compile(r"số (\d+):")
ON_SERVER = re.compile(r"\bpc--ok\b")
ON_MACHINE = re.compile(r"\bpc--local\b")


@dataclass
class ExamPage:
    """One page of the exam room, and what its candidate chose there."""

    page: Page
    #: item from 0 -> display index that was chosen last
    chosen: dict[int, int] = field(default_factory=dict)
    #: items whose chosen option is the right one
    right: set[int] = field(default_factory=set)

    def at_question(self, number: int, seconds: float = 20) -> None:
        """Wait until question `number` (from 1) is on the screen."""
        heading = self.page.get_by_role("heading", name=re.compile(rf"^Câu {number} trong"))
        expect(heading).to_be_visible(timeout=seconds * 1000)

    def go_to(self, number: int) -> None:
        """Open a question from the palette."""
        self.cell(number).click()
        self.at_question(number)

    def cell(self, number: int) -> Locator:
        """Return the palette's link of a question."""
        return self.page.locator(f'.pal__grid a[href="#cau-{number}"]')

    def option(self, text: str) -> Locator:
        """Return the label of the option with exactly this text."""
        return self.page.locator(".opt").filter(has=self.page.locator(".opt__t", has_text=re.compile(rf"{text}$")))

    def choose(self, number: int, *, right: bool = True) -> None:
        """Open a question and click the right option, or a wrong one; wait until this machine has kept it."""
        self.go_to(number)
        index = int(_STEM.search(self.page.locator(".q__text").inner_text())[1])  # type: ignore[index]
        texts = [text.split(". ", 1)[1] for text in self.page.locator(".opt__t").all_text_contents()]
        key = texts.index(f"{index}{1 + index % 4}")
        display = key if right else (key + 1) % len(texts)
        self.option(texts[display]).click()
        expect(self.page.get_by_role("radio").nth(display)).to_be_checked()
        expect(self.cell(number)).to_have_class(re.compile(r"pc--(ok|local)"))
        self.chosen[number - 1] = display
        (self.right.add if right else self.right.discard)(number - 1)

    def all_on_server(self, seconds: float = 20) -> None:
        """Wait until every answer chosen so far carries the server's tick."""
        expect(self.page.locator(".pal__grid a.pc--local")).to_have_count(0, timeout=seconds * 1000)
        expect(self.page.locator(".pal__grid a.pc--ok")).to_have_count(len(self.chosen), timeout=seconds * 1000)

    def open_summary(self) -> None:
        """Go to the check before submitting."""
        self.page.get_by_role("link", name="Nộp bài").click()
        expect(self.page.get_by_role("heading", name="Kiểm tra trước khi nộp bài")).to_be_visible()

    @property
    def submit_button(self) -> Locator:
        """Return the button that ends the exam."""
        return self.page.get_by_role("button", name="Nộp bài, kết thúc thi")

    def submit(self) -> str:
        """Submit and return the code of the receipt, once the page has compared it with its own copy."""
        self.open_summary()
        self.submit_button.click()
        return self.receipt()

    def receipt(self) -> str:
        """Wait for the compared receipt and return its code."""
        expect(self.page.get_by_role("heading", name="Anh/chị đã nộp bài")).to_be_visible()
        expect(self.page.get_by_text("hai bản giống nhau")).to_be_visible()
        return self.page.locator(".rcpt__code").inner_text()


def enter(machine: BrowserContext, number: str, code: str) -> ExamPage:
    """Sign a candidate in and return the page of the exam room."""
    page = machine.new_page()
    sign_in(page, number, code)
    page.wait_for_url("**/thi/")
    return ExamPage(page)


def sign_in(page: Page, number: str, code: str) -> None:
    """Fill in the candidate's form and send it."""
    page.goto("/thi/dang-nhap")
    page.get_by_label("Số báo danh").fill(number)
    page.get_by_label("Mã dự thi").fill(code)
    page.get_by_role("button", name="Vào phòng thi").click()


def call_api(page: Page, path: str, body: object) -> dict:
    """Post to the candidate's interface from inside the page, as its own script would."""
    script = """async ([path, body]) => {
        const options = {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)};
        const response = await fetch("/thi/api/" + path, options);
        return {status: response.status, body: await response.json()};
    }"""
    return page.evaluate(script, [path, body])
