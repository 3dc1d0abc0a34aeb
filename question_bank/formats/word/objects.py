"""Pictures and formulas of a Word document as markup; what cannot be shown says why."""

import re
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.omml import mathml_of
from question_bank.formats.word.package import Package
from question_bank.formats.word.rich import Thing
from question_bank.formats.word.xml import local_name
from question_bank.questions.pictures import PictureRefused, picture_uri
from question_bank.questions.text import clean

__all__ = ["AUTO_SIZE", "Objects", "formula"]

#: All pictures of a file together, each counted as often as it is shown; a large file may show more.
_MOST = 16 * 1024 * 1024
_EMU_IN_PIXEL = 9525
_FILE_NAME = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp|tiff?|emf|wmf)$|^(?:https?|file):", re.IGNORECASE)
#: The name that our own writer gives a picture whose question does not say how large it is to be shown.
AUTO_SIZE = "hình theo cỡ gốc"
_PLACE = Place(field="stem")


class Objects:
    """Turns drawings into markup, each picture of the file read once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._known: dict[str, str | Problem] = {}
        self._limit = self._room = max(_MOST, package.size * 3 // 2)

    def drawing(self, node: Element) -> Iterator[Thing]:
        """Give the pictures of a ``w:drawing``, ``w:pict`` or ``w:object``, or what is to be said instead."""
        name, alternative, size = "", "", ("", "")
        found = False
        chart = shape = False
        for inner in _without_boxes(node):
            local = local_name(inner)
            if local == "docPr":
                name, alternative = inner.get("name", ""), clean(inner.get("descr", ""))
            elif local == "extent":
                size = (_pixels(inner.get("cx", "")), _pixels(inner.get("cy", "")))
            elif local in ("blip", "imagedata"):
                address = _attribute(inner, "embed") or _attribute(inner, "id")
                if address or _attribute(inner, "link"):
                    found = True
                    yield self._picture(address, alternative, ("", "") if name == AUTO_SIZE else size)
            elif local == "OLEObject":
                if "equation" in inner.get("ProgID", "").lower():
                    yield Thing("", _old_formula())
                    return
            elif local in ("chart", "relIds"):
                chart = True
            elif local in ("wsp", "line", "shape", "rect", "oval", "polyline", "wpc"):
                shape = True
        if chart:
            message = N_("có biểu đồ hoặc sơ đồ SmartArt, chưa đọc được; hãy chụp thành ảnh PNG rồi chèn lại.")
            yield Thing("", error("picture_missing", message, _PLACE))
        elif shape and not found and not _has_box(node):
            message = N_("có hình vẽ bằng công cụ của Word (nét, khung), không đọc được; nếu cần, hãy chèn ảnh PNG.")
            yield Thing("", warning("shape_unread", message, _PLACE))

    def _picture(self, address: str, alternative: str, size: tuple[str, str]) -> Thing:
        if address not in self._known:
            self._known[address] = self._load(address)
        found = self._known[address]
        if isinstance(found, Problem):
            return Thing("", found)
        self._room -= len(found)
        if self._room < 0:
            message = N_("hình trong tệp nặng quá %(limit)s MB; hãy giảm cỡ hình hoặc chia tệp.")
            return Thing("", error("picture_missing", message, _PLACE, limit=self._limit // (1024 * 1024)))
        about = "" if _FILE_NAME.search(alternative) else alternative
        attributes = [("src", found), ("alt", about), ("width", size[0]), ("height", size[1])]
        written = "".join(f' {key}="{escape(value)}"' for key, value in attributes if value)
        return Thing(f"<img{written}/>")

    def _load(self, address: str) -> str | Problem:
        try:
            data = self._package.part(address) if address else None
        except Refusal as refusal:
            return refusal.problem
        if data is None:
            message = N_("hình không nằm trong tệp (chỉ là liên kết hoặc đã mất); hãy chèn lại hình vào văn bản.")
            return error("picture_missing", message, _PLACE)
        try:
            return picture_uri(data)
        except PictureRefused as refused:
            return _refused(str(refused), self._package.relations.get(address) or "")


def formula(node: Element) -> Thing:
    """Return an ``m:oMath`` or ``m:oMathPara`` as markup."""
    try:
        return Thing(mathml_of(node))
    except ValueError:
        message = N_("có công thức lồng nhau quá sâu nên không đọc được; hãy viết lại gọn hơn.")
        return Thing("", error("formula_unread", message, _PLACE))


def _old_formula() -> Problem:
    message = N_("có công thức MathType hoặc Equation kiểu cũ; hãy chuyển sang công thức của Word rồi lưu lại.")
    return error("formula_unread", message, _PLACE)


def _refused(reason: str, part: str) -> Problem:
    if reason == "large":
        message = N_("hình quá lớn (nặng quá 2 MB hoặc cạnh dài quá 8.000 điểm); hãy giảm cỡ hình.")
        return error("picture_missing", message, _PLACE)
    ending = part.rpartition(".")[2][:8].upper() or "?"
    message = N_("hình loại %(kind)s không dùng được; hãy lưu hình thành PNG rồi chèn lại.")
    return error("picture_missing", message, _PLACE, kind=ending)


def _without_boxes(node: Element) -> Iterator[Element]:
    """Give the elements of a drawing in order, without the texts of its boxes and without repeats in a fallback."""
    yield node
    for child in node:
        if local_name(child) not in ("txbxContent", "Fallback"):
            yield from _without_boxes(child)


def _has_box(node: Element) -> bool:
    return any(local_name(inner) == "txbxContent" for inner in node.iter())


def _attribute(node: Element, name: str) -> str:
    return next((value for key, value in node.items() if key.endswith(f"}}{name}")), "")


def _pixels(written: str) -> str:
    value = int(written) // _EMU_IN_PIXEL if written.isascii() and written.isdigit() and len(written) < 12 else 0
    return str(value) if 0 < value < 10_000 else ""
