"""Writing GIFT so that Moodle and our own reader read the same questions."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from question_bank.errors import N_, Place, Problem, warning
from question_bank.formats.gift.read import TITLE_TAG, is_made_of, is_own_tag
from question_bank.formats.gift.text import escaped, html_written, text_written
from question_bank.formats.moodle.category import UNSORTED
from question_bank.formats.printed import guarded
from question_bank.formats.weights import fraction_of_percent, percent_text, plain_weights
from question_bank.formats.written import Carries, Written, left_out, written
from question_bank.questions.content import Content
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import FillIn
from question_bank.questions.markup import BLOCKS, INLINES
from question_bank.questions.matching import Matching
from question_bank.questions.metadata import Metadata
from question_bank.questions.multiple_choice import MultipleChoice
from question_bank.questions.numeric import Numeric
from question_bank.questions.question import Question
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.true_false import TrueFalse

__all__ = ["CARRIES", "write"]

CARRIES = Carries(
    kinds=frozenset(kind.kind for kind in (TrueFalse, SingleChoice, MultipleChoice, FillIn, Numeric, Matching, Essay)),
    metadata=frozenset({"topic", "subject", "level", "code", "tags", "explanation"}),
    markup=INLINES | BLOCKS | {"li", "tr", "td", "th", "br", "img", "math"},
    features=frozenset({"weights", "distractors"}),
)

#: Between the two signs of an arrow inside an accepted form: invisible, and taken out again when it is read.
_JOINER = "\u2060"
_OWN_MARKS = ("[html]", "[plain]", "[moodle]", "[markdown]")


def write(records: Iterable[QuestionRecord]) -> Written:
    """Return the GIFT file of some questions; ``problems`` name what it cannot hold."""
    kept, problems = left_out(records, CARRIES, _more)
    parts, category = [], ""
    for number, record in kept:
        path = _category(record.metadata)
        if path != category:
            parts.append(f"$CATEGORY: $course$/top{path}\n")
            category = path
        parts.append(_question(guarded(record)))
        problems += _for_moodle(record.question, number)
    problems.sort(key=lambda problem: problem.place.row or 0)
    return written("\n".join(parts).encode("utf-8", "replace"), problems)


def _more(record: QuestionRecord) -> set[str]:
    """Return what is lost of one record beside what the format cannot hold at all."""
    lost = set()
    question, metadata = record.question, record.metadata
    if getattr(question, "weights", ()) and not _weights(question):
        lost.add("weights")
    if any(is_own_tag(tag) or tag != " ".join(tag.split()) for tag in metadata.tags):
        lost.add("tags")
    if UNSORTED in (metadata.topic, metadata.subject):
        lost.add("topic")
    for name in ("topic", "subject", "code"):
        value = getattr(metadata, name) or ""
        if value != " ".join(value.split()) or (name != "code" and value != value.strip("/")):
            lost.add(name)
    return lost


def _for_moodle(question: Question, number: int) -> list[Problem]:
    """Return what our reader reads as it was and Moodle does not."""
    place = Place(row=number, unit="question")
    if isinstance(question, FillIn) and len(question.accepted) > 1 and any("->" in one for one in question.accepted):
        message = N_("Moodle không nhận được dấu “->” trong các cách trả lời của câu điền khuyết.")
        return [warning("moodle_differs", message, place)]
    if isinstance(question, Matching) and any(not answer.is_plain for answer in question.answers):
        message = N_("Moodle hiện mã HTML ở cột phải của câu ghép đôi thay vì định dạng.")
        return [warning("moodle_differs", message, place)]
    return []


def _category(metadata: Metadata) -> str:
    names = [metadata.subject, metadata.topic] if metadata.topic else []
    words = [" ".join(name.split()).replace("\\", "\\\\").replace("/", "//") for name in names if name]
    return "".join(f"/{name}" for name in words)


def _question(record: QuestionRecord) -> str:
    question, metadata = record.question, record.metadata
    default = "moodle" if question.stem.is_plain else "html"
    stem = text_written(question.stem)
    if stem.startswith("[plain]"):
        default = "moodle"
    title = _title(record)
    name = title.removeprefix(TITLE_TAG) if title else metadata.code
    general = f"####{text_written(metadata.explanation, default)}" if metadata.explanation else ""
    answers = _answers(question, default)
    lines = "".join(f"\t{one}\n" for one in (*answers[1:], general) if one)
    inside = f"{answers[0]}\n{lines}" if len(answers) > 1 else f"{answers[0]}{general}"
    return f"{_comment(metadata, title)}{f'::{escaped(name)}::' if name else ''}{stem}{{{inside}}}\n"


def _title(record: QuestionRecord) -> str | None:
    """Return the tag that is written as the question's name, if there is one that is read back in its place."""
    metadata = record.metadata
    tag = metadata.tags[-1] if metadata.tags and metadata.code else ""
    name = tag.removeprefix(TITLE_TAG)
    own = tag != name and name and name != metadata.code and not is_made_of(name, record.question.stem)
    return tag if own else None


