"""Vietnamese first; English when it is asked for, remembered in a cookie; the catalogue complete."""

import pytest
from flask import render_template_string

from examapp.core.errors import Conflict
from examapp.web.language import other_languages, told, translate
from scripts.translate import LOCALES, compile_catalogue, faults
from tests.examapp.web.conftest import Probe
from tests.pages import Page


@pytest.fixture(autouse=True)
def _compiled() -> None:
    for locale in LOCALES:
        compile_catalogue(locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_is_complete(locale: str) -> None:
    assert list(faults(locale)) == [], "run scripts/translate.py extract and fill in what is empty"


def test_a_placeholder_may_have_any_name(trial: Probe) -> None:
    with trial.app.test_request_context("/"):
        assert translate("ô ghi “%(text)s”", text="#REF!") == "ô ghi “#REF!”"


def test_a_browser_that_prefers_english_still_gets_vietnamese(trial: Probe) -> None:
    page = Page(trial.client().get("/dang-nhap", headers={"Accept-Language": "en"}))
    assert page.heading == "Đăng nhập"


def test_english_is_remembered_until_vietnamese_is_asked_for(trial: Probe) -> None:
    client = trial.client()
    assert Page(client.get("/dang-nhap?lang=en")).heading == "Sign in"
    assert Page(client.get("/dang-nhap")).heading == "Sign in"
    assert Page(client.get("/khong-co")).heading == "Page not found"
    assert Page(client.get("/dang-nhap?lang=vi")).heading == "Đăng nhập"
    assert Page(client.get("/dang-nhap")).heading == "Đăng nhập"
    assert Page(client.get("/dang-nhap?lang=xx")).heading == "Đăng nhập"


def test_the_other_language_of_a_page_keeps_what_the_page_was_asked_for(trial: Probe) -> None:
    with trial.app.test_request_context("/nhat-ky/?scope=exam:1&before=20&q=a%26b&q=%22%3E&lang=vi"):
        (address,) = [address for _, _, address in other_languages()]
        assert address == "?scope=exam%3A1&before=20&q=a%26b&q=%22%3E&lang=en"
    page = Page(trial.client().get("/dang-nhap?next=%2Fca-thi"))
    assert [one.attributes["href"] for one in page.all("a") if one.attributes.get("hreflang")] == [
        "?next=%2Fca-thi&lang=en"
    ]


def test_errors_are_translated_at_the_edge(trial: Probe) -> None:
    error = Conflict("name_taken", "Tên đăng nhập %(name)s đã có người dùng.", name="lan")
    with trial.app.test_request_context("/?lang=en"):
        assert told(error) == "The user name lan is taken."
        assert told("Không có ở đâu cả") == "Không có ở đâu cả", "what is in no catalogue stays as it is"
    with trial.app.test_request_context("/"):
        assert told(error) == "Tên đăng nhập lan đã có người dùng."


def test_a_per_cent_sign_is_only_a_sign(trial: Probe) -> None:
    with trial.app.test_request_context("/"):
        assert translate("50 % số câu") == "50 % số câu"
        assert translate(None) == ""
        assert render_template_string("{{ '7 %' | tr }} {{ _('8 %%') }}") == "7 % 8 %"
