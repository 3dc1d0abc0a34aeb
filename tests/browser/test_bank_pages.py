"""The bank's lists in both sizes: what axe says, nothing wider than the window, no words cut off."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from examapp.access.roles import Role
from examapp.bank.models import Subject
from tests.browser.arrange import Sitting
from tests.browser.walk import Walk
from tests.cast import Person

SECRETARY = Person("van.thu.ngan.hang", "Trịnh Văn Thư", Role.SECRETARY, site=True)


def test_the_pages_of_the_bank(
    desk_of: Callable[[Person], BrowserContext], make_sitting: Callable[..., Sitting], walk: Walk
) -> None:
    sitting = make_sitting()
    with sitting.server.session() as session:
        subject = f"/ngan-hang/{session.scalars(select(Subject.id).order_by(Subject.id.desc())).first()}"
    page = desk_of(SECRETARY).new_page()
    page.goto("/ngan-hang/?q=cau+hoi")
    walk.look(page, "30-cac-mon")
    page.goto("/ngan-hang/tao-mon")
    page.get_by_role("button", name="Lập môn").click()
    expect(page.get_by_text("Ghi tên môn.")).to_be_visible()
    walk.look(page, "31-lap-mon")
    page.goto(f"{subject}?q=cau+hoi+vi+du&level=recall")
    walk.look(page, "32-cau-hoi")
    for place in (0, 1, 2):
        page.locator("tbody input").nth(place).check()
    walk.look(page, "33-cau-hoi-da-chon")
    page.get_by_role("button", name="Đổi chủ đề").click()
    walk.look(page, "34-doi-chu-de")
    page.goto(f"{subject}/ngung-dung")
    walk.look(page, "35-chua-chon")
    page.goto(f"{subject}?q=khong+co+tu+nay")
    walk.look(page, "36-khong-co")
    page.goto(f"{subject}/chu-de")
    walk.look(page, "37-chu-de")
    page.get_by_role("link", name="Đổi tên").first.click()
    walk.look(page, "38-doi-ten")
    page.goto(f"{subject}/xuat")
    walk.look(page, "39-xuat")
    walk.end()
