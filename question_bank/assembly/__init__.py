"""Assembly: from a bank to papers, by a blueprint and a draw that anyone can re-derive."""

from question_bank.assembly.blueprint import Blueprint, Cell, check_feasibility
from question_bank.assembly.draw import (
    ALGORITHM,
    DrawCell,
    DrawnItem,
    DrawSpec,
    OptionLayout,
    commitment,
    draw_paper,
    draw_seed,
)

__all__ = [
    "ALGORITHM",
    "Blueprint",
    "Cell",
    "DrawCell",
    "DrawSpec",
    "DrawnItem",
    "OptionLayout",
    "check_feasibility",
    "commitment",
    "draw_paper",
    "draw_seed",
]
