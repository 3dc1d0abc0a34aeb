"""The three versions of QTI: their addresses, and one spelling of names so that one reader serves all of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

__all__ = [
    "TOOL",
    "VERSIONS",
    "Version",
    "children",
    "classes",
    "descendants",
    "first",
    "kebab",
    "normalised",
    "text_of",
]

#: Who wrote an item, as it says itself; our own items keep all white space, others mean it as HTML does.
TOOL = "khaothi"
XML_LANGUAGE = "xml:lang"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Version:
    """What differs between the versions beside the spelling of names."""

    number: str
    namespace: str
    schema: str
    manifest_namespace: str
    manifest_schema: str
    package: str
    package_version: str
    item_type: str
    templates: str
    #: Names are spelled ``qti-choice-interaction`` rather than ``choiceInteraction``.
    kebab: bool = False

    def name(self, name: str) -> str:
        """Return an element's or attribute's name, written ``choiceInteraction``, as this version spells elements."""
        return f"qti-{kebab(name)}" if self.kebab else name

    def attribute(self, name: str) -> str:
        """Return an attribute's name as this version spells it."""
        return kebab(name) if self.kebab else name

    def schema_location(self, namespace: str, schema: str) -> str:
        """Return the attributes that declare a namespace and where its schema is."""
        return f'xmlns="{namespace}" xmlns:xsi="{_XSI}" xsi:schemaLocation="{namespace} {schema}"'


_IMS = "http://www.imsglobal.org"
_PURL = "https://purl.imsglobal.org/spec/qti/v3p0"

VERSIONS: Mapping[str, Version] = {
    one.number: one
    for one in (
        Version(
            "2.1",
            f"{_IMS}/xsd/imsqti_v2p1",
            f"{_IMS}/xsd/imsqti_v2p1.xsd",
            f"{_IMS}/xsd/imscp_v1p1",
            f"{_IMS}/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
            "QTIv2.1 Package",
            "1.0.0",
            "imsqti_item_xmlv2p1",
            f"{_IMS}/question/qti_v2p1/rptemplates/",
        ),
        Version(
            "2.2",
            f"{_IMS}/xsd/imsqti_v2p2",
            f"{_IMS}/xsd/qti/qtiv2p2/imsqti_v2p2p2.xsd",
            f"{_IMS}/xsd/imscp_v1p1",
            f"{_IMS}/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
            "QTIv2.2 Package",
            "1.0.0",
            "imsqti_item_xmlv2p2",
            f"{_IMS}/question/qti_v2p2/rptemplates/",
        ),
        Version(
            "3.0",
            f"{_IMS}/xsd/imsqtiasi_v3p0",
            f"{_PURL}/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd",
            f"{_IMS}/xsd/qti/qtiv3p0/imscp_v1p1",
            f"{_PURL}/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
            "QTI Package",
            "3.0.1",
            "imsqti_item_xmlv3p0",
            f"{_PURL}/rptemplates/",
            kebab=True,
        ),
    )
}

_UPPER = re.compile(r"(?<=[a-z0-9])([A-Z])")
_HYPHEN = re.compile(r"-([a-z])")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def kebab(name: str) -> str:
    """Return ``responseIdentifier`` as ``response-identifier``."""
    return _UPPER.sub(lambda found: f"-{found[1]}", name).lower()


def normalised(root: Element) -> Element:
    """Return the tree with its names changed in place: no namespaces, those of version 3.0 spelled as before it."""
    known: dict[str, str] = {}
    for element in root.iter():
        written = str(element.tag)
        name = known.get(written)
        if name is None:
            local = written.rpartition("}")[2]
            name = known[written] = _camel(local[4:]) if local.startswith("qti-") else local
        newer = written.rpartition("}")[2].startswith("qti-")
        element.tag = name
        if element.attrib:
            attributes = {_attribute(key, newer=newer): value for key, value in element.attrib.items()}
            element.attrib.clear()
            element.attrib.update(attributes)
        if newer and name == "mapEntry":
            # Where case is not mentioned it counts before version 3.0, and does not count in it.
            element.attrib.setdefault("caseSensitive", "false")
    return root


def _attribute(name: str, *, newer: bool) -> str:
    if name == _LANGUAGE:
        return XML_LANGUAGE
    local = name.rpartition("}")[2]
    return _camel(local) if newer else local


def _camel(name: str) -> str:
    return _HYPHEN.sub(lambda found: found[1].upper(), name)


def children(element: Element | None, name: str) -> list[Element]:
    """Return the direct children of one name; none of nothing."""
    return [] if element is None else [child for child in element if child.tag == name]


def first(element: Element | None, name: str) -> Element | None:
    """Return the first direct child of one name."""
    return next(iter(children(element, name)), None)


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Give all elements below, of some names, in the order of the file."""
    return (one for one in element.iter() if one.tag in names and one is not element)


def text_of(element: Element | None) -> str:
    """Return the text inside an element without white space around it."""
    return "" if element is None else "".join(element.itertext()).strip()


def classes(element: Element) -> set[str]:
    """Return the words of the class of an element."""
    return set(element.get("class", "").split())
