"""Every route with every person of the cast: what the permission table says is what the site does.

The expected answer is derived from the table and the view's own declaration, so a new page is in the matrix the moment
it exists; a page with a new kind of argument has to be taught to `ARGUMENTS`. Every page that a person may open is
checked as `open_page` checks pages, so no page goes unopened.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from examapp.access.actor import ANONYMOUS, Actor
from examapp.access.policy import is_allowed, is_allowed_somewhere, knows_of
from examapp.access.scopes import SITE, Scope, exam_scope, subject_scope
from examapp.accounts.models import Account
from examapp.bank.models import Import, QuestionVersion, Topic
from examapp.web.guards import Rule, rule_of
from tests.cast import Cast, Person
from tests.functional.exam_day import NEIGHBOUR, PEOPLE, At, Day, csrf_token
from tests.pages import Page, check_page

#: what a person may meet who is allowed to: the deed is done, or refused for a reason of its own
DONE = {"GET": {200, 302, 303}, "POST": {200, 204, 302, 303, 409, 422}}
#: the same for pages that know nobody: the candidate's API wants its own token
OPEN = {"GET": {200, 302, 303, 401}, "POST": {401, 422}}
#: public pages of what is posted, asked for something that is not: nobody is told more than that there is nothing
NOT_POSTED = {"public.show_posted", "public.explain_draw"}
#: things of one account, asked for things that are nobody's: everybody is told that there is nothing
OWNED = {"jobs.show_job", "jobs.stop_job", "jobs.repeat_job", "jobs.take_file", "jobs.delete_file"}
#: built files have no page; tests of the web layer fetch them
NO_PAGE = {"static"}
#: drawn by the page's own script
DRAWN_LATER = {"delivery.shell"}
#: a refusal leaves these traces and no other: it is in the log, and the session was seen
TRACES = {"audit_chains", "audit_events", "audit_details", "staff_sessions"}
#: ends the session that the rest of the matrix needs
LAST = {"accounts.sign_out"}

ARGUMENTS: dict[str, Callable[[Day], UUID | int | str]] = {
    "account_id": lambda day: _neighbour(day).id,
    "assignment_id": lambda day: _neighbour(day).assignments[0].id,
    "attempt_id": lambda day: day.attempt("0001").id,
    "candidate_id": lambda day: day.built.line.candidates[0].id,
    "exam_id": lambda day: day.built.line.exam.id,
    "event_no": lambda day: 1,
    "exam_test_id": lambda day: day.built.line.test.id,
    "file_id": lambda day: day.built.line.exam.id,
    "import_id": lambda day: _import(day).id,
    "job_id": lambda day: 0,
    "list_id": lambda day: day.built.line.exam.id,
    "question_id": lambda day: _version(day).question_id,
    "row": lambda day: 1,
    "scope": lambda day: f"sitting:{day.built.sittings[At.READY]}",
    "seat_id": lambda day: day.sitting(At.READY).rooms[0].seats[0].id,
    "sitting_id": lambda day: day.built.sittings[At.READY],
    "subject_id": lambda day: day.built.line.subject.id,
    "test_id": lambda day: day.built.line.test.id,
    "topic_id": lambda day: _topic(day).id,
    "version_id": lambda day: _version(day).id,
}


@dataclass(frozen=True)
class Route:
    """One method of one page."""

    endpoint: str
    method: str
    path: str
    rule: Rule


def routes(day: Day) -> list[Route]:
    """Return every route of the site, filled in with things of the exam."""
    app = day.built.app
    found = []
    for one in app.url_map.iter_rules():
        rule = rule_of(app.view_functions[one.endpoint])
        assert rule is not None, one.endpoint
        if one.endpoint in NO_PAGE:
            assert rule.permission is None
            continue
        missing = [name for name in one.arguments if name not in ARGUMENTS]
        assert not missing, f"teach ARGUMENTS what {missing} of {one.endpoint} is"
        path = _path(app, one.endpoint, {name: ARGUMENTS[name](day) for name in one.arguments})
        methods = (one.methods or set()) & {"GET", "POST"}
        found += [Route(one.endpoint, method, path, rule) for method in sorted(methods)]
    return sorted(found, key=lambda route: (route.endpoint in LAST, route.endpoint, route.method))


def expected(route: Route, actor: Actor, scopes: dict[str, Scope]) -> set[int]:
    """Return the answers the table allows for this route and person."""
    permission = route.rule.permission
    if route.endpoint in NOT_POSTED:
        return {404}
    if permission is None:
        return OPEN[route.method] | ({400} if route.method == "POST" else set())
    if actor.id is None:
        return {303}
    if route.endpoint in OWNED:
        return {404}
    scope = scopes.get(permission.scope_type, SITE)
    somewhere = is_allowed_somewhere(actor, permission)
    if somewhere if route.rule.somewhere else is_allowed(actor, permission, scope):
        return DONE[route.method]
    # whoever holds the permission for another exam only learns nothing about this one
    return {404} if route.rule.asks_on_object and somewhere and not knows_of(actor, scope) else {403}


EVERYBODY = [None, *PEOPLE, NEIGHBOUR]


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda one: one.username if one else "nobody-signed-in")
def test_the_site_does_what_the_table_says(day: Day, person: Person | None) -> None:
    day.candidate("0001")
    actor = Cast(day.session, day.clock.now()).actor(person) if person else ANONYMOUS
    scopes = _scopes(day)
    client = day.browser(person).client if person else day.built.app.test_client()
    token = csrf_token(client.get("/mat-khau" if person else "/dang-nhap").get_data(as_text=True))
    wrong, traces = [], []
    for route in routes(day):
        with day.statements() as statements:
            answer = _call(client, route, token)
        right = expected(route, actor, scopes)
        if answer.status_code not in right:
            wrong.append((route.endpoint, route.method, answer.status_code, sorted(right)))
        if answer.status_code >= 400 or route.method == "GET":
            traces += [(route.endpoint, table) for table in _written(statements) if table not in TRACES]
        if answer.status_code == 200 and answer.mimetype == "text/html" and route.endpoint not in DRAWN_LATER:
            check_page(Page(answer))
        answer.close()
    assert wrong == []
    assert traces == [], "a refusal or a look has changed something"


def test_every_page_is_open_to_somebody_and_no_deed_to_everybody(day: Day) -> None:
    scopes = _scopes(day)
    people = Cast(day.session, day.clock.now())
    actors = [people.actor(person) for person in PEOPLE]
    for route in routes(day):
        if route.rule.permission is None or route.endpoint in OWNED:
            continue
        answers = [expected(route, actor, scopes) for actor in actors]
        assert DONE[route.method] in answers, f"nobody of the cast may open {route.endpoint}"
        if route.rule.permission.scope_type != "account":
            assert {403} in answers, f"everybody may open {route.endpoint}"


def test_every_other_method_is_refused(day: Day) -> None:
    client = day.browser(PEOPLE[0]).client
    allowed: dict[str, set[str]] = {}
    for route in routes(day):
        allowed.setdefault(route.path, set()).add(route.method)
    wrong = []
    for path, methods in allowed.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
            answer = client.open(path, method=method, data=b"{}", headers=headers)
            if answer.status_code != 405:
                wrong.append((path, method, answer.status_code))
    assert wrong == []


def test_no_deed_is_done_without_the_forgery_token(day: Day) -> None:
    for client in (day.browser(PEOPLE[0]).client, day.built.app.test_client()):
        for route in routes(day):
            if route.method == "POST" and not route.path.startswith("/thi/api/"):
                with day.statements() as statements:
                    answer = client.post(route.path, data={"csrf_token": "made-up"})
                assert answer.status_code == 400, route
                assert [table for table in _written(statements) if table not in TRACES] == []


def _call(client: Any, route: Route, token: str) -> TestResponse:
    if route.method == "GET":
        return client.get(route.path)
    if route.path.startswith("/thi/api/"):
        return client.post(route.path, json={}, headers={"Sec-Fetch-Site": "same-origin"})
    return client.post(route.path, data={"csrf_token": token})


def _path(app: Flask, endpoint: str, values: dict[str, UUID | int | str]) -> str:
    return app.url_map.bind("localhost").build(endpoint, values)


def _scopes(day: Day) -> dict[str, Scope]:
    return {"exam": exam_scope(day.built.line.exam.id), "subject": subject_scope(day.built.line.subject.id)}


def _neighbour(day: Day) -> Account:
    return day.session.scalars(select(Account).where(Account.username == NEIGHBOUR.username)).one()


def _version(day: Day) -> QuestionVersion:
    query = select(QuestionVersion).join(Topic).where(Topic.subject_id == day.built.line.subject.id)
    return day.session.scalars(query.order_by(QuestionVersion.id).limit(1)).one()


def _topic(day: Day) -> Topic:
    query = select(Topic).where(Topic.subject_id == day.built.line.subject.id).order_by(Topic.position).limit(1)
    return day.session.scalars(query).one()


def _import(day: Day) -> Import:
    return day.session.scalars(select(Import).where(Import.subject_id == day.built.line.subject.id)).one()


def _written(statements: list[str]) -> Iterator[str]:
    for statement in statements:
        found = re.match(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)", statement)
        if found:
            yield found[1]
