"""Freezing: what must be ready for it, what the package gives away (nothing), and that a new one ends the old one."""

import json
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails
from examapp.bank.models import Question, QuestionStatus, QuestionVersion, Topic
from examapp.candidates.models import Candidate
from examapp.core.errors import Conflict, Invalid
from examapp.integrity.admission import admission_code, code_hmac
from examapp.integrity.canonical import b64u, jcs
from examapp.integrity.errors import PackageRefused, WrongCode
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import open_compartment, read_core
from examapp.papers.models import Blueprint, BlueprintCell
from examapp.sittings.freeze import Frozen, freeze_sitting
from examapp.sittings.models import Package, Sitting, SittingMode, SittingState
from examapp.sittings.queries import active_package, read_draw_spec
from examapp.sittings.services import Schedule, create_sitting, record_public_value
from tests.conftest import CommittedDatabase
from tests.factories import at_once, make_line, seeded_bytes, seen_package


def freeze(session: Session, sitting: Sitting, keys: NodeKeys, now: datetime, seed: int = 1) -> Frozen:
    """Freeze, replacing the package in force."""
    frozen = freeze_sitting(
        session,
        sitting,
        keys=keys,
        random_bytes=seeded_bytes(seed),
        replaces=seen_package(session, sitting),
        actor=SYSTEM,
        now=now,
    )
    session.flush()
    return frozen


