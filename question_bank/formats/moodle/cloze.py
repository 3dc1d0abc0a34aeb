"""Embedded answers ("cloze") of Moodle, both ways: ``{1:SHORTANSWER:=Hà Nội~%50%Hà-nội}`` inside a text.

https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from html import unescape
from xml.etree.ElementTree import Element as XmlElement

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.found import kind_unsupported
from question_bank.formats.moodle.answers import Answer, fill_in, fraction_of, numeric, percentages, single_choice
from question_bank.formats.moodle.text import TextReader, html_of, text_of
from question_bank.questions import Cloze, FillIn, Gap, Number, Numeric
from question_bank.questions.cloze import MAX_GAPS, gap_mark
from question_bank.questions.content import NO_TEXT

__all__ = ["cloze_html", "decimal_text", "feedback_unread", "read_cloze"]

_START = re.compile(r"\{(\d{0,6}):([A-Z][A-Z_]{1,30}):")
_END = re.compile(r"(?<!\\)\}")
_BETWEEN = re.compile(r"(?<!\\)~")
_FEEDBACK = re.compile(r"(?<![\\&])(?<!&amp;)#")
_WORTH = re.compile(r"=|%(-?\d{1,6}(?:[.,]\d{0,10})?)%")
_MAX_ANSWERS = 100
_NUMERIC = frozenset({"NUMERICAL", "NM"})
_SHORT = frozenset({"SHORTANSWER", "SA", "MW"})
_SHORT_CASE = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_CHOICE = frozenset({"MULTICHOICE", "MC"} | {f"MULTICHOICE_{how}" for how in ("V", "H", "S", "VS", "HS")}
                    | {f"MC{how}" for how in ("V", "H", "S", "VS", "HS")})  # fmt: skip
_MARK = re.compile(r"\[\[(\d{1,3})\]\]")
#: Everything that means something to Moodle inside a gap, or to an HTML editor around it.
_SPECIAL = re.compile(r"[&<>\"'~#{}=%\\*\n]")


def read_cloze(question: XmlElement, texts: TextReader) -> Cloze:
    """Return the question of a text with embedded answers; raises Refusal for gaps that are not read."""
    holder = question.find("questiontext")
    if holder is None:
        return Cloze(NO_TEXT, ())
    gaps: list[Gap] = []
    pieces: list[str] = []
    text = text_of(holder)
    for piece in _taken_apart(text):
        if isinstance(piece, str):
            pieces.append(piece)
        elif len(gaps) == MAX_GAPS:
            raise Refusal(_too_many(len(_START.findall(text))))
        else:
            gaps.append(_gap(*piece, holder, texts))
            pieces.append(gap_mark(len(gaps)))
    stem = texts.content("".join(pieces), holder, "stem", (holder.get("format") or "html").strip())
    return Cloze(stem, tuple(gaps))


def _taken_apart(text: str) -> Iterator[str | tuple[str, str, str]]:
    """Give the pieces of a text: words, and gaps as (weight, kind, alternatives)."""
    place = 0
    while (start := _START.search(text, place)) is not None:
        end = _END.search(text, start.end())
        if end is None:
            message = N_("chỗ trống “%(start)s…” không có dấu } ở cuối; hãy sửa trong Moodle rồi xuất lại.")
            raise Refusal(error("gap_open", message, Place(field="stem"), start=text[start.start() :][:40]))
        yield text[place : start.start()]
        yield start[1], start[2], text[start.end() : end.start()]
        place = end.end()
    yield text[place:]


def _gap(weight: str, kind: str, written: str, holder: XmlElement, texts: TextReader) -> Gap:
    parts = _BETWEEN.split(written, _MAX_ANSWERS)
    if len(parts) > _MAX_ANSWERS:
        message = N_("có %(count)s cách trả lời được chấp nhận, nhiều nhất là %(limit)s.")
        count = written.count("~") + 1
        raise Refusal(error("accepted_too_many", message, Place(field="gaps"), count=count, limit=_MAX_ANSWERS))
    found = [_alternative(one) for one in parts]
    if any(feedback for _, _, feedback in found):
        texts.note(feedback_unread())
    if kind in _CHOICE:
        options = [texts.content(text, holder, "gaps") for text, _, _ in found]
        return Gap(single_choice(NO_TEXT, options, [share for _, share, _ in found]), _weight(weight))
    if kind in _SHORT or kind in _SHORT_CASE:
        answers: list[Answer] = [(text.strip(), share, "") for text, share, _ in found]
        return Gap(fill_in(NO_TEXT, answers, kind in _SHORT_CASE, texts.note), _weight(weight))
    if kind in _NUMERIC:
        split = [(text.strip().partition(":"), share) for text, share, _ in found]
        return Gap(
            numeric(NO_TEXT, [(value, share, far) for (value, _, far), share in split], texts.note), _weight(weight)
        )
    raise Refusal(kind_unsupported(f"cloze {kind}"))


def _too_many(count: int) -> Problem:
    message = N_("câu có %(count)s chỗ trống, nhiều nhất là %(limit)s.")
    return error("gaps_too_many", message, Place(field="gaps"), count=count, limit=MAX_GAPS)


def _weight(written: str) -> int:
    return int(written) if written else 1


def _alternative(written: str) -> tuple[str, Fraction, str]:
    """Return the answer, its worth and the feedback of one alternative."""
    worth = _WORTH.match(written)
    share = fraction_of("100" if worth[0] == "=" else worth[1]) if worth else Fraction(0)
    rest = written[worth.end() :] if worth else written
    sign = _FEEDBACK.search(rest)
    feedback = rest[sign.end() :].strip() if sign else ""
    answer = unescape((rest[: sign.start()] if sign else rest).replace("\\~", "~"))
    return answer.replace("\\}", "}").replace("\\#", "#"), share, feedback


def feedback_unread() -> Problem:
    """Return the warning that what Moodle says to an answer is left out."""
    return warning("feedback_unread", N_("phản hồi của Moodle cho từng câu trả lời không được giữ."))


# --- writing ------------------------------------------------------------------------------------------------------


def cloze_html(question: Cloze, files: dict[str, str]) -> str:
    """Return the HTML of a text with its answers embedded; pictures of the text go to ``files``."""
    gaps = {gap_mark(number): gap for number, gap in enumerate(question.gaps, 1)}
    # A brace of the text itself must not begin an answer.
    text = html_of(question.stem, files).replace("{", "&#123;")
    return _MARK.sub(lambda mark: _written(gaps[mark[0]]) if mark[0] in gaps else mark[0], text)


def decimal_text(number: Decimal) -> str:
    """Return a number as Moodle reads it, without an exponent where that stays short."""
    return format(number, "f") if number.is_finite() and abs(number.adjusted()) < 60 else str(number)


def _written(gap: Gap) -> str:
    one = gap.question
    shares, _ = percentages(one)
    if isinstance(one, Numeric):
        kind, answers = "NUMERICAL", [_numeric_text(number) for number in one.accepted]
    elif isinstance(one, FillIn):
        kind = "SHORTANSWER_C" if one.rules.case else "SHORTANSWER"
        answers = [_escaped(form.replace("*", "\\*")) for form in one.accepted]
    else:
        plain = all(option.is_plain for option in one.options)
        kind, answers = "MULTICHOICE" if plain else "MULTICHOICE_V", [_escaped(html_of(text)) for text in one.options]
    marked = [("=" if share == "100" else f"%{share}%") + answer for share, answer in zip(shares, answers, strict=True)]
    return f"{{{gap.weight}:{kind}:{'~'.join(marked)}}}"


def _numeric_text(number: Number) -> str:
    tolerance = f":{decimal_text(number.tolerance)}" if number.tolerance else ""
    return decimal_text(number.value) + tolerance


def _escaped(text: str) -> str:
    # Moodle takes the backslash off these two when it has already undone the references to characters.
    text = text.replace("\\}", "\\\\}").replace("\\#", "\\\\#")
    return _SPECIAL.sub(lambda sign: f"&#{ord(sign[0])};", text)
