"""“Sửa tại đây”: a row is mended on the page, judged by the reader's own rules, and the counts stay right."""

import json

import pytest
from sqlalchemy import select

from examapp.audit.models import AuditDetails, AuditEvent
from examapp.bank.models import ImportRowState, ImportState
from tests.factories import question_lines
from tests.functional.bank_import.conftest import BEYOND, GOOD, NO_KEY, SUM, Desk, sheet
from tests.pages import Browser

AGAIN = [GOOD[0], "Hà Nội", "Huế", "Vinh", "Cần Thơ", "A", "Địa lý", "Nhận biết"]


def test_a_refused_row_becomes_good(desk: Desk, author: Browser) -> None:
    page = desk.read(author, sheet(GOOD, BEYOND))
    assert desk.path("/dong/3") in page.links()
    page = author.open(desk.path("/dong/3"))
    assert "ghi “E” nhưng câu chỉ có bốn phương án A – D." in page.text
    form = page.form(desk.path("/dong/3"))
    assert (form.fields["stem"].strip(), form.fields["option_d"], form.fields["level"]) == (BEYOND[0], "Bốn", "recall")
    page = author.submit(page, desk.path("/dong/3"), key="D")
    assert "Dòng 3 đã đạt và sẽ được nhập." in page.text
    assert desk.counts() == (2, 2, 0, 0)
    row = desk.row(3)
    assert (row.state, row.payload["key"], row.problems, row.mends) == (ImportRowState.ACCEPTED, "D", [], 1)
    assert desk.actions()[-1] == "bank.import_row_mended"
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    assert desk.stored()["questions"] == 2


def test_labels_in_front_are_taken_off_before_a_person_sees_the_row(desk: Desk, author: Browser) -> None:
    desk.read(
        author, sheet(GOOD, ["Câu 7. Thủ đô Lào?", "A. Viêng Chăn", "B. Pakse", "", "", "", "Địa lý", "Nhận biết"])
    )
    page = author.open(desk.path("/dong/3"))
    fields = page.form(desk.path("/dong/3")).fields
    assert (fields["stem"].strip(), fields["option_a"]) == ("Thủ đô Lào?", "Viêng Chăn")
    author.submit(page, desk.path("/dong/3"), key="A")
    assert desk.row(3).payload["options"] == ["Viêng Chăn", "Pakse"]


def test_what_is_still_wrong_is_kept_and_shown_anew(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    page = author.submit(
        author.open(desk.path("/dong/3")), desk.path("/dong/3"), stem="Viết lại?", option_b="Có", key="A"
    )
    assert page.heading == "Sửa dòng 3"
    assert "Đã lưu chỗ sửa, nhưng dòng 3 vẫn còn vấn đề." in page.text
    assert "phương án B giống hệt phương án A" in page.text
    assert "Dòng 3, cột “Phương án B”" in page.text, "the file's own column"
    assert page.form(desk.path("/dong/3")).fields["stem"].strip() == "Viết lại?"
    assert desk.counts() == (2, 1, 0, 1)
    author.submit(page, desk.path("/dong/3"), option_b="Không")
    assert desk.counts() == (2, 2, 0, 0)


@pytest.mark.parametrize(
    ("values", "words", "counts"),
    [
        ({"stem": SUM[0], "option_a": "3", "option_b": "4", "option_c": "5", "option_d": "6", "key": "B"},
         "trùng hoàn toàn với câu ở dòng 3", (3, 2, 0, 1)),
        ({"stem": SUM[0].upper(), "key": "A"}, "cùng nội dung câu hỏi với dòng 3", (3, 3, 1, 0)),
        ({"key": "A", "code": "MA-1"}, "", (3, 3, 0, 0)),
        ({"key": "C"}, "ghi “C” nhưng câu chỉ có hai phương án", (3, 2, 0, 1)),
        ({"key": "A", "stem": "  "}, "chưa có nội dung câu hỏi", (3, 2, 0, 1)),
        ({"key": "A", "level": ""}, "chưa có mức độ", (3, 2, 0, 1)),
        ({"key": "A", "topic": ""}, "chưa có chủ đề", (3, 2, 0, 1)),
        ({"key": "A", "stem": "x" * 40_000}, "giới hạn là 32767", (3, 2, 0, 1)),
    ],
)  # fmt: skip
def test_it_is_judged_as_if_the_file_had_said_so(
    desk: Desk, author: Browser, values: dict[str, str], words: str, counts: tuple[int, int, int, int]
) -> None:
    desk.read(author, sheet(GOOD, SUM, NO_KEY))
    page = author.submit(author.open(desk.path("/dong/4")), desk.path("/dong/4"), **values)
    assert words in page.text
    assert desk.counts() == counts


def test_a_question_of_the_bank_is_found_again(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(1), "de.jsonl")
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    desk.read(author, sheet(GOOD, NO_KEY))
    values = {"stem": "Câu hỏi ví dụ số 0: số nào lớn nhất?", "key": "A"}
    values |= {"option_a": "01", "option_b": "02", "option_c": "03", "option_d": "04"}
    page = author.submit(author.open(desk.path("/dong/3")), desk.path("/dong/3"), **values)
    assert "ngân hàng đã có câu này, mã CH-000." in page.text
    page = author.submit(page, desk.path("/dong/3"), stem="Khác hẳn?", code="CH-000")
    assert "mã “CH-000” đã dùng cho một câu khác trong ngân hàng" in page.text
    author.submit(page, desk.path("/dong/3"), code="")
    assert desk.counts() == (2, 2, 0, 0)


def test_a_warned_row_can_be_mended_too_and_a_good_one_spoilt(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, AGAIN))
    assert desk.counts() == (2, 2, 1, 0)
    author.submit(author.open(desk.path("/dong/3")), desk.path("/dong/3"), stem="Thủ đô nước ta?")
    assert desk.counts() == (2, 2, 0, 0)
    author.submit(author.open(desk.path("/dong/2")), desk.path("/dong/2"), option_b="Hà Nội")
    assert desk.counts() == (2, 1, 0, 1)


