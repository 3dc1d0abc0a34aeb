"""Questions that come twice in one file, by their code, their words, or their stem alone."""

from question_bank.errors import N_, Place, Problem, Unit, error, warning
from question_bank.questions.record import QuestionRecord
from question_bank.questions.sameness import names_of, stem_words

__all__ = ["Known", "stem_words"]

#: By what the rows of a file count.
_SENTENCES: dict[Unit, dict[str, str]] = {
    "row": {
        "code": N_("mã “%(written)s” đã dùng cho câu ở dòng %(first)s."),
        "same": N_("trùng hoàn toàn với câu ở dòng %(first)s."),
        "other_key": N_("trùng với câu ở dòng %(first)s nhưng đáp án khác; hãy xem câu nào đúng."),
        "stem": N_("cùng nội dung câu hỏi với dòng %(first)s, phương án khác."),
    },
    "paragraph": {
        "code": N_("mã “%(written)s” đã dùng cho câu ở đoạn %(first)s."),
        "same": N_("trùng hoàn toàn với câu ở đoạn %(first)s."),
        "other_key": N_("trùng với câu ở đoạn %(first)s nhưng đáp án khác; hãy xem câu nào đúng."),
        "stem": N_("cùng nội dung câu hỏi với câu ở đoạn %(first)s, phương án khác."),
    },
    "question": {
        "code": N_("mã “%(written)s” đã dùng cho câu %(first)s."),
        "same": N_("trùng hoàn toàn với câu %(first)s."),
        "other_key": N_("trùng với câu %(first)s nhưng đáp án khác; hãy xem câu nào đúng."),
        "stem": N_("cùng nội dung câu hỏi với câu %(first)s, phương án khác."),
    },
}


class Known:
    """The questions accepted so far, to find those that come twice."""

    def __init__(self, unit: Unit = "row") -> None:
        self._unit = unit
        self._stems: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._questions: dict[tuple[str, ...], tuple[int, str]] = {}

    def check(self, record: QuestionRecord) -> list[Problem]:
        """Return what is to be said when the same stem, or the same stem and options, was accepted before."""
        stem, whole = names_of(record.question)
        code = record.metadata.code
        if code is not None and code in self._codes:
            message = _SENTENCES[self._unit]["code"]
            return [error("code_twice", message, Place(field="code"), written=code, first=self._codes[code])]
        if whole in self._questions:
            first, answer = self._questions[whole]
            if answer == record.question.answer_identity():
                return [error("question_twice", _SENTENCES[self._unit]["same"], first=first)]
            message = _SENTENCES[self._unit]["other_key"]
            return [error("question_twice_other_key", message, first=first)]
        if stem in self._stems:
            message = _SENTENCES[self._unit]["stem"]
            return [warning("stem_twice", message, Place(field="stem"), first=self._stems[stem])]
        return []

    def add(self, row: int, record: QuestionRecord) -> None:
        """Remember an accepted question."""
        stem, whole = names_of(record.question)
        self._stems.setdefault(stem, row)
        if record.metadata.code is not None:
            self._codes.setdefault(record.metadata.code, row)
        self._questions.setdefault(whole, (row, record.question.answer_identity()))
