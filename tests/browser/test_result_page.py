"""How the candidate's result is reckoned: each step once, the clause once, one word for not passing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from examapp.sittings.models import SittingMode
from tests.browser.arrange import Sitting
from tests.browser.exam_page import enter


@pytest.mark.parametrize(
    ("right", "stamp", "verdict"),
    [
        (1, "Không đạt Vòng 1", "1 câu đúng, ít hơn 4 câu: không đạt."),
        (4, "Đạt Vòng 1", "4 câu đúng, không ít hơn 4 câu: đạt."),
    ],
)
def test_the_clause_stands_once_after_the_steps(
    machine: BrowserContext, make_sitting: Callable[..., Sitting], right: int, stamp: str, verdict: str
) -> None:
    sitting = make_sitting(mode=SittingMode.REHEARSAL, starts_in=0)
    room = enter(machine, *next(iter(sitting.codes.items())))
    page = room.page
    for number in range(1, right + 1):
        room.choose(number)
    room.open_summary()
    room.submit_button.click()
    expect(page.get_by_role("heading", name="Kết quả bài thi")).to_be_visible()
    expect(page.locator(".stamp")).to_have_text(stamp)
    card = page.locator("section", has=page.get_by_role("heading", name="Cách tính"))
    lines = card.locator("p").all_text_contents()
    assert lines[0] == f"Trả lời đúng {right} trên tổng số 8 câu hỏi."
    assert lines[1] == "Phải trả lời đúng từ 50\u00a0% số câu hỏi trở lên, tức là ít nhất 4 câu."
    assert lines[2] == verdict
    assert lines[3].startswith("Căn cứ: ")
    assert len(lines) == 4
    clause = lines[3].removeprefix("Căn cứ: ").removesuffix(".")
    assert page.locator("main").inner_text().count(clause) == 1
    expect(page.locator(".scale")).to_contain_text("Mức đạt: 4 câu (50\u00a0%)")
    expect(page.get_by_text("Chưa đạt")).to_have_count(0)
