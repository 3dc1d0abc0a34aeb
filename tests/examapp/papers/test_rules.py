"""The one order of a blueprint's cells: it is digested and drawn in it, so it may not depend on anything else."""

from itertools import permutations

from examapp.bank.models import Level, Topic
from examapp.papers.models import Blueprint, BlueprintCell
from examapp.papers.rules import plain_cells


def test_cells_are_ordered_by_topic_then_level_however_they_were_added() -> None:
    first, second = Topic(code="Z", name="Z", position=0), Topic(code="A", name="A", position=1)
    places = [
        (first, Level.RECALL),
        (first, Level.HIGH_APPLICATION),
        (second, Level.UNDERSTANDING),
        (second, Level.APPLICATION),
    ]
    for order in permutations(places):
        blueprint = Blueprint(cells=[BlueprintCell(topic=topic, level=level, count=1) for topic, level in order])
        assert [(cell["topic"], cell["level"]) for cell in plain_cells(blueprint)] == [
            ("Z", "recall"),
            ("Z", "high_application"),
            ("A", "understanding"),
            ("A", "application"),
        ]
