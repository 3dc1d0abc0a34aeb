"""Official documents of a long list: the notice of 20,000 results, and the lists of 700 rooms to be signed."""

import resource
from datetime import UTC, date, datetime
from time import perf_counter

from examapp.regulations.profile import load_profile
from examapp.results.documents import Export, ExportKind, ListFacts, export
from examapp.results.rules import ResultRow
from scripts.bench.figures import finish, show

ROWS = 20_000
ROOMS = 700
SECONDS = 30
MEGABYTES = 500
_NAMES = ("Nguyễn Văn Giả Định", "Đặng Thị Ngọc Ánh", "Trần Ưng Quý Đôn", "Huỳnh Nguyễn Thị Mỹ Phượng Hoàng Liên Sơn")


def main() -> None:
    """Measure and print."""
    facts = _facts()
    for kind, name in (
        (ExportKind.NOTICE, f"official PDF list of {ROWS:,} rows"),
        (ExportKind.ROOMS, f"lists to sign of {ROOMS} rooms, {ROWS:,} rows"),
        (ExportKind.XLSX, f"Excel list of {ROWS:,} rows"),
    ):
        began = perf_counter()
        made = export(Export(kind, date(2026, 12, 14)), facts)
        show(name, perf_counter() - began, "s", at_most=SECONDS)
        show("size of the file", len(made.data) / 1_000_000, "MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show("peak memory", peak, "MB", at_most=MEGABYTES)
    finish()


def _facts() -> ListFacts:
    rows = [
        ResultRow(
            number=f"{number:05d}",
            full_name=_NAMES[number % len(_NAMES)],
            birth_date="1995-02-14",
            room=f"{1 + number * ROOMS // ROWS:03d}",
            correct=number % 61,
            total=60,
            passed=number % 61 >= 30,
            present=True,
        )
        for number in range(ROWS)
    ]
    return ListFacts(
        exam="Kỳ thi tuyển dụng công chức năm 2026",
        exam_code="KT26",
        test="Kiến thức, năng lực chung",
        sitting="CA1",
        starts_at=datetime(2026, 12, 12, 1, tzinfo=UTC),
        superior="Ủy ban nhân dân Thành phố Hồ Chí Minh",
        council="Hội đồng tuyển dụng công chức",
        place="Thành phố Hồ Chí Minh",
        profile=load_profile("cc-2025"),
        rows=rows,
        digest="3f" * 32,
        roots=[("Gốc R1", "ab" * 32), ("Gốc R2", "cd" * 32)],
        least=30,
    )


if __name__ == "__main__":
    main()
