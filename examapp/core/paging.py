"""Lists in pages: a list never grows with its table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Row = TypeVar("Row")

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list: its rows, its number from 1 on, and how many rows there are in all."""

    rows: list[Row]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Return the place of the first row in the whole list, 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Return the place of the last row in the whole list."""
        return (self.number - 1) * self.size + len(self.rows)

    def window(self) -> list[int | None]:
        """Return the page numbers a pager shows, None for a gap: the first, the last and those around this one."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)}
        shown = sorted(number for number in near if 1 <= number <= self.pages)
        spread: list[int | None] = []
        for number in shown:
            last = spread[-1] if spread else 0
            if last is not None and number - last > 1:
                spread.append(None if number - last > 2 else last + 1)
            spread.append(number)
        return spread

    def with_rows(self, rows: list[Any]) -> "Page[Any]":
        """Return the same page with other rows, made of these one by one."""
        return replace(self, rows=rows)


def page_of(session: Session, query: Select[*tuple[Any, ...]], number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Return a page of an ordered query in two statements; a number past the end gives the last page.

    A query of one entity or column gives these, a query of several gives rows.
    """
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    result = session.execute(query.limit(size).offset((number - 1) * size))
    single = len(query.column_descriptions) == 1
    return Page(list(result.scalars() if single else result), number, total, size)


def page_of_rows(rows: Sequence[Row], number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """Return a page of rows that are all in memory, such as those of one file; a number past the end gives the last."""
    number = min(max(1, number), max(1, -(-len(rows) // size)))
    return Page(list(rows[(number - 1) * size : number * size]), number, len(rows), size)
