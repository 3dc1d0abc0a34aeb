"""A file as an answer: the browser saves it under its own name and never runs or shows it as a page of this site.

`nosniff` and `no-store` stand on every answer (web/security.py).
"""

import io

from flask import send_file
from werkzeug.wrappers import Response

from examapp.core.files import safe_name


def download(data: bytes, name: str, media_type: str) -> Response:
    """Return the bytes as a file to be saved as `name`, which may hold any letters."""
    answer = send_file(
        io.BytesIO(data),
        as_attachment=True,
        download_name=safe_name(name),
        conditional=False,
        etag=False,
        max_age=0,
    )
    # set here, or the library would add a second character set to a text's
    answer.headers["Content-Type"] = media_type
    return answer
