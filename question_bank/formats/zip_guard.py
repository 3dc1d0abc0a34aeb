"""ZIP archives from strangers (Word files, QTI packages): unpacked under limits, whatever sizes they claim."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from question_bank.errors import N_, Problem, error
from question_bank.formats.decoding import Refusal, check_size

__all__ = ["Archive", "open_archive"]

#: A package of QTI has two parts for each question.
MAX_ENTRIES = 50_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PART = 60 * 1024 * 1024
#: Real parts compress 10 to 20 times; only those that unpack above ``_SMALL`` are measured by it.
MAX_RATIO = 200
_SMALL = 1024 * 1024
_CHUNK = 256 * 1024
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError, ValueError)


class Archive:
    """The parts of an archive by name, each unpacked when it is asked for, all of them under one limit."""

    def __init__(self, source: zipfile.ZipFile) -> None:
        self._source = source
        self._entries = {entry.filename: entry for entry in source.infolist()}
        self._room = MAX_UNPACKED

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        """Give the names of the parts in their order, without folders and what macOS adds."""
        for name in self._entries:
            if not name.endswith("/") and not name.startswith("__MACOSX/") and not _is_hidden(name):
                yield name

    def read(self, name: str) -> bytes:
        """Return the content of a part; raises KeyError when there is none, Refusal when it is too much or broken."""
        entry = self._entries[name]
        parts: list[bytes] = []
        size = 0
        try:
            with self._source.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > min(self._room, MAX_PART) or (
                        size > _SMALL and size > MAX_RATIO * max(entry.compress_size, 1)
                    ):
                        raise Refusal(_too_much())
                    parts.append(chunk)
        except _BROKEN as broken:
            raise Refusal(archive_broken()) from broken
        self._room -= size
        return b"".join(parts)

    def resolve(self, base: str, address: str) -> str | None:
        """Return the part that an address inside the part ``base`` means, None when it is outside or not there."""
        name = posixpath.normpath(posixpath.join(posixpath.dirname(base), address.partition("#")[0].partition("?")[0]))
        return name if name in self._entries else None


def open_archive(data: bytes) -> Archive:
    """Return the archive in some bytes; raises Refusal for a broken one, too many parts, or two of one name.

    Two parts of one name could mean one thing to the reader that checks and another to the one that reads.
    """
    check_size(data)
    try:
        source = zipfile.ZipFile(io.BytesIO(data))
        names = [entry.filename for entry in source.infolist()]
    except _BROKEN as broken:
        raise Refusal(archive_broken()) from broken
    if len(names) > MAX_ENTRIES:
        raise Refusal(_too_much())
    if len(set(names)) != len(names):
        raise Refusal(archive_broken())
    return Archive(source)


def archive_broken() -> Problem:
    """Return the problem of an archive that cannot be opened."""
    return error("archive_broken", N_("tệp bị hỏng, có mật khẩu hoặc tải chưa hết; hãy lưu lại rồi thử lại."))


def _too_much() -> Problem:
    message = N_("tệp bung ra lớn bất thường nên không được đọc; hãy chép các câu hỏi sang một tệp mới.")
    return error("archive_too_much", message)


def _is_hidden(name: str) -> bool:
    return posixpath.basename(name).startswith("._") or posixpath.basename(name) in (".DS_Store", "Thumbs.db")
