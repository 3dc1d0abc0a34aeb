"""Every page of the councils and of the public, wide, on a phone and on paper: axe finds nothing, nothing is too wide.

Nor does a page ask for anything from elsewhere, or complain in the console; on paper nothing is left that can be
pressed.

The pages are those of the site's own map of addresses, so a new page is looked at the moment it exists; one with a new
kind of argument has to be taught to `arguments`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.services import grant_role
from examapp.app import create_app
from examapp.bank.imports import preview_import
from examapp.bank.models import QuestionVersion, Subject, Topic
from examapp.candidates.models import Candidate
from examapp.core.files import PDF, Content, keep_file
from examapp.core.jobs import enqueue
from examapp.delivery.models import Attempt
from examapp.results.jobs import MAKE_EXPORT
from examapp.results.services.lists import make_result_list
from examapp.results.services.posting import post_list
from examapp.settings import Settings
from examapp.sittings.models import Seat
from examapp.sittings.models import Sitting as SittingRow
from examapp.web.guards import rule_of
from tests.browser.arrange import Server, Sitting
from tests.browser.walk import Walk
from tests.cast import Cast, Person
from tests.factories import workbook

#: does everybody's work, so that every page opens
EVERYBODY = Person("lam.moi.viec", "Hà Làm Mọi Việc", Role.ADMINISTRATOR, site=True)
#: built files and the candidate's own pages have walks of their own
ELSEWHERE = ("static", "delivery.", "accounts.sign_in")
#: what is left of 21 cm between margins of 15 mm, at 96 dots to the inch
PAPER = {"width": 680, "height": 1000}
#: what can be pressed, visible, and how far the page runs over the edge; the line of a list that counts its rows stays
ON_PAPER = """() => {
    const found = [...document.querySelectorAll("nav:not(.pager), button, .btn, .skip, input[type=search], .pick")];
    const left = found.filter((one) => one.checkVisibility()).map((one) => `“${one.textContent.trim()}” is printed`);
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return over > 0 ? [...left, `${over} px are cut off`] : left;
}"""
#: pages of a sitting that is still being prepared
OF_A_DRAFT = ("sittings.",)
MESSY = workbook(
    [
        ["Câu hỏi", "A", "B", "C", "D", "Đáp án", "Chủ đề", "Mức độ"],
        ["Cơ quan nào ban hành nghị định?", "Quốc hội", "Chính phủ", "Bộ", "Hội đồng", "E", "Văn bản", "Nhận biết"],
        ["Cán bộ là ai?", "Người được bầu", "Người ký hợp đồng", "Người học việc", "Khác", "A", "Tổ chức", "Nhận biết"],
    ]
)


def addresses(values: dict[str, Any], draft: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (endpoint, path) of every page that can be opened, filled in with things that there are."""
    settings = Settings("postgresql:///none", Path("/nonexistent"), secret_key="k" * 40, node_root=bytes(32))
    app = create_app(settings)
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(ELSEWHERE):
            continue
        assert rule_of(app.view_functions[rule.endpoint]) is not None
        chosen = {**values, **draft} if rule.endpoint.startswith(OF_A_DRAFT) else values
        missing = [name for name in rule.arguments if name not in chosen]
        assert not missing, f"teach `arguments` what {missing} of {rule.endpoint} is"
        path = app.url_map.bind("localhost").build(rule.endpoint, {name: chosen[name] for name in rule.arguments})
        found.append((rule.endpoint, path))
    return sorted(found)


@pytest.fixture
def everybody(server: Server, desk_of: Callable[[Person], BrowserContext]) -> BrowserContext:
    """Return a browser in which somebody with every role is signed in."""
    with server.session() as session:
        now = datetime.now(UTC)
        account = Cast(session, now).account(EVERYBODY)
        for role in (Role.COUNCIL_CHAIR, Role.SECRETARY, Role.AUTHOR, Role.INVIGILATOR):
            grant_role(session, account, RoleGrant(role, "site", None), actor=SYSTEM, now=now)
    return desk_of(EVERYBODY)


def arguments(session: Session, marked: Sitting, draft: Sitting) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what there is to open: things of a marked and posted sitting, and those of a draft."""
    now = datetime.now(UTC)
    account = Cast(session, now).account(EVERYBODY)
    sitting, prepared = session.get_one(SittingRow, marked.id), session.get_one(SittingRow, draft.id)
    made = make_result_list(session, sitting, actor=SYSTEM, now=now)
    session.flush()
    post_list(session, sitting, actor=SYSTEM, now=now)
    subject = session.get_one(Subject, sitting.exam_test.subject_id)
    actor = replace(SYSTEM, id=account.id)
    batch = preview_import(session, subject, MESSY, file_name="cau-hoi.xlsx", actor=actor, now=now)
    version = session.scalars(select(QuestionVersion).join(Topic).where(Topic.subject_id == subject.id).limit(1)).one()
    file = keep_file(session, Content(b"%PDF-1.7", "phieu.pdf", PDF), owner_id=account.id, now=now)
    values = {"sitting_id": str(marked.id), "kind": "csv", "asker": str(account.id)}
    job = enqueue(session, MAKE_EXPORT, subject=f"sitting:{marked.id}", owner_id=account.id, **values)
    exam = sitting.exam_test.exam
    person = session.scalars(select(Candidate).where(Candidate.exam_id == exam.id).limit(1)).one()
    attempt = session.scalars(select(Attempt).where(Attempt.sitting_id == marked.id).limit(1)).one()
    seat = session.scalars(select(Seat).where(Seat.sitting_id == draft.id).limit(1)).one()
    things = {
        "account_id": account.id,
        "assignment_id": account.assignments[0].id,
        "attempt_id": attempt.id,
        "candidate_id": person.id,
        "exam_id": exam.id,
        "exam_test_id": sitting.exam_test_id,
        "file_id": file.id,
        "import_id": batch.id,
        "job_id": job,
        "list_id": made.id,
        "event_no": 1,
        "question_id": version.question_id,
        "row": 2,
        "scope": f"sitting:{marked.id}",
        "seat_id": seat.id,
        "sitting_id": marked.id,
        "subject_id": subject.id,
        "topic_id": version.topic_id,
        "version_id": version.id,
    }
    return things, {"sitting_id": draft.id, "exam_id": prepared.exam_test.exam_id, "seat_id": seat.id}


def look_at_paper(page: Page, name: str) -> list[str]:
    """Return what is wrong with the page as it is printed."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    found = page.evaluate(ON_PAPER)
    page.emulate_media(media="screen")
    return [f"{name} on paper: {line}" for line in found]


def test_every_page(
    everybody: BrowserContext, server: Server, make_sitting: Callable[..., Sitting], walk: Walk
) -> None:
    marked = make_sitting()
    marked.seal_and_mark()
    draft = make_sitting(opened=False, starts_in=3600)
    with server.session() as session:
        values, of_draft = arguments(session, marked, draft)
    page = everybody.new_page()
    page.on("console", lambda said: walk.found.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: walk.found.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(server.url) else walk.found.append(asked.url))
    wrong = []
    for endpoint, path in addresses(values, of_draft):
        answer = page.request.get(f"{server.url}{path}")
        if answer.status != 200:
            wrong.append((endpoint, path, answer.status))
        elif answer.headers["content-type"].startswith("text/html"):
            page.goto(path)
            walk.look(page, f"60-{endpoint}")
            walk.found += look_at_paper(page, endpoint)
    assert wrong == []
    walk.end()
