"""Hypothesis strategies for questions of every kind, limited to what a format says it can carry."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st
from PIL import Image

from question_bank.formats.written import METADATA_FIELDS, Carries
from question_bank.questions import (
    KINDS,
    Cloze,
    Content,
    Criterion,
    Difficulty,
    Essay,
    FillIn,
    Gap,
    KeyCheck,
    LegalSource,
    Level,
    Matching,
    Measured,
    Metadata,
    MultipleChoice,
    Number,
    Numeric,
    Ordering,
    QuestionRecord,
    Rules,
    SingleChoice,
    Stimulus,
    TrueFalse,
    TrueFalseCluster,
)
from question_bank.questions.cloze import gap_mark
from question_bank.questions.pictures import picture_uri
from question_bank.questions.text import comparable

EVERY_FEATURE = frozenset({"stimulus", "weights", "rules", "gap_weights", "rubric", "guide", "distractors"})
EVERY_MARKUP = frozenset(
    {"strong", "em", "u", "s", "sub", "sup", "code", "ul", "ol", "li", "table", "tr", "td", "th", "pre", "br", "img",
     "math", "blockquote"}
)  # fmt: skip
EVERYTHING = Carries(frozenset(KINDS), frozenset(METADATA_FIELDS), EVERY_MARKUP, EVERY_FEATURE)

_SYLLABLES = (
    "công", "chức", "nghị", "định", "Ủy", "ban", "nhân", "dân", "đúng", "không", "quyền", "hạn", "phường", "Điều",
    "khoản", "người", "được", "tuyển", "dụng", "thẩm", "quyền", "15", "2,5", "hoà", "Huế", "và",
)  # fmt: skip
#: What programs take for something else: markup, escapes, numbers and letters in front, keys.
_ODD_WORDS = (
    "<s,d>", "<b>", "&amp;", "a < b", "x > y", "50%", "{x}", "~", "=", "#", "\\", "\\n", "[html]", "//", "$x^2$", "::",
    "->", "A.", "Câu 1.", "“ngoặc”", '"', "'", "|", "*", "Đáp án: B", "ANSWER: A", "1)", "₂", "…", "𝑥", "]]>", "_____",
)  # fmt: skip


def words(odd: bool = True) -> st.SearchStrategy[str]:
    """One line of text; with ``odd`` also words that look like the syntax of some format."""
    source = _SYLLABLES + (_ODD_WORDS if odd else ())
    return st.lists(st.sampled_from(source), min_size=1, max_size=6).map(" ".join)


def plain_texts(*, odd: bool = True, lines: bool = True) -> st.SearchStrategy[str]:
    """Text without markup: one line or several, sometimes with several spaces in a row."""
    one = words(odd)
    several = st.lists(one, min_size=2, max_size=3).map("\n".join)
    spaced = st.tuples(one, one).map("   ".join)
    return st.one_of(one, several, spaced) if lines else one


@cache
def small_picture(red: int = 200, kind: str = "PNG") -> bytes:
    """A real picture of a few pixels."""
    file = io.BytesIO()
    Image.new("RGB", (4, 3), (red, 30, 60)).save(file, kind)
    return file.getvalue()


_FORMULAS = (
    "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>",
    "<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mn>1</mn></math>",
    '<math display="block"><msqrt><mi>x</mi></msqrt></math>',
)


def _pieces(markup: frozenset[str], odd: bool) -> st.SearchStrategy[str]:
    text = words(odd).map(lambda text: str(Content(text)).replace("&", "&amp;").replace("<", "&lt;"))
    made = [text]
    inline = sorted(markup & {"strong", "em", "u", "s", "sub", "sup", "code"})
    if inline:
        made.append(st.tuples(st.sampled_from(inline), text).map(lambda pair: "<{0}>{1}</{0}>".format(*pair)))
    if "br" in markup:
        made.append(text.map(lambda text: f"{text}<br/>{text}"))
    if {"ul", "li"} <= markup:
        made.append(st.tuples(text, text).map(lambda two: "<ul><li>{}</li><li>{}</li></ul>".format(*two)))
    if {"ol", "li"} <= markup:
        made.append(text.map(lambda text: f"<ol><li>{text}</li><li>{text}</li></ol>"))
    if {"table", "tr", "td"} <= markup:
        row = "<tr><td>{}</td><td>{}</td></tr>"
        made.append(st.tuples(text, text).map(lambda two: f"<table>{row.format(*two)}{row.format(*two)}</table>"))
    if "pre" in markup:
        made.append(text.map(lambda text: f"<pre>{text}\n    {text}</pre>"))
    if "img" in markup:
        made.append(
            st.sampled_from((10, 200)).map(lambda red: f'<img src="{picture_uri(small_picture(red))}" alt="sơ đồ"/>')
        )
    if "math" in markup:
        made.append(st.sampled_from(_FORMULAS))
    return st.one_of(made)


def contents(
    markup: frozenset[str] = frozenset(), *, odd: bool = True, lines: bool = True
) -> st.SearchStrategy[Content]:
    """A text of a question, with the elements of markup that are named."""
    plain = plain_texts(odd=odd, lines=lines).map(Content)
    if not markup:
        return plain
    rich = st.lists(_pieces(markup, odd), min_size=1, max_size=4).map(" ".join).map(Content.of_markup)
    return st.one_of(plain, rich.filter(bool))


def _distinct(text: st.SearchStrategy[Content], least: int = 2, most: int = 5) -> st.SearchStrategy[list[Content]]:
    return st.lists(text, min_size=least, max_size=most, unique_by=comparable)


@st.composite
def questions(draw, carries: Carries = EVERYTHING, *, odd: bool = True, lines: bool = True, kind: str | None = None):
    """A sound question of one of the kinds, with the markup and features that are carried."""
    text = contents(carries.markup, odd=odd, lines=lines)
    chosen = kind or draw(st.sampled_from(sorted(carries.kinds)))
    stem = draw(text)
    made = _MAKERS[chosen](draw, stem, text, carries, odd)
    if "stimulus" in carries.features and draw(st.booleans()):
        made = replace(made, stimulus=Stimulus(draw(words(odd=False)), draw(text)))
    return made


def _weights(draw, carries: Carries, count: int, key: set[int]) -> tuple[Fraction, ...]:
    """Weights that every format of percentages can write: the key 1, or equal shares of it, others 0 or below."""
    if "weights" not in carries.features or not draw(st.booleans()):
        return ()
    lost = draw(st.sampled_from((Fraction(0), Fraction(-1, 2), Fraction(-1, 4))))
    made = tuple(Fraction(1, len(key)) if index in key else lost for index in range(count))
    plain = -Fraction(1, len(key)) if len(key) > 1 else Fraction(0)
    return () if lost == plain else made


def _single(draw, stem, text, carries, odd):
    options = draw(_distinct(text))
    key = draw(st.integers(0, len(options) - 1))
    return SingleChoice(stem, tuple(options), key, None, _weights(draw, carries, len(options), {key}))


def _multiple(draw, stem, text, carries, odd):
    options = draw(_distinct(text, least=3))
    key = draw(st.sets(st.integers(0, len(options) - 1), min_size=2, max_size=min(4, len(options) - 1)))
    return MultipleChoice(stem, tuple(options), tuple(key), None, _weights(draw, carries, len(options), key))


def _true_false(draw, stem, text, carries, odd):
    return TrueFalse(stem, draw(st.booleans()))


def _cluster(draw, stem, text, carries, odd):
    statements = draw(_distinct(text))
    return TrueFalseCluster(stem, tuple(statements), tuple(draw(st.booleans()) for _ in statements))


def _fill_in(draw, stem, text, carries, odd):
    forms = draw(st.lists(words(odd).filter(lambda form: "*" not in form and "|" not in form), min_size=1, max_size=3,
                          unique_by=str.casefold))  # fmt: skip
    rules = Rules()
    if "rules" in carries.features:
        rules = draw(st.builds(Rules, st.booleans(), st.booleans(), st.booleans()))
    return FillIn(stem, tuple(forms), rules)


_decimals = st.decimals(-10_000, 10_000, places=3, allow_nan=False, allow_infinity=False)


def _numeric(draw, stem, text, carries, odd):
    tolerance = st.decimals(0, 5, places=2, allow_nan=False, allow_infinity=False)
    numbers = draw(
        st.lists(st.builds(Number, _decimals, tolerance), min_size=1, max_size=2, unique_by=lambda n: n.value)
    )
    return Numeric(stem, tuple(numbers))


def _matching(draw, stem, text, carries, odd):
    prompts = draw(_distinct(text))
    extra = draw(st.integers(0, 2)) if "distractors" in carries.features else 0
    answers = draw(_distinct(text, least=len(prompts) + extra, most=len(prompts) + extra))
    key = draw(st.permutations(range(len(answers))))[: len(prompts)]
    return Matching(stem, tuple(prompts), tuple(answers), tuple(key))


def _ordering(draw, stem, text, carries, odd):
    return Ordering(stem, tuple(draw(_distinct(text, least=3))))


def _cloze(draw, stem, text, carries, odd):
    makers = {"fill_in": _fill_in, "numeric": _numeric, "single_choice": _single}
    inner = replace(carries, markup=frozenset(), features=carries.features & {"rules"})
    one_line = plain_texts(odd=odd, lines=False).map(Content)
    gaps = tuple(
        Gap(
            makers[draw(st.sampled_from(sorted(makers)))](draw, "", one_line, inner, odd),
            draw(st.integers(1, 3)) if "gap_weights" in carries.features else 1,
        )
        for _ in range(draw(st.integers(1, 3)))
    )
    marks = [f"{draw(words(odd=False))} {gap_mark(number)}" for number in range(1, len(gaps) + 1)]
    return Cloze(" ".join(marks), gaps)


def _essay(draw, stem, text, carries, odd):
    points = st.sampled_from((Decimal("0.5"), Decimal(1), Decimal("2.25")))
    rubric = ()
    if "rubric" in carries.features:
        rubric = tuple(draw(st.lists(st.builds(Criterion, text, points), max_size=3)))
    guide = draw(text) if "guide" in carries.features and draw(st.booleans()) else ""
    return Essay(stem, rubric, guide)


_MAKERS = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "true_false_cluster": _cluster,
    "fill_in": _fill_in,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
}


@st.composite
def metadata(draw, carries: Carries = EVERYTHING):
    """Metadata with the parts that are carried, each sometimes missing."""
    names = carries.metadata
    line = words(odd=False)
    few = st.lists(line, max_size=2, unique=True).map(tuple)

    def maybe(name, strategy, nothing=None):
        return draw(strategy) if name in names and draw(st.booleans()) else nothing

    source = None
    if "document" in names and draw(st.booleans()):
        days = st.dates(date(1990, 1, 1), date(2030, 1, 1))
        source = LegalSource(
            draw(line), maybe("article", line), maybe("in_force_from", days), maybe("in_force_to", days)
        )
    share = st.decimals(0, 1, places=2, allow_nan=False, allow_infinity=False)
    return Metadata(
        topic=maybe("topic", line, ""),
        level=maybe("level", st.sampled_from(Level)),
        subject=maybe("subject", line) if "topic" in names else None,
        source=source,
        author=maybe("author", line),
        language=maybe("language", st.sampled_from(("en", "fr")), "vi"),
        tags=maybe("tags", few, ()),
        difficulty=Difficulty(
            maybe("judged", share), maybe("measured", st.builds(Measured, share, st.integers(1, 999)))
        ),
        points_group=maybe("points_group", line),
        competencies=maybe("competencies", few, ()),
        job_levels=maybe("job_levels", few, ()),
        enemies=maybe("enemies", few, ()),
        explanation=maybe("explanation", contents(carries.markup), ""),
    )


@st.composite
def records(draw, carries: Carries = EVERYTHING, *, odd: bool = True, lines: bool = True, kind: str | None = None):
    """A question with its metadata; codes are given by ``numbered``."""
    question = draw(questions(carries, odd=odd, lines=lines, kind=kind))
    about = draw(metadata(carries))
    if "checks" in carries.metadata and isinstance(question, SingleChoice) and draw(st.booleans()):
        about = replace(about, checks=(KeyCheck("máy kiểm", question.key),))
    return QuestionRecord(question, about)


def files(carries: Carries = EVERYTHING, *, odd: bool = True, lines: bool = True, most: int = 4):
    """Several records that can stand in one file: no two with the same stem, codes where the format carries them."""
    many = st.lists(
        records(carries, odd=odd, lines=lines), min_size=1, max_size=most,
        unique_by=lambda record: (record.question.stem.identity.casefold()),
    )  # fmt: skip
    return many.map(numbered) if "code" in carries.metadata else many


def numbered(many: list[QuestionRecord]) -> list[QuestionRecord]:
    """The records with codes of their own."""
    return [replace(one, metadata=replace(one.metadata, code=f"C{number:03}")) for number, one in enumerate(many, 1)]
