"""One sound file of each format, with as many kinds and parts of a question as the format can hold."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from question_bank.formats import FORMATS
from question_bank.questions import (
    Cloze,
    Content,
    Criterion,
    Essay,
    FillIn,
    Gap,
    LegalSource,
    Level,
    Matching,
    Metadata,
    MultipleChoice,
    Number,
    Numeric,
    Ordering,
    QuestionRecord,
    SingleChoice,
    Stimulus,
    TrueFalse,
    TrueFalseCluster,
)
from question_bank.questions.pictures import picture_uri
from tests.question_bank.strategies import small_picture

_PASSAGE = Stimulus("Tình huống", Content.of_html("<p>Ông A nộp hồ sơ ngày <b>01/7</b>.</p><ul><li>một<li>hai</ul>"))
_RICH = Content.of_html(
    f'Cho <math><msup><mi>x</mi><mn>2</mn></msup></math> và H<sub>2</sub>O <img src="{picture_uri(small_picture())}">'
    "<table><tr><td>1<td>2</table>?"
)
_QUESTIONS = (
    SingleChoice("Cơ quan nào ban hành nghị định?", ("Chính phủ", "Quốc hội", "Bộ", "Cả A và B"), 0),
    SingleChoice(_RICH, ("một", "hai", "ba"), 1, _PASSAGE, (Fraction(1, 2), Fraction(1), Fraction(-1, 2))),
    MultipleChoice("Thành phố trực thuộc trung ương?", ("Huế", "Đà Nẵng", "Vinh", "Lào Cai"), (0, 1), _PASSAGE),
    TrueFalse("Luật có hiệu lực từ 01/7/2025.", True),
    TrueFalseCluster("Về tuyển dụng:", ("thi tuyển", "xét tuyển", "bốc thăm"), (True, True, False)),
    FillIn("Thủ đô là ____.", ("Hà Nội", "TP Hà Nội")),
    Numeric("Số pi?", (Number(Decimal("3.14"), Decimal("0.01")),)),
    Matching("Thủ đô:", ("Việt Nam", "Lào"), ("Hà Nội", "Viêng Chăn", "Băng Cốc"), (0, 1)),
    Ordering("Trình tự:", ("tiếp nhận", "giải quyết", "trả kết quả")),
    Cloze("Thủ đô [[1]], dân số [[2]]", (Gap(FillIn("", ("Hà Nội",))), Gap(Numeric("", (Number(Decimal(8)),))))),
    Essay("Phân tích nguyên tắc.", (Criterion("nêu khái niệm", Decimal(2)),), "Đáp án tham khảo"),
)
_ABOUT = Metadata(
    topic="Tổ chức bộ máy",
    level=Level.APPLICATION,
    subject="Kiến thức chung",
    source=LegalSource("Luật Cán bộ, công chức", "Điều 4", date(2025, 7, 1)),
    author="Người Thử",
    tags=("thử",),
    explanation=Content.of_html("Xem <b>Điều 4</b>."),
)


def sample_of(name: str) -> bytes:
    """The file of a format; those that are only read have one made by hand."""
    records = [QuestionRecord(one, replace(_ABOUT, code=f"C{at}")) for at, one in enumerate(_QUESTIONS, 1)]
    write = FORMATS[name].write
    if write is not None:
        return write(records).data
    rows = [
        {
            "question": str(one.stem),
            "choices": list(map(str, one.options)),
            "answer": "A",
            "topic": "Luật",
            "level": "NB",
        }
        for one in _QUESTIONS
        if isinstance(one, SingleChoice)
    ]
    if name == "json":
        return json.dumps(rows, ensure_ascii=False).encode()
    lines = [
        f'"{row["question"]}",' + ",".join(f'"{one}"' for one in [*row["choices"], "", ""][:4]) + ",A" for row in rows
    ]
    return "\n".join(["Câu hỏi,A,B,C,D,Đáp án", *lines]).encode()
