"""The blueprint (ma trận đề): how many questions of which topic and level a paper has; whether the bank can fill it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from question_bank.errors import N_, InvalidSpec, Place, Problem, Value, error, warning
from question_bank.questions.metadata import Level

__all__ = ["Blueprint", "Cell", "check_feasibility"]


@dataclass(frozen=True)
class Cell:
    """One cell: a topic, a level and the number of questions drawn from them."""

    topic: str
    level: str
    count: int


@dataclass(frozen=True)
class Blueprint:
    """The cells of one paper; a (topic, level) stands in it once and no count is negative."""

    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        places = [(cell.topic, cell.level) for cell in self.cells]
        if len(set(places)) != len(places):
            raise InvalidSpec("a topic and level stand twice in the blueprint")
        if any(cell.count < 0 for cell in self.cells):
            raise InvalidSpec("a cell has a negative count")

    @property
    def total(self) -> int:
        """Return the number of questions of one paper."""
        return sum(cell.count for cell in self.cells)

    def used(self) -> Iterable[Cell]:
        """Return the cells from which something is drawn."""
        return (cell for cell in self.cells if cell.count)


def check_feasibility(
    blueprint: Blueprint,
    stock: Mapping[tuple[str, str], int],
    ratio: int | Fraction,
    questions_required: int,
) -> list[Problem]:
    """Return why this blueprint cannot be drawn from this stock (errors), or only just (warnings).

    The law's ratio is about the test as a whole, so all questions of ``stock`` count and falling short refuses; a
    single cell refuses only when it cannot be filled at all, and below the ratio it warns.
    """
    problems: list[Problem] = []
    if blueprint.total != questions_required:
        message = N_("ma trận có %(total)s câu, bài thi cần %(required)s câu.")
        problems.append(error("blueprint_total", message, total=blueprint.total, required=questions_required))
    available, needed = sum(stock.values()), _round_up(ratio * questions_required)
    if available < needed:
        message = N_(
            "ngân hàng của bài thi có %(available)s câu, cần ít nhất %(needed)s câu (gấp %(ratio)s lần số câu của đề)."
        )
        params: dict[str, Value] = {"available": available, "needed": needed, "ratio": str(ratio)}
        problems.append(error("bank_ratio", message, Place(), **params))
    for cell in blueprint.used():
        problems += _check_cell(cell, stock.get((cell.topic, cell.level), 0), ratio)
    return sorted(problems, key=lambda problem: problem.severity != "error")


def _check_cell(cell: Cell, available: int, ratio: int | Fraction) -> list[Problem]:
    needed = _round_up(ratio * cell.count)
    level = Level(cell.level).label if cell.level in set(Level) else cell.level
    params: dict[str, Value] = {
        "topic": cell.topic,
        "level": level,
        "available": available,
        "count": cell.count,
        "needed": needed,
    }
    if available < cell.count:
        message = N_("ô %(topic)s – %(level)s cần %(count)s câu nhưng ngân hàng chỉ có %(available)s.")
        return [error("cell_short", message, Place(), **params)]
    if available < needed:
        message = N_("ô %(topic)s – %(level)s sát mức: có %(available)s câu cho %(count)s câu rút, nên có %(needed)s.")
        return [warning("cell_near", message, Place(), **params)]
    return []


def _round_up(number: int | Fraction) -> int:
    return -(-number.numerator // number.denominator)
