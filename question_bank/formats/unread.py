"""Columns and keys with content that no field was read from: they are named, so that nothing is lost in silence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from question_bank.errors import N_, Problem, warning
from question_bank.formats.drafts import FLAG_KEYS, TEXT_KEYS, BrokenRow, RawRow, is_markup, lookup
from question_bank.formats.mapping import OPTION_FIELDS, FieldMapping, header_words

__all__ = ["OUR_NOTES", "unread_columns"]

#: what we write beside refused rows for the person who mends them: what is wrong, and the row in the older file
OUR_NOTES = ("Vấn đề cần sửa", "Dòng trong tệp cũ")

#: Running numbers carry no content; "" is a column of the sheet without letters in its header.
_NUMBERING = ("stt", "tt", "no", "")
_SHOWN = 20


def unread_columns(rows: Sequence[RawRow | BrokenRow], mapping: FieldMapping) -> list[Problem]:
    """Return one warning that names the columns with content that no field was read from, or nothing."""
    columns = mapping.columns
    # With a list of options the single columns are not looked at.
    read = {column for name, column in columns.items() if name not in OPTION_FIELDS or "options" not in columns}
    read.update(OUR_NOTES)
    unread: dict[str, None] = {}
    for raw in rows:
        if isinstance(raw, RawRow):
            unread.update(dict.fromkeys(_unread(raw.values, read)))
            unread.update(dict.fromkeys(_unread_of_options(raw.values, columns.get("options"))))
    names = [name for name in unread if header_words(name) not in _NUMBERING or name.startswith("(")]
    if not names:
        return []
    shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    return [warning("columns_unused", N_("không đọc các cột: %(columns)s."), columns=shown)]


def _unread(values: Mapping[str, object], read: Iterable[str], path: str = "") -> Iterator[str]:
    """Return the names of filled values, nested ones with their path, when a column goes into their group."""
    for name, value in values.items():
        whole = f"{path}{name}"
        if whole in read or value in (None, "", [], {}):
            continue
        if isinstance(value, Mapping) and any(column.startswith(f"{whole}.") for column in read):
            yield from _unread(value, read, f"{whole}.")
        else:
            yield whole


def _unread_of_options(values: Mapping[str, object], column: str | None) -> Iterator[str]:
    """Return the names of what stands at single options beside their text and flag, such as an explanation."""
    options = lookup(values, column) if column else None
    for option in options if isinstance(options, list) else ():
        if isinstance(option, Mapping) and not is_markup(option):
            known = (*TEXT_KEYS, *FLAG_KEYS)
            yield from (f"{column}.{name}" for name, value in option.items() if value and name not in known)
