"""QTI: what is written is read back, in every version, and no bytes whatever raise."""

import io
import random
import zipfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from question_bank.formats import qti
from question_bank.formats.qti.declarations import mark_of
from question_bank.formats.qti.markup import mark_text
from question_bank.formats.qti.names import VERSIONS
from question_bank.questions import (
    Cloze,
    Content,
    Essay,
    FillIn,
    Gap,
    Matching,
    Metadata,
    MultipleChoice,
    Number,
    Numeric,
    Ordering,
    QuestionRecord,
    Rules,
    SingleChoice,
    Stimulus,
    TrueFalse,
    TrueFalseCluster,
)
from tests.question_bank.formats.qti_files import only, packed
from tests.question_bank.strategies import files, small_picture

EVERY_VERSION = pytest.mark.parametrize("version", VERSIONS)

# --- the law of the format -------------------------------------------------------------------------------------------


@EVERY_VERSION
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(many=files(qti.CARRIES))
def test_what_is_written_is_read_back(version, many):
    written = qti.write(many, version)
    assert written.problems == ()
    result = qti.read(written.data, "goi.zip")
    assert [problem.text() for problem in result.problems if problem.severity == "error"] == []
    assert [record for _, record in result.records] == many


def weighted(question, *weights):
    return replace(question, weights=tuple(map(Fraction, weights)))


CHOICE = SingleChoice("Ai ký quyết định?", ("Chủ tịch", "Giám đốc", "Trưởng phòng"), 1)
CASES = [
    weighted(CHOICE, 0, 1, 0),
    weighted(CHOICE, "-1/3", 1, "1/7"),
    weighted(CHOICE, "3333/10000", "1/2", "-1/20"),
    weighted(MultipleChoice("Chọn hai", ("một", "hai", "ba"), (0, 1)), "1/3", "2/3", -1),
    MultipleChoice("Chọn một hay nhiều", ("một", "hai"), (1,)),
    SingleChoice("Luật có hiệu lực chưa?", ("Đúng", "Sai"), 0),
    SingleChoice("Chọn", ("Điều 1", "Tất cả các phương án trên", "Điều 3"), 0),
    TrueFalse("a   b\n  c < d & <b>", False),
    TrueFalseCluster("Xét các ý:", ("ý một", "ý hai"), (False, True)),
    weighted(FillIn("Thủ đô?", ("Hà Nội", "Thăng Long", "Huế")), 1, "1/2", 0),
    weighted(FillIn("Thủ đô?", ("Hà Nội", "Hà nội"), Rules(case=True)), 1, 1),
    FillIn("Gõ lệnh", ("a  b\tc", '"<&>\''), Rules(True, False, True)),
    weighted(Numeric("Bao nhiêu?", (Number(Decimal("2.5"), Decimal("0.05")), Number(Decimal(3)))), 1, "1/3"),
    weighted(Numeric("Bao nhiêu?", (Number(Decimal(1)), Number(Decimal(2)))), 1, 0),
    Numeric("Bao nhiêu?", (Number(Decimal("-1E-20")),)),
    Matching("Ghép", ("một", "hai"), ("chung", "thừa"), (0, 0)),
    Ordering("Xếp", ("nộp", "nhận", "duyệt")),
    Cloze("[[2]] rồi [[1]]", (Gap(FillIn("", ("A",)), 2), Gap(SingleChoice("", ("x", "y\nz"), 1), 4))),
    Cloze(
        "[[1]] [[2]] [[3]] [[4]]",
        (
            Gap(weighted(FillIn("", ("a", "b"), Rules(True, False, True)), 1, "1/3"), 3),
            Gap(weighted(SingleChoice("", ("x", "y", "z"), 0), 1, "-1/2", "1/3"), 2),
            Gap(weighted(Numeric("", (Number(Decimal(1), Decimal("0.1")), Number(Decimal(2)))), 1, "1/2"), 3),
            Gap(Numeric("", (Number(Decimal("1.5")), Number(Decimal(7))))),
        ),
    ),
    Cloze("Chỉ một chỗ [[1]].", (Gap(FillIn("", ("A",))),)),
    Cloze(Content.of_markup("<ul><li>Câu <strong>[[1]]</strong> …</li></ul>"),
          (Gap(FillIn("", ("A",))),)),
    Essay("Viết", guide=Content.of_markup("a <em>b</em> <em>c</em>")),
    SingleChoice(
        Content.of_markup(
            '<ol start="3" type="a"><li><u>gạch</u> <s>bỏ</s></li></ol><table><tr><th>cột</th><td colspan="2">ô</td>'
            "</tr></table><blockquote>lời</blockquote><pre>if a:\n    b &lt; c</pre>"
        ),
        ("một", "hai"), 0, Stimulus("Đoạn “văn”\n& dòng hai", Content.of_markup("một <em>hai</em>")),
    ),
]  # fmt: skip


@EVERY_VERSION
@pytest.mark.parametrize("question", CASES, ids=lambda question: f"{question.kind}-{CASES.index(question)}")
def test_odd_questions_are_read_back(version, question):
    written = qti.write([QuestionRecord(question, Metadata(topic="Luật", explanation="Vì a  <b>."))], version)
    assert written.problems == ()
    result = qti.read(written.data, "goi.zip")
    assert [problem.text() for problem in result.problems] == []
    assert [record for _, record in result.records] == [
        QuestionRecord(question, Metadata(topic="Luật", explanation="Vì a  <b>."))
    ]


@EVERY_VERSION
def test_equal_questions_make_equal_bytes(version):
    records = [QuestionRecord(question) for question in CASES[:8]]
    assert qti.write(records, version).data == qti.write(iter(records), version).data


