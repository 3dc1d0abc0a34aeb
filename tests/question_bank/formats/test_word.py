"""Question banks as councils type them in Word: numbers, options, keys, labelled lines, headings, passages."""

import pytest
from docx import Document

from question_bank.formats import word
from question_bank.questions import Level
from tests.question_bank.factories import codes
from tests.question_bank.word_documents import add, paragraphs, saved, table

ABC = ("A. Chính phủ", "B. Quốc hội", "C. Tòa án")


def read(*texts):
    """Return the result of a document with these paragraphs."""
    return word.read(paragraphs(*texts), "ngân hàng.docx")


def shown(result):
    """Return each question as (stem, options, key), the key as its letters, truths or words."""
    found = []
    for _, record in result.records:
        question = record.question
        key = question.key_json()
        key = key.get("option", key.get("options", key.get("values", key.get("value", key.get("accepted")))))
        key = "ABCDEFGHIJ"[key] if type(key) is int else "".join("ABCDEFGHIJ"[one] for one in key) if (
            isinstance(key, list) and key and all(type(one) is int for one in key)) else key  # fmt: skip
        found.append((str(question.stem), [str(text) for text in question.texts()], key))
    return found


@pytest.mark.parametrize(
    "number",
    ["Câu 1. ", "Câu 1: ", "Câu 1) ", "CÂU 1: ", "Câu hỏi 1. ", "**Câu 1.** ", "Câu 1 (NB). ", "Câu 1/ ", "câu 1 - "],
)
def test_numbers_in_front_are_taken_off(number):
    assert shown(read(f"{number}Cơ quan nào ban hành nghị định?", *ABC, "Đáp án: A")) == [
        ("Cơ quan nào ban hành nghị định?", ["Chính phủ", "Quốc hội", "Tòa án"], "A")
    ]


@pytest.mark.parametrize(
    ("line", "stem"),
    [
        ("Câu 1: -5 + 3 bằng bao nhiêu?", "-5 + 3 bằng bao nhiêu?"),
        ("Câu 1. – x + 1 là gì?", "– x + 1 là gì?"),
        ("Câu 1 (NB) -(a + b) là gì?", "-(a + b) là gì?"),
        ("Câu 1 -x + 1 là gì?", "-x + 1 là gì?"),
        ("Câu 1. ....... là thủ đô", "....... là thủ đô"),
        ("Câu 1 ....... là thủ đô", "....... là thủ đô"),
        ("Câu 1. .NET là gì?", ".NET là gì?"),
        ("Câu 1.5 + 3 bằng bao nhiêu?", "5 + 3 bằng bao nhiêu?"),
        ("Câu 1.1. Thủ đô?", "Thủ đô?"),
        ("Câu 1.1 Thủ đô?", "Thủ đô?"),
        ("Câu 1.- Thủ đô?", "Thủ đô?"),
        ("Câu 1 (NB) – Thủ đô?", "Thủ đô?"),
    ],
)
def test_what_a_stem_begins_with_is_not_taken_for_a_part_of_its_number(line, stem):
    options = ("A. 5", "B. -8", "C. - x + 1", "D. – 7")
    assert shown(read(line, *options, "Đáp án: B")) == [(stem, ["5", "-8", "- x + 1", "– 7"], "B")]


@pytest.mark.parametrize("form", ["{}. ", "{}: ", "{}) ", "{}/ "])
def test_bare_numbers_count_where_a_file_numbers_so(form):
    one, two = form.format(133), form.format(134)
    result = read(f"{one}Cơ quan nào?", *ABC, "Đáp án: A", f"{two}Ai bổ nhiệm?", *ABC, "Đáp án: B")
    assert [(stem, key) for stem, _, key in shown(result)] == [("Cơ quan nào?", "A"), ("Ai bổ nhiệm?", "B")]


