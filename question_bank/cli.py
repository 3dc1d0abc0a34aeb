"""The command ``question-bank``: look into question files, check them, convert them, prove the draw's test vectors."""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from question_bank.assembly import vectors
from question_bank.commands.calls import OK, REFUSED, UNREADABLE, UNWRITABLE, USAGE
from question_bank.commands.check import add_duplicates, add_lint
from question_bank.commands.convert import add_convert
from question_bank.commands.look import add_show, add_stats

__all__ = ["OK", "REFUSED", "UNREADABLE", "UNWRITABLE", "USAGE", "main"]

_EXIT_CODES = """mã thoát:
  0  mọi câu đều đọc được, không có gì phải xem
  1  có câu bị từ chối, hoặc lint, duplicates tìm thấy điều cần xem, hoặc kết quả mẫu không khớp
  2  gọi sai
  3  không đọc được tệp
  4  không ghi được tệp ra, hoặc nơi nhận đã đóng"""

_EXAMPLES = {
    "show": """ví dụ:
  question-bank show de-cuong.docx
  question-bank show ngan-hang.xlsx --questions --topic "Luật Viên chức"
  question-bank show de.xml --report json | jq .reasons""",
    "convert": """ví dụ:
  question-bank convert de-cuong.docx ngan-hang.jsonl
  question-bank convert ngan-hang.xlsx moodle.xml
  question-bank convert ngan-hang.jsonl goi.zip --to qti

Mọi thứ mà dạng ghi ra không giữ được (loại câu, định dạng, thông tin kèm theo) đều được kể ra.""",
    "stats": """ví dụ:
  question-bank stats ngan-hang.jsonl""",
    "lint": """ví dụ:
  question-bank lint ngan-hang.xlsx
  question-bank lint ngan-hang.xlsx --only source_repealed --day 2025-07-01
  question-bank lint --rules""",
    "duplicates": """ví dụ:
  question-bank duplicates ngan-hang.xlsx --least 0.9
  question-bank duplicates ngan-hang.jsonl --report json > trung.json

Từ bị bỏ đứng trong [-…-], từ thêm vào trong {+…+}.
Cặp “khác số” hoặc “khác ý phủ định” thường là hai câu khác nhau.""",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Vietnamese letters, or a file name of broken bytes, is no reason for a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has seen enough ("| head"); writing on at exit would only print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNWRITABLE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="question-bank",
        description="Xem, kiểm tra và chuyển đổi tệp câu hỏi; kiểm chứng thuật toán rút đề.",
        epilog=f"{_EXIT_CODES}\n\nXem cách dùng từng lệnh: question-bank LỆNH --help. Các dạng tệp: docs/formats.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="LỆNH")
    for name, add, help_text in (
        ("show", add_show, "đọc tệp, in số câu nhận được và từng vấn đề"),
        ("convert", add_convert, "chuyển tệp sang dạng khác, kể ra những gì không mang sang được"),
        ("stats", add_stats, "đếm câu theo loại, chủ đề, mức độ, số phương án, đáp án"),
        ("lint", add_lint, "tìm câu yếu: đáp án lộ, phương án trùng, căn cứ hết hiệu lực …"),
        ("duplicates", add_duplicates, "tìm các câu gần trùng nhau, kèm từ khác nhau"),
    ):
        command = commands.add_parser(
            name,
            help=help_text,
            description=f"{help_text[:1].upper()}{help_text[1:]}.",
            epilog=f"{_EXAMPLES[name]}\n\n{_EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=add(command))
    verify = commands.add_parser("verify-vectors", help="tính lại các kết quả mẫu của thuật toán rút đề draw/1")
    verify.set_defaults(run=_verify_vectors)
    return parser


def _verify_vectors(options: argparse.Namespace) -> int:
    del options
    wrong = vectors.differences()
    for name in wrong:
        print(f"KHÁC {name}")
    print("không khớp" if wrong else "mọi kết quả mẫu của draw/1 đều khớp")
    return REFUSED if wrong else OK


if __name__ == "__main__":
    sys.exit(main())
