"""Foreign JSON: shapes of files, shapes of options, and the one mapping step."""

import codecs
import json

import pytest

from question_bank.formats import FieldMapping, read_any, sniff
from question_bank.formats.decoding import MAX_FILE_BYTES
from tests.question_bank.factories import DEFAULTS, codes, foreign_item, json_lines, native_line, read_foreign

ONE = foreign_item()


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([ONE]),
        json.dumps([ONE], indent=2),
        json.dumps({"title": "Đề", "items": [ONE]}),
        json.dumps(ONE),
        json.dumps(ONE, indent=2),
        json.dumps(ONE) + "\n\n",
    ],
)
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_shapes_and_encodings(data: str, mark: bytes, encoding: str) -> None:
    result = read_any(mark + data.encode(encoding), "tệp.json", None, DEFAULTS)
    assert (len(result.records), result.rows_total, codes(result)) == (1, 1, [])


@pytest.mark.parametrize(
    ("changes", "options", "key"),
    [
        ({"choices": ["A. một", "B. hai"], "answer": "B"}, ("một", "hai"), 1),
        ({"choices": ["a) một", "b) hai"], "answer": "b"}, ("một", "hai"), 1),
        ({"choices": ["A\tmột", "B\thai"], "answer": "hai"}, ("một", "hai"), 1),
        ({"choices": {"A": "một", "B": "hai"}, "answer": "B"}, ("một", "hai"), 1),
        (
            {"choices": [{"text": "một", "correct": False}, {"text": "hai", "correct": True}], "answer": None},
            ("một", "hai"),
            1,
        ),
        ({"choices": [{"content": "một"}, {"content": "hai"}], "answer": "A"}, ("một", "hai"), 0),
        ({"choices": ["một", "hai"], "answer": [0, 1]}, ("một", "hai"), 1),
        ({"choices": [2024, 2025.0], "answer": "2025"}, ("2024", "2025"), 1),
        ({"choices": ["một", "hai", "", None], "answer": "B"}, ("một", "hai"), 1),
        ({"choices": ["C. Mác", "Ăng-ghen"], "answer": "A"}, ("C. Mác", "Ăng-ghen"), 0),
        ({"choices": ["A. Einstein", "Newton"], "answer": "A"}, ("A. Einstein", "Newton"), 0),
        ({"choices": ["một\u200b", "hai\u00a0ba"], "answer": "hai ba"}, ("một", "hai ba"), 1),
        ({"choices": ["nƣớc", "đất"], "answer": "nước"}, ("nước", "đất"), 0),
    ],
)
def test_options_and_keys(changes: dict[str, object], options: tuple[str, ...], key: int) -> None:
    result = read_foreign(foreign_item(**changes))
    question = result.records[0][1].question
    assert (question.options, question.key) == (options, key)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answer": None}, "key_missing"),
        ({"answer": 1}, "key_base_unknown"),
        ({"choices": ["B. một", "A. hai"]}, "option_labels_disordered"),
        ({"choices": ["A. một", "A. hai"]}, "option_labels_disordered"),
        ({"choices": [{"text": "một", "correct": True}, {"text": "hai", "correct": False}]}, "key_twice"),
        ({"choices": [["một"], ["hai"]]}, "field_type"),
        ({"choices": ["A. một", "B. hai", "ba"]}, "option_label_missing"),
    ],
)
def test_what_is_said(changes: dict[str, object], code: str) -> None:
    assert code in codes(read_foreign(foreign_item(**changes)))


def test_numeric_keys_are_understood_by_the_file_as_a_whole() -> None:
    items = [foreign_item(question=f"Câu hỏi {name}?", answer=key) for name, key in (("x", 1), ("y", 3), ("z", 2))]
    guessed = read_foreign(*items)
    assert [record.question.key for _, record in guessed.records] == [0, 2, 1]
    assert [problem.text() for problem in guessed.problems] == [
        "Đáp án ghi bằng số được hiểu là đếm từ 1; nếu không phải, hãy chọn cách đếm khi ghép cột."
    ]
    slip = [*items, foreign_item(question="Câu hỏi w?", answer=0)]
    assert codes(read_foreign(*slip)) == ["key_base_unknown"] * 4
    style = FieldMapping({}, {}, "index0")
    result = read_foreign(*items, mapping=style)
    assert [record.question.key for _, record in result.records] == [1, 2]
    assert codes(result) == ["key_out_of_range"]


