"""Have every chain of the log checked, by the worker: a long log takes a while."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor
from examapp.audit.queries.chains import verify_chains
from examapp.audit.services.recording import record
from examapp.core.db import snapshot
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.core.jobs import JobProgress, JobState, enqueue, latest_job
from examapp.integrity.chain import SYSTEM_SCOPE, Broken
from examapp.integrity.keys import NodeKeys

CHECK_CHAINS = "audit.check_chains"
#: so many findings are shown; one is enough to call for the people who look into it
_MOST_SHOWN = 50


def ask_for_check(session: Session, *, actor: Actor, now: datetime) -> int:
    """Put the check of every chain into the queue; raise Conflict while one is under way."""
    # First: the head of the system's chain orders two who ask at once.
    record(session, SYSTEM_SCOPE, "audit.check_asked", SYSTEM_SCOPE, {}, actor=actor, now=now)
    last = latest_job(session, CHECK_CHAINS, SYSTEM_SCOPE)
    if last is not None and not last.state.has_ended:
        raise Conflict("check_running", N_("Máy chủ đang kiểm tra nhật ký. Chờ kết quả trên trang này."))
    return enqueue(session, CHECK_CHAINS, subject=SYSTEM_SCOPE, owner_id=actor.id)


def check_chains(
    session: Session, keys: NodeKeys, *, now: datetime, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Check every chain at one moment of the database, and write what was found into the log and the result."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with snapshot(engine) as reading:
        outcome = verify_chains(reading, keys, progress=progress)
    broken = [one for one in outcome.values() if isinstance(one, Broken)]
    counts = {"chains": len(outcome), "events": sum(getattr(one, "length", 0) for one in outcome.values())}
    details = {**counts, "broken": [one.scope for one in broken[:_MOST_SHOWN]]}
    record(session, SYSTEM_SCOPE, "audit.checked", SYSTEM_SCOPE, details, actor=SYSTEM, now=now)
    erased = sum(getattr(one, "erased", 0) for one in outcome.values())
    found = [{"scope": one.scope, "number": one.number, "why": one.why} for one in broken[:_MOST_SHOWN]]
    return {**counts, "erased": erased, "found": len(broken), "broken": found}


def last_check(session: Session) -> JobProgress | None:
    """Return the newest check that came to its end."""
    query = select(JobProgress).where(JobProgress.kind == CHECK_CHAINS, JobProgress.state == JobState.DONE)
    return session.scalars(query.order_by(JobProgress.job_id.desc()).limit(1)).first()
