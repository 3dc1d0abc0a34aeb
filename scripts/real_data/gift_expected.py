"""Compare our reading of GIFT files with the one that stands beside each of them as JSON.

`.venv/bin/python scripts/real_data/gift_expected.py FOLDER` prints every difference; status 1 when there is one. The
JSON is what another reader made of the file: a list of questions with type, stem, choices and weights.

Taken as equal: HTML and the plain view that we make of it; runs of white space and one space; a space or none between
the gap of a sentence and the sign behind it; a percentage and the fraction of small numbers that it rounds.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from question_bank.formats.found import Found
from question_bank.formats.gift.read import GAP, parse
from question_bank.questions import (
    Content,
    Essay,
    FillIn,
    Matching,
    MultipleChoice,
    Numeric,
    Question,
    SingleChoice,
    TrueFalse,
)
from question_bank.questions.text import comparable

__all__ = ["differences"]

_NO_QUESTIONS = ("Category", "Description")
_SPACE_BEHIND_GAP = re.compile(rf"{GAP} (?=[.,;:!?])")
_KINDS = {TrueFalse: "TF", FillIn: "Short", Numeric: "Numerical", Matching: "Matching", Essay: "Essay",
          SingleChoice: "MC", MultipleChoice: "MC"}  # fmt: skip
_CLOSE = Fraction(1, 1_000_000)

Expected = Mapping[str, Any]


def differences(folder: Path) -> tuple[int, list[str]]:
    """Return how many files were compared and every difference, one a line."""
    files = sorted(folder.glob("*.gift"))
    return len(files), [f"{file.name}: {line}" for file in files for line in _of_file(file)]


def _of_file(file: Path) -> Iterator[str]:
    expected: list[Expected] = json.loads(file.with_suffix(".json").read_text())
    found, problems = parse(file.read_text())
    questions = [one for one in expected if one["type"] not in _NO_QUESTIONS]
    descriptions = sum(one["type"] == "Description" for one in expected)
    named = sum(problem.code == "text_left_out" for problem in problems)
    if len(found) != len(questions):
        yield f"{len(found)} questions, expected {len(questions)}"
    if named != descriptions:
        yield f"{named} descriptions, expected {descriptions}"
    for one, wanted in zip(found, questions, strict=False):
        for name, ours, theirs in _compared(one, wanted):
            if ours != theirs:
                yield f"line {one.row}: {name} is {ours!r}, expected {theirs!r}"


def _compared(found: Found, wanted: Expected) -> Iterator[tuple[str, object, object]]:
    """Give the name of each part of a question with our value and the expected one."""
    question = found.question
    if question is None:
        yield "question", [problem.code for problem in found.problems], wanted["type"]
        return
    yield "kind", _KINDS.get(type(question)), wanted["type"]
    yield "stem", _words(question.stem), _text(wanted["stem"])
    yield "explanation", _words(found.metadata.explanation), _text(wanted.get("globalFeedback"))
    yield "tags", [tag for tag in found.metadata.tags if not tag.startswith("title:")], wanted.get("tags") or []
    if wanted.get("id"):
        yield "code", found.metadata.code, wanted["id"]
    for name, value in _answers(question).items():
        yield name, value, _expected_answers(question, wanted)[name]


def _answers(question: Question) -> dict[str, object]:
    match question:
        case SingleChoice():
            plain = tuple(Fraction(index == question.key) for index in range(len(question.options)))
            return {"options": _all(question.options), "weights": question.weights or plain, "several": False}
        case MultipleChoice():
            share = Fraction(1, len(question.key))
            plain = tuple(share if index in question.key else -share for index in range(len(question.options)))
            return {"options": _all(question.options), "weights": question.weights or plain, "several": True}
        case FillIn():
            return {"forms": list(question.accepted), "weights": question.weights or _whole(question.accepted)}
        case Numeric():
            ends = [(one.value - one.tolerance, one.value + one.tolerance) for one in question.accepted]
            numbers = [(float(low), float(high)) for low, high in ends]
            return {"numbers": numbers, "weights": question.weights or _whole(question.accepted)}
        case Matching():
            pairs = zip(question.prompts, question.key, strict=True)
            return {"pairs": [(_words(prompt), _words(question.answers[key])) for prompt, key in pairs]}
        case TrueFalse():
            return {"truth": question.key}
    return {}


def _expected_answers(question: Question, wanted: Expected) -> dict[str, object]:
    choices = wanted.get("choices") or []
    match question:
        case SingleChoice() | MultipleChoice():
            several = not any(choice["isCorrect"] for choice in choices)
            weights = tuple(_weight(choice, Fraction(bool(choice["isCorrect"]))) for choice in choices)
            return {"options": [_text(choice["text"]) for choice in choices], "weights": weights, "several": several}
        case FillIn():
            forms = [choice["text"]["text"].strip() for choice in choices]
            return {"forms": forms, "weights": tuple(_weight(choice, Fraction(1)) for choice in choices)}
        case Numeric():
            listed = choices if isinstance(choices, list) else [{"text": choices, "weight": None}]
            weights = tuple(_weight(choice, Fraction(1)) for choice in listed)
            return {"numbers": [_ends(choice["text"]) for choice in listed], "weights": weights}
        case Matching():
            pairs = wanted["matchPairs"]
            return {"pairs": [(_text(pair["subquestion"]), comparable(pair["subanswer"])) for pair in pairs]}
        case TrueFalse():
            return {"truth": wanted["isTrue"]}
    return {}


def _ends(number: Expected) -> tuple[float, float]:
    if number["type"] == "high-low":
        return float(number["numberLow"]), float(number["numberHigh"])
    middle, tolerance = Fraction(str(number["number"])), Fraction(str(number.get("range", 0)))
    return float(middle - tolerance), float(middle + tolerance)


def _weight(choice: Expected, otherwise: Fraction) -> Fraction:
    if choice["weight"] is None:
        return otherwise
    exact = Fraction(str(choice["weight"])) / 100
    near = exact.limit_denominator(20)
    return near if abs(near - exact) < _CLOSE else exact


def _whole(accepted: Sequence[object]) -> tuple[Fraction, ...]:
    return (Fraction(1),) * len(accepted)


def _all(texts: Sequence[Content]) -> list[str]:
    return [_words(text) for text in texts]


def _words(text: str) -> str:
    return _SPACE_BEHIND_GAP.sub(GAP, comparable(str(text)))


def _text(wanted: Expected | None) -> str:
    if wanted is None:
        return ""
    text = wanted["text"]
    return _words(Content.of_html(text) if wanted["format"] == "html" else text)


def main() -> int:
    """Print the differences of a folder; return the exit status."""
    count, lines = differences(Path(sys.argv[1]))
    for line in lines:
        print(line)
    print(f"{count} files, {len(lines)} differences")
    return 1 if lines or not count else 0


if __name__ == "__main__":
    sys.exit(main())
