"""The page of one question: what candidates see, the key, the facts, the versions, the way on."""

import pytest

from examapp.access.roles import Role
from examapp.bank.models import QuestionStatus
from tests.factories import question_lines
from tests.functional.bank_question.conftest import STEM, Bench
from tests.pages import Browser, Page


def test_everything_is_there(bench: Bench, author: Browser) -> None:
    question = bench.make()
    bench.edit(author, question, document="Hiến pháp 2013", article="Điều 13")
    page = author.open(bench.path(question))
    assert page.heading == "Câu KTC-0001"
    for words in (STEM, "Đã duyệt", "Địa lý", "Nhận biết", "Hiến pháp 2013, Điều 13", "Soạn trực tiếp"):
        assert words in page.text
    assert "Phiên bản 2, Người Thử ghi lúc 08:00, 24/11/2026" in page.text
    assert _keys(page) == ["AHà Nội Đáp án"]
    assert f"/ngan-hang/phien-ban/{bench.versions(question)[0].id}" in page.links()
    assert bench.path(question, "/so-sanh") in page.links()
    assert bench.path(question, "/sua") in page.links()


def test_without_the_key_it_can_be_shown_around(bench: Bench, author: Browser) -> None:
    page = author.open(bench.path(bench.make(), "?dap-an=an"))
    assert (_keys(page), "Hiện đáp án" in page.text) == ([], True)


def test_where_it_came_from(bench: Bench, author: Browser) -> None:
    desk = bench.desk
    desk.send(author, question_lines(2), "de.jsonl")
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    question = bench.questions()[0]
    page = author.open(bench.path(question))
    assert ("Tệp de.jsonl" in page.text, desk.path() in page.links()) == (True, True)


def test_the_way_to_the_neighbours(bench: Bench, author: Browser) -> None:
    first, second, third = (bench.make(f"Câu {number}?") for number in range(3))
    links = author.open(bench.path(second)).links()
    assert (bench.path(first) in links, bench.path(third) in links) == (True, True)
    assert bench.path(third) not in author.open(bench.path(first)).links()


def test_an_older_version_says_so(bench: Bench, author: Browser) -> None:
    question = bench.make()
    bench.edit(author, question, stem="Câu đã sửa?")
    older = bench.versions(question)[0]
    page = author.open(f"/ngan-hang/phien-ban/{older.id}")
    assert ("Đây là phiên bản cũ" in page.text, STEM in page.text) == (True, True)
    assert f"/ngan-hang/phien-ban/{older.id}/khoi-phuc" in page.links()
    assert bench.path(question, "/sua") not in page.links()


def test_the_number_of_statements_is_the_same_whatever_the_number_of_versions(bench: Bench, author: Browser) -> None:
    question = bench.make()
    counts = []
    for number in (3, 60):
        while len(bench.versions(question)) < number:
            made = len(bench.versions(question)) + 1
            bench.post(author, bench.path(question, "/sua"), **_next(bench, question, made))
        with bench.desk.statements() as statements:
            page = author.open(bench.path(question))
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert ("Phiên bản 11" in page.text, "Phiên bản 10 " in page.text) == (True, False), "in pages of fifty"


@pytest.mark.parametrize("page", ["", "?page=x", "?page=0", "?page=99999999999999", "?dap-an=%00"])
def test_an_odd_address_is_harmless(bench: Bench, author: Browser, page: str) -> None:
    assert author.open(bench.path(bench.make(), page)).heading == "Câu KTC-0001"


def test_who_may_see_it(bench: Bench, author: Browser, visitor: Browser) -> None:
    desk, question = bench.desk, bench.make()
    version = f"/ngan-hang/phien-ban/{bench.versions(question)[0].id}"
    reader, stranger = desk.browser(Role.COUNCIL_CHAIR), desk.browser(subject=desk.other)
    for path in (bench.path(question), version, bench.path(question, "/so-sanh")):
        assert "KTC-0001" in desk.browser(Role.SECRETARY, name=f"thu.ky.{len(path)}").open(path).heading
        assert "KTC-0001" in reader.open(path).heading
        assert stranger.open(path, status=404).heading == "Không tìm thấy trang"
        assert visitor.open(path).heading == "Đăng nhập"
        assert author.client.post(path, data={"x": "1"}).status_code in (400, 405)
    links = reader.open(bench.path(question)).links()
    assert bench.path(question, "/sua") not in links
    assert "Ngừng dùng" not in reader.open(bench.path(question)).text
    author.open("/ngan-hang/cau-hoi/0190f7c0-0000-7000-8000-0000000000ee", status=404)
    author.open("/ngan-hang/phien-ban/0190f7c0-0000-7000-8000-0000000000ee", status=404)


def test_a_draft_can_only_be_edited(bench: Bench, author: Browser) -> None:
    page = author.open(bench.path(bench.make(status=QuestionStatus.DRAFT)))
    assert ("Nháp" in page.text, "Ngừng dùng" in page.text, "Dùng lại" in page.text) == (True, False, False)


def _keys(page: Page) -> list[str]:
    return [item.text for item in page.all("li") if item.attributes.get("class") == "key"]


def _next(bench: Bench, question: object, made: int) -> dict[str, str]:
    seen = f"{bench.questions()[0].id}.{made - 1}.approved"
    return {**bench.typed, "stem": f"Bản {made}?", "status": "approved", "seen": seen}
