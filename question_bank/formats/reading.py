"""One door for every file: find out its format, look into it, read it, write it."""

import io
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from question_bank.errors import N_, InvalidSpec, Place, Problem, error, warning
from question_bank.formats import csv_table, foreign_json, native, xlsx
from question_bank.formats.decoding import Refusal, check_size
from question_bank.formats.drafts import RawRow
from question_bank.formats.mapping import GUESSED, FieldMapping, guess_mapping
from question_bank.formats.registry import FORMATS, MAPPED, sniff
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.written import Written
from question_bank.formats.xlsx_guard import MAX_COLUMNS
from question_bank.formats.xlsx_template import is_template
from question_bank.questions.record import QuestionRecord

__all__ = ["Preview", "preview", "read_any", "sniff", "weight", "write_any"]

_SAMPLES = 5
_DEEPEST = 2


@dataclass(frozen=True)
class Preview:
    """What a person needs to see in order to map columns; ``problem`` says why there is nothing to see."""

    format: str | None
    columns: tuple[str, ...]
    samples: tuple[Mapping[str, object], ...]
    mapping: FieldMapping
    problem: Problem | None = None

    @property
    def is_ours(self) -> bool:
        """Say whether the file is in the native form or made from the template: nobody has to be asked about it."""
        return self.format == "native" or is_template(self.columns)


def weight(data: bytes) -> int:
    """Return how many bytes a file unpacks to, by its own word: what reading it will cost, roughly."""
    if not data.startswith(b"PK"):
        return len(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return max(len(data), sum(entry.file_size for entry in archive.infolist()))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return len(data)


def read_any(
    data: bytes,
    file_name: str,
    mapping: FieldMapping | None = None,
    defaults: Mapping[str, str] | None = None,
    *,
    required: Collection[str] = (),
) -> ReadResult:
    """Read a file of any known format; whatever it holds ends in a result, never in an exception.

    Without a mapping the columns are guessed. ``defaults`` stand in for empty or missing topics, levels …;
    ``required`` names those without which a question is refused ("topic", "level").
    """
    asked = (mapping or GUESSED).with_defaults(defaults)
    name = sniff(data, file_name)
    if name is None:
        return file_refused(_unknown(data), file_name)
    return FORMATS[name].read(data, file_name, asked, required)


def write_any(records: Iterable[QuestionRecord], name: str) -> Written:
    """Return a file of some questions in a format, by its name in ``FORMATS``, and what it cannot hold.

    Raises KeyError for a name of no format, InvalidSpec for one that is only read.
    """
    form = FORMATS[name]
    if form.write is None:
        raise InvalidSpec(f"the format {name} is only read")
    many = list(records)
    made = form.write(many)
    if len(many) <= form.most:
        return made
    message = N_("tệp %(format)s có hơn %(limit)s câu sẽ không đọc lại được; hãy chia thành nhiều tệp.")
    problem = warning("file_too_long", message, format=form.title, limit=form.most)
    return replace(made, problems=(problem, *made.problems))


def preview(data: bytes, file_name: str) -> Preview:
    """Return the columns of a file with some sample rows and the mapping they suggest."""
    kind = sniff(data, file_name)
    try:
        if kind in ("xlsx", "csv"):
            table = (csv_table if kind == "csv" else xlsx).look(data, file_name)
            return Preview(kind, table.headers, tuple(row.values for row in table.rows[:_SAMPLES]), table.mapping)
        if kind is None:
            raise Refusal(_unknown(data))
        if kind not in (*MAPPED, "native"):
            # Nothing is asked about a file that cannot be read anyway.
            about = read_any(data, file_name).about_file
            return Preview(kind, (), (), GUESSED, next((one for one in about if one.severity == "error"), None))
        rows = foreign_json.load(data)
    except Refusal as refusal:
        return Preview(kind, (), (), GUESSED, refusal.problem.at(Place(file=file_name)))
    keys = foreign_json.keys_of(rows)
    samples = tuple(row.values for row in rows if isinstance(row, RawRow))[:_SAMPLES]
    columns = tuple(dict.fromkeys([*keys, *_paths(samples)]))
    if kind != "native" and len(columns) > MAX_COLUMNS:  # a person is to join each of them
        message = N_("các câu trong tệp có quá %(most)s trường khác nhau; xem lại đây có phải tệp câu hỏi không.")
        problem = error("fields_too_many", message, most=MAX_COLUMNS)
        return Preview(kind, (), (), GUESSED, problem.at(Place(file=file_name)))
    return Preview(kind, columns, samples, native.MAPPING if kind == "native" else guess_mapping(keys))


def _paths(samples: Iterable[Mapping[str, object]], above: str = "") -> list[str]:
    """Return the paths with dots of what stands in groups inside the rows."""
    found: dict[str, None] = {}
    for values in samples:
        for name, value in values.items():
            if above:
                found[f"{above}{name}"] = None
            if isinstance(value, Mapping) and above.count(".") < _DEEPEST:
                found.update(dict.fromkeys(_paths([value], f"{above}{name}.")))
    return [*found]


def _unknown(data: bytes) -> Problem:
    try:
        check_size(data)
    except Refusal as refusal:
        return refusal.problem
    return error(
        "format_unknown",
        N_("không nhận ra loại tệp; hãy dùng Word, Excel, CSV, JSON, Moodle XML, GIFT, Aiken hoặc QTI."),
    )
