"""Mark Vietnamese message ids in code that must not translate: services, rules and the library below them.

The text is translated at the edge, in `web/` (decision 8), so everything here stays a plain string.
"""


def N_(text: str) -> str:
    """Return `text` unchanged; the mark lets the catalogue extractor find it."""
    return text
