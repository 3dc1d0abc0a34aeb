"""Writing questions as a Word document to print and edit; read again, it gives the same questions."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from question_bank.formats.kinds import FORMS_MARK
from question_bank.formats.word.own import (
    ANSWER,
    CONTINUED,
    INFO,
    LEAD,
    OPTION,
    OWN_STYLES,
    OWN_TABLE,
    PASSAGE,
    QUESTION,
    lead_words,
)
from question_bank.formats.word.own_questions import RULE_WORDS
from question_bank.formats.word.rich import PLAIN, content_of_rich
from question_bank.formats.word.runs import Runs, rich_of
from question_bank.formats.word.styles import CODE_STYLE
from question_bank.formats.written import METADATA_FIELDS, Carries, Written, left_out, written
from question_bank.questions.checks import letter
from question_bank.questions.content import Content
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import FillIn
from question_bank.questions.key_words import decimal_words, key_words, truth_word
from question_bank.questions.matching import Matching
from question_bank.questions.metadata import Metadata
from question_bank.questions.ordering import Ordering
from question_bank.questions.question import Question, Stimulus
from question_bank.questions.record import QuestionRecord
from question_bank.questions.registry import KINDS
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.true_false_cluster import TrueFalseCluster

__all__ = ["CARRIES", "write"]

CARRIES = Carries(
    kinds=frozenset(KINDS) - {"cloze"},
    metadata=frozenset(METADATA_FIELDS) - {"checks", "measured"},
    markup=frozenset({"strong", "em", "u", "s", "code", "sub", "sup", "br", "table", "tr", "td", "img", "math"}),
    features=frozenset({"stimulus", "rules", "rubric", "guide", "distractors"}),
)

_BOLD = PLAIN._replace(bold=True)
_ITALIC = PLAIN._replace(italic=True)
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_LISTS = {"Nhãn": "tags", "Năng lực": "competencies", "Vị trí việc làm": "job_levels", "Không đi cùng": "enemies"}
#: Every file is as old as every other, so that equal questions make equal files.
_WRITTEN_ON = (2000, 1, 1, 0, 0, 0)


def write(records: Iterable[QuestionRecord]) -> Written:
    """Return a Word document with some questions, and what it could not hold."""
    kept, problems = left_out(records, CARRIES, _more)
    document = Document(io.BytesIO(_template()))
    runs = Runs(document)
    parts = [part for group in _groups(kept) for part in _group(group, runs)]
    body = document.element.body
    section = body[-1]
    for node in list(parse_xml(f"<w:body {_SPACES}>{''.join(parts)}</w:body>")):
        section.addprevious(node)
    return written(_packed(document), problems)


def _more(record: QuestionRecord) -> set[str]:
    """Name what this format loses of one record beside the parts that it does not carry at all."""
    lost = set()
    texts = [*record.question.all_texts(), record.metadata.explanation]
    if any(_is_unlike(text) for text in texts if not text.is_plain and text.features <= CARRIES.markup):
        lost.add("nested markup")
    if any("data:image/webp" in (image.get("src") or "")[:20] for text in texts for image in text.elements("img")):
        lost.add("webp")
    for name in _LISTS.values():
        if any(";" in one for one in getattr(record.metadata, name)):
            lost.add(name)
    return lost


def _is_unlike(text: Content) -> bool:
    return content_of_rich(rich_of(text), exact=True) != text


def _groups(records: Iterable[tuple[int, QuestionRecord]]) -> Iterator[list[tuple[int, QuestionRecord]]]:
    """Give runs of questions about one stimulus; a question without one by itself."""
    group: list[tuple[int, QuestionRecord]] = []
    for number, record in records:
        stimulus = record.question.stimulus
        if group and (stimulus is None or stimulus != group[0][1].question.stimulus):
            yield group
            group = []
        group.append((number, record))
    if group:
        yield group


def _group(group: list[tuple[int, QuestionRecord]], runs: Runs) -> Iterator[str]:
    stimulus = group[0][1].question.stimulus
    if stimulus is not None:
        yield from _stimulus(stimulus, group[0][0], group[-1][0], runs)
    for number, record in group:
        yield from _question(number, record, runs)


def _stimulus(stimulus: Stimulus, first: int, last: int, runs: Runs) -> Iterator[str]:
    yield from runs.paragraphs(lead_words(first, last), Content(stimulus.title), LEAD, _ITALIC)
    yield from runs.paragraphs("", stimulus.text, PASSAGE)


def _question(number: int, record: QuestionRecord, runs: Runs) -> Iterator[str]:
    question = record.question
    yield from runs.paragraphs(f"Câu {number}. ", question.stem, QUESTION, _BOLD)
    if isinstance(question, Ordering):
        texts: Iterable[Content] = question.items
    elif isinstance(question, Matching):
        texts = question.prompts
    else:
        texts = question.texts()
    for index, text in enumerate(texts):
        label = letter(index).lower() + ")" if isinstance(question, TrueFalseCluster) else letter(index) + "."
        yield from runs.paragraphs(f"{label} ", text, OPTION)
    if isinstance(question, Matching):
        for index, text in enumerate(question.answers, 1):
            yield from runs.paragraphs(f"{index}. ", text, ANSWER)
    for name, value in _lines(question, record.metadata):
        yield from runs.paragraphs(f"{name}: ", value if isinstance(value, Content) else Content(value), INFO, _BOLD)


def _lines(question: Question, metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Give the labelled lines below a question."""
    if not isinstance(question, SingleChoice):
        yield "Loại câu", question.label
    key = _key(question)
    if key:
        yield "Đáp án", key
    if isinstance(question, FillIn) and question.rules.to_json():
        rules = question.rules.to_json()
        yield (
            "So sánh đáp án",
            ", ".join(words for words, (name, value) in RULE_WORDS.items() if rules.get(name) == value),
        )
    if isinstance(question, Essay):
        if question.guide:
            yield "Hướng dẫn chấm", question.guide
        for criterion in question.rubric:
            yield f"Tiêu chí ({decimal_words(criterion.points)} điểm)", criterion.text
    yield from _about(metadata)


