"""The questions of a Moodle XML file one after the other: 20,000 of them have a million elements, too many at once.

What is refused is what ``xml_guard`` refuses; only that each question is given up when it has been looked at.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from question_bank.errors import N_, Problem, error
from question_bank.formats.decoding import Refusal, check_size
from question_bank.formats.xml_guard import MAX_DEPTH

__all__ = ["MAX_ELEMENTS", "children_of_root"]

#: Of the whole file; an exported question of Moodle has 40 to 50.
MAX_ELEMENTS = 1_500_000
#: Of one question, which stands in memory as a whole.
_MAX_IN_ONE = 20_000
#: Right below the root: questions and categories.
_MAX_CHILDREN = 150_000
_CHUNK = 64 * 1024


class _Splitter:
    def __init__(self) -> None:
        self.root: str | None = None
        self.done: list[Element] = []
        self._builder = TreeBuilder()
        self._depth = self._count = self._in_one = self._children = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth:
            self._in_one += 1
            self._children += self._depth == 1
            if self._depth >= MAX_DEPTH:
                raise Refusal(error("xml_too_deep", N_("tệp XML lồng nhau quá sâu nên không được đọc.")))
            if self._too_many():
                raise Refusal(error("xml_too_much", N_("tệp XML có quá nhiều phần tử; hãy chia thành nhiều tệp.")))
            self._builder.start(tag, attributes)
        else:
            self.root = tag
        self._depth += 1

    def _too_many(self) -> bool:
        return self._in_one > _MAX_IN_ONE or self._count + self._in_one > MAX_ELEMENTS or self._children > _MAX_CHILDREN

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._depth:
            self._builder.end(tag)
        if self._depth == 1:
            self.done.append(self._builder.close())
            self._builder = TreeBuilder()
            self._count += self._in_one
            self._in_one = 0

    def data(self, text: str) -> None:
        if self._depth > 1:
            self._builder.data(text)

    def doctype(self, *declared: object) -> None:
        raise Refusal(error("xml_doctype", N_("tệp XML có khai báo DOCTYPE nên không được đọc; hãy xuất lại tệp.")))


def children_of_root(data: bytes, root: str) -> Iterator[Element]:
    """Give the elements right below the root; raises Refusal for a broken or hostile file and for another root."""
    check_size(data)
    splitter = _Splitter()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = splitter.start
    parser.EndElementHandler = splitter.end
    parser.CharacterDataHandler = splitter.data
    parser.StartDoctypeDeclHandler = splitter.doctype
    for start in range(0, len(data), _CHUNK):
        try:
            parser.Parse(data[start : start + _CHUNK], start + _CHUNK >= len(data))
        except expat.ExpatError as broken:
            raise Refusal(_broken(broken.lineno, broken.offset)) from broken
        except (LookupError, ValueError) as broken:  # an encoding that nobody knows
            raise Refusal(_broken(1, 0)) from broken
        if splitter.root not in (root, None):
            message = N_("phần tử gốc của tệp XML là “%(found)s”, cần “%(root)s”; hãy xuất lại đúng dạng.")
            raise Refusal(error("xml_root", message, found=str(splitter.root)[:80], root=root))
        yield from splitter.done
        splitter.done.clear()


def _broken(line: int, column: int) -> Problem:
    message = N_("tệp XML hỏng ở dòng %(line)s, ký tự %(column)s; hãy xuất lại tệp từ chương trình cũ.")
    return error("xml_broken", message, line=line, column=column + 1)
