"""Show a result list to the public, and take it down again.

Posting changes nothing of the list: it was fixed when it was made. What the public sees is number, right answers and
outcome, and no name (design §9).
"""

from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.integrity.keys import NodeKeys
from examapp.results.models import ResultList
from examapp.results.queries import result_list_of
from examapp.results.services.lists import list_fault
from examapp.sittings.models import Sitting


def post_list(session: Session, sitting: Sitting, *, actor: Actor, now: datetime) -> ResultList:
    """Let the public see the sitting's list. Keys come from `session.info["keys"]`.

    Raises Conflict when there is none, when it is posted already, and when it is not the list that was made.
    """
    made = _locked_list(session, sitting)
    if made.posted_at is not None:
        raise Conflict("posted_already", N_("Danh sách này đã được công bố."))
    fault = list_fault(session, sitting, made, cast(NodeKeys, session.info["keys"]))
    if fault is not None:
        raise Conflict("list_altered", fault)
    made.posted_at = now
    details = {"digest": made.digest.hex()}
    record(session, _scope(sitting), "results.list_posted", f"sitting:{sitting.id}", details, actor=actor, now=now)
    return made


def take_down(session: Session, sitting: Sitting, reason: str, *, actor: Actor, now: datetime) -> ResultList:
    """Hide the sitting's list from the public; raise Conflict when it is not posted, Invalid without a reason."""
    made = _locked_list(session, sitting)
    if made.posted_at is None:
        raise Conflict("not_posted", N_("Danh sách này không còn trên trang công khai."))
    if not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do gỡ danh sách; lý do vào nhật ký."))
    made.posted_at = None
    details = {"digest": made.digest.hex(), "reason": reason.strip()}
    record(session, _scope(sitting), "results.list_taken_down", f"sitting:{sitting.id}", details, actor=actor, now=now)
    return made


def _locked_list(session: Session, sitting: Sitting) -> ResultList:
    """Return the list under a row lock: two people may press at once."""
    made = result_list_of(session, sitting.id)
    if made is None:
        raise Conflict("no_list", N_("Chưa lập danh sách kết quả nên chưa công bố được."))
    session.refresh(made, with_for_update=True)
    return made


def _scope(sitting: Sitting) -> str:
    return f"sitting:{sitting.id}"
