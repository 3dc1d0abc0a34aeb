"""A QTI package: its manifest, the items that it names, the files beside them."""

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from question_bank.errors import N_, InvalidSpec, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal, decode, parse_json
from question_bank.formats.found import MAX_METADATA, Found
from question_bank.formats.native_values import metadata_of
from question_bank.formats.qti.body import Pictures
from question_bank.formats.qti.names import children, descendants, first, normalised, text_of
from question_bank.formats.qti.read import ItemReading, no_stimulus, read_item, stimulus_of
from question_bank.formats.xml_guard import parse_xml
from question_bank.formats.zip_guard import MAX_ENTRIES, Archive
from question_bank.questions.checks import MAX_STIMULUS
from question_bank.questions.metadata import Metadata
from question_bank.questions.question import Stimulus

__all__ = ["MANIFEST", "METADATA_SUFFIX", "Package", "manifest_of", "root_problem", "single_item"]

MANIFEST = "imsmanifest.xml"
#: Beside each item of our own files stands one with the metadata that QTI has no place for.
METADATA_SUFFIX = ".metadata.json"
_ITEM = "imsqti_item_", "imsqti_apipitem_"
_TESTS = "imsqti_test_", "imsqti_assessment_", "imsqti_section_", "imsqti_testpart_"
_OLD = "imsqti_xmlv1p", "imsqti_xmlv2p0"
_LEAST_ROOM = 16 * 1024 * 1024
#: No question has so many elements, and no package so many resources; their trees would only fill the memory.
_MOST_ELEMENTS = 20_000
_MOST_TOGETHER = 600_000
_MOST_IN_MANIFEST = 300_000
_NAMED = 8


@dataclass(frozen=True)
class _Resource:
    """One entry of the manifest; all paths are those of parts of the archive, whether or not they are there."""

    kind: str
    path: str
    files: tuple[str, ...] = ()
    code: str | None = None
    tags: tuple[str, ...] = ()


