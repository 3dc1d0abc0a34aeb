"""Question bank: questions, their file formats and the assembly of papers, as a library of its own.

It knows no web server, no database and no other package of this project. Its public fronts are
``question_bank.errors``, ``question_bank.questions``, ``question_bank.formats`` and ``question_bank.assembly``;
the command ``question-bank`` stands in ``question_bank.cli``.
"""
