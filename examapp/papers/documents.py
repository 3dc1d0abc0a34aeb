"""The blueprint of a test as a paper that the council signs."""

from datetime import date

from examapp.documents.heading import counted
from examapp.documents.official import (
    Closing,
    Column,
    Letterhead,
    Paragraph,
    Part,
    Signature,
    Small,
    Table,
    Title,
    official_pdf,
)
from examapp.documents.parts import grouped
from examapp.exams.models import ExamTest
from examapp.papers.rules import LEVEL_NAMES, Matrix

#: signs of a code at the foot of every page
_SHORT = 24


def blueprint_pdf(test: ExamTest, matrix: Matrix, digest: bytes | None, day: date) -> bytes:
    """Return the matrix with its sums and the digest by which paper and database are compared; None is a draft's."""
    exam = test.exam
    columns = [Column("Chủ đề", 62, "left"), *(Column(name, 24) for name in LEVEL_NAMES.values()), Column("Cộng", 18)]
    rows = [
        [row.topic.name, *(str(cell.count) if cell.count else "" for cell in row.cells), str(row.total)]
        for row in matrix.rows
        if row.total
    ]
    sums = ["Cộng", *(str(count) for count, _ in matrix.totals), str(matrix.total)]
    parts: list[Part] = [
        Paragraph(f"{exam.name}.", lead="Kỳ thi:"),
        Paragraph(f"{test.name} ({test.code}), {test.questions} câu, {test.minutes} phút.", lead="Bài thi:"),
        Paragraph("số câu hỏi của mỗi đề theo chủ đề và mức độ nhận thức như sau:", lead="Ma trận:"),
        Table(columns, [*rows, sums]),
        Paragraph(f"Ma trận có {counted(len(rows))} chủ đề, {matrix.total} câu."),
        Small(
            f"Mã ma trận: {grouped(digest.hex())}." if digest else "Dự thảo: ma trận chưa khóa, số câu còn có thể đổi."
        ),
        Closing([Signature(["TM. HỘI ĐỒNG", "CHỦ TỊCH"])]),
    ]
    code = f"mã ma trận {grouped(digest.hex()[:_SHORT])}" if digest else "chưa khóa"
    letterhead = Letterhead(exam.superior, exam.council, exam.place, day)
    mark = f"Mật. {exam.code}, bài thi {test.code}, {code}"
    return official_pdf(letterhead, Title("Ma trận đề thi", test.name), parts, draft=digest is None, mark=mark)
