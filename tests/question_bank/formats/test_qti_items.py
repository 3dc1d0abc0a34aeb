"""QTI: what single items of other programs come to."""

from decimal import Decimal
from fractions import Fraction

import pytest

from question_bank.formats import qti
from question_bank.questions import (
    Cloze,
    Essay,
    FillIn,
    Gap,
    Matching,
    Metadata,
    MultipleChoice,
    Number,
    Numeric,
    Ordering,
    Rules,
    SingleChoice,
    TrueFalse,
    TrueFalseCluster,
)
from tests.question_bank.formats.qti_files import V30, choice, declared, item, only, refused, template

# --- what other programs write ---------------------------------------------------------------------------------------


def test_text_around_and_prompt_are_the_stem():
    found, said = only(item(f"<p>Đọc:\n   kỹ</p>{choice()}<p>Chọn một.</p>", declared("B"), template("match_correct")))
    assert found.question == SingleChoice("Đọc: kỹ\nAi ký?\nChọn một.", ("Chủ tịch", "Giám đốc", "Trưởng phòng"), 1)
    assert found.metadata == Metadata()
    assert said == []


def test_names_of_version_3_are_the_same_names():
    data = f"""<qti-assessment-item xmlns="{V30}" identifier="i" title="t" time-dependent="false" xml:lang="en-US">
      <qti-response-declaration base-type="identifier" cardinality="multiple" identifier="RESPONSE">
      <qti-correct-response><qti-value>A</qti-value><qti-value>C</qti-value></qti-correct-response>
      </qti-response-declaration><qti-item-body><p>Which?</p>
      <qti-choice-interaction max-choices="0" response-identifier="RESPONSE"><qti-prompt><p>Pick.</p></qti-prompt>
      <qti-simple-choice identifier="A">one</qti-simple-choice><qti-simple-choice identifier="B">two</qti-simple-choice>
      <qti-simple-choice identifier="C">three</qti-simple-choice></qti-choice-interaction></qti-item-body>
      <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
      </qti-assessment-item>""".encode()
    found, said = only(data)
    assert found.question == MultipleChoice("Which?\nPick.", ("one", "two", "three"), (0, 2))
    assert found.metadata.language == "en"
    assert said == []
    assert qti.looks_like(data)


def mapping(entries, attributes='defaultValue="0"'):
    inside = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in entries.items())
    return f"<mapping {attributes}>{inside}</mapping>"


@pytest.mark.parametrize(
    ("entries", "attributes", "key", "cardinality", "weights"),
    [
        ({"A": 2, "B": 1}, 'defaultValue="0"', "A", "single", ("1", "1/2", "0")),
        ({"A": 1}, 'defaultValue="0"', "A", "single", ()),
        ({"A": 1}, 'defaultValue="-3"', "A", "single", ("1", "-1", "-1")),
        ({"A": 1, "B": 1}, 'defaultValue="-2" lowerBound="0" upperBound="2"', "AB", "multiple", ("1/2", "1/2", "-1")),
        ({"A": "0.5", "B": "0.5", "C": "-0.5"}, 'defaultValue="0"', "AB", "multiple", ()),
    ],
)
def test_a_mapping_gives_weights(entries, attributes, key, cardinality, weights):
    declaration = declared(*key, cardinality=cardinality, mapping=mapping(entries, attributes))
    limit = 'maxChoices="1"' if cardinality == "single" else 'maxChoices="0"'
    found, _ = only(item(choice(attributes=limit), declaration, template("map_response")))
    assert found.question.weights == tuple(map(Fraction, weights))


def test_a_mapping_that_is_not_used_gives_no_weights():
    declaration = declared("A", mapping=mapping({"A": 2, "B": 1}))
    found, _ = only(item(choice(), declaration, template("match_correct")))
    assert found.question.weights == ()


