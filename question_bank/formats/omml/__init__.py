"""Formulas of Word documents (OMML) as plain MathML, and back."""

from question_bank.formats.omml.read import mathml_of
from question_bank.formats.omml.write import omml_of

__all__ = ["mathml_of", "omml_of"]
