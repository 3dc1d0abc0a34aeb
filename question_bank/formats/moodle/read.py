"""From the elements of Moodle XML to questions: each kind that is read, and what is said about the rest."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from xml.etree.ElementTree import Element as XmlElement

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import Found, kind_unsupported
from question_bank.formats.moodle.answers import (
    Answer,
    fill_in,
    fraction_of,
    multiple_choice,
    numeric,
    single_choice,
)
from question_bank.formats.moodle.category import place_of
from question_bank.formats.moodle.cloze import feedback_unread, read_cloze
from question_bank.formats.moodle.stream import children_of_root
from question_bank.formats.moodle.text import PictureBudget, TextReader, has_tags, text_of
from question_bank.formats.printed import without_printed
from question_bank.questions import Content, Essay, Level, Matching, Metadata, Ordering, Question, TrueFalse
from question_bank.questions.metadata import level_from_words
from question_bank.questions.text import clean, comparable

__all__ = ["LEVEL_TAG", "Contents", "read_contents"]

#: Begins the tag that says how hard a question is: ``level:recall``.
LEVEL_TAG = "level:"
MAX_QUESTIONS = 50_000
_TRUTHS = {"true": True, "đúng": True, "false": False, "sai": False}
#: What Moodle itself puts there, in the two languages of our users; nobody wrote it for the question.
_USUAL_FEEDBACK = frozenset({
    "your answer is correct.", "your answer is partially correct.", "your answer is incorrect.",
    "câu trả lời của bạn đúng", "câu trả lời của bạn đúng một phần", "câu trả lời của bạn sai",
})  # fmt: skip
_OVERALL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
_ANY_TAG = re.compile(r"<[^<>]*>")


@dataclass
class Contents:
    """What stands in a file: its questions, and what is said of the file as a whole."""

    found: list[Found] = field(default_factory=list)
    noticed: list[Problem] = field(default_factory=list)


def read_contents(data: bytes) -> Contents:
    """Return the questions of a Moodle XML file; raises Refusal for a file that cannot be read at all."""
    contents = Contents()
    budget = PictureBudget(len(data))
    metadata = Metadata()
    names = False
    for element in children_of_root(data, "quiz"):
        kind = (element.get("type") or "").strip()
        if element.tag != "question":
            message = N_("phần tử “%(name)s” của tệp không phải câu hỏi nên không được đọc.")
            _notice(contents, warning("element_unread", message, name=str(element.tag)[:80]))
        elif kind == "category":
            metadata = place_of(text_of(element.find("category")))
            if text_of(element.find("info")):
                message = N_("phần mô tả của danh mục không được giữ.")
                _notice(contents, warning("category_info_unread", message))
        elif kind == "description":
            message = N_("đoạn mô tả “%(name)s” không gắn với câu nào nên không được đọc; hãy chép vào câu cần nó.")
            name = clean(text_of(element.find("name"))) or _start(element)
            contents.noticed.append(warning("description_unread", message, name=name[:80]))
        elif len(contents.found) == MAX_QUESTIONS:
            message = N_("tệp có hơn %(limit)s câu; hãy chia thành nhiều tệp.")
            raise Refusal(error("questions_too_many", message, limit=MAX_QUESTIONS))
        else:
            names = names or _has_own_name(element)
            contents.found.append(_found(element, kind, len(contents.found) + 1, metadata, budget))
    if names:
        message = N_("tên câu trong Moodle không được giữ; mã câu lấy ở ô “ID number”.")
        contents.noticed.append(warning("names_unread", message))
    return contents


def _notice(contents: Contents, problem: Problem) -> None:
    if problem not in contents.noticed:
        contents.noticed.append(problem)


def _found(element: XmlElement, kind: str, row: int, place: Metadata, budget: PictureBudget) -> Found:
    raw = {"type": kind, "name": text_of(element.find("name")), "text": text_of(element.find("questiontext"))}
    reader = _READERS.get(kind)
    if reader is None:
        return Found(row, None, place, (kind_unsupported(kind or "?"),), raw)
    texts = TextReader(element, budget)
    question: Question | None = None
    try:
        question = without_printed(reader(element, texts))
    except Refusal as refusal:
        texts.note(refusal.problem)
    metadata = _metadata(element, texts, place)
    _note_the_rest(element, texts)
    return Found(row, question, metadata, tuple(texts.problems), raw)


# --- beside the question ------------------------------------------------------------------------------------------


def _metadata(element: XmlElement, texts: TextReader, place: Metadata) -> Metadata:
    tags = [
        clean("".join(tag.itertext())) for group in ("tags", "coursetags") for tag in element.iterfind(f"{group}/tag")
    ]
    level, kept = _level_of(dict.fromkeys(tag for tag in tags if tag))
    return Metadata(
        topic=place.topic,
        subject=place.subject,
        level=level,
        code=clean(element.findtext("idnumber") or "") or None,
        tags=kept,
        explanation=texts.read(element.find("generalfeedback"), "explanation"),
    )


def _level_of(tags: Mapping[str, None]) -> tuple[Level | None, tuple[str, ...]]:
    """Return the level that the tags name, and the other tags; with two levels all stay tags."""
    named = {tag: level_from_words(tag[len(LEVEL_TAG) :]) for tag in tags if tag.lower().startswith(LEVEL_TAG)}
    levels = {level for level in named.values() if level is not None}
    if len(levels) != 1:
        return None, tuple(tags)
    return levels.pop(), tuple(tag for tag in tags if named.get(tag) is None)


def _note_the_rest(element: XmlElement, texts: TextReader) -> None:
    """Say what a question of Moodle has that is not kept; penalties count only while a quiz is repeated."""
    said = [text_of(one.find("feedback")) for one in element.iterfind("answer")]
    overall = [_ANY_TAG.sub("", text_of(element.find(name))).strip() for name in _OVERALL]
    if any(said) or any(
        one and one.lower() not in _USUAL_FEEDBACK and one.lower().rstrip(".") not in _USUAL_FEEDBACK for one in overall
    ):
        texts.note(feedback_unread())
    hints = sum(1 for hint in element.iterfind("hint") if text_of(hint))
    if hints:
        texts.note(warning("hints_unread", N_("có %(count)s gợi ý (hint) không được giữ."), count=hints))
    grade = clean(element.findtext("defaultgrade") or "")
    if grade and not _is_one(grade):
        message = N_("điểm của câu trong Moodle là %(grade)s; điểm do đề thi quy định nên không được giữ.")
        texts.note(warning("grade_unread", message, grade=grade[:20]))
    if clean(element.findtext("hidden") or "") == "1":
        texts.note(warning("hidden_in_moodle", N_("câu đang bị ẩn trong Moodle; hãy xem có còn dùng không.")))
    files = texts.unused_files()
    if files:
        message = N_("tệp đính kèm không được giữ: %(names)s.")
        texts.note(warning("attachments_unread", message, names=", ".join(files[:10])[:300]))


def _is_one(grade: str) -> bool:
    try:
        return float(grade) == 1
    except ValueError:
        return False


def _has_own_name(element: XmlElement) -> bool:
    """Say whether a question has a name that is neither its code nor the beginning of its text."""
    name = comparable(text_of(element.find("name"))).rstrip("….").rstrip()
    return bool(name) and name != clean(element.findtext("idnumber") or "") and not _start(element).startswith(name)


def _start(element: XmlElement) -> str:
    return comparable(unescape(_ANY_TAG.sub("", text_of(element.find("questiontext"))[:2_000])))


# --- the kinds ----------------------------------------------------------------------------------------------------


def _choice(element: XmlElement, texts: TextReader) -> Question:
    stem = _stem(element, texts)
    answers = element.findall("answer")
    options = [texts.read(answer, f"option_{_field(index)}") for index, answer in enumerate(answers)]
    weights = [fraction_of(answer.get("fraction")) for answer in answers]
    if clean(element.findtext("single", "true")) in ("false", "0", ""):
        return multiple_choice(stem, options, weights, texts.note)
    return single_choice(stem, options, weights)


def _field(index: int) -> str:
    return chr(ord("a") + index) if index < 26 else str(index + 1)


def _true_false(element: XmlElement, texts: TextReader) -> Question:
    stem = _stem(element, texts)
    right = [text_of(answer) for answer in element.iterfind("answer") if fraction_of(answer.get("fraction")) == 1]
    truths = {_TRUTHS.get(clean(text).lower()) for text in right}
    if not right:
        raise Refusal(error("key_missing", N_("chưa có đáp án."), Place(field="key")))
    if len(truths) != 1 or None in truths:
        message = N_("không rõ câu đúng hay sai (đáp án ghi “%(written)s”).")
        raise Refusal(error("key_unknown", message, Place(field="key"), written="; ".join(right)[:80]))
    return TrueFalse(stem, truths == {True})


def _short(element: XmlElement, texts: TextReader) -> Question:
    answers: list[Answer] = [
        (clean(text_of(answer)), fraction_of(answer.get("fraction")), "") for answer in element.iterfind("answer")
    ]
    return fill_in(_stem(element, texts), answers, clean(element.findtext("usecase") or "") == "1", texts.note)


def _numerical(element: XmlElement, texts: TextReader) -> Question:
    answers: list[Answer] = [
        (text_of(answer), fraction_of(answer.get("fraction")), answer.findtext("tolerance") or "")
        for answer in element.iterfind("answer")
    ]
    units = [clean(unit.findtext("unit_name") or "") for unit in element.iterfind("units/unit")]
    if units:
        message = N_("đơn vị (%(units)s) không được giữ: đáp án chỉ là số, hãy ghi đơn vị trong câu hỏi.")
        texts.note(warning("units_unread", message, units=", ".join(units[:10])[:200]))
    return numeric(_stem(element, texts), answers, texts.note)


def _matching(element: XmlElement, texts: TextReader) -> Question:
    prompts: list[Content] = []
    answers: list[Content] = []
    key: list[int] = []
    places: dict[str, int] = {}
    for pair in element.iterfind("subquestion"):
        prompt = texts.read(pair, "options")
        answer = _plain_answer(text_of(pair.find("answer")), pair, texts)
        if not answer and not prompt:
            continue
        place = places.setdefault(answer.identity, len(answers))
        if place == len(answers):
            answers.append(answer)
        if prompt:
            prompts.append(prompt)
            key.append(place)
    return Matching(_stem(element, texts), tuple(prompts), tuple(answers), tuple(key))


def _plain_answer(text: str, pair: XmlElement, texts: TextReader) -> Content:
    """Return an answer of a matching question: a line of text in Moodle, in which references to characters count."""
    return texts.content(text, pair, "answers") if has_tags(text) else Content(unescape(text))


def _ordering(element: XmlElement, texts: TextReader) -> Question:
    items = [texts.read(answer, "options") for answer in element.iterfind("answer")]
    grading = clean(element.findtext("gradingtype") or "")
    if grading not in ("", "ABSOLUTE_POSITION"):
        message = N_("cách chấm “%(name)s” của Moodle không được giữ; mỗi vị trí đúng được một phần điểm.")
        texts.note(warning("grading_unread", message, name=grading[:60]))
    if clean(element.findtext("selecttype") or "ALL") not in ("ALL", "0"):
        message = N_("Moodle chỉ lấy một phần các mục cho mỗi thí sinh; ở đây câu có tất cả %(count)s mục.")
        texts.note(warning("items_all", message, count=len(items)))
    return Ordering(_stem(element, texts), tuple(items))


def _essay(element: XmlElement, texts: TextReader) -> Question:
    if text_of(element.find("responsetemplate")):
        texts.note(warning("template_unread", N_("mẫu trả lời soạn sẵn của câu tự luận không được giữ.")))
    limits = [clean(element.findtext(name) or "0") for name in ("attachments", "minwordlimit", "maxwordlimit")]
    if any(limit not in ("0", "") for limit in limits):
        message = N_("việc nộp tệp và giới hạn số từ của câu tự luận không được giữ.")
        texts.note(warning("essay_limits_unread", message))
    return Essay(_stem(element, texts), (), texts.read(element.find("graderinfo"), "guide"))


def _stem(element: XmlElement, texts: TextReader) -> Content:
    return texts.read(element.find("questiontext"), "stem")


_READERS: Mapping[str, Callable[[XmlElement, TextReader], Question]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "essay": _essay,
    "ordering": _ordering,
    "cloze": read_cloze,
    "multianswer": read_cloze,
}