@pytest.mark.parametrize(
    ("body", "declarations", "codes"),
    [
        (choice(), declared(), ["key_missing"]),
        (choice(), declared("Z"), ["key_out_of_range"]),
        (choice(), declared("A", "B"), ["key_several"]),
        (choice(options="AAB"), declared("A"), ["identifiers_twice"]),
        (choice(), "", ["response_undeclared"]),
        (choice(), declared("A", mapping=mapping({"B": 1})), ["key_against_marks"]),
        (choice(), declared("A", mapping=mapping({"A": 1, "B": 1})), ["key_against_marks"]),
        (choice(), declared("A", mapping=mapping({"A": "một"})), ["number_unreadable"]),
        (choice(attributes='maxChoices="0"'), declared("A", cardinality="multiple", mapping=mapping({"A": 1, "B": 1})),
         ["key_against_marks"]),
        (choice(options=[str(one) for one in range(90)]), declared("1"), ["choices_too_many"]),
        ('<p><img src="a.png" alt="sơ đồ"/></p>' + choice(), declared("A"), ["picture_missing"]),
        ('<object type="text/html" data="bai.html"/>' + choice(), declared("A"), ["part_unreadable"]),
        ("<video><source src='a.mp4'/></video>" + choice(), declared("A"), ["part_unreadable"]),
        (choice() + choice(), declared("A"), ["kind_unsupported"]),
    ],
)  # fmt: skip
def test_an_uncertain_question_is_refused_with_its_reason(body, declarations, codes):
    assert refused(item(body, declarations, template("map_response"))) == codes


@pytest.mark.parametrize(
    "name",
    ["associateInteraction", "gapMatchInteraction", "hotspotInteraction", "hottextInteraction", "sliderInteraction",
     "uploadInteraction", "drawingInteraction", "graphicOrderInteraction", "mediaInteraction", "customInteraction",
     "portableCustomInteraction", "endAttemptInteraction", "positionObjectInteraction", "selectPointInteraction"],
)  # fmt: skip
def test_an_interaction_that_is_no_kind_of_ours_is_named(name):
    result = qti.read(item(f'<p>Câu</p><{name} responseIdentifier="RESPONSE"/>', declared("A")), "cau.xml")
    assert [problem.code for problem in result.problems] == ["kind_unsupported"]
    assert name in result.problems[0].text()
    assert result.refused[0].raw["identifier"] == "cau"


def test_adaptive_items_and_templates_are_named():
    adaptive = item(choice(), declared("A")).replace(b'adaptive="false"', b'adaptive="true"')
    assert refused(adaptive) == ["kind_unsupported"]
    declaration = '<templateDeclaration identifier="n" cardinality="single" baseType="integer"/>'
    assert refused(item(choice(), declared("A") + declaration)) == ["kind_unsupported"]


def test_true_and_false_are_one_statement_only_when_the_file_says_so():
    options = '<simpleChoice identifier="true">True</simpleChoice><simpleChoice identifier="false">False</simpleChoice>'
    body = f'<p>Trái Đất tròn.</p><choiceInteraction responseIdentifier="RESPONSE">{options}</choiceInteraction>'
    assert only(item(body, declared("false")))[0].question == TrueFalse("Trái Đất tròn.", False)
    other = body.replace(">True<", ">Có<").replace(">False<", ">Không<")
    assert only(item(other, declared("false")))[0].question == SingleChoice("Trái Đất tròn.", ("Có", "Không"), 1)


def match_item(pairs, targets=("T1", "T2"), words=("cột một", "cột hai"), mapped=""):
    left = "".join(
        f'<simpleAssociableChoice identifier="S{n}" matchMax="1">ý {n}</simpleAssociableChoice>' for n in (1, 2)
    )
    right = "".join(
        f'<simpleAssociableChoice identifier="{one}" matchMax="4">{word}</simpleAssociableChoice>'
        for one, word in zip(targets, words, strict=True)
    )
    body = (
        '<matchInteraction responseIdentifier="RESPONSE"><prompt>Ghép</prompt>'
        f"<simpleMatchSet>{left}</simpleMatchSet><simpleMatchSet>{right}</simpleMatchSet></matchInteraction>"
    )
    declaration = declared(*pairs, cardinality="multiple", base="directedPair", mapping=mapped)
    return item(body, declaration, template("map_response" if mapped else "match_correct"))


