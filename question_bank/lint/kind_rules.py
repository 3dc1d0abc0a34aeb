"""Rules about single kinds of questions, and about facts that are missing beside a question."""

from collections.abc import Iterator

from question_bank.errors import N_, Place, Problem
from question_bank.lint.rule import HOUSE, REGULATION, Rule
from question_bank.lint.view import View, quoted
from question_bank.questions.cloze import Cloze
from question_bank.questions.essay import Essay
from question_bank.questions.fill_in import FillIn
from question_bank.questions.matching import Matching

__all__ = ["CHECKS", "RULES"]

ACCEPTED_SAME = Rule(
    "accepted_same",
    N_("Hai cách trả lời được so là một"),
    N_("Cách viết thừa cho thấy người ra đề hiểu quy tắc so khác với máy chấm."),
    HOUSE,
)
RUBRIC_MISSING = Rule(
    "rubric_missing",
    N_("Câu tự luận chưa có hướng dẫn chấm"),
    N_("Không có tiêu chí và điểm thì hai người chấm sẽ cho hai điểm khác nhau."),
    "Thông tư 22/2025/TT-BNV, Điều 13 khoản 2",
)
LAST_PAIR_FREE = Rule(
    "last_pair_free",
    N_("Cặp ghép cuối cùng không cần biết"),
    N_("Hai cột bằng nhau thì ghép xong các cặp khác là tự ra cặp cuối."),
    HOUSE,
)
LEVEL_MISSING = Rule("level_missing", N_("Chưa có mức độ"), N_("Ma trận đề rút câu theo mức độ."), "docs/formats.md")
TOPIC_MISSING = Rule("topic_missing", N_("Chưa có chủ đề"), N_("Ma trận đề rút câu theo chủ đề."), "docs/formats.md")
SOURCE_MISSING = Rule(
    "source_missing",
    N_("Chưa có căn cứ pháp lý"),
    N_("Không ghi văn bản và điều khoản thì không ai biết câu còn đúng hay không khi luật thay đổi."),
    REGULATION,
)
RULES = (ACCEPTED_SAME, RUBRIC_MISSING, LAST_PAIR_FREE, LEVEL_MISSING, TOPIC_MISSING, SOURCE_MISSING)


def accepted_same(view: View) -> Iterator[Problem]:
    """Find accepted forms that are one and the same under the question's rules of comparison."""
    question = view.question
    gaps = [gap.question for gap in question.gaps] if isinstance(question, Cloze) else [question]
    for gap in gaps:
        if not isinstance(gap, FillIn):
            continue
        first: dict[str, str] = {}
        for form in gap.accepted:
            other = first.setdefault(gap.rules.normal(form), form)
            if other is not form:
                message = N_("cách trả lời “%(form)s” đã gồm trong “%(other)s” theo quy tắc so của câu; hãy bỏ bớt.")
                yield ACCEPTED_SAME.warning(message, Place(field="key"), form=quoted(form), other=quoted(other))


def rubric_missing(view: View) -> Iterator[Problem]:
    """Find essays without a criterion."""
    if isinstance(view.question, Essay) and not view.question.rubric:
        message = N_("câu tự luận chưa có hướng dẫn chấm; hãy ghi các tiêu chí và điểm của từng tiêu chí.")
        yield RUBRIC_MISSING.warning(message, Place(field="rubric"))


def last_pair_free(view: View) -> Iterator[Problem]:
    """Find matchings in which every answer is used exactly once."""
    question = view.question
    if isinstance(question, Matching) and len(set(question.key)) == len(question.answers) == len(question.prompts) > 1:
        message = N_("hai cột cùng có %(count)s mục nên cặp cuối tự ra; hãy thêm một mục thừa vào cột bên phải.")
        yield LAST_PAIR_FREE.warning(message, Place(field="answers"), count=len(question.answers))


def facts_missing(view: View) -> Iterator[Problem]:
    """Find questions without a level, a topic or a legal source."""
    if view.metadata.level is None:
        yield LEVEL_MISSING.warning(N_("chưa có mức độ; hãy chọn mức độ nhận thức."), Place(field="level"))
    if not view.metadata.topic:
        yield TOPIC_MISSING.warning(N_("chưa có chủ đề; hãy chọn chủ đề."), Place(field="topic"))
    if view.metadata.source is None or not view.metadata.source.document:
        message = N_("chưa có căn cứ pháp lý; hãy ghi văn bản và điều khoản.")
        yield SOURCE_MISSING.warning(message, Place(field="document"))


CHECKS = (accepted_same, rubric_missing, last_pair_free, facts_missing)
