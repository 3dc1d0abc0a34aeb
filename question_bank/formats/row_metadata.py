"""The metadata of one row: topic, level, legal source, difficulty, and the recorded second answerings."""

import re
from datetime import date

from question_bank.errors import N_, InvalidSpec, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.drafts import Draft
from question_bank.formats.found import MAX_METADATA
from question_bank.formats.keys import read_key
from question_bank.formats.native_values import difficulty_of
from question_bank.questions.content import content_of
from question_bank.questions.metadata import Difficulty, KeyCheck, LegalSource, Metadata, level_from_words
from question_bank.questions.numeric import number_readings
from question_bank.questions.question import Question
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.text import clean

__all__ = ["MAX_METADATA", "read_metadata"]

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def read_metadata(draft: Draft, question: Question | None) -> tuple[Metadata, list[Problem]]:
    """Return the metadata of a draft, and everything that could not be understood of it."""
    texts = draft.texts
    problems: list[Problem] = []
    words = texts.get("level", "")
    level = level_from_words(words) if words else None
    if words and level is None:
        message = N_("mức độ “%(written)s” không thuộc nhận biết, thông hiểu, vận dụng, vận dụng cao.")
        problems.append(error("level_unknown", message, Place(field="level"), written=words[:80]))
    checks, notes = _checks(draft.checks, question)
    problems += notes
    source = _source(draft, problems)
    difficulty = _difficulty(draft, problems)
    return Metadata(
        topic=texts.get("topic", ""),
        level=level,
        subject=texts.get("subject") or None,
        code=texts.get("code") or None,
        source=source,
        author=texts.get("author") or None,
        language=texts.get("language") or "vi",
        tags=draft.lists["tags"],
        checks=checks,
        difficulty=difficulty,
        points_group=texts.get("points_group") or None,
        competencies=draft.lists["competencies"],
        job_levels=draft.lists["job_levels"],
        enemies=draft.lists["enemies"],
        explanation=content_of(texts.get("explanation", "")),
    ), problems


def _source(draft: Draft, problems: list[Problem]) -> LegalSource | None:
    texts = draft.texts
    article = texts.get("article") or None
    if texts.get("document"):
        days = [_day(texts.get(name, ""), name, problems) for name in ("in_force_from", "in_force_to")]
        return LegalSource(texts["document"], article, *days)
    written = next((text for name in ("in_force_from", "in_force_to") if (text := texts.get(name))), "")
    if written:
        message = N_("có ngày hiệu lực “%(written)s” nhưng không ghi văn bản; ngày không được dùng.")
        problems.append(warning("day_alone", message, Place(field="document"), written=written[:40]))
    if article:
        message = N_("có điều khoản “%(article)s” nhưng không ghi văn bản; điều khoản không được dùng.")
        problems.append(warning("article_alone", message, Place(field="article"), article=article[:80]))
    return None


def _day(written: str, name: str, problems: list[Problem]) -> date | None:
    """Return a day written as 01/07/2025 or 2025-07-01; what is none is named and not used."""
    local, iso = _DAY.fullmatch(written), _ISO_DAY.fullmatch(written)
    try:
        if local:
            return date(int(local[3]), int(local[2]), int(local[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    if written:
        message = N_("“%(written)s” không phải một ngày, ví dụ: 01/07/2025; ngày này không được dùng.")
        problems.append(warning("day_unreadable", message, Place(field=name), written=written[:40]))
    return None


def _difficulty(draft: Draft, problems: list[Problem]) -> Difficulty:
    if "difficulty" in draft.extras:
        try:
            return difficulty_of(draft.extras["difficulty"])
        except InvalidSpec:
            message = N_("độ khó không đúng dạng của tệp riêng (judged, measured).")
            problems.append(error("difficulty_wrong", message, Place(field="difficulty")))
    written = draft.texts.get("judged", "").replace(" ", "")
    if not written:
        return Difficulty()
    readings = number_readings(written.removesuffix("%"))
    if len(readings) != 1:
        message = N_("“%(written)s” không phải tỉ lệ người làm đúng, ví dụ: 0,6 hoặc 60%%.")
        problems.append(error("difficulty_wrong", message, Place(field="judged"), written=written[:40]))
        return Difficulty()
    return Difficulty(readings[0] / 100 if written.endswith("%") else readings[0])


def _checks(value: object, question: Question | None) -> tuple[tuple[KeyCheck, ...], list[Problem]]:
    """Return the recorded second answerings; one that chose another option doubts the key and warns."""
    checks: list[KeyCheck] = []
    problems: list[Problem] = []
    entries = value if isinstance(value, list) else [value]
    if not isinstance(question, SingleChoice):
        if value not in (None, "", []):
            message = N_("lần kiểm đáp án chỉ dùng cho câu chọn một phương án nên không được giữ.")
            problems.append(warning("check_unreadable", message, Place(field="checks")))
        return (), problems
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