def _key(question: Question) -> str:
    match question:
        case FillIn(accepted=accepted):
            return FORMS_MARK.join(form.replace("\\", "\\\\").replace("|", "\\|") for form in accepted)
        case TrueFalseCluster(key=key):
            return "; ".join(f"{letter(index).lower()}) {truth_word(right)}" for index, right in enumerate(key))
        case Matching(key=key):
            return "; ".join(f"{letter(index)} – {answer + 1}" for index, answer in enumerate(key))
        case Ordering() | Essay():
            return ""
    return key_words(question)


def _about(metadata: Metadata) -> Iterator[tuple[str, str]]:
    source = metadata.source
    values: dict[str, str | None] = {
        "Mã": metadata.code,
        "Môn": metadata.subject,
        "Chủ đề": metadata.topic,
        "Mức độ": metadata.level.label if metadata.level else None,
    }
    if source:
        values |= {
            "Căn cứ": source.document,
            "Điều khoản": source.article,
            "Hiệu lực từ": f"{source.in_force_from:%d/%m/%Y}" if source.in_force_from else None,
            "Hiệu lực đến": f"{source.in_force_to:%d/%m/%Y}" if source.in_force_to else None,
        }
    judged = metadata.difficulty.judged
    values |= {
        "Tác giả": metadata.author,
        "Ngôn ngữ": metadata.language if metadata.language != Metadata().language else None,
        "Tỉ lệ làm đúng": decimal_words(judged) if judged is not None else None,
        "Nhóm điểm": metadata.points_group,
        **{name: "; ".join(getattr(metadata, attribute)) for name, attribute in _LISTS.items()},
        "Giải thích": metadata.explanation,
    }
    yield from ((name, value) for name, value in values.items() if value)


# --- the document ---------------------------------------------------------------------------------------------------


@cache
def _template() -> bytes:
    """Return an empty document of A4 with our styles."""
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    _font(document.styles["Normal"], "Times New Roman", 13)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    for identity, name in OWN_STYLES.items():
        style = _style(document, name, identity, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        layout = style.paragraph_format
        layout.keep_with_next = identity in (QUESTION, LEAD)
        layout.space_before = Pt(9) if identity in (QUESTION, LEAD) else None
        layout.left_indent = Cm(0.75) if identity in (OPTION, ANSWER) else None
    for identity, following in ((QUESTION, OPTION), (CONTINUED, OPTION), (LEAD, PASSAGE)):
        _by_id(document, identity).next_paragraph_style = _by_id(document, following)
    _font(_style(document, "Mã lệnh", CODE_STYLE, WD_STYLE_TYPE.CHARACTER), "Courier New", 12)
    _style(document, "Bảng của câu hỏi", OWN_TABLE, WD_STYLE_TYPE.TABLE)
    document.core_properties.title = "Ngân hàng câu hỏi"
    document.core_properties.author = document.core_properties.comments = ""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _style(document: Any, name: str, identity: str, kind: WD_STYLE_TYPE) -> Any:
    style = document.styles.add_style(name, kind)
    style.element.set(qn("w:styleId"), identity)
    style.hidden, style.quick_style = False, kind == WD_STYLE_TYPE.PARAGRAPH
    return style


def _by_id(document: Any, identity: str) -> Any:
    return document.styles[OWN_STYLES[identity]]


def _font(style: Any, name: str, size: int) -> None:
    style.font.name, style.font.size = name, Pt(size)
    fonts = style.element.rPr.rFonts
    for place in ("w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(place), name)


def _packed(document: Any) -> bytes:
    """Return the bytes of a document, the same for the same content."""
    file, again = io.BytesIO(), io.BytesIO()
    document.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            about = zipfile.ZipInfo(name, _WRITTEN_ON)
            about.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(about, old.read(name))
    return again.getvalue()