@dataclass
class Package:
    """Reads the items of an archive; ``noticed`` is what is to be said of the package as a whole."""

    archive: Archive
    size: int
    noticed: list[Problem] = field(default_factory=list)
    _stimuli: dict[str, tuple[Stimulus, list[Problem], int] | Problem] = field(default_factory=dict)
    _told: list[Problem] = field(default_factory=list)
    _elements: int = 0

    def __post_init__(self) -> None:
        self.pictures = Pictures(self.archive, max(_LEAST_ROOM, 2 * self.size))

    def found(self) -> list[Found]:
        """Return the questions in the order of the manifest; raises Refusal when there is none that could be read."""
        manifest = manifest_of(self.archive)
        resources = self._resources(manifest) if manifest else [*self._without_manifest()]
        items = list({one.path: one for one in resources if one.kind.startswith(_ITEM)}.values())
        tests = [one.path for one in resources if one.kind.startswith(_TESTS)]
        if tests:
            message = N_("cấu trúc đề thi trong gói (%(names)s) không đọc; chỉ đọc các câu hỏi.")
            self.noticed.append(warning("test_structure", message, names=_names(tests)))
        if old := [one.path for one in resources if one.kind.startswith(_OLD)]:
            message = N_("các tệp dạng QTI cũ chưa đọc được: %(names)s; hãy xuất lại theo QTI 2.1, 2.2 hoặc 3.0.")
            self.noticed.append(warning("qti_version_old", message, names=_names(old)))
        if not items or len(items) > MAX_ENTRIES:
            message = N_("gói không có câu hỏi QTI nào; hãy kiểm tra lại tệp đã xuất.")
            self.noticed.append(error("items_missing", message))
            return []
        repeated = Counter(one.code for one in items)
        found: list[Found] = []
        for one in items:
            usable = one if repeated[one.code] == 1 else replace(one, code=None)
            found += self._item(len(found) + 1, usable)
        self._unreferenced(manifest, resources)
        return found

    # --- the manifest ----------------------------------------------------------------------------------------------

    def _resources(self, manifest: str) -> list[_Resource]:
        root = _parsed(self.archive.read(manifest), _MOST_IN_MANIFEST)
        found = []
        for group in descendants(root, "resources"):
            for resource in children(group, "resource"):
                base = posixpath.join(group.get("base", ""), resource.get("base", ""))
                files = [one.get("href", "") for one in children(resource, "file")]
                href = resource.get("href") or next((one for one in files if one.endswith(".xml")), "")
                paths = [self._path(manifest, posixpath.join(base, one)) for one in [href, *files] if one]
                if paths:
                    found.append(_Resource(resource.get("type", ""), paths[0], tuple(paths), *_lom(resource)))
        return found

    def _path(self, manifest: str, address: str) -> str:
        resolve = self.archive.resolve
        name = resolve(manifest, address) or resolve(manifest, unquote(address))
        return name or posixpath.normpath(posixpath.join(posixpath.dirname(manifest), address))

    def _without_manifest(self) -> Iterator[_Resource]:
        message = N_("gói không có tệp imsmanifest.xml; đã đọc mọi tệp XML theo thứ tự tên.")
        self.noticed.append(warning("manifest_missing", message))
        for name in sorted(self.archive):
            if name.lower().endswith(".xml"):
                kind = _kind_of(self.archive.read(name))
                if kind:
                    yield _Resource(kind, name, (name,))

    def _unreferenced(self, manifest: str | None, resources: list[_Resource]) -> None:
        known = {path for one in resources for path in (one.path, *one.files)} | self.pictures.used | {manifest or ""}
        known |= set(self._stimuli)
        if manifest and (left := [one for one in self.archive if one not in known and not one.endswith(".xsd")]):
            message = N_("có %(count)s tệp trong gói không được câu nào dùng nên không đọc: %(names)s.")
            self.noticed.append(warning("files_unreferenced", message, count=len(left), names=_names(left)))

    def _tree(self, path: str) -> Element:
        self.pictures.spend_markup()
        data = self.archive.read(path)
        self._elements += data.count(b"<") // 2
        return _parsed(data, 2 * _MOST_ELEMENTS if self._elements <= _MOST_TOGETHER else 0)

    # --- items -----------------------------------------------------------------------------------------------------

    def _item(self, row: int, resource: _Resource) -> list[Found]:
        """Return the question of one item, or nothing for a page that asks nothing."""
        raw: dict[str, object] = {"file": resource.path}
        if resource.path not in self.archive:
            message = N_("không có tệp “%(name)s” trong gói; hãy xuất lại gói.")
            return [Found(row, problems=(error("item_missing", message, name=resource.path[:80]),), raw=raw)]
        try:
            root = self._tree(resource.path)
            if root.tag != "assessmentItem":
                raise Refusal(root_problem(root, resource.path))
        except Refusal as refused:
            return [Found(row, problems=(refused.problem,), raw=raw)]
        self._told = []
        reading = read_item(root, resource.path, self.pictures, self._stimulus)
        if not reading.interactions:
            self.noticed.append(nothing_asked(root, resource.path))
            return []
        metadata, problems = self._metadata(resource, reading)
        problems = (*reading.problems, *self._told, *problems)
        return [Found(row, reading.question, metadata, problems, raw | raw_of(root, reading))]

    def _metadata(self, resource: _Resource, reading: ItemReading) -> tuple[Metadata, tuple[Problem, ...]]:
        problems: tuple[Problem, ...] = ()
        for path in resource.files:
            if path.endswith(METADATA_SUFFIX) and path in self.archive:
                try:
                    values = parse_json(decode(self.archive.read(path)))
                    if not isinstance(values, dict):
                        raise InvalidSpec("no object")
                    return replace(metadata_of(values), explanation=reading.explanation), ()
                except (Refusal, InvalidSpec):
                    message = N_("không đọc được tệp thông tin kèm câu “%(name)s”; chủ đề, mức độ … của câu bị bỏ qua.")
                    problems = (warning("metadata_unreadable", message, name=path[:80]),)
        found = metadata_from(reading)
        return replace(found, code=resource.code, tags=resource.tags), problems

    def _stimulus(self, path: str, address: str) -> Stimulus:
        name = self.archive.resolve(path, address) or self.archive.resolve(path, unquote(address))
        if name is None:
            raise Refusal(no_stimulus(address))
        kept = self._stimuli.get(name)
        if kept is None:
            kept = self._stimuli[name] = self._stimulus_read(name)
        elif not isinstance(kept, Problem) and not self.pictures.spend(kept[2]):
            message = N_("hình và ngữ liệu trong tệp nặng quá giới hạn nên không lấy được “%(name)s”; hãy chia tệp.")
            kept = error("picture_missing", message, Place(field="stimulus_text"), name=name[:80])
        if isinstance(kept, Problem):
            raise Refusal(kept)
        self._told += kept[1]
        return kept[0]

    def _stimulus_read(self, name: str) -> tuple[Stimulus, list[Problem], int] | Problem:
        try:
            stimulus, problems = stimulus_of(_parsed(self.archive.read(name)), name, self.pictures)
        except Refusal as refused:
            return refused.problem
        if (length := len(stimulus.text)) > MAX_STIMULUS:
            message = N_("ngữ liệu dài %(length)s ký tự, giới hạn là %(limit)s.")
            place = Place(field="stimulus_text")
            return error("stimulus_too_long", message, place, length=length, limit=MAX_STIMULUS)
        return stimulus, problems, max(length, len(stimulus.text.markup or ""))


