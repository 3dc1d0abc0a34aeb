"""The roles of the exam's people (domain law, TT 22/2025 Art. 4-5), as stored."""

from enum import StrEnum


class Role(StrEnum):
    """A role somebody holds for the site, one exam or one subject."""

    ADMINISTRATOR = "administrator"
    COUNCIL_CHAIR = "council_chair"
    SECRETARY = "secretary"
    AUTHOR = "author"
    INVIGILATOR = "invigilator"
    COORDINATOR = "coordinator"
