"""A row that was not accepted in the native form, as far as it was understood: what a person mends."""

from question_bank.formats.drafts import Draft
from question_bank.questions.metadata import level_from_words
from question_bank.questions.single_choice import SingleChoice, letter

__all__ = ["mendable_fields"]


def mendable_fields(draft: Draft, question: SingleChoice) -> dict[str, object]:
    """Return the fields of a native line; what was not understood (a key, a level) stands there as it was written."""
    texts = draft.texts
    level = level_from_words(texts.get("level", ""))
    fields: dict[str, object] = {
        "kind": question.kind,
        **{name: texts.get(name, "") for name in ("code", "subject", "topic", "author", "language")},
        "level": level.value if level else texts.get("level", ""),
        "stem": question.stem,
        "options": list(question.options),
        "key": letter(question.key) if question.key >= 0 else _as_written(draft.key),
        "tags": list(draft.tags),
        "checks": draft.checks,
    }
    if question.stimulus:
        fields["stimulus"] = {"title": question.stimulus.title, "text": question.stimulus.text}
    source = {name: texts[name] for name in ("document", "article") if texts.get(name)}
    if source:
        fields["source"] = source
    return {name: value for name, value in fields.items() if value not in (None, "", [], ())}


def _as_written(key: object) -> str:
    """Return a key that names no single option: flags at the options become their letters."""
    if isinstance(key, list):
        if key and all(isinstance(one, bool) for one in key):
            return ", ".join(letter(index) for index, right in enumerate(key) if right)
        return ", ".join(str(one) for one in key)
    return "" if key is None else str(key)
