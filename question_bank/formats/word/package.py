"""The parts of a .docx: which is the document, its styles, its lists, and what its addresses mean."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Problem, error
from question_bank.formats.decoding import Refusal, check_size
from question_bank.formats.word.numbering import Numbering
from question_bank.formats.word.styles import Styles
from question_bank.formats.word.xml import local_name
from question_bank.formats.xml_guard import parse_xml
from question_bank.formats.zip_guard import Archive, open_archive

__all__ = ["Package", "open_package"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "word/document.xml"
_OLD_FONT = re.compile(rb"\"(?:\.Vn|VNI-)", re.IGNORECASE)
_WITH_MACROS = (".docm", ".dotm")


@dataclass
class Package:
    """An opened document; ``w`` is the namespace of its elements as it stands in front of their names."""

    archive: Archive
    document: Element
    w: str
    styles: Styles
    lists: Element | None
    #: Address → the part it means, None for one outside the file.
    relations: dict[str, str | None]
    #: The bytes of the whole file.
    size: int
    #: Whether a font is named like those from before Unicode (.VnTime, VNI-Times).
    old_fonts: bool

    def fresh_numbering(self) -> Numbering:
        """Return the lists of the document, none of them begun."""
        return Numbering(self.lists, self.w)

    def part(self, address: str) -> bytes | None:
        """Return the part that an address means, None when the file does not hold it; raises Refusal when broken."""
        name = self.relations.get(address)
        return self.archive.read(name) if name is not None and name in self.archive else None


def open_package(data: bytes, file_name: str) -> Package:
    """Return the parts of a document; raises Refusal for a file that is none or is unsafe to read."""
    check_size(data)
    lower = file_name.lower()
    if data.startswith(_OLE):
        message = N_("tệp Word kiểu cũ (.doc) hoặc có mật khẩu; hãy mở và lưu lại thành .docx không mật khẩu.")
        raise Refusal(error("word_old_or_locked", message))
    if not data.startswith(b"PK"):
        raise Refusal(_no_document())
    archive = open_archive(data)
    if lower.endswith(_WITH_MACROS) or any(name.lower().endswith("vbaproject.bin") for name in archive):
        raise Refusal(error("word_macros", N_("tệp có macro; hãy lưu lại thành .docx thường (không macro).")))
    name = _main_part(archive)
    content = archive.read(name)
    document = parse_xml(content)
    if local_name(document) != "document":
        raise Refusal(_no_document())
    w = document.tag[: -len("document")]
    targets = _relations(archive, name)
    named = targets.by_kind.get("styles")
    styles = _parsed(archive, named)
    content += archive.read(named) if named else b""
    lists = _parsed(archive, targets.by_kind.get("numbering"))
    return Package(
        archive,
        document,
        w,
        Styles(styles, w),
        lists,
        targets.by_address,
        len(data),
        _OLD_FONT.search(content) is not None,
    )


@dataclass
class _Targets:
    by_address: dict[str, str | None]
    by_kind: dict[str, str]


def _main_part(archive: Archive) -> str:
    found = _relations(archive, "").by_kind.get("officeDocument", _MAIN)
    if found not in archive:
        raise Refusal(_no_document())
    return found


def _relations(archive: Archive, part: str) -> _Targets:
    """Return what the addresses inside a part mean; the part "" is the package itself."""
    folder, _, base = part.rpartition("/")
    name = f"{folder}/_rels/{base}.rels".lstrip("/")
    targets = _Targets({}, {})
    root = _parsed(archive, name)
    for relation in root if root is not None else ():
        address, target = relation.get("Id", ""), relation.get("Target", "")
        if relation.get("TargetMode") == "External":
            targets.by_address[address] = None
            continue
        found = archive.resolve("" if target.startswith("/") else part, target.lstrip("/"))
        targets.by_address[address] = found
        if found is not None:
            targets.by_kind.setdefault(relation.get("Type", "").rpartition("/")[2], found)
    return targets


def _parsed(archive: Archive, name: str | None) -> Element | None:
    return parse_xml(archive.read(name)) if name is not None and name in archive else None


def _no_document() -> Problem:
    message = N_("tệp không phải văn bản Word .docx; hãy mở bằng Word, chọn “Lưu thành” loại .docx rồi thử lại.")
    return error("word_none", message)
