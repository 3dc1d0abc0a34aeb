"""Names and characters that the reader and the writer of Word's formulas share."""

__all__ = ["ACCENTS", "INTEGRALS", "M", "NAMESPACES", "SIDES", "STRIKES"]

#: The namespace of formulas, as the tags of ElementTree carry it.
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: Both spellings of the standard: the usual one and the strict one.
NAMESPACES = {
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
}
#: Combining marks of m:acc: the characters that MathML sets above a base.
ACCENTS = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "¯",
    "\u0305": "¯",
    "\u0306": "˘",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u030a": "˚",
    "\u030c": "ˇ",
    "\u20d6": "←",
    "\u20d7": "→",
    "\u20e1": "↔",
    "\u203e": "¯",
}
INTEGRALS = frozenset("∫∬∭∮∯∰∱∲∳")
#: m:borderBoxPr: the sides it can hide and the strokes it can draw, by the words of menclose
SIDES = {"hideTop": "top", "hideBot": "bottom", "hideLeft": "left", "hideRight": "right"}
STRIKES = {
    "strikeH": "horizontalstrike",
    "strikeV": "verticalstrike",
    "strikeBLTR": "updiagonalstrike",
    "strikeTLBR": "downdiagonalstrike",
}
