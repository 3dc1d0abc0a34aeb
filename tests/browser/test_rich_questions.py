"""A question with a picture, a table and a formula on the candidate's page: wide, on a phone, for all who read it."""

import json
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from question_bank.questions import Content
from tests.browser.arrange import Sitting
from tests.browser.exam_page import enter
from tests.browser.walk import Walk
from tests.factories import LEVELS, TOPICS
from tests.question_bank.strategies import small_picture

STEM = """Cho <b>bảng</b> số liệu:<table><tr><th>Năm</th><th>Hồ sơ</th></tr><tr><td>2024</td><td>1.200</td></tr></table>
và sơ đồ <img src="so-do.png" alt="sơ đồ tổ chức" width="120" height="90">. Số nào lớn nhất, H<sub>2</sub>O?"""
FORMULA = "<math><mfrac><mi>a</mi><mn>2</mn></mfrac><mo>+</mo><msqrt><mi>x</mi></msqrt></math>"
PASSAGE = "<p>Ông A nộp hồ sơ:</p><ul><li>đơn</li><li>bằng</li></ul>"


def rich_lines() -> bytes:
    stem = Content.of_html(STEM, {"so-do.png": small_picture()}.get)
    lines = [
        {
            "kind": "true_false" if index % 8 == 7 else "single_choice",
            "topic": TOPICS[index % 2],
            "level": LEVELS[index // 2 % 2].value,
            "stem": {"html": f"{stem.markup} ({index})"},
            "stimulus": {"title": "Tình huống", "text": {"html": Content.of_html(PASSAGE).markup}},
            "options": None if index % 8 == 7 else [{"html": FORMULA}, "<s,d> là chữ", "ba", "bốn"],
            "key": True if index % 8 == 7 else "A",
        }
        for index in range(40)
    ]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def test_a_candidate_sees_all_of_a_question(
    machine: BrowserContext, make_sitting: Callable[..., Sitting], walk: Walk
) -> None:
    sitting = make_sitting(lines=rich_lines(), candidates=1)
    page = enter(machine, *next(iter(sitting.codes.items()))).page
    stem = page.locator(".q__text")
    expect(stem.locator("strong").first).to_have_text("bảng")
    expect(stem.locator("table td").first).to_have_text("2024")
    picture = stem.get_by_role("img", name="sơ đồ tổ chức")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") == 4, "the picture is really shown"
    expect(stem.locator("sub")).to_have_text("2")
    expect(page.locator(".stim li")).to_have_text(["đơn", "bằng"])
    formulas = page.locator(".opt__t math mfrac")
    while not formulas.count():
        page.keyboard.press("Alt+n")
    expect(formulas.first).to_be_visible()
    expect(page.get_by_text("<s,d> là chữ")).to_be_visible()
    page.locator(".opt").filter(has=formulas).click()
    expect(page.locator(".opt").filter(has=formulas).get_by_role("radio")).to_be_checked()
    walk.look(page, "rich-question")
    walk.end()
