"""The writer of QTI packages: a manifest, one file an item with its metadata beside it, pictures and passages."""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace

from question_bank.errors import Problem
from question_bank.formats.native_values import metadata_values_json
from question_bank.formats.qti.kinds import Parts, cannot_stand, lost_weights, parts_of
from question_bank.formats.qti.markup import Spelling, xml_text
from question_bank.formats.qti.names import TOOL, VERSIONS, Version
from question_bank.formats.qti.package import MANIFEST, METADATA_SUFFIX
from question_bank.formats.qti.read import EXPLANATION
from question_bank.formats.written import METADATA_FIELDS, Carries, Written, left_out, question_left_out, written
from question_bank.questions.cloze import Cloze
from question_bank.questions.content import NO_TEXT, content_of
from question_bank.questions.markup import BLOCKS, INLINES
from question_bank.questions.question import Stimulus
from question_bank.questions.record import QuestionRecord
from question_bank.questions.registry import KINDS

__all__ = ["CARRIES", "write"]

#: All versions carry the same.
CARRIES = Carries(
    kinds=frozenset(KINDS),
    metadata=frozenset(METADATA_FIELDS),
    markup=INLINES | BLOCKS | frozenset({"li", "tr", "td", "th", "br", "img", "math"}),
    features=frozenset({"stimulus", "weights", "rules", "gap_weights", "rubric", "guide", "distractors"}),
)
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_LOM_SCHEMA = "http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TITLE = 80
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: Equal questions make equal files.
_DATE = (1980, 1, 1, 0, 0, 0)


def write(records: Iterable[QuestionRecord], version: str = "2.1") -> Written:
    """Return a package in one of ``VERSIONS`` with what was left out; raises KeyError for another version."""
    kept, problems = left_out(records, CARRIES, _lost)
    package = _Package(VERSIONS[version])
    for number, record in kept:
        if cannot_stand(record.question):
            problems.append(question_left_out(number))
        else:
            package.add(record)
    return written(package.data(), _in_order(problems))


def _lost(record: QuestionRecord) -> set[str]:
    """Return what of one question no version carries."""
    question = record.question
    lost = {"weights"} if lost_weights(question) else set()
    if isinstance(question, Cloze):
        lost |= {tag for gap in question.gaps for text in gap.question.texts() for tag in text.features}
    return lost


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.place.row or 0)


