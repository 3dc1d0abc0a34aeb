"""Lint: what a careful colleague would say about questions before they are used, each finding with its rule."""

from question_bank.lint.linter import RULES, lint, lint_set
from question_bank.lint.rule import Rule

__all__ = ["RULES", "Rule", "lint", "lint_set"]