def test_numbered_statements_inside_a_stem_begin_no_question():
    result = read(
        "1. Cho các phát biểu:", "1. Một là", "2. Hai là", "3. Ba là", "Số phát biểu đúng:", "A. 1", "B. 2",
        "Đáp án: B", "2. Câu sau?", *ABC, "Đáp án: C",
    )  # fmt: skip
    assert [(stem, key) for stem, _, key in shown(result)] == [
        ("Cho các phát biểu:\n1. Một là\n2. Hai là\n3. Ba là\nSố phát biểu đúng:", "B"), ("Câu sau?", "C")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("A. một", "B. hai", "C. ba", "D. bốn"),
        ("A) một", "B) hai", "C) ba", "D) bốn"),
        ("a) một", "b) hai", "c) ba", "d) bốn"),
        ("(A) một", "(B) hai", "(C) ba", "(D) bốn"),
        ("A/ một", "B/ hai", "C/ ba", "D/ bốn"),
        ("A – một", "B – hai", "C - ba", "D – bốn"),
        ("A. một\tB. hai", "C. ba\tD. bốn"),
        ("A. một    B. hai    C. ba    D. bốn",),
        ("A. một B. hai C. ba D. bốn",),
        ("A. một\nB. hai\nC. ba\nD. bốn",),
        ("A.\u00a0một\t\tB.\u00a0hai", "", "C.ba\tD.bốn"),
    ],
)
def test_options_are_found_however_they_stand(lines):
    assert shown(read("Câu 1. Số nào?", *lines, "Đáp án: C")) == [("Số nào?", ["một", "hai", "ba", "bốn"], "C")]


def test_options_behind_the_stem_on_its_line_are_found():
    assert shown(read("Câu 1: Thủ đô là? A. Huế B. Hà Nội C. Vinh D. Cần Thơ", "Đáp án: B")) == [
        ("Thủ đô là?", ["Huế", "Hà Nội", "Vinh", "Cần Thơ"], "B")
    ]


def test_names_with_a_letter_are_no_options():
    result = read(
        "Câu 1. Ông A. và bà B. tranh chấp", "với ông C. về đất.", "A. Đúng luật", "B. Ông D. sai", "Đáp án: B"
    )
    assert shown(result) == [("Ông A. và bà B. tranh chấp\nvới ông C. về đất.", ["Đúng luật", "Ông D. sai"], "B")]


def test_letters_that_may_be_options_or_words_refuse_the_question():
    for line in (
        "A. một    B. hai C. ba D. bốn",
        "A. Nhóm B. B. Nhóm C. C. Nhóm D. D. Nhóm A.",
        "Ông A. và bà B. nói gì? A. một B. hai C. ba",
    ):
        result = read("Câu 1. Chọn?", line, "Đáp án: B")
        assert codes(result) == ["options_unclear"]
        assert not result.records
    assert shown(read("Câu 1. Ông A. nói gì? A. một B. ông D. C. ba", "Đáp án: B"))[0][0] == "Ông A. nói gì?"


def test_stems_and_options_of_several_paragraphs_are_joined():
    result = read("Câu 1. Dòng một", "dòng hai", "A. một", "thêm một", "B. hai", "Đáp án: A")
    assert shown(result) == [("Dòng một\ndòng hai", ["một\nthêm một", "hai"], "A")]
    result = read("Câu 1. Hỏi", "A. một", "B. hai", "đoạn lạ", "Đáp án: A")
    assert shown(result)[0][1] == ["một", "hai\nđoạn lạ"]
    assert codes(result) == ["option_continued"]
    result = read("Câu 1. Hỏi", "A. một", "B. hai", "", "đoạn lạ", "Đáp án: A")
    assert shown(result)[0][1] == ["một", "hai"]
    assert codes(result) == ["text_loose"]


@pytest.mark.parametrize("lines", [("A. một\tC. ba", "B. hai\tD. bốn"), ("A. một", "C. ba", "B. hai", "D. bốn")])
def test_options_in_two_columns_are_put_in_the_order_of_their_letters(lines):
    assert shown(read("Câu 1. Số nào?", *lines, "Đáp án: C")) == [("Số nào?", ["một", "hai", "ba", "bốn"], "C")]


