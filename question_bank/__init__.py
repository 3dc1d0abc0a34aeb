r"""Question bank: questions of ten kinds, the files they come in, checks of their quality, and the draw of papers.

A library of its own: it knows no web server and no database. Everything below can be imported from ``question_bank``.

Reading and writing files
-------------------------
``read`` takes the bytes of any known file; whatever these hold, the outcome is a ``ReadResult``, never an exception::

    >>> import question_bank as bank
    >>> data = "Câu hỏi,A,B,Đáp án\nThủ đô của Việt Nam?,Hà Nội,Huế,A\n".encode()
    >>> result = bank.read(data, "de.csv")
    >>> [(row, record.question.stem) for row, record in result.records]
    [(2, 'Thủ đô của Việt Nam?')]

A faulty question never stops the rest; it stands in ``result.refused``, and each problem has a number, a place, a code
and a Vietnamese sentence::

    >>> bad = bank.read(data.replace(b",A\n", b",E\n"), "de.csv")
    >>> print(bad.problems[0].text())
    Dòng 2, cột “Đáp án”: ghi “E” nhưng câu chỉ có hai phương án A – B.

``write`` makes a file of some format and names everything that the format cannot hold::

    >>> made = bank.write([record for _, record in result.records], "gift")
    >>> made.problems
    ()
    >>> bank.read(made.data, "de.gift").records[0][1].question == result.records[0][1].question
    True

``FORMATS`` lists the formats with what each carries: native (JSON Lines), word, xlsx, csv, json, moodle, gift, aiken,
qti. ``preview`` shows the columns of a table, ``FieldMapping`` says which column holds what.

Questions
---------
A ``QuestionRecord`` is a question of some kind with its ``Metadata``. The kinds: ``TrueFalse``, ``SingleChoice``,
``MultipleChoice``, ``TrueFalseCluster``, ``FillIn``, ``Numeric``, ``Matching``, ``Ordering``, ``Cloze``, ``Essay``
(all in ``KINDS``). Each is an immutable value that validates itself, judges a response exactly, and keeps its content
and its key apart::

    >>> question = bank.MultipleChoice("Thành phố?", ("Hà Nội", "Huế", "Sa Pa"), key=(0, 1))
    >>> question.validate()
    []
    >>> question.judge({0}), question.judge({0}, bank.PARTIAL)
    (Fraction(0, 1), Fraction(1, 2))

Texts are ``Content``: a ``str`` with the words that everybody can read, and maybe markup beside it that is safe by
construction::

    >>> text = bank.Content.of_html("<p onclick='x()'>H<sub>2</sub>O &lt; <script>alert(1)</script>5</p>")
    >>> str(text), text.markup
    ('H₂O < 5', 'H<sub>2</sub>O &lt; 5')

A string given as a text is never taken for HTML. ``formulas_from_latex`` makes formulas of LaTeX when asked to.

Marking
-------
``ALL_OR_NOTHING``, ``PARTIAL``, ``Negative(penalty, floor)`` and ``Stepped(steps)`` turn a judgement into a share of
the mark; ``corrected_share`` applies what a council decides about a faulty question (``Correction``);
``weighted_sum`` adds up groups of different points.

Quality
-------
``lint(records, today=…)`` finds weak questions by ``RULES``; ``near_duplicates(texts)`` and ``nearest(text, texts)``
find those that say nearly the same (``Prepared(texts)`` where one list is asked many times).

The draw
--------
``question_bank.assembly`` draws papers that anybody can derive again; see its own help.

Command
-------
``question-bank show | convert | stats | lint | duplicates``; ``question-bank --help`` explains them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from question_bank.duplicates import Prepared, near_duplicates, nearest
    from question_bank.errors import InvalidSpec, Place, Problem
    from question_bank.formats import FORMATS, FieldMapping, Preview, ReadResult, RefusedRow, Written, preview, sniff
    from question_bank.formats.reading import read_any as read
    from question_bank.formats.reading import write_any as write
    from question_bank.lint import RULES, lint
    from question_bank.marking import (
        ALL_OR_NOTHING,
        PARTIAL,
        Correction,
        Judgement,
        Negative,
        Stepped,
        corrected_share,
        weighted_sum,
    )
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
        Question,
        QuestionRecord,
        Rules,
        SingleChoice,
        Stimulus,
        TrueFalse,
        TrueFalseCluster,
        question_from_json,
        stimulus_groups,
    )
    from question_bank.questions.formulas import formulas_from_latex
    from question_bank.questions.key_words import key_words

__all__ = [
    "ALL_OR_NOTHING",
    "FORMATS",
    "KINDS",
    "PARTIAL",
    "RULES",
    "Cloze",
    "Content",
    "Correction",
    "Criterion",
    "Difficulty",
    "Essay",
    "FieldMapping",
    "FillIn",
    "Gap",
    "InvalidSpec",
    "Judgement",
    "KeyCheck",
    "LegalSource",
    "Level",
    "Matching",
    "Measured",
    "Metadata",
    "MultipleChoice",
    "Negative",
    "Number",
    "Numeric",
    "Ordering",
    "Place",
    "Preview",
    "Prepared",
    "Problem",
    "Question",
    "QuestionRecord",
    "ReadResult",
    "RefusedRow",
    "Rules",
    "SingleChoice",
    "Stepped",
    "Stimulus",
    "TrueFalse",
    "TrueFalseCluster",
    "Written",
    "corrected_share",
    "formulas_from_latex",
    "key_words",
    "lint",
    "near_duplicates",
    "nearest",
    "preview",
    "question_from_json",
    "read",
    "sniff",
    "stimulus_groups",
    "weighted_sum",
    "write",
]

#: Where each name lives. They are imported when they are asked for: a program that only draws papers loads no readers.
_HOMES = {
    "question_bank.duplicates": ("Prepared", "near_duplicates", "nearest"),
    "question_bank.errors": ("InvalidSpec", "Place", "Problem"),
    "question_bank.formats": (
        *("FORMATS", "FieldMapping", "Preview", "ReadResult", "RefusedRow", "Written", "preview", "sniff"),
    ),
    "question_bank.lint": ("RULES", "lint"),
    "question_bank.marking": (
        *("ALL_OR_NOTHING", "PARTIAL", "Correction", "Judgement", "Negative", "Stepped", "corrected_share"),
        "weighted_sum",
    ),
    "question_bank.questions.formulas": ("formulas_from_latex",),
    "question_bank.questions.key_words": ("key_words",),
}
_RENAMED = {
    "read": ("question_bank.formats.reading", "read_any"),
    "write": ("question_bank.formats.reading", "write_any"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, own = _RENAMED.get(name) or (
        next((place for place, names in _HOMES.items() if name in names), "question_bank.questions"),
        name,
    )
    return getattr(import_module(home), own)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
