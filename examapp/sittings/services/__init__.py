"""Prepare a sitting: create it with rooms and seats, move its moments, record the public value, open the paper.

Freezing is in `freeze.py`. Every step is a row or a state that refuses any other order (protocols §2).
"""

from examapp.sittings.services.create import (
    SittingPlan,
    call_off,
    check_start,
    code_taken,
    create_sitting,
    delete_draft,
    plan_sitting,
)
from examapp.sittings.services.lists import MAKE_LIST, order_list
from examapp.sittings.services.moments import Schedule, check_order, reschedule_sitting
from examapp.sittings.services.opening import PaperOpened, note_papers_drawn, open_paper, record_public_value, wrap_cek
from examapp.sittings.services.rooms import (
    confirmed,
    deal_whole,
    move_candidate,
    rearrange,
    seat_candidate,
    unseat_candidate,
)
from examapp.sittings.services.steps import advance, audit_scope

__all__ = [
    "MAKE_LIST",
    "PaperOpened",
    "Schedule",
    "SittingPlan",
    "advance",
    "audit_scope",
    "call_off",
    "check_order",
    "check_start",
    "code_taken",
    "confirmed",
    "create_sitting",
    "deal_whole",
    "delete_draft",
    "move_candidate",
    "note_papers_drawn",
    "open_paper",
    "order_list",
    "plan_sitting",
    "rearrange",
    "record_public_value",
    "reschedule_sitting",
    "seat_candidate",
    "unseat_candidate",
    "wrap_cek",
]