def test_of_two_people_at_one_row_the_second_is_told_and_loses_nothing(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    path = desk.path("/dong/3")
    colleague = desk.browser(name="soan.hai")
    mine, theirs = author.open(path), colleague.open(path)
    author.submit(mine, path, key="A")
    page = colleague.submit(theirs, path, status=409, key="B", stem="Tôi gõ câu này")
    assert "Người khác vừa sửa dòng 3." in page.text
    assert page.form(path).fields["stem"].strip() == "Tôi gõ câu này"
    assert desk.row(3).payload["key"] == "A"


def test_after_bringing_in_nothing_is_mended(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    page = author.open(desk.path("/dong/3"))
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    page = author.submit(page, desk.path("/dong/3"), status=422, key="A")
    assert "không còn ở bước xem trước" in page.text
    assert desk.row(3).state is ImportRowState.REFUSED
    assert desk.newest().state is ImportState.APPLIED


def test_a_stranger_may_not_and_there_is_no_other_row(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    stranger = desk.browser(subject=desk.other)
    assert desk.post(stranger, desk.path("/dong/3"), key="A", seen="0").status_code == 404
    for row in ("0", "9", "99999999999999999999"):
        assert "Tệp này không có dòng" in author.open(desk.path(f"/dong/{row}"), status=404).text
    assert desk.counts() == (2, 1, 0, 1)


def test_the_log_says_what_of_the_row_was_changed_and_not_how(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, SUM))
    author.submit(author.open(desk.path("/dong/3")), desk.path("/dong/3"), key="A", option_d="7")
    same = (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number)
    query = select(AuditDetails.details).join(AuditEvent, same).where(AuditEvent.action == "bank.import_row_mended")
    details = json.loads(desk.session.scalars(query).one())
    assert details == {"file": "de.xlsx", "row": 3, "accepted": True, "fields": ["key", "options"]}


def test_days_in_force_stay_while_the_document_stays(desk: Desk, author: Browser) -> None:
    source = {"document": "Luật 80/2025/QH15", "article": "Điều 4", "in_force_from": "2025-07-01"}
    line = {"kind": "single_choice", "stem": "Thủ đô?", "options": ["Hà Nội", "Huế"], "source": source}
    line |= {"topic": "Địa", "level": "recall"}
    rows = (line, line | {"stem": "Cố đô?"})
    desk.send(author, "\n".join(json.dumps(row) for row in rows).encode(), "đề.jsonl")
    author.submit(author.open(desk.path("/dong/1")), desk.path("/dong/1"), key="A", article="Điều 5")
    assert desk.row(1).payload["source"] == source | {"article": "Điều 5"}
    author.submit(author.open(desk.path("/dong/2")), desk.path("/dong/2"), key="B", document="Luật khác")
    assert desk.row(2).payload["source"] == {"document": "Luật khác", "article": "Điều 4"}


def test_a_row_that_the_page_cannot_mend_is_not_offered_for_it(desk: Desk, author: Browser) -> None:
    lines = [
        {"kind": "numeric", "stem": "Số pi?", "key": [{"value": "3.14", "tolerance": "-1"}], "topic": "Toán"},
        {"kind": "single_choice", "stem": "Thủ đô?", "options": ["Hà Nội", "Huế"], "topic": "Địa"},
    ]
    page = desk.send(author, "\n".join(map(json.dumps, lines)).encode(), "đề.jsonl")
    assert "Sửa tại đây Dòng 2" in page.text
    assert "Sửa tại đây Dòng 1" not in page.text
    assert "3.14 ± -1" in page.text