def test_a_match_is_a_matching_or_a_table_of_statements():
    assert only(match_item(["S1 T2", "S2 T2"]))[0].question == Matching(
        "Ghép", ("ý 1", "ý 2"), ("cột một", "cột hai"), (1, 1)
    )
    table = match_item(["S1 true", "S2 false"], ("true", "false"), ("Đúng", "Sai"))
    assert only(table)[0].question == TrueFalseCluster("Ghép", ("ý 1", "ý 2"), (True, False))
    assert refused(match_item(["S1 T1", "S1 T2", "S2 T1"])) == ["pairs_several"]
    assert refused(match_item(["S1 T1"])) == ["pairs_wrong"]
    assert refused(match_item(["S1"])) == ["key_out_of_range"]
    uneven = match_item(["S1 T1", "S2 T2"], mapped=mapping({"S1 T1": 1, "S2 T2": 2}))
    assert only(uneven)[1] == ["pair_marks"]


def test_an_order_names_every_item():
    choices = "".join(f'<simpleChoice identifier="{one}">bước {one}</simpleChoice>' for one in "ABC")
    body = f'<orderInteraction responseIdentifier="RESPONSE"><prompt>Xếp</prompt>{choices}</orderInteraction>'
    declaration = declared("C", "A", "B", cardinality="ordered")
    assert only(item(body, declaration))[0].question == Ordering("Xếp", ("bước C", "bước A", "bước B"))
    assert refused(item(body, declared("C", "A", cardinality="ordered"))) == ["order_incomplete"]


ENTRY = '<textEntryInteraction responseIdentifier="RESPONSE"/>'


def test_a_text_entry_is_a_word_or_a_number():
    sentence = item(f"<p>Thủ đô là {ENTRY}.</p>", declared("Hà Nội", base="string"), template("match_correct"))
    assert only(sentence)[0].question == FillIn("Thủ đô là _____.", ("Hà Nội",), Rules(case=True))
    alone = item(f"<p>Thủ đô?</p><p>{ENTRY}</p>", declared("7", base="integer"), template("match_correct"))
    assert only(alone)[0].question == Numeric("Thủ đô?", (Number(Decimal(7)),))


def test_a_mapping_gives_the_accepted_words():
    words = mapping({"Hà Nội": 1, "Thăng Long": "0.5", "Huế": 0})
    found, _ = only(item(f"<p>{ENTRY} là thủ đô</p>", declared(base="string", mapping=words), template("map_response")))
    assert found.question.accepted == ("Hà Nội", "Thăng Long")
    assert found.question.weights == (Fraction(1), Fraction(1, 2))
    other = declared("Huế", base="string", mapping=words)
    assert refused(item(f"<p>{ENTRY} là thủ đô</p>", other, template("map_response"))) == ["key_against_marks"]
    mixed = words.replace('mappedValue="0.5"', 'mappedValue="1" caseSensitive="false"')
    assert refused(item(f"<p>a {ENTRY}</p>", declared(base="string", mapping=mixed), template("map_response"))) == [
        "case_mixed"
    ]


def processing(test, worth="1"):
    return (
        f'<responseProcessing><responseCondition><responseIf>{test}<setOutcomeValue identifier="SCORE"><baseValue '
        f'baseType="float">{worth}</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>'
    )


@pytest.mark.parametrize(
    ("attributes", "numbers", "said"),
    [
        ('toleranceMode="exact"', (Number(Decimal(50)),), []),
        ('toleranceMode="absolute" tolerance="0.5 0.5"', (Number(Decimal(50), Decimal("0.5")),), []),
        ('toleranceMode="relative" tolerance="10"', (Number(Decimal(50), Decimal(5)),), []),
        ('toleranceMode="absolute" tolerance="1" includeLowerBound="false"', (Number(Decimal(50), Decimal(1)),),
         ["tolerance_ends"]),
    ],
)  # fmt: skip
def test_a_tolerance_is_read(attributes, numbers, said):
    pair = '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/>'
    test = f"<equal {attributes}>{pair}</equal>"
    found, codes = only(item(f"<p>Số?</p><p>{ENTRY}</p>", declared("50", base="float"), processing(test)))
    assert found.question == Numeric("Số?", numbers)
    assert codes == said


def test_a_tolerance_that_is_not_even_is_refused():
    pair = '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/>'
    test = f'<equal toleranceMode="absolute" tolerance="0 2">{pair}</equal>'
    assert refused(item(f"<p>Số? {ENTRY}</p>", declared("50", base="float"), processing(test))) == ["tolerance_uneven"]


def test_processing_of_its_own_keeps_the_key_and_says_so():
    test = '<gte><variable identifier="RESPONSE"/><baseValue baseType="integer">3</baseValue></gte>'
    found, said = only(item(f"<p>Số? {ENTRY}</p>", declared("5", base="integer"), processing(test)))
    assert found.question == Numeric("Số? _____", (Number(Decimal(5)),))
    assert said == ["processing_custom"]


