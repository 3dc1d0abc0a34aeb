"""What people do to the candidates of an exam, one deed per file."""

from examapp.candidates.services.importing import CandidateListRefused, add_candidates
from examapp.candidates.services.reading import read_candidate_rows

__all__ = ["CandidateListRefused", "add_candidates", "read_candidate_rows"]
