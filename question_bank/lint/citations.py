"""Finding repealed documents in texts, by their full number, a short one, or title and year."""

import re
from collections.abc import Iterator
from datetime import date

from question_bank.lint.legal_sources import REPEALED, Repealed, abbreviations
from question_bank.questions.text import fold

__all__ = ["is_about_change", "repealed_in"]

_YEAR = re.compile(r"(?:19|20)\d\d")
_DASH = re.compile(r"\s*[-–—]\s*")
_FULL = re.compile(r"(?<![\d/])0*(\d{1,4})\s*/\s*(\d{4})\s*/\s*([a-z]+\d*(?:-[a-z]+\d*)*)")
#: "Nghị định 24/2010", "NĐ số 24/2010"; the government counts its decrees through the year, so this is enough.
_DECREE = re.compile(r"\b(?:nd|nghi dinh)(?: so)? 0*(\d{1,4})/(\d{4})(?![\d/])")
#: "Luật NSNN 83/2015"; but "ngày 13/11/2008" and "tháng 11/2008" are dates.
_LAW = re.compile(r"\bluat\b[^\d;:.?!()]{1,60}?(?<!thang )(?<!ngay )\b0*(\d{1,3})/(\d{4})(?![\d/])")
_CHANGE = re.compile(
    r"\b(?:thay the|bai bo|het hieu luc|so voi|truoc day|lich su|diem moi|khong con|cu|truoc khi|ra doi|ban dau"
    r"|thay doi)\b"
)


def repealed_in(text: str, today: date) -> Iterator[Repealed]:
    """Give the documents cited in a text that are not in force today, each once, in the order of the table."""
    if _YEAR.search(text) is None:
        return
    folded = _DASH.sub("-", fold(text))
    found = {_number_key(*match.groups()) for match in _FULL.finditer(folded)}
    found |= {_number_key(match.group(1), match.group(2), "nd-cp") for match in _DECREE.finditer(folded)}
    found |= {_number_key(match.group(1), match.group(2), "law") for match in _LAW.finditer(folded)}
    words = " ".join(re.sub(r"[^\w/]+", " ", folded).split())
    found |= {f"{match.group(1)} {match.group(2)}" for match in _TITLE.finditer(words)}
    documents = {_INDEX[key].number: _INDEX[key] for key in found if key in _INDEX}
    for document in REPEALED:
        if document.number in documents and document.repealed_on <= today:
            yield document


def is_about_change(text: str) -> bool:
    """Say whether a text speaks about one document taking the place of another: there the old one belongs."""
    return _CHANGE.search(fold(text)) is not None


def _number_key(number: str, year: str, issuer: str) -> str:
    return f"{int(number)}/{year}/{issuer}"


def _names(document: Repealed) -> Iterator[str]:
    """Give the ways in which a title is written, folded and without punctuation."""
    title = " ".join(re.sub(r"\W+", " ", fold(document.title)).split())
    if document.number.startswith("Hiến pháp"):
        yield "hien phap"
        return
    if title in ("nghi dinh", "thong tu"):
        return
    yield title
    for words, short in abbreviations.items():
        if words in title:
            yield title.replace(words, short)


def _index() -> dict[str, Repealed]:
    found: dict[str, Repealed] = {}
    for document in REPEALED:
        if (match := _FULL.fullmatch(fold(document.number))) is not None:
            number, year, issuer = match.groups()
            found[_number_key(number, year, issuer)] = document
            if issuer.startswith("qh"):
                found[_number_key(number, year, "law")] = document
        for name in _names(document):
            found.setdefault(f"{name} {document.adopted}", document)
    # Two laws of this title were adopted in 2025, one of them in force.
    for name in ("luat to chuc chinh quyen dia phuong 2025", "luat tccqdp 2025"):
        found.pop(name, None)
    return found


_INDEX = _index()
_TITLES = sorted({name for document in REPEALED for name in _names(document)}, key=len, reverse=True)
_TITLE = re.compile(
    rf"\b({'|'.join(_TITLES)})(?: viet nam)?(?: so \d+/\d{{4}}/\w+)?"
    r"(?: ban hanh)?(?: nam| ngay \d{1,2} thang \d{1,2} nam| ngay \d{1,2}/\d{1,2}/)?\s?((?:19|20)\d\d)\b(?!/)"
)
