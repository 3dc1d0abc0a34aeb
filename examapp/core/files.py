"""Files that people bring in or take away: uploads waiting for a decision, lists and slips that a job has made.

They rest in the database, so a file is there exactly when the deed that made it is, and one backup holds everything;
sealed under a key outside the database, because a slip holds admission codes and an upload holds questions. Each
belongs to the account that asked for it, and is deleted when its time is over.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CheckConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from examapp.core.columns import uuid_pk
from examapp.core.db import Base
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.core.ids import new_id
from examapp.core.jobs import JobRun, every
from examapp.integrity.errors import SealBroken
from examapp.integrity.keys import NodeKeys
from examapp.integrity.sealing import NONCE_BYTES, seal, unseal

PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
ANY = "application/octet-stream"

#: how long a file waits for its owner, in days
KEPT_DAYS = 7
_LONGEST_NAME = 120


class StoredFile(Base):
    """A file with its owner; no foreign key, because this package knows no accounts."""

    __tablename__ = "stored_files"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("length(digest) = 32", name="digest_32_bytes"),
        CheckConstraint("created_at < expires_at", name="expires_later"),
    )

    id: Mapped[uuid_pk]
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    #: SHA-256 of the content
    digest: Mapped[bytes]
    #: nonce, ciphertext and tag
    sealed: Mapped[bytes] = mapped_column(deferred=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Content:
    """A file before it is kept: its bytes, the name a browser saves it under, its media type."""

    data: bytes
    name: str
    media_type: str = ANY


def keep_file(
    session: Session, content: Content, *, owner_id: UUID | None, now: datetime, days: int = KEPT_DAYS
) -> StoredFile:
    """Keep a file for its owner for so many days. Keys come from `session.info["keys"]`."""
    number, digest = new_id(), hashlib.sha256(content.data).digest()
    key = cast(NodeKeys, session.info["keys"]).file_key(number.bytes)
    stored = StoredFile(
        id=number,
        owner_id=owner_id,
        name=safe_name(content.name),
        media_type=content.media_type,
        size=len(content.data),
        digest=digest,
        sealed=seal(key, content.data, digest, nonce=secrets.token_bytes(NONCE_BYTES)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(stored)
    session.flush()  # rows that refer to it name its id
    return stored


def read_file(session: Session, stored: StoredFile) -> bytes:
    """Return the content; raise Conflict `file_altered` when it is not what was kept."""
    key = cast(NodeKeys, session.info["keys"]).file_key(stored.id.bytes)
    try:
        return unseal(key, stored.sealed, stored.digest)
    except SealBroken as error:
        message = N_("Tệp “%(name)s” không còn như lúc lưu nên không tải được. Làm lại tệp và báo người quản trị.")
        raise Conflict("file_altered", message, name=stored.name) from error


def find_own_file(session: Session, file_id: UUID, owner_id: UUID | None) -> StoredFile | None:
    """Return a file of this owner; somebody else's is none."""
    return session.scalar(select(StoredFile).where(StoredFile.id == file_id, StoredFile.owner_id == owner_id))


def drop_file(session: Session, file_id: UUID) -> None:
    """Delete a file that has served its purpose; one that is gone already is no fault."""
    session.execute(delete(StoredFile).where(StoredFile.id == file_id))


def safe_name(name: str) -> str:
    """Return a file name without folders and without characters that mean something to a shell or a header."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(char if char.isalnum() or char in "-_. ()" else "-" for char in plain).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    return (f"{stem[:_LONGEST_NAME]}{dot}{ending[:10]}" if stem else kept[:_LONGEST_NAME]) or "tep"


@every(600, "core.forget_files")
def forget_files(run: JobRun) -> None:
    """Delete the files whose time is over."""
    run.session.execute(
        delete(StoredFile).where(StoredFile.expires_at <= run.clock.now()),
        execution_options={"synchronize_session": False},
    )
