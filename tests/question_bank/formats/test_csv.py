"""Tables as text: whatever delimiter and encoding, judged like a workbook; nothing in them is ever a formula."""

import pytest

from question_bank.formats import ReadResult, preview, read_any, sniff
from tests.question_bank.factories import HEADERS, codes, sheet_row


def table(*rows: list[object], delimiter: str = ",", headers: tuple[str, ...] = tuple(HEADERS)) -> bytes:
    quoted = [
        delimiter.join('"{}"'.format(str(cell).replace('"', '""')) for cell in ("" if c is None else c for c in row))
        for row in (list(headers), *rows)
    ]
    return "\r\n".join(quoted).encode()


def read(data: bytes, name: str = "a.csv") -> ReadResult:
    assert sniff(data, name) == "csv"
    return read_any(data, name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_and_encoding_are_found_out(delimiter: str, encoding: str) -> None:
    data = table(sheet_row(stem="Một, hai; hay\tba?"), sheet_row(key="E"), delimiter=delimiter).decode()
    result = read(data.encode(encoding))
    assert [record.question.stem for _, record in result.records] == ["Một, hai; hay\tba?"]
    assert [(row.row, row.problems[0].code) for row in result.refused] == [(3, "key_out_of_range")]


def test_excels_own_announcement_of_the_delimiter_is_no_row() -> None:
    result = read(b"sep=;\r\n" + table(sheet_row(), delimiter=";"))
    assert (len(result.records), codes(result)) == (1, [])


def test_a_cell_over_several_lines_is_one_cell() -> None:
    result = read(table(sheet_row(stem="Dòng một\nDòng hai?"), sheet_row(stem="Khác?")))
    assert [(row, record.question.stem) for row, record in result.records] == [(2, "Dòng một\nDòng hai?"), (3, "Khác?")]


@pytest.mark.parametrize("cell", ["=1+1", "=HYPERLINK(A1)", "= SUM(A1:A3)", "=-2", "=@x"])
def test_a_formula_stays_the_text_it_is_and_is_warned_about(cell: str) -> None:
    result = read(table(sheet_row(a=cell)))
    assert result.records[0][1].question.options[0] == cell
    assert codes(result) == (["cell_formula_text"] if cell != "=1+1" else [])


def test_a_table_of_nothing_known_can_be_mapped() -> None:
    data = table(["a", "b"], headers=("Một", "Hai"))
    assert codes(read(data)) == ["columns_unknown"]
    seen = preview(data, "a.csv")
    assert (seen.columns, seen.samples, seen.problem) == (("Một", "Hai"), ({"Một": "a", "Hai": "b"},), None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'"a', "csv_broken"),
        (b"\xff\xfe\xfa", "encoding_unknown"),
        (b"", "file_empty"),
        (b"," * 300, "xlsx_sheet_too_large"),
        (b"a,b\n" * 100_001, "xlsx_sheet_too_large"),
        ((b"," * 200 + b"\n") * 26_000, "xlsx_sheet_too_large"),
        ("Câu hỏi".encode("cp1258", errors="replace"), "encoding_unknown"),
    ],
)
def test_a_broken_one_is_refused_in_words(data: bytes, code: str) -> None:
    result = read(data)
    assert codes(result) == [code]
    assert ";" in result.problems[0].text()


def test_a_million_letters_cost_their_row_only() -> None:
    result = read(table(sheet_row(stem="x" * 1_000_000), sheet_row()))
    assert [row for row, _ in result.records] == [3]
    assert "cell_too_long" in codes(result)
