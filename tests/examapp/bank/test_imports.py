"""Import of questions: whatever the file, each of its rows ends in the bank or is refused by name, and only on
confirmation."""

import json
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import (
    Import,
    ImportRowState,
    ImportState,
    Level,
    Question,
    QuestionStatus,
    QuestionVersion,
    Subject,
    Topic,
)
from examapp.bank.queries import figures_of, topic_rows
from examapp.bank.queries.stored import question_digest
from examapp.bank.rules import Chosen
from examapp.bank.services import create_subject, restore_questions
from examapp.core.errors import Conflict, Invalid
from question_bank.formats import FieldMapping
from tests.factories import question_lines, workbook


@pytest.fixture
def subject(session: Session, now: datetime) -> Subject:
    return create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now)


def native(*changes: dict[str, object]) -> bytes:
    """Return a native file: one good line per change, changed by it."""
    lines = []
    for number, change in enumerate(changes, start=1):
        line: dict[str, object] = {
            "kind": "single_choice",
            "topic": "HIEN",
            "level": "recall",
            "stem": f"Câu ví dụ {number}: số nào lớn nhất?",
            "options": [f"{number}1", f"{number}2", f"{number}3", f"{number}4"],
            "key": "D",
        }
        lines.append(json.dumps(line | change, ensure_ascii=False))
    return "\n".join(lines).encode()


def preview(session: Session, subject: Subject, data: bytes, now: datetime, name: str = "de.jsonl") -> Import:
    return preview_import(session, subject, data, file_name=name, actor=SYSTEM, now=now)


def stored(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Question)) or 0


def codes_of_problems(batch: Import, row: int) -> list[str]:
    return [problem["code"] for entry in batch.rows if entry.row == row for problem in entry.problems]


HEADERS = ["Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Phương án D", "Đáp án", "Chủ đề", "Mức độ"]
SHEET = workbook(
    [
        HEADERS,
        ["Thủ đô của Việt Nam là thành phố nào?", "Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ", "A", "Địa lý", "Nhận biết"],
        ["2 + 2 bằng bao nhiêu?", "3", "4", "5", "6", "B", "Toán", "Vận dụng"],
        ["Thiếu đáp án?", "Có", "Không", "", "", "", "Toán", "Nhận biết"],
    ]
)
FOREIGN = json.dumps(
    [
        {"question": "Thủ đô?", "choices": ["Hà Nội", "Huế"], "answer": "A", "topic": "Địa lý", "level": "Nhận biết"},
        {"question": "2 + 2?", "choices": ["3", "4"], "answer": "B", "topic": "Toán", "level": "Vận dụng"},
        {"question": "Thiếu đáp án?", "choices": ["Có", "Không"], "topic": "Toán", "level": "Nhận biết"},
    ]
).encode()


@pytest.mark.parametrize(
    ("name", "data", "refused_row"),
    [
        ("de.jsonl", native({}, {}, {"key": ""}), 3),
        ("de.json", FOREIGN, 3),
        ("de.xlsx", SHEET, 4),
    ],
)
def test_every_format_ends_in_the_same_preview_and_bank(
    session: Session, subject: Subject, now: datetime, name: str, data: bytes, refused_row: int
) -> None:
    batch = preview(session, subject, data, now, name)
    assert (batch.rows_total, batch.rows_accepted, batch.rows_refused) == (3, 2, 1)
    assert stored(session) == 0, "a preview must not touch the bank"
    assert codes_of_problems(batch, refused_row) == ["key_missing"]

    assert apply_import(session, batch, actor=SYSTEM, now=now) == 2
    assert stored(session) == 2
    assert (batch.state, batch.applied_at) == (ImportState.APPLIED, now)


def test_a_question_is_stored_as_it_was_written_and_its_key_apart(
    session: Session, subject: Subject, now: datetime
) -> None:
    source = {"document": "Luật Cán bộ, công chức", "article": "Điều 4"}
    apply_import(
        session, preview(session, subject, native({"code": "HP-1", "source": source}), now), actor=SYSTEM, now=now
    )
    version = session.scalars(select(QuestionVersion)).one()
    content, key = json.loads(version.content), json.loads(version.answer_key)
    assert content["options"] == ["11", "12", "13", "14"]
    assert key == {"kind": "single_choice", "option": 3}, "the key says nothing but which option is right"
    assert "key" not in content
    assert (version.question.code, version.number, version.level) == ("HP-1", 1, Level.RECALL)
    assert (version.legal_document, version.legal_article) == ("Luật Cán bộ, công chức", "Điều 4")
    assert version.digest == question_digest(content, key), "the digest can be computed again from what is stored"
    assert "cau vi du 1" in version.search_text