def test_comparing_with_the_key_written_out_is_nothing_of_its_own():
    test = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    assert only(item(choice(), declared("A"), processing(test)))[1] == []


def test_several_gaps_are_a_cloze():
    inline = (
        '<inlineChoiceInteraction responseIdentifier="R2"><inlineChoice identifier="x">một</inlineChoice>'
        '<inlineChoice identifier="y">hai</inlineChoice></inlineChoiceInteraction>'
    )
    body = f'<p>Điều <textEntryInteraction responseIdentifier="R1"/> khoản {inline}.</p>'
    declarations = declared("4", base="integer", name="R1") + declared("y", name="R2")
    found, _ = only(item(body, declarations))
    assert found.question == Cloze(
        "Điều [[1]] khoản [[2]].",
        (Gap(Numeric("", (Number(Decimal(4)),))), Gap(SingleChoice("", ("một", "hai"), 1))),
    )


def test_an_essay_keeps_what_markers_read():
    body = (
        '<rubricBlock view="candidate"><p>Viết ngắn.</p></rubricBlock><p>Nêu khái niệm.</p>'
        '<extendedTextInteraction responseIdentifier="RESPONSE"/>'
        '<rubricBlock view="scorer"><p>Đủ hai ý.</p></rubricBlock><rubricBlock view="tutor"><p>Gợi ý</p></rubricBlock>'
    )
    found, said = only(item(body, declared(base="string")))
    assert found.question == Essay("Viết ngắn.\nNêu khái niệm.", guide="Đủ hai ý.")
    assert said == ["elements_lost"]


def test_feedback_is_counted_and_left_out():
    after = '<modalFeedback outcomeIdentifier="F" identifier="x" showHide="show">Sai rồi</modalFeedback>'
    body = choice().replace(
        "Giám đốc", 'Giám đốc<feedbackInline outcomeIdentifier="F" identifier="y">không</feedbackInline>'
    )
    found, said = only(item(body, declared("B"), after=after))
    assert found.question.options[1] == "Giám đốc"
    assert said == ["feedback_left_out"]


def test_formulas_and_text_that_looks_like_markup_survive():
    math = (
        '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:semantics><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup>'
        "<m:annotation>x^2</m:annotation></m:semantics></m:math>"
    )
    found, said = only(item(f"<p>Hàm List&lt;T&gt; và {math}</p>{choice()}", declared("A")))
    assert found.question.stem.markup == (
        "Hàm List&lt;T&gt; và <math><msup><mi>x</mi><mn>2</mn></msup></math><br/>Ai ký?"
    )
    assert said == []


def test_styles_and_printed_numbers_are_understood():
    body = (
        '<p>Câu 3. w<span style="text-decoration: underline">a</span>nt<span style="display:none">x</span></p>'
        '<ol style="list-style-type: upper-roman"><li value="2">y</li></ol>'
    )
    found, said = only(item(f"{body}{choice()}", declared("A")))
    assert found.question.stem.markup == 'w<u>a</u>nt<ol start="2" type="I"><li>y</li></ol>Ai ký?'
    assert said == ["elements_lost"]


def test_a_page_that_asks_nothing_is_told():
    result = qti.read(item("<p>Chào thí sinh.</p>"), "cau.xml")
    assert (result.records, result.refused) == ((), ())
    assert [problem.code for problem in result.problems] == ["item_without_question"]


def test_an_item_may_come_in_any_unicode():
    text = item(choice(), declared("A")).decode().replace("UTF-8", "UTF-16")
    data = text.encode("utf-16")
    assert only(data)[0].question.key == 0
    assert qti.looks_like(data)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<p>" + "a " * 300_000 + "</p>", "item_too_long"),
        ("<p>" + "<b>a</b>" * 30_000 + "</p>", "xml_too_much"),
        (ENTRY * 40, "gaps_too_many"),
        ("<div>" * 120 + "</div>" * 120, "xml_too_deep"),
    ],
)
def test_what_is_far_too_much_is_refused_before_it_is_read(body, code):
    assert code in refused(item(body + (choice() if "Entry" not in body else ""), declared("A")))
