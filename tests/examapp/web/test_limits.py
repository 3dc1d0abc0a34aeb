"""Bodies are measured before they are read; limits in this test: forms 2,000 bytes, files 10,000."""

from io import BytesIO

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.examapp.web.conftest import Probe


class Unreadable(BytesIO):
    """A body that must not be touched."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readlines = readinto = read  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/ghi/1/200", 2000, 200),
        ("/ghi/1/200", 2001, 413),
        ("/tep", 10_000, 200),
        ("/tep", 10_001, 413),
        ("/khong-co", 2001, 413),
        ("/khong-co", 10, 404),
    ],
)
def test_the_limit_is_that_of_the_view(trial: Probe, path: str, size: int, status: int) -> None:
    answer = trial.client().post(path, data=b"x" * size, content_type="application/octet-stream")
    assert answer.status_code == status
    if status == 413:
        assert "Chia tệp nhỏ hơn" in answer.text


@pytest.mark.parametrize(
    ("method", "length", "chunked", "status"),
    [
        ("POST", "2001", False, 413),
        ("POST", None, False, 411),
        ("POST", "", False, 411),
        ("POST", "-1", False, 411),
        ("POST", "+5", False, 411),
        ("POST", "١٠", False, 411),
        ("POST", "10", True, 411),
        ("GET", None, True, 411),
        ("GET", "3000", False, 413),
    ],
)
def test_a_refused_body_is_never_read(
    trial: Probe, method: str, length: str | None, chunked: bool, status: int
) -> None:
    environ = EnvironBuilder("/ghi/1/200", method=method).get_environ()
    environ.pop("CONTENT_LENGTH", None)
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    if chunked:
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    environ["wsgi.input"] = Unreadable()
    _body, answered, _headers = run_wsgi_app(trial.app, environ)
    assert answered.startswith(str(status))
    assert trial.marks() == []


def test_a_page_without_a_body_needs_no_length(trial: Probe) -> None:
    assert trial.client().get("/dang-nhap").status_code == 200