@pytest.mark.parametrize(
    "lines",
    [("A. một", "B. hai", "B. ba", "D. bốn"), ("A. một", "hai", "C. ba", "D. bốn"), ("A. một", "C. ba"), ("A. một",)],
)
def test_letters_that_are_missing_or_twice_refuse_the_question(lines):
    for key in ("A", "B", "hai", "một"):
        assert not read("Câu 1. Số nào?", *lines, f"Đáp án: {key}").records


def test_two_questions_run_together_are_refused():
    result = read("Câu 1. Hỏi", "A. một", "B. hai", "Một câu không số?", "A. ba", "B. bốn", "Đáp án: A")
    assert "options_disordered" in codes(result)
    assert not result.records


def test_questions_without_options_are_of_other_kinds():
    result = read(
        "Câu 1. Nghị định do Chính phủ ban hành.", "Đáp án: Đúng", "Câu 2. Thủ đô là …",
        "Đáp án: Hà Nội | Thành phố Hà Nội", "Câu 3. Phân tích nguyên tắc.", "Hướng dẫn chấm: Nêu đủ ba ý", "và ví dụ",
        "Câu 4. Tính số dân", "Loại câu: điền số", "Đáp án: 12,5",
    )  # fmt: skip
    kinds = [record.question.kind for _, record in result.records]
    assert kinds == ["true_false", "fill_in", "essay", "numeric"]
    assert str(result.records[2][1].question.guide) == "Nêu đủ ba ý\nvà ví dụ"
    result = read("Câu 1. Phân tích.", "Mức độ: VD", "Hướng dẫn chấm: một", "ý hai", "Chủ đề: x")
    assert (shown(result)[0][0], str(result.records[0][1].question.guide)) == ("Phân tích.", "một\ný hai")
    result = read("Câu 1. Trả lời:", "a) Nêu khái niệm", "b) Cho ví dụ", "Hướng dẫn chấm: Đủ ý")
    assert shown(result)[0][0] == "Trả lời:\na) Nêu khái niệm\nb) Cho ví dụ"
    for heading in ("PHẦN II. TỰ LUẬN", "II. Phần tự luận", "Tự luận (4 điểm)"):
        result = read(heading, "Câu 1. Trình bày khái niệm.", "Câu 2. So sánh.")
        assert [record.question.kind for _, record in result.records] == ["essay", "essay"]


def test_labelled_lines_are_metadata():
    result = read(
        "Câu 1 (TH): Ai?", *ABC, "Đáp án: A", "Mã: HC-01", "Chủ đề: Bộ máy", "Căn cứ: Luật Tổ chức Chính phủ, Điều 4",
        "Tác giả: Tổ 1", "Nhãn: luật; bộ máy", "Giải thích: Vì Hiến pháp", "quy định như vậy.",
    )  # fmt: skip
    metadata = result.records[0][1].metadata
    assert (metadata.level, metadata.code, metadata.topic) == (Level.UNDERSTANDING, "HC-01", "Bộ máy")
    assert (metadata.source.document, metadata.source.article) == ("Luật Tổ chức Chính phủ", "Điều 4")
    assert (metadata.author, metadata.tags) == ("Tổ 1", ("luật", "bộ máy"))
    assert metadata.explanation == "Vì Hiến pháp\nquy định như vậy."
    assert result.problems == ()


@pytest.mark.parametrize(
    ("above", "stem", "level"),
    [
        (("Đọc:", "Văn bản: Luật X", "Lĩnh vực: y", "Ai ký?"), "Đọc:\nVăn bản: Luật X\nLĩnh vực: y\nAi ký?", None),
        (("Ông A. và bà B. đọc:", "Lý do: x", "Ai sai?"), "Ông A. và bà B. đọc:\nLý do: x\nAi sai?", None),
        (("Ai quyết định?", "Chủ đề: bầu cử"), "Ai quyết định?\nChủ đề: bầu cử", None),
        (("Ai ký?", "Mức độ: TH"), "Ai ký?", Level.UNDERSTANDING),
        (("", "Mức độ: TH", "Chủ đề: bầu cử", "Ai ký?"), "Ai ký?", Level.UNDERSTANDING),
    ],
)
def test_lines_of_a_stem_that_look_labelled_stay_in_it(above, stem, level):
    result = read(f"Câu 1. {above[0]}", *above[1:], "A. một", "B. hai", "Đáp án: A", "Tác giả: Tổ 1")
    record = result.records[0][1]
    assert (str(record.question.stem), record.metadata.level, record.metadata.author) == (stem, level, "Tổ 1")
    assert codes(result) == ["label_in_stem"] * (": " in stem)


