"""The linter: each rule finds its fault, leaves the mended question alone, and nothing makes it stumble."""

import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import cycle, islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from question_bank.errors import Problem
from question_bank.lint import RULES, lint
from question_bank.lint.citations import repealed_in
from question_bank.lint.legal_sources import REPEALED, successors
from question_bank.lint.set_rules import chi_square_tail
from question_bank.questions import (
    Cloze,
    Content,
    Criterion,
    Essay,
    FillIn,
    Gap,
    LegalSource,
    Level,
    Matching,
    Metadata,
    MultipleChoice,
    Question,
    QuestionRecord,
    Rules,
    SingleChoice,
    Stimulus,
    TrueFalse,
)
from tests.question_bank import strategies

TODAY = date(2026, 11, 24)
SOUND = Metadata(topic="Tuyển dụng", level=Level.RECALL, source=LegalSource("Nghị định 170/2025/NĐ-CP", "Điều 9"))


def choice(stem: str, *options: str, key: int = 0, stimulus: Stimulus | None = None) -> SingleChoice:
    return SingleChoice(Content(stem), tuple(Content(option) for option in options), key, stimulus)


def codes(question: Question, metadata: Metadata = SOUND) -> list[str]:
    return [problem.code for problem in lint([QuestionRecord(question, metadata)], today=TODAY)]


GOOD = choice("Vòng 1 kì thi có bao nhiêu câu hỏi?", "60 câu", "30 câu", "90 câu", "120 câu")
LONG_KEY = "Sở Nội vụ phối hợp với các sở, ban, ngành có liên quan và Ủy ban nhân dân cấp xã"
PEOPLE = ("Giám đốc sở", "Trưởng phòng", "Chánh văn phòng")
DUTIES = ("Giữ gìn đoàn kết", "Bảo vệ tài sản công", "Nhận quà biếu")


def test_a_sound_question_has_no_finding() -> None:
    assert lint([QuestionRecord(GOOD, SOUND)], today=TODAY) == []


@pytest.mark.parametrize(
    ("code", "bad", "mended"),
    [
        (
            "options_nearly_identical",
            choice("Ai kí quyết định?", "Giám đốc sở", "giám đốc sở.", "Chánh văn phòng"),
            choice("Ai kí quyết định?", *PEOPLE),
        ),
        (
            "options_nearly_identical",
            choice("Hạn nộp là bao lâu?", "03 ngày làm việc", "3 ngày làm việc", "5 ngày làm việc"),
            choice("Hạn nộp là bao lâu?", "3 ngày làm việc", "5 ngày làm việc", "7 ngày làm việc"),
        ),
        (
            "options_nearly_identical",
            choice("Nghĩa vụ nào đúng?", "Hòa giải", "Hoà giải", "Tố cáo"),
            # Another tone is another word; signs and capitals of formulas mean something.
            choice("Kiểu gen nào đúng?", "Aa × aa", "AA × Aa", "vi mô", "vĩ mô"),
        ),
        (
            "option_about_others",
            choice("Ai được dự thi?", *PEOPLE, "Cả A, B, C đều đúng", key=3),
            choice("Ai được dự thi?", *PEOPLE, "Cấp trên trực tiếp", key=3),
        ),
        (
            "option_about_others",
            choice("Ai được dự thi?", *PEOPLE, "Không có phương án nào đúng"),
            # Where the letters are the question's own.
            choice("Thứ tự tăng dần của A, B, C là gì?", "A, B, C", "B, C, A", "A, C, B"),
        ),
        (
            "key_longest",
            choice("Cơ quan nào chủ trì?", LONG_KEY, "Sở Tài chính", "Sở Tư pháp", "Bộ Nội vụ"),
            choice("Cơ quan nào chủ trì?", "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", LONG_KEY),
        ),
        (
            "options_uneven",
            choice("Cơ quan nào chủ trì?", "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", LONG_KEY),
            choice("Cơ quan nào chủ trì?", "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", "Bộ Nội vụ"),
        ),
        (
            "absolute_distractors",
            choice("Hồ sơ gồm gì?", "Bản giấy và bản điện tử", "Chỉ bản giấy", "Chỉ bản điện tử"),
            choice("Hồ sơ gồm gì?", "Bản giấy và bản điện tử", "Chỉ bản giấy", "Chỉ thị và bản sao"),
        ),
        (
            "options_overlap",
            choice("Thời gian tập sự là bao lâu?", "12 tháng", "1 năm", "6 tháng"),
            choice("Thời gian tập sự là bao lâu?", "12 tháng", "2 năm", "6 tháng"),
        ),
        (
            "options_overlap",
            choice("Phòng có bao nhiêu thí sinh?", "Dưới 20 người", "Từ 15 đến 30 người", "Trên 30 người"),
            choice("Phòng có bao nhiêu thí sinh?", "Dưới 20 người", "Từ 20 đến 30 người", "Trên 30 người"),
        ),
        (
            "negation_not_emphasised",
            choice("Việc nào sau đây không phải là nghĩa vụ của công chức?", *DUTIES, key=2),
            choice("Việc nào sau đây KHÔNG phải là nghĩa vụ của công chức?", *DUTIES, key=2),
        ),
        (
            "negation_not_emphasised",
            choice("Công chức có các nghĩa vụ sau, trừ:", *DUTIES, key=2),
            SingleChoice(Content.of_html("Công chức có các nghĩa vụ sau, <b>trừ</b>:"), tuple(map(Content, DUTIES)), 2),
        ),
        (
            "negation_not_emphasised",
            choice("Chọn câu sai. Công chức có nghĩa vụ:", *DUTIES, key=2),
            # A question about a negation asks for what is so.
            choice("Người không chấp hành quyết định thì bị xử lý thế nào?", *PEOPLE),
        ),
        (
            "negation_double",
            choice(
                "Đâu KHÔNG phải là mục tiêu của công vụ?", "Phục vụ nhân dân", "Không vụ lợi", "Tăng thu nhập", key=2
            ),
            choice("Đâu KHÔNG phải là mục tiêu của công vụ?", "Phục vụ nhân dân", "Không gian làm việc", "Liêm chính"),
        ),
        (
            "negation_double",
            choice("Hành vi nào KHÔNG phải là không được làm?", *DUTIES),
            choice("Hành vi nào được làm?", *DUTIES),
        ),
        (
            "stem_asks_nothing",
            choice("Vai trò của văn thư cơ quan", *PEOPLE),
            choice("Vai trò của văn thư cơ quan:", *PEOPLE),
        ),
        (
            "stem_long",
            choice(f"{'Căn cứ vào hồ sơ trên, ' * 20} ai kí quyết định?", *PEOPLE),
            choice(
                f"{'Căn cứ vào hồ sơ trên, ' * 20} ai kí quyết định?",
                *PEOPLE,
                stimulus=Stimulus("Hồ sơ", Content("Hồ sơ số 1")),
            ),
        ),
        (
            "key_repeats_stem",
            choice("Ai giữ con dấu thu nhỏ?", "Người được giao con dấu", *PEOPLE),
            choice("Ai giữ con dấu thu nhỏ?", "Người giữ con dấu", "Người khắc con dấu", "Người xin con dấu"),
        ),
        (
            "accepted_same",
            FillIn(Content("Thủ đô là …"), ("Hà Nội", "hà nội")),
            FillIn(Content("Thủ đô là …"), ("Hà Nội", "hà nội"), Rules(case=True)),
        ),
        (
            "accepted_same",
            Cloze(Content("Thủ đô là [[1]]"), (Gap(FillIn(Content(""), ("Hà Nội", "HÀ NỘI"))),)),
            Cloze(Content("Thủ đô là [[1]]"), (Gap(FillIn(Content(""), ("Hà Nội", "Thủ đô Hà Nội"))),)),
        ),
        (
            "rubric_missing",
            Essay(Content("Hãy phân tích trách nhiệm giải trình.")),
            Essay(Content("Hãy phân tích trách nhiệm giải trình."), (Criterion(Content("Nêu khái niệm"), Decimal(5)),)),
        ),
        (
            "last_pair_free",
            Matching(Content("Ghép cột."), ("Nghị định", "Luật"), ("Chính phủ", "Quốc hội"), (0, 1)),
            Matching(Content("Ghép cột."), ("Nghị định", "Luật"), ("Chính phủ", "Quốc hội", "Bộ"), (0, 1)),
        ),
        (
            "last_pair_free",
            Matching(Content("Ghép cột."), ("Nghị định", "Luật"), ("Chính phủ", "Quốc hội"), (0, 1)),
            # An answer that serves twice leaves something to know.
            Matching(Content("Ghép."), ("Nghị định", "Luật", "Nghị quyết"), ("Chính phủ", "Quốc hội"), (0, 1, 1)),
        ),
    ],
)
def test_a_rule_finds_its_fault_and_nothing_in_the_mended_question(code: str, bad: Question, mended: Question) -> None:
    assert code in codes(bad)
    assert code not in codes(mended)


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        (Metadata(level=None, topic="x", source=SOUND.source), ["level_missing"]),
        (Metadata(level=Level.RECALL, source=SOUND.source), ["topic_missing"]),
        (Metadata(level=Level.RECALL, topic="x"), ["source_missing"]),
        (
            Metadata(level=Level.RECALL, topic="x", source=LegalSource("Luật Cán bộ, công chức 2008")),
            ["source_repealed"],
        ),
        (Metadata(level=Level.RECALL, topic="x", source=LegalSource("Luật", in_force_to=TODAY)), []),
        (
            Metadata(level=Level.RECALL, topic="x", source=LegalSource("Luật", in_force_to=date(2026, 11, 23))),
            ["source_expired"],
        ),
        (
            Metadata(level=Level.RECALL, topic="x", source=LegalSource("Luật", in_force_from=date(2026, 11, 25))),
            ["source_not_yet"],
        ),
    ],
)
def test_metadata_is_judged_by_the_day_that_is_given(metadata: Metadata, found: list[str]) -> None:
    assert codes(GOOD, metadata) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Theo Nghị định 24/2010/NĐ-CP của Chính phủ", "24/2010/NĐ-CP"),
        ("Theo 24/2010/NĐ–CP", "24/2010/NĐ-CP"),
        ("Theo NĐ số 138/2020", "138/2020/NĐ-CP"),
        ("Theo Luật số 22/2008/QH12", "22/2008/QH12"),
        ("Theo Luật Cán bộ, công chức năm 2008 (sửa đổi 2019)", "22/2008/QH12"),
        ("Theo LUẬT CBCC 2008", "22/2008/QH12"),
        ("Theo Luật Cán bộ, công chức ngày 13/11/2008", "22/2008/QH12"),
        ("Theo Luật Cán bộ, công chức ngày 13 tháng 11 năm 2008", "22/2008/QH12"),
        ("Theo Luật NSNN 83/2015", "83/2015/QH13"),
        ("Theo Thông tư 06/2020/TT-BNV", "6/2020/TT-BNV"),
        ("Theo Hiến pháp năm 1992", "Hiến pháp/1992"),
        ("Theo Luật TCCQĐP 2015", "77/2015/QH13"),
    ],
)
def test_a_dead_document_is_known_by_all_its_names(text: str, number: str) -> None:
    assert [document.number for document in repealed_in(text, TODAY)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Theo Luật Cán bộ, công chức",
        "Theo Luật Cán bộ, công chức 2025",
        "Theo Luật số 80/2025/QH15 và Nghị định 170/2025/NĐ-CP",
        "Theo Luật Tổ chức chính quyền địa phương 2025",
        "Theo Luật Thống kê số 89/2015/QH13",
        "Theo quyết định 24/2010/QĐ-UBND",
        "Luật được thông qua tháng 3/2011",
        "Theo Hiến pháp 2013, từ năm 1992",
        "Luật Đất đai có hiệu lực từ năm 2013",
    ],
)
def test_what_is_in_force_or_no_document_is_not_taken_for_a_dead_one(text: str) -> None:
    assert list(repealed_in(text, TODAY)) == []


