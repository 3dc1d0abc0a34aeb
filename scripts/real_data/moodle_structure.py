"""Compare the structure of the Moodle XML that we write with files of Moodle itself, kind by kind."""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring, parse

from question_bank.formats import moodle
from question_bank.questions import (
    Cloze,
    Content,
    Essay,
    FillIn,
    Gap,
    Level,
    Matching,
    Metadata,
    MultipleChoice,
    Number,
    Numeric,
    Ordering,
    Question,
    QuestionRecord,
    SingleChoice,
    TrueFalse,
)
from question_bank.questions.pictures import picture_uri

#: One pixel.
_PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

__all__ = ["structure_faults"]

#: Not every question has them, although every file at hand has.
_OPTIONAL = ("hint",)
#: What Moodle writes although none of the files has it.
_KNOWN = ("tags", "idnumber", "hidden", "@path")


def structure_faults(files: Iterable[Path]) -> tuple[int, list[str]]:
    """Return how many questions of Moodle's own the files hold, and where what we write has another structure.

    A fault is what Moodle always has and we do not write, or what we write and Moodle never has; without a question of
    Moodle's there is nothing to compare with.
    """
    theirs: dict[str, list[dict[str, int]]] = {}
    for path in files:
        for question in _questions(path):
            theirs.setdefault(question.get("type", ""), []).append(_paths(question))
    faults: list[str] = []
    if not theirs:
        return 0, faults
    for question in fromstring(moodle.write(_examples()).data):
        kind, ours = question.get("type", ""), _paths(question)
        known = theirs.get(kind, [])
        if not known:
            faults.append(f"{kind}: không có tệp mẫu")
            continue
        always = set.intersection(*map(set, known))
        ever = set.union(*map(set, known))
        faults += [f"{kind}: thiếu {path}" for path in sorted(always - set(ours)) if not path.startswith(_OPTIONAL)]
        faults += [f"{kind}: lạ {path}" for path in sorted(set(ours) - ever) if not _is_known(path)]
        if not any(_in_order(ours, one) for one in known):
            faults.append(f"{kind}: thứ tự phần tử khác mọi tệp mẫu")
    return sum(map(len, theirs.values())), sorted(set(faults))


def _is_known(path: str) -> bool:
    return path.startswith(_KNOWN) or path.endswith(_KNOWN)


def _in_order(ours: dict[str, int], theirs: dict[str, int]) -> bool:
    """Say whether the children that both have stand in the same order."""
    both = [path for path in ours if path in theirs and "/" not in path and "@" not in path]
    return both == sorted(both, key=theirs.__getitem__)


def _questions(path: Path) -> Iterator[Element]:
    try:
        root = parse(path).getroot()
    except ParseError:
        return
    if root.tag in ("quiz", "question"):
        yield from [root] if root.tag == "question" else root.findall("question")


def _paths(question: Element, above: str = "") -> dict[str, int]:
    """Return the paths of all elements and attributes below a question, with the place where each stands first."""
    found: dict[str, int] = {}
    for child in question:
        path = f"{above}{child.tag}"
        found.setdefault(path, len(found))
        for name in child.attrib:
            found.setdefault(f"{path}@{name}", len(found))
        for below in _paths(child, f"{path}/"):
            found.setdefault(below, len(found))
    return found


def _examples() -> list[QuestionRecord]:
    """Return one question of every kind that the format carries."""
    made: list[Question] = [
        SingleChoice(Content("Cơ quan nào ban hành nghị định?"), (Content("Chính phủ"), Content("Quốc hội")), 0),
        MultipleChoice(Content("Chọn hai."), tuple(map(Content, ("Một", "Hai", "Ba"))), (0, 1)),
        TrueFalse(Content("Nghị định do Chính phủ ban hành."), key=True),
        FillIn(Content("Thủ đô là …"), ("Hà Nội",)),
        Numeric(Content("Một năm có mấy quý?"), (Number(Decimal(4), Decimal(0)),)),
        Matching(Content("Ghép."), (Content("a"), Content("b")), tuple(map(Content, ("1", "2", "3"))), (0, 1)),
        Ordering(Content("Sắp xếp."), tuple(map(Content, ("Một", "Hai", "Ba")))),
        Essay(Content("Trình bày."), (), Content("Nêu đủ ba ý.")),
    ]
    metadata = Metadata(topic="Chuyên đề 1", subject="Luật", level=Level.RECALL, tags=("thử",))
    picture = Content.of_html(f'Xem hình: <img src="{picture_uri(b64decode(_PICTURE))}"/>')
    gap = Cloze(Content.of_html(f"{picture.markup} [[1]]"), (Gap(FillIn(Content(), ("1945",))),))
    return [
        *(QuestionRecord(question, metadata) for question in made),
        QuestionRecord(gap, replace(metadata, explanation=picture)),
    ]
