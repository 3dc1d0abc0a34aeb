"""Files as answers: saved under their own name, with their own type, and never kept by anything between."""

from urllib.parse import unquote

import pytest
from flask import Flask

from examapp.core.files import CSV, PDF
from examapp.web import security
from examapp.web.downloads import download


@pytest.fixture
def app() -> Flask:
    app = Flask("test")
    security.init_app(app, trusted_proxies=0)
    app.add_url_rule("/tep", "csv", lambda: download("đỏ".encode(), "Kết quả “CA1”.csv", CSV))
    app.add_url_rule("/thu", "pdf", lambda: download(b"%PDF", "../../etc/pass\r\nX-Evil: 1.pdf", PDF))
    return app


def test_a_name_may_hold_any_letters(app: Flask) -> None:
    answer = app.test_client().get("/tep")
    named = answer.headers["Content-Disposition"]
    assert named.startswith("attachment; ")
    assert unquote(named.partition("filename*=UTF-8''")[2]) == "Kết quả -CA1-.csv"
    assert answer.data == "đỏ".encode()
    assert answer.headers["Content-Type"] == CSV
    assert answer.headers["Content-Length"] == str(len(answer.data))


def test_a_name_is_no_path_and_no_header(app: Flask) -> None:
    answer = app.test_client().get("/thu")
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pass--X-Evil- 1.pdf"'


def test_nothing_guesses_its_type_and_nothing_keeps_it(app: Flask) -> None:
    answer = app.test_client().get("/tep")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers
