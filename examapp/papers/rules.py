"""Pure rules of blueprints."""

from examapp.bank.models import Level
from examapp.papers.models import Blueprint, BlueprintCell

_LEVEL_ORDER = list(Level)


def ordered_cells(blueprint: Blueprint) -> list[BlueprintCell]:
    """Return the cells by topic position and code, then level: the one order in which they are digested and drawn."""
    return sorted(
        blueprint.cells,
        key=lambda cell: (cell.topic.position, cell.topic.code, _LEVEL_ORDER.index(cell.level)),
    )


def plain_cells(blueprint: Blueprint) -> list[dict[str, object]]:
    """Return the cells as plain values for a digest."""
    return [
        {"topic": cell.topic.code, "level": cell.level.value, "count": cell.count} for cell in ordered_cells(blueprint)
    ]
