"""The metadata of one row: topic, level, legal source, and the recorded second answerings."""

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.drafts import Draft
from question_bank.formats.keys import read_key
from question_bank.questions.metadata import KeyCheck, LegalSource, Metadata, level_from_words
from question_bank.questions.single_choice import SingleChoice, broken_characters
from question_bank.questions.text import clean, has_broken_characters

__all__ = ["MAX_METADATA", "read_metadata"]

#: Longer metadata is a sign of a wrongly mapped column.
MAX_METADATA = 300


def read_metadata(draft: Draft, question: SingleChoice) -> tuple[Metadata | None, list[Problem]]:
    """Return the metadata of a draft, when its level is known, and everything that is wrong with it."""
    texts = draft.texts
    problems = []
    for name, text in (*texts.items(), ("tags", ", ".join(draft.tags))):
        if name in ("stem", "stimulus_text", "stimulus_title"):
            continue
        place = Place(field=name)
        if len(text) > MAX_METADATA:
            message = N_("dài %(length)s ký tự, giới hạn là %(limit)s; có thể cột bị ghép nhầm.")
            problems.append(error("field_too_long", message, place, length=len(text), limit=MAX_METADATA))
        if has_broken_characters(text):
            problems.append(broken_characters().at(place))
    topic, words = texts.get("topic", ""), texts.get("level", "")
    if not topic:
        message = N_("chưa có chủ đề; hãy ghi hoặc chọn chủ đề mặc định khi ghép cột.")
        problems.append(error("topic_missing", message, Place(field="topic")))
    level = level_from_words(words) if words else None
    if not words:
        message = N_("chưa có mức độ; hãy ghi hoặc chọn mức độ mặc định khi ghép cột.")
        problems.append(error("level_missing", message, Place(field="level")))
    elif level is None:
        message = N_("mức độ “%(written)s” không thuộc nhận biết, thông hiểu, vận dụng, vận dụng cao.")
        problems.append(error("level_unknown", message, Place(field="level"), written=words[:80]))
    source = None
    if texts.get("document"):
        source = LegalSource(texts["document"], texts.get("article") or None)
    elif texts.get("article"):
        message = N_("có điều khoản “%(article)s” nhưng không ghi văn bản; điều khoản không được dùng.")
        problems.append(warning("article_alone", message, Place(field="article"), article=texts["article"][:80]))
    checks, notes = _checks(draft.checks, question)
    problems += notes
    if level is None:
        return None, problems
    return Metadata(
        topic=topic,
        level=level,
        subject=texts.get("subject") or None,
        code=texts.get("code") or None,
        source=source,
        author=texts.get("author") or None,
        language=texts.get("language") or "vi",
        tags=draft.tags,
        checks=checks,
    ), problems


def _checks(value: object, question: SingleChoice) -> tuple[tuple[KeyCheck, ...], list[Problem]]:
    """Return the recorded second answerings; one that chose another option doubts the key and warns."""
    checks: list[KeyCheck] = []
    problems: list[Problem] = []
    entries = value if isinstance(value, list) else [value]
    for entry in entries if value is not None else ():
        answer = entry.get("answer") if isinstance(entry, dict) else None
        by = entry.get("by") if isinstance(entry, dict) else None
        if not isinstance(answer, str) or not isinstance(by, str):
            message = N_("lần kiểm đáp án phải có “by” và “answer”.")
            problems.append(warning("check_unreadable", message, Place(field="checks")))
            continue
        try:
            checks.append(KeyCheck(clean(by)[:MAX_METADATA], read_key(answer, question.options, "letter", None)))
        except Refusal as refusal:
            problems.append(
                warning("check_unreadable", refusal.problem.message, Place(field="checks"), **refusal.problem.params)
            )
            continue
        if checks[-1].answer != question.key:
            message = N_("lần kiểm đáp án của “%(by)s” chọn %(answer)s, khác đáp án đã ghi.")
            problems.append(warning("check_disagrees", message, Place(field="checks"), by=by[:80], answer=answer[:10]))
    return tuple(checks), problems
