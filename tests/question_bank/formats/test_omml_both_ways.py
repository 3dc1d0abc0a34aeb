"""Formulas of Word documents: whatever is read can be written and read again, and files that mean harm."""

from xml.etree.ElementTree import Element, SubElement, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats.omml import mathml_of, omml_of

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def again(mathml: str) -> str:
    return mathml_of(omml_of(fromstring(mathml)))


BRACE = "<mo>⏟</mo>"
BRACE_ABOVE = "<mo>⏞</mo>"
MARKED_ABOVE = "<mover><mi>x</mi><mi>y</mi></mover>"
MARKED_BELOW = "<munder><mi>x</mi><mi>y</mi></munder>"


@pytest.mark.parametrize(
    "mathml",
    [
        f"<munder>{MARKED_ABOVE}{BRACE}</munder>",
        f"<mover>{MARKED_BELOW}{BRACE_ABOVE}</mover>",
        f"<munderover>{MARKED_ABOVE}<mi>n</mi><mi>m</mi></munderover>",
        f"<munderover>{MARKED_BELOW}<mi>n</mi><mi>m</mi></munderover>",
        f"<munderover>{MARKED_ABOVE}{BRACE}<mi>n</mi></munderover>",
        f"<munderover>{MARKED_BELOW}<mi>n</mi>{BRACE_ABOVE}</munderover>",
        '<mrow><mo fence="true">(</mo><mo separator="true">;</mo><mo separator="true">|</mo></mrow>',
        '<mo fence="true">(</mo><mo separator="true">;</mo>',
        "<mi>x</mi><mo>\u2061</mo><mi>y</mi>",
        '<mi>x</mi><mo>\u2061</mo><mspace width="0.167em"></mspace>',
        '<mi>x</mi><mo>\u2061</mo><mspace width="0.167em"></mspace><mo>+</mo>',
    ],
)
def test_rare_shapes_come_back_the_same(mathml: str) -> None:
    assert again(f"<math>{mathml}</math>") == f"<math>{mathml}</math>"


@pytest.mark.parametrize("depth", [101, 5_000])
def test_a_formula_nested_without_end_is_refused(depth: int) -> None:
    omml = root = Element(f"{{{M}}}oMath")
    math = mathml = Element("math")
    for _ in range(depth):
        omml = SubElement(SubElement(omml, f"{{{M}}}sSup"), f"{{{M}}}e")
        math = SubElement(math, "msqrt")
    with pytest.raises(ValueError, match="too deep"):
        mathml_of(root)
    with pytest.raises(ValueError, match="too deep"):
        omml_of(mathml)


def test_the_deepest_formula_that_is_taken_comes_back_the_same() -> None:
    mathml = "<math>" + "<msup><mi>x</mi>" * 48 + "<mi>n</mi>" + "</msup>" * 48 + "</math>"
    assert again(mathml) == mathml
    deeper = "<math>" + "<msqrt>" * 98 + "<mi>n</mi>" + "</msqrt>" * 98 + "</math>"
    assert omml_of(fromstring(deeper)).tag == f"{{{M}}}oMath"


def test_long_flat_formulas_do_not_nest() -> None:
    sums = "<math>" + "<mo>∑</mo>" * 5_000 + "</math>"
    assert again(sums) == sums
    scripts = "<math><mmultiscripts><mi>x</mi>" + "<mn>1</mn><mn>2</mn>" * 5_000 + "</mmultiscripts></math>"
    with pytest.raises(ValueError, match="too deep"):
        omml_of(fromstring(scripts))


def test_a_matrix_cannot_claim_more_columns_than_it_has() -> None:
    columns = '<m:mcs><m:mc><m:mcPr><m:count m:val="9999"/><m:mcJc m:val="left"/></m:mcPr></m:mc></m:mcs>'
    content = f"<m:m><m:mPr>{columns}</m:mPr><m:mr><m:e><m:r><m:t>x</m:t></m:r></m:e></m:mr></m:m>"
    assert mathml_of(fromstring(f'<m:oMath xmlns:m="{M}">{content}</m:oMath>')).count("left") == 1


