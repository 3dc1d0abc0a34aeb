"""What a reader hands back: the good rows, the refused rows, and every numbered problem."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from question_bank.errors import Place, Problem, Unit
from question_bank.formats.mapping import GUESSED, FieldMapping
from question_bank.questions.record import QuestionRecord

__all__ = ["ReadResult", "RefusedRow", "file_refused", "numbered", "problem_json", "result"]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not accepted, as it was read, with the problems that stand on it (at least one error)."""

    row: int
    raw: Mapping[str, object]
    problems: tuple[Problem, ...]
    #: The same in the native form as far as it could be understood, so that it can be mended; empty for a broken row.
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadResult:
    """The whole outcome of reading one file: every row of it is either in ``records`` or in ``refused``."""

    records: tuple[tuple[int, QuestionRecord], ...]
    #: All problems of the file in the order of its rows, counted from 1.
    problems: tuple[Problem, ...]
    refused: tuple[RefusedRow, ...]
    rows_total: int
    #: What the rows were read under, guessed columns included.
    mapping: FieldMapping = GUESSED
    #: What the rows count.
    unit: Unit = "row"

    @property
    def unreadable(self) -> bool:
        """Say whether the file as a whole was refused, so that no row could be looked at."""
        return any(problem.severity == "error" for problem in self.about_file)

    @property
    def about_file(self) -> tuple[Problem, ...]:
        """Return the problems that stand on no row: an unread sheet, columns that nothing was read from …"""
        return tuple(problem for problem in self.problems if problem.place.row is None)

    @property
    def warned(self) -> int:
        """Return how many accepted rows carry a warning."""
        accepted = {row for row, _ in self.records}
        return len({problem.place.row for problem in self.problems} & accepted)

    def reasons(self) -> dict[str, int]:
        """Return how often each problem code occurs, the most frequent first."""
        counts: dict[str, int] = {}
        for problem in self.problems:
            counts[problem.code] = counts.get(problem.code, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values; refused rows with what was read from them."""
        return {
            "rows_total": self.rows_total,
            "accepted": len(self.records),
            "warned": self.warned,
            "refused": len(self.refused),
            "reasons": self.reasons(),
            "problems": [problem_json(problem) for problem in self.problems],
            "refused_rows": [{"row": row.row, "raw": dict(row.raw)} for row in self.refused],
        }


def numbered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems counted from 1, those of the whole file first, then in the order of the rows."""
    ordered = sorted(problems, key=lambda problem: problem.place.row or 0)
    return tuple(replace(problem, number=number) for number, problem in enumerate(ordered, 1))


def result(
    records: Sequence[tuple[int, QuestionRecord]],
    problems: Iterable[Problem],
    refused: Sequence[RefusedRow],
    mapping: FieldMapping,
    unit: Unit = "row",
) -> ReadResult:
    """Return a result whose problems are numbered, the same numbers standing on the refused rows."""
    counted = numbered(problems)
    by_row: dict[int | None, list[Problem]] = {}
    for problem in counted:
        by_row.setdefault(problem.place.row, []).append(problem)
    rows = tuple(replace(row, problems=tuple(by_row.get(row.row, ()))) for row in refused)
    return ReadResult(tuple(records), counted, rows, len(records) + len(rows), mapping, unit)


def file_refused(problem: Problem, file_name: str) -> ReadResult:
    """Return the result of a file that could not be read at all."""
    return ReadResult((), numbered([problem.at(Place(file=file_name))]), (), 0)


def problem_json(problem: Problem) -> dict[str, object]:
    """Return a problem as plain values."""
    place = problem.place
    return {
        "number": problem.number,
        "severity": problem.severity,
        "code": problem.code,
        "text": problem.text(),
        "params": dict(problem.params),
        "place": {name: getattr(place, name) for name in ("file", "row", "unit", "name", "column", "field")},
    }
