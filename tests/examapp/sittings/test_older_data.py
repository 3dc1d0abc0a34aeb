"""Sittings from before seats bound anybody: the migration keeps them all, and of several the newest binds."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.schema import downgrade, upgrade
from examapp.integrity.keys import NodeKeys
from examapp.sittings.models import Room, Seat, Sitting, SittingMode
from examapp.sittings.services import Schedule, call_off, create_sitting
from tests.conftest import NOW, CommittedDatabase
from tests.factories import make_line

#: the last revision without bound seats
BEFORE = "0017"


def test_who_sits_twice_is_bound_by_the_newest_sitting(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        line = make_line(session, NOW)
        call_off(session, line.sitting, "trùng giờ", actor=SYSTEM, now=NOW)
        session.flush()
        for code, mode in (("CA2", SittingMode.PROGRAMMED), ("THU", SittingMode.REHEARSAL)):
            create_sitting(
                session,
                line.test,
                code,
                mode=mode,
                schedule=Schedule(NOW, NOW),
                rooms=[("02", "Phòng 02", line.candidates[:2]), ("01", "Phòng 01", line.candidates[2:])],
                actor=SYSTEM,
                now=NOW,
            )
    committed_db.engine.dispose()
    downgrade(committed_db.url, BEFORE)
    with committed_db.engine.connect() as connection:
        # a sitting that was called off is a draft again, so that both programmed ones hold the same candidates
        states = connection.execute(text("SELECT code, state FROM sittings ORDER BY code")).all()
        assert [tuple(row) for row in states] == [("CA1", "draft"), ("CA2", "draft"), ("THU", "draft")]
    committed_db.engine.dispose()
    upgrade(committed_db.url)
    with Session(committed_db.engine) as session:
        bound = session.execute(select(Sitting.code, Sitting.exclusive).order_by(Sitting.code)).all()
        assert [tuple(row) for row in bound] == [("CA1", False), ("CA2", True), ("THU", False)]
        seats = select(Sitting.code, Seat.exclusive).join(Sitting, Sitting.id == Seat.sitting_id)
        assert {tuple(row) for row in session.execute(seats)} == {("CA1", False), ("CA2", True), ("THU", False)}
        rooms = select(Room.code, Room.places, Room.position).join(Sitting).where(Sitting.code == "CA2")
        assert {tuple(row) for row in session.execute(rooms)} == {("01", 1, 1), ("02", 2, 2)}
