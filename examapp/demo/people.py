"""The demonstration's people: one account for each role, and candidates whose very names say that they are invented."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.models import Account
from examapp.accounts.queries import actor_of, find_account_by_username
from examapp.accounts.services import create_account
from examapp.integrity.canonical import KDF, crockford, grouped
from examapp.integrity.keys import NodeKeys

CANDIDATES = 30
CHAIR, AUTHOR = "chutich", "soande"

_FIRST_WORDS = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Vũ", "Võ", "Đặng")
_MIDDLE_WORDS = ("Văn", "Thị", "Minh")
_YOUNGEST = date(2003, 12, 1)


@dataclass(frozen=True)
class StaffMember:
    """An account of the demonstration, what it does there, and its role."""

    username: str
    name: str
    role: Role
    does: str


STAFF = (
    StaffMember("quantri", "Quản trị Ví Dụ", Role.ADMINISTRATOR, "tài khoản, nhật ký"),
    StaffMember(CHAIR, "Chủ tịch Ví Dụ", Role.COUNCIL_CHAIR, "đóng gói, mở đề, niêm phong, mở đáp án, kết quả"),
    StaffMember("thuky", "Thư ký Ví Dụ", Role.SECRETARY, "kỳ thi, thí sinh, nhập câu hỏi"),
    StaffMember(AUTHOR, "Người soạn Ví Dụ", Role.AUTHOR, "ngân hàng câu hỏi"),
    StaffMember("giamthi", "Giám thị Ví Dụ", Role.INVIGILATOR, "theo dõi phòng thi, chuyển máy"),
    StaffMember("dieuphoi", "Điều phối Ví Dụ", Role.COORDINATOR, "theo dõi phòng thi, chuyển máy"),
)


def demo_password(keys: NodeKeys, username: str) -> str:
    """Return the password of a demonstration account: the same at every run of one installation, kept nowhere."""
    secret = KDF(keys.root, b"", "khaothi/demo-password/v1", username)
    return grouped(crockford(secret, 16).lower())


def add_staff(session: Session, *, keys: NodeKeys, now: datetime) -> int:
    """Make the accounts that are missing, each with its role everywhere; return how many."""
    present = set(session.scalars(select(Account.username)))
    missing = [member for member in STAFF if member.username not in present]
    for member in missing:
        create_account(
            session,
            member.username,
            member.name,
            demo_password(keys, member.username),
            grants=[RoleGrant(member.role, "site", None)],
            actor=SYSTEM,
            now=now,
        )
    return len(missing)


def demo_actor(session: Session, username: str) -> Actor:
    """Return an account of the demonstration as one who acts."""
    account = find_account_by_username(session, username)
    assert account is not None, username
    return actor_of(account)


def candidate_rows() -> list[dict[str, object]]:
    """Return the candidate list as an import reads it: numbers 0001 to 0030, names "... Ví Dụ"."""
    rows: list[dict[str, object]] = []
    for index in range(CANDIDATES):
        first = _FIRST_WORDS[index % len(_FIRST_WORDS)]
        middle = _MIDDLE_WORDS[index // len(_FIRST_WORDS) % len(_MIDDLE_WORDS)]
        birth_date = date.fromordinal(_YOUNGEST.toordinal() - 97 * index)
        rows.append({"number": f"{index + 1:04d}", "full_name": f"{first} {middle} Ví Dụ", "birth_date": birth_date})
    return rows
