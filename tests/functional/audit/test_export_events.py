"""Take the filtered log away: lines that check themselves elsewhere, a table for people; only what one may read."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.services import grant_role
from examapp.audit.models import AuditEvent
from examapp.audit.services import exporting, record
from examapp.core.files import find_own_file, read_file
from examapp.core.jobs import JobProgress
from examapp.core.worker import Worker
from examapp.integrity.exported_log import check_export
from examapp.integrity.keys import NodeKeys
from tests.cast import ADMINISTRATOR, CHAIR, NOBODY, OTHER_EXAM, SITE_CHAIR, Cast, Person
from tests.conftest import Clock, CommittedDatabase
from tests.factories import make_line
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
DEED = "/nhat-ky/xuat"


def export(browser: Browser, kind: str, path: str = "/nhat-ky/") -> Any:
    """Press the button of the page and return the bare answer."""
    form = browser.open(path).form(DEED)
    return browser.client.post(DEED, data={**form.fields, "kind": kind})


def test_the_lines_hold_the_whole_log_and_check_themselves(
    browser_of: BrowserOf, stored: Session, clock: Clock
) -> None:
    for turn in range(5):
        record(stored, "exam:1", "exams.test_added", "exam:1", {"turn": turn}, actor=SYSTEM, now=clock.now())
    stored.commit()
    answer = export(browser_of(ADMINISTRATOR), "jsonl")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=nhat-ky-20261124-0800.jsonl")
    checked = check_export(io.BytesIO(answer.data))
    assert checked.broken == []
    assert checked.logs["exam:1"].events == 5
    assert all(log.whole for log in checked.logs.values())
    stored.rollback()
    (written,) = stored.scalars(select(AuditEvent).where(AuditEvent.action == "audit.exported"))
    assert written.actor_name == ADMINISTRATOR.name


def test_the_table_is_for_people_and_never_a_formula(browser_of: BrowserOf, stored: Session, clock: Clock) -> None:
    details = {"reason": "=cmd|'/c calc'!A1"}
    record(stored, "exam:1", "results.list_made", "=1+1", details, actor=SYSTEM, now=clock.now())
    stored.commit()
    answer = export(browser_of(ADMINISTRATOR), "csv", "/nhat-ky/?scope=exam:1")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    found = dict(zip(head, row, strict=True))
    assert found["Lúc"] == "2026-11-24 08:00:00"
    assert found["Việc"] == "Lập danh sách kết quả"
    assert found["Đối tượng"] == "'=1+1"
    assert found["Chi tiết"].startswith("Lý do: =cmd")
    assert "\n=" not in answer.data.decode()


def test_things_have_their_names_and_only_what_is_filtered_goes_out(day: Day) -> None:
    scope = f"sitting:{day.built.sittings[At.MARKED]}"
    answer = export(day.browser(CHAIR), "csv", f"/nhat-ky/?scope={scope}&group=sittings")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert {row[head.index("Nhật ký")] for row in rows} == {"KT26 · CA6"}
    assert "Ca thi KT26 · CA6" in {row[head.index("Đối tượng")] for row in rows}


@pytest.mark.parametrize("person", [CHAIR, NEIGHBOUR])
def test_nobody_takes_away_what_he_may_not_read(day: Day, person: Person) -> None:
    browser = day.browser(person)
    checked = check_export(io.BytesIO(export(browser, "jsonl").data))
    own = {f"sitting:{day.built.sittings[at]}" for at in At if (at is At.ELSEWHERE) == (person is NEIGHBOUR)}
    assert {log for log in checked.logs if log.startswith("sitting:")} <= own
    assert "system" not in checked.logs
    assert checked.broken == []
    theirs = At.MARKED if person is NEIGHBOUR else At.ELSEWHERE
    form = browser.open("/nhat-ky/").form(DEED)
    for scope in ("system", f"sitting:{day.built.sittings[theirs]}"):
        values = {**form.fields, "kind": "csv", "scope": scope}
        assert browser.client.post(DEED, data=values).status_code == 404


def test_a_long_one_is_made_by_the_worker(
    browser_of: BrowserOf,
    stored: Session,
    cast: Cast,
    committed_db: CommittedDatabase,
    keys: NodeKeys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "FEW", 1)
    browser = browser_of(ADMINISTRATOR)
    form = browser.open("/nhat-ky/").form(DEED)
    page = browser.submit(browser.open("/nhat-ky/"), DEED, **{**form.fields, "kind": "jsonl"})
    assert "Máy chủ đang lập tệp." in page.text
    Worker(committed_db.url, keys).run(wait=False)
    job = stored.scalars(select(JobProgress)).one()
    account = cast.account(ADMINISTRATOR)
    assert job.result is not None, job.text()
    kept = find_own_file(stored, job.result["file"], account.id)
    assert kept is not None
    assert check_export(io.BytesIO(read_file(stored, kept))).broken == []


def test_a_long_one_is_taken_while_its_logs_may_be_read(
    browser_of: BrowserOf,
    stored: Session,
    cast: Cast,
    committed_db: CommittedDatabase,
    keys: NodeKeys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "FEW", 0)
    cast.exam_id = make_line(stored, cast.now).exam.id
    browser = browser_of(CHAIR)
    form = browser.open("/nhat-ky/").form(DEED)
    browser.submit(browser.open("/nhat-ky/"), DEED, **{**form.fields, "kind": "jsonl"})
    Worker(committed_db.url, keys).run(wait=False)
    job = stored.scalars(select(JobProgress)).one()
    assert job.result is not None, job.text()
    assert f"exam:{cast.exam_id}" in job.result["logs"]
    path = f"/viec/tep/{job.result['file']}"
    assert browser.client.get(path).status_code == 200
    account = cast.account(CHAIR)
    account.assignments[0].revoked_at = cast.now
    grant_role(stored, account, RoleGrant(Role.COUNCIL_CHAIR, "exam", OTHER_EXAM), actor=SYSTEM, now=cast.now)
    stored.commit()
    assert browser.client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "sentence"), [("/nhat-ky/?who=x", "không có gì để xuất"), ("/nhat-ky/", "Có hơn 0 sự kiện")]
)
def test_nothing_and_too_much_are_told(
    browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch, path: str, sentence: str
) -> None:
    browser = browser_of(ADMINISTRATOR)
    page = browser.open("/nhat-ky/")
    monkeypatch.setattr(exporting, "MOST", 0)
    who = {"who": "x"} if "who" in path else {}
    refused = browser.client.post(DEED, data={**page.form(DEED).fields, "kind": "csv", **who})
    assert refused.status_code == 422
    assert sentence in refused.get_data(as_text=True)


def test_an_unknown_kind_a_stranger_and_a_forgery_are_refused(browser_of: BrowserOf, stored: Session) -> None:
    browser = browser_of(SITE_CHAIR)
    assert export(browser, "exe").status_code == 422
    assert browser.client.get(DEED).status_code == 405
    assert browser.client.post(DEED, data={"kind": "csv"}).status_code == 400
    nobody = browser_of(NOBODY)
    token = nobody.open("/mat-khau").forms()[0].fields["csrf_token"]
    assert nobody.client.post(DEED, data={"csrf_token": token, "kind": "csv"}).status_code == 403
    stored.rollback()
    exported = select(func.count()).where(AuditEvent.action == "audit.exported")
    assert stored.scalar(exported) == 0