def _comment(metadata: Metadata, title: str | None) -> str:
    marks = [("id", metadata.code)] if metadata.code else []
    if metadata.level:
        marks.append(("tag", f"level:{metadata.level.value}"))
    if metadata.subject and not metadata.topic:
        marks.append(("tag", f"subject:{metadata.subject}"))
    marks += [("tag", tag) for tag in metadata.tags if tag != title]
    words = [f"[{name}:{_bracketed(value or '')}]" for name, value in marks]
    return f"// {' '.join(words)}\n" if words else ""


def _bracketed(value: str) -> str:
    words = " ".join(value.split()).replace("]", "\\]")
    return f"{words} " if words.endswith("\\") else words


def _answers(question: Question, default: str) -> list[str]:
    """Return what stands between the braces: what follows the first brace, then one line for each answer."""
    match question:
        case SingleChoice():
            weights = _weights(question) or tuple(Fraction(0) for _ in question.options)
            marks = ["=" if index == question.key else f"~{_percent(one)}" for index, one in enumerate(weights)]
            return ["", *_marked(marks, question.options, default)]
        case MultipleChoice():
            weights = _weights(question) or plain_weights(question.key, len(question.options))
            return ["", *_marked([f"~{_percent(one)}" for one in weights], question.options, default)]
        case TrueFalse():
            return ["TRUE" if question.key else "FALSE"]
        case FillIn():
            return _forms(question)
        case Numeric():
            numbers = [f"{one.value:f}:{one.tolerance:f}" for one in question.accepted]
            return ["#", *(f"={_paid(question, index)}{one}" for index, one in enumerate(numbers))]
        case Matching():
            right = [_right(answer) for answer in question.answers]
            pairs = zip(question.prompts, question.key, strict=False)
            lines = [f"={_prompt(prompt, default)} -> {right[key]}" for prompt, key in pairs]
            rest = [answer for index, answer in enumerate(question.answers) if index not in question.key]
            return ["", *lines, *(f"= -> {_right(answer)}" for answer in rest)]
    return [""]


def _marked(marks: list[str], options: Sequence[Content], default: str) -> list[str]:
    return [f"{mark}{text_written(option, default)}" for mark, option in zip(marks, options, strict=True)]


def _forms(question: FillIn) -> list[str]:
    forms = []
    for index, form in enumerate(question.accepted):
        text = escaped(form.replace("*", "\\*"))
        mark = "[plain]" if text.startswith(("[", "%")) else ""
        forms.append(f"{_paid(question, index)}{mark}{text}")
    if any("->" in form for form in forms):
        # An arrow beside an equals sign makes a matching; one form alone needs no sign.
        if len(forms) == 1 and not question.weights:
            return [f"%100%{forms[0]}"]
        forms = [form.replace("->", f"-{_JOINER}>") for form in forms]
    return ["", *(f"={form}" for form in forms)]


def _prompt(prompt: Content, default: str) -> str:
    written_so = text_written(prompt, default)
    return html_written(prompt) if "->" in written_so else written_so


def _right(answer: Content) -> str:
    if not answer.is_plain:
        return html_written(answer)
    return f"[plain]{escaped(answer)}" if answer.startswith(_OWN_MARKS) else escaped(answer)


def _weights(question: Question) -> tuple[Fraction, ...]:
    """Return the weights of a question as far as GIFT can say them, none otherwise."""
    weights: tuple[Fraction, ...] = getattr(question, "weights", ())
    if any(fraction_of_percent(percent_text(weight)) != weight for weight in weights):
        return ()
    match question:
        case SingleChoice(key=key):
            fit = all((weight == 1) == (index == key) for index, weight in enumerate(weights))
        case MultipleChoice(key=several):
            fit = all((weight > 0) == (index in several) for index, weight in enumerate(weights))
        case _:
            fit = True
    return weights if fit else ()


def _paid(question: Question, index: int) -> str:
    """Return the weight of an accepted form or number; without one it is the whole mark."""
    weights = _weights(question)
    return f"%{percent_text(weights[index])}%" if index < len(weights) and weights[index] != 1 else ""


def _percent(weight: Fraction) -> str:
    """Return the weight of an option; without one it is worth nothing."""
    return f"%{percent_text(weight)}%" if weight else ""
