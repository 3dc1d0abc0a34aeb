"""Formulas of Word documents: every construct, read and written."""

from xml.etree.ElementTree import fromstring, tostring

import pytest

from question_bank.formats.omml import mathml_of, omml_of

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/math"
#: What Word writes after nearly every construct.
CTRL = '<m:ctrlPr><w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/><w:i/></w:rPr></m:ctrlPr>'
FONT = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr>'


def run(text: str, style: str = "") -> str:
    properties = f"<m:rPr>{style}</m:rPr>" if style else ""
    return f'<m:r>{properties}{FONT}<m:t xml:space="preserve">{text}</m:t></m:r>'


PLAIN = '<m:sty m:val="p"/>'
X, Y, N = run("x"), run("y"), run("n")


def read(content: str, root: str = "oMath", namespace: str = M) -> str:
    return mathml_of(fromstring(f'<m:{root} xmlns:m="{namespace}" xmlns:w="{W}">{content}</m:{root}>'))


def again(mathml: str) -> str:
    return mathml_of(omml_of(fromstring(mathml)))


RUNS = [
    ("2x+1", "", "<mn>2</mn><mi>x</mi><mo>+</mo><mn>1</mn>"),
    ("3,14", "", "<mn>3,14</mn>"),
    ("f(a, b)", "", ("<mi>f</mi><mo stretchy='false'>(</mo><mi>a</mi><mo>,</mo><mspace width='0.25em'/><mi>b</mi>"
     "<mo stretchy='false'>)</mo>")),
    ("a-b", "", "<mi>a</mi><mo>−</mo><mi>b</mi>"),
    ("5%", "", "<mn>5</mn><mi>%</mi>"),
    ("x→∞", "", "<mi>x</mi><mo>→</mo><mi>∞</mi>"),
    ("½m", "", "<mn>½</mn><mi>m</mi>"),
    ("ab", "", "<mi>a</mi><mi>b</mi>"),
    ("e\u0301", "", "<mi>e\u0301</mi>"),
    ("sin", PLAIN, "<mi>sin</mi>"),
    ("d", PLAIN, "<mi mathvariant='normal'>d</mi>"),
    ("2 cm", PLAIN, "<mn>2</mn><mspace width='0.25em'/><mi>cm</mi>"),
    ("nếu x", "<m:nor/>", "<mtext>nếu x</mtext>"),
    (" và ", "<m:nor/>", "<mtext>\u00a0và\u00a0</mtext>"),
    ("x2", "<m:nor m:val='0'/>", "<mi>x</mi><mn>2</mn>"),
    ("v", '<m:sty m:val="b"/>', "<mi>𝐯</mi>"),
    ("h", '<m:sty m:val="bi"/>', "<mi>𝒉</mi>"),
    ("12", '<m:sty m:val="b"/>', "<mn>𝟏𝟐</mn>"),
    ("Đáp", '<m:sty m:val="b"/>', "<mi>Đáp</mi>"),
    ("R", '<m:scr m:val="double-struck"/><m:sty m:val="p"/>', "<mi>ℝ</mi>"),
    ("L", '<m:scr m:val="script"/>', "<mi>ℒ</mi>"),
    ("H", '<m:scr m:val="fraktur"/>', "<mi>ℌ</mi>"),
    ("a\u200bb\u202e", "", "<mi>a</mi><mi>b</mi>"),
    ("1000\u00a0m", "", "<mn>1000</mn><mspace width='0.25em'/><mi>m</mi>"),
    ("a&lt;b &amp; c", "", ("<mi>a</mi><mo>&lt;</mo><mi>b</mi><mspace width='0.25em'/><mo>&amp;</mo>"
     "<mspace width='0.25em'/><mi>c</mi>")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "style", "expected"), RUNS)
def test_a_run_becomes_letters_numbers_and_operators(text: str, style: str, expected: str) -> None:
    assert read(run(text, style)) == plain(f"<math>{expected}</math>")


def plain(mathml: str) -> str:
    return tostring(fromstring(mathml), encoding="unicode", short_empty_elements=False)


