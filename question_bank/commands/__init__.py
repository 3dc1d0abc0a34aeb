"""The commands of ``question-bank``, one file per family; ``question_bank.cli`` puts them together."""
