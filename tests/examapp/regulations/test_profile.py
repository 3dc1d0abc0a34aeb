"""The profile `cc-2025` against the law, and a reader that refuses what it does not understand."""

import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from examapp.integrity.canonical import jcs
from examapp.regulations.profile import Profile, load_profile, parse_profile, profile_ids
from examapp.regulations.reading import Clause, ProfileError, Sourced

TODAY = date(2026, 11, 24)
PASS_SHARE = "rounds.round_1.tests.general.pass_share.value"
ROUND_2 = "rounds.round_2"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile("cc-2025")


# --- the law ---------------------------------------------------------------------------------------------------------


def test_round_1(profile: Profile) -> None:
    test = profile.rounds["round_1"].tests["general"]
    assert (test.questions, test.minutes, test.pass_share, test.appeal) == (60, 60, Fraction(1, 2), False)
    assert test.clause == "Điều 9 khoản 2 điểm a Nghị định 170/2025/NĐ-CP"
    assert test.clauses["appeal"].text == "Điều 16 khoản 3 điểm b Nghị định 170/2025/NĐ-CP"
    assert set(test.clauses) == {"questions", "minutes", "pass_share", "appeal"}


def test_the_bank_holds_three_times_the_paper(profile: Profile) -> None:
    assert profile.bank_ratio.value == 3
    assert profile.bank_ratio.clause.text == "Điều 10 khoản 4 điểm a Quy chế kèm theo Thông tư 22/2025/TT-BNV"
    assert profile.question_kinds.value == ("true_false", "single_choice", "fill_in")
    assert profile.choice_options.value == 4


def test_the_sitting(profile: Profile) -> None:
    assert profile.programmed_start.value is True
    assert profile.result_shown.value == "after_seal"
    assert profile.grace_seconds.value == 120
    assert profile.grace_seconds.clause.law_silent
    assert "Pháp luật không quy định" in profile.grace_seconds.clause.text
    assert not profile.result_shown.clause.law_silent
    assert profile.faulty_question.value == "credit_everybody"
    assert profile.duplicate_right_option.value == "credit_either"
    assert profile.machine_incident.value == "sit_again"
    assert profile.unsigned_result.value == "zero"


@pytest.mark.parametrize(
    ("test_minutes", "allowed"), [(1, 5), (30, 5), (31, None), (59, None), (60, 10), (90, 10), (180, 10)]
)
def test_late_entry(profile: Profile, test_minutes: int, allowed: int | None) -> None:
    rule = profile.late_entry_minutes(test_minutes)
    assert (rule.allowed_minutes if rule else None) == allowed


def test_round_2(profile: Profile) -> None:
    round_2 = profile.rounds["round_2"]
    computer = round_2.scored["written_computer"]
    assert computer.questions_min is not None
    assert computer.questions_max is not None
    assert (computer.questions_min.value, computer.questions_max.value) == (60, 120)
    assert (computer.minutes_min.value, computer.minutes_max.value) == (90, 180)
    assert round_2.scored["written_paper"].minutes_max.value == 180
    assert round_2.scored["interview"].minutes_max.value == 30
    assert [test.appeal.value for test in round_2.scored.values()] == [True, False, False]
    assert {test.max_points.value for test in round_2.scored.values()} == {Decimal(100)}
    assert round_2.combination
    assert {part: weight.value for part, weight in round_2.combination.weights.items()} == {
        "written": Fraction(7, 10),
        "interview": Fraction(3, 10),
    }
    assert round_2.combination.decimals.value == 2


def test_who_sits_which_round(profile: Profile) -> None:
    assert {rank.id: rank.rounds.value for rank in profile.ranks.values()} == {
        "nhan_vien": ("practical",),
        "chuyen_vien": ("round_1", "round_2"),
        "chuyen_vien_chinh": ("round_2",),
        "chuyen_vien_cao_cap": ("project",),
    }


def test_sanctions(profile: Profile) -> None:
    assert {rule.id: (rule.deduction, rule.annuls) for rule in profile.sanctions.values()} == {
        "reprimand": (Fraction(1, 4), False),
        "warning": (Fraction(1, 2), False),
        "suspension": (Fraction(1), True),
        "annulment": (Fraction(1), True),
    }


