"""A regulation profile as a table for people: what is ruled, how, by which clause, since when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from examapp.core.i18n import N_
from examapp.regulations.profile import Profile
from examapp.regulations.provisions import Deadline, Sanction
from examapp.regulations.reading import Clause
from examapp.regulations.rounds import QualifyingTest, Round, ScoredTest
from examapp.regulations.scoring import share_text

Params = Mapping[str, object]


@dataclass(frozen=True)
class Ruling:
    """One line: `what` and `message` are marked texts or texts of the profile, `clause` says where it stands."""

    what: str
    message: str
    clause: Clause
    params: Params = field(default_factory=dict)
    in_force: bool = True


@dataclass(frozen=True)
class Chapter:
    """A heading with its lines."""

    title: str
    rulings: tuple[Ruling, ...]


#: what the single words of a profile say
_WORDS = {
    "true_false": N_("đúng/sai"),
    "single_choice": N_("chọn một phương án"),
    "fill_in": N_("điền khuyết"),
    "after_seal": N_("khi mọi bài làm của ca thi đã niêm phong"),
    "at_submission": N_("ngay khi nộp bài"),
    "credit_everybody": N_("mọi thí sinh được tính câu đó"),
    "credit_either": N_("chọn phương án nào cũng được tính"),
    "sit_again": N_("thí sinh làm lại bài thi"),
    "zero": N_("bài thi được 0 điểm"),
    "exact": N_("giữ nguyên phân số, không làm tròn"),
    "record_maker": N_("người lập biên bản"),
    "chair": N_("Chủ tịch Hội đồng"),
    "score_plus_priority": N_("điểm thi cộng điểm ưu tiên, từ cao xuống thấp"),
    "professional_score": N_("điểm nghiệp vụ chuyên ngành cao hơn"),
    "written_score": N_("điểm bài viết cao hơn"),
    "head_decides": N_("người đứng đầu cơ quan quyết định"),
    "half_up": N_("nửa làm tròn lên"),
    "days": N_("ngày"),
    "working_days": N_("ngày làm việc"),
    "hours": N_("giờ"),
    "by_complexity_group": N_("theo nhóm câu hỏi có độ phức tạp khác nhau"),
}
YES, NO = N_("có"), N_("không")


def words_of(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return the marked texts for a word of a profile, or for several."""
    return tuple(_WORDS.get(one, one) for one in ([value] if isinstance(value, str) else value))


def profile_chapters(profile: Profile, today: date) -> list[Chapter]:
    """Return everything the profile rules, chapter by chapter; what is not in force today is marked."""
    chapters = [
        Chapter(N_("Ngân hàng câu hỏi"), tuple(_bank(profile))),
        Chapter(N_("Ca thi trên máy"), tuple(_sitting(profile))),
        *(Chapter(one.name, tuple(_round(one))) for one in profile.rounds.values()),
        Chapter(N_("Ngạch nào thi vòng nào"), tuple(_ranks(profile))),
        Chapter(N_("Xử lý vi phạm"), tuple(_sanction(one) for one in profile.sanctions.values())),
        Chapter(N_("Điểm ưu tiên"), tuple(_priority(profile))),
        Chapter(N_("Xác định người trúng tuyển"), tuple(_ranking(profile))),
        Chapter(N_("Thời hạn"), tuple(_deadline(one) for one in profile.deadlines)),
    ]
    return [Chapter(one.title, tuple(_dated(ruling, today) for ruling in one.rulings)) for one in chapters]


def _dated(ruling: Ruling, today: date) -> Ruling:
    return Ruling(ruling.what, ruling.message, ruling.clause, ruling.params, ruling.clause.in_force(today))


def _bank(profile: Profile) -> Iterator[Ruling]:
    ratio = profile.bank_ratio
    yield Ruling(N_("Cỡ ngân hàng"), N_("ít nhất %(ratio)s lần số câu của đề"), ratio.clause, {"ratio": ratio.value})
    yield _choice(N_("Loại câu hỏi"), profile.question_kinds.value, profile.question_kinds.clause)
    options = profile.choice_options
    yield Ruling(N_("Số phương án"), N_("%(count)s phương án"), options.clause, {"count": options.value})


def _sitting(profile: Profile) -> Iterator[Ruling]:
    yield _flag(
        N_("Giờ bắt đầu đặt trước, chung cho mọi thí sinh"),
        profile.programmed_start.value,
        profile.programmed_start.clause,
    )
    yield _flag(N_("Nộp bài sớm"), profile.early_submission.value, profile.early_submission.clause)
    yield _choice(N_("Hiện kết quả"), profile.result_shown.value, profile.result_shown.clause)
    grace = profile.grace_seconds
    yield Ruling(N_("Chờ bài gửi muộn do mất kết nối"), N_("%(count)s giây"), grace.clause, {"count": grace.value})
    yield _choice(N_("Câu hỏi sai"), profile.faulty_question.value, profile.faulty_question.clause)
    yield _choice(
        N_("Hai phương án cùng đúng"), profile.duplicate_right_option.value, profile.duplicate_right_option.clause
    )
    yield _choice(N_("Sự cố máy"), profile.machine_incident.value, profile.machine_incident.clause)
    yield _choice(N_("Không ký danh sách kết quả"), profile.unsigned_result.value, profile.unsigned_result.clause)
    yield _choice(N_("Làm tròn khi trừ điểm"), profile.deduction_rounding.value, profile.deduction_rounding.clause)
    for rule in profile.late_entry:
        whole = {"low": rule.test_minutes_min, "high": rule.test_minutes_max, "count": rule.allowed_minutes}
        closed = N_("bài thi từ %(low)s đến %(high)s phút: muộn nhất %(count)s phút")
        message = closed if rule.test_minutes_max else N_("bài thi từ %(low)s phút trở lên: muộn nhất %(count)s phút")
        yield Ruling(N_("Vào phòng muộn"), message, rule.clause, whole)


