"""From drafts to records: the judgement that every reader shares, so that no format is stricter than another.

Every row ends either as a record or as a refused row; a faulty one never stops the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.drafts import BrokenRow, Draft, RawRow, draft_of
from question_bank.formats.keys import number_base, read_key
from question_bank.formats.mapping import FieldMapping
from question_bank.formats.mendable import mendable_fields
from question_bank.formats.prefixes import bare_number, split_label, strip_stem_number
from question_bank.formats.repeats import Known
from question_bank.formats.report import ReadResult, RefusedRow, result
from question_bank.formats.row_metadata import read_metadata
from question_bank.formats.unread import unread_columns
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import MIN_OPTIONS, SingleChoice, Stimulus, letter

__all__ = ["read_rows"]


#: the fields of a row that is no set of values
_NOTHING: dict[str, object] = {}


@dataclass(frozen=True)
class _File:
    """What holds for all rows of a file."""

    name: str
    mapping: FieldMapping
    #: Texts are taken as they are: the native form has no numbers and letters in front.
    exact: bool
    base: int | None
    bare: bool


def read_rows(
    rows: Sequence[RawRow | BrokenRow],
    mapping: FieldMapping,
    file_name: str,
    *,
    exact: bool = False,
    noticed: Sequence[Problem] = (),
) -> ReadResult:
    """Return the result for the rows of one file under a mapping; ``noticed`` is what is known of the file already."""
    drafts = {raw.row: draft_of(raw, mapping) for raw in rows if isinstance(raw, RawRow)}
    base = number_base((draft.key, len(draft.options)) for draft in drafts.values())
    numbered_stems = sum(bare_number(draft.texts.get("stem", "")) for draft in drafts.values())
    bare = not exact and numbered_stems > 1 and numbered_stems * 2 >= len(drafts)
    file = _File(file_name, mapping, exact, base, bare)
    known = Known()
    records: list[tuple[int, QuestionRecord]] = []
    refused: list[RefusedRow] = []
    problems = [problem.at(Place(file=file_name)) for problem in (*noticed, *unread_columns(rows, mapping))]
    for raw in rows:
        if isinstance(raw, BrokenRow):
            record, found, fields = None, [raw.problem], _NOTHING
        else:
            record, found, fields = _judge(drafts[raw.row], file)
        if record is not None:
            found += [_at_column(problem, mapping) for problem in known.check(record)]
        placed = [problem.at(Place(file=file_name, row=raw.row)) for problem in found]
        problems += placed
        if record is not None and all(problem.severity == "warning" for problem in placed):
            known.add(raw.row, record)
            records.append((raw.row, record))
        else:
            values = {"line": raw.raw} if isinstance(raw, BrokenRow) else raw.values
            refused.append(RefusedRow(raw.row, values, tuple(placed), fields))
    return result(records, problems, refused, mapping)


def _judge(draft: Draft, file: _File) -> tuple[QuestionRecord | None, list[Problem], dict[str, object]]:
    """Return the record of a draft, when one can be made, everything that is to be said about it, and its fields."""
    problems = list(draft.problems)
    texts = draft.texts
    stem = texts.get("stem", "")
    options = draft.options
    if not file.exact:
        stem = strip_stem_number(stem, bare=file.bare)
        options, notes = _without_labels(options)
        problems += notes
    kind = texts.get("kind", "")
    if kind and kind != SingleChoice.kind:
        problems.append(error("kind_unsupported", N_("loại câu hỏi “%(kind)s” chưa đọc được."), kind=kind[:80]))
    key = -1
    try:
        key = read_key(draft.key, options, file.mapping.key_style, file.base)
    except Refusal as refusal:
        # With less than two options the key cannot fit; what is missing is said about the options.
        if len(options) >= MIN_OPTIONS or refusal.problem.code != "key_out_of_range":
            problems.append(refusal.problem)
    stimulus = None
    if texts.get("stimulus_text") or texts.get("stimulus_title"):
        stimulus = Stimulus(texts.get("stimulus_title", ""), texts.get("stimulus_text", ""))
    question = SingleChoice(stem, options, key, stimulus)
    fields = mendable_fields(draft, question)
    problems += [problem for problem in question.validate() if key >= 0 or problem.code != "key_out_of_range"]
    metadata, notes = read_metadata(draft, question)
    problems += notes
    placed = [_at_column(problem, file.mapping) for problem in problems]
    if metadata is None or any(problem.severity == "error" for problem in placed):
        return None, placed, fields
    return QuestionRecord(question, metadata), placed, fields


def _at_column(problem: Problem, mapping: FieldMapping) -> Problem:
    column = mapping.column_of(problem.place.field)
    return problem if problem.place.column or column is None else problem.at(Place(column=column))


def _without_labels(options: tuple[str, ...]) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the options without "A.", "B)" in front; letters that stand at the wrong option are refused.

    One letter alone is content ("C. Mác"); letters in their own places at two options or more are labels.
    """
    split = [split_label(option) for option in options]
    labelled = [index for index, (label, _) in enumerate(split) if label is not None]
    fitting = [index for index in labelled if split[index][0] == index]
    if len(options) > 1 and len(labelled) == len(options) and len(fitting) < len(options):
        labels = ", ".join(letter(label) for label, _ in split if label is not None)
        message = N_("chữ cái trước phương án không theo thứ tự (%(labels)s), không rõ đáp án chỉ phương án nào.")
        return options, [error("option_labels_disordered", message, Place(field="option_a"), labels=labels)]
    if len(fitting) < 2:
        return options, []
    notes = []
    if len(fitting) < len(options):
        missing = ", ".join(letter(index) for index in range(len(options)) if index not in fitting)
        message = N_("phương án %(letters)s không có chữ cái ở đầu như các phương án khác.")
        notes.append(warning("option_label_missing", message, Place(field="options"), letters=missing))
    return tuple(split[i][1] if i in fitting else option for i, option in enumerate(options)), notes
