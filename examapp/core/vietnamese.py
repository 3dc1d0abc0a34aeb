"""Vietnamese text made comparable in Python: search without accents, names sorted by given name.

Here and not in the database: with `C` collation PostgreSQL lowers "ĐẠI HỌC" wrongly, and sorts Ánh after Zoo (decision
24).
"""

import unicodedata

#: the 29 letters in dictionary order, then the four foreign ones beside their neighbours
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: index for index, letter in enumerate(_ALPHABET, start=1)}
#: ngang huyền hỏi ngã sắc nặng
_TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def fold(text: str) -> str:
    """Return `text` in lower case without accents, spaces collapsed; đ becomes d, which NFD alone would not do."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(bare.split())


def name_sort_key(full_name: str) -> str:
    """Return a plain ASCII key that orders full names by given name, then middle, then family name.

    Letters decide first, tones second, as Vietnamese dictionaries do; the key sorts right under any collation of
    digits.
    """
    words = unicodedata.normalize("NFC", full_name).lower().split()
    ordered = words[-1:] + words[:-1]
    return " ".join(_word_key(word) for word in ordered)


def _word_key(word: str) -> str:
    letters, tones = [], []
    for character in word:
        base, tone = _split_tone(character)
        letters.append(f"{_LETTER_RANK.get(base, 90):02d}")
        tones.append(str(tone))
    return "".join(letters) + "." + "".join(tones)


def _split_tone(character: str) -> tuple[str, int]:
    decomposed = unicodedata.normalize("NFD", character)
    tone = next((_TONE_RANK[mark] for mark in decomposed if mark in _TONE_RANK), 0)
    bare = "".join(mark for mark in decomposed if mark not in _TONE_RANK)
    return unicodedata.normalize("NFC", bare), tone