@EVERY_VERSION
def test_a_package_declares_every_file_and_names_its_version(version):
    picture = Content.of_html('Xem <img src="a.png"/>', lambda address: small_picture())
    stimulus = Stimulus("Bài đọc", picture)
    records = [
        QuestionRecord(replace(CHOICE, stem=picture, stimulus=stimulus), Metadata(code="C 1", tags=("luật",))),
        QuestionRecord(replace(CHOICE, stem="Câu khác", stimulus=stimulus), Metadata(code="c-2")),
    ]
    data = qti.write(records, version).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        declared_files = archive.read("imsmanifest.xml").decode()
        first = archive.read("items/cau-0001.xml").decode()
    assert all(f'<file href="{name}"/>' in declared_files for name in names if name != "imsmanifest.xml")
    assert sum(name.startswith("images/") for name in names) == 1
    assert sum(name.startswith("stimuli/") for name in names) == (version == "3.0")
    assert VERSIONS[version].namespace in first
    assert VERSIONS[version].item_type in declared_files
    assert f"{VERSIONS[version].templates}match_correct" in first
    assert "<imsmd:entry>C 1</imsmd:entry>" in declared_files
    assert qti.looks_like(data)
    assert [record for _, record in qti.read(data, "goi.zip").records] == records


def test_an_item_of_our_own_out_of_its_package_keeps_its_question_and_explanation():
    record = QuestionRecord(CHOICE, Metadata(topic="Luật", explanation="Theo Điều 4."))
    with zipfile.ZipFile(io.BytesIO(qti.write([record]).data)) as archive:
        data = archive.read("items/cau-0001.xml")
    found, _ = only(data)
    assert found == QuestionRecord(CHOICE, Metadata(explanation="Theo Điều 4."))


def test_codes_that_differ_only_in_case_make_two_files():
    records = [
        QuestionRecord(replace(CHOICE, stem=f"Câu {place}"), Metadata(code=code))
        for place, code in enumerate(("q1", "Q1", "cau-0002", "../../etc"))
    ]
    data = qti.write(records).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name.casefold() for name in archive.namelist()]
    assert len(set(names)) == len(names) == 9
    assert [record for _, record in qti.read(data, "goi.zip").records] == records


def test_what_no_version_carries_is_named():
    gap = Gap(weighted(FillIn("", ("a", "b")), "1/2", "1/4"))
    bold = Gap(SingleChoice("", (Content.of_markup("<em>x</em>"), "y"), 0))
    formula = Content.of_markup("<math><mtext>[[1]]</mtext></math>")
    questions = [Cloze("[[1]] [[2]]", (gap, bold)), Cloze(formula, (Gap(FillIn("", ("a",))),))]
    written = qti.write([QuestionRecord(question) for question in questions])
    assert [problem.code for problem in written.problems] == ["parts_left_out", "question_left_out"]
    assert written.problems[0].params["parts"] == "em, weights"
    assert len(qti.read(written.data, "goi.zip").records) == 1


@pytest.mark.parametrize(
    "mark", [Fraction(1, 3), Fraction(3333, 10000), Fraction(-2, 7), Fraction(5), Fraction(1, 999983)]
)
def test_a_mark_is_read_as_it_was_written(mark):
    assert mark_of(mark_text(mark)) == mark


def test_a_rounded_mark_is_the_fraction_that_was_meant():
    assert [mark_of(text) for text in ("0.3333", "0.66667", "0.333", "0.25")] == [
        Fraction(1, 3), Fraction(2, 3), Fraction(333, 1000), Fraction(1, 4),
    ]  # fmt: skip


# --- hostile files ---------------------------------------------------------------------------------------------------


def _spoiled(data, chance):
    spoiled = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(spoiled) or 1)
        if spoiled and chance.random() < 0.5:
            spoiled[place] = chance.randrange(256)
        else:
            del spoiled[place : place + chance.randint(1, 40)]
    return bytes(spoiled)


def test_no_bytes_whatever_raise():
    chance = random.Random(7)
    whole = [qti.write([QuestionRecord(question) for question in CASES], version).data for version in VERSIONS]
    with zipfile.ZipFile(io.BytesIO(whole[0])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts = [data for name, data in parts.items() if name.endswith(".xml")]
    for _ in range(150):
        qti.read(_spoiled(chance.choice(texts), chance), "x.xml")
        qti.read(chance.randbytes(chance.randrange(200)), "x")
    for _ in range(40):
        qti.read(_spoiled(chance.choice(whole), chance), "x.zip")
        qti.looks_like(_spoiled(chance.choice(whole), chance))
        name = chance.choice(list(parts))
        result = qti.read(packed(parts | {name: _spoiled(parts[name], chance)}), "x.zip")
        assert result.rows_total <= len(CASES)


def test_swapped_words_of_a_valid_item_never_raise():
    chance = random.Random(3)
    words = [
        "single",
        "multiple",
        "ordered",
        "float",
        "string",
        "identifier",
        "1",
        "0",
        "-1",
        "",
        "NaN",
        "1e9999",
        "A B",
    ]
    for data in (only_item(question) for question in CASES):
        values = data.split('"')
        for _ in range(12):
            spoiled = list(values)
            for _ in range(3):
                spoiled[chance.randrange(1, len(values), 2)] = chance.choice(words)
            result = qti.read('"'.join(spoiled).encode(), "x.xml")
            assert result.records or result.problems


def only_item(question):
    with zipfile.ZipFile(io.BytesIO(qti.write([QuestionRecord(question)]).data)) as archive:
        return archive.read("items/cau-0001.xml").decode()
