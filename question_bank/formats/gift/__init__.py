"""GIFT, the text format of Moodle: https://docs.moodle.org/en/GIFT_format."""

import re

from question_bank.formats.decoding import decode_beginning
from question_bank.formats.gift.read import read
from question_bank.formats.gift.text import protect
from question_bank.formats.gift.write import CARRIES, write

__all__ = ["CARRIES", "looks_like", "read", "write"]

#: Answers in braces behind some words, a category, or a name in front.
_SIGNS = re.compile(
    r"^[^\S\n]*(?:\$CATEGORY:|::[^:\n]{1,300}::)"
    r"|\{\s{0,99}(?:[=~%]|\#\s{0,99}[=\d.+-]|####|(?:T|TRUE|F|FALSE)\s{0,99}[#}])"
    r"|[^\s{}][^\S\n]{0,99}\{\s{0,99}\}[^\S\n]{0,99}$",
    re.MULTILINE,
)
_COMMENT = re.compile(r"^[^\S\n]{0,99}//.*$", re.MULTILINE)


def looks_like(data: bytes) -> bool:
    """Say whether a file reads like GIFT; only its beginning is looked at."""
    return _SIGNS.search(protect(_COMMENT.sub("", decode_beginning(data)))) is not None
