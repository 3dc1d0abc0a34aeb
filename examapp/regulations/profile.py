"""A regulation profile: which rounds and tests there are, what passes, what is shown, when things are due.

Profiles are TOML files beside this module. An exam pins a copy of the text, and `parse_profile` of that copy must
give the same profile years later, so the format only ever grows by a new `format` number.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from examapp.core.i18n import N_
from examapp.integrity.canonical import H
from examapp.regulations.provisions import (
    Deadline,
    LateEntry,
    PriorityGroup,
    Ranking,
    Sanction,
    read_deadline,
    read_late_entry,
    read_priority,
    read_ranking,
    read_sanction,
)
from examapp.regulations.reading import (
    Document,
    ProfileError,
    Sourced,
    Table,
    day,
    flag,
    refuse_other_spellings,
    sentence,
    whole,
    word,
    words,
)
from examapp.regulations.rounds import Rank, Round, read_rank, read_round

FORMAT = "khaothi-profile/1"
PROFILES = Path(__file__).parent / "profiles"

_KINDS = ("true_false", "single_choice", "fill_in")


@dataclass(frozen=True)
class Profile:
    """A regulation as data, with the text it was read from and that text's digest."""

    id: str
    name: str
    valid_from: date
    valid_to: date | None
    documents: Mapping[str, Document]
    bank_ratio: Sourced[int]
    question_kinds: Sourced[tuple[str, ...]]
    choice_options: Sourced[int]
    programmed_start: Sourced[bool]
    grace_seconds: Sourced[int]
    result_shown: Sourced[str]
    early_submission: Sourced[bool]
    faulty_question: Sourced[str]
    duplicate_right_option: Sourced[str]
    machine_incident: Sourced[str]
    unsigned_result: Sourced[str]
    deduction_rounding: Sourced[str]
    late_entry: tuple[LateEntry, ...]
    rounds: Mapping[str, Round]
    ranks: Mapping[str, Rank]
    sanctions: Mapping[str, Sanction]
    priority: tuple[PriorityGroup, ...]
    ranking: Ranking
    deadlines: tuple[Deadline, ...]
    text: str = field(repr=False)
    digest: bytes = field(repr=False)

    def late_entry_minutes(self, test_minutes: int) -> LateEntry | None:
        """Return how late one may enter a test of that length; None where only the chair can decide."""
        for rule in self.late_entry:
            if rule.test_minutes_min <= test_minutes <= (rule.test_minutes_max or test_minutes):
                return rule
        return None

    def deadlines_on(self, when: date) -> tuple[Deadline, ...]:
        """Return the deadlines in force on a day."""
        return tuple(deadline for deadline in self.deadlines if deadline.clause.in_force(when))

    def priority_on(self, when: date) -> tuple[PriorityGroup, ...]:
        """Return the priority groups in force on a day."""
        return tuple(group for group in self.priority if group.clause.in_force(when))


def profile_ids() -> tuple[str, ...]:
    """Return the profiles that come with the software."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.toml")))


def load_profile(profile_id: str) -> Profile:
    """Return the profile of that id as it stands today; raise ProfileError when there is none."""
    if profile_id not in profile_ids():
        raise ProfileError(profile_id, N_("Không có hồ sơ quy định %(key)s."))
    profile = parse_profile((PROFILES / f"{profile_id}.toml").read_text(encoding="utf-8"))
    if profile.id != profile_id:
        raise ProfileError("id", N_("Hồ sơ quy định, khóa %(key)s: không khớp tên tệp."))
    return profile


def parse_profile(text: str) -> Profile:
    """Return the profile in a text, such as the copy an exam has pinned; raise ProfileError naming the key."""
    refuse_other_spellings(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError("", N_("Hồ sơ quy định không phải TOML hợp lệ: %(reason)s."), reason=error) from error
    documents = _documents(Table(data.pop("documents", None), "documents", {}))
    top = Table(data, "", documents)
    top.take("format", word(FORMAT))
    profile = _profile(top, documents, text)
    top.done()
    return profile


def _profile(top: Table, documents: Mapping[str, Document], text: str) -> Profile:
    bank, sitting = top.table("bank"), top.table("sitting")
    rounds = {name: read_round(name, table) for name, table in top.named_tables("rounds")}
    profile = Profile(
        id=top.take("id", sentence),
        name=top.take("name", sentence),
        valid_from=top.take("valid_from", day),
        valid_to=top.maybe("valid_to", day),
        documents=documents,
        bank_ratio=bank.sourced("ratio", whole(1, 100)),
        question_kinds=bank.sourced("question_kinds", words(*_KINDS)),
        choice_options=bank.sourced("choice_options", whole(2, 10)),
        programmed_start=sitting.sourced("programmed_start", flag),
        grace_seconds=sitting.sourced("grace_seconds", whole(5, 120)),
        result_shown=sitting.sourced("result_shown", word("after_seal", "at_submission")),
        early_submission=sitting.sourced("early_submission", flag),
        faulty_question=sitting.sourced("faulty_question", word("credit_everybody")),
        duplicate_right_option=sitting.sourced("duplicate_right_option", word("credit_either")),
        machine_incident=sitting.sourced("machine_incident", word("sit_again")),
        unsigned_result=sitting.sourced("unsigned_result", word("zero")),
        deduction_rounding=sitting.sourced("deduction_rounding", word("exact")),
        late_entry=tuple(read_late_entry(row) for row in sitting.rows("late_entry")),
        rounds=rounds,
        ranks={rank.id: rank for rank in (read_rank(row, rounds) for row in top.rows("ranks"))},
        sanctions={rule.id: rule for rule in (read_sanction(row) for row in top.rows("sanctions"))},
        priority=tuple(read_priority(row) for row in top.rows("priority")),
        ranking=read_ranking(top.table("ranking")),
        deadlines=tuple(read_deadline(row) for row in top.rows("deadlines")),
        text=text,
        digest=H("khaothi/profile/v1", text.encode("utf-8")),
    )
    bank.done()
    sitting.done()
    return profile


def _documents(table: Table) -> dict[str, Document]:
    found = {}
    for name, row in table.each():
        found[name] = Document(
            id=name,
            number=row.take("number", sentence),
            title=row.take("title", sentence),
            issued=row.take("issued", day),
            valid_from=row.take("valid_from", day),
            valid_to=row.maybe("valid_to", day),
        )
        row.done()
    return found
