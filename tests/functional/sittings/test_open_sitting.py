"""Opening the paper with its code: a wrong code is told on the same page, and never without a secure connection."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from examapp.core.jobs import JobProgress
from examapp.delivery.jobs import DRAW_PAPERS
from examapp.sittings.models import SittingState
from examapp.sittings.queries import active_package, opening_of
from tests.cast import CHAIR, COORDINATOR, SECRETARY, STRANGER
from tests.functional.exam_day import PUBLIC_VALUE, WITNESSES, At, Day, checked

DEED = "/mo-de"


def opened(day: Day, at: At = At.VALUED) -> bool:
    """Say whether the paper is open."""
    package = active_package(day.session, day.sitting(at).id)
    opening = opening_of(day.session, package.id) if package else None
    return opening is not None and opening.opened_at is not None


def test_it_works_and_asks_for_the_draw(day: Day) -> None:
    browser = day.browser(CHAIR)
    frozen = day.built.frozen[At.VALUED]
    page = browser.open(day.path(At.VALUED))
    assert "key_code" not in page.form(day.path(At.VALUED, DEED)).fields, "the keys stay shut in a real sitting"
    typed = f" {frozen.paper_code.lower().replace('-', ' ')} "
    page = browser.submit(page, day.path(At.VALUED, DEED), confirm_open="y", paper_code=typed)
    assert "Đã mở đề." in page.text
    assert "Máy chủ đang rút đề cho từng thí sinh" in page.text
    assert day.sitting(At.VALUED).state is SittingState.OPENING
    assert opened(day)
    job = day.session.scalars(select(JobProgress).where(JobProgress.kind == DRAW_PAPERS)).all()[-1]
    assert job.subject == str(day.built.sittings[At.VALUED])
    assert not [details for _, details in day.events(At.VALUED) if frozen.paper_code in details]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Nhập mã mở đề."),
        ("XXXX", "ký tự"),
        ("other", ""),
        ("key", ""),
    ],
)
def test_a_wrong_code_is_told_on_the_same_page_and_nothing_changes(day: Day, code: str, sentence: str) -> None:
    frozen = day.built.frozen
    typed = {"other": frozen[At.FROZEN].paper_code, "key": frozen[At.VALUED].key_code}.get(code, code)
    browser = day.browser(CHAIR)
    page = browser.submit(
        browser.open(day.path(At.VALUED)), day.path(At.VALUED, DEED), status=422, confirm_open="y", paper_code=typed
    )
    assert page.heading == "Ca thi KT26 · CA3"
    refusal = next(one for one in page.elements if "note--bad" in one.attributes.get("class", ""))
    assert sentence in refusal.text
    assert day.sitting(At.VALUED).state is SittingState.FROZEN
    assert not opened(day)
    page = browser.submit(page, day.path(At.VALUED, DEED), confirm_open="y", paper_code=frozen[At.VALUED].paper_code)
    assert "Đã mở đề." in page.text


def test_a_programmed_sitting_does_not_open_over_plain_http_from_the_network(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = day.browser(CHAIR)
    site = day.built.app.extensions["examapp"]
    shown = replace(site, settings=replace(site.settings, host="0.0.0.0"))
    monkeypatch.setitem(day.built.app.extensions, "examapp", shown)
    code = day.built.frozen[At.VALUED].paper_code
    page = browser.open(day.path(At.VALUED))
    page = browser.submit(page, day.path(At.VALUED, DEED), status=409, confirm_open="y", paper_code=code)
    assert "Máy chủ chưa chạy HTTPS nên không mở được ca thi chính thức." in page.text
    assert not opened(day)
    assert day.sitting(At.VALUED).state is SittingState.FROZEN


def test_a_rehearsal_needs_both_codes(day: Day) -> None:
    browser = day.browser(CHAIR)
    sitting = day.sitting(At.FROZEN)
    sitting.mode, sitting.exclusive = type(sitting.mode).REHEARSAL, False
    day.session.commit()
    path = day.path(At.FROZEN)
    values = {"public_value": PUBLIC_VALUE, "repeated": PUBLIC_VALUE, "witness_names": WITNESSES, "confirm_value": "y"}
    page = browser.submit(browser.open(path), f"{path}/so-rut", **values)
    frozen = day.built.frozen[At.FROZEN]
    page = browser.submit(page, path + DEED, status=422, confirm_open="y", paper_code=frozen.paper_code)
    assert "Ca thi thử cần cả mã đáp án" in page.text
    page = browser.submit(page, path + DEED, confirm_open="y", paper_code=frozen.paper_code, key_code=frozen.key_code)
    assert "Đã mở đề." in page.text


def test_twice_and_too_early_are_refused_on_the_page(day: Day) -> None:
    browser = day.browser(CHAIR)
    page = browser.open(day.path(At.VALUED))
    code = day.built.frozen[At.VALUED].paper_code
    browser.submit(page, day.path(At.VALUED, DEED), confirm_open="y", paper_code=code)
    again = browser.submit(page, day.path(At.VALUED, DEED), status=409, confirm_open="y", paper_code=code)
    assert "Tải lại trang để xem bước hiện tại." in again.text
    assert [action for action, _ in day.events(At.VALUED)].count("sittings.paper_opened") == 1
    typed = {"confirm_open": "y", "paper_code": day.built.frozen[At.FROZEN].paper_code}
    data = {**page.form(day.path(At.VALUED, DEED)).fields, **typed}
    early = checked(browser.client.post(day.path(At.FROZEN, DEED), data=data), 409)
    assert "Ghi số rút công khai trước, rồi mới nhập mã mở đề." in early.text


def test_only_the_chair_may(day: Day) -> None:
    values: dict[str, Any] = {"confirm_open": "y", "paper_code": day.built.frozen[At.VALUED].paper_code}
    for person in (SECRETARY, COORDINATOR):
        day.refuses(At.VALUED, person, DEED, 403, **values)
        assert not [form for form in day.browser(person).open(day.path(At.VALUED)).forms() if DEED in form.action]
    day.refuses(At.VALUED, STRANGER, DEED, 404, **values)
    assert day.browser(CHAIR).client.get(day.path(At.VALUED, DEED)).status_code == 405
    assert day.candidate().client.post(day.path(At.VALUED, DEED), data=values).status_code == 400
    assert not opened(day)