#: construct: its arguments and its properties
SHAPES = {
    "sSup": ("e sup", ""),
    "sSub": ("e sub", ""),
    "sSubSup": ("e sub sup", ""),
    "sPre": ("sub sup e", ""),
    "f": ("num den", "type"),
    "rad": ("deg e", "degHide"),
    "nary": ("sub sup e", "chr limLoc subHide supHide"),
    "d": ("e e e", "begChr sepChr endChr"),
    "m": ("mr mr", ""),
    "eqArr": ("e e e", ""),
    "acc": ("e", "chr"),
    "bar": ("e", "pos"),
    "groupChr": ("e", "chr pos"),
    "limLow": ("e lim", ""),
    "limUpp": ("e lim", ""),
    "func": ("fName e", ""),
    "box": ("e", ""),
    "borderBox": ("e", "hideTop hideBot hideLeft hideRight strikeH strikeTLBR"),
    "phant": ("e", "show"),
    "new": ("e thing", ""),
    "oMath": ("", ""),
}
CHARACTERS = "xAẩđ2,.=+-( )|&'∑∫→⏟∞\u0301\u20d7\u2061\u200b\u2009½<%日"
texts = st.text(CHARACTERS, max_size=5)
VALUES = {
    "chr": st.sampled_from(["∑", "∫", "⏟", "→", "\u20d7", "\u0305", "^", "x", "", "(", "ab"]),
    "pos": st.sampled_from(["top", "bot"]),
    "begChr": st.sampled_from(["", "[", "{", "|", "x"]),
    "endChr": st.sampled_from(["", "]", ")", "|"]),
    "sepChr": st.sampled_from(["", ";", "|"]),
    "type": st.sampled_from(["bar", "noBar", "skw", "lin"]),
    "limLoc": st.sampled_from(["undOvr", "subSup"]),
    **{
        name: st.sampled_from(["0", "1"])
        for name in (
            "degHide",
            "subHide",
            "supHide",
            "show",
            "hideTop",
            "hideBot",
            "hideLeft",
            "hideRight",
            "strikeH",
            "strikeTLBR",
        )
    },
}


@st.composite
def runs(draw: st.DrawFn) -> Element:
    made = Element(f"{{{M}}}r")
    style = draw(st.sampled_from(["", "p", "b", "bi", "nor"]))
    if style:
        kind = Element(f"{{{M}}}nor") if style == "nor" else Element(f"{{{M}}}sty", {f"{{{M}}}val": style})
        SubElement(made, f"{{{M}}}rPr").append(kind)
    SubElement(made, f"{{{M}}}t").text = draw(texts)
    return made


@st.composite
def constructs(draw: st.DrawFn, inner: st.SearchStrategy[list[Element]]) -> Element:
    """Any construct around any others, now and then with an argument missing or too many: more than Word writes."""
    name = draw(st.sampled_from(sorted(SHAPES)))
    places, values = SHAPES[name]
    made = Element(f"{{{M}}}{name}")
    properties = SubElement(made, f"{{{M}}}{name}Pr")
    for key in values.split():
        if draw(st.booleans()):
            SubElement(properties, f"{{{M}}}{key}", {f"{{{M}}}val": draw(VALUES[key])})
    for place in draw(st.sampled_from([places.split()] * 4 + [places.split()[1:], [*places.split(), "e"]])):
        part = SubElement(made, f"{{{M}}}{place}")
        for item in draw(inner):
            (SubElement(part, f"{{{M}}}e") if place == "mr" else part).append(item)
    return made


formulas = st.recursive(
    st.lists(runs(), max_size=3),
    lambda inner: st.lists(st.one_of(runs(), constructs(inner), constructs(inner)), min_size=1, max_size=3),
    max_leaves=30,
)


@settings(max_examples=400, deadline=None)
@given(formulas, st.sampled_from(["oMath", "oMathPara"]))
def test_whatever_is_read_is_written_so_that_it_is_read_the_same(items: list[Element], root: str) -> None:
    omml = Element(f"{{{M}}}{root}")
    omml.extend(items)
    mathml = mathml_of(omml)
    assert again(mathml) == mathml


ALLOWED = {
    "math": {"display"}, "mi": {"mathvariant"}, "mfrac": {"linethickness"}, "menclose": {"notation"},
    "mo": {"stretchy", "fence", "separator"}, "mover": {"accent"}, "munder": {"accentunder"},
    "mtable": {"columnalign"}, "mspace": {"width"},
}  # fmt: skip
COUNTS = {"msup": 2, "msub": 2, "msubsup": 3, "mfrac": 2, "mroot": 2, "mover": 2, "munder": 2, "munderover": 3,
          "mmultiscripts": 4}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(formulas)
def test_only_plain_mathml_is_produced(items: list[Element]) -> None:
    omml = Element(f"{{{M}}}oMath")
    omml.extend(items)
    for node in fromstring(mathml_of(omml)).iter():
        assert set(node.attrib) <= ALLOWED.get(node.tag, set())
        assert len(node) == COUNTS.get(node.tag, len(node))
        assert node.tag != "mrow" or len(node) != 1
