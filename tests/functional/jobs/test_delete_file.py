"""Delete one's own file before its time is over."""

from collections.abc import Callable

from examapp.core.files import StoredFile
from tests.cast import ADMINISTRATOR, AUTHOR, Person
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
FileOf = Callable[..., StoredFile]
Deeds = Callable[[], list[tuple[str, str]]]


def test_it_is_deleted_and_twice_is_told(browser_of: BrowserOf, file_of: FileOf, deeds: Deeds) -> None:
    kept = file_of(AUTHOR, "phiếu.pdf")
    path, browser = f"/viec/tep/{kept.id}", browser_of(AUTHOR)
    shown = browser.open("/viec/")
    page = browser.submit(shown, f"{path}/xoa")
    assert "Đã xóa tệp “phiếu.pdf”" in page.text
    assert "Không còn tệp nào" in page.text
    browser.open(path, status=404)
    assert "đã hết hạn" in browser.submit(shown, f"{path}/xoa", status=404).text
    assert deeds() == [("files.deleted", f"file:{kept.id}")]


def test_nobody_deletes_another_ones_file(browser_of: BrowserOf, file_of: FileOf, deeds: Deeds) -> None:
    theirs, own = file_of(AUTHOR), file_of(ADMINISTRATOR)
    browser = browser_of(ADMINISTRATOR)
    token = browser.open("/viec/tep").form(f"/viec/tep/{own.id}/xoa").fields["csrf_token"]
    assert browser.client.post(f"/viec/tep/{theirs.id}/xoa", data={"csrf_token": token}).status_code == 404
    assert browser_of(AUTHOR).client.get(f"/viec/tep/{theirs.id}").status_code == 200
    assert deeds() == []


def test_it_takes_a_form_with_its_token(browser_of: BrowserOf, file_of: FileOf, deeds: Deeds) -> None:
    kept, client = file_of(AUTHOR), browser_of(AUTHOR).client
    assert client.get(f"/viec/tep/{kept.id}/xoa").status_code == 405
    assert client.post(f"/viec/tep/{kept.id}/xoa", data={"csrf_token": "made-up"}).status_code == 400
    assert deeds() == []
