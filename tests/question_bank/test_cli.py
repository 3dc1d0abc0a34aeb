"""The command: its counts, reports and exit codes."""

import io
import json
from pathlib import Path

import pytest

from question_bank import cli
from question_bank.assembly import vectors
from question_bank.formats import native
from tests.question_bank.factories import foreign_item, json_lines, native_line
from tests.question_bank.samples import sample_of

GOOD = [native_line(), native_line(stem="Khác?", options=["một", "hai", "Cả A và B"], key="C", level="application")]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    file = tmp_path / "ngân hàng.jsonl"
    file.write_bytes(json_lines([*GOOD, native_line(stem="Hỏng?", key="E")]))
    return file


def test_show(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(bank)]) == cli.REFUSED
    shown = capsys.readouterr().out
    assert "3 câu: nhận 2 (trong đó 0 cần xem lại), từ chối 1" in shown
    assert "1 LỖI  Dòng 3, cột “key”: ghi “E” nhưng câu chỉ có bốn phương án A – D." in shown


def test_show_as_json(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(bank), "--report", "json"]) == cli.REFUSED
    report = json.loads(capsys.readouterr().out)
    assert (report["rows_total"], report["accepted"], report["refused"]) == (3, 2, 1)
    assert report["reasons"] == {"key_out_of_range": 1}
    assert report["problems"][0]["place"] == {
        "file": bank.name,
        "row": 3,
        "unit": "row",
        "name": None,
        "column": "key",
        "field": "key",
    }
    assert report["refused_rows"][0]["raw"]["stem"] == "Hỏng?"


def test_convert_there_and_back(bank: Path, tmp_path: Path) -> None:
    book, back = tmp_path / "a.xlsx", tmp_path / "a.jsonl"
    assert cli.main(["convert", str(bank), str(book)]) == cli.REFUSED
    assert cli.main(["convert", str(book), str(back)]) == cli.OK
    first, second = (native.read(file.read_bytes(), "x").records for file in (bank, back))
    assert [record for _, record in first] == [record for _, record in second]


def test_convert_names_what_it_leaves_out_and_never_writes_over_its_own_file(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["convert", str(bank), str(tmp_path / "a.jsonl")]) == cli.REFUSED
    assert "LỖI  Dòng 3" in capsys.readouterr().out
    before = bank.read_bytes()
    assert cli.main(["convert", str(bank), str(bank)]) == cli.USAGE
    assert bank.read_bytes() == before


def test_a_terminal_without_vietnamese_letters_gets_no_traceback(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, encoding="ascii"))
    assert cli.main(["show", str(bank)]) == cli.REFUSED
    assert b"L\\u1ed6I" in out.getvalue()


def test_stats(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["stats", str(bank)])
    shown = capsys.readouterr().out
    for line in ("2  Hành chính", "1  Nhận biết", "1  Vận dụng", "1  có phương án ở cuối", "1  trộn tự do"):
        assert line in shown


def test_defaults_and_mapping_for_foreign_files(tmp_path: Path) -> None:
    file, mapping = tmp_path / "lạ.json", tmp_path / "ghép.json"
    file.write_bytes(json.dumps([foreign_item(answer=1)]).encode())
    assert cli.main(["show", str(file)]) == cli.REFUSED
    call = ["show", str(file), "--topic", "HC", "--level", "recall", "--subject", "KTC"]
    assert cli.main([*call, "--key-style", "index0"]) == cli.OK
    mapping.write_text('{"defaults": {"topic": "HC", "level": "recall"}, "key_style": "index1"}', encoding="utf-8")
    assert cli.main(["show", str(file), "--mapping", str(mapping)]) == cli.OK
    mapping.write_text('{"columns": {"gì": "x"}}', encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["show", str(file), "--mapping", str(mapping)])
    assert stopped.value.code == cli.USAGE


def test_files_that_cannot_be_read_or_written(bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(tmp_path / "không có.xlsx")]) == cli.UNREADABLE
    assert "Không mở được tệp" in capsys.readouterr().out
    broken = tmp_path / "hỏng.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    for command in (["stats", str(broken)], ["convert", str(broken), str(tmp_path / "a.jsonl")]):
        assert cli.main(command) == cli.UNREADABLE
    assert cli.main(["convert", str(bank), str(tmp_path / "a.pdf")]) == cli.USAGE
    assert cli.main(["convert", str(bank), str(tmp_path / "không có" / "a.jsonl")]) == cli.UNWRITABLE


def test_long_reports_are_cut_and_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(json_lines([native_line(stem=f"Số {n}?", key="E") for n in range(60)]))
    cli.main(["show", str(file)])
    assert "còn 10 vấn đề" in capsys.readouterr().out


