"""XML from strangers: no DOCTYPE, no entities, bounded depth and number of elements."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from question_bank.errors import N_, Problem, error
from question_bank.formats.decoding import Refusal, check_size

__all__ = ["MAX_DEPTH", "MAX_ELEMENTS", "local_name", "parse_xml"]

MAX_DEPTH = 100
#: An element costs about 200 bytes of memory; a bank of 20,000 questions has about 400,000.
MAX_ELEMENTS = 600_000


class _Guard(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH:
            raise Refusal(error("xml_too_deep", N_("tệp XML lồng nhau quá sâu nên không được đọc.")))
        if self._count > MAX_ELEMENTS:
            raise Refusal(error("xml_too_much", N_("tệp XML có quá nhiều phần tử; hãy chia thành nhiều tệp.")))
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse: entities are declared there, and nothing that we read needs them."""
        raise Refusal(error("xml_doctype", N_("tệp XML có khai báo DOCTYPE nên không được đọc; hãy xuất lại tệp.")))


def parse_xml(data: bytes) -> Element:
    """Return the root element of an XML file; raises Refusal for a broken, hostile or empty one."""
    check_size(data)
    parser = XMLParser(target=_Guard())  # noqa: S314 - the guard forbids what is dangerous
    try:
        parser.feed(data)
        root = parser.close()
    except ParseError as broken:
        raise Refusal(_broken(broken.position)) from broken
    except (LookupError, ValueError) as broken:  # an encoding that nobody knows
        raise Refusal(_broken((1, 0))) from broken
    if not isinstance(root, Element):
        raise Refusal(_broken((1, 0)))
    return root


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _broken(position: tuple[int, int]) -> Problem:
    message = N_("tệp XML hỏng ở dòng %(line)s, ký tự %(column)s; hãy xuất lại tệp từ chương trình cũ.")
    return error("xml_broken", message, line=position[0], column=position[1] + 1)
