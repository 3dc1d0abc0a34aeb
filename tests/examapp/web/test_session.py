"""The way back after sign-in stays on this site."""

import pytest

from examapp.web.session import is_local_path


@pytest.mark.parametrize("path", ["/", "/ca-thi/1?trang=2&x=a%20b", "/kỳ-thi", "/a//b", "/@evil.example"])
def test_paths_of_this_site(path: str) -> None:
    assert is_local_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "//evil.example",
        "///evil",
        "/\\evil",
        "\\\\evil",
        "/\t/evil",
        "/\n/evil",
        "http://evil",
        "/a b",
        "/a\\b",
    ],
)
def test_everything_else(path: str) -> None:
    assert not is_local_path(path)
