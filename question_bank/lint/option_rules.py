"""Rules about the options of choice questions: nearly equal, uneven, about each other, telling by their words."""

import re
from collections.abc import Iterator

from question_bank.errors import N_, Place, Problem, Value
from question_bank.lint.rule import HALADYNA, REGULATION, Rule
from question_bank.lint.stem_rules import negative_word
from question_bank.lint.view import View, quoted
from question_bank.questions.checks import letter, option_place
from question_bank.questions.fill_in import Rules

__all__ = ["CHECKS", "LONGER", "LONGER_CHARACTERS", "RULES"]

#: The key is the longest by far: at least so many times the longest wrong option, and so many characters more.
LONGER, LONGER_CHARACTERS = 1.5, 15
#: An option stands out: so many times the next in length, and so many characters more.
_OUTLIER, _OUTLIER_CHARACTERS = 3, 40
#: So many wrong options with absolute words, and none in the key, make a pattern; one alone is found everywhere.
_LEAST_ABSOLUTE = 2

NEARLY_IDENTICAL = Rule(
    "options_nearly_identical",
    N_("Hai phương án gần như giống nhau"),
    N_("Hai phương án chỉ khác chữ hoa, dấu câu hay cách viết số thì cùng đúng hoặc cùng sai."),
    f"{HALADYNA}22; {REGULATION}",
)
ABOUT_OTHERS = Rule(
    "option_about_others",
    N_("Phương án nói về các phương án khác"),
    N_("“Tất cả đều đúng” hay “A và B” đo khả năng đoán hơn là kiến thức và cản trở việc trộn phương án."),
    f"{HALADYNA}25, 26",
)
KEY_LONGEST = Rule(
    "key_longest",
    N_("Đáp án dài hơn hẳn"),
    N_("Người ra đề thường viết đáp án kĩ hơn, nên thí sinh không biết bài sẽ chọn phương án dài nhất."),
    f"{HALADYNA}24, 28d",
)
UNEVEN = Rule(
    "options_uneven",
    N_("Một phương án dài khác thường"),
    N_("Phương án khác hẳn về độ dài làm thí sinh chú ý đến hình thức thay vì nội dung."),
    f"{HALADYNA}24",
)
ABSOLUTE = Rule(
    "absolute_distractors",
    N_("Từ tuyệt đối chỉ có ở phương án sai"),
    N_("Thí sinh quen thi loại ngay các phương án có “chỉ”, “mọi”, “tuyệt đối”, “không bao giờ”."),
    f"{HALADYNA}28a",
)
RULES = (NEARLY_IDENTICAL, ABOUT_OTHERS, KEY_LONGEST, UNEVEN, ABSOLUTE)

#: In formulas, program text and genotypes a sign or a capital letter is all the difference.
_FORMULA = re.compile(r"[\\^_={}<>+*/|$×%]")
_PUNCTUATION = re.compile(r"(?<!\d)[.,:]|[.,:](?!\d)|[;!?\"'“”‘’«»…()–-]")
_LEADING_ZERO = re.compile(r"(?<![\d.,])0(?=[1-9]\b(?![.,]\d))")
_LONG_WORD = re.compile(r"[^\W\d_]{3}")
_FORMS = Rules()
_ABSOLUTE = re.compile(
    r"\b(luôn luôn|luôn|tuyệt đối|không bao giờ|vĩnh viễn|duy nhất|mọi|tất cả|(?<!địa )(?<!chăm )(?<!tôn )"
    r"chỉ(?! (?:đạo|thị|số|tiêu|huy|dẫn|định|ra|báo|giới|điểm|tay|trích|đích|lệnh|rõ|tội|có|được|mục)\b))\b"
)


