"""Signs of the fonts Symbol and Wingdings, which Word stores as private characters (U+F020 … U+F0FF)."""

import re

__all__ = ["symbol_text"]

_SYMBOL = dict(
    zip(
        range(0x20, 0x7F),
        " !∀#∃%&∍()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
        strict=True,
    )
) | dict(
    zip(
        range(0xA1, 0xFF),
        "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\ue000⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE8: "→", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_PRIVATE = re.compile("[\uf000-\uf0ff]")


def symbol_text(text: str, font: str) -> tuple[str, bool]:
    """Return a text with private characters as the signs they show, and whether some could not be told."""
    if _PRIVATE.search(text) is None:
        return text, False
    table = _WINGDINGS if "wingdings" in font.lower() else _SYMBOL
    found, unknown = [], False
    for character in text:
        sign = table.get(ord(character) - 0xF000) if _PRIVATE.match(character) else character
        if sign is None or sign == "\ue000":
            unknown = True
        found.append(sign if sign is not None else character)
    return "".join(found), unknown
