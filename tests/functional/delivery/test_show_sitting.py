"""The page of one sitting: where it stands, the form of its next step for whoever may, the live list, the proofs."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from examapp.delivery.models import AnswerSave, Attempt
from tests.cast import (
    ADMINISTRATOR,
    AUTHOR,
    CHAIR,
    COORDINATOR,
    INVIGILATOR,
    NOBODY,
    SECRETARY,
    SITE_CHAIR,
    STRANGER,
    Person,
)
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, PUBLIC_VALUE, At, Day
from tests.pages import Page

#: the deeds whose forms each person finds at each step
FORMS = {
    At.DRAFT: {CHAIR: {"dong-goi"}, SECRETARY: {"dong-goi"}, INVIGILATOR: set(), COORDINATOR: set()},
    At.FROZEN: {CHAIR: {"dong-goi", "so-rut"}, SECRETARY: {"dong-goi"}, INVIGILATOR: set(), COORDINATOR: set()},
    At.VALUED: {CHAIR: {"mo-de"}, SECRETARY: set(), INVIGILATOR: set(), COORDINATOR: set()},
    At.READY: {CHAIR: {"niem-phong"}, SECRETARY: {"niem-phong"}, INVIGILATOR: set(), COORDINATOR: set()},
    At.REHEARSAL: {CHAIR: set(), SECRETARY: set(), INVIGILATOR: set(), COORDINATOR: set()},
    At.SEALED: {CHAIR: {"dap-an"}, SECRETARY: set(), INVIGILATOR: set(), COORDINATOR: set()},
    At.MARKED: {CHAIR: set(), SECRETARY: set(), INVIGILATOR: set(), COORDINATOR: set()},
}
STEPS = ["Chuẩn bị", "Đóng gói", "Mở đề", "Thi", "Niêm phong", "Chấm"]
#: the step that is being taken: a finished one is done and not current, and after the last there is none
CURRENT = {
    At.DRAFT: ["Chuẩn bị"],
    At.FROZEN: ["Mở đề"],
    At.VALUED: ["Mở đề"],
    At.READY: ["Thi"],
    At.REHEARSAL: ["Thi"],
    At.SEALED: ["Chấm"],
    At.MARKED: [],
}
#: words of each step that the chair reads
WORDS = {
    At.DRAFT: ["Chưa có gì: ca thi chưa đóng gói.", "Chưa có bài làm nào"],
    At.FROZEN: ["Mã gói đề, lần đóng gói 1", "Ghi số rút công khai"],
    At.VALUED: [PUBLIC_VALUE, "Mở phong bì “Đề thi”"],
    At.READY: ["Gốc các đề đã rút", "Chưa vào", "0001", "0003", "Niêm phong bài làm", "08:15, 24/11/2026"],
    At.REHEARSAL: ["Ca thi thử đang mở", "Thi thử", "0004"],
    At.SEALED: ["Gốc bài làm R1", "3 thí sinh", "Máy thu bài", "Vắng", "8/8"],
    At.MARKED: ["Gốc bài làm R1", "Gốc kết quả R2", "đúng 8", "đúng 3", "Ca thi đã chấm xong", "Danh sách kết quả"],
}


@pytest.mark.parametrize("at", list(FORMS))
def test_each_step_shows_its_words_and_the_form_of_the_next_deed_to_whoever_may(day: Day, at: At) -> None:
    for person, expected in FORMS[at].items():
        page = day.browser(person).open(day.path(at))
        assert page.heading == f"Ca thi KT26 · {at.value}"
        assert _deeds(day, page, at) == expected, person
        current = [one.text for one in page.all("li") if one.attributes.get("aria-current") == "step"]
        assert [word for word in STEPS if any(word in text for text in current)] == CURRENT[at]
    page = day.browser(CHAIR).open(day.path(at))
    assert [word for word in WORDS[at] if word not in page.text] == []
    assert page.response.status_code == day.browser(SITE_CHAIR).open(day.path(at)).response.status_code


def test_its_pages_belong_to_the_sittings_in_the_navigation(day: Day) -> None:
    browser = day.browser(CHAIR)
    for path in (day.path(At.MARKED), day.path(At.MARKED, "/ket-qua")):
        marked = [one.text for one in browser.open(path).all("a") if one.attributes.get("aria-current") == "true"]
        assert marked == ["Ca thi"]


def test_the_results_are_offered_to_whoever_may_see_them(day: Day) -> None:
    link = day.path(At.MARKED, "/ket-qua")
    assert link in day.browser(SECRETARY).open(day.path(At.MARKED)).links()
    assert link not in day.browser(INVIGILATOR).open(day.path(At.MARKED)).links()
    assert day.path(At.SEALED, "/ket-qua") not in day.browser(SECRETARY).open(day.path(At.SEALED)).links()


def test_the_live_list_tells_who_writes_who_is_silent_and_who_typed_wrong_codes(day: Day) -> None:
    writing = day.candidate("0001")
    assert writing.lease().status_code == 200
    assert day.candidate("0002")
    wrong = day.candidate()
    assert wrong.sign_in("0003", "0000-0000-0000").status_code == 401
    page = day.browser(INVIGILATOR).open(day.path(At.READY))
    rows = {number: _row(page, number) for number in ("0001", "0002", "0003")}
    assert "Chờ giờ thi" in rows["0001"], "nobody is missed before the start"
    assert "0/8" in rows["0001"]
    assert "Chưa vào" in rows["0002"]
    assert "1 lần sai mã" in rows["0003"]
    assert "Chuyển máy" in rows["0001"]
    assert "Chuyển máy" in rows["0002"], "who is bound to a machine can be freed, page open or not"
    assert "Chuyển máy" not in rows["0003"]
    assert "Chuyển máy" not in day.browser(CHAIR).open(day.path(At.READY)).text


@pytest.mark.parametrize(
    ("at", "numbers"),
    [
        (At.DRAFT, {"Thí sinh": 3, "Số câu mỗi đề": 8}),
        (At.READY, {"Đã vào, chưa nộp": 0, "Đã nộp": 0, "Chưa vào": 3}),
        (At.SEALED, {"Đã nộp": 0, "Máy thu bài": 2, "Vắng": 1}),
        (At.MARKED, {"Đã nộp": 0, "Máy thu bài": 2, "Vắng": 1}),
    ],
)
def test_the_clock_bar_counts_what_there_is_to_count(day: Day, at: At, numbers: dict[str, int]) -> None:
    page = day.browser(CHAIR).open(day.path(at))
    bar = next(one for one in page.all("section") if one.attributes.get("aria-label") == "Đồng hồ ca thi")
    labels = [one.text for one in page.all("small") if bar in one.parents][4:]
    values = [one.text for one in page.all("b") if bar in one.parents][3:]
    assert dict(zip(labels, values, strict=True)) == {label: str(count) for label, count in numbers.items()}


def test_whoever_was_freed_from_a_machine_is_waited_for_at_another(day: Day) -> None:
    assert day.candidate("0001").lease().status_code == 200
    browser = day.browser(INVIGILATOR)
    link = day.path(At.READY, f"/chuyen-may/{day.attempt('0001').id}")
    page = browser.submit(browser.open(link), link, reason="Bàn phím hỏng")
    assert "Chờ đăng nhập máy mới" in _row(page, "0001")
    assert day.candidate("0001").lease(2).status_code == 200
    assert "Chờ đăng nhập máy mới" not in browser.open(day.path(At.READY)).text


def test_until_the_start_it_says_that_nothing_has_to_be_done(day: Day) -> None:
    browser = day.browser(CHAIR)
    assert "Bài thi tự bắt đầu trên mọi máy lúc 08:15, 24/11/2026." in browser.open(day.path(At.READY)).text
    day.clock.moment = NOW + timedelta(minutes=15)
    assert "Bài thi tự bắt đầu" not in browser.open(day.path(At.READY)).text


def test_who_was_absent_has_no_zero(day: Day) -> None:
    row = _row(day.browser(CHAIR).open(day.path(At.MARKED)), "0016")
    assert "Vắng" in row
    assert "0/8" not in row
    assert "đúng" not in row


@pytest.mark.parametrize(
    ("at", "minutes", "sentences"),
    [
        (At.FROZEN, -1, ["Chưa đến giờ mở đề", "08:00, 24/11/2026"]),
        (At.FROZEN, 0, ["Còn 15 phút đến giờ bắt đầu", "Ghi số rút trước 08:15, 24/11/2026"]),
        (At.FROZEN, 17, ["Đã quá giờ bắt đầu 2 phút", "Không ghi số rút được nữa"]),
        (At.VALUED, 14.5, ["Chưa đến 1 phút nữa là giờ bắt đầu", "Mở đề trước 08:15, 24/11/2026"]),
        (At.VALUED, 17.5, ["Đã quá giờ bắt đầu 3 phút", "thí sinh chỉ còn 57 trong 60 phút làm bài"]),
        (At.VALUED, 75, ["Đã hết thời gian làm bài của ca thi"]),
    ],
)
def test_before_the_opening_it_says_how_far_the_start_is(
    day: Day, at: At, minutes: float, sentences: list[str]
) -> None:
    day.clock.moment = NOW + timedelta(minutes=minutes)
    page = day.browser(CHAIR).open(day.path(at))
    assert [sentence for sentence in sentences if sentence not in page.text] == []
    assert "giờ bắt đầu" not in day.browser(INVIGILATOR).open(day.path(at)).text


def test_its_statements_do_not_grow_with_the_candidates(day: Day) -> None:
    browser = day.browser(INVIGILATOR)
    browser.open(day.path(At.READY))
    with day.statements() as many:
        assert "0003" in browser.open(day.path(At.READY)).text
    sitting = day.built.sittings[At.READY]
    day.session.execute(delete(Attempt).where(Attempt.sitting_id == sitting, Attempt.candidate_number != "0001"))
    day.session.commit()
    with day.statements() as few:
        assert "0003" not in browser.open(day.path(At.READY)).text
    assert len(many) == len(few) <= 12


@pytest.mark.parametrize("person", [STRANGER, NEIGHBOUR], ids=lambda one: one.username)
def test_to_a_stranger_it_does_not_exist(day: Day, person: Person) -> None:
    page = day.browser(person).open(day.path(At.READY), status=404)
    unknown = day.browser(person).open("/ca-thi/00000000-0000-0000-0000-000000000001", status=404)
    assert page.text == unknown.text, "not even a different word"


@pytest.mark.parametrize("person", [ADMINISTRATOR, AUTHOR, NOBODY], ids=lambda one: one.username)
def test_whoever_has_another_role_is_refused(day: Day, person: Person) -> None:
    assert day.browser(person).open(day.path(At.READY), status=403).heading == "Không được phép"


def test_it_asks_to_sign_in_takes_no_deed_and_speaks_english(day: Day) -> None:
    assert day.candidate().browser.open(day.path(At.READY)).heading == "Đăng nhập"
    browser = day.browser(CHAIR)
    form = browser.open(day.path(At.READY)).form(day.path(At.READY, "/niem-phong"))
    assert browser.client.post(day.path(At.READY), data=form.fields).status_code == 405
    assert browser.open(day.path(At.READY) + "?lang=en").all("html")[0].attributes["lang"] == "en"


def _deeds(day: Day, page: Page, at: At) -> set[str]:
    """Return the last part of the address of every form that is about this sitting."""
    start = day.path(at) + "/"
    return {form.action.removeprefix(start) for form in page.forms() if form.action.startswith(start)}


def _row(page: Page, number: str) -> str:
    return next(row.text for row in page.all("tr") if f"{number}" in row.text)


def test_what_the_sealing_has_found_is_told(day: Day) -> None:
    path = day.path(At.READY)
    day.session.execute(text("UPDATE attempts SET extra_minutes = 30 WHERE candidate_number = '0002'"))
    attempt = day.attempt("0003")
    day.clock.moment = NOW + timedelta(hours=2)
    late = {"kind": 1, "item": 0, "response": "1", "client_ms": 1, "received_at": day.clock.moment}
    day.session.add(AnswerSave(attempt_id=attempt.id, lease=1, seq=1, **late))
    day.session.commit()
    browser = day.browser(CHAIR)
    page = browser.submit(browser.open(path), f"{path}/niem-phong", confirm="y")
    assert "Giờ làm bài của số báo danh 0002 khác với các quyết định đã ghi" in page.text
    assert "Số báo danh (số lượt): 0003 (1)." in page.text
    assert "1 lượt ngoài giờ" in page.text
    assert "Giờ làm bài của số báo danh" not in browser.open(day.path(At.SEALED)).text
    day.session.execute(text("ALTER TABLE audit_details DISABLE TRIGGER USER"))
    day.session.execute(text("UPDATE audit_details SET details = '{}'"))
    day.session.commit()
    assert "Không đọc được sự kiện niêm phong trong nhật ký" in browser.open(path).text