class _Package:
    def __init__(self, version: Version) -> None:
        self._version = version
        self._spell = Spelling(version)
        self._files: dict[str, bytes] = {}
        self._resources: list[str] = []
        self._stimuli: dict[Stimulus, str] = {}
        self._names: set[str] = set()

    def add(self, record: QuestionRecord) -> None:
        """Add one question as an item with its files."""
        metadata = record.metadata
        identifier = self._identifier(metadata.code)
        path = f"items/{identifier}.xml"
        stimulus = self._stimulus(record.question.stimulus) if record.question.stimulus else None
        self._spell.used = []
        parts = parts_of(record.question, self._spell)
        self._files[path] = (_XML + self._item(record, identifier, parts, stimulus)).encode()
        beside = f"items/{identifier}{METADATA_SUFFIX}"
        values = metadata_values_json(replace(metadata, explanation=NO_TEXT))
        text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
        self._files[beside] = text.encode("utf-8", "replace")
        self._resources.append(
            self._resource(
                identifier, self._version.item_type, [path, beside, *self._spell.used],
                self._lom(record, identifier, parts), [stimulus] if stimulus else [],
            )
        )  # fmt: skip

    def data(self) -> bytes:
        """Return the archive; the manifest comes first, as readers of streams like it."""
        files = {MANIFEST: (_XML + self._manifest()).encode()} | self._files | self._spell.pictures
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                entry.create_system = 3
                archive.writestr(entry, data)
        return file.getvalue()

    # --- items -----------------------------------------------------------------------------------------------------

    def _identifier(self, code: str | None) -> str:
        """Return a name that can stand in XML and in all file systems: the code, or a number."""
        number = len(self._names) + 1
        wanted = code if code and _IDENTIFIER.fullmatch(code) else f"cau-{number:04d}"
        while wanted.casefold() in self._names:
            number += 1
            wanted = f"cau-{number:04d}"
        self._names.add(wanted.casefold())
        return wanted

    def _item(self, record: QuestionRecord, identifier: str, parts: Parts, stimulus: str | None) -> str:
        spell, version, question = self._spell, self._version, record.question
        explanation = content_of(record.metadata.explanation)
        passage, reference = "", ""
        if question.stimulus and stimulus:
            address = f"../stimuli/{stimulus}.xml"
            named = {"identifier": stimulus, "href": address, "title": question.stimulus.title}
            reference = spell.element("assessmentStimulusRef", named)
        elif question.stimulus:
            title = (
                spell.block(content_of(question.stimulus.title), "stimulus-title") if question.stimulus.title else ""
            )
            passage = f'<div class="stimulus">{title}{spell.block(question.stimulus.text, "stimulus-text")}</div>'
        inside = parts.declarations + self._outcomes(parts, explained=bool(explanation)) + reference
        inside += spell.element("itemBody", {}, passage + parts.body) + parts.processing
        if explanation:
            inside += self._explanation(spell.block(explanation))
        language = record.metadata.language
        known = language if _LANGUAGE.fullmatch(language) else "vi"
        name = version.name("assessmentItem")
        attributes = "".join(
            f' {key if key.startswith("xml:") else version.attribute(key)}="{xml_text(value)}"'
            for key, value in {
                "identifier": identifier, "title": _title(record), "adaptive": "false", "timeDependent": "false",
                "xml:lang": known, "toolName": TOOL,
            }.items()
        )  # fmt: skip
        return f"<{name} {version.schema_location(version.namespace, version.schema)}{attributes}>{inside}</{name}>\n"

    def _outcomes(self, parts: Parts, *, explained: bool) -> str:
        spell = self._spell
        human = "human" if parts.by_people and self._version.number != "2.1" else None
        score: dict[str, object] = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}
        score |= {"normalMaximum": parts.maximum, "externalScored": human}
        zero = spell.element("defaultValue", {}, spell.element("value", {}, "0"))
        outcomes = spell.element("outcomeDeclaration", score, zero)
        if explained:
            feedback = {"identifier": "FEEDBACK", "cardinality": "single", "baseType": "identifier"}
            always = spell.element("defaultValue", {}, spell.element("value", {}, EXPLANATION))
            outcomes += spell.element("outcomeDeclaration", feedback, always)
        return outcomes

    def _explanation(self, inside: str) -> str:
        spell = self._spell
        attributes = {"outcomeIdentifier": "FEEDBACK", "identifier": EXPLANATION, "showHide": "show"}
        if self._version.kebab:
            inside = spell.element("contentBody", {}, inside)
        return spell.element("modalFeedback", attributes, inside)

    def _stimulus(self, stimulus: Stimulus) -> str | None:
        """Return the name of a passage's own file, which it has from version 3.0 on."""
        if not self._version.kebab:
            return None
        if stimulus not in self._stimuli:
            version, spell = self._version, self._spell
            identifier = self._stimuli[stimulus] = f"ngu-lieu-{len(self._stimuli) + 1:03d}"
            spell.used = []
            body = spell.element("stimulusBody", {}, spell.block(stimulus.text))
            name = version.name("assessmentStimulus")
            opening = f'{version.schema_location(version.namespace, version.schema)} identifier="{identifier}"'
            opening += f' title="{xml_text(stimulus.title)}" {version.attribute("toolName")}="{TOOL}"'
            path = f"stimuli/{identifier}.xml"
            self._files[path] = f"{_XML}<{name} {opening}>{body}</{name}>\n".encode()
            kind = self._version.item_type.replace("_item_", "_stimulus_")
            self._resources.append(self._resource(identifier, kind, [path, *spell.used]))
        return self._stimuli[stimulus]

    # --- the manifest ----------------------------------------------------------------------------------------------

    def _resource(
        self, identifier: str, kind: str, paths: list[str], metadata: str = "", needs: Iterable[str] = ()
    ) -> str:
        files = "".join(f'<file href="{xml_text(path)}"/>' for path in paths)
        needed = "".join(f'<dependency identifierref="{one}"/>' for one in needs)
        opening = f'<resource identifier="{identifier}" type="{kind}" href="{xml_text(paths[0])}">'
        return f"  {opening}{metadata}{files}{needed}</resource>\n"

    def _lom(self, record: QuestionRecord, identifier: str, parts: Parts) -> str:
        metadata = record.metadata
        words = dict.fromkeys([metadata.topic, *metadata.tags])
        keywords = "".join(
            f"<imsmd:keyword><imsmd:string>{xml_text(word)}</imsmd:string></imsmd:keyword>" for word in words if word
        )
        return (
            "<metadata><imsmd:lom><imsmd:general>"
            f"<imsmd:identifier><imsmd:entry>{xml_text(metadata.code or identifier)}</imsmd:entry></imsmd:identifier>"
            f"<imsmd:title><imsmd:string>{xml_text(_title(record))}</imsmd:string></imsmd:title>"
            f"<imsmd:language>{xml_text(metadata.language)}</imsmd:language>{keywords}"
            "</imsmd:general></imsmd:lom></metadata>"
        )

    def _manifest(self) -> str:
        version = self._version
        opening = version.schema_location(version.manifest_namespace, version.manifest_schema)
        opening = opening.removesuffix('"') + f' {_LOM} {_LOM_SCHEMA}" xmlns:imsmd="{_LOM}"'
        return (
            f'<manifest {opening} identifier="khaothi-package">\n'
            f"<metadata><schema>{version.package}</schema><schemaversion>{version.package_version}</schemaversion>"
            f"</metadata>\n<organizations/>\n<resources>\n{''.join(self._resources)}</resources>\n</manifest>\n"
        )


def _title(record: QuestionRecord) -> str:
    """Return the beginning of the stem, by which people find an item in other programs."""
    words = " ".join(str(record.question.stem).split())
    return words if len(words) <= _TITLE else f"{words[: _TITLE - 1]}…"
