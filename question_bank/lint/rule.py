"""What a rule of the linter is: a stable code, its name, why it is there and where it comes from."""

from dataclasses import dataclass

from question_bank.errors import Place, Problem, Value, error, warning

__all__ = ["HALADYNA", "HOUSE", "REGULATION", "Rule"]

#: The review of item-writing guidelines whose numbers the rules name.
HALADYNA = "Haladyna, Downing, Rodriguez (2002), Applied Measurement in Education 15(3): "
REGULATION = "Thông tư 22/2025/TT-BNV, Điều 8"
HOUSE = "khaothi"


@dataclass(frozen=True)
class Rule:
    """One rule. Title and reason are gettext message ids; what it says about a question is the check's own sentence."""

    code: str
    title: str
    #: One sentence: what goes wrong when the rule is broken.
    why: str
    #: The guideline or regulation it follows.
    source: str

    def warning(self, message: str, place: Place | None = None, /, **params: Value) -> Problem:
        """Return a finding that a person should look at."""
        return warning(self.code, message, place or Place(), **params)

    def error(self, message: str, place: Place | None = None, /, **params: Value) -> Problem:
        """Return a finding with which the question must not be used."""
        return error(self.code, message, place or Place(), **params)
