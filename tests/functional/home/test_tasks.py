"""The start page tells everybody what waits for them, and nobody what is somebody else's to do."""

from sqlalchemy import text

from examapp.access.actor import SYSTEM
from examapp.exams.services import create_exam
from tests.cast import AUTHOR, CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_SECRETARY, STRANGER, Person
from tests.conftest import NOW
from tests.functional.exam_day import At, Day
from tests.functional.exams.arrange import added
from tests.functional.results.test_post_list import made_list, posted_list


def tasks(day: Day, person: Person) -> dict[str, str]:
    """Return what waits for this person: the sentence and where it leads."""
    page = day.browser(person).open("/")
    return {
        " ".join(link.text.split()): link.attributes["href"]
        for link in page.all("a")
        if any(parent.attributes.get("aria-labelledby") == "viec" for parent in link.parents)
    }


def test_the_chair_is_told_every_next_step(day: Day) -> None:
    waiting = tasks(day, CHAIR)
    code = day.built.line.exam.code
    assert waiting[f"Ca thi {code} · {At.FROZEN}: ghi số rút công khai"] == day.path(At.FROZEN)
    assert waiting[f"Ca thi {code} · {At.VALUED}: mở đề"] == day.path(At.VALUED)
    assert waiting[f"Ca thi {code} · {At.SEALED}: mở đáp án và chấm"] == day.path(At.SEALED)
    assert waiting[f"Ca thi {code} · {At.MARKED}: lập danh sách kết quả"] == day.path(At.MARKED, "/ket-qua")


def test_a_list_goes_from_made_to_posted_to_done(day: Day) -> None:
    code = day.built.line.exam.code
    made_list(day)
    assert f"Ca thi {code} · {At.MARKED}: công bố danh sách" in tasks(day, CHAIR)


def test_a_posted_list_waits_for_nobody(day: Day) -> None:
    posted_list(day)
    assert not [one for one in tasks(day, CHAIR) if At.MARKED in one]


def test_the_secretary_freezes_and_does_not_open(day: Day) -> None:
    waiting = tasks(day, SECRETARY)
    code = day.built.line.exam.code
    assert f"Ca thi {code} · {At.DRAFT}: kiểm tra phòng thi rồi đóng gói" in waiting
    assert not [one for one in waiting if "mở đề" in one or "số rút" in one or "đáp án" in one]


def test_an_exam_says_what_it_lacks(day: Day) -> None:
    exam = create_exam(day.session, "MOI", "Kỳ thi mới", profile_id="cc-2025", actor=SYSTEM, now=NOW)
    day.session.commit()
    assert tasks(day, SITE_SECRETARY)["Kỳ thi MOI: thêm bài thi"] == f"/ky-thi/{exam.id}"
    added(day)
    waiting = tasks(day, SECRETARY)
    assert f"Kỳ thi {day.built.line.exam.code}: lập và khóa ma trận đề" in waiting
    assert "Kỳ thi MOI: thêm bài thi" not in waiting, "of another exam"


def test_whoever_has_nothing_to_decide_has_no_tasks(day: Day) -> None:
    for person in (INVIGILATOR, COORDINATOR, AUTHOR, STRANGER):
        assert tasks(day, person) == {}


def test_a_sitting_that_was_called_off_waits_for_nobody(day: Day) -> None:
    query = "UPDATE sittings SET state = 'called_off', exclusive = false WHERE id = :id"
    day.session.execute(text(query), {"id": day.built.sittings[At.DRAFT]})
    day.session.commit()
    assert not [one for one in tasks(day, SECRETARY) if f"· {At.DRAFT}:" in one]


def test_it_costs_the_same_for_many(day: Day) -> None:
    browser = day.browser(SITE_SECRETARY)
    counts = []
    for number in range(30):
        create_exam(day.session, f"N{number}", f"Kỳ thi {number}", profile_id="cc-2025", actor=SYSTEM, now=NOW)
        if number in (1, 29):
            day.session.commit()
            with day.statements() as seen:
                browser.open("/")
            counts.append(len(seen))
    assert counts[0] == counts[1]
