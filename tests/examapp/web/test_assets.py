"""Built files are kept for ever, packed when the browser can unpack, and nothing else of the disk is served."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from examapp.web import assets
from tests.examapp.web.conftest import Probe


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "staff.0a1b.css").write_text("body{}")
    (folder / "staff.0a1b.css.gz").write_bytes(gzip.compress(b"body{}", mtime=0))
    (folder / "font.9f.woff2").write_bytes(b"wOF2")
    (folder / "manifest.json").write_text(json.dumps({"staff.css": "staff.0a1b.css", "mark.svg": "mark.svg"}))
    (tmp_path / "secret.gz").write_bytes(b"secret")
    (tmp_path / "secret").write_bytes(b"secret")
    monkeypatch.setattr(assets, "FOLDER", folder)
    assets.manifest.cache_clear()
    yield folder
    assets.manifest.cache_clear()


def test_names_carry_the_content(trial: Probe, built: Path) -> None:
    with trial.app.test_request_context():
        assert assets.asset("staff.css") == "/static/dist/staff.0a1b.css"
        with pytest.raises(KeyError):
            assets.asset("staf.css")


@pytest.mark.parametrize(("accepts", "packed"), [("gzip, br", True), ("br", False), ("", False)])
def test_packed_for_whoever_can_unpack(trial: Probe, built: Path, accepts: str, packed: bool) -> None:
    answer = trial.client().get("/static/dist/staff.0a1b.css", headers={"Accept-Encoding": accepts}, buffered=True)
    assert (gzip.decompress(answer.data) if packed else answer.data) == b"body{}"
    assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_fonts_go_as_they_are(trial: Probe, built: Path) -> None:
    answer = trial.client().get("/static/dist/font.9f.woff2", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.data == b"wOF2"


@pytest.mark.parametrize("name", ["../secret", "..%2fsecret", "%2e%2e/secret", "khong-co.css", "/etc/passwd"])
def test_nothing_else_is_served(trial: Probe, built: Path, name: str) -> None:
    answer = trial.client().get(f"/static/dist/{name}", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.status_code in (404, 308)
    assert b"secret" not in answer.data