def test_a_document_is_dead_from_its_day_on() -> None:
    text = "Theo Luật Cán bộ, công chức 2008"
    assert list(repealed_in(text, date(2025, 6, 30))) == []
    assert len(list(repealed_in(text, date(2025, 7, 1)))) == 1


def test_old_law_is_found_where_it_is_taken_for_right_and_nowhere_else() -> None:
    old = "Nghị định 138/2020/NĐ-CP"
    assert "text_cites_repealed" in codes(choice(f"Theo {old}, ai kí quyết định?", *PEOPLE))
    assert "text_cites_repealed" in codes(choice("Văn bản nào quy định việc này?", old, "Luật A", "Luật B"))
    assert "text_cites_repealed" not in codes(choice("Văn bản nào quy định việc này?", "Luật A", old, "Luật B"))
    assert "text_cites_repealed" not in codes(choice(f"Văn bản nào thay thế {old}?", *PEOPLE))
    explained = Metadata("x", Level.RECALL, source=SOUND.source, explanation=Content(f"Xem Điều 5 {old}."))
    assert codes(GOOD, explained) == ["text_cites_repealed"]


def test_the_sentence_names_what_took_the_place_of_the_document() -> None:
    metadata = Metadata("x", Level.RECALL, source=LegalSource("Nghị định 24/2010/NĐ-CP"))
    [problem] = lint([QuestionRecord(GOOD, metadata)], today=TODAY)
    assert problem.severity == "error"
    assert problem.text() == (
        "Câu 1: căn cứ “Nghị định số 24/2010/NĐ-CP” đã hết hiệu lực từ 01/12/2020, được thay bằng Nghị định số"
        " 170/2025/NĐ-CP; hãy sửa câu hoặc ngừng dùng."
    )


