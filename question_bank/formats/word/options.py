"""Finding the options of a question in its lines: one on each, several on one, or behind the stem."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.errors import N_, Place, Problem, error
from question_bank.formats.word.lines import Line, Mark
from question_bank.formats.word.rich import EMPTY, Rich, joined
from question_bank.questions.checks import letter

__all__ = ["Option", "Options", "find_options"]


@dataclass
class Option:
    """One option: its letter as it looks, its lines, and whether a star stands at it."""

    label: Rich
    lines: list[Rich]
    starred: bool = False
    #: The first of the lines that continue the last option without any sign that they belong to it.
    unsure: str = ""

    def text(self) -> Rich:
        """Return the text of the option."""
        return joined([line for line in self.lines if line.text.strip()] or [EMPTY]).stripped()


@dataclass
class Options:
    """The stem's lines, the options, and what is wrong with their order."""

    stem: list[Rich]
    options: list[Option] = field(default_factory=list)
    upper: bool = True
    #: Lines behind the options that belong to none of them, as far as can be seen.
    loose: list[Rich] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Run:
    """A sequence of letters A, B, C … through the lines."""

    taken: list[tuple[int, Mark]] = field(default_factory=list)
    #: Letters out of their turn that stand where an option would begin.
    others: list[tuple[int, Mark]] = field(default_factory=list)

    def whole(self) -> bool:
        """Say whether every letter is there once; in two columns they come as A, C, B, D."""
        letters = sorted(mark.letter for _, mark in (*self.taken, *self.others))
        return letters == list(range(len(letters)))


def find_options(lines: Sequence[Line]) -> Options:
    """Return stem and options of the lines of a question whose number and labelled lines are taken off."""
    upper = True
    run, problem = _capitals(lines)
    if len(run.taken) < 2 and not run.others:
        small = _run(lines, upper=False, weak=False)
        if len(small.taken) >= 2:
            upper, run = False, small
    if not run.taken or (len(run.taken) == 1 and not run.others and not _begins_line(lines, *run.taken[0])):
        return Options([line.text for line in lines])
    found = Options([], [], upper)
    shuffled = problem is None and bool(run.others) and run.whole()
    if problem is not None:
        found.problems.append(problem)
    elif shuffled:
        run.taken = sorted(run.taken + run.others, key=lambda one: (one[0], one[1].start))
    elif run.others:
        found.problems.append(_disordered(run))
    _share_out(lines, run, found)
    if shuffled:
        letters = [mark.letter for _, mark in run.taken]
        found.options = [
            option for _, option in sorted(zip(letters, found.options, strict=True), key=lambda one: one[0])
        ]
    return found


def _capitals(lines: Sequence[Line]) -> tuple[_Run, Problem | None]:
    """Return the options with capital letters, behind single spaces too where nothing else can be meant."""
    strong = _run(lines, upper=True, weak=False)
    weak = _run(lines, upper=True, weak=True)
    count = len(strong.taken) + (len(strong.others) if strong.whole() else 0)
    if len(weak.taken) <= count:
        return strong, None
    if len(strong.taken) >= 2 and (not strong.others or strong.whole()):
        if len({place for place, _ in strong.taken}) == len(strong.taken):
            return strong, None  # each on a line of its own: "gặp ông D. trên đường" is inside an option
        return strong, _unclear(weak.taken[len(strong.taken)][1].letter)
    if len(weak.taken) >= 3 or (len(weak.taken) == 2 and weak.taken[0][1].strong):
        twice = _twice(lines, weak)
        return weak, None if twice is None else _unclear(twice)
    return strong, None


def _twice(lines: Sequence[Line], run: _Run) -> int | None:
    """Return the first letter of a run that stands once more in its lines: "A. Nhóm B. B. Nhóm C. C. Nhóm A."."""
    (first, begin), (last, _) = run.taken[0], run.taken[-1]
    seen = [
        mark.letter
        for place in range(first, last + 1)
        for mark in lines[place].marks
        if mark.upper and (place > first or mark.start >= begin.start)
    ]
    return next((mark.letter for _, mark in run.taken if seen.count(mark.letter) > 1), None)


def _unclear(which: int) -> Problem:
    message = N_("không rõ “%(letter)s.” giữa dòng là phương án hay lời văn; hãy ghi mỗi phương án một dòng.")
    return error("options_unclear", message, Place(field="options"), letter=letter(which))


def _run(lines: Sequence[Line], *, upper: bool, weak: bool) -> _Run:
    run = _Run()
    for place, line in enumerate(lines):
        for mark in line.marks:
            if mark.upper != upper or not (mark.strong or weak) or (place == 0 and mark.start == 0):
                continue
            if mark.letter == len(run.taken):
                run.taken.append((place, mark))
            elif mark.letter == 0 and len(run.taken) == 1 and not run.others:
                run.taken = [(place, mark)]  # the first A was a name
            elif mark.strong and run.taken:
                run.others.append((place, mark))
    return run


def _begins_line(lines: Sequence[Line], place: int, mark: Mark) -> bool:
    return not lines[place].text.text[: mark.start].strip()


def _disordered(run: _Run) -> Problem:
    if any(mark.letter == 0 for _, mark in run.others):
        message = N_("chữ cái A của phương án xuất hiện hai lần; có thể hai câu bị dính vào nhau hoặc thiếu số câu.")
        return error("options_disordered", message, Place(field="options"))
    marks = sorted(run.taken + run.others, key=lambda one: (one[0], one[1].start))
    labels = ", ".join(letter(mark.letter) for _, mark in marks[:20])
    message = N_("chữ cái trước phương án không theo thứ tự (%(labels)s), không rõ đáp án chỉ phương án nào.")
    return error("option_labels_disordered", message, Place(field="options"), labels=labels)


def _share_out(lines: Sequence[Line], run: _Run, found: Options) -> None:
    """Give each stretch of the lines to the stem, to its option, or to what is left over."""
    starts: dict[int, list[Mark]] = {}
    for place, mark in run.taken:
        starts.setdefault(place, []).append(mark)
    last_line = run.taken[-1][0]
    blank_behind = False
    for place, line in enumerate(lines):
        marks = starts.get(place, [])
        before = line.text.part(0, marks[0].start) if marks else line.text
        if not found.options:
            found.stem.append(before)
        elif place > last_line:
            if not line.text:
                blank_behind = True
            elif blank_behind or found.loose:
                found.loose.append(line.text)
            else:
                found.options[-1].lines.append(line.text)
                found.options[-1].unsure = found.options[-1].unsure or line.text.text.strip()
        elif before:
            found.options[-1].lines.append(before)
        for index, mark in enumerate(marks):
            end = marks[index + 1].start if index + 1 < len(marks) else len(line.text)
            found.options.append(
                Option(line.text.part(mark.start, mark.end), [line.text.part(mark.end, end)], mark.starred)
            )