def test_another_key_or_another_order_of_options_is_another_question() -> None:
    content = {"options": ["a", "b"], "stem": "?"}
    digests = {
        question_digest(content, {"key": 0}),
        question_digest(content, {"key": 1}),
        question_digest({**content, "options": ["b", "a"]}, {"key": 0}),
    }
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"options": ["một"]}, "options_too_few"),
        ({"options": ["một", "một", "hai"]}, "options_identical"),
        ({"options": ["một", "", "hai"]}, "option_empty"),
        ({"options": [str(number) for number in range(11)]}, "options_too_many"),
        ({"key": "E"}, "key_out_of_range"),
        ({"key": "A, C"}, "key_more_than_one"),
        ({"level": "bí hiểm"}, "level_unknown"),
        ({"topic": ""}, "topic_missing"),
        ({"stem": " "}, "stem_empty"),
        ({"kind": "hotspot"}, "kind_unsupported"),
    ],
)
def test_a_faulty_row_is_refused_with_its_reason_and_the_others_go_in(
    session: Session, subject: Subject, now: datetime, change: dict[str, object], code: str
) -> None:
    batch = preview(session, subject, native({}, change, {}), now)
    refused = [row for row in batch.rows if row.state is ImportRowState.REFUSED]
    assert [row.row for row in refused] == [2]
    assert code in codes_of_problems(batch, 2)
    assert refused[0].payload["stem"] == change.get("stem", "Câu ví dụ 2: số nào lớn nhất?"), "kept as it was read"
    assert all(problem["text"].startswith("Dòng 2") for problem in refused[0].problems)
    assert apply_import(session, batch, actor=SYSTEM, now=now) == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param('{"kind": "single_choice", "key": "A", "key": "B"}', "field_twice", id="two keys in one row"),
        pytest.param('{"kind": "single_choice", "stem": ', "json_broken", id="cut off"),
        pytest.param('{"kind": "single_choice", "stem": "a\x00b"}', "json_broken", id="a NUL between the letters"),
        pytest.param('{"kind": "single_choice", "stem": "a\\u0000b"}', "broken_characters", id="a NUL in JSON"),
        pytest.param('{"kind": "single_choice", "stem": "a\\ud800b"}', "broken_characters", id="half a letter"),
        pytest.param('{"kind": "single_choice", "stem": "?", "key": 1e999}', "json_unusable", id="infinite"),
        pytest.param('{"kind": "single_choice", "stem": "?", "key": NaN}', "json_unusable", id="NaN"),
        pytest.param('["kind"]', "row_no_object", id="a list"),
    ],
)
def test_a_broken_line_is_kept_and_refused_whatever_it_holds(
    session: Session, subject: Subject, now: datetime, line: str, code: str
) -> None:
    batch = preview(session, subject, native({}) + b"\n" + line.encode(), now)
    assert (batch.rows_accepted, batch.rows_refused) == (1, 1)
    assert code in codes_of_problems(batch, 2)
    session.expire_all()
    assert session.get_one(Import, batch.id).rows[1].payload, "what was read is in the database"


CHANGES = st.sampled_from(
    [
        {},
        {"key": "Z"},
        {"options": []},
        {"level": ""},
        {"code": "MA-1"},
        {"stem": "cùng câu", "options": ["1", "2", "3", "4"]},
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, min_size=1, max_size=6))
def test_every_row_is_accounted_for_and_all_accepted_ones_reach_the_bank(
    session: Session, subject: Subject, now: datetime, changes: list[dict[str, object]]
) -> None:
    with session.begin_nested() as savepoint:
        batch = preview(session, subject, native(*changes), now)
        session.refresh(batch)
        states = {row.row: row.state for row in batch.rows}
        assert sorted(states) == list(range(1, len(changes) + 1))
        assert batch.rows_accepted == sum(state is not ImportRowState.REFUSED for state in states.values())
        assert batch.rows_warned == sum(state is ImportRowState.WARNED for state in states.values())
        assert apply_import(session, batch, actor=SYSTEM, now=now) == batch.rows_accepted == stored(session)
        savepoint.rollback()


def test_the_database_itself_refuses_a_row_that_is_not_accounted_for(
    session: Session, subject: Subject, now: datetime
) -> None:
    batch = preview(session, subject, native({}, {}), now)
    with pytest.raises(IntegrityError, match="every_row_accounted_for"), session.begin_nested():
        session.execute(update(Import).where(Import.id == batch.id).values(rows_total=3))


