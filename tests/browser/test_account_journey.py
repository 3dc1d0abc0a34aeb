"""The administrator closes an account, and its session ends at once."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from examapp.access.roles import Role
from tests.cast import Person

ADMINISTRATOR = Person("quan.tri.truong", "Phạm Quản Trị", Role.ADMINISTRATOR, site=True)
LEAVING = Person("nghi.viec", "Đinh Nghỉ Việc", Role.SECRETARY, site=True)


def test_a_closed_account_is_signed_out_at_once(desk_of: Callable[[Person], BrowserContext]) -> None:
    leaving = desk_of(LEAVING).new_page()
    leaving.goto("/ky-thi/")
    expect(leaving.get_by_role("heading", level=1)).to_have_text("Kỳ thi")
    page = desk_of(ADMINISTRATOR).new_page()
    page.goto("/tai-khoan?q=dinh nghi viec")
    page.get_by_role("link", name=LEAVING.name).click()
    page.get_by_role("link", name="Khóa tài khoản").click()
    expect(page.get_by_text("Người này bị đăng xuất ngay")).to_be_visible()
    page.get_by_role("button", name="Khóa tài khoản").click()
    expect(page.get_by_text("Đã khóa tài khoản.")).to_be_visible()
    expect(page.get_by_text("Không có phiên nào đang mở.")).to_be_visible()
    leaving.get_by_role("link", name="Ca thi").first.click()
    expect(leaving).to_have_url(re.compile("/dang-nhap"))
    page.get_by_role("button", name="Mở khóa tài khoản").click()
    expect(page.get_by_text("Đã mở khóa tài khoản.")).to_be_visible()
    leaving.reload()
    expect(leaving).to_have_url(re.compile("/dang-nhap"))