def test_bare_numbers_go_when_the_file_numbers_its_questions_so() -> None:
    numbered = [foreign_item(question=f"{n}: Câu nào là {word}?") for n, word in ((133, "một"), (134, "hai"))]
    assert [record.question.stem for _, record in read_foreign(*numbered).records] == [
        "Câu nào là một?",
        "Câu nào là hai?",
    ]
    few = [*numbered, *(foreign_item(question=f"Câu {word}?") for word in ("a", "b", "c"))]
    assert read_foreign(*few).records[0][1].question.stem == "133: Câu nào là một?"
    year = foreign_item(question="1945: sự kiện nào?")
    assert (
        read_foreign(year, foreign_item(), foreign_item(question="Hỏi?")).records[0][1].question.stem
        == year["question"]
    )


def test_a_mapping_names_keys_even_nested_ones_and_unused_ones_are_reported() -> None:
    item = {
        "q": {"vi": "Cơ quan nào?"},
        "opts": ["một", "hai"],
        "k": "B",
        "muc": "Thông hiểu",
        "ghi_chú": "x",
        "rỗng": "",
    }
    mapping = FieldMapping({"stem": "q.vi", "options": "opts", "key": "k", "level": "muc"}, {"topic": "HC"})
    result = read_foreign(item, mapping=mapping)
    metadata = result.records[0][1].metadata
    assert (metadata.topic, metadata.level) == ("Hành chính", "understanding")
    assert [problem.text() for problem in result.problems] == ["Không đọc các cột: ghi_chú."]


def test_a_topic_and_a_level_are_never_guessed_and_refuse_a_row_only_where_they_are_required() -> None:
    free = read_any(json.dumps([ONE]).encode(), "tệp.json")
    assert (free.records[0][1].metadata.topic, free.records[0][1].metadata.level) == ("", None)
    result = read_any(json.dumps([ONE]).encode(), "tệp.json", required=("topic", "level"))
    assert codes(result) == ["topic_missing", "level_missing"]
    assert len(result.refused) == result.rows_total == 1
    assert result.refused[0].raw == ONE


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.json", "file_empty"),
        (b" \n ", "a.jsonl", "file_empty"),
        (b"", "a.xlsx", "file_empty"),
        (b"{" + b" " * MAX_FILE_BYTES, "a.json", "file_too_large"),
        (b"\xff\xfeA", "a.json", "encoding_unknown"),
        ('{"question": "Quốc hội"}'.encode().replace("ố".encode(), b"\xf4"), "a.json", "encoding_unknown"),
        (b"{]", "a.json", "json_broken"),
        (b"[" * 100_000, "a.json", "json_unusable"),
        (b'{"a": NaN}', "a.json", "json_unusable"),
        (b"[" + b"9" * 5000 + b"]", "a.json", "json_unusable"),
        (b"[]", "a.json", "columns_unknown"),
        (b"3", "a.json", "json_no_questions"),
        (b'[{"name": "x"}]', "a.json", "columns_unknown"),
        (b"C\xc3\xa2u 1. A B C D", "a.txt", "format_unknown"),
        (b"%PDF-1.7", "a.pdf", "format_unknown"),
        (b"\x00\x01\x02", "a.bin", "format_unknown"),
    ],
)
def test_a_file_that_cannot_be_read_ends_in_one_problem(data: bytes, name: str, code: str) -> None:
    result = read_any(data, name, None, DEFAULTS)
    assert codes(result) == [code]
    assert result.unreadable
    assert result.rows_total == 0
    assert result.problems[0].place.file == name


def test_sniffing_goes_by_content() -> None:
    assert sniff(json_lines([native_line()]), "x.txt") == "native"
    assert sniff(json_lines(["{hỏng", native_line()]), "x.jsonl") == "native"
    assert sniff(json_lines([ONE]), "x.txt") == "json"
    assert sniff(b"PK\x03\x04", "x.json") == "xlsx"
    assert sniff(b"text", "x.md") is None


def test_one_broken_line_of_many_is_one_refused_row() -> None:
    result = read_any(json_lines([ONE, "{hỏng", foreign_item(question="Khác?"), "7"]), "a.jsonl", None, DEFAULTS)
    assert [row for row, _ in result.records] == [1, 3]
    assert [row.row for row in result.refused] == [2, 4]
    assert result.refused[0].raw == {"line": "{hỏng"}
