"""What a format says it carries comes back equal; what it does not carry is named, and nothing is lost in silence."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats import FORMATS, ReadResult, native, read_any, xlsx
from question_bank.formats.reading import write_any
from question_bank.formats.written import METADATA_FIELDS, left_out
from question_bank.questions import KINDS, Content, FillIn, Matching, Metadata, QuestionRecord, SingleChoice
from question_bank.questions.pictures import picture_uri
from tests.question_bank.strategies import EVERYTHING, files, records, small_picture

WRITERS = {name: one for name, one in FORMATS.items() if one.write is not None}
SUFFIX = {name: one.suffixes[0] for name, one in FORMATS.items()}


def told(result: ReadResult) -> list[str]:
    return [problem.text() for problem in result.problems]


@given(files(EVERYTHING))
def test_the_native_form_keeps_everything(many: list[QuestionRecord]) -> None:
    result = read_any(native.write(many).data, "a.jsonl")
    assert [record for _, record in result.records] == many, told(result)
    assert told(result) == []


@settings(max_examples=60)
@given(files(xlsx.CARRIES))
def test_a_workbook_keeps_what_it_says_it_carries(many: list[QuestionRecord]) -> None:
    made = xlsx.write(many)
    result = read_any(made.data, "a.xlsx")
    left = {problem.place.row for problem in made.problems if problem.code == "question_left_out"}
    kept = [record for number, record in enumerate(many, 1) if number not in left]
    assert [record.question for _, record in result.records] == [record.question for record in kept], told(result)
    parted = {problem.place.row for problem in made.problems if problem.code == "parts_left_out"}
    whole = [record for number, record in enumerate(many, 1) if number not in left | parted]
    assert [one for _, one in result.records if one in whole] == whole, told(result)
    assert {problem.code for problem in made.problems} <= {"question_left_out", "parts_left_out"}


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_is_written_is_read_again_or_named(name: str, data: st.DataObject) -> None:
    # A picture that a workbook loses refuses its question on the way back: a test of its own.
    carries = replace(EVERYTHING, markup=EVERYTHING.markup - {"img"}) if name == "xlsx" else EVERYTHING
    many = data.draw(files(carries, odd=False, lines=False, most=3))
    made = WRITERS[name].write(many)
    gone = {problem.place.row for problem in made.problems if problem.code in ("kind_left_out", "question_left_out")}
    result = read_any(made.data, f"a{SUFFIX[name]}")
    read = [record for _, record in result.records]
    expected = [record for number, record in enumerate(many, 1) if number not in gone]
    assert not result.refused, told(result)
    assert [one.question.stem.split() for one in read] == [one.question.stem.split() for one in expected], told(result)
    changed = {problem.place.row for problem in made.problems}
    for record, other in zip(expected, read, strict=True):
        if many.index(record) + 1 not in changed:
            assert other == record


@pytest.mark.parametrize("name", ["gift", "moodle", "qti", "native", "xlsx"])
@pytest.mark.parametrize("begin", ["", "<i>"])
def test_numbers_and_letters_that_belong_to_a_text_stay(name: str, begin: str) -> None:
    options = tuple(Content.of_html(f"{begin}{text}") for text in ("A. một", "B. hai"))
    stem = Content.of_html(f"{begin}Câu 7. Câu 8. Ai?")
    made = SingleChoice(stem, options, 1) if name != "xlsx" else SingleChoice(str(stem), tuple(map(str, options)), 1)
    many = [QuestionRecord(made, Metadata(code="Câu 7")), QuestionRecord(FillIn("Câu 1. Gì?", ("a",)))]
    result = read_any(WRITERS[name].write(many).data, f"a{SUFFIX[name]}")
    assert [record for _, record in result.records] == many, told(result)


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_carried_is_called_by_its_right_name(name: str) -> None:
    carries = WRITERS[name].carries
    assert carries is not None
    assert carries.kinds <= set(KINDS)
    assert carries.metadata <= set(METADATA_FIELDS)


@given(records(EVERYTHING))
def test_a_poor_format_names_all_that_it_loses(record: QuestionRecord) -> None:
    poor = WRITERS["aiken"].carries
    assert poor is not None
    kept, problems = left_out([record], poor)
    if record.question.kind not in poor.kinds:
        assert (kept, [problem.code for problem in problems]) == ([], ["kind_left_out"])
    elif record.metadata != Metadata() or record.question.stimulus:
        assert [problem.code for problem in problems] == ["parts_left_out"]


def test_marks_that_would_be_misread_in_a_cell_leave_the_question_out_and_say_so() -> None:
    bars = QuestionRecord(FillIn("Toán tử?", ("a|b",)))
    arrow = QuestionRecord(Matching("Ghép", ("x → y", "z"), ("1", "2"), (0, 1)))
    good = QuestionRecord(SingleChoice("Câu 3. Câu hỏi", ("A. một", "B. hai"), 1))
    made = xlsx.write([bars, arrow, good])
    assert [(problem.code, problem.place.row) for problem in made.problems] == [
        ("question_left_out", 1),
        ("question_left_out", 2),
    ]
    (read,) = read_any(made.data, "a.xlsx").records
    assert read[1] == good, "numbers and letters that belong to the text are not taken for labels"


def test_markup_that_a_workbook_cannot_hold_is_named_and_its_words_stay() -> None:
    rich = QuestionRecord(SingleChoice(Content.of_html("H<sub>2</sub>O là <b>gì</b>?"), ("nước", "đá"), 0))
    made = xlsx.write([rich])
    assert [problem.params["parts"] for problem in made.problems] == ["strong, sub"]
    ((_, read),) = read_any(made.data, "a.xlsx").records
    assert read.question.stem == "H₂O là gì?"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"kind": "multiple_choice", "options": ["a", "b"], "key": []}, "key_missing"),
        ({"kind": "multiple_choice", "options": ["a", "b"], "key": ["C"]}, "key_out_of_range"),
        ({"kind": "true_false", "key": "có lẽ"}, "truth_unknown"),
        ({"kind": "true_false", "key": None}, "key_missing"),
        ({"kind": "true_false", "options": ["một", "hai"], "key": "A"}, "true_false_options"),
        ({"kind": "true_false_cluster", "options": ["a", "b"], "key": [True]}, "key_count"),
        ({"kind": "true_false_cluster", "options": ["a", "b"], "key": ["Đ", "?"]}, "truth_unknown"),
        ({"kind": "numeric", "key": "ba"}, "number_unreadable"),
        ({"kind": "numeric", "key": "1.000"}, "number_unreadable"),
        ({"kind": "numeric", "key": [{"value": "x"}]}, "fields_wrong"),
        ({"kind": "matching", "options": ["a", "b"], "key": [1, 2]}, "key_not_needed"),
        ({"kind": "matching", "options": ["a", "b"]}, "pair_without_arrow"),
        ({"kind": "ordering", "options": ["a", "b"], "key": "B, A"}, "key_not_needed"),
        ({"kind": "fill_in", "key": ["a"], "weights": ["1/2"]}, "weights_wrong"),
        ({"kind": "fill_in", "key": ["a"], "weights": ["1e40000000"]}, "fields_wrong"),
        ({"kind": "single_choice", "options": ["a", "b"], "key": "A", "weights": ["0", "1"]}, "weights_against_key"),
        ({"kind": "matching", "options": ["a", "b"], "answers": ["x", "y"], "key": ["A", "B"]}, "fields_wrong"),
        ({"kind": "cloze", "stem": "[[1]]", "gaps": "x"}, "fields_wrong"),
        ({"kind": "cloze", "stem": "[[1]]", "gaps": [{"kind": "essay"}]}, "fields_wrong"),
        ({"kind": "cloze", "stem": "[[1]]", "gaps": [{"kind": "single_choice", "options": ["a", "b"]}]}, "key_missing"),
        ({"kind": "essay", "options": ["ý một"]}, "criterion_without_points"),
        ({"kind": "essay", "rubric": [{"text": "a"}]}, "fields_wrong"),
        ({"kind": "fill_in", "key": 7.5}, None),
        ({"kind": "fill_in", "key": True}, "key_missing"),
        ({"kind": "fill_in", "key": ["a"], "rules": {"lạ": True}}, "fields_wrong"),
        ({"kind": "fill_in", "key": ["a"], "weights": ["một"]}, "fields_wrong"),
        ({"kind": "fill_in", "key": ["a"], "difficulty": {"judged": "2"}}, "difficulty_range"),
        ({"kind": "fill_in", "key": ["a"], "difficulty": 3}, "difficulty_wrong"),
        ({"kind": "hotspot", "key": "A"}, "kind_unsupported"),
    ],
)
def test_a_native_line_that_does_not_fit_its_kind_says_why(line: dict[str, object], code: str | None) -> None:
    data = json.dumps({"stem": "Câu?", **line}, ensure_ascii=False).encode()
    result = read_any(data, "a.jsonl")
    errors = [problem.code for problem in result.problems if problem.severity == "error"]
    assert errors == ([code] if code else []), told(result)
    reasons = [(str(problem.params["reason"]), problem) for problem in result.problems if "reason" in problem.params]
    assert not any(reason in problem.text() for reason, problem in reasons)
    assert len(result.refused) + len(result.records) == 1


@pytest.mark.parametrize(
    ("kind", "options", "key", "expected"),
    [
        ("", ("a", "b"), "B", ("single_choice", "B")),
        ("Chọn nhiều", ("a", "b", "c"), "A, C", ("multiple_choice", ["A", "C"])),
        ("Chọn nhiều", ("a", "b", "c"), "AC", ("multiple_choice", ["A", "C"])),
        ("Đúng/Sai", (), "Đ", ("true_false", True)),
        ("đúng hay sai", ("Đúng", "Sai"), "B", ("true_false", False)),
        ("Mỗi ý đúng/sai", ("a", "b", "c"), "ĐSĐ", ("true_false_cluster", [True, False, True])),
        ("Mỗi ý đúng/sai", ("a", "b"), "Đúng; Sai", ("true_false_cluster", [True, False])),
        ("Điền khuyết", (), "Hà Nội | hà nội xưa", ("fill_in", ["Hà Nội", "hà nội xưa"])),
        ("Điền số", (), "3,14 ± 0,01", ("numeric", [{"value": "3.14", "tolerance": "0.01"}])),
        ("Ghép đôi", ("Lào → Viêng Chăn", "Việt Nam => Hà Nội", "→ Bangkok"), "", ("matching", [3, 2])),
        ("Sắp xếp", ("một", "hai"), "", ("ordering", None)),
        ("Tự luận", ("Ý một (1,5 điểm)",), "", ("essay", None)),
    ],
)  # fmt: skip
def test_a_table_says_every_kind_in_words(
    kind: str, options: tuple[str, ...], key: str, expected: tuple[str, object]
) -> None:
    columns = {f"Phương án {letter}": option for letter, option in zip("ABCDEF", options, strict=False)}
    row = {"Câu hỏi": "Câu?", "Loại": kind, "Phương án A": "", "Phương án B": "", "Đáp án": key} | columns
    head, cells = (",".join(f'"{one}"' for one in part) for part in (row, row.values()))
    result = read_any(f"{head}\n{cells}\n".encode(), "a.csv")
    ((_, record),) = result.records
    assert (record.question.kind, record.question.native().get("key")) == expected, told(result)


def test_a_picture_that_a_workbook_lost_is_noticed_on_the_way_back() -> None:
    text = Content.of_html(f'Sơ đồ <img src="{picture_uri(small_picture())}" alt="bộ máy"/> là gì?')
    made = xlsx.write([QuestionRecord(SingleChoice(text, ("a", "b"), 0))])
    result = read_any(made.data, "a.xlsx")
    assert [problem.code for problem in result.problems] == ["picture_lost"]
    assert result.records == ()


def test_a_table_without_a_column_of_keys_says_so_once_for_the_file() -> None:
    data = "Câu hỏi,A,B,Kết luận\nMột?,a,b,A\nHai?,a,b,B\n".encode()
    about = [problem.code for problem in read_any(data, "a.csv").about_file]
    assert about == ["key_column_missing", "columns_unused"]


def test_a_space_in_front_of_a_mark_makes_no_other_question() -> None:
    lines = [{"kind": "single_choice", "stem": stem, "options": ["a", "b"], "key": key}
             for stem, key in (("Cao nhất?", "A"), ("Cao nhất ?", "B"))]  # fmt: skip
    data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    assert [problem.code for problem in read_any(data, "a.jsonl").problems] == ["question_twice_other_key"]


@pytest.mark.parametrize("name", ["aiken", "gift", "word"])
def test_a_file_too_long_to_be_read_again_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FORMATS[name].most < FORMATS["native"].most
    monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], most=1))  # type: ignore[arg-type]
    one = QuestionRecord(SingleChoice("Ai kí?", ("Bộ", "Sở"), 0), Metadata(code="A"))
    codes = [problem.code for problem in write_any([one, one], name).problems]
    assert codes[0] == "file_too_long"
    assert "file_too_long" not in [problem.code for problem in write_any([one], name).problems]
