"""The questions of a subject: searched without accents, narrowed, sorted, in pages; nothing of another subject."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from examapp.access.actor import SYSTEM
from examapp.bank.models import Question, QuestionStatus
from examapp.bank.services import change_topic, create_subject, retire_questions
from tests.bank import add_questions, chosen
from tests.functional.bank.conftest import STEMS, Bank, codes_of
from tests.functional.exam_day import Day


def test_the_list_its_figures_and_its_ways_on(bank: Bank) -> None:
    page = bank.author.open(bank.path())
    assert page.heading == "Câu hỏi – Kiến thức mẫu"
    assert codes_of(page) == sorted(STEMS)
    figures = [one.text for one in page.all("li") if any(p.attributes.get("class") == "figs mb" for p in one.parents)]
    assert figures == ["3câu trong môn", "3đã duyệt, dùng được", "0nháp", "0ngừng dùng"]
    assert {bank.path("/nhap"), bank.path("/chu-de")} <= set(page.links())
    assert "24/11/2026" in page.text
    assert "Câu 1 – 3 trong 3" in page.text


def test_how_often_the_largest_paper_fits_is_told_where_a_test_uses_the_subject(bank: Bank, day: Day) -> None:
    line = day.built.line
    page = bank.reader.open(bank.path(subject=line.subject))
    assert "5,0 lầnsố câu của đề lớn nhất (8 câu)" in page.all("main")[0].text
    assert "số câu của đề lớn nhất" not in bank.reader.open(bank.path()).text


@pytest.mark.parametrize("words", ["luật cán bộ", "LUAT CAN BO", "luat  can  bo"])
def test_words_are_found_without_accents_and_marked(bank: Bank, words: str) -> None:
    page = bank.author.open(bank.path(q=words))
    assert codes_of(page) == ["KTC-01"]
    assert [one.text for one in page.all("mark")] == ["Luật Cán bộ"]
    assert page.form(bank.path()).fields["q"] == " ".join(words.split())
    assert "1 câu khớp" in page.text


def test_a_part_of_a_code_is_found(bank: Bank) -> None:
    page = bank.author.open(bank.path(q="ktc-02"))
    assert codes_of(page) == ["KTC-02"]
    assert [one.text for one in page.all("mark")] == ["KTC", "02"]


def test_filters_narrow_and_each_can_be_taken_away(bank: Bank, day: Day) -> None:
    now = day.clock.now()
    change_topic(bank.session, bank.subject, chosen(bank.session, ["KTC-01"]), bank.empty_topic, actor=SYSTEM, now=now)
    bank.session.flush()
    retire_questions(bank.session, bank.subject, chosen(bank.session, ["KTC-01"]), actor=SYSTEM, now=now)
    bank.session.commit()
    page = bank.author.open(bank.path(q="luat", topic=str(bank.empty_topic.id), status="retired", level="recall"))
    assert codes_of(page) == ["KTC-01"]
    assert "bản 2" in page.text
    for name, without in (
        ("Tìm: luat", bank.path(topic=str(bank.empty_topic.id), level="recall", status="retired")),
        ("Chủ đề: Công vụ", bank.path(q="luat", level="recall", status="retired")),
        ("Mức độ: Nhận biết", bank.path(q="luat", topic=str(bank.empty_topic.id), status="retired")),
        ("Tình trạng: Ngừng dùng", bank.path(q="luat", topic=str(bank.empty_topic.id), level="recall")),
    ):
        link = next(one for one in page.all("a") if one.attributes.get("aria-label") == f"Bỏ: {name}")
        assert link.attributes["href"] == without
        assert codes_of(bank.author.open(without)) == ["KTC-01"]
    assert codes_of(bank.author.open(bank.path(status="approved"))) == ["KTC-02", "KTC-03"]
    assert "Chủ đề: không có trong môn" in bank.author.open(bank.path(topic=str(bank.other.id))).text


def test_the_newest_can_stand_first(bank: Bank, day: Day) -> None:
    later = day.clock.now() + timedelta(hours=1)
    change_topic(
        bank.session, bank.subject, chosen(bank.session, ["KTC-02"]), bank.empty_topic, actor=SYSTEM, now=later
    )
    bank.session.commit()
    page = bank.author.open(bank.path())
    assert bank.path(sort="changed") in page.links()
    page = bank.author.open(bank.path(sort="changed"))
    assert codes_of(page) == ["KTC-02", "KTC-01", "KTC-03"]
    assert page.form(bank.path()).fields["sort"] == "changed", "a search keeps the order"


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "x", "level": "hard", "status": "gone", "sort": "size", "page": "-1"},
        {"page": "99999999", "q": "\0"},
        {"page": "²", "q": "'; DROP"},
        {"q": "a" * 3000},
    ],
)
def test_an_address_that_makes_no_sense_harms_nothing(bank: Bank, query: dict[str, str]) -> None:
    bank.author.open(bank.path(**query))


def test_nothing_found_says_where_and_offers_ways_out(bank: Bank) -> None:
    page = bank.author.open(bank.path(q="luat vien chuc 2010"))
    assert "Không có câu hỏi nào khớp “luat vien chuc 2010”" in page.text
    assert "Đã tìm trong 3 câu của môn Kiến thức mẫu" in page.text
    assert bank.path() in page.links()
    assert "/ngan-hang/?q=luat+vien+chuc+2010" not in page.links(), "there is one subject only"
    page = bank.reader.open(bank.path(q="tieng anh"))
    assert "/ngan-hang/?q=tieng+anh" in page.links()
    assert "Không có câu hỏi nào như bộ lọc" in bank.author.open(bank.path(status="draft")).text


def test_an_empty_subject_offers_ways_to_begin(bank: Bank, day: Day) -> None:
    empty = create_subject(bank.session, "MOI", "Môn mới", actor=SYSTEM, now=day.clock.now())
    bank.session.commit()
    page = bank.reader.open(bank.path(subject=empty))
    assert "Môn này chưa có câu hỏi" in page.text
    assert bank.path("/chu-de", empty) in page.links()
    assert bank.path("/nhap", empty) not in page.links(), "whoever only looks brings nothing in"


def test_choosing_another_subject_goes_to_its_list_with_the_same_words(bank: Bank) -> None:
    page = bank.reader.open(bank.path(q="luat", subject_id="x", topic=str(bank.topic.id)) + f"&subject={bank.other.id}")
    assert page.heading == "Câu hỏi – Tiếng Anh mẫu"
    assert codes_of(page) == ["TA-01"]
    bank.author.open(bank.path() + f"?subject={bank.other.id}", status=404)


def test_nobody_sees_another_subject_and_whoever_only_looks_chooses_nothing(bank: Bank, day: Day) -> None:
    bank.stranger.open(bank.path(), status=404)
    bank.stranger.open(bank.path(q="luat"), status=404)
    assert codes_of(bank.stranger.open(bank.path(subject=bank.other))) == ["TA-01"]
    page = bank.reader.open(bank.path())
    assert codes_of(page) == sorted(STEMS)
    assert not [one for one in page.all("input") if one.attributes.get("type") == "checkbox"]
    assert day.candidate().browser.open(bank.path()).heading == "Đăng nhập"
    assert bank.post(bank.author, bank.path(), {}).status_code == 405


def test_hostile_texts_stay_text(bank: Bank, day: Day) -> None:
    stem = "Thẻ <mark>luật</mark> <script>alert(1)</script> & {{ 7*7 }}?"
    add_questions(bank.session, bank.subject, {"<b>-1": stem}, now=day.clock.now())
    bank.session.commit()
    page = bank.author.open(bank.path(q="luật alert"))
    assert "<script>alert" not in page.html.replace("&lt;", "")
    assert stem in page.text


def test_pages_and_statements_do_not_grow_with_the_questions(bank: Bank, day: Day) -> None:
    author, path = bank.author, bank.path(q="câu hỏi số")
    add = lambda first, last: add_questions(  # noqa: E731
        bank.session, bank.subject, {f"N-{n:03d}": f"Câu hỏi số {n}?" for n in range(first, last)}, now=day.clock.now()
    )
    add(0, 3)
    bank.session.commit()
    author.open(path)
    with day.statements() as few:
        assert len(codes_of(author.open(path))) == 3
    add(3, 60)
    bank.session.commit()
    with day.statements() as many:
        page = author.open(path)
    assert len(codes_of(page)) == 50
    assert len(many) == len(few) <= 12
    assert "Câu 1 – 50 trong 60" in page.text
    second = next(link for link in page.links() if "page=2" in link)
    assert codes_of(author.open(second))[0] == "N-050"
    assert len(codes_of(author.open(bank.path(page="99")))) == 13, "past the end is the last page"


def test_a_draft_is_a_draft(bank: Bank) -> None:
    bank.session.scalars(select(Question).where(Question.code == "KTC-03")).one().status = QuestionStatus.DRAFT
    bank.session.commit()
    assert codes_of(bank.author.open(bank.path(status="draft"))) == ["KTC-03"]
