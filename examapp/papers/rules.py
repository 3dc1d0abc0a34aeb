"""Pure rules of blueprints: their order, their digest, and the matrix a page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal
from uuid import UUID

from examapp.bank.models import Level, Topic
from examapp.integrity.canonical import H, jcs
from examapp.papers.models import Blueprint, BlueprintCell
from question_bank.questions.metadata import Level as WrittenLevel

_LEVEL_ORDER = list(Level)
#: what people call the levels, in their order; marked texts
LEVEL_NAMES = {level: WrittenLevel(level.value).label for level in Level}

Place = tuple[UUID, Level]
#: nothing asked for; enough in the bank; less than the regulation's ratio; less than is asked for
State = Literal["empty", "enough", "thin", "gap"]


def ordered_cells(blueprint: Blueprint) -> list[BlueprintCell]:
    """Return the cells by topic position and code, then level: the order in which they are shown and drawn."""
    return sorted(
        blueprint.cells,
        key=lambda cell: (cell.topic.position, cell.topic.code, _LEVEL_ORDER.index(cell.level)),
    )


def digest_of(blueprint: Blueprint) -> bytes:
    """Return the digest of the cells by topic code and level.

    A topic's code never changes; its place among the others may, and its name.
    """
    cells = sorted(blueprint.cells, key=lambda cell: (cell.topic.code, _LEVEL_ORDER.index(cell.level)))
    plain = [{"topic": cell.topic.code, "level": cell.level.value, "count": cell.count} for cell in cells]
    return H("khaothi/blueprint/v1", jcs(plain))


@dataclass(frozen=True)
class MatrixCell:
    """One cell as a page shows it: what is asked for, what the bank holds, and whether that is enough."""

    topic_id: UUID
    level: Level
    #: as it was typed, so that a slip is shown again
    typed: str
    count: int
    stock: int
    state: State

    @property
    def name(self) -> str:
        """Return the name of the cell's field, which is also its place on the page."""
        return field_name((self.topic_id, self.level))

    @property
    def level_name(self) -> str:
        """Return what people call the level, a marked text."""
        return LEVEL_NAMES[self.level]

    @property
    def times(self) -> int:
        """Return how many times over the bank can fill the cell, rounded down."""
        return self.stock // self.count if self.count else 0

    @property
    def missing(self) -> int:
        """Return how many questions the bank lacks for this cell."""
        return max(0, self.count - self.stock)


@dataclass(frozen=True)
class MatrixRow:
    """A topic with its cells, in the order of levels."""

    topic: Topic
    cells: tuple[MatrixCell, ...]
    total: int
    share: Decimal


@dataclass(frozen=True)
class Matrix:
    """A blueprint beside the bank's stock, with its sums."""

    rows: tuple[MatrixRow, ...]
    #: per level: questions asked for, and the stock of the whole column
    totals: tuple[tuple[int, int], ...]
    total: int

    def cells(self, state: State) -> list[tuple[Topic, MatrixCell]]:
        """Return the cells in this state, each with its topic, in the order of the page."""
        return [(row.topic, cell) for row in self.rows for cell in row.cells if cell.state == state]

    def share(self, count: int) -> Decimal:
        """Return the share of all questions that so many are."""
        return Decimal(count) / self.total if self.total else Decimal(0)


def field_name(place: Place) -> str:
    """Return the name of the form's field for a cell."""
    return f"o-{place[0]}-{place[1].value}"


def matrix_of(
    topics: Iterable[Topic], typed: Mapping[Place, str], stock: Mapping[Place, int], ratio: Fraction
) -> Matrix:
    """Return the matrix of what was typed; a cell below the ratio is thin, one that cannot be filled is a gap."""
    lines = [(topic, tuple(_cell((topic.id, level), typed, stock, ratio) for level in Level)) for topic in topics]
    total = sum(cell.count for _, cells in lines for cell in cells)
    whole = Matrix((), (), total)
    rows = []
    for topic, cells in lines:
        count = sum(cell.count for cell in cells)
        rows.append(MatrixRow(topic, cells, count, whole.share(count)))
    columns = [[cells[place] for _, cells in lines] for place in range(len(Level))]
    totals = tuple((sum(cell.count for cell in column), sum(cell.stock for cell in column)) for column in columns)
    return Matrix(tuple(rows), totals, total)


def _cell(place: Place, typed: Mapping[Place, str], stock: Mapping[Place, int], ratio: Fraction) -> MatrixCell:
    text = typed.get(place, "").strip()
    count = read_count(text) or 0
    held = stock.get(place, 0)
    state: State = "enough"
    if not count:
        state = "empty"
    elif held < count:
        state = "gap"
    elif held < ratio * count:
        state = "thin"
    return MatrixCell(place[0], place[1], text, count, held, state)


def read_count(text: str) -> int | None:
    """Return the whole number that was typed, 0 for nothing, None for what is no number of questions."""
    if not text.strip():
        return 0
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 3 else None


def in_proportion(stock: Mapping[Place, int], places: Sequence[Place], questions: int) -> dict[Place, int]:
    """Return so many questions dealt to the cells in proportion to the stock, by largest remainder.

    Cells without stock get nothing. With less stock than questions every cell gets what it has.
    """
    held = {place: stock.get(place, 0) for place in places if stock.get(place, 0)}
    whole = sum(held.values())
    if whole <= questions:
        return dict(held)
    quotas = {place: Fraction(count * questions, whole) for place, count in held.items()}
    dealt = {place: int(quota) for place, quota in quotas.items()}
    left = questions - sum(dealt.values())
    by_remainder = sorted(quotas, key=lambda place: (dealt[place] - quotas[place], places.index(place)))
    for place in by_remainder[:left]:
        dealt[place] += 1
    return dealt
