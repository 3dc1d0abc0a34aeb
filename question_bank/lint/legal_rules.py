"""Rules about the law a question rests on: repealed, expired, not yet in force."""

from collections.abc import Iterator
from datetime import date

from question_bank.errors import N_, Place, Problem, Value
from question_bank.lint.citations import is_about_change, repealed_in
from question_bank.lint.legal_sources import Repealed, successors
from question_bank.lint.rule import REGULATION, Rule
from question_bank.lint.view import View

__all__ = ["CHECKS", "RULES"]

SOURCE_REPEALED = Rule(
    "source_repealed",
    N_("Căn cứ pháp lý đã hết hiệu lực"),
    N_("Câu dựa trên văn bản đã bị thay thế thì đáp án có thể không còn đúng; thí sinh được điểm khi câu sai."),
    f"{REGULATION}; Điều 12",
)
TEXT_REPEALED = Rule(
    "text_cites_repealed",
    N_("Câu nhắc đến văn bản đã hết hiệu lực"),
    N_("Thí sinh học luật đang có hiệu lực; câu hỏi theo luật cũ có thể có đáp án khác."),
    f"{REGULATION}; Điều 12",
)
SOURCE_EXPIRED = Rule(
    "source_expired",
    N_("Căn cứ pháp lý ghi là đã hết hạn"),
    N_("Ngày hết hiệu lực do người ra đề ghi đã qua."),
    REGULATION,
)
SOURCE_NOT_YET = Rule(
    "source_not_yet",
    N_("Căn cứ pháp lý chưa có hiệu lực"),
    N_("Quy định chưa có hiệu lực thì chưa thể hỏi như luật hiện hành."),
    REGULATION,
)
RULES = (SOURCE_REPEALED, TEXT_REPEALED, SOURCE_EXPIRED, SOURCE_NOT_YET)


def legal_source(view: View, today: date) -> Iterator[Problem]:
    """Find a legal source that is not in force today, and old documents that the question speaks of as law.

    Wrong options may name any document, and a question about the change from one to another must.
    """
    said: set[str] = set()
    source = view.metadata.source
    if source is not None:
        for document in repealed_in(source.document, today):
            said.add(document.number)
            message = N_(
                "căn cứ “%(document)s” đã hết hiệu lực từ %(date)s, được thay bằng %(successor)s; hãy sửa câu hoặc"
                " ngừng dùng."
            )
            yield SOURCE_REPEALED.error(message, Place(field="document"), **_params(document, today))
        if source.in_force_to is not None and source.in_force_to < today:
            message = N_("căn cứ “%(document)s” chỉ có hiệu lực đến %(date)s; hãy sửa câu hoặc ngừng dùng.")
            params: dict[str, Value] = {"document": source.document, "date": _day(source.in_force_to)}
            yield SOURCE_EXPIRED.error(message, Place(field="in_force_to"), **params)
        if source.in_force_from is not None and source.in_force_from > today:
            message = N_("căn cứ “%(document)s” đến %(date)s mới có hiệu lực; hãy chờ đến ngày đó mới dùng câu này.")
            params = {"document": source.document, "date": _day(source.in_force_from)}
            yield SOURCE_NOT_YET.warning(message, Place(field="in_force_from"), **params)
    for field, text in view.read_texts():
        for document in repealed_in(text, today):
            if document.number in said or is_about_change(view.question.stem) or is_about_change(text):
                continue
            said.add(document.number)
            message = N_(
                "nhắc đến “%(document)s”, đã hết hiệu lực từ %(date)s, được thay bằng %(successor)s; hãy xem đáp án còn"
                " đúng không."
            )
            yield TEXT_REPEALED.warning(message, Place(field=field), **_params(document, today))


def _params(document: Repealed, today: date) -> dict[str, Value]:
    return {
        "document": document.name,
        "date": _day(document.repealed_on),
        "successor": ", ".join(successors(document, today)),
    }


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


CHECKS = (legal_source,)
