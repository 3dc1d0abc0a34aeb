"""The people of the tests, always the same: a test reads as a story and nobody invents `user2`.

Everybody has the same password. Roles are for the exam the test is about, except where the name says site; Bảo holds
every role of another exam and must see nothing of this one. People are made when a test first asks for them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor, RoleGrant
from examapp.access.roles import ROLE_SCOPES, Role
from examapp.accounts.models import Account
from examapp.accounts.queries import actor_of, find_account_by_username
from examapp.accounts.services import create_account, open_session

PASSWORD = "sen vàng buổi sáng"


@dataclass(frozen=True)
class Person:
    """Somebody of the cast before the account exists: the role, and whether for the whole site."""

    username: str
    name: str
    role: Role | None
    site: bool = False


ADMINISTRATOR = Person("quan.tri", "Phạm Quản Trị", Role.ADMINISTRATOR, site=True)
CHAIR = Person("chu.tich", "Trần Chủ Tịch", Role.COUNCIL_CHAIR)
SITE_CHAIR = Person("giam.doc", "Lê Giám Đốc", Role.COUNCIL_CHAIR, site=True)
SECRETARY = Person("thu.ky", "Đỗ Thư Ký", Role.SECRETARY)
SITE_SECRETARY = Person("van.phong", "Võ Văn Phòng", Role.SECRETARY, site=True)
AUTHOR = Person("soan.cau", "Ngô Soạn Câu", Role.AUTHOR, site=True)
INVIGILATOR = Person("giam.thi", "Hồ Giám Thị", Role.INVIGILATOR)
SECOND_INVIGILATOR = Person("giam.thi.2", "Đặng Giám Thị Hai", Role.INVIGILATOR)
COORDINATOR = Person("dieu.phoi", "Bùi Điều Phối", Role.COORDINATOR)
NOBODY = Person("moi.vao", "Lý Mới Vào", None)
STRANGER = Person("bao", "Dương Bảo", None)

#: an exam nobody else has anything to do with
OTHER_EXAM = UUID("0190f7c0-0000-7000-8000-0000000000ee")


class Cast:
    """Makes the people of one test in one database; `exam_id` is the exam their roles are for."""

    def __init__(self, session: Session, now: datetime, exam_id: UUID | None = None) -> None:
        self.session = session
        self.now = now
        self.exam_id = exam_id

    def account(self, person: Person) -> Account:
        """Return the person's account, made at the first call."""
        found = find_account_by_username(self.session, person.username)
        return found or create_account(
            self.session,
            person.username,
            person.name,
            PASSWORD,
            grants=self.grants(person),
            actor=SYSTEM,
            now=self.now,
        )

    def actor(self, person: Person) -> Actor:
        """Return the person as services know an actor."""
        return actor_of(self.account(person))

    def token(self, person: Person) -> bytes:
        """Return the token of a new session of this person."""
        account = self.account(person)
        return open_session(self.session, account, now=self.now)

    def grants(self, person: Person) -> list[RoleGrant]:
        """Return the roles the person holds."""
        if person is STRANGER:
            return [RoleGrant(role, "exam", OTHER_EXAM) for role in Role if "exam" in ROLE_SCOPES[role]]
        if person.role is None or (self.exam_id is None and not person.site):
            return []
        return [RoleGrant(person.role, *(("site", None) if person.site else ("exam", self.exam_id)))]
