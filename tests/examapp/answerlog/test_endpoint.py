"""Placeholder."""

from tests.examapp.answerlog.conftest import Page


def test_smoke(page: Page) -> None:
    print(page.answer(1, 2))
    print(page.answer(1, 2))
    print(page.send())
    print(page.key())
    print(page.submit())
    print(page.send(page.row(3, -1, None, 3)))
    print(page.answer(1, 2))
    print(page.kept())
    raise AssertionError