def test_lint_names_faults_and_counts_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.jsonl"
    options = ["Chính phủ là cơ quan hành chính nhà nước cao nhất của nước ta", "Bộ", "Tòa án", "Sở"]
    old = {"document": "Luật Cán bộ, công chức số 22/2008/QH12"}
    file.write_bytes(json_lines([native_line(options=options), native_line(stem="Khác?", source=old)]))
    assert cli.main(["lint", str(file), "--day", "2026-01-01"]) == cli.REFUSED
    shown = capsys.readouterr().out
    assert "Dòng 1: " in shown
    assert "1  key_longest" in shown
    assert "1  source_repealed" in shown
    assert cli.main(["lint", str(file), "--only", "source_repealed", "--day", "2020-01-01"]) == cli.OK
    assert cli.main(["lint", str(file), "--only", "không có"]) == cli.USAGE
    assert cli.main(["lint"]) == cli.USAGE
    capsys.readouterr()
    cli.main(["lint", str(file), "--day", "2026-01-01", "--without", "key_longest", "--report", "json"])
    report = json.loads(capsys.readouterr().out)
    assert "key_longest" not in report["reasons"]
    assert report["problems"][0]["place"]["unit"] == "row"


def test_lint_speaks_of_the_whole_set_and_of_rows_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.jsonl"
    lines = [native_line(stem=f"Số {number}?") for number in range(30)]
    file.write_bytes(json_lines([native_line(key="E"), *lines, native_line(stem="Số 7?", key="B")]))
    cli.main(["lint", str(file), "--only", "key_positions", "--only", "question_twice_other_key"])
    shown = capsys.readouterr().out
    assert "Đáp án không rải đều: A 30" in shown
    # The reader refuses the second of two equal questions with other keys, so lint never sees it.
    assert "1  key_positions" in shown
    other = native_line(stem="Số 7?", key="B", options=["Chính phủ", "Quốc hội", "Sở", "Ban"])
    file.write_bytes(json_lines([native_line(key="E"), *lines, other]))
    cli.main(["lint", str(file), "--only", "stem_twice_other_key"])
    assert "Dòng 32: cùng nội dung với dòng 9, nhưng phương án “Chính phủ”" in capsys.readouterr().out


def test_lint_explains_its_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lint", "--rules"]) == cli.OK
    assert "source_repealed" in capsys.readouterr().out


def test_duplicates_show_the_words_that_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.jsonl"
    stems = ["Thời hạn giải quyết khiếu nại lần đầu theo luật là bao nhiêu ngày kể từ ngày thụ lý hồ sơ?",
             "Thời hạn giải quyết khiếu nại lần hai theo luật là bao nhiêu ngày kể từ ngày thụ lý hồ sơ?",
             "Cơ quan nào ban hành nghị định?"]  # fmt: skip
    file.write_bytes(json_lines([native_line(stem=stem) for stem in stems]))
    assert cli.main(["duplicates", str(file)]) == cli.REFUSED
    shown = capsys.readouterr().out
    assert "dòng 1 và dòng 2" in shown
    assert "[-đầu-] {+hai+}" in shown
    assert cli.main(["duplicates", str(file), "--least", "0.999"]) == cli.OK
    assert cli.main(["duplicates", str(file), "--least", "7"]) == cli.USAGE
    capsys.readouterr()
    cli.main(["duplicates", str(file), "--report", "json"])
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert pair["rows"] == [1, 2]


@pytest.mark.parametrize("suffix", [".jsonl", ".xlsx", ".docx", ".xml", ".gift", ".aiken", ".zip"])
def test_convert_to_every_format_tells_what_is_left_out(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, made = tmp_path / "mọi loại.jsonl", tmp_path / f"ra{suffix}"
    file.write_bytes(sample_of("native"))
    assert cli.main(["convert", str(file), str(made)]) == cli.OK
    told = capsys.readouterr().out
    assert ("Không mang sang" in told) is (suffix not in (".jsonl", ".zip"))
    assert cli.main(["show", str(made), "--questions"]) in (cli.OK, cli.REFUSED)
    assert "Cơ quan nào ban hành nghị định?" in capsys.readouterr().out
    cli.main(["convert", str(file), str(tmp_path / f"lại{suffix}"), "--report", "json"])
    report = json.loads(capsys.readouterr().out)
    assert bool(report["left_out"]) is (suffix not in (".jsonl", ".zip"))


def test_latex_becomes_formulas_only_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, made = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    file.write_bytes(json_lines([native_line(stem=r"Tính $\frac{1}{2}$ và $\hỏng{$ nhé?")]))
    cli.main(["convert", str(file), str(made)])
    assert "<math" not in made.read_text(encoding="utf-8")
    cli.main(["convert", str(file), str(made), "--latex"])
    assert "<mfrac>" in made.read_text(encoding="utf-8")


def test_strict_asks_for_what_the_bank_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(json_lines([native_line(topic=None, level=None)]))
    assert cli.main(["show", str(file)]) == cli.OK
    assert cli.main(["show", str(file), "--strict"]) == cli.REFUSED


@pytest.mark.parametrize("command", ["show", "convert", "stats", "lint", "duplicates"])
def test_the_help_of_a_command_has_an_example_and_the_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    shown = capsys.readouterr().out
    assert f"question-bank {command} " in shown
    assert "mã thoát:" in shown


def test_verify_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.main(["verify-vectors"]) == cli.OK
    monkeypatch.setattr(vectors, "differences", lambda: ["papers[0]"])
    assert cli.main(["verify-vectors"]) == cli.REFUSED


def test_wrong_calls_end_with_the_usage_code() -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["draw"])
    assert stopped.value.code == cli.USAGE
