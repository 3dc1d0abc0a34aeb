"""Moodle XML, the one format of Moodle that keeps pictures, categories and kinds: reader and writer.

https://docs.moodle.org/en/Moodle_XML_format
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from question_bank.formats.decoding import Refusal
from question_bank.formats.found import judge_all
from question_bank.formats.moodle.read import read_contents
from question_bank.formats.moodle.write import lost_in, quiz_xml
from question_bank.formats.printed import guarded
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.written import Carries, Written, left_out, written
from question_bank.questions.record import QuestionRecord

__all__ = ["CARRIES", "looks_like", "read", "write"]

#: Without clusters of true and false statements and without stimuli: Moodle knows neither.
CARRIES = Carries(
    kinds=frozenset({
        "single_choice", "multiple_choice", "true_false", "fill_in", "numeric", "matching", "ordering", "cloze",
        "essay",
    }),
    metadata=frozenset({"topic", "subject", "level", "code", "tags", "explanation"}),
    markup=frozenset({
        "strong", "em", "u", "s", "sub", "sup", "code", "ul", "ol", "li", "table", "tr", "td", "th", "pre",
        "blockquote", "br", "img", "math",
    }),
    features=frozenset({"weights", "gap_weights", "guide", "distractors"}),
)  # fmt: skip
#: Of the rules of fill-in Moodle has one, case; ``lost_in`` names the others.
_HELD = replace(CARRIES, features=CARRIES.features | {"rules"})
_BEFORE_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|\s+|\ufeff", re.DOTALL)
_HEAD = 8_192


def read(
    data: bytes, file_name: str, *, defaults: Mapping[str, str] | None = None, required: Collection[str] = ()
) -> ReadResult:
    """Read the questions of a Moodle XML file; categories become subjects and topics."""
    try:
        contents = read_contents(data)
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)
    return judge_all(
        contents.found, file_name, defaults=defaults, required=required, noticed=contents.noticed, unit="question"
    )


def write(records: Iterable[QuestionRecord]) -> Written:
    """Write questions as Moodle imports them; what it cannot hold is named in the problems."""
    kept, problems = left_out(records, _HELD, lost_in)
    return written(quiz_xml([(number, guarded(record)) for number, record in kept]), problems)


def looks_like(data: bytes) -> bool:
    """Say whether a file is Moodle XML: its root is ``quiz``."""
    head = data[:_HEAD].replace(b"\0", b"").decode("utf-8", "ignore").lstrip("\ufeff\ufffe")
    place = 0
    while match := _BEFORE_ROOT.match(head, place):
        place = match.end()
    return re.match(r"<quiz[\s>/]", head[place:]) is not None
