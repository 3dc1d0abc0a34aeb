"""Every format that councils have goes through the same pages: sent up, previewed, brought in, looked at."""

import json
import unicodedata

import pytest

from examapp.bank.models import Question, QuestionVersion
from examapp.papers.queries import count_stock
from question_bank.formats import FORMATS
from question_bank.questions import KINDS
from tests.functional.bank_import.conftest import Desk
from tests.pages import Browser
from tests.question_bank.samples import sample_of

NAMES = {name: f"đề{one.suffixes[0]}" for name, one in FORMATS.items()}
#: the others are tables, whose columns are asked for
WHOLE = ["word", "moodle", "gift", "aiken", "qti"]


def in_old_letters(letter: str) -> bytes:
    """A letter in windows-1258, where the mark of its tone stands behind it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = unicodedata.normalize("NFD", letter)
    base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
    return "".join([base, *(part for part in parts if part in tones)]).encode("cp1258")


def bring_in(desk: Desk, author: Browser, name: str) -> int:
    """Send a sample up, choose what stands in for missing facts, and bring everything in; return how many came in."""
    page = desk.send(author, sample_of(name), NAMES[name])
    if page.heading == "Chủ đề, mức độ của tệp":
        page = author.submit(page, desk.path("/ghep-cot"), default_topic="Luật", default_level="recall")
    assert page.heading == "Xem trước khi nhập", page.text
    accepted = desk.counts()[1]
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    return accepted


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_without_columns_is_asked_only_for_what_is_missing(desk: Desk, author: Browser, name: str) -> None:
    page = desk.send(author, sample_of(name), NAMES[name])
    assert page.heading == "Chủ đề, mức độ của tệp"
    assert "không có cột phải ghép" in page.text
    assert not any(field.startswith("column_") for field in page.form(desk.path("/ghep-cot")).names)
    page = author.submit(page, desk.path("/ghep-cot"), default_topic="Luật", default_level="recall")
    total, accepted, _, refused = desk.counts()
    assert (page.heading, refused) == ("Xem trước khi nhập", 0), page.text
    assert accepted == total >= 1


@pytest.mark.parametrize("name", ["native", "xlsx", *WHOLE])
def test_what_is_brought_in_can_be_looked_at_in_the_bank(desk: Desk, author: Browser, name: str) -> None:
    accepted = bring_in(desk, author, name)
    questions = desk.session.query(Question).all()
    assert len(questions) == accepted
    for question in questions:
        page = author.open(f"/ngan-hang/cau-hoi/{question.id}")
        assert "Thí sinh nhìn thấy như sau" in page.text
    listed = author.open(f"/ngan-hang/{desk.subject.id}")
    assert "Cơ quan nào ban hành nghị định?" in listed.text


def test_every_kind_and_all_that_is_known_reaches_the_bank(desk: Desk, author: Browser) -> None:
    bring_in(desk, author, "qti")
    versions = desk.session.query(QuestionVersion).all()
    assert {version.kind for version in versions} == set(KINDS)
    known = json.loads(versions[0].about)
    assert (known["author"], known["tags"], known["source"]["in_force_from"]) == ("Người Thử", ["thử"], "2025-07-01")
    rich = next(one for one in versions if "<math>" in one.content)
    page = author.client.get(f"/ngan-hang/phien-ban/{rich.id}").get_data(as_text=True)
    for markup in ("<msup><mi>x</mi><mn>2</mn></msup>", "H<sub>2</sub>O", 'src="data:image/png;base64,', "<td>1</td>"):
        assert markup in page
    assert "&lt;math" not in page


def test_only_kinds_that_the_exam_page_shows_count_as_stock(desk: Desk, author: Browser) -> None:
    bring_in(desk, author, "qti")
    drawn = {"single_choice", "true_false"}
    expected = sum(version.kind in drawn for version in desk.session.query(QuestionVersion))
    assert sum(count_stock(desk.session, desk.subject.id).values()) == expected == 3


def test_a_question_that_the_form_cannot_show_whole_is_not_edited_in_it(desk: Desk, author: Browser) -> None:
    bring_in(desk, author, "qti")
    for version in desk.session.query(QuestionVersion):
        plain = version.kind == "single_choice" and '"html"' not in version.content
        page = author.open(f"/ngan-hang/cau-hoi/{version.question_id}")
        path = f"/ngan-hang/cau-hoi/{version.question_id}/sua"
        assert (path in page.links()) is plain
        page = author.open(path, status=200 if plain else 422)
        assert plain or "trang soạn chưa sửa được" in page.text


def test_an_unknown_kind_is_named_in_the_preview(desk: Desk, author: Browser) -> None:
    data = b"""<quiz><question type="ddmarker"><name><text>x</text></name>
    <questiontext format="html"><text>Keo tha?</text></questiontext></question></quiz>"""
    page = desk.send(author, data, "moodle.xml")
    page = author.submit(page, desk.path("/ghep-cot"), default_topic="Luật", default_level="recall")
    assert "oại câu hỏi “ddmarker” chưa đọc được" in page.text
    assert desk.counts() == (1, 0, 0, 1)


def test_old_letters_are_read_and_told(desk: Desk, author: Browser) -> None:
    text = "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\nThủ đô của nước Việt Nam là thành phố nào?,Hà Nội,Huế,A,Địa lý,NB\n"
    page = desk.read(author, b"".join(map(in_old_letters, text)), "cũ.csv")
    assert "windows-1258" in page.text
    assert desk.counts()[1] == 1
    assert desk.row(2).payload["stem"] == "Thủ đô của nước Việt Nam là thành phố nào?"
