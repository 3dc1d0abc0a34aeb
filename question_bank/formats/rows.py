"""From drafts to found questions: what a row of a table or of JSON says, read by its kind.

Every row ends either as a record or as a refused row; a faulty one never stops the rest.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.drafts import BrokenRow, Draft, RawRow, draft_of
from question_bank.formats.found import Found, judge_all, kind_unsupported
from question_bank.formats.keys import number_base
from question_bank.formats.kinds import RowParts, kind_of_words, question_of
from question_bank.formats.mapping import FieldMapping
from question_bank.formats.mendable import mendable_fields
from question_bank.formats.prefixes import bare_number, split_label, strip_stem_number, without_beginning
from question_bank.formats.report import ReadResult
from question_bank.formats.row_metadata import read_metadata
from question_bank.formats.unread import unread_columns
from question_bank.questions.checks import MIN_OPTIONS, letter
from question_bank.questions.content import content_of
from question_bank.questions.question import Question, Stimulus
from question_bank.questions.registry import KINDS
from question_bank.questions.single_choice import SingleChoice

__all__ = ["read_rows"]


#: What our own workbooks write for a picture; see ``markup.plain_text``.
_LOST_PICTURE = re.compile(r"\[hình [0-9a-f]{6}(?::[^\]]*)?\]")


@dataclass(frozen=True)
class _File:
    """What holds for all rows of a file."""

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
    required: Collection[str] = (),
    noticed: Sequence[Problem] = (),
) -> ReadResult:
    """Return the result for the rows of one file under a mapping; ``noticed`` is what is known of the file already."""
    drafts = {raw.row: draft_of(raw, mapping) for raw in rows if isinstance(raw, RawRow)}
    base = number_base((draft.key, len(draft.options)) for draft in drafts.values() if _is_choice(draft))
    numbered_stems = sum(bare_number(draft.texts.get("stem", "")) for draft in drafts.values())
    bare = not exact and numbered_stems > 1 and numbered_stems * 2 >= len(drafts)
    file = _File(mapping, exact, base, bare)
    found = (
        Found(raw.row, problems=(raw.problem,), raw={"line": raw.raw})
        if isinstance(raw, BrokenRow)
        else _found(drafts.pop(raw.row), file)
        for raw in rows
    )
    return judge_all(
        found,
        file_name,
        required=required,
        mapping=mapping,
        noticed=(*noticed, *_about_keys(list(drafts.values()), mapping, base), *unread_columns(rows, mapping)),
    )


def _is_choice(draft: Draft) -> bool:
    """Say whether a number as the key of a row names one of its options."""
    return kind_of_words(draft.texts.get("kind", "")) in ("single_choice", "multiple_choice")


def _about_keys(drafts: Sequence[Draft], mapping: FieldMapping, base: int | None) -> Iterator[Problem]:
    """Give the warnings that a file has no place for right answers, and how its numeric keys were counted."""
    if len(drafts) > 1 and "key" not in mapping.columns and not any(draft.key for draft in drafts):
        # The column has another name than we know.
        message = N_("không thấy cột đáp án; nếu tệp có, hãy ghép cột ấy với “Đáp án”.")
        yield warning("key_column_missing", message)
    if base is not None and mapping.key_style == "auto":
        message = N_("đáp án ghi bằng số được hiểu là đếm từ %(base)s; nếu không phải, hãy chọn cách đếm khi ghép cột.")
        yield warning("key_base_guessed", message, base=base)


def _found(draft: Draft, file: _File) -> Found:
    """Return the question of a draft, as far as it can be made, and everything that is to be said about it."""
    problems = list(draft.problems)
    parts = _parts(draft, file, problems)
    question: Question | None = None
    kind = kind_of_words(draft.texts.get("kind", ""))
    if kind is None:
        problems.append(kind_unsupported(draft.texts["kind"]))
    else:
        try:
            question = question_of(kind, parts)
        except Refusal as refusal:
            # With less than two options the key cannot fit; what is missing is said about the options.
            said = kind == SingleChoice.kind and len(parts.options) < MIN_OPTIONS
            if not (said and refusal.problem.code == "key_out_of_range"):
                problems.append(refusal.problem)
        problems += _unused(kind, draft)
    mendable = question or SingleChoice(parts.stem, parts.options, -1, parts.stimulus)
    if kind == SingleChoice.kind:
        question = mendable  # what else is wrong with it is said too
    metadata, notes = read_metadata(draft, question)
    fields = mendable_fields(draft, mendable, kind, metadata)
    return Found(draft.raw.row, question, metadata, tuple(problems + notes), draft.raw.values, fields)


#: Which kinds use a field that not all of them have.
_USED_BY = {
    "options": frozenset(KINDS) - {"fill_in", "numeric", "cloze"},
    "answers": frozenset({"matching"}),
    "gaps": frozenset({"cloze"}),
    "rubric": frozenset({"essay"}),
    "guide": frozenset({"essay"}),
    "rules": frozenset({"fill_in"}),
    "weights": frozenset({"single_choice", "multiple_choice", "fill_in", "numeric"}),
}


def _unused(kind: str, draft: Draft) -> list[Problem]:
    """Return one warning that names filled fields which questions of this kind do not have."""
    filled = {"options": draft.options, **draft.extras}
    names = [name for name, kinds in _USED_BY.items() if filled.get(name) and kind not in kinds]
    if not names:
        return []
    message = N_("câu loại này không dùng trường %(fields)s; phần đó không được giữ.")
    return [warning("fields_unused", message, Place(field=names[0]), fields=", ".join(names))]


def _parts(draft: Draft, file: _File, problems: list[Problem]) -> RowParts:
    texts = draft.texts
    stem: str = texts.get("stem", "")
    options = draft.options
    if not file.exact:
        if any(_LOST_PICTURE.search(text) for text in (stem, *options)):
            message = N_("chỗ ghi “[hình …]” là hình đã mất khi qua bảng tính; hãy nhập từ tệp Word hoặc tệp gốc.")
            problems.append(error("picture_lost", message, Place(field="stem")))
        stem = without_beginning(content_of(stem), strip_stem_number(stem, bare=file.bare))
        options, notes = _without_labels(options)
        problems += notes
    stimulus = None
    if texts.get("stimulus_text") or texts.get("stimulus_title"):
        stimulus = Stimulus(texts.get("stimulus_title", ""), content_of(texts.get("stimulus_text", "")))
    contents = tuple(content_of(option) for option in options)
    return RowParts(content_of(stem), contents, draft.key, stimulus, draft.extras, file.mapping.key_style, file.base)


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
    texts = (without_beginning(content_of(option), text) for option, (_, text) in zip(options, split, strict=True))
    return tuple(text if i in fitting else options[i] for i, text in enumerate(texts)), notes