SUM = run("∑")
CONSTRUCTS = {
    "power": (
        f"<m:sSup><m:sSupPr>{CTRL}</m:sSupPr><m:e>{X}</m:e><m:sup>{run('n+1')}</m:sup></m:sSup>",
        "<msup><mi>x</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msup>",
    ),
    "index": (
        f"<m:sSub><m:sSubPr>{CTRL}</m:sSubPr><m:e>{X}</m:e><m:sub>{N}</m:sub></m:sSub>",
        "<msub><mi>x</mi><mi>n</mi></msub>",
    ),
    "both": (
        f"<m:sSubSup><m:e>{X}</m:e><m:sub>{N}</m:sub><m:sup>{run('2')}</m:sup></m:sSubSup>",
        "<msubsup><mi>x</mi><mi>n</mi><mn>2</mn></msubsup>",
    ),
    "scripts in front": (
        f"<m:sPre><m:sPrePr>{CTRL}</m:sPrePr><m:sub>{run('6')}</m:sub><m:sup/><m:e>{run('C', PLAIN)}</m:e></m:sPre>",
        "<mmultiscripts><mi mathvariant='normal'>C</mi><mprescripts/><mn>6</mn><mrow/></mmultiscripts>",
    ),
    "fraction": (
        f"<m:f><m:fPr>{CTRL}</m:fPr><m:num>{run('1')}</m:num><m:den>{run('2x')}</m:den></m:f>",
        "<mfrac><mn>1</mn><mrow><mn>2</mn><mi>x</mi></mrow></mfrac>",
    ),
    "without a bar": (
        f'<m:f><m:fPr><m:type m:val="noBar"/>{CTRL}</m:fPr><m:num>{N}</m:num><m:den>{X}</m:den></m:f>',
        "<mfrac linethickness='0'><mi>n</mi><mi>x</mi></mfrac>",
    ),
    "skewed": (
        f'<m:f><m:fPr><m:type m:val="skw"/></m:fPr><m:num>{X}</m:num><m:den>{Y}</m:den></m:f>',
        "<mfrac><mi>x</mi><mi>y</mi></mfrac>",
    ),
    "in one line": (
        f'<m:f><m:fPr><m:type m:val="lin"/></m:fPr><m:num>{X}</m:num><m:den>{Y}</m:den></m:f>',
        "<mi>x</mi><mo>/</mo><mi>y</mi>",
    ),
    "square root": (
        f'<m:rad><m:radPr><m:degHide m:val="1"/>{CTRL}</m:radPr><m:deg/><m:e>{run("x+1")}</m:e></m:rad>',
        "<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>",
    ),
    "root": (
        f"<m:rad><m:radPr>{CTRL}</m:radPr><m:deg>{run('3')}</m:deg><m:e>{X}</m:e></m:rad>",
        "<mroot><mi>x</mi><mn>3</mn></mroot>",
    ),
    "sum": (
        (f'<m:nary><m:naryPr><m:chr m:val="∑"/><m:limLoc m:val="undOvr"/>{CTRL}</m:naryPr><m:sub>{run("i=1")}</m:sub>'
        f"<m:sup>{N}</m:sup><m:e>{X}</m:e></m:nary>{run('=y')}"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>x</mi><mo>=</mo>"
        "<mi>y</mi>"),
    ),
    "integral": (
        (f'<m:nary><m:naryPr><m:limLoc m:val="subSup"/>{CTRL}</m:naryPr><m:sub>{run("0")}</m:sub>'
        f"<m:sup>{run('1')}</m:sup><m:e>{X}{run('dx')}</m:e></m:nary>"),
        "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup><mi>x</mi><mi>d</mi><mi>x</mi>",
    ),
    "integral without limits": (
        (f'<m:nary><m:naryPr><m:subHide m:val="1"/><m:supHide m:val="on"/></m:naryPr><m:sub/><m:sup/><m:e>{X}</m:e>'
        "</m:nary>"),
        "<mo>∫</mo><mi>x</mi>",
    ),
    "product below only": (
        (f'<m:nary><m:naryPr><m:chr m:val="∏"/><m:supHide m:val="1"/></m:naryPr><m:sub>{N}</m:sub><m:sup/>'
        f"<m:e>{X}</m:e></m:nary>"),
        "<munder><mo>∏</mo><mi>n</mi></munder><mi>x</mi>",
    ),
    "a sum in a power": (
        (f'<m:sSup><m:e>{X}</m:e><m:sup><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{N}</m:sub><m:sup/>'
        f"<m:e>{Y}</m:e></m:nary></m:sup></m:sSup>"),
        "<msup><mi>x</mi><mrow><munder><mo>∑</mo><mi>n</mi></munder><mi>y</mi></mrow></msup>",
    ),
    "parentheses": (
        f"<m:d><m:dPr>{CTRL}</m:dPr><m:e>{run('x+1')}</m:e></m:d>",
        "<mrow><mo fence='true'>(</mo><mi>x</mi><mo>+</mo><mn>1</mn><mo fence='true'>)</mo></mrow>",
    ),
    "half-open interval": (
        (f'<m:d><m:dPr><m:begChr m:val="["/><m:sepChr m:val=";"/><m:endChr m:val=")"/></m:dPr><m:e>{X}</m:e>'
        f"<m:e>{Y}</m:e></m:d>"),
        "<mrow><mo fence='true'>[</mo><mi>x</mi><mo separator='true'>;</mo><mi>y</mi><mo fence='true'>)</mo></mrow>",
    ),
    "cases": (
        (f'<m:d><m:dPr><m:begChr m:val="{{"/><m:endChr m:val=""/>{CTRL}</m:dPr><m:e><m:eqArr><m:eqArrPr>{CTRL}'
        f"</m:eqArrPr><m:e>{run('x=1')}</m:e><m:e>{Y}</m:e></m:eqArr></m:e></m:d>"),
        ("<mrow><mo fence='true'>{</mo><mtable columnalign='left'><mtr><mtd><mi>x</mi><mo>=</mo><mn>1</mn></mtd></mtr>"
        "<mtr><mtd><mi>y</mi></mtd></mtr></mtable></mrow>"),
    ),
    "aligned equations": (
        f"<m:eqArr><m:e>{run('x&amp;=1')}</m:e><m:e>{run('2y&amp;=3')}</m:e></m:eqArr>",
        ("<mtable columnalign='right left'><mtr><mtd><mi>x</mi></mtd><mtd><mo>=</mo><mn>1</mn></mtd></mtr>"
        "<mtr><mtd><mn>2</mn><mi>y</mi></mtd><mtd><mo>=</mo><mn>3</mn></mtd></mtr></mtable>"),
    ),
    "matrix": (
        ('<m:m><m:mPr><m:mcs><m:mc><m:mcPr><m:count m:val="2"/><m:mcJc m:val="center"/></m:mcPr></m:mc></m:mcs>'
        f"{CTRL}</m:mPr><m:mr><m:e>{X}</m:e><m:e>{run('1')}</m:e></m:mr><m:mr><m:e>{Y}</m:e><m:e/></m:mr></m:m>"),
        "<mtable><mtr><mtd><mi>x</mi></mtd><mtd><mn>1</mn></mtd></mtr><mtr><mtd><mi>y</mi></mtd><mtd/></mtr></mtable>",
    ),
    "matrix with sides": (
        ('<m:m><m:mPr><m:mcs><m:mc><m:mcPr><m:count m:val="2"/><m:mcJc m:val="right"/></m:mcPr></m:mc></m:mcs></m:mPr>'
        f"<m:mr><m:e>{X}</m:e><m:e>{Y}</m:e><m:e>{N}</m:e></m:mr></m:m>"),
        ("<mtable columnalign='right right center'><mtr><mtd><mi>x</mi></mtd><mtd><mi>y</mi></mtd><mtd><mi>n</mi></mtd>"
        "</mtr></mtable>"),
    ),
    "vector": (
        f'<m:acc><m:accPr><m:chr m:val="\u20d7"/>{CTRL}</m:accPr><m:e>{run("AB")}</m:e></m:acc>',
        "<mover accent='true'><mrow><mi>A</mi><mi>B</mi></mrow><mo>→</mo></mover>",
    ),
    "hat": (
        f"<m:acc><m:accPr>{CTRL}</m:accPr><m:e>{X}</m:e></m:acc>",
        "<mover accent='true'><mi>x</mi><mo>^</mo></mover>",
    ),
    "bar above": (
        f'<m:bar><m:barPr><m:pos m:val="top"/>{CTRL}</m:barPr><m:e>{X}</m:e></m:bar>',
        "<mover accent='true'><mi>x</mi><mo>¯</mo></mover>",
    ),
    "bar below": (
        f"<m:bar><m:e>{X}</m:e></m:bar>",
        "<munder accentunder='true'><mi>x</mi><mo>_</mo></munder>",
    ),
    "brace with a label": (
        (f"<m:limLow><m:e><m:groupChr><m:groupChrPr>{CTRL}</m:groupChrPr><m:e>{X}</m:e></m:groupChr></m:e>"
        f"<m:lim>{N}</m:lim></m:limLow>"),
        "<munder><munder><mi>x</mi><mo>⏟</mo></munder><mi>n</mi></munder>",
    ),
    "brace above": (
        f'<m:groupChr><m:groupChrPr><m:chr m:val="⏞"/><m:pos m:val="top"/></m:groupChrPr><m:e>{X}</m:e></m:groupChr>',
        "<mover><mi>x</mi><mo>⏞</mo></mover>",
    ),
    "limit": (
        (f"<m:func><m:funcPr>{CTRL}</m:funcPr><m:fName><m:limLow><m:e>{run('lim', PLAIN)}</m:e><m:lim>{run('x→0')}"
        f"</m:lim></m:limLow></m:fName><m:e>{Y}</m:e></m:func>"),
        ("<munder><mi>lim</mi><mrow><mi>x</mi><mo>→</mo><mn>0</mn></mrow></munder><mo>\u2061</mo>"
        "<mspace width='0.167em'/><mi>y</mi>"),
    ),
    "upper limit": (
        f"<m:limUpp><m:e>{X}</m:e><m:lim>{Y}</m:lim></m:limUpp>",
        "<mover><mi>x</mi><mi>y</mi></mover>",
    ),
    "limits on both sides": (
        f"<m:limUpp><m:e><m:limLow><m:e>{X}</m:e><m:lim>{Y}</m:lim></m:limLow></m:e><m:lim>{N}</m:lim></m:limUpp>",
        "<munderover><mi>x</mi><mi>y</mi><mi>n</mi></munderover>",
    ),
    "sine": (
        f"<m:func><m:fName>{run('sin', PLAIN)}</m:fName><m:e>{X}</m:e></m:func>{run('+1')}",
        "<mi>sin</mi><mo>\u2061</mo><mspace width='0.167em'/><mi>x</mi><mo>+</mo><mn>1</mn>",
    ),
    "sine of brackets": (
        f"<m:func><m:fName>{run('sin', PLAIN)}</m:fName><m:e><m:d><m:e>{X}</m:e></m:d></m:e></m:func>",
        "<mi>sin</mi><mo>\u2061</mo><mrow><mo fence='true'>(</mo><mi>x</mi><mo fence='true'>)</mo></mrow>",
    ),
    "box": (f"<m:box><m:boxPr>{CTRL}</m:boxPr><m:e>{run('x=y')}</m:e></m:box>", "<mi>x</mi><mo>=</mo><mi>y</mi>"),
    "border": (
        f"<m:borderBox><m:borderBoxPr>{CTRL}</m:borderBoxPr><m:e>{X}</m:e></m:borderBox>",
        "<menclose notation='box'><mi>x</mi></menclose>",
    ),
    "struck out": (
        ('<m:borderBox><m:borderBoxPr><m:hideTop m:val="1"/><m:hideBot m:val="1"/><m:hideLeft m:val="1"/>'
        f'<m:hideRight m:val="1"/><m:strikeBLTR m:val="1"/></m:borderBoxPr><m:e>{X}</m:e></m:borderBox>'),
        "<menclose notation='updiagonalstrike'><mi>x</mi></menclose>",
    ),
    "phantom": (
        f'<m:phant><m:phantPr><m:show m:val="0"/>{CTRL}</m:phantPr><m:e>{X}</m:e></m:phant>',
        "<mphantom><mi>x</mi></mphantom>",
    ),
    "phantom that shows": (f"<m:phant><m:e>{X}</m:e></m:phant>", "<mi>x</mi>"),
    "inserted": (f"<w:ins><m:r><m:t>x</m:t></m:r></w:ins><w:moveTo>{Y}</w:moveTo>", "<mi>x</mi><mi>y</mi>"),
    "deleted": (f"<w:del>{X}</w:del><w:moveFrom>{X}</w:moveFrom>{Y}", "<mi>y</mi>"),
    "bookmark": (f'{X}<w:bookmarkStart w:id="0"/>{Y}<w:bookmarkEnd w:id="0"/>', "<mi>x</mi><mi>y</mi>"),
    "ordinary text": ("<w:r><w:t>nếu</w:t></w:r>", "<mtext>nếu</mtext>"),
    "unknown": (f"<m:new><m:newPr/><m:thing>{X}</m:thing>lời</m:new>", "<mi>x</mi><mtext>lời</mtext>"),
    "unknown within a construct": (
        f"<m:sSup><m:e>{X}</m:e><m:sup>{N}</m:sup><m:new>{Y}</m:new></m:sSup>",
        "<msup><mi>x</mi><mi>n</mi></msup><mi>y</mi>",
    ),
    "empty": ("<m:sSup><m:e/><m:sup/></m:sSup>", "<msup><mrow/><mrow/></msup>"),
    "nothing": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_of_word_is_read_and_comes_back_the_same(name: str) -> None:
    omml, expected = CONSTRUCTS[name]
    mathml = plain(f"<math>{expected}</math>")
    assert read(omml) == mathml
    assert read(omml, namespace=STRICT) == mathml
    assert again(mathml) == mathml


def test_a_paragraph_of_its_own_is_displayed() -> None:
    mathml = read(f'<m:oMathParaPr><m:jc m:val="center"/></m:oMathParaPr><m:oMath>{X}</m:oMath>', "oMathPara")
    assert mathml == '<math display="block"><mi>x</mi></math>'
    assert again(mathml) == mathml


def test_several_formulas_of_one_paragraph_stand_below_each_other() -> None:
    mathml = read(f"<m:oMath>{X}</m:oMath><m:oMath>{Y}</m:oMath>", "oMathPara")
    rows = "<mtr><mtd><mi>x</mi></mtd></mtr><mtr><mtd><mi>y</mi></mtd></mtr>"
    assert mathml == f'<math display="block"><mtable columnalign="left">{rows}</mtable></math>'
    assert again(mathml) == mathml


#: MathML as other programs write it, and what is read after it went through Word.
FOREIGN = [
    ("<mrow><mi>x</mi><mrow><mo>(</mo><mi>y</mi><mo>)</mo></mrow></mrow>",
     "<mi>x</mi><mrow><mo fence='true'>(</mo><mi>y</mi><mo fence='true'>)</mo></mrow>"),
    ("<mfenced open='[' separators=';'><mi>x</mi><mi>y</mi></mfenced>",
     "<mrow><mo fence='true'>[</mo><mi>x</mi><mo separator='true'>;</mo><mi>y</mi><mo fence='true'>)</mo></mrow>"),
    ("<mstyle displaystyle='true'><mpadded width='0'><mi>x</mi></mpadded></mstyle>", "<mi>x</mi>"),
    ("<semantics><mi>x</mi><annotation>x</annotation></semantics>", "<mi>x</mi>"),
    ("<mi mathvariant='bold'>x</mi><mi mathvariant='double-struck'>N</mi>", "<mi>𝐱</mi><mi>ℕ</mi>"),
    ("<mo>lim</mo><mspace width='2em'/><mspace width='-1em'/>", "<mi>lim</mi><mspace width='1em'/>"),
    ("<mmultiscripts><mi>x</mi><mn>1</mn><none/></mmultiscripts>", "<msubsup><mi>x</mi><mn>1</mn><mrow/></msubsup>"),
    ("<mmultiscripts><mi>x</mi><mn>1</mn><mn>2</mn><mprescripts/><mn>3</mn></mmultiscripts>",
     "<mmultiscripts><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup><mprescripts/><mn>3</mn><mrow/></mmultiscripts>"),
    ("<mfrac linethickness='0.0pt'><mi>x</mi></mfrac>", "<mfrac linethickness='0'><mi>x</mi><mrow/></mfrac>"),
    ("<menclose notation='circle'><mi>x</mi></menclose>", "<menclose notation='box'><mi>x</mi></menclose>"),
    ("<msup><mi>x</mi><mn>1</mn><mn>2</mn></msup>", "<msup><mi>x</mi><mrow><mn>1</mn><mn>2</mn></mrow></msup>"),
    ("<mlongdiv><mi>x</mi></mlongdiv><mthing>lời</mthing>", "<mi>x</mi><mtext>lời</mtext>"),
    ("<mtable><mtr><mtd><mo>&amp;</mo></mtd></mtr><mi>x</mi></mtable>",
     "<mtable><mtr><mtd><mo>&amp;</mo></mtd></mtr><mtr><mtd><mi>x</mi></mtd></mtr></mtable>"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), FOREIGN)
def test_mathml_of_other_programs_keeps_its_content(written: str, expected: str) -> None:
    for namespace in ("", ' xmlns="http://www.w3.org/1998/Math/MathML"'):
        assert again(f"<math{namespace}>{written}</math>") == plain(f"<math>{expected}</math>")


def test_a_sum_written_for_word_holds_its_operand() -> None:
    omml = omml_of(fromstring("<math><munder><mo>∑</mo><mi>i</mi></munder><mi>x</mi><mo>=</mo><mn>1</mn></math>"))
    nary = omml[0]
    assert nary.tag == f"{{{M}}}nary"
    assert "".join(nary[-1].itertext()) == "x"
    assert "".join(omml[1].itertext()) == "=1"


def test_neighbouring_letters_share_a_run() -> None:
    omml = omml_of(fromstring("<math><mn>2</mn><mi>x</mi><mo>+</mo><mn>1</mn></math>"))
    assert ["".join(part.itertext()) for part in omml] == ["2x+1"]


@pytest.mark.parametrize("text", ["1,|2", "1|2", "1|,|2", "=|\u0338", "a|\u0301", "sin|x"])
def test_runs_that_would_be_read_as_one_stay_apart(text: str) -> None:
    mathml = read("".join(run(part) for part in text.split("|")))
    assert again(mathml) == mathml
