"""Forms of exams and their tests: shape only; what a test may be is decided by services and the profile."""

from collections.abc import Sequence
from uuid import UUID

from examapp.core.i18n import N_
from examapp.web.forms import (
    IntegerField,
    PageForm,
    SelectChoice,
    SelectField,
    StringField,
    at_most,
    between,
    needed,
)


class ExamForm(PageForm):
    """Name and letterhead: what may be changed of an exam that exists."""

    name = StringField(
        N_("Tên kỳ thi"),
        description=N_("Như ghi trên thông báo, ví dụ Kỳ thi tuyển dụng công chức năm 2026."),
        validators=[needed(N_("Nhập tên kỳ thi.")), at_most(300)],
    )
    superior = StringField(
        N_("Cơ quan chủ quản"),
        description=N_("Dòng đầu bên trái của văn bản."),
        validators=[needed(N_("Nhập cơ quan chủ quản.")), at_most(200)],
    )
    council = StringField(
        N_("Cơ quan ban hành"),
        description=N_("Hội đồng ký danh sách, thông báo và phiếu báo dự thi."),
        validators=[needed(N_("Nhập tên Hội đồng.")), at_most(200)],
    )
    place = StringField(
        N_("Địa danh"),
        description=N_("Đứng trước ngày tháng trên văn bản."),
        validators=[needed(N_("Nhập địa danh.")), at_most(100)],
    )
    venue = StringField(
        N_("Địa điểm thi"),
        description=N_("Tên và địa chỉ, in trên phiếu báo dự thi và các danh sách. Thi nhiều nơi: ghi vào tên phòng."),
        validators=[at_most(200)],
    )


class CreateExamForm(ExamForm):
    """A new exam: also its code, the regulation it pins and the width of its candidate numbers."""

    code = StringField(
        N_("Mã kỳ thi"),
        description=N_("Ngắn, không đổi được về sau, ví dụ KT2026."),
        validators=[needed(N_("Nhập mã kỳ thi.")), at_most(30)],
    )
    profile = SelectField(
        N_("Quy định áp dụng"),
        description=N_("Kỳ thi giữ nguyên bản quy định của hôm nay, dù sau này phần mềm có bản mới."),
        validators=[needed(N_("Chọn quy định áp dụng."))],
    )
    number_width = IntegerField(
        N_("Số chữ số của số báo danh"),
        description=N_("Từ 3 đến 8, kể cả số 0 ở đầu; 4 chữ số đủ cho 9.999 thí sinh."),
        validators=[needed(N_("Ghi số chữ số.")), between(3, 8)],
    )

    def offer(self, profiles: Sequence[tuple[str, str]]) -> None:
        """Offer the profiles, as pairs of id and name."""
        self.profile.choices = [SelectChoice(one, name) for one, name in profiles]


class ExamTestForm(PageForm):
    """A test: subject, size, time and the share that passes."""

    subject = SelectField(N_("Môn"), validators=[needed(N_("Chọn môn."))])
    code = StringField(
        N_("Mã bài thi"),
        description=N_("Ngắn, ví dụ V1."),
        validators=[needed(N_("Nhập mã bài thi.")), at_most(30)],
    )
    name = StringField(
        N_("Tên bài thi"),
        description=N_("Thí sinh thấy tên này, ví dụ Vòng 1 – Kiến thức chung."),
        validators=[needed(N_("Nhập tên bài thi.")), at_most(200)],
    )
    questions = IntegerField(N_("Số câu hỏi"), validators=[needed(N_("Ghi số câu hỏi.")), between(1, 500)])
    minutes = IntegerField(N_("Thời gian làm bài (phút)"), validators=[needed(N_("Ghi số phút.")), between(1, 600)])
    pass_share = StringField(
        N_("Mức đạt"),
        description=N_("Phân số của số câu đúng, ví dụ 1/2 là từ 50 % trở lên."),
        validators=[needed(N_("Ghi mức đạt, ví dụ 1/2.")), at_most(10)],
    )

    def offer(self, subjects: Sequence[tuple[UUID, str]]) -> None:
        """Offer the subjects, as pairs of id and name."""
        chosen = [SelectChoice("", N_("Chọn môn")), *(SelectChoice(str(one), name) for one, name in subjects)]
        self.subject.choices = chosen
