"""File formats: readers and writers of questions; each read ends in a ReadResult with numbered problems."""

from question_bank.formats import foreign_json, native, xlsx
from question_bank.formats.mapping import FieldMapping, guess_mapping
from question_bank.formats.reading import Preview, preview, read_any, weight
from question_bank.formats.registry import FORMATS, Format, sniff
from question_bank.formats.report import ReadResult, RefusedRow
from question_bank.formats.written import Carries, Written

__all__ = [
    "FORMATS",
    "Carries",
    "FieldMapping",
    "Format",
    "Preview",
    "ReadResult",
    "RefusedRow",
    "Written",
    "foreign_json",
    "guess_mapping",
    "native",
    "preview",
    "read_any",
    "sniff",
    "weight",
    "xlsx",
]
