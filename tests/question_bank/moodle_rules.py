"""What Moodle asks of an XML file of questions, as its own exports show it: a checker for what we write."""

import base64
import re
from xml.etree.ElementTree import Element, fromstring

_FRACTIONS = {
    0, 5, 10, 11.11111, 12.5, 14.28571, 16.66667, 20, 25, 30, 33.33333, 40, 50, 60, 66.66667, 70, 75, 80, 83.33333, 90,
    100,
}  # fmt: skip
_FORMATS = {"html", "plain_text", "moodle_auto_format", "markdown"}
_OVERALL = ["correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "shownumcorrect"]
_HEAD = ["name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber"]
#: What follows the head, in this order; a star: any number of times.
_REST = {
    "multichoice": ["single", "shuffleanswers", "answernumbering", "showstandardinstruction", *_OVERALL, "answer*"],
    "truefalse": ["answer*"],
    "shortanswer": ["usecase", "answer*"],
    "numerical": ["answer*"],
    "matching": ["shuffleanswers", *_OVERALL, "subquestion*"],
    "ordering": ["layouttype", "selecttype", "selectcount", "gradingtype", "showgrading", *_OVERALL, "answer*"],
    "essay": [
        *("responseformat", "responserequired", "responsefieldlines", "minwordlimit", "maxwordlimit", "attachments"),
        *("attachmentsrequired", "maxbytes", "filetypeslist", "graderinfo", "responsetemplate"),
    ],
    "cloze": [],
}
_TEXTS = {"questiontext", "generalfeedback", "feedback", "graderinfo", "responsetemplate", "subquestion", *_OVERALL[:3]}
_GAP = re.compile(r"\{(\d+):(SHORTANSWER|SHORTANSWER_C|NUMERICAL|MULTICHOICE|MULTICHOICE_V):((?:[^{}])+)\}")


def faults(data: bytes) -> list[str]:
    """Everything that Moodle would refuse or show wrongly."""
    root = fromstring(data)
    found = [] if root.tag == "quiz" else ["root"]
    for number, question in enumerate(root, 1):
        found += [f"{number} {question.get('type')}: {fault}" for fault in _question(question)]
    return found


def _question(question: Element):
    kind = question.get("type")
    if question.tag != "question" or question.attrib.keys() != {"type"}:
        yield "not a question"
    elif kind == "category":
        path = question.findtext("category/text") or ""
        if [child.tag for child in question] != ["category"] or not path.startswith("$course$/"):
            yield f"category {path}"
    elif kind not in _REST:
        yield "unknown type"
    else:
        head = [name for name in _HEAD if kind != "cloze" or name != "defaultgrade"]
        names = "".join(f"{child.tag} " for child in question)
        rest = "".join(f"(?:{one[:-1]} )+" if one.endswith("*") else f"{one} " for one in _REST[kind])
        if not re.fullmatch(f"{' '.join(head)} {rest}(?:tags )?", names):
            yield f"children: {names}"
        yield from _texts(question)
        yield from _marks(question, kind)


def _texts(question: Element):
    if not (question.findtext("name/text") or "").strip() or len(question.findtext("name/text") or "") > 255:
        yield "name"
    if len(question.findtext("idnumber") or "") > 100:
        yield "idnumber"
    for holder in question.iter():
        if holder.tag in _TEXTS and holder.get("format") not in _FORMATS:
            yield f"format of {holder.tag}"
        if holder.tag in (*_TEXTS, "name", "answer", "tag") and holder.find("text") is None:
            yield f"no text in {holder.tag}"
        text = holder.findtext("text") or ""
        if "data:image" in text or "\x00" in text:
            yield "a picture inside the text"
        wanted = set(re.findall(r'@@PLUGINFILE@@/([^"]+)"', text))
        files = {file.get("name"): file for file in holder.findall("file")}
        if wanted != files.keys():
            yield f"files of {holder.tag}: {wanted} {set(files)}"
        for file in files.values():
            if file.get("encoding") != "base64" or not base64.b64decode(file.text or "", validate=True):
                yield "file"


def _marks(question: Element, kind: str):
    shares = [float(answer.get("fraction", "nan")) for answer in question.findall("answer")]
    if kind == "ordering":
        if shares != [float(place) for place in range(1, len(shares) + 1)]:
            yield "places"
        return
    if any(abs(share) not in _FRACTIONS for share in shares):
        yield f"fractions: {shares}"
    if kind == "multichoice" and question.findtext("single") == "false":
        if abs(sum(share for share in shares if share > 0) - 100) > 0.01:
            yield f"sum: {shares}"
    elif kind in ("multichoice", "shortanswer", "numerical", "truefalse") and 100 not in shares:
        yield "nothing is fully right"
    if kind == "truefalse" and [one.findtext("text") for one in question.findall("answer")] != ["true", "false"]:
        yield "answers"
    if kind == "numerical" and any(answer.find("tolerance") is None for answer in question.findall("answer")):
        yield "tolerance"
    if kind == "cloze":
        gaps = _GAP.findall(question.findtext("questiontext/text") or "")
        if not gaps or any("=" not in alternatives for _, _, alternatives in gaps):
            yield "gaps"
