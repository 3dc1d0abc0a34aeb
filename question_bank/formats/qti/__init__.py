"""QTI 2.1, 2.2 and 3.0 (https://www.1edtech.org/standards/qti): single items and packages.

The reader understands the interactions that are exactly a kind of ours and names every other one. The writer makes a
package: one item a question, pictures as files, and beside each item its metadata in the names of the native form.
"""

import io
import posixpath
import zipfile
from collections.abc import Collection, Mapping

from question_bank.formats.decoding import Refusal
from question_bank.formats.found import judge_all
from question_bank.formats.qti.package import MANIFEST, Package, single_item
from question_bank.formats.qti.write import CARRIES, write
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.zip_guard import open_archive

__all__ = ["CARRIES", "looks_like", "read", "write"]

_ZIP = b"PK"
_SEEN = 8192
_ROOTS = (b"imsqti_v2p", b"imsqti_item_v2p", b"imsqtiasi_v3p", b"qti-assessment-", b"<assessmentItem")


def read(
    data: bytes, file_name: str, *, defaults: Mapping[str, str] | None = None, required: Collection[str] = ()
) -> ReadResult:
    """Return the questions of an item or a package; never raises, whatever the bytes."""
    try:
        if data.startswith(_ZIP):
            package = Package(open_archive(data), len(data))
            found, noticed = package.found(), package.noticed
        else:
            found, noticed = single_item(data)
    except Refusal as refused:
        return file_refused(refused.problem, file_name)
    return judge_all(found, file_name, defaults=defaults, required=required, noticed=noticed, unit="question")


def looks_like(data: bytes) -> bool:
    """Say whether some bytes are a QTI item or a package with a manifest of QTI resources."""
    if not data.startswith(_ZIP):
        head = data[:_SEEN].replace(b"\0", b"")  # of UTF-16
        return any(root in head for root in _ROOTS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if posixpath.basename(name).lower() == MANIFEST]
            name = min(names, key=lambda one: one.count("/"), default=None)
            if name is None:
                return False
            with archive.open(name) as manifest:
                return b"imsqti" in manifest.read(_SEEN * 128)
    except Exception:
        # An archive may be broken in more ways than zipfile has exceptions for.
        return False
