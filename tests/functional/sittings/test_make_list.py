"""Lists to print: ordered on the page of rooms, made by the worker from the package once there is one."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from examapp.candidates.models import Candidate
from examapp.core.errors import Conflict
from examapp.core.files import find_own_file, read_file
from examapp.core.jobs import JobProgress
from examapp.sittings.jobs import MAKE_LIST, make_list_file
from examapp.sittings.models import Package
from examapp.sittings.queries import active_package
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER, Cast
from tests.functional.exam_day import NEIGHBOUR, At, Day

DEED = "/phong/in"


@dataclass
class Run:
    """What the worker gives to a job."""

    session: Any
    keys: Any
    clock: Any

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Nobody looks."""


def made(day: Day, at: At, kind: str, room: str = "", person=CHAIR) -> list[str]:
    """Do the job as the worker does and return the text of each page."""
    owner = Cast(day.session, day.clock.now()).account(person).id
    run = Run(day.session, day.keys, day.clock)
    sitting_id = str(day.built.sittings[at])
    result = make_list_file(run, sitting_id=sitting_id, kind=kind, room=room, asker=str(owner))
    assert result is not None
    stored = find_own_file(day.session, UUID(result["file"]), owner)
    assert stored is not None
    assert stored.name.endswith(".pdf")
    pages = PdfReader(io.BytesIO(read_file(day.session, stored))).pages
    return [" ".join(page.extract_text().split()) for page in pages]


@pytest.mark.parametrize("person", [CHAIR, SECRETARY, INVIGILATOR, COORDINATOR], ids=lambda one: one.username)
def test_a_list_is_ordered_and_noted(day: Day, person) -> None:
    browser = day.browser(person)
    path = day.path(At.FROZEN, "/phong")
    page = browser.submit(browser.open(path), path + "/in", kind="posted", of_room="")
    assert "Máy chủ nhận lập tệp in." in page.text
    assert "Lập tệp in" in page.text
    assert [one for one in page.elements if "hx-get" in one.attributes], "it is watched until it is done"
    job = day.session.scalars(select(JobProgress).where(JobProgress.kind == MAKE_LIST)).all()[-1]
    assert job.subject == f"sitting:{day.built.sittings[At.FROZEN]}"
    action, details = day.events(At.FROZEN)[-1]
    assert (action, '"list":"posted"' in details) == ("sittings.list_printed", True)


def test_the_posted_list_is_the_packages_own_with_its_digest(day: Day) -> None:
    day.session.execute(update(Candidate).where(Candidate.number == "0007").values(full_name="Tên Đã Sửa"))
    package = active_package(day.session, day.built.sittings[At.FROZEN])
    assert package is not None
    text = " ".join(made(day, At.FROZEN, "posted"))
    assert "DANH SÁCH NIÊM YẾT" in text
    assert package.core_digest.hex() in text.replace(" ", "")
    assert "Nguyễn Văn Ví Dụ 6" in text, "as it was sealed, not as it was changed since"
    assert "Tên Đã Sửa" not in text
    assert "09/03/1998" not in text, "no birth date on a wall"
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Hình thức thi: trắc nghiệm trên máy vi tính." in text
    assert "DỰ THẢO" not in text


def test_every_page_says_which_list_it_belongs_to(day: Day) -> None:
    package = active_package(day.session, day.built.sittings[At.FROZEN])
    assert package is not None
    code = package.core_digest.hex()
    for kind in ("posted", "call", "doors"):
        for page in made(day, At.FROZEN, kind):
            assert f"lần đóng gói 1, mã gói đề {code[:8]} {code[8:16]} {code[16:24]}" in page
    for kind in ("call", "doors"):
        assert all("DỰ THẢO" in page for page in made(day, At.DRAFT, kind))


def test_the_call_list_is_signed_and_says_where_it_comes_from(day: Day) -> None:
    text = " ".join(made(day, At.FROZEN, "call", "01"))
    for word in ("DANH SÁCH THÍ SINH THEO PHÒNG", "Ký tên", "0007", "0008", "09/03/1998", "lần đóng gói 1"):
        assert word in text
    assert "GIÁM THỊ 1 (Ký, ghi rõ họ tên) GIÁM THỊ 2 (Ký, ghi rõ họ tên)" in text
    assert "Số báo danh vắng: …" in text
    draft = " ".join(made(day, At.DRAFT, "call"))
    assert "Dự thảo" in draft
    assert "0004" in draft


def test_each_room_has_pages_of_its_own(day: Day) -> None:
    pages = made(day, At.DRAFT, "doors")
    assert len(pages) == 1
    assert "PHÒNG 01" in pages[0].upper()
    assert "DANH SÁCH THÍ SINH TRONG PHÒNG THI" in pages[0]
    assert "03 thí sinh, số báo danh từ 0004 đến 0006" in pages[0]


def test_before_the_freeze_there_is_no_posted_list(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.DRAFT, "/phong")
    page = browser.open(path)
    assert "Danh sách niêm yết, có mã" not in page.text
    browser.submit(page, path + "/in", status=422, kind="posted", of_room="")
    with pytest.raises(Conflict, match="not_frozen"):
        made(day, At.DRAFT, "posted")


def test_a_package_that_was_altered_prints_nothing(day: Day) -> None:
    package = active_package(day.session, day.built.sittings[At.FROZEN])
    assert package is not None
    day.session.execute(update(Package).where(Package.id == package.id).values(content=b"x" + package.content[1:]))
    with pytest.raises(Conflict, match="package_altered"):
        made(day, At.FROZEN, "posted")


def test_a_list_of_nobody_is_refused(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.DRAFT, "/phong")
    browser.submit(browser.open(path), path + "/in", status=422, kind="call", of_room="khong-co")


def test_twice_makes_two_files_and_strangers_none(day: Day) -> None:
    assert made(day, At.FROZEN, "call") == made(day, At.FROZEN, "call")
    for person in (STRANGER, NEIGHBOUR):
        day.refuses(At.FROZEN, person, DEED, 404, kind="call", of_room="")
    client = day.browser(CHAIR).client
    assert client.post(day.path(At.FROZEN, DEED), data={"kind": "call"}).status_code == 400
    assert client.get(day.path(At.FROZEN, DEED)).status_code == 405
