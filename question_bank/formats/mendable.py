"""A row that was not accepted in the native form, as far as it was understood: what a person mends."""

from question_bank.formats.drafts import Draft
from question_bank.formats.native_values import metadata_values_json, values_of
from question_bank.questions.checks import letter
from question_bank.questions.metadata import Metadata, level_from_words
from question_bank.questions.question import Question
from question_bank.questions.record import QuestionRecord
from question_bank.questions.single_choice import SingleChoice

__all__ = ["mendable_fields"]


def mendable_fields(draft: Draft, question: Question, kind: str | None, metadata: Metadata) -> dict[str, object]:
    """Return the fields of a native line; what was not understood (a key, a level) stands there as it was written.

    Where no question of its kind could be made, ``question`` is a single choice with the texts of the row and no key.
    """
    texts = draft.texts
    level = level_from_words(texts.get("level", ""))
    fields: dict[str, object] = {
        **metadata_values_json(metadata),
        "kind": kind or texts["kind"],
        **{name: texts.get(name, "") for name in ("code", "subject", "topic", "author", "language")},
        "level": level.value if level else texts.get("level", ""),
        "tags": list(draft.lists["tags"]),
        "checks": draft.checks,
    }
    if isinstance(question, SingleChoice):
        fields |= {
            "stem": question.stem.to_json(),
            "options": [option.to_json() for option in question.options],
            "key": letter(question.key) if question.key >= 0 else _as_written(draft.key),
        }
        if question.stimulus:
            fields["stimulus"] = question.stimulus.to_json()
        fields |= draft.extras
    else:
        fields = values_of(QuestionRecord(question, metadata)) | {name: one for name, one in fields.items() if one}
    if "source" not in fields and texts.get("article"):
        fields["source"] = {"article": texts["article"]}
    return {name: value for name, value in fields.items() if value not in (None, "", [], ())}


def _as_written(key: object) -> str:
    """Return a key that names no single option: flags at the options become their letters."""
    if isinstance(key, list):
        if key and all(isinstance(one, bool) for one in key):
            return ", ".join(letter(index) for index, right in enumerate(key) if right)
        return ", ".join(str(one) for one in key)
    return "" if key is None else str(key)
