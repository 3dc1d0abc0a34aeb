"""Built files: named by their content, so a browser keeps them for ever and an exam day never sees an old one.

`scripts/build_static.py` writes them with `manifest.json` (plain name -> hashed name) and a gzip twin beside each text.
"""

import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

from examapp.web.guards import public

FOLDER = Path(__file__).resolve().parent.parent / "static" / "dist"
A_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    """Serve the built files and give templates `asset(name)`."""
    app.add_url_rule("/static/dist/<path:name>", endpoint="static", view_func=send_asset)
    app.jinja_env.globals["asset"] = asset


@cache
def manifest() -> dict[str, str]:
    """Return the table of hashed names; empty before the first build."""
    path = FOLDER / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def asset(name: str) -> str:
    """Return the address of a built file; an unknown name is an error, a missing build is not."""
    names = manifest()
    return url_for("static", name=names[name] if names else name)


@public
def send_asset(name: str) -> Response:
    """Send a built file to anybody, compressed when the browser can unpack it."""
    twin = FOLDER / f"{name}.gz"
    packed = "gzip" in request.headers.get("Accept-Encoding", "") and twin.is_relative_to(FOLDER) and twin.is_file()
    response = send_from_directory(FOLDER, f"{name}.gz" if packed else name, max_age=A_YEAR)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
        response.mimetype = _mimetype(name)
    return response


def _mimetype(name: str) -> str:
    return {"css": "text/css", "js": "text/javascript", "json": "application/json", "svg": "image/svg+xml"}.get(
        name.rsplit(".", 1)[-1], "application/octet-stream"
    )
