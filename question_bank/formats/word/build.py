"""From the parts of one question of a Word file to a ``Found``: its kind, its key, its metadata."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.drafts import LIST_FIELDS, Draft, RawRow
from question_bank.formats.found import MAX_METADATA, Found, kind_unsupported
from question_bank.formats.kinds import RowParts, kind_of_words, question_of
from question_bank.formats.mendable import mendable_fields
from question_bank.formats.row_metadata import read_metadata
from question_bank.formats.word.keys import Key, agreed, ambiguous, looks, marked_truths, meaning
from question_bank.formats.word.options import Option
from question_bank.formats.word.rich import EMPTY, Rich, content_of_rich, joined
from question_bank.questions.checks import MIN_OPTIONS, key_missing, letter
from question_bank.questions.content import Content
from question_bank.questions.metadata import Level, level_from_words
from question_bank.questions.question import Question, Stimulus
from question_bank.questions.single_choice import SingleChoice
from question_bank.questions.text import clean, has_hidden_characters, repair_horn_letters

__all__ = ["WordDraft", "found_of", "problems_of"]

KEY_LINE = N_("dòng đáp án")
KEY_TABLE = N_("bảng đáp án")
KEY_COLUMN = N_("cột đáp án")
_STAR = N_("dấu sao")
_BEHIND = N_("Đúng/Sai ghi sau từng ý")
#: A place to write into, not an answer.
_BLANK = re.compile(r"[\s._…·:-]*")
_ARTICLE_FIRST = re.compile(
    r"((?:điểm\s+\S+\s*,?\s*)?(?:khoản\s+\S+\s*,?\s*)?điều\s+\d+\w?)(?:\s+của)?[,\s]+(\D.*)", re.IGNORECASE | re.DOTALL
)
_GAP = re.compile(r"_{2,}|\.{3,}|…|điền|\bkhuyết", re.IGNORECASE)
_ARTICLE_LAST = re.compile(
    r"\s*[,;(–-]\s*((?:điểm\s+\S{1,3}\s*,?\s*)?(?:khoản\s+\S{1,3}\s*,?\s*)?điều\s+\d.*)", re.IGNORECASE
)


@dataclass
class WordDraft:
    """One question taken apart; nothing is judged yet."""

    row: int
    stem: Rich
    options: list[Option] = field(default_factory=list)
    #: Small letters in front: statements of a cluster, or options.
    upper: bool = True
    #: The texts of labelled lines by field.
    fields: dict[str, Rich] = field(default_factory=dict)
    #: Where a key is written, and what.
    keys: list[tuple[str, str]] = field(default_factory=list)
    topic: str = ""
    level: Level | None = None
    stimulus: Stimulus | None = None
    #: What stands behind keys of a list of answers, with its look, by the whole of what is written.
    tails: dict[str, Rich] = field(default_factory=dict)
    #: The section says that its questions are answered in a text.
    essay: bool = False
    problems: list[Problem] = field(default_factory=list)
    #: The number that the file gives the question.
    number: int | None = None
    #: Other questions have the same number, so that answers by number are not clear.
    shared: bool = False
    raw: str = ""
    #: From our own writer: texts come back as they were, nothing is taken for layout or taken apart.
    exact: bool = False


def found_of(draft: WordDraft) -> Found:
    """Return the question of a draft, as far as it can be made, and everything that is to be said about it."""
    problems = [*draft.problems, *_thing_problems(draft), *_repaired(draft)]
    truths = marked_truths(draft.options)
    options = tuple(content_of_rich(option.text()) for option in draft.options)
    for option in draft.options:
        if option.unsure:
            message = N_("đoạn “%(text)s” được đọc tiếp vào phương án %(letter)s; hãy kiểm tra.")
            last = letter(len(options) - 1)
            problems.append(
                warning("option_continued", message, Place(field="options"), text=option.unsure[:60], letter=last)
            )
    declared = draft.fields.get("kind", EMPTY).text.strip()
    kind = kind_of_words(declared) if declared else None
    if declared and kind is None:
        problems.append(kind_unsupported(declared))
    key: Key | None = None
    parts = RowParts(content_of_rich(draft.stem.stripped()), options, None, draft.stimulus)
    question = None
    try:
        key = _key(draft, options, truths, several=kind in ("multiple_choice", "true_false_cluster"))
        options = _without_telling_looks(draft.options, options, key)
        parts = replace(parts, options=options)
        if kind is not None or not declared:
            kind = kind or _kind(draft, key)
            problems += _taken_for_words(draft, kind)
            question = _question(kind, parts, key, draft)
    except Refusal as refusal:
        # With less than two options the key cannot fit; what is missing is said about the options.
        said = kind in (SingleChoice.kind, None) and len(options) < MIN_OPTIONS
        if not (said and refusal.problem.code == "key_out_of_range"):
            problems.append(refusal.problem)
    return finished(draft, question, replace(parts, key=_written(key)), kind, problems)


def finished(
    draft: WordDraft, question: Question | None, parts: RowParts, kind: str | None, problems: list[Problem]
) -> Found:
    """Return the found question with its metadata; one that could not be made is left as far as it was understood."""
    mendable = question or SingleChoice(parts.stem, parts.options, -1, parts.stimulus)
    if kind in (SingleChoice.kind, None):
        question = mendable
    raw = {"text": draft.raw}
    row = row_draft(draft, parts, raw, problems)
    metadata, notes = read_metadata(row, question)
    fields = mendable_fields(row, mendable, kind or SingleChoice.kind, metadata)
    name = f"Câu {draft.number}" if draft.number is not None else ""
    return Found(draft.row, question, metadata, (*problems, *notes), raw, fields, name)


def _question(kind: str, parts: RowParts, key: Key | None, draft: WordDraft) -> Question:
    """Return the question of a kind; raises Refusal when its parts do not fit it."""
    extras: dict[str, object] = {}
    guide = draft.fields.get("guide")
    if guide:
        extras["guide"] = content_of_rich(guide.stripped()).to_json()
    if kind == "essay":
        if isinstance(key, str) and not guide:
            extras["guide"] = key
        return question_of(kind, replace(parts, extras=extras))
    if key is None:
        raise Refusal(_number_twice(draft) if draft.shared else key_missing())
    return question_of(kind, replace(parts, key=_written(key), extras=extras, style="letter"))


def _number_twice(draft: WordDraft) -> Problem:
    message = N_(
        "số câu %(number)s có ở nhiều câu, không rõ đáp án trong bảng là của câu nào; hãy ghi “Đáp án:” dưới câu này."
    )
    return error("number_twice", message, Place(field="key"), number=draft.number or 0)


def _taken_for_words(draft: WordDraft, kind: str) -> Iterator[Problem]:
    """Give a warning for a question that is read as a fill-in without a gap: it may be another kind."""
    stem = draft.stem.text
    if kind == "fill_in" and not draft.fields.get("kind") and not _GAP.search(stem):
        message = N_("câu không có phương án nên được đọc là câu điền khuyết; hãy kiểm tra.")
        yield warning("read_as_fill_in", message, Place(field="stem"))


def _without_telling_looks(
    options: Sequence[Option], contents: tuple[Content, ...], key: Key | None
) -> tuple[Content, ...]:
    """Return the options without bold and the like that only right ones have: candidates would see the key by it.

    Struck-out words stay struck out: without the stroke they would be words of the option again.
    """
    right = set(key) if isinstance(key, tuple) and not _is_truths(key) else set()
    telling = set()
    for name in ("bold", "italic", "underline"):
        looking = {index for index, option in enumerate(options) if option.text().anywhere(name)}
        if looking and looking <= right:
            telling.add(name)
    if not telling:
        return contents
    return tuple(content_of_rich(option.text(), without=frozenset(telling)) for option in options)


def _kind(draft: WordDraft, key: Key | None) -> str:
    """Return the kind that the parts of a question show."""
    if draft.options:
        if isinstance(key, tuple) and key and isinstance(key[0], bool):
            return "true_false_cluster"
        return "multiple_choice" if isinstance(key, tuple) and len(key) > 1 else "single_choice"
    if isinstance(key, tuple):
        return "true_false"
    if draft.essay or "guide" in draft.fields:
        return "essay"
    if isinstance(key, str) and not re.fullmatch(r"[A-J](?:\W+[A-J])*\W*", key):
        return "fill_in"
    return "single_choice"  # a letter, but no option was found


def _written(key: Key | None) -> object:
    """Return a key as ``question_of`` takes it."""
    if key is None or isinstance(key, str):
        return key
    if key and isinstance(key[0], bool):
        return list(key) if len(key) > 1 else key[0]
    letters = [letter(index) for index in key]
    return letters if len(letters) > 1 else letters[0]


def _key(draft: WordDraft, options: Sequence[Content], truths: Key | None, *, several: bool) -> Key | None:
    """Return what all sources of a key agree on; raises Refusal when they do not or when none is clear."""
    written: list[tuple[str, Key]] = [(_BEHIND, truths)] if truths is not None else []
    reasons: list[Rich] = []
    for name, words in draft.keys:
        if _BLANK.fullmatch(words):
            continue
        value, rest = meaning(words, options, statements=not draft.upper)
        written.append((name, value))
        if rest:
            reasons.append(_with_look(rest, draft.tails.get(words, EMPTY)))
    if reasons:
        draft.fields["explanation"] = joined([*reasons, *filter(None, [draft.fields.get("explanation")])])
    seen: list[tuple[str, Key]] = []
    unclear: Problem | None = None
    stars = tuple(index for index, option in enumerate(draft.options) if option.starred)
    shown = [(_STAR, stars)] if stars else []
    for name, found in (*shown, *looks(draft.options)):
        if len(found) == 1 or (several and len(found) < len(options)):
            seen.append((name, found))
        elif not written and not seen:
            unclear = unclear or ambiguous(name, found)
    if unclear is not None and not draft.keys and truths is None:
        raise Refusal(unclear)
    if truths is not None:
        chosen = written[1:]
        if chosen and all(_names_one(value, truths) for _, value in chosen):
            # "Phát biểu nào đúng?": the marks behind the options say what the letter says.
            return agreed([*chosen, *seen])
    # The look of statements says nothing about a key of truths.
    return agreed(written if any(_is_truths(value) for _, value in written) else [*written, *seen])


def _names_one(key: Key, truths: Key) -> bool:
    """Say whether a key is the letter of the only statement that is true, or of the only one that is false."""
    if _is_truths(key) or not isinstance(key, tuple) or len(key) != 1:
        return False
    return [*truths].count(truths[key[0]]) == 1


def _with_look(words: str, tail: Rich) -> Rich:
    """Return words from behind a key, as they look where they end what stands there in a list of answers."""
    whole = tail.stripped()
    return whole.part(len(whole.text) - len(words)) if whole.text.endswith(words) else Rich.of(words)


def _is_truths(key: Key) -> bool:
    return isinstance(key, tuple) and bool(key) and isinstance(key[0], bool)


def _repaired(draft: WordDraft) -> Iterator[Problem]:
    """Repair the letters of a question where that is certain, and say so once."""
    texts = [draft.stem, *(line for option in draft.options for line in option.lines), *draft.fields.values()]
    if any(has_hidden_characters(text.text) for text in texts):
        message = N_("có ký tự ẩn (điều khiển hoặc đảo chiều chữ) đã được bỏ; hãy đọc lại.")
        yield warning("hidden_characters", message, Place(field="stem"))
    if any(repair_horn_letters(text.text) != text.text for text in texts):
        yield warning("letter_repaired", N_("chữ “ƣ” lạc phông đã được đổi thành “ư”."), Place(field="stem"))
        draft.stem = _with_horns(draft.stem)
        draft.fields = {name: _with_horns(text) for name, text in draft.fields.items()}
        for option in draft.options:
            option.lines = [_with_horns(line) for line in option.lines]


def _with_horns(text: Rich) -> Rich:
    return Rich(span._replace(text=repair_horn_letters(span.text)) for span in text.spans)


def problems_of(rich: Rich) -> list[Problem]:
    """Return what is wrong with the pictures and formulas of a text, each sentence once."""
    found = {thing.problem.message: thing.problem for thing in rich.things() if thing.problem}
    return list(found.values())


def _thing_problems(draft: WordDraft) -> list[Problem]:
    texts = [draft.stem, *(line for option in draft.options for line in option.lines), *draft.fields.values()]
    return problems_of(joined(texts))


def row_draft(draft: WordDraft, parts: RowParts, raw: dict[str, str], problems: list[Problem]) -> Draft:
    """Return the fields of a question as those of a row, which all formats read metadata from."""
    texts: dict[str, str] = {
        name: clean(rich.text) for name, rich in draft.fields.items() if name not in ("explanation", "guide", "rubric")
    }
    explanation = draft.fields.get("explanation")
    if explanation:
        whole = explanation if draft.exact else explanation.stripped()
        texts["explanation"] = content_of_rich(whole, exact=draft.exact)
    if "document" in texts and "article" not in texts and not draft.exact:
        texts |= _law(texts["document"])
    texts.setdefault("topic", draft.topic)
    if draft.level is not None:
        if texts.get("level") and _differs(texts["level"], draft.level):
            message = N_("mức độ ghi hai nơi khác nhau: “%(one)s” và “%(other)s”; hãy để lại một.")
            params = {"one": texts["level"][:40], "other": draft.level.label}
            problems.append(error("level_twice", message, Place(field="level"), **params))
        texts.setdefault("level", draft.level.value)
    lists = {name: _list(texts.pop(name, ""), ";" if draft.exact else ",;") for name in LIST_FIELDS}
    return Draft(RawRow(draft.row, raw), texts, parts.options, parts.key, lists, None, {}, ())


def _differs(words: str, level: Level) -> bool:
    known = level_from_words(words)
    return known is not None and known is not level


def _list(written: str, marks: str) -> tuple[str, ...]:
    return tuple(part for one in re.split(f"[{marks}]", written) if (part := one.strip()))


def _law(written: str) -> dict[str, str]:
    """Return document and article of "Luật …, Điều 4" or "Khoản 1 Điều 4 Luật …"."""
    if len(written) > MAX_METADATA:
        return {"document": written}  # too long in any case
    first = _ARTICLE_FIRST.fullmatch(written)
    if first:
        return {"document": first[2].strip(), "article": first[1].strip()}
    last = _ARTICLE_LAST.search(written)
    if last and last.start() > 0:
        return {"document": written[: last.start()].strip(), "article": last[1].strip().rstrip(")")}
    return {"document": written}
