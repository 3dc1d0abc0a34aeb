"""Names of the elements of a document without their namespaces, each taken apart once."""

from functools import lru_cache
from xml.etree.ElementTree import Element

__all__ = ["local_name"]


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return _local(element.tag)


@lru_cache(4_096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
