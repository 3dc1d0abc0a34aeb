"""A candidate signs in with number and admission code: one machine, one candidate, and no hint to whoever guesses."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from examapp.answerlog.token import Token, verify, verify_machine
from examapp.delivery.models import AttemptEvent, ClosedBy, SignInFailure
from tests.cast import INVIGILATOR
from tests.functional.exam_day import At, Day, checked
from tests.pages import Page

PATH = "/thi/dang-nhap"


def failures(day: Day) -> int:
    day.session.commit()
    return day.session.scalar(select(func.count()).select_from(SignInFailure)) or 0


def events(day: Day, number: str) -> list[str]:
    query = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == day.attempt(number).id)
    return list(day.session.scalars(query.order_by(AttemptEvent.number)))


def test_it_works_and_twice_is_harmless(day: Day) -> None:
    page = day.candidate()
    answer = page.sign_in("0001")
    assert (answer.status_code, answer.location) == (303, "/thi/")
    cookies = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    for name in ("khaothi-attempt", "khaothi-machine"):
        assert "HttpOnly" in cookies[name]
        assert "SameSite=Strict" in cookies[name]
        assert "Path=/" in cookies[name]
    attempt = day.attempt("0001")
    token = verify(day.keys, page.client.get_cookie("khaothi-attempt").value, day.clock.now())
    assert isinstance(token, Token)
    assert (token.attempt, token.sitting, token.lease) == (attempt.id, day.built.sittings[At.READY], 0)
    assert token.machine == attempt.machine_id
    assert verify_machine(day.keys, page.client.get_cookie("khaothi-machine").value) == attempt.machine_id
    again = page.sign_in("0001")
    assert again.status_code == 303
    assert not [line for line in again.headers.getlist("Set-Cookie") if "machine" in line], "the machine keeps its id"
    assert events(day, "0001") == ["signed_in"]
    assert failures(day) == 0


def test_under_tls_the_cookies_have_the_strictest_names(day: Day) -> None:
    client = day.candidate().client
    url = "https://thi.example"
    token = Page(client.get(PATH, base_url=url)).form(PATH).fields["csrf_token"]
    values = {"number": "0001", "code": day.built.codes["0001"], "csrf_token": token}
    answer = client.post(PATH, data=values, base_url=url, headers={"Referer": url + PATH})
    assert answer.status_code == 303
    own = [line for line in answer.headers.getlist("Set-Cookie") if "khaothi" in line]
    assert len(own) >= 2
    for line in own:
        assert line.startswith("__Host-khaothi-")
        assert "Secure" in line
        assert "Domain" not in line


def test_the_code_may_be_typed_as_people_type(day: Day) -> None:
    code = day.built.codes["0001"]
    for typed in (code.lower(), f" {code[:4]}-{code[4:8]} {code[8:]} ", code.replace("0", "o").replace("1", "l")):
        assert day.candidate().sign_in("0001", typed).status_code in (303, 409)
    assert day.attempt("0001").machine_id is not None
    assert failures(day) == 0


def test_a_wrong_code_is_noted_and_says_nothing(day: Day) -> None:
    codes = day.built.codes
    wrong = [
        ("0001", "0000-0000-0000"),
        ("0001", codes["0002"]),
        ("7777", codes["0001"]),
        ("0007", codes["0007"]),  # her sitting is not open yet
    ]
    pages = []
    for count, (number, code) in enumerate(wrong, start=1):
        candidate = day.candidate()
        answer = candidate.sign_in(number, code)
        assert answer.status_code == 401
        assert failures(day) == count
        assert candidate.client.get_cookie("khaothi-attempt") is None
        page = Page(answer)
        assert page.form(PATH).fields["number"] == number
        assert page.form(PATH).fields["code"] == ""
        pages.append(page.text)
    assert len(set(pages)) == 1, "number, code or sitting: the answer is the same"
    assert "giơ tay báo giám thị" in pages[0]
    assert day.attempt("0001").machine_id is None


def test_a_voided_attempt_opens_no_more_and_its_candidate_is_told(day: Day) -> None:
    attempt = day.attempt("0001")
    attempt.closed_at = attempt.voided_at = day.clock.now()
    attempt.closed_by = ClosedBy.VOIDED
    day.session.commit()
    answer = day.candidate().sign_in("0001")
    assert answer.status_code == 409
    assert "đã bị hủy" in Page(answer).text
    assert failures(day) == 0, "the code was right"
    assert day.candidate().sign_in("0001", "0000-0000-0000").status_code == 401


def test_guessing_is_slowed_down_for_this_number_at_this_address_only(day: Day) -> None:
    candidate = day.candidate()
    for _ in range(3):
        assert candidate.sign_in("0001", "0000-0000-0000").status_code == 401
    answer = candidate.sign_in("0001", "0000-0000-0000")
    assert answer.status_code == 429
    assert "Đã nhập sai nhiều lần. Chờ " in Page(answer).text
    assert failures(day) == 3, "a refused try is no guess"
    assert candidate.sign_in("0002", "0000-0000-0000").status_code == 401
    elsewhere = day.candidate()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "10.0.0.99"
    assert elsewhere.sign_in("0001", "0000-0000-0000").status_code == 401
    day.clock.advance(2)
    assert candidate.sign_in("0001", "0000-0000-0000").status_code == 401
    day.clock.advance(timedelta(minutes=11).total_seconds())
    assert candidate.sign_in("0001", "0000-0000-0000").status_code == 401


def test_a_neighbour_behind_the_same_address_keeps_nobody_out(day: Day) -> None:
    neighbour = day.candidate()
    for _ in range(10):
        neighbour.sign_in("0001", "0000-0000-0000")
    assert neighbour.sign_in("0001", "0000-0000-0000").status_code == 429
    assert day.candidate().sign_in("0001").status_code == 303, "the right code has no need to wait"


@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [
        ("", "K7QF-2M9T-XB4H", "Số báo danh gồm 3 đến 8 chữ số"),
        ("12", "K7QF-2M9T-XB4H", "Số báo danh gồm 3 đến 8 chữ số"),
        ("１２３４", "K7QF-2M9T-XB4H", "Số báo danh gồm 3 đến 8 chữ số"),
        ("0001\0", "K7QF-2M9T-XB4H", "Số báo danh gồm 3 đến 8 chữ số"),
        ("000a", "K7QF-2M9T-XB4H", "Số báo danh gồm 3 đến 8 chữ số"),
        ("0001", "K7QF-2M9T-XB4", "Mã còn thiếu 1 ký tự. Mã có 12 chữ và số."),
        ("0001", "", "Mã còn thiếu 12 ký tự."),
        ("0001", "K7QF-2M9T-XB4HA", "Mã thừa 1 ký tự."),
        ("0001", "K7QF-2M9T-XB4Đ", "Hãy tắt bộ gõ tiếng Việt rồi gõ lại."),
        ("0001", "K7QF-2M9T-XB4\0", ""),
    ],
)
def test_a_slip_is_named_and_is_no_failure(day: Day, number: str, code: str, sentence: str) -> None:
    candidate = day.candidate()
    page = candidate.browser.open(PATH)
    answer = candidate.browser.post(page, PATH, number=number, code=code)
    page = checked(answer, 422)
    alert = next(one for one in page.elements if one.attributes.get("role") == "alert")
    assert sentence in alert.text
    assert failures(day) == 0


@pytest.mark.parametrize(
    ("number", "code", "marked", "focused"),
    [
        ("12", "K7QF-2M9T-XB4H", {"number"}, "number"),
        ("0001", "K7QF-2M9T-XB4", {"code"}, "code"),
        ("0001", "0000-0000-0000", {"number", "code"}, "code"),
    ],
)
def test_only_what_is_wrong_is_marked(day: Day, number: str, code: str, marked: set[str], focused: str) -> None:
    page = Page(day.candidate().sign_in(number, code))
    assert _marked(page) == (marked, focused)


def test_the_right_code_at_a_second_machine_is_not_called_wrong(day: Day) -> None:
    assert _marked(day.candidate().browser.open(PATH)) == (set(), "number")
    day.candidate("0001")
    assert _marked(Page(day.candidate().sign_in("0001"))) == (set(), "code")


def _marked(page: Page) -> tuple[set[str], str]:
    """Return the names of the fields that are called wrong, and the one that has the focus."""
    inputs = page.all("input")
    marked = {one.attributes["name"] for one in inputs if one.attributes.get("aria-invalid") == "true"}
    return marked, next(one.attributes["name"] for one in inputs if "autofocus" in one.attributes)


def test_a_second_machine_is_sent_to_the_invigilator(day: Day) -> None:
    day.candidate("0001")
    machine = day.attempt("0001").machine_id
    second = day.candidate()
    answer = second.sign_in("0001")
    assert answer.status_code == 409
    assert "Bài này đang mở ở máy khác." in Page(answer).text
    assert second.client.get_cookie("khaothi-attempt") is None
    assert day.attempt("0001").machine_id == machine
    assert failures(day) == 0


def test_a_rehearsal_moves_by_itself_and_starts_at_the_sign_in(day: Day) -> None:
    first = day.candidate("0004")
    assert first.lease(1).json["lease"] == 1
    attempt = day.attempt("0004")
    assert attempt.starts_at == day.clock.now()
    assert attempt.closes_at == day.clock.now() + timedelta(minutes=60)
    day.clock.advance(60)
    second = day.candidate("0004")
    assert second.lease(2).json["lease"] >= 2
    assert first.lease(1).status_code == 409
    assert day.attempt("0004").starts_at == attempt.starts_at
    day.clock.advance(3600)
    assert second.sign_in("0004").status_code == 303
    assert day.attempt("0004").try_number == 2, "the time was over: a new try"


def test_a_rehearsal_has_no_more_tries_than_the_settings_say(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    site = day.built.app.extensions["examapp"]
    bounded = replace(site, settings=replace(site.settings, rehearsal_tries=1))
    monkeypatch.setitem(day.built.app.extensions, "examapp", bounded)
    page = day.candidate("0004")
    day.clock.advance(3601)
    answer = page.sign_in("0004")
    assert answer.status_code == 409
    assert "Ca thi thử cho mỗi thí sinh làm 1 lần; anh/chị đã làm đủ" in Page(answer).text
    assert day.attempt("0004").try_number == 1


def test_a_wrong_code_shows_at_the_seat_in_its_own_sitting_only(day: Day) -> None:
    day.candidate().sign_in("9001", "0000-0000-0000")
    day.candidate().sign_in("0001", "0000-0000-0000")
    shown = {at: day.browser(INVIGILATOR).open(day.path(at)).text.count("1 lần sai mã") for at in (At.READY, At.SEALED)}
    assert shown == {At.READY: 1, At.SEALED: 0}
    stored = day.session.scalars(select(SignInFailure.sitting_ids)).all()
    assert sorted(stored) == sorted([[day.built.sittings[At.ELSEWHERE]], [day.built.sittings[At.READY]]])


def test_it_needs_the_forgery_token_and_its_own_methods(day: Day) -> None:
    client = day.candidate().client
    values = {"number": "0001", "code": day.built.codes["0001"]}
    assert client.post(PATH, data=values).status_code == 400
    assert client.put(PATH, data=values).status_code == 405
    assert day.attempt("0001").machine_id is None


def test_the_page_speaks_english(day: Day) -> None:
    page = day.candidate().browser.open(f"{PATH}?lang=en")
    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.heading != "Vào phòng thi"
