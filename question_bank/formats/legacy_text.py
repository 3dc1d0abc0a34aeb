"""Vietnamese text from before Unicode: which old encoding a file is in, found out from the bytes alone.

Four encodings are told apart. windows-1252 is western and holds no Vietnamese. windows-1258 writes most tones as a mark
after the vowel. TCVN3, of the ABC fonts (.VnTime), has one byte for a letter; its capitals with tones exist only in
fonts of their own (.VnTimeH), which draw the bytes of the small letters, so a file does not tell "à" from "À". VNI, of
the VNI fonts (VNI-Times), writes a vowel and then one byte for circumflex, breve and tone together.

Everything is worked out on the characters that windows-1252 has for the bytes, because those are also what stands in a
Unicode file whose letters only looked Vietnamese in an old font.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["ENCODINGS", "Legacy", "decode_as", "decode_legacy", "repair_legacy"]

#: The names of the encodings, as they are told to people.
ENCODINGS = ("windows-1252", "windows-1258", "TCVN3 (ABC)", "VNI-Windows")
_1252, _1258, _TCVN3, _VNI = ENCODINGS


@dataclass(frozen=True, slots=True)
class Legacy:
    """A text and the name of the old encoding it was in, one of the ``ENCODINGS``."""

    text: str
    encoding: str


# --- Tables: what a western character stands for ------------------------------------------------------------------

#: TCVN 5712:1993, VN3, by the first byte of each run; the bytes between the runs keep their signs, as 20 °C.
_TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_TO_TCVN3 = {first + place: letter for first, run in _TCVN3_RUNS.items() for place, letter in enumerate(run)}
#: After a copy from a PDF the byte of ư may have become this look-alike.
_TO_TCVN3[ord("ƣ")] = "ư"

_TONES = "\u0301\u0300\u0309\u0303\u0323"
_VNI_LETTERS = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))
_VNI_TONES = dict(zip("ùøûõï", _TONES, strict=True))
_VNI_HATS = dict(zip("âáàåãä", ("\u0302" + tone for tone in ("", *_TONES)), strict=True))
_VNI_BREVES = dict(zip("êéèúüë", ("\u0306" + tone for tone in ("", *_TONES)), strict=True))
_TO_VNI = {
    ord(case(old)): case(new)
    for case in (str.lower, str.upper)
    for old, new in (_VNI_LETTERS | _VNI_TONES | _VNI_HATS | _VNI_BREVES).items()
}
#: A mark that does not follow its vowel is a western letter. Its case says nothing: "AÂ" and "Aâ" are both met.
_VNI_STRAY = re.compile(
    f"(?<![aeouyôöAEOUYÔÖ])[{''.join(_VNI_TONES)}{''.join(_VNI_TONES).upper()}]"
    f"|(?<![aeoAEO])[{''.join(_VNI_HATS)}{''.join(_VNI_HATS).upper()}]"
    f"|(?<![aA])[{''.join(_VNI_BREVES)}{''.join(_VNI_BREVES).upper()}]"
)
#: Where strays wait (private characters) while the marks are put onto their vowels.
_ASIDE = 0xF000
_BACK = {_ASIDE + code: chr(code) for code in range(256)}

_TO_1258 = {
    ord(old): new
    for byte in range(128, 256)
    for old in bytes([byte]).decode("cp1252", "ignore")
    for new in bytes([byte]).decode("cp1258", "ignore")
    if old != new
}
#: By encoding, in the order of the names; windows-1252 is what it is.
_TABLES = dict(zip(ENCODINGS[1:], (_TO_1258, _TO_TCVN3, _TO_VNI), strict=True))

#: TCVN3 letters without a large form. Beside capitals they were meant large: "CộNG" was written in a font .VnTimeH.
_SMALL = "".join(letter for letter in _TO_TCVN3.values() if letter not in "ĂÂÊÔƠƯĐăâêôơưđ")
_LARGE = "A-ZĂÂÊÔƠƯĐ"
_SHOUTED = re.compile(rf"\b(?:[{_SMALL}]*[{_LARGE}][{_SMALL}]*[{_LARGE}][{_SMALL}{_LARGE}]*|[{_SMALL}]+[{_LARGE}])\b")


def decode_as(data: bytes, encoding: str) -> str:
    """Return the text of bytes in one of the ``ENCODINGS``; ``UnicodeDecodeError`` for bytes that none has."""
    return _reread(data.decode("cp1252"), encoding)


def _reread(western: str, encoding: str) -> str:
    if encoding == _1252:
        return western
    if encoding == _TCVN3:
        return _SHOUTED.sub(lambda word: word[0].upper(), western.translate(_TO_TCVN3))
    strays = encoding == _VNI and _VNI_STRAY.search(western) is not None
    if strays:
        western = _VNI_STRAY.sub(lambda letter: chr(_ASIDE + ord(letter[0])), western)
    text = unicodedata.normalize("NFC", western.translate(_TABLES[encoding]))
    return text.translate(_BACK) if strays else text


# --- What a Vietnamese syllable is --------------------------------------------------------------------------------

_RHYME = (
    "a(?:[iouy]|ch|nh|ng?|[cmpt])?|ă(?:ng?|[cmpt])|â(?:[uy]|ng?|[cmpt])|e(?:o|ng?|[cmpt])?|ê(?:u|ch|nh|[mnpt])?"
    "|i(?:[au]|ch|nh|[mnpt])?|iê(?:u|ng?|[cmpt])|o(?:i|oc|ong|ng?|[cmpt])?|ô(?:i|ng?|[cmpt])?|ơ(?:i|[mnpt])?"
    "|u(?:[aiy]|ng?|[cmpt])?|uô(?:i|ng?|[cmt])|ư(?:[aiu]|ng?|[cmt])?|ươ(?:[iu]|ng?|[cmpt])|oa(?:[ioy]|ch|nh|ng?|[cmpt])?"
    "|oă(?:ng?|[cmt])|oe(?:o|[mnt])?|uâ(?:y|ng?|t)|uê(?:ch|nh|n)?|uơ|uy(?:[au]|ch|nh|[npt]|ê[nt])?"
)
_SYLLABLE = re.compile(
    rf"(?:(?:ngh|gh|k)(?=[eêiy])|(?:ng(?!h)|g(?!h)|c(?!h))(?![eêiy])|[bdđhlmnrstvx]|ch|gi|kh|nh|ph|th|tr)?(?:{_RHYME})"
    rf"|qu(?:y(?:[au]|ch|nh|[npt]|ê[nt])?|(?![uư])(?:{_RHYME}))|gi(?:[mn]|ê(?:ng|[ct]))?|[hklmst]?y|yê(?:[umnt]|ng)|y(?:nh|t)"
)
_STOPPED = re.compile("(?:ch|[cpt])$")


def _is_syllable(word: str) -> bool:
    """Say whether a word in normal form C is built like a Vietnamese syllable."""
    if len(word) > 7 or not (word.islower() or word.istitle() or word.isupper()):
        return False
    split = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in split if mark in _TONES]
    bare = unicodedata.normalize("NFC", "".join(mark for mark in split if mark not in _TONES))
    if len(tones) > 1 or _SYLLABLE.fullmatch(bare) is None:
        return False
    # Before a stop only two tones are spoken, which rules out much of what a wrong table makes.
    return _STOPPED.search(bare) is None or "".join(tones) in ("\u0301", "\u0323") or word.isascii()


# --- What a western word is ---------------------------------------------------------------------------------------

#: Signs that TCVN3 uses for letters, where they are signs: ½, 20°, §5, 2×3, m², N·m, 5 µm. In TCVN3, n¨m is "năm".
_SIGNS = re.compile(
    r"\d*[¡-¿×÷]|[£¥§©±µ«¿¡]\d+|\d+[×÷·±]\w?\d*|\w\d*[×÷·±]\d+|\d*(?:[A-Za-z]{1,3}[²³]|°[CFK])"
    r"|µ(?:[AFHLNTVWglms]|mol|Pa|Sv|rad)|(?:kg|[NAWVJ])[·×](?:mm?|h|s)[²³]?"
)
#: Letters with a sign between, which may be a product.
_PRODUCT = re.compile(r"[A-Za-z]\d*[×÷·±][A-Za-z]\d*")
#: Abbreviations and units with đ, which say something against no encoding: "NĐ", "TTĐB", "400trđ", "5đ".
_ABBREVIATION = re.compile(r"\d*(?:[BCDGHKLMNPQRSTVX]*Đ[BCĐDGHKLMNPQRSTVX]*|(?:tr)?đ)")
_EDGES = re.compile("^[¡¿«£]+|[»®²³ºª]+$")
#: þ, ð and ý are left out: Icelandic uses them, but Turkish and windows-1258 have other letters on their bytes.
_ACCENTED, _ACCENTED_LARGE = "à-ïñ-öø-üÿßœšž", "À-ÏÑ-ÖØ-ÜŸŒŠŽ"
_WESTERN_WORD = re.compile(rf"\d*(?:[A-Za-z{_ACCENTED_LARGE}]?[a-z{_ACCENTED}]+|[A-Z{_ACCENTED_LARGE}]+)")
_CROWDED = re.compile(rf"[{_ACCENTED}{_ACCENTED_LARGE}]{{3}}")
#: Letters side by side as in VNI and windows-1258, and in hardly a western word.
_UNWESTERN = re.compile(
    r"[aeo][âäåãáà]|[aeouy][øõ]|[ôö][ùøûõïô]|[uy][ûï]|e[ûï]|[uye]ù|\woù|a[êüéèëûù]|aú(?!n\b)|oaï|aï[iouy]|^ñ[òæîö]|^ñ.*[aeouôö][ùøûõï]"
    "|[aeiouyâêôăơưãõ][ìò]",
    re.IGNORECASE,
)


def _is_western(word: str) -> bool:
    if _PRODUCT.fullmatch(word):
        return True
    word = _EDGES.sub("", word)
    accents = sum(not letter.isascii() for letter in word)
    return accents == 0 or (
        _WESTERN_WORD.fullmatch(word) is not None
        and _CROWDED.search(word) is None
        and (len(word) <= 2 or accents * 3 <= len(word) * 2)
    )


# --- Weighing the one against the other ---------------------------------------------------------------------------

_BLOCK = 4096
_BLOCKS = 64
_LONGEST = 32
#: All control characters but white space and the end of a DOS file.
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CUT_UTF8 = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2})\Z")
_WORD = re.compile("[0-9A-Za-zƒŠŒŽšœžŸ¡-ÿƣ]+")
#: A sign for between words, within one: the letter of yet another encoding, of DOS or a Macintosh.
_FOREIGN = re.compile("[A-Za-zÀ-ÿ][€‚„†‡ˆ‰‹“”•˜™›][a-zÀ-ÿ]")
#: What is left of a letter that an encoding did not have.
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]")
#: Letters of Unicode that no old encoding brings about: a text with them is not in one.
_NEW_LETTERS = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")


@dataclass(slots=True)
class _Evidence:
    """What the words with more than ASCII say; shares are between 0 and 1."""

    words: int
    encoding: str  # the Vietnamese one that explains most
    valid: float  # share of the words that are syllables in it
    distinct: int  # how many different ones
    lead: float  # how far the next encoding is behind
    western: float  # share of the words that can be western
    gain: float  # of the words that the encoding changes: share of those that only then make sense
    unmarked: float  # of the words in ASCII: share of syllables; 0.5 for two words or fewer


def _blocks(text: str) -> list[str]:
    """Return parts with more than ASCII from all over a text, so that a long one takes no longer than a short one.

    They overlap by a word, and the text has a space at both ends: a word at the edge of a block may be half a word.
    """
    text = f" {text} "
    starts = [start for start in range(0, len(text), _BLOCK) if not text[start : start + _BLOCK].isascii()]
    chosen = starts[:: -(-len(starts) // _BLOCKS) or 1]
    return [text[max(start - _LONGEST, 0) : start + _BLOCK + _LONGEST] for start in chosen]


def _words(blocks: list[str]) -> Iterator[str]:
    for block in blocks:
        for found in _WORD.finditer(block):
            if (found.start() and found.end() < len(block)) or len(found[0]) > _LONGEST:
                yield found[0]


def _weigh(blocks: list[str]) -> _Evidence:
    words = sum(len(_FOREIGN.findall(block)) for block in blocks)
    western = unmarked = syllables = abbreviations = 0
    valid, distinct, changed, gained = (Counter(dict.fromkeys(_TABLES, 0)) for _ in range(4))
    for word, count in Counter(_words(blocks)).items():
        if word.isascii():
            if word.isalpha() and not word.isupper() and len(word) > 1:
                unmarked += count
                syllables += count * _is_syllable(word)
            continue
        read = {name: _reread(word, name) for name in _TABLES}
        # What TCVN3 has no letter for stays western, and is no evidence for TCVN3.
        whole = all(letter.isascii() or ord(letter) in _TO_TCVN3 for letter in word)
        fitting = [name for name, text in read.items() if (whole or name != _TCVN3) and _is_syllable(text)]
        if _SIGNS.fullmatch(word):
            continue
        if (not fitting or word.isupper()) and any(map(_ABBREVIATION.fullmatch, read.values())):
            abbreviations += count
            continue
        words += count
        is_western = _is_western(word) and not (fitting and (_UNWESTERN.search(word) or _PRODUCT.fullmatch(word)))
        western += count * is_western
        valid.update(dict.fromkeys(fitting, count))
        distinct.update(fitting)
        changing = [name for name, text in read.items() if text != word]
        changed.update(dict.fromkeys(changing, count))
        if not is_western and not _is_syllable(word) and "ƣ" not in word:  # ƣ is met in good Unicode as well
            gained.update({name: count for name in fitting if name in changing})
    (first, most), (_, next_most) = valid.most_common(2)
    share, lead = most / (words or 1), (most - next_most) / (words or 1)
    western_share = western / words if words else float(not abbreviations)
    gain = gained[first] / (changed[first] or 1)
    plain = syllables / unmarked if unmarked > 2 else 0.5
    return _Evidence(words, first, share, distinct[first], lead, western_share, gain, plain)


def decode_legacy(data: bytes) -> Legacy | None:
    """Return the text of bytes that are no Unicode and the encoding they are in; ``None`` when that is not clear."""
    if _NOT_TEXT.search(data):
        return None
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    blocks = _blocks(western)
    sample = "".join(blocks).strip().encode("cp1252")
    high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    unicode = sum(map(len, _UTF8.findall(sample) + _CUT_UTF8.findall(data[-4:])))
    if high * 2 > len(sample) or unicode * 2 >= high:
        return None  # hardly anything readable, or Unicode with a fault in it
    found = _weigh(blocks)
    if sum(len(_LOST.findall(block)) for block in blocks) * 10 > found.words:
        return None  # the letters are gone: a person must save the file again
    encoding = _judge(found)
    return None if encoding is None else Legacy(_reread(western, encoding), encoding)


def _judge(found: _Evidence) -> str | None:
    # Some words of an old encoding look western, some western words look old: of many words not all do.
    many = found.distinct >= 8 and found.valid >= 0.9
    enough = many or (found.gain >= 0.25 and (found.distinct > 1 or found.unmarked > 0.5))
    if found.valid >= 0.75 and found.lead >= 0.15 and enough:
        return found.encoding
    if found.western < 0.9:
        return None
    # A few Spanish words happen to be syllables in TCVN3 ("qué"), but then the words without accents are not.
    return _1252 if found.valid < 0.5 or found.unmarked < 0.5 else None


def repair_legacy(text: str) -> Legacy | None:
    """Return what a Unicode text was meant to be whose letters look Vietnamese only in a TCVN3 or VNI font.

    Such text comes from Word and Excel. ``None`` unless it is certain: the text of one cell may be two words long, and
    a western word must not become a Vietnamese one.
    """
    if text.isascii() or _NEW_LETTERS.search(_WORD.sub("", text)) is not None:
        return None
    found = _weigh(_blocks(text))
    gain = 0.4 if found.distinct < 5 else 0.1
    if found.encoding == _1258 or found.valid < 0.9 or found.lead < 0.5 or found.gain < gain:
        return None
    return Legacy(_reread(text, found.encoding), found.encoding)