def manifest_of(archive: Archive) -> str | None:
    """Return the manifest that lies nearest to the top; a folder may stand around the package."""
    names = [name for name in archive if posixpath.basename(name).lower() == MANIFEST]
    return min(names, key=lambda name: (name.count("/"), name), default=None)


def single_item(data: bytes) -> tuple[list[Found], list[Problem]]:
    """Return the question of an item that comes without a package; raises Refusal when the file is none."""
    root = _parsed(data)
    if root.tag != "assessmentItem":
        raise Refusal(root_problem(root, ""))
    reading = read_item(root, "", Pictures(None), _no_package)
    if not reading.interactions:
        return [], [nothing_asked(root, root.get("identifier", ""))]
    metadata, raw = metadata_from(reading), raw_of(root, reading)
    return [Found(1, reading.question, metadata, tuple(reading.problems), raw)], []


def root_problem(root: Element, path: str) -> Problem:
    """Return the problem of a file that is no item."""
    name = str(root.tag)
    if name.startswith("assessment") or name == "manifest":
        message = N_("tệp chỉ có cấu trúc đề hoặc ngữ liệu (%(name)s), không có câu hỏi; hãy chọn cả gói ZIP.")
        return error("no_item", message, name=name[:60])
    if name == "questestinterop":
        message = N_("tệp “%(name)s” chưa đọc được; hãy xuất lại theo QTI 2.1, 2.2 hoặc 3.0, cả gói ZIP.")
        return error("qti_version_old", message, name=name)
    message = N_("tệp %(path)s không phải câu hỏi QTI (phần tử đầu là “%(name)s”).")
    return error("no_qti", message, path=path[:80], name=name[:60])


def nothing_asked(root: Element, name: str) -> Problem:
    """Return the warning of an item that has no interaction."""
    message = N_("“%(name)s” (%(title)s) chỉ có nội dung, không hỏi gì, nên không thành câu hỏi.")
    return warning("item_without_question", message, name=name[:80], title=root.get("title", "")[:80])


def metadata_from(reading: ItemReading) -> Metadata:
    """Return what an item says of itself."""
    metadata = Metadata(explanation=reading.explanation)
    known = reading.language.isalpha() and reading.language.isascii() and len(reading.language) <= 3
    return replace(metadata, language=reading.language) if known else metadata


def raw_of(root: Element, reading: ItemReading) -> dict[str, object]:
    """Return what a person finds an item by."""
    values: dict[str, object] = {name: root.get(name, "")[:200] for name in ("identifier", "title")}
    return values | {"interactions": ", ".join(dict.fromkeys(reading.interactions))[:200]}


def _parsed(data: bytes, most: int = 2 * _MOST_ELEMENTS) -> Element:
    """Return the normalised tree of a file; raises Refusal for one with too many marks of elements to be a question."""
    if data.count(b"<") > most:
        raise Refusal(error("xml_too_much", N_("tệp XML có quá nhiều phần tử; hãy chia thành nhiều tệp.")))
    return normalised(parse_xml(data))


def _no_package(path: str, address: str) -> Stimulus:
    raise Refusal(no_stimulus(address))


def _kind_of(data: bytes) -> str | None:
    """Return the type that a manifest would have given to a file of XML."""
    head = data[:4096]
    if b"assessmentItem" in head or b"qti-assessment-item" in head:
        return "imsqti_item_"
    return "imsqti_test_" if b"assessmentTest" in head or b"qti-assessment-test" in head else None


def _lom(resource: Element) -> tuple[str | None, tuple[str, ...]]:
    """Return the code and keywords in the metadata of a resource."""
    general = next(descendants(first(resource, "metadata") or Element("none"), "general"), None)
    if general is None:
        return None, ()
    code = text_of(first(general, "identifier"))
    entry = first(first(general, "identifier") or general, "entry")
    if entry is not None:
        code = text_of(entry)
    words = (text_of(string) for keyword in children(general, "keyword") for string in keyword)
    tags = tuple(dict.fromkeys(word for word in words if word and len(word) <= MAX_METADATA // 3))
    return (code if 0 < len(code) <= MAX_METADATA else None), tags if len(", ".join(tags)) <= MAX_METADATA else ()


def _names(paths: list[str]) -> str:
    shown = ", ".join(paths[:_NAMED])
    return shown if len(paths) <= _NAMED else f"{shown}, …"
