"""Two versions of a question side by side, word by word."""

import pytest

from tests.functional.bank_question.conftest import Bench
from tests.pages import Browser


def test_the_words_that_changed_are_marked(bench: Bench, author: Browser) -> None:
    question = bench.make()
    bench.edit(
        author, question, stem="Thủ đô của nước ta là thành phố nào?", option_d="Vinh", key="b", document="Luật A"
    )
    page = author.open(bench.path(question, "/so-sanh"))
    assert page.heading == "So sánh phiên bản của câu KTC-0001"
    assert [one.text for one in page.all("del")] == ["Việt Nam", "Cần Thơ", "A"]
    assert [one.text for one in page.all("ins")] == ["nước ta", "Vinh", "B", "Luật A"]
    assert "5 phần không đổi" in page.text, "three options, topic, level"


def test_any_two_can_be_chosen(bench: Bench, author: Browser) -> None:
    question = bench.make()
    for stem in ("Câu hai?", "Câu ba?"):
        bench.edit(author, question, stem=stem)
    page = author.open(bench.path(question, "/so-sanh?cu=1&moi=3"))
    assert "Phiên bản 3 khác gì so với phiên bản 1" in page.text
    assert page.form(bench.path(question, "/so-sanh")).fields == {"cu": "1", "moi": "3"}
    page = author.open(bench.path(question, "/so-sanh?cu=3&moi=3"))
    assert "Hai phiên bản giống hệt nhau." in page.text
    author.open(bench.path(question, "/so-sanh?cu=4"), status=404)


def test_an_option_that_moved_is_the_same_option(bench: Bench, author: Browser) -> None:
    question = bench.make()
    bench.send(author, bench.send(author, author.open(bench.path(question, "/sua")), deed="drop:b"), deed="save")
    page = author.open(bench.path(question, "/so-sanh"))
    for words in ("Phương án C chuyển thành B", "Phương án D chuyển thành C", "Phương án B, bỏ đi"):
        assert words in page.text
    assert [one.text for one in page.all("del")] == ["Huế"]


def test_the_only_version_has_nothing_to_be_compared_with(bench: Bench, author: Browser) -> None:
    question = bench.make()
    page = author.open(bench.path(question, "/so-sanh"))
    assert ("Câu này mới có một phiên bản" in page.text, bench.path(question) in page.links()) == (True, True)


@pytest.mark.parametrize("query", ["?cu=x", "?cu=-1&moi=%00", "?moi=99999999999"])
def test_an_odd_address_compares_the_newest(bench: Bench, author: Browser, query: str) -> None:
    question = bench.make()
    bench.edit(author, question, stem="Câu đã sửa?")
    assert "Phiên bản 2 khác gì so với phiên bản 1" in author.open(bench.path(question, f"/so-sanh{query}")).text


def test_hostile_text_is_text(bench: Bench, author: Browser) -> None:
    question = bench.make()
    bench.edit(author, question, stem="<b>Thủ đô</b> của <script>?")
    page = author.open(bench.path(question, "/so-sanh"))
    assert "<script>" in page.text
    assert [one for one in page.all("script") if not one.attributes.get("src")] == []
