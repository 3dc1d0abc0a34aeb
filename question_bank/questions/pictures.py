"""Pictures inside questions: checked by their content, carried as ``data:`` addresses so that none is ever missing."""

import base64
import binascii
import io
import warnings

from PIL import Image, UnidentifiedImageError

__all__ = ["MAX_PICTURE_BYTES", "MAX_PICTURE_SIDE", "PictureRefused", "picture_bytes", "picture_uri"]

#: One question may hold several; together they are limited by ``MAX_MARKUP``.
MAX_PICTURE_BYTES = 2 * 1024 * 1024
#: In pixels; a scanned page at 600 dpi has 4,960 × 7,016.
MAX_PICTURE_SIDE = 8_000

#: What every browser shows and what cannot hold a program; SVG can.
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


class PictureRefused(ValueError):
    """A picture that is none, is of a kind that is not shown, or is too large; the argument says which."""


def picture_uri(data: bytes) -> str:
    """Return the address that holds a picture; raises PictureRefused ("none", "kind", "large")."""
    return f"data:{_media_type(data)};base64,{base64.b64encode(data).decode()}"


def picture_bytes(uri: str) -> tuple[str, bytes]:
    """Return the media type and the bytes of an address made by ``picture_uri``; raises PictureRefused."""
    head, _, body = uri.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        raise PictureRefused("none")
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as broken:
        raise PictureRefused("none") from broken
    return _media_type(data), data


def _media_type(data: bytes) -> str:
    if len(data) > MAX_PICTURE_BYTES:
        raise PictureRefused("large")
    try:
        with warnings.catch_warnings():
            # Only the header is read; whoever claims a billion pixels is refused below by the size.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=[*_TYPES, "BMP", "TIFF"]) as picture:
                media_type, size = _TYPES.get(picture.format or ""), picture.size
    except Image.DecompressionBombError as bomb:
        raise PictureRefused("large") from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as broken:
        raise PictureRefused("none") from broken
    if media_type is None:
        raise PictureRefused("kind")
    if max(size) > MAX_PICTURE_SIDE:
        raise PictureRefused("large")
    return media_type
