"""Files that people bring in or take away."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.core.clock import Clock
from examapp.core.errors import Conflict
from examapp.core.files import PDF, Content, StoredFile, drop_file, find_own_file, forget_files, keep_file, read_file
from examapp.core.files import safe_name as safe
from examapp.core.worker import Run
from examapp.integrity.keys import NodeKeys
from tests.conftest import NOW

OWNER = uuid4()
CONTENT = Content(b"%PDF-1.7 phieu bao", "Phiếu báo.pdf", PDF)


def test_a_file_comes_back_to_its_owner_and_to_nobody_else(session: Session) -> None:
    stored = keep_file(session, CONTENT, owner_id=OWNER, now=NOW)
    session.expire_all()
    found = find_own_file(session, stored.id, OWNER)
    assert found is not None
    assert (found.name, found.media_type, found.size) == ("Phiếu báo.pdf", PDF, len(CONTENT.data))
    assert read_file(session, found) == CONTENT.data
    assert find_own_file(session, stored.id, uuid4()) is None


def test_the_database_alone_shows_nothing_of_it(session: Session) -> None:
    stored = keep_file(session, CONTENT, owner_id=OWNER, now=NOW)
    assert b"phieu bao" not in stored.sealed


def test_an_altered_file_is_not_handed_out(session: Session) -> None:
    stored = keep_file(session, CONTENT, owner_id=OWNER, now=NOW)
    other = keep_file(session, Content(b"another", "x.pdf", PDF), owner_id=OWNER, now=NOW)
    stored.sealed = other.sealed
    session.flush()
    with pytest.raises(Conflict, match="file_altered"):
        read_file(session, stored)


def test_a_file_is_forgotten_when_its_time_is_over(session: Session, keys: NodeKeys, clock: Clock) -> None:
    short = keep_file(session, CONTENT, owner_id=OWNER, now=NOW, days=1)
    long = keep_file(session, CONTENT, owner_id=OWNER, now=NOW, days=7)
    dropped = keep_file(session, CONTENT, owner_id=OWNER, now=NOW)
    drop_file(session, dropped.id)
    clock.advance(timedelta(days=1).total_seconds())  # type: ignore[attr-defined]
    forget_files(Run(session, keys, clock, session.get_bind().engine))
    assert list(session.scalars(select(StoredFile.id))) == [long.id]
    assert short.id != long.id


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Danh sách phòng 01.xlsx", "Danh sách phòng 01.xlsx"),
        ("C:\\Users\\thu ky\\a.xlsx", "a.xlsx"),
        ("../../etc/passwd", "passwd"),
        ('a"; filename="b.exe', "a-- filename--b.exe"),
        ("\r\nSet-Cookie: x", "--Set-Cookie- x"),
        ("...", "tep"),
        ("", "tep"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    assert safe(given) == kept
