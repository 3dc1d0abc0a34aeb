"""The verifiable draw ``draw/1``: from one seed to every candidate's paper.

A paper follows from (seed, candidate number, specification) alone. Each use has a stream of its own, named by its
purpose, so one more question in a cell, or one more option, never shifts another part of any paper. What is promised
and what is not, stands in docs; the test vectors stand in ``vectors/draw_1.json`` and a second implementation in
``scripts/check_draw.js``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.assembly.hashing import MAC, H, Stream
from question_bank.errors import InvalidSpec

__all__ = [
    "ALGORITHM",
    "DrawCell",
    "DrawSpec",
    "DrawnItem",
    "OptionLayout",
    "commitment",
    "draw_paper",
    "draw_seed",
    "stream",
]

ALGORITHM = "draw/1"

#: One ball per digit from ten: fewer possible values would let whoever freezes the paper search for a pleasing secret.
_PUBLIC_VALUE = re.compile(r"[0-9]{8}", re.ASCII)


@dataclass(frozen=True)
class DrawCell:
    """One cell of the blueprint: how many questions are drawn from which pool, in this order."""

    cell_id: str
    count: int
    pool: tuple[str, ...]


@dataclass(frozen=True)
class OptionLayout:
    """How many options a question has and which of them stay last, in their source order."""

    count: int
    pinned_last: tuple[int, ...] = ()


@dataclass(frozen=True)
class DrawSpec:
    """Everything a draw needs beside seed and candidate; refuses a specification that cannot be drawn.

    ``test_id`` is the identifier of the test as its 16 raw bytes; text is taken as UTF-8.
    """

    test_id: str | bytes
    cells: tuple[DrawCell, ...]
    options: Mapping[str, OptionLayout]

    def __post_init__(self) -> None:
        ids = [cell.cell_id for cell in self.cells]
        if len(set(ids)) != len(ids):
            raise InvalidSpec("two cells share one identifier")
        pooled = [question for cell in self.cells for question in cell.pool]
        if len(set(pooled)) != len(pooled):
            raise InvalidSpec("a question stands twice in the pools")
        for cell in self.cells:
            if not 0 <= cell.count <= len(cell.pool):
                raise InvalidSpec(f"cell {cell.cell_id} asks for {cell.count} of {len(cell.pool)} questions")
        for question in pooled:
            layout = self.options.get(question)
            if layout is None:
                raise InvalidSpec(f"question {question} has no option layout")
            if not all(0 <= index < layout.count for index in layout.pinned_last):
                raise InvalidSpec(f"question {question} pins an option it does not have")


@dataclass(frozen=True)
class DrawnItem:
    """One question of a drawn paper; ``option_order[display position]`` is the option's index in source order."""

    question_id: str
    option_order: tuple[int, ...]


def commitment(core0_digest: bytes, secret: bytes) -> bytes:
    """Return the commitment that binds the draw's secret before the public value exists."""
    return H("khaothi/draw-commit/v1", core0_digest, secret)


def draw_seed(secret: bytes, core_digest: bytes, roster_final: bytes, public_value: str) -> bytes:
    """Return the seed of a sitting; the public value must be exactly eight ASCII digits, nothing else."""
    if not _PUBLIC_VALUE.fullmatch(public_value):
        raise InvalidSpec("the public value must be exactly eight digits")
    return MAC(secret, "khaothi/draw-seed/v1", core_digest, roster_final, public_value)


def stream(seed: bytes, test_id: str | bytes, sbd: str, purpose: str) -> Stream:
    """Return the stream of one candidate (SBD = candidate number) and one purpose."""
    return Stream(MAC(seed, "khaothi/draw-stream/v1", test_id, sbd, purpose))


def draw_paper(seed: bytes, sbd: str, spec: DrawSpec) -> tuple[DrawnItem, ...]:
    """Draw the paper of one candidate.

    Per cell, in the order of the specification: shuffle the pool and take the first ``count``. Then shuffle the
    questions of all cells together, then the options of each question that are not pinned.
    """
    picked: list[str] = []
    for cell in spec.cells:
        picked += stream(seed, spec.test_id, sbd, f"pick/{cell.cell_id}").shuffle(cell.pool)[: cell.count]
    ordered = stream(seed, spec.test_id, sbd, "order").shuffle(picked)
    return tuple(DrawnItem(question, _option_order(seed, sbd, spec, question)) for question in ordered)


def _option_order(seed: bytes, sbd: str, spec: DrawSpec, question: str) -> tuple[int, ...]:
    layout = spec.options[question]
    pinned = sorted(set(layout.pinned_last))
    movable = [index for index in range(layout.count) if index not in pinned]
    shuffled = stream(seed, spec.test_id, sbd, f"options/{question}").shuffle(movable)
    return (*shuffled, *pinned)
