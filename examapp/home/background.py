"""The page of background jobs and files: what people see of them, and what they do to them.

Whoever asked for a job sees it, stops it and has it done again; a keeper of jobs (`SITE_JOBS_MANAGE`) does so with
everybody's. A file is seen by its owner and by nobody else, and taken while he holds the role that made it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from examapp.access.actor import Actor
from examapp.access.permissions import Permission
from examapp.access.policy import is_allowed
from examapp.access.scopes import Scope
from examapp.accounts.models import Account
from examapp.accounts.queries import actor_of
from examapp.audit.rules import kind_of
from examapp.audit.services import SYSTEM_SCOPE, record
from examapp.audit.services.exporting import EXPORT_EVENTS
from examapp.core.errors import Conflict, NotAllowed
from examapp.core.files import StoredFile, drop_file
from examapp.core.i18n import N_
from examapp.core.job_control import find_job, repeat_job, stop_job
from examapp.core.jobs import JobKind, JobProgress, JobState, job_kinds
from examapp.core.paging import Page, page_of

NameThings = Callable[[Session, Collection[str]], Mapping[str, str]]
ScopeOfName = Callable[[Session, str], Scope | None]

#: what a job is called that this version of the product does not know
OTHER_WORK = N_("Việc khác")

#: choices of the list, by the word in the address
STATES: dict[str, tuple[str, tuple[JobState, ...]]] = {
    "": (N_("Tất cả"), ()),
    "open": (N_("Đang chờ, đang làm"), (JobState.WAITING, JobState.RUNNING)),
    "done": (N_("Đã xong"), (JobState.DONE,)),
    "failed": (N_("Không xong"), (JobState.FAILED,)),
    "cancelled": (N_("Đã dừng"), (JobState.CANCELLED,)),
}


@dataclass(frozen=True)
class JobRow:
    """A job as its page shows it."""

    job: JobProgress
    #: a marked text
    title: str
    #: what it works on: a marked text with `name`, and the name; None for nothing people know by name
    thing: str | None
    name: str
    #: who asked; None for the machine itself
    owner: str | None
    #: the file it made, while it is there and belongs to whoever looks
    file: StoredFile | None
    #: whether it may be stopped, or done again
    stops: bool
    repeats: bool


def list_jobs(session: Session, owner_id: UUID | None, state: str, number: int) -> Page[JobProgress]:
    """Return a page of the jobs an account asked for, newest first; of everybody's when `owner_id` is None."""
    query = select(JobProgress).order_by(JobProgress.job_id.desc())
    if owner_id is not None:
        query = query.where(JobProgress.owner_id == owner_id)
    _, states = STATES.get(state, STATES[""])
    if states:
        query = query.where(JobProgress.state.in_(states))
    return page_of(session, query, number)


def rows_of(
    session: Session, jobs: Collection[JobProgress], viewer: Actor, name_things: NameThings, now: datetime
) -> list[JobRow]:
    """Return what these jobs are, in a number of statements that does not depend on how many there are."""
    known = {one.job_id: job_kinds.get(one.kind, JobKind(one.kind, _nothing, 1)) for one in jobs}
    things = {one.job_id: known[one.job_id].thing(one.subject) for one in jobs}
    names = name_things(session, set(things.values()))
    owners = _owner_names(session, {one.owner_id for one in jobs})
    files = _files_of(session, jobs, viewer, now)
    return [
        JobRow(
            job=one,
            title=known[one.job_id].title or OTHER_WORK,
            thing=kind_of(things[one.job_id]) if things[one.job_id] in names else None,
            name=names.get(things[one.job_id], ""),
            owner=owners.get(one.owner_id) if one.owner_id else None,
            file=files.get(str((one.result or {}).get("file"))),
            stops=known[one.job_id].stops and not one.state.has_ended and one.stop_asked_at is None,
            repeats=one.kind in job_kinds and known[one.job_id].repeats and _may_be_repeated(one),
        )
        for one in jobs
    ]


def find_job_for(session: Session, number: int, viewer: Actor) -> JobProgress | None:
    """Return a job that this account asked for, or any job to a keeper of jobs; somebody else's is none."""
    found = find_job(session, number)
    if found is None or (viewer.id is not None and found.owner_id == viewer.id):
        return found
    return found if is_allowed(viewer, Permission.SITE_JOBS_MANAGE) else None


def list_files(
    session: Session, owner_id: UUID | None, now: datetime, number: int = 1, size: int = 50
) -> Page[StoredFile]:
    """Return a page of the files that an account can still take, newest first, without their content."""
    query = select(StoredFile).where(StoredFile.owner_id == owner_id, StoredFile.expires_at > now)
    query = query.options(defer(StoredFile.sealed)).order_by(StoredFile.created_at.desc(), StoredFile.id.desc())
    return page_of(session, query, number, size)