def inside(frozen: Frozen) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return core, paper and key of a package."""
    content = frozen.package.content
    paper = open_compartment(content, "paper", frozen.paper_code).data
    return read_core(content).core, paper, open_compartment(content, "key", frozen.key_code).data


# --- what must be ready ----------------------------------------------------------------------------------------------


def test_an_unlocked_blueprint_is_not_frozen(session: Session, sitting: Sitting, keys: NodeKeys, now: datetime) -> None:
    session.execute(update(Blueprint).values(locked_at=None, digest=None))
    with pytest.raises(Invalid, match="blueprint_not_locked"):
        freeze(session, sitting, keys, now)
    assert sitting.state is SittingState.DRAFT


def test_a_blueprint_that_was_altered_after_the_lock_is_not_frozen(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    cell = session.scalars(select(BlueprintCell).limit(1)).one()
    cell.count += 1
    session.flush()
    with pytest.raises(Conflict, match="blueprint_altered"):
        freeze(session, sitting, keys, now)


def test_topics_in_another_order_change_nothing_that_was_locked(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    session.execute(update(Topic).values(position=10 - Topic.position))
    session.expire_all()
    freeze(session, sitting, keys, now)


def test_a_bank_that_shrank_below_the_blueprint_is_noticed_now_and_not_at_the_opening(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    hard = select(QuestionVersion.question_id).where(QuestionVersion.level == "application")
    session.execute(update(Question).where(Question.id.in_(hard)).values(status=QuestionStatus.RETIRED))
    with pytest.raises(Invalid, match="bank_short") as refusal:
        freeze(session, sitting, keys, now)
    assert "chủ đề HIEN cần 2 câu, chỉ còn 0" in refusal.value.text()


def test_only_those_who_have_not_withdrawn_are_on_the_roster(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    session.execute(update(Candidate).where(Candidate.number == "0002").values(withdrawn_at=now))
    core, _, _ = inside(freeze(session, sitting, keys, now))
    assert [(entry["number"], entry["seat"]) for entry in core["roster"]] == [("0001", 1), ("0003", 3)]
    session.execute(update(Candidate).values(withdrawn_at=now))
    session.expire_all()
    with pytest.raises(Invalid, match="nobody_seated"):
        freeze(session, sitting, keys, now, seed=2)


# --- what the package says -------------------------------------------------------------------------------------------


def test_the_readable_part_holds_no_question_and_no_answer(session: Session, keys: NodeKeys, now: datetime) -> None:
    line = make_line(session, now, code="KIN", lines=in_four_cells(always_a(24)))
    core, paper, key = inside(freeze(session, line.sitting, keys, now))
    readable = jcs(core).decode()
    for question in paper["questions"]:
        assert question["stem"] not in readable
        assert not any(option in readable for option in question["options"])
    assert '"right"' not in readable
    assert paper["secret"] not in readable
    assert set(key) == {"keys"}
    assert '"right"' not in json.dumps(paper), "the paper compartment alone tells no right answer"


def test_no_id_of_the_bank_leaves_it(session: Session, sitting: Sitting, keys: NodeKeys, now: datetime) -> None:
    parts = json.dumps(inside(freeze(session, sitting, keys, now)))
    for version in session.scalars(select(QuestionVersion)):
        assert str(version.id) not in parts
        assert f'"{version.question.code}"' not in parts


def test_the_right_option_is_the_one_the_author_meant(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    _, paper, key = inside(freeze(session, sitting, keys, now))
    right = {entry["id"]: entry["right"] for entry in key["keys"]}
    meant = {}
    for version in session.scalars(select(QuestionVersion)):
        content = json.loads(version.content)
        meant[content["stem"]] = content["options"][json.loads(version.answer_key)["option"]]
    assert len(paper["questions"]) == 40
    for question in paper["questions"]:
        assert question["options"][right[question["id"]]] == meant[question["stem"]]


def test_the_package_names_the_sitting_and_everybody_rostered(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    frozen = freeze(session, sitting, keys, now)
    core, _, _ = inside(frozen)
    assert core["sitting"]["starts_at"] == "2026-11-24T01:15:00.000Z"
    assert (core["test"]["questions"], core["test"]["pass_share"]) == (8, "1/2")
    assert "Điều 9 khoản 2 điểm a" in core["test"]["pass_clause"]
    assert core["profile"]["text"] == sitting.exam_test.exam.profile_text
    person = sitting.rooms[0].seats[0].candidate
    code = admission_code(keys.slip_key, person.exam_id.bytes, person.number, person.code_issue)
    assert core["roster"][0] == {
        "number": "0001",
        "name": "Nguyễn Văn Ví Dụ 0",
        "birth_date": "1998-03-09",
        "room": "01",
        "seat": 1,
        "extra_minutes": 0,
        "code_hmac": b64u(code_hmac(keys.code_pepper, "0001", code)),
    }
    assert code not in jcs(core).decode()
    spec = read_draw_spec(core)
    assert [(cell.cell_id, cell.count, len(cell.pool)) for cell in spec.cells] == [
        ("HIEN/recall", 2, 10),
        ("HIEN/application", 2, 10),
        ("DAO/recall", 2, 10),
        ("DAO/application", 2, 10),
    ]


def test_a_package_can_be_checked_by_whoever_has_the_file(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    frozen = freeze(session, sitting, keys, now)
    opened = read_core(frozen.package.content, verify_key=keys.node_pub)
    assert (opened.core_digest, opened.commit) == (frozen.package.core_digest, frozen.package.commit)
    with pytest.raises(PackageRefused, match="package_signer"):
        read_core(frozen.package.content, verify_key=NodeKeys(bytes(32)).node_pub)
    at = frozen.package.content.index(b'"roster"')
    changed = bytearray(frozen.package.content)
    changed[at + 20] ^= 1
    with pytest.raises(PackageRefused):
        read_core(bytes(changed))


# --- order gives nothing away ----------------------------------------------------------------------------------------


def always_a(count: int, **more: object) -> bytes:
    """Return questions whose author always wrote the right option first."""
    lines = [
        {"kind": "single_choice", "topic": "T", "level": "recall", "key": "A", "stem": f"Câu {number}?"}
        | {"options": [f"đúng {number}", f"sai {number}", f"lệch {number}", f"nhầm {number}"]}
        | more
        for number in range(count)
    ]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def in_four_cells(data: bytes) -> bytes:
    """Spread questions over the four cells of the example's blueprint."""
    lines = [json.loads(line) for line in data.splitlines()]
    for number, line in enumerate(lines):
        line["topic"], line["level"] = ("HIEN", "DAO")[number % 2], ("recall", "application")[number // 2 % 2]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def test_where_the_author_put_the_right_option_cannot_be_seen(session: Session, keys: NodeKeys, now: datetime) -> None:
    line = make_line(session, now, code="XAO", lines=in_four_cells(always_a(200)))
    _, paper, key = inside(freeze(session, line.sitting, keys, now))
    places = Counter(entry["right"] for entry in key["keys"])
    assert sorted(places) == [0, 1, 2, 3]
    # 3 degrees of freedom: 16.3 is exceeded once in a thousand; an author's order would give 600
    assert sum((count - 50) ** 2 / 50 for count in places.values()) < 16.3
    numbers = [int(question["stem"].removeprefix("Câu ").removesuffix("?")) for question in paper["questions"]]
    runs = sum(left < right for left, right in pairwise(numbers))
    assert 75 < runs < 125, "the order of the bank is gone as well"


def test_an_option_that_speaks_of_the_others_stays_last(session: Session, keys: NodeKeys, now: datetime) -> None:
    options = ["một", "hai", "ba", "Cả A, B, C đều đúng"]
    lines = in_four_cells(always_a(24, options=options, key="D"))
    line = make_line(session, now, code="GHIM", lines=lines)
    core, paper, key = inside(freeze(session, line.sitting, keys, now))
    assert {question["options"][3] for question in paper["questions"]} == {"Cả A, B, C đều đúng"}
    assert {entry["right"] for entry in key["keys"]} == {3}
    assert {tuple(entry["pinned_last"]) for entry in core["draw_spec"]["options"]} == {(3,)}


def test_a_statement_is_drawn_with_true_before_false(session: Session, keys: NodeKeys, now: datetime) -> None:
    truths = {f"Câu {number}?": number % 2 == 0 for number in range(24)}
    several = [
        {**json.loads(line), "kind": "true_false", "options": None, "key": truths[json.loads(line)["stem"]]}
        for line in always_a(24).splitlines()
    ]
    lines = in_four_cells("\n".join(map(json.dumps, several)).encode())
    core, paper, key = inside(freeze(session, make_line(session, now, code="DS", lines=lines).sitting, keys, now))
    assert {tuple(question["options"]) for question in paper["questions"]} == {("Đúng", "Sai")}
    assert {tuple(entry["pinned_last"]) for entry in core["draw_spec"]["options"]} == {(0, 1)}
    stems = {question["id"]: question["stem"] for question in paper["questions"]}
    assert {stems[entry["id"]]: entry["right"] == 0 for entry in key["keys"]} == truths


def test_pictures_and_formulas_travel_in_the_paper(session: Session, keys: NodeKeys, now: datetime) -> None:
    formula = {"html": "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>"}
    lines = in_four_cells(always_a(24, options=[formula, "hai", "ba", "bốn"]))
    _, paper, _ = inside(freeze(session, make_line(session, now, code="HINH", lines=lines).sitting, keys, now))
    assert all(formula in question["options"] for question in paper["questions"])


def test_a_paper_that_would_not_reach_a_candidate_in_time_is_refused_with_its_heaviest_questions(
    session: Session, keys: NodeKeys, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = make_line(session, now, code="NANG", lines=in_four_cells(always_a(24))).sitting
    of_subject = Question.subject_id == sitting.exam_test.subject_id
    heavy = session.scalars(select(QuestionVersion).join(Question).where(of_subject)).first()
    assert heavy is not None
    monkeypatch.setattr("examapp.sittings.freeze.MAX_PAPER_BYTES", 30 * len(heavy.content))
    heavy.content = heavy.content.replace('"stem":"', '"stem":"' + "x" * 30 * len(heavy.content))
    with pytest.raises(Invalid, match="paper_too_heavy") as refusal:
        freeze(session, sitting, keys, now)
    assert f"các câu nặng nhất: {heavy.question.code}," in refusal.value.text()
    heavy.content = heavy.content.replace("x" * 1_000, "")
    freeze(session, sitting, keys, now)


def test_a_kind_that_the_exam_page_does_not_show_never_enters_the_pool(
    session: Session, keys: NodeKeys, now: datetime
) -> None:
    essays = [
        {**json.loads(line), "kind": "essay", "options": None, "key": None} for line in always_a(40).splitlines()[24:]
    ]
    mixed = [*(json.loads(line) for line in always_a(24).splitlines()), *essays]
    lines = in_four_cells("\n".join(map(json.dumps, mixed)).encode())
    _, paper, _ = inside(freeze(session, make_line(session, now, code="TL", lines=lines).sitting, keys, now))
    assert len(paper["questions"]) == 24


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_new_freeze_ends_the_old_package_and_its_codes(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    old = freeze(session, sitting, keys, now)
    new = freeze(session, sitting, keys, now, seed=2)
    active = active_package(session, sitting.id)
    assert active is new.package
    assert (new.package.freeze_no, old.package.superseded_at) == (2, now)
    assert read_core(new.package.content).core["supersedes"] == b64u(old.package.core_digest)
    for name, code in (("paper", old.paper_code), ("key", old.key_code)):
        with pytest.raises(WrongCode, match="code_wrong"):
            open_compartment(new.package.content, name, code)  # type: ignore[arg-type]
    first = {question["id"] for question in inside(old)[1]["questions"]}
    assert first.isdisjoint(question["id"] for question in inside(new)[1]["questions"]), "ids are fresh every time"


def test_after_the_public_value_there_is_no_new_freeze(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime
) -> None:
    freeze(session, sitting, keys, now)
    record_public_value(session, sitting, "20711834", "20711834", witness_names="A, B", actor=SYSTEM, now=now)
    session.flush()
    with pytest.raises(Conflict, match="public_value_recorded"):
        freeze(session, sitting, keys, now, seed=2)
    assert session.scalar(select(func.count()).select_from(Package)) == 1


@pytest.mark.parametrize("state", [SittingState.OPENING, SittingState.READY, SittingState.SEALED, SittingState.MARKED])
def test_a_sitting_that_was_opened_is_not_frozen_again(
    session: Session, sitting: Sitting, keys: NodeKeys, now: datetime, state: SittingState
) -> None:
    sitting.state = state
    session.flush()
    with pytest.raises(Conflict, match="sitting_moved_on"):
        freeze(session, sitting, keys, now)


@pytest.mark.parametrize("before", [0, 1])
def test_of_two_freezes_at_once_the_second_waits_and_is_refused(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime, before: int
) -> None:
    """Both have seen the same page: nothing frozen yet, or the same package, which each means to replace."""
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        sitting = make_line(session, now).sitting
        seen = freeze(session, sitting, keys, now, seed=9).package.id if before else None
        sitting_id = sitting.id
    codes: list[str] = []

    def press(session: Session) -> None:
        sitting = session.get_one(Sitting, sitting_id)
        source = seeded_bytes(len(codes))
        frozen = freeze_sitting(session, sitting, keys=keys, random_bytes=source, replaces=seen, actor=SYSTEM, now=now)
        codes.append(frozen.paper_code)

    refusal = at_once(committed_db.engine, keys, press, press)
    assert isinstance(refusal, Conflict)
    assert refusal.code == "frozen_meanwhile"
    assert f"đóng gói lần {before + 1} lúc 08:00 ngày 24/11/2026" in refusal.text()
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        package = active_package(session, sitting_id)
        assert package is not None
        assert package.freeze_no == before + 1
        assert open_compartment(package.content, "paper", codes[0])
        # whoever has read that still may: this time the package is named
        again = freeze(session, session.get_one(Sitting, sitting_id), keys, now, seed=8).package
        assert (again.freeze_no, package.superseded_at) == (before + 2, now)


# --- questions shared with another sitting (protocols §1: keys opened after one are keys of the other) ----------------


def test_a_second_sitting_of_the_same_questions_needs_the_chairs_reason(
    session: Session, keys: NodeKeys, now: datetime
) -> None:
    line = make_line(session, now, code="KT31")
    second = create_sitting(
        session,
        line.test,
        "CA2",
        mode=SittingMode.REHEARSAL,
        schedule=Schedule(now, now),
        rooms=[("02", "Phòng 02", line.candidates)],
        actor=SYSTEM,
        now=now,
    )
    freeze(session, line.sitting, keys, now, seed=1)
    with pytest.raises(Conflict, match="pools_overlap") as refusal:
        freeze(session, second, keys, now, seed=2)
    assert f"{line.exam.code} · CA1" in refusal.value.text()
    assert second.state is SittingState.DRAFT

    reason = "Hội đồng chấp nhận cho ca thử"
    freeze_sitting(
        session,
        second,
        keys=keys,
        random_bytes=seeded_bytes(3),
        shared_pool_reason=f" {reason} ",
        actor=SYSTEM,
        now=now,
    )
    session.flush()
    scope = AuditDetails.scope == f"sitting:{second.id}"
    assert any(reason in text and "CA1" in text for text in session.scalars(select(AuditDetails.details).where(scope)))


def test_a_superseded_package_and_other_questions_share_nothing(
    session: Session, keys: NodeKeys, now: datetime
) -> None:
    line, other = make_line(session, now, code="KT32"), make_line(session, now, code="KT33")
    freeze(session, line.sitting, keys, now, seed=1)
    freeze(session, other.sitting, keys, now, seed=2)
    freeze(session, line.sitting, keys, now, seed=3)