@pytest.mark.parametrize(
    ("written", "document", "article"),
    [
        ("Khoản 1 Điều 4 Luật Viên chức", "Luật Viên chức", "Khoản 1 Điều 4"),
        ("Điểm a khoản 2 Điều 10 của Nghị định 138", "Nghị định 138", "Điểm a khoản 2 Điều 10"),
        ("Luật Viên chức, khoản 1 Điều 4", "Luật Viên chức", "khoản 1 Điều 4"),
        ("Luật Cán bộ, công chức", "Luật Cán bộ, công chức", None),
    ],
)
def test_a_legal_source_is_taken_apart(written, document, article):
    source = read("Câu 1. Ai?", *ABC, "Đáp án: A", f"Căn cứ: {written}").records[0][1].metadata.source
    assert (source.document, source.article) == (document, article)


def test_letters_of_lost_fonts_are_repaired_everywhere():
    result = read("Câu 1. Ai đƣợc bầu?", "A. Thủ tƣớng", "B. Bộ trưởng", "Đáp án: Thủ tướng")
    assert shown(result) == [("Ai được bầu?", ["Thủ tướng", "Bộ trưởng"], "A")]
    assert codes(result) == ["letter_repaired"]


def test_headings_are_topics_and_levels():
    question = ("A. một", "B. hai", "Đáp án: A")
    result = read(
        "NGÂN HÀNG CÂU HỎI", "CHƯƠNG 1. TỔ CHỨC", "**I. NHẬN BIẾT**", "Câu 1. a?", *question,
        "**II. Thông hiểu**", "Câu 2. b?", *question, "Chủ đề 2: Thủ tục", "Câu 3. c?", *question,
        "**VĂN HÓA CÔNG SỞ**", "Câu 4. d?", *question,
    )  # fmt: skip
    assert [(record.metadata.topic, record.metadata.level) for _, record in result.records] == [
        ("CHƯƠNG 1. TỔ CHỨC", Level.RECALL), ("CHƯƠNG 1. TỔ CHỨC", Level.UNDERSTANDING), ("Thủ tục", None),
        ("VĂN HÓA CÔNG SỞ", None),
    ]  # fmt: skip
    document = Document()
    add(document, "Quyền của công dân", "Heading 1")
    for text in ("Câu 1. a?", *question):
        add(document, text)
    assert word.read(saved(document), "a.docx").records[0][1].metadata.topic == "Quyền của công dân"


def test_defaults_and_required_fields_are_those_of_every_format():
    data = paragraphs("Câu 1. Ai?", *ABC, "Đáp án: A")
    assert codes(word.read(data, "a.docx", required=("topic", "level"))) == ["topic_missing", "level_missing"]
    record = word.read(data, "a.docx", defaults={"topic": "Luật", "level": "VD"}, required=("topic", "level")).records[
        0
    ][1]
    assert (record.metadata.topic, record.metadata.level) == ("Luật", Level.APPLICATION)


ANSWERS = [
    ("BẢNG ĐÁP ÁN", "1.A 2.C 3.B"),
    ("ĐÁP ÁN", "1-A; 2-C; 3-B"),
    ("1A, 2C, 3B",),
    ("Câu 1: A", "Câu 2: C", "Câu 3: B"),
    ("ĐÁP ÁN", "Câu 1. Chọn A. Vì luật quy định.", "Câu 2: Đáp án C", "Câu 3. B"),
]


@pytest.mark.parametrize("answers", ANSWERS)
def test_answers_at_the_end_belong_to_their_numbers(answers):
    result = read(*(text for number in (1, 2, 3) for text in (f"Câu {number}. Ai {number}?", *ABC)), *answers)
    assert [key for _, _, key in shown(result)] == ["A", "C", "B"]
    assert [problem.text() for problem in result.problems] == []


