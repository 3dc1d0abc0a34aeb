"""Bring a file of questions into the bank: keep it, join its columns, preview it with numbered problems, mend rows,
apply the good ones, undo.

Nothing is dropped in silence: every row of the file is kept with what was read, and is accepted, warned or refused by
name.
"""

from examapp.bank.imports.applying import apply_import
from examapp.bank.imports.reading import FileRefused, preview_import

__all__ = ["FileRefused", "apply_import", "preview_import"]
