"""A candidate looks up results by number and admission code; guessing is slow and tells nothing."""

import pytest
from sqlalchemy import func, select, text

from examapp.candidates.models import Candidate
from examapp.delivery.models import SignInFailure
from examapp.integrity.receipts import receipt_code
from tests.functional.exam_day import Day
from tests.functional.results.test_post_list import made_list, posted_list, visitor
from tests.pages import Page

PATH = "/tra-cuu/"


def look_up(day: Day, number: str, code: str, *, status: int = 200, receipt: str = "") -> Page:
    browser = visitor(day)
    values = {"number": number, "code": code, "receipt": receipt}
    return browser.submit(browser.open(PATH), PATH, status=status, **values)


def test_it_shows_the_own_result_and_how_it_came_about(day: Day) -> None:
    posted_list(day)
    page = look_up(day, "0014", day.built.codes["0014"])
    assert "8/8" in page.text
    assert "Đạt" in page.text
    assert "Trả lời đúng 8 trên tổng số 8 câu hỏi." in page.text
    assert day.attempt("0014").full_name in page.text
    failed = look_up(day, "0015", day.built.codes["0015"])
    assert "3/8" in failed.text
    assert "Không đạt" in failed.text
    absent = look_up(day, "0016", day.built.codes["0016"])
    assert "Vắng" in absent.text


def test_a_phone_is_led_to_the_result_below_the_form(day: Day) -> None:
    made_list(day)
    empty = visitor(day).open(PATH)
    assert 'action="/tra-cuu/#ket-qua"' in empty.html
    assert 'id="ket-qua"' not in empty.html
    assert 'id="ket-qua"' in look_up(day, "0014", day.built.codes["0014"]).html
    assert 'id="ket-qua"' not in look_up(day, "0014", "0000-0000-0000", status=401).html, "what is wrong is at the top"


def test_a_list_that_is_made_is_enough(day: Day) -> None:
    assert "Hội đồng chưa lập danh sách" in look_up(day, "0014", day.built.codes["0014"]).text
    made_list(day)
    assert "8/8" in look_up(day, "0014", day.built.codes["0014"]).text


def test_the_code_may_be_typed_as_people_type(day: Day) -> None:
    made_list(day)
    code = day.built.codes["0014"]
    assert "8/8" in look_up(day, " 0014 ", f" {code[:4]}-{code[4:8]} {code[8:]}".lower()).text


def test_a_receipt_is_compared(day: Day) -> None:
    made_list(day)
    leaf = day.attempt("0014").leaf
    assert leaf is not None
    code = day.built.codes["0014"]
    assert "Bài làm khớp biên nhận" in look_up(day, "0014", code, receipt=receipt_code(leaf).lower()).text
    assert "Mã biên nhận không khớp" in look_up(day, "0014", code, receipt="AAAA-BBBB-CCCC-DDDD-EEEE").text


def test_whoever_sat_nothing_is_told_so(day: Day) -> None:
    assert "Chưa có bài thi nào" in look_up(day, "0004", day.built.codes["0004"]).text  # a rehearsal is no result


@pytest.mark.parametrize("field", ["correct = 7", "full_name = 'Ai Khác'", "leaf = sha256('x')"])
def test_a_result_that_somebody_edited_is_not_shown(day: Day, field: str) -> None:
    made_list(day)
    day.session.execute(text(f"UPDATE attempts SET {field} WHERE candidate_number = '0014'"))
    day.session.commit()
    page = look_up(day, "0014", day.built.codes["0014"])
    assert "đang được kiểm tra lại" in page.text
    assert "/8" not in page.text


def test_wrong_ones_are_all_told_the_same(day: Day) -> None:
    made_list(day)
    told = set()
    for number, code in (
        ("0014", "0000-0000-0000"),
        ("7777", day.built.codes["0014"]),
        ("0014", day.built.codes["0015"]),
    ):
        page = look_up(day, number, code, status=401)
        told.add(page.text.replace(number, ""))
        assert "Số báo danh hoặc mã dự thi không đúng." in page.text
    assert len(told) == 1
    day.session.commit()
    assert day.session.scalar(select(func.count()).select_from(SignInFailure)) == 3


def test_guessing_becomes_slow_and_the_right_code_never_waits(day: Day) -> None:
    made_list(day)
    for _ in range(3):
        look_up(day, "0014", "0000-0000-0000", status=401)
    assert "Chờ 2 giây" in look_up(day, "0014", "0000-0000-0000", status=429).text
    assert "8/8" in look_up(day, "0014", day.built.codes["0014"]).text


def test_a_slip_that_was_replaced_opens_nothing(day: Day) -> None:
    made_list(day)
    day.session.execute(text("UPDATE candidates SET code_issue = 2 WHERE number = '0014'"))
    day.session.commit()
    look_up(day, "0014", day.built.codes["0014"], status=401)


def test_slips_of_the_pen_are_named_at_their_field(day: Day) -> None:
    page = look_up(day, "", "", status=422)
    assert "Nhập số báo danh." in page.text
    assert "Nhập mã dự thi trên phiếu." in page.text
    assert "Mã còn thiếu 8 ký tự" in look_up(day, "0014", "ABCD", status=422).text
    assert "Số báo danh gồm 3 đến 8 chữ số" in look_up(day, "14", day.built.codes["0014"], status=422).text
    wide = look_up(day, "٠٠١٤", day.built.codes["0014"], status=422)
    assert "Số báo danh gồm 3 đến 8 chữ số" in wide.text


def test_the_form_needs_its_token(day: Day) -> None:
    answer = visitor(day).client.post(PATH, data={"number": "0014", "code": day.built.codes["0014"]})
    assert answer.status_code == 400


def test_the_same_number_in_two_exams_is_two_people(day: Day) -> None:
    made_list(day)
    neighbour = day.session.scalars(select(Candidate).where(Candidate.number == "9001")).one()
    day.session.add(
        Candidate(
            exam_id=neighbour.exam_id,
            number="0014",
            full_name="Người Khác",
            sort_key="khac",
            search_key="nguoi khac",
            code_issue=1,
        )
    )
    day.session.commit()
    assert "8/8" in look_up(day, "0014", day.built.codes["0014"]).text
    assert "Người Khác" not in look_up(day, "0014", day.built.codes["0014"]).text


def test_nothing_is_written_by_a_look_up_that_fits(day: Day) -> None:
    made_list(day)
    page = visitor(day)
    form = page.open(PATH)
    with day.statements() as seen:
        page.submit(form, PATH, number="0014", code=day.built.codes["0014"], receipt="")
    assert not [one for one in seen if one.startswith(("INSERT", "UPDATE", "DELETE"))]