def test_answers_in_tables_belong_to_their_numbers():
    for rows in (
        [("Câu", "1", "2", "3"), ("Đáp án", "A", "C", "B")],
        [("Câu", "Đáp án"), ("1", "A"), ("2", "C"), ("3", "B")],
        [("Câu", "ĐA", "Câu", "ĐA"), ("1", "A", "3", "B"), ("2", "C", "", "")],
        [("Đáp án", "Câu", "Đáp án", "Câu"), ("A", "1", "B", "3"), ("C", "2", "", "")],
        [("1", "A"), ("2", "C"), ("3", "B"), ("4", "")],
        [("1.A", "2.C", "3.B")],
        [("1", "2"), ("A", "C"), ("3", ""), ("B", "")],
    ):
        document = Document()
        for number in (1, 2, 3):
            for text in (f"Câu {number}. Ai {number}?", *ABC):
                add(document, text)
        table(document, *rows)
        result = word.read(saved(document), "a.docx")
        assert [key for _, _, key in shown(result)] == ["A", "C", "B"], rows


def test_answers_that_are_not_clear_are_not_used():
    for rows in (
        [("Câu", "Mã 101", "Mã 102"), ("1", "A", "B"), ("2", "C", "A")],
        [("B", "1", "A", "2"), ("A", "3", "C", "4")],
        [("", "1", "A", "2"), ("", "3", "C", "4")],
    ):
        document = Document()
        for text in ("Câu 1. Ai?", *ABC, "Câu 2. Gì?", *ABC):
            add(document, text)
        table(document, *rows)
        assert codes(word.read(saved(document), "a.docx")) == ["answers_unclear", "key_missing", "key_missing"]
    result = read("Câu 1. Ai?", *ABC, "Câu 1. Gì?", *ABC, "ĐÁP ÁN", "1.A 2.B")
    assert codes(result).count("number_twice") == 2
    assert "answers_without_question" in codes(result)
    result = read("Câu 1. Ai?", *ABC, "Đáp án: B", "Câu 2. Gì?", *ABC, "BẢNG ĐÁP ÁN", "1.A 2.B")
    assert "key_sources_disagree" in codes(result)
    assert len(result.records) == 1


def test_each_chapter_has_answers_of_its_own():
    result = read(
        "Câu 1. Ai?", *ABC, "ĐÁP ÁN", "Câu 1: A", "CHƯƠNG 2. Đất đai", "Câu 1. Gì?", *ABC, "ĐÁP ÁN", "Câu 1: B"
    )
    assert [key for _, _, key in shown(result)] == ["A", "B"]


def test_a_passage_belongs_to_the_questions_that_its_line_names():
    options = ("A. một", "B. hai", "Đáp án: A")
    result = read(
        "Câu 1. a?", *options, "Đọc đoạn văn sau và trả lời các câu từ 2 đến 3:", "Đoạn một", "Đoạn hai",
        "Câu 2. b?", *options, "Câu 3. c?", *options, "Câu 4. d?", *options,
        "Tình huống 1 (câu 5 – 6): Ông X xây nhà.", "Câu 5. e?", *options,
        "Câu 6. g?", *options,
    )  # fmt: skip
    stimuli = [record.question.stimulus for _, record in result.records]
    assert [one and (one.title, str(one.text)) for one in stimuli] == [
        None, ("", "Đoạn một\nĐoạn hai"), ("", "Đoạn một\nĐoạn hai"), None, ("Tình huống 1", "Ông X xây nhà."),
        ("Tình huống 1", "Ông X xây nhà."),
    ]  # fmt: skip
    assert result.problems == ()
    result = read("Đọc đoạn văn sau và trả lời câu hỏi", "Đoạn", "Câu 1. a?", *options, "Câu 2. b?", *options)
    assert codes(result) == ["stimulus_unscoped"]
    assert result.records[1][1].question.stimulus is None