def nearly_identical(view: View) -> Iterator[Problem]:
    """Find options that differ only by case, punctuation, the place of a tone mark or a leading zero."""
    first: dict[str, int] = {}
    for index, option in enumerate(view.options):
        if not option.is_plain or _FORMULA.search(option) or not _LONG_WORD.search(option):
            continue
        words = _LEADING_ZERO.sub("", " ".join(_PUNCTUATION.sub(" ", _FORMS.normal(option)).split()))
        other = first.setdefault(words, index)
        # Equal ones are an error of their own.
        if words and other != index and option.identity != view.options[other].identity:
            message = N_(
                "phương án %(letter)s “%(words)s” chỉ khác phương án %(other)s ở cách viết; hãy sửa một trong hai."
            )
            params: dict[str, Value] = {"letter": letter(index), "words": quoted(option), "other": letter(other)}
            yield NEARLY_IDENTICAL.warning(message, option_place(index), **params)


def about_others(view: View) -> Iterator[Problem]:
    """Find "all of the above" and its like; where nearly all options are such, the letters are the question's own."""
    if len(view.independent) < 2:
        return
    for index in view.about_others:
        message = N_(
            "phương án %(letter)s “%(words)s” nói về các phương án khác; hãy thay bằng một phương án có nội dung riêng."
        )
        yield ABOUT_OTHERS.warning(
            message, option_place(index), letter=letter(index), words=quoted(view.options[index])
        )


def key_longest(view: View) -> Iterator[Problem]:
    """Find a key that is the longest option by far."""
    if _key_is_longest(view) and view.only_right is not None:
        longest = max(len(view.options[index]) for index in view.others)
        message = N_(
            "đáp án %(letter)s dài %(length)s ký tự, phương án sai dài nhất chỉ %(longest)s; hãy rút gọn đáp án"
            " hoặc viết các phương án khác dài tương đương."
        )
        length = len(view.options[view.only_right])
        params: dict[str, Value] = {"letter": letter(view.only_right), "length": length, "longest": longest}
        yield KEY_LONGEST.warning(message, option_place(view.only_right), **params)


def _key_is_longest(view: View) -> bool:
    if view.only_right is None:
        return False
    length = len(view.options[view.only_right])
    longest = max(len(view.options[index]) for index in view.others)
    return length >= LONGER * longest and length >= longest + LONGER_CHARACTERS


def uneven(view: View) -> Iterator[Problem]:
    """Find one option that is longer than all others by far."""
    if len(view.independent) < 3 or _key_is_longest(view):
        return
    (length, index), (second, _) = sorted(((len(view.options[i]), -i) for i in view.independent), reverse=True)[:2]
    if length >= _OUTLIER * second and length >= second + _OUTLIER_CHARACTERS:
        message = N_(
            "phương án %(letter)s dài %(length)s ký tự, các phương án khác nhiều nhất %(second)s; hãy viết các"
            " phương án dài tương đương."
        )
        params: dict[str, Value] = {"letter": letter(-index), "length": length, "second": second}
        yield UNEVEN.warning(message, option_place(-index), **params)


def absolute_distractors(view: View) -> Iterator[Problem]:
    """Find absolute words in several wrong options and not in the key; a negative stem turns their meaning around."""
    if view.only_right is None or negative_word(view) or _ABSOLUTE.search(view.options[view.only_right].casefold()):
        return
    found = {
        index: match.group()
        for index in view.others
        if (match := _ABSOLUTE.search(view.options[index].casefold())) is not None
    }
    if len(found) >= _LEAST_ABSOLUTE:
        message = N_(
            "các phương án sai %(letters)s có từ tuyệt đối “%(words)s” mà đáp án không có; hãy viết lại cho"
            " không thể loại trừ bằng cách đọc lướt."
        )
        letters = ", ".join(letter(index) for index in found)
        words = "”, “".join(dict.fromkeys(found.values()))
        yield ABSOLUTE.warning(message, Place(field="options"), letters=letters, words=words)


CHECKS = (nearly_identical, about_others, key_longest, uneven, absolute_distractors)