def stop_for(session: Session, job: JobProgress, *, actor: Actor, now: datetime) -> bool:
    """Stop a job and return whether it had not begun; raise as `stop_job` does."""
    taken_out = stop_job(session, job, now=now)
    record(session, SYSTEM_SCOPE, "jobs.stopped", f"job:{job.job_id}", _details(job), actor=actor, now=now)
    return taken_out


def repeat_for(session: Session, job: JobProgress, scope_of_name: ScopeOfName, *, actor: Actor, now: datetime) -> int:
    """Have a job done again and return the new job's number; raise as `repeat_job` does.

    Raises Conflict, too, when the one who asked for it may not do so any more, or his account is closed: the new file
    would be his.
    """
    _check_owner(session, job, scope_of_name)
    number = repeat_job(session, job)
    details = {**_details(job), "job": number}
    record(session, SYSTEM_SCOPE, "jobs.repeated", f"job:{job.job_id}", details, actor=actor, now=now)
    return number


def check_takes(session: Session, stored: StoredFile, scope_of_name: ScopeOfName, *, actor: Actor) -> None:
    """Raise NotAllowed when whoever ordered the file could not order it any more: a role has ended since."""
    query = select(JobProgress).where(
        JobProgress.owner_id == actor.id, JobProgress.result["file"].astext == str(stored.id)
    )
    made_by = session.scalars(query.limit(1)).first()
    if made_by is not None and not _may_still(session, actor, made_by, scope_of_name):
        message = N_("Anh/chị không còn vai trò cần có để lập tệp “%(name)s” nên cũng không tải được nữa.")
        raise NotAllowed("role_ended", message, name=stored.name)


def delete_file(session: Session, stored: StoredFile, *, actor: Actor, now: datetime) -> None:
    """Delete a file before its time is over."""
    record(session, SYSTEM_SCOPE, "files.deleted", f"file:{stored.id}", {"file": stored.name}, actor=actor, now=now)
    drop_file(session, stored.id)


def _check_owner(session: Session, job: JobProgress, scope_of_name: ScopeOfName) -> None:
    if job.owner_id is None:
        return
    owner = session.get(Account, job.owner_id)
    if owner is None or owner.disabled_at is not None or not _may_still(session, actor_of(owner), job, scope_of_name):
        raise Conflict("owner_may_not", N_("Người yêu cầu việc này không còn quyền ấy nên không làm lại được."))


def _may_still(session: Session, actor: Actor, job: JobProgress, scope_of_name: ScopeOfName) -> bool:
    """Say whether the actor may order such a job today; of a kind not known here nobody can tell, and it stays so."""
    kind = job_kinds.get(job.kind)
    if job.kind == EXPORT_EVENTS:
        return _may_read(session, actor, (job.result or {}).get("logs"), scope_of_name)
    if kind is None or not kind.needs:
        return True
    scope = scope_of_name(session, kind.thing(job.subject))
    return scope is not None and is_allowed(actor, Permission(kind.needs), scope)


def _may_read(session: Session, actor: Actor, logs: Collection[str] | None, scope_of_name: ScopeOfName) -> bool:
    """Say whether the actor reads all of these logs, None for every log there is."""
    if is_allowed(actor, Permission.SITE_AUDIT_READ):
        return True
    scopes = [scope_of_name(session, log) for log in (("system",) if logs is None else logs)]
    return all(scope is not None and is_allowed(actor, Permission.EXAM_AUDIT_READ, scope) for scope in scopes)


def _details(job: JobProgress) -> dict[str, object]:
    kind = job_kinds.get(job.kind)
    if kind is None:
        return {"work": job.kind}
    thing = kind.thing(job.subject)
    return {"work": kind.title or kind.name, "thing": thing if ":" in thing else None}


def _may_be_repeated(job: JobProgress) -> bool:
    return job.state in (JobState.FAILED, JobState.CANCELLED) and job.again_id is None


def _owner_names(session: Session, ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def _files_of(session: Session, jobs: Collection[JobProgress], viewer: Actor, now: datetime) -> dict[str, StoredFile]:
    ids = [UUID(one.result["file"]) for one in jobs if one.result and isinstance(one.result.get("file"), str)]
    query = select(StoredFile).where(
        StoredFile.id.in_(ids), StoredFile.owner_id == viewer.id, StoredFile.expires_at > now
    )
    return {str(one.id): one for one in session.scalars(query.options(defer(StoredFile.sealed)))}


def _nothing(*_: object, **__: object) -> None:
    """Stand in for the function of a kind that is not known here."""