def test_a_question_the_bank_already_has_is_refused_with_its_code_there(
    session: Session, subject: Subject, now: datetime
) -> None:
    apply_import(session, preview(session, subject, native({"code": "HP-1"}), now), actor=SYSTEM, now=now)
    again = preview(session, subject, native({"code": "HP-99"}, {}), now)
    assert codes_of_problems(again, 1) == ["already_in_bank"]
    assert "HP-1" in again.rows[0].problems[0]["text"]
    assert [problem["number"] for row in again.rows for problem in row.problems] == [1]
    assert apply_import(session, again, actor=SYSTEM, now=now) == 1


def test_a_wrong_key_is_corrected_in_a_file_once_the_question_is_out_of_use(
    session: Session, subject: Subject, now: datetime
) -> None:
    truth = {"kind": "true_false", "options": None, "key": True}
    apply_import(session, preview(session, subject, native(truth | {"code": "HP-1"}), now), actor=SYSTEM, now=now)
    corrected = native(truth | {"key": False})
    assert codes_of_problems(preview(session, subject, corrected, now), 1) == ["in_bank_other_key"]
    session.execute(update(Question).values(status=QuestionStatus.RETIRED))
    same = preview(session, subject, native(truth), now)
    assert codes_of_problems(same, 1) == ["already_in_bank"]
    assert "đang ngừng dùng; hãy dùng lại câu ấy" in same.rows[0].problems[0]["text"]
    batch = preview(session, subject, corrected, now)
    assert codes_of_problems(batch, 1) == []
    assert apply_import(session, batch, actor=SYSTEM, now=now) == 1
    assert codes_of_problems(preview(session, subject, corrected, now), 1) == ["already_in_bank"]
    wrong = session.scalars(select(Question).where(Question.code == "HP-1")).one()
    with pytest.raises(Invalid, match="replaced_in_use"):
        restore_questions(session, subject, [Chosen(wrong.id, 1, QuestionStatus.RETIRED)], actor=SYSTEM, now=now)


def test_figures_count_as_usable_what_a_paper_can_hold(session: Session, subject: Subject, now: datetime) -> None:
    essay = {"kind": "essay", "options": None, "key": None, "stem": "Phân tích nguyên tắc tập trung dân chủ."}
    apply_import(session, preview(session, subject, native({}, {}, essay), now), actor=SYSTEM, now=now)
    figures = figures_of(session, subject.id)
    assert (figures.total, figures.approved, figures.usable, figures.waiting) == (3, 3, 2, 1)
    assert [(row.questions, row.approved) for row in topic_rows(session, subject.id)] == [(3, 2)]
    session.execute(update(Question).values(status=QuestionStatus.RETIRED))
    assert figures_of(session, subject.id).waiting == 0


@pytest.mark.parametrize("same_subject", [True, False])
def test_a_code_that_stands_for_another_question_is_refused_in_words(
    session: Session, subject: Subject, now: datetime, same_subject: bool
) -> None:
    other = subject if same_subject else create_subject(session, "TA", "Tiếng Anh", actor=SYSTEM, now=now)
    apply_import(session, preview(session, other, native({"code": "HP-1"}), now), actor=SYSTEM, now=now)
    batch = preview(session, subject, native({"code": "HP-1", "stem": "Một câu khác hẳn?"}, {"stem": "Câu ba?"}), now)
    assert codes_of_problems(batch, 1) == ["code_taken"]
    assert batch.rows[0].problems[0]["text"] == (
        "Dòng 1, cột “code”: mã “HP-1” đã dùng cho một câu khác trong ngân hàng. Đổi mã hoặc để trống."
    )
    assert apply_import(session, batch, actor=SYSTEM, now=now) == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"code": "HP-1", "stem": "Một câu khác hẳn?"}, id="its code was taken since"),
        pytest.param({}, id="its text came in since"),
    ],
)
def test_a_bank_that_changed_since_the_preview_refuses_the_whole_file(
    session: Session, subject: Subject, now: datetime, change: dict[str, object]
) -> None:
    slow = preview(session, subject, native(change, {"stem": "Câu không trùng?"}), now)
    fast = preview(session, subject, native({"code": "HP-1"}), now)
    apply_import(session, fast, actor=SYSTEM, now=now)
    with pytest.raises(Conflict, match="bank_changed"):
        apply_import(session, slow, actor=SYSTEM, now=now)
    assert (stored(session), slow.state) == (1, ImportState.PREVIEWED)


def test_an_import_is_applied_once(session: Session, subject: Subject, now: datetime) -> None:
    batch = preview(session, subject, question_lines(4), now)
    apply_import(session, batch, actor=SYSTEM, now=now)
    session.flush()
    with pytest.raises(Conflict, match="import_applied_already"):
        apply_import(session, batch, actor=SYSTEM, now=now)
    assert stored(session) == 4