def test_the_table_of_repealed_documents_is_consistent() -> None:
    assert len({document.number for document in REPEALED}) == len(REPEALED)
    for document in REPEALED:
        assert document.in_force_from is None or document.in_force_from < document.repealed_on, document
        assert document.source
        assert successors(document, TODAY), document
        cited = document.name if document.number[0].isdigit() else f"{document.title}"
        assert [found.number for found in repealed_in(cited, TODAY)] == [document.number]


def test_faults_that_forbid_use_are_told_with_their_own_codes() -> None:
    broken = choice("Cơ quan nào?", "Chính phủ", "Chính phủ", key=7)
    assert {"options_identical", "key_out_of_range"} <= set(codes(broken))
    assert "key_missing" in codes(MultipleChoice(Content("Cơ quan nào?"), GOOD.options, ()))


def test_two_questions_that_contradict_each_other_are_found() -> None:
    first, other = choice("Ai kí?", *PEOPLE), choice("AI kí ?", *PEOPLE, key=1)
    records = [QuestionRecord(one, SOUND) for one in (GOOD, first, other, choice("Ai kí?", PEOPLE[2], "Văn thư"))]
    found = [(problem.place.row, problem.code) for problem in lint(records, today=TODAY)]
    assert found == [(3, "question_twice_other_key"), (4, "stem_twice_other_key")]
    statements = [QuestionRecord(TrueFalse(Content("Công chức là cán bộ."), key), SOUND) for key in (True, False)]
    assert [problem.code for problem in lint(statements, today=TODAY)] == ["question_twice_other_key"]
    same = [QuestionRecord(choice("Ai kí?", PEOPLE[0], word), SOUND) for word in ("Kế toán", "Văn thư", "Thủ quỹ")]
    assert lint(same, today=TODAY) == []


def many(keys: Sequence[int], level: Level | None = None, last: str = "Văn thư") -> list[QuestionRecord]:
    return [
        QuestionRecord(choice(f"Câu {index}: ai kí?", *PEOPLE, last, key=key), Metadata(level=level))
        for index, key in enumerate(keys)
    ]


def of_set(records: list[QuestionRecord]) -> list[Problem]:
    return [problem for problem in lint(records, today=TODAY) if problem.place.row is None]


def test_keys_that_prefer_a_place_are_found_in_a_set() -> None:
    [problem] = of_set(many([1] * 20 + [0, 2, 3, 1] * 5))
    assert problem.place.row is None
    assert problem.text().startswith("Đáp án không rải đều: A 5 · B 25 · C 5 · D 5 trong 40 câu (χ² = 30,0, p < 0,001)")


@pytest.mark.parametrize(
    "records",
    [
        many(list(islice(cycle(range(4)), 40))),
        many([1] * 19),
        many([1] * 19, last="Cả A, B, C đều đúng"),
        # The last one never moves, so that it is right says nothing about a habit.
        many([3] * 40, last="Cả A, B, C đều đúng"),
    ],
)
def test_sets_that_are_even_small_or_pinned_are_left_alone(records: list[QuestionRecord]) -> None:
    assert of_set(records) == []


def test_a_set_with_one_level_is_told() -> None:
    even = list(islice(cycle(range(4)), 40))
    assert [problem.code for problem in of_set(many(even, Level.RECALL))] == ["levels_one_sided"]
    mixed = many(even[:20], Level.RECALL) + many(even[20:], Level.APPLICATION)
    assert of_set(mixed) == []


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 20])
@pytest.mark.parametrize("statistic", [0.0, 0.5, 3.84, 11.34, 40.0, 300.0])
def test_the_chance_of_a_chi_square_value_is_right(statistic: float, degrees: int) -> None:
    assert chi_square_tail(statistic, degrees) == pytest.approx(chi2.sf(statistic, degrees), rel=1e-9)


def test_rules_have_codes_of_their_own_and_say_why() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.title
        assert rule.why.endswith(".")
        assert rule.source


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(strategies.records(strategies.EVERYTHING), max_size=4))
def test_any_questions_are_judged_and_findings_are_numbered(records: list[QuestionRecord]) -> None:
    known = {rule.code for rule in RULES} | {problem.code for one in records for problem in one.question.validate()}
    found = lint(records, today=TODAY)
    assert [problem.number for problem in found] == list(range(1, len(found) + 1))
    assert {problem.code for problem in found} <= known
    assert all(problem.text() for problem in found)
    assert all(problem.place.row and problem.place.unit == "question" for problem in found)


@pytest.mark.parametrize(
    "text", ["9" * 6000, "không phải " * 800, "luật " * 1500, "từ 1 đến " * 800, "a/" * 3000 + "2008"]
)
def test_long_hostile_texts_cost_no_time(text: str) -> None:
    begin = time.process_time()
    lint([QuestionRecord(choice(text, text, f"{text}.", "x", key=-1), SOUND)], today=TODAY)
    assert time.process_time() - begin < 1
