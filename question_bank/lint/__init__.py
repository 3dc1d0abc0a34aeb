"""Lint: what a careful colleague would say about questions before they are used, each finding with its rule."""

from question_bank.lint.linter import RULES, lint
from question_bank.lint.rule import Rule

__all__ = ["RULES", "Rule", "lint"]