def test_topics_are_found_by_code_or_name_and_new_ones_come_last(
    session: Session, subject: Subject, now: datetime
) -> None:
    session.add(Topic(subject_id=subject.id, code="HP", name="Hiến pháp", position=0))
    session.flush()
    data = native({"topic": "Hiến pháp"}, {"topic": "HP"}, {"topic": "Đạo đức"}, {"topic": "Đạo đức"})
    apply_import(session, preview(session, subject, data, now), actor=SYSTEM, now=now)
    topics = session.execute(
        select(Topic.code, Topic.position, func.count())
        .join(QuestionVersion, QuestionVersion.topic_id == Topic.id)
        .group_by(Topic.id)
        .order_by(Topic.position)
    ).all()
    assert [tuple(row) for row in topics] == [("HP", 0, 2), ("Đạo đức", 1, 2)]


def test_columns_that_were_joined_by_hand_are_read_so_and_remembered(
    session: Session, subject: Subject, now: datetime
) -> None:
    data = json.dumps([{"q": "Thủ đô?", "a1": "Hà Nội", "a2": "Huế", "right": "A"}]).encode()
    columns = {"stem": "q", "option_a": "a1", "option_b": "a2", "key": "right"}
    mapping = FieldMapping(columns, {"topic": "Địa lý", "level": "recall"})
    batch = preview_import(session, subject, data, file_name="x.json", mapping=mapping, actor=SYSTEM, now=now)
    assert batch.rows_accepted == 1
    assert FieldMapping.from_json(batch.mapping) == mapping


def test_the_same_question_with_another_key_is_refused(session: Session, subject: Subject, now: datetime) -> None:
    apply_import(session, preview(session, subject, native({"code": "HP-1"}), now), actor=SYSTEM, now=now)
    again = preview(session, subject, native({"key": "A"}), now)
    assert codes_of_problems(again, 1) == ["in_bank_other_key"]
    assert again.rows[0].problems[0]["text"] == (
        "Dòng 1: ngân hàng đã có câu này nhưng đáp án khác, mã HP-1; hãy xem đáp án nào đúng."
    )
    assert apply_import(session, again, actor=SYSTEM, now=now) == 0


# --- what is to be said of the file as a whole ------------------------------------------------------------------------


def about_file(batch: Import) -> list[str]:
    return [problem["text"] for problem in batch.about_file.problems] if batch.about_file else []


def test_warnings_about_the_file_are_kept_with_the_import_and_count_as_no_row(
    session: Session, subject: Subject, now: datetime
) -> None:
    data = workbook(
        [[*HEADERS, "Ghi chú"], ["Thủ đô?", "Hà Nội", "Huế", "", "", "A", "Địa lý", "Nhận biết", "xem lại"]],
        above=[["NGÂN HÀNG CÂU HỎI"]],
    )
    batch_id = preview(session, subject, data, now, "de.xlsx").id
    session.expire_all()
    batch = session.get_one(Import, batch_id)
    assert about_file(batch) == ["1 dòng phía trên dòng tiêu đề không được đọc.", "Không đọc các cột: Ghi chú."]
    assert [row.row for row in batch.rows] == [3]
    assert (batch.rows_total, batch.rows_accepted, batch.rows_warned, batch.rows_refused) == (1, 1, 0, 0)
    assert batch.mapping["columns"]["stem"] == "Câu hỏi", "what the file was read under is kept, guessed or not"
    assert apply_import(session, batch, actor=SYSTEM, now=now) == 1


def test_a_file_of_another_subject_is_told(session: Session, subject: Subject, now: datetime) -> None:
    batch = preview(session, subject, native({"subject": "Tin học"}), now)
    assert about_file(batch) == ["Tệp ghi môn “Tin học”, các câu được nhập vào môn “Kiến thức chung”."]
    assert about_file(preview(session, subject, native({"subject": "kiến thức chung"}), now)) == []


def test_a_text_that_looks_like_an_escape_reaches_the_bank(session: Session, subject: Subject, now: datetime) -> None:
    row = [r"Chuỗi \u0000 là gì?", "NUL", "SPACE", "", "", "A", "Tin học", "Nhận biết"]
    batch = preview(session, subject, workbook([HEADERS, row]), now, "de.xlsx")
    assert apply_import(session, batch, actor=SYSTEM, now=now) == 1


@pytest.mark.parametrize("name", ["de\x00.jsonl", "de\ud800.jsonl", "\u202elnosj.de", "x" * 5000])
def test_a_hostile_file_name_is_stored_harmless(session: Session, subject: Subject, now: datetime, name: str) -> None:
    batch = preview(session, subject, native({}), now, name)
    session.refresh(batch)
    assert batch.file_name.isprintable()
    assert len(batch.file_name) <= 200