def test_priority_and_ranking(profile: Profile) -> None:
    assert [group.points for group in profile.priority_on(TODAY)] == [
        Decimal("7.5"),
        Decimal(5),
        Decimal("2.5"),
        Decimal("1.5"),
    ]
    assert profile.ranking.highest_priority_only.value is True
    assert profile.ranking.least_points.value == Decimal(50)
    assert profile.ranking.tie_breaks.value == ("professional_score", "written_score", "head_decides")
    assert profile.ranking.carry_over.value is False


@pytest.mark.parametrize(
    ("when", "winner_file", "appointment", "take_up"),
    [(date(2026, 7, 31), 20, 5, 30), (date(2026, 8, 1), 15, 3, 15), (TODAY, 15, 3, 15)],
)
def test_deadlines_changed_by_the_decree_of_2026(
    profile: Profile, when: date, winner_file: int, appointment: int, take_up: int
) -> None:
    limits = {deadline.id: deadline.limit for deadline in profile.deadlines_on(when)}
    assert (limits["winner_file"], limits["appointment"], limits["take_up"]) == (winner_file, appointment, take_up)


def test_no_deadline_or_group_has_two_values_on_one_day(profile: Profile) -> None:
    for when in (date(2026, 1, 1), date(2026, 7, 31), date(2026, 8, 1), TODAY):
        ids = [deadline.id for deadline in profile.deadlines_on(when)]
        assert len(set(ids)) == len(ids)
        groups = [group.id for group in profile.priority_on(when)]
        assert len(set(groups)) == len(groups)


