"""The roles of the exam's people (domain law, TT 22/2025 Art. 4-5), as stored."""

from enum import StrEnum

from examapp.core.i18n import N_


class Role(StrEnum):
    """A role somebody holds for the site, one exam or one subject."""

    ADMINISTRATOR = "administrator"
    COUNCIL_CHAIR = "council_chair"
    SECRETARY = "secretary"
    AUTHOR = "author"
    INVIGILATOR = "invigilator"
    COORDINATOR = "coordinator"


#: what people call each role
ROLE_NAMES: dict[Role, str] = {
    Role.ADMINISTRATOR: N_("Quản trị"),
    Role.COUNCIL_CHAIR: N_("Chủ tịch Hội đồng"),
    Role.SECRETARY: N_("Thư ký Hội đồng"),
    Role.AUTHOR: N_("Người soạn câu hỏi"),
    Role.INVIGILATOR: N_("Giám thị"),
    Role.COORDINATOR: N_("Điều phối điểm thi"),
}

#: the extents in which a role means something (policy.py asks about these)
ROLE_SCOPES: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: ("site",),
    Role.COUNCIL_CHAIR: ("site", "exam"),
    Role.SECRETARY: ("site", "exam", "subject"),
    Role.AUTHOR: ("site", "subject"),
    Role.INVIGILATOR: ("site", "exam"),
    Role.COORDINATOR: ("site", "exam"),
}
