"""Word documents (.docx): question banks as councils type them, and documents of ours to print and edit.

How a bank is understood stands in docs/formats.md; ``word.read`` and ``word.write`` are the two halves.
"""

import io
import zipfile

from question_bank.formats.word.read import read
from question_bank.formats.word.write import CARRIES, write

__all__ = ["CARRIES", "looks_like", "read", "write"]

_MAIN = "word/document.xml"


def looks_like(data: bytes) -> bool:
    """Say whether some bytes are a Word document, by the names of its parts."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _MAIN in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