def _round(one: Round) -> Iterator[Ruling]:
    for test in one.tests.values():
        yield from _qualifying(test)
    for scored in one.scored.values():
        yield from _scored(scored)
    if one.combination:
        for part, weight in one.combination.weights.items():
            name = next((test.name for test in one.scored.values() if test.part == part), part)
            yield Ruling(name, N_("trọng số %(share)s"), weight.clause, {"share": share_text(weight.value)})
        decimals = one.combination.decimals
        yield Ruling(N_("Điểm của vòng"), N_("%(count)s chữ số thập phân"), decimals.clause, {"count": decimals.value})
        yield _choice(N_("Cách làm tròn"), one.combination.rounding.value, one.combination.rounding.clause)


def _qualifying(test: QualifyingTest) -> Iterator[Ruling]:
    yield Ruling(test.name, N_("%(count)s câu hỏi"), test.clauses["questions"], {"count": test.questions})
    yield Ruling(test.name, N_("%(count)s phút"), test.clauses["minutes"], {"count": test.minutes})
    share = {"share": share_text(test.pass_share)}
    yield Ruling(test.name, N_("đạt khi đúng từ %(share)s số câu hỏi trở lên"), test.clauses["pass_share"], share)
    yield _appeal(test.name, test.appeal, test.clauses["appeal"])


def _scored(test: ScoredTest) -> Iterator[Ruling]:
    yield Ruling(test.name, N_("tối đa %(count)s điểm"), test.max_points.clause, {"count": test.max_points.value})
    if test.questions_min and test.questions_max:
        bounds = {"low": test.questions_min.value, "high": test.questions_max.value}
        yield Ruling(test.name, N_("từ %(low)s đến %(high)s câu hỏi"), test.questions_min.clause, bounds)
    minutes = {"low": test.minutes_min.value, "high": test.minutes_max.value}
    ranged = N_("từ %(low)s đến %(high)s phút") if minutes["low"] else N_("tối đa %(high)s phút")
    message = N_("%(high)s phút") if minutes["low"] == minutes["high"] else ranged
    yield Ruling(test.name, message, test.minutes_max.clause, minutes)
    if test.minutes_min.clause != test.minutes_max.clause:
        least = N_("ít nhất %(low)s phút") if minutes["low"] else N_("không có thời gian tối thiểu")
        yield Ruling(test.name, least, test.minutes_min.clause, minutes)
    if test.points_per_question:
        yield Ruling(
            test.name,
            N_("điểm mỗi câu: %(words)s"),
            test.points_per_question.clause,
            {"words": words_of(test.points_per_question.value)},
        )
    yield _appeal(test.name, test.appeal.value, test.appeal.clause)


def _ranks(profile: Profile) -> Iterator[Ruling]:
    for rank in profile.ranks.values():
        names = tuple(profile.rounds[one].name for one in rank.rounds.value)
        yield Ruling(rank.name, "%(words)s", rank.rounds.clause, {"words": names})


def _sanction(rule: Sanction) -> Ruling:
    taken = N_("hủy kết quả bài thi; do %(words)s quyết định")
    message = taken if rule.annuls else N_("trừ %(share)s số câu đúng hoặc điểm; do %(words)s quyết định")
    params: Params = {"share": share_text(rule.deduction), "words": words_of(rule.decided_by)}
    return Ruling(rule.name, message, rule.clause, params)


def _priority(profile: Profile) -> Iterator[Ruling]:
    for group in profile.priority:
        yield Ruling(group.persons, N_("cộng %(points)s điểm"), group.clause, {"points": group.points})


def _ranking(profile: Profile) -> Iterator[Ruling]:
    rule = profile.ranking
    least = rule.least_points
    yield Ruling(N_("Điểm thấp nhất để xét"), N_("%(count)s điểm"), least.clause, {"count": least.value})
    each = rule.least_share_each
    yield Ruling(N_("Mỗi phần thi"), N_("từ %(share)s điểm tối đa"), each.clause, {"share": share_text(each.value)})
    yield _choice(N_("Thứ tự xét"), rule.order_by.value, rule.order_by.clause)
    yield _choice(N_("Bằng điểm ở chỉ tiêu cuối"), rule.tie_breaks.value, rule.tie_breaks.clause)
    yield _flag(N_("Bảo lưu kết quả cho kỳ sau"), rule.carry_over.value, rule.carry_over.clause)
    yield _flag(
        N_("Chỉ tính điểm ưu tiên cao nhất"), rule.highest_priority_only.value, rule.highest_priority_only.clause
    )


_BOUNDS = {
    "at_most": N_("trong %(count)s %(unit)s, tính từ: %(after)s"),
    "at_least": N_("ít nhất %(count)s %(unit)s, tính từ: %(after)s"),
    "exactly": N_("đúng %(count)s %(unit)s, tính từ: %(after)s"),
}


def _deadline(rule: Deadline) -> Ruling:
    after = f"{rule.after}. {rule.condition}" if rule.condition else rule.after
    params = {"count": rule.limit, "unit": words_of(rule.unit), "after": after}
    return Ruling(rule.name, _BOUNDS[rule.bound], rule.clause, params)


def _choice(what: str, value: str | Iterable[str], clause: Clause) -> Ruling:
    return Ruling(what, "%(words)s", clause, {"words": words_of(value)})


def _flag(what: str, value: bool, clause: Clause) -> Ruling:
    return Ruling(what, YES if value else NO, clause)


def _appeal(what: str, allowed: bool, clause: Clause) -> Ruling:
    return Ruling(what, N_("được phúc khảo") if allowed else N_("không phúc khảo"), clause)