def clauses_in(value: Any) -> Iterator[Clause]:
    if isinstance(value, Clause):
        yield value
    elif is_dataclass(value):
        for part in fields(value):
            yield from clauses_in(getattr(value, part.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from clauses_in(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from clauses_in(item)


def test_every_clause_names_its_source_and_its_validity(profile: Profile) -> None:
    clauses = list(clauses_in(profile))
    assert len(clauses) > 80
    for clause in clauses:
        assert clause.text.strip()
        assert clause.valid_from >= date(2025, 7, 1)
        if clause.document:
            assert clause.article.startswith("Điều ")
        else:
            assert clause.note
    assert {clause.document.id for clause in clauses if clause.document} == {"nd-170", "nd-300", "tt-22"}


def test_every_plain_number_of_a_list_stands_beside_a_clause(profile: Profile) -> None:
    rules: list[Any] = [*profile.late_entry, *profile.sanctions.values(), *profile.priority, *profile.deadlines]
    for rule in rules:
        assert isinstance(rule.clause, Clause)
    for name in ("bank_ratio", "grace_seconds", "choice_options"):
        assert isinstance(getattr(profile, name), Sourced)


# --- pinned copies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile_id", profile_ids())
def test_a_pinned_copy_gives_the_same_profile(profile_id: str) -> None:
    profile = load_profile(profile_id)
    again = parse_profile(profile.text)
    assert again == profile
    assert again.digest == profile.digest
    assert len(profile.digest) == 32
    assert jcs({"text": profile.text}), "the text must travel inside a package's canonical JSON"


def test_any_change_of_the_text_changes_the_digest(profile: Profile) -> None:
    assert parse_profile(profile.text + "\n# ghi chú\n").digest != profile.digest


def test_unknown_profiles() -> None:
    for profile_id in ("cc-1999", "../cc-2025", ""):
        with pytest.raises(ProfileError):
            load_profile(profile_id)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("ratio = { value = 3,", "ratio = { value = 0,", "bank.ratio.value"),
        ("ratio = { value = 3,", 'ratio = { value = "3",', "bank.ratio.value"),
        ("ratio = { value = 3,", "ratio = { value = 3.0,", "bank.ratio.value"),
        ("ratio = { value = 3,", "ratio = { value = true,", "bank.ratio.value"),
        ("ratio = { value = 3, document", "ratio = { documents", "bank.ratio.value"),
        ("ratio = { value = 3,", "ratio = { value = 3, extra = 1,", "bank.ratio.extra"),
        ("ratio = {", "ration = {", "bank.ratio"),
        ('start = { value = true, document = "tt-22"', 'start = { value = true, document = "tt-23"',
         "sitting.programmed_start.document"),
        ("grace_seconds = { value = 120,", "grace_seconds = { value = 121,", "sitting.grace_seconds.value"),
        ("grace_seconds = { value = 120, law_silent = true,", "grace_seconds = { value = 120,",
         "sitting.grace_seconds.document"),
        ('result_shown = { value = "after_seal"', 'result_shown = { value = "at_once"', "sitting.result_shown.value"),
        ("programmed_start = { value = true", 'programmed_start = { value = "true"', "sitting.programmed_start.value"),
        ('pass_share = { value = "1/2"', "pass_share = { value = 0.5", PASS_SHARE),
        ('pass_share = { value = "1/2"', 'pass_share = { value = "3/2"', PASS_SHARE),
        ('pass_share = { value = "1/2"', 'pass_share = { value = "0/2"', PASS_SHARE),
        ('pass_share = { value = "1/2"', 'pass_share = { value = "1/0"', PASS_SHARE),
        ('written = { value = "7/10"', 'written = { value = "8/10"', f"{ROUND_2}.combination.weights"),
        ('interview = { value = "3/10"', 'talk = { value = "3/10"', f"{ROUND_2}.combination"),
        ("minutes_min = { value = 90,", "minutes_min = { value = 190,",
         f"{ROUND_2}.scored.written_computer.minutes_min"),
        ('points = "7.5"', "points = 7.5", "priority[1].points"),
        ('least_points = { value = "50"', 'least_points = { value = "-50"', "ranking.least_points.value"),
        ('tie_breaks = { value = ["professional_score",', 'tie_breaks = { value = ["lot",', "ranking.tie_breaks.value"),
        ('value = ["round_1", "round_2"]', 'value = ["round_1", "round_9"]', "ranks[2].rounds.value"),
        ('value = ["round_1", "round_2"]', 'value = ["round_1", "round_1"]', "ranks[2].rounds.value"),
        ('value = ["round_1", "round_2"]', "value = []", "ranks[2].rounds.value"),
        ('unit = "working_days"', 'unit = "weeks"', "deadlines[5].unit"),
        ("valid_from = 2026-08-01\n", 'valid_from = "2026-08-01"\n', "valid_from"),
        ("valid_from = 2026-08-01\n", "valid_from = 2026-08-01T00:00:00Z\n", "valid_from"),
        ("to = 2026-07-31", "to = 2025-06-30", "priority[3].from"),
        ('format = "khaothi-profile/1"', 'format = "khaothi-profile/2"', "format"),
        ('id = "cc-2025"', 'id = " "', "id"),
        ('id = "cc-2025"', 'id = "cc-2025"\nsurprise = 1', "surprise"),
        ("[rounds.round_1.tests.general]", "[rounds.round_1.exams.general]", "rounds.round_1.exams"),
        ("[bank]", "[banks]", "bank"),
    ],
)  # fmt: skip
def test_wrong_profiles_are_refused_by_key(profile: Profile, old: str, new: str, key: str) -> None:
    assert old in profile.text
    with pytest.raises(ProfileError) as caught:
        parse_profile(profile.text.replace(old, new, 1))
    assert caught.value.key == key
    assert key in caught.value.text()


@pytest.mark.parametrize(
    "text",
    ["", "not toml at all", "format = 1", "documents = 1", "a = 1\na = 2", "\u0065\u0302 = 1", "a = 1\r\n"],
)
def test_texts_that_are_no_profile(text: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text)
    assert caught.value.text()


@pytest.mark.parametrize(
    "section", ["bank", "sitting", "rounds", "ranks", "sanctions", "priority", "ranking", "deadlines"]
)
def test_no_section_may_be_missing(profile: Profile, section: str) -> None:
    kept, skipping = [], False
    for line in profile.text.splitlines():
        if line.startswith("["):
            skipping = line.strip("[]").split(".")[0] == section
        if not skipping:
            kept.append(line)
    text = "\n".join(kept)
    tomllib.loads(text)
    with pytest.raises(ProfileError) as caught:
        parse_profile(text)
    assert section in caught.value.key
