"""TeX in questions: where formulas stand, what they become, and input that means harm."""

import itertools
from xml.etree.ElementTree import fromstring, tostring

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from question_bank.formats.omml import mathml_of, omml_of
from question_bank.questions import Content, QuestionRecord, TrueFalse
from question_bank.questions.formulas import formulas_from_latex
from question_bank.questions.latex import mathml_from_latex, pieces_of, split_latex

APPLY = "<mo>\u2061</mo><mspace width='0.167em'/>"
UNDERSTOOD = [
    ("2x+1", "<mn>2</mn><mi>x</mi><mo>+</mo><mn>1</mn>"),
    (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    (r"\frac{x+1}{2}", "<mfrac><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>"),
    ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
    (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
    (r"\sqrt{x+1}", "<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>"),
    (r"\left(a;b\right]", "<mrow><mo fence='true'>(</mo><mi>a</mi><mo>;</mo><mi>b</mi><mo fence='true'>]</mo></mrow>"),
    ("f(x)", "<mi>f</mi><mo stretchy='false'>(</mo><mi>x</mi><mo stretchy='false'>)</mo>"),
    (r"\sin x", f"<mi>sin</mi>{APPLY}<mi>x</mi>"),
    (r"\sin(x)", "<mi>sin</mi><mo stretchy='false'>(</mo><mi>x</mi><mo stretchy='false'>)</mo>"),
    (r"\log_2 8", f"<msub><mi>log</mi><mn>2</mn></msub>{APPLY}<mn>8</mn>"),
    (r"\mathrm{cm}^2", "<msup><mi>cm</mi><mn>2</mn></msup>"),
    (r"\mathrm{d}x", "<mi mathvariant='normal'>d</mi><mi>x</mi>"),
    (r"\mathbb{R}", "<mi>ℝ</mi>"),
    (r"\mathbf{x}+\bm{y}", "<mi>𝐱</mi><mo>+</mo><mi>𝒚</mi>"),
    (r"\vec{u}", "<mover accent='true'><mi>u</mi><mo>→</mo></mover>"),
    (r"\overline{A}", "<mover accent='true'><mi>A</mi><mo>¯</mo></mover>"),
    (r"\underline{A}", "<munder accentunder='true'><mi>A</mi><mo>_</mo></munder>"),
    (r"\underbrace{x}_{n}", "<munder><munder><mi>x</mi><mo>⏟</mo></munder><mi>n</mi></munder>"),
    (r"\sum_{i=1}^n i", "<msubsup><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></msubsup><mi>i</mi>"),
    (
        r"\begin{pmatrix}1&2\end{pmatrix}",
        (
            "<mrow><mo fence='true'>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>"
            "<mo fence='true'>)</mo></mrow>"
        ),
    ),
    (
        r"\begin{cases}x\\y\end{cases}",
        (
            "<mrow><mo fence='true'>{</mo><mtable columnalign='left'><mtr><mtd><mi>x</mi></mtd></mtr>"
            "<mtr><mtd><mi>y</mi></mtd></mtr></mtable></mrow>"
        ),
    ),
    (
        r"\begin{align}x&=1\end{align}",
        "<mtable columnalign='right left'><mtr><mtd><mi>x</mi></mtd><mtd><mo>=</mo><mn>1</mn></mtd></mtr></mtable>",
    ),
    (
        r"\binom{n}{k}",
        (
            "<mrow><mo fence='true'>(</mo><mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>"
            "<mo fence='true'>)</mo></mrow>"
        ),
    ),
    (r"\text{nếu } x>0", "<mtext>nếu\u00a0</mtext><mi>x</mi><mo>&gt;</mo><mn>0</mn>"),
    ("3,14", "<mn>3,14</mn>"),
    ("1{,}5^2", "<msup><mn>1,5</mn><mn>2</mn></msup>"),
    ("1,2,3", "<mn>1</mn><mo>,</mo><mn>2</mn><mo>,</mo><mn>3</mn>"),
    ("50%+x", "<mn>50</mn><mi>%</mi><mo>+</mo><mi>x</mi>"),
    (r"a\ne b\not=c", "<mi>a</mi><mo>≠</mo><mi>b</mi><mo>≠</mo><mi>c</mi>"),
    ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
    (r"\boxed{x}", "<menclose notation='box'><mi>x</mi></menclose>"),
    (r"\color{red}{\displaystyle x}", "<mi>x</mi>"),
    (r"x'", "<msup><mi>x</mi><mo>′</mo></msup>"),
    (r"a\,b\!c\hspace{900em}d", "<mi>a</mi><mspace width='0.167em'/><mi>b</mi><mi>c</mi><mi>d</mi>"),
]


@pytest.mark.parametrize(("tex", "expected"), UNDERSTOOD)
def test_tex_becomes_plain_mathml_that_remembers_it(tex: str, expected: str) -> None:
    math = fromstring(f"<math>{expected}</math>")
    math.set("alttext", tex)
    assert mathml_from_latex(tex) == tostring(math, encoding="unicode", short_empty_elements=False)


def test_a_displayed_formula_sets_its_limits_above_and_below() -> None:
    mathml = mathml_from_latex(r"\sum_{i}^n", display=True)
    assert mathml is not None
    assert mathml.startswith('<math display="block" ')
    assert "<munderover>" in mathml


@pytest.mark.parametrize(
    "tex",
    [
        "",
        "  ",
        "{}",
        r"\quad",
        r"\foo",
        r"\ce{H2O}",
        r"\text{\foo}",
        r"\frac{1}",
        r"\frac{1}{2",
        "x}",
        "x^",
        "x^2^3",
        r"\left(x",
        "a & b",
        r"\begin{foo}x\end{foo}",
        r"\begin{matrix}x",
        r"\newcommand{\x}{y}\x",
        r"\def\x{\x\x}\x",
        r"\href{javascript:x}{y}",
        "x" * 2_001,
        "{" * 41 + "x" + "}" * 41,
        r"\sqrt" * 400 + "x",
        "x_" * 900 + "x",
        r"\left(" * 120 + "x" + r"\right)" * 120,
    ],
)
def test_what_is_not_understood_is_none(tex: str) -> None:
    assert mathml_from_latex(tex) is None


def test_characters_that_nobody_sees_are_left_out() -> None:
    assert mathml_from_latex("x\x00\u200b\ud800") == mathml_from_latex("x")


def test_definitions_that_double_themselves_are_not_begun() -> None:
    doubling = r"\sideset{_1}{_2}{" * 40 + "x" + "}" * 40
    assert mathml_from_latex(doubling) is None


ALLOWED = {
    "math": {"display", "alttext"},
    "mi": {"mathvariant"},
    "mfrac": {"linethickness"},
    "menclose": {"notation"},
    "mo": {"stretchy", "fence"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mtable": {"columnalign"},
    "mspace": {"width"},
}
PLAIN = "mrow mn mtext msup msub msubsup msqrt mroot munderover mtr mtd mphantom"
ELEMENTS = {*ALLOWED, *PLAIN.split()}
COMMANDS = (
    r"\frac \sqrt \left( \right) \left. \right| \begin{cases} \end{cases} \begin{matrix} \end{matrix} \text{a} \sum "
    r"\limits \int \lim \sin \mathrm \mathbf \vec \overline \underbrace \binom \over \choose \not \hline \\ & _ ^ ' { "
    r"} [ ] ( ) | < > , . % # $ \$ \% \& \quad \, \! \color{red} \hspace{1em} \mathchoice \genfrac \skew \middle| "
    r"\smash \operatorname{x} \xrightarrow \overset \boxed \phantom \stackrel \substack \tag{1} \rm \bf 1 2,5 x y ệ \x"
)
FRAGMENTS = COMMANDS.split()
PATTERNS = (
    r"\frac{#}{#} #^{#} #_{#} #_{#}^{#} \sqrt{#} \sqrt[#]{#} \left(#\right) \left[#;#\right) \vec{#} \overline{#} "
    r"\sum_{#}^{#}# \int_{#}# \lim_{#}# \sin# \log_{#}# \begin{cases}#\\#\end{cases} \begin{pmatrix}#&#\end{pmatrix} "
    r"\begin{align}#&#\end{align} \binom{#}{#} \boxed{#} \underbrace{#}_{#} \overset{#}{#} \mathrm{#} \mathbf{#} "
    r"\text{a} #+# #=# {#} #,# |#|"
)


def filled(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """TeX as people write it: patterns with formulas in their places."""

    @st.composite
    def fill(draw: st.DrawFn) -> str:
        pieces = draw(st.sampled_from(PATTERNS.split())).split("#")
        return pieces[0] + "".join(f"{{{draw(parts)}}}" + piece for piece in pieces[1:])

    return fill()


well_formed = st.recursive(
    st.sampled_from(["x", "2", "3,14", "AB", r"\pi", "-1", r"x\ne y", "đ"]), filled, max_leaves=12
)
tex_texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(tex_texts, st.booleans())
@example(r"\text{</math><script>&#x3c;}", False)
@example(r"\mathrm{&#x3c;}", False)
def test_any_text_gives_plain_mathml_or_none(tex: str, display: bool) -> None:
    mathml = mathml_from_latex(tex, display=display)
    if mathml is not None:
        for node in fromstring(mathml).iter():
            assert node.tag in ELEMENTS
            assert set(node.attrib) <= ALLOWED.get(node.tag, set())


@settings(max_examples=200, deadline=None)
@given(well_formed)
def test_formulas_as_people_write_them_are_understood_and_go_through_word_unchanged(tex: str) -> None:
    mathml = mathml_from_latex(tex)
    assert mathml is not None
    math = fromstring(mathml)
    del math.attrib["alttext"]
    assert mathml_of(omml_of(math)) == tostring(math, encoding="unicode", short_empty_elements=False)


# Where formulas stand

SPLIT = [
    ("không có công thức", [("text", "không có công thức")]),
    ("", []),
    (r"Cho \(x^2\), tính", [("text", "Cho "), ("inline", "x^2"), ("text", ", tính")]),
    (r"\[ x = 1 \]", [("display", "x = 1")]),
    ("$$x$$ và $y$", [("display", "x"), ("text", " và "), ("inline", "y")]),
    ("$x$$y$", [("inline", "x"), ("inline", "y")]),
    (r"$\frac{1}{2}$", [("inline", r"\frac{1}{2}")]),
    ("$a+b=2$", [("inline", "a+b=2")]),
    (
        "tam giác $ABC$ trong $Oxyz$",
        [("text", "tam giác "), ("inline", "ABC"), ("text", " trong "), ("inline", "Oxyz")],
    ),
    ("bằng $-0,5$.", [("text", "bằng "), ("inline", "-0,5"), ("text", ".")]),
    ("H$_2$O", [("text", "H"), ("inline", "_2"), ("text", "O")]),
    (r"$x^2=\$5$", [("inline", r"x^2=\$5")]),
    (r"\(a\left(b\right)\)", [("inline", r"a\left(b\right)")]),
    (r"\[a\\[2pt]b\]", [("display", r"a\\[2pt]b")]),
    ("giá $5 và $6, $x$", [("text", "giá $5 và $6, "), ("inline", "x")]),
]

#: Money, spreadsheets, programs, slips of the pen.
NO_FORMULA = [
    "giá $5 và $6",
    "từ $5-$10",
    "mua 5$, bán 6$",
    "18,073$ và 18,635$ thì",
    "=B$2+C$2",
    "=$A$1+$B$1",
    "=B$2^C$2",
    "US$a và US$b",
    "$ x $",
    "$va nam tre$",
    "$",
    "$$",
    "$$$$",
    r"\(",
    r"\( \)",
    r"\(x",
    "$x^2\n\ny^2$",
    r"C:\\(x\)",
    "một $x^2",
]


@pytest.mark.parametrize(("text", "pieces"), SPLIT)
def test_a_text_is_split_at_its_formulas(text: str, pieces: list[tuple[str, str]]) -> None:
    assert split_latex(text) == pieces


@pytest.mark.parametrize("text", NO_FORMULA)
def test_what_is_no_formula_stays_text(text: str) -> None:
    assert split_latex(text) == [("text", text)]


def test_an_escaped_dollar_is_a_dollar_of_the_text() -> None:
    assert split_latex(r"giá \$5 và \$x$") == [("text", "giá $5 và $x$")]


@pytest.mark.parametrize(
    ("written", "html", "failed"),
    [
        (r"giá \$5", r"giá \$5", ()),
        (r"giá \$5: \(\foobar{x}\), $$\foobar{y}$$ và \[ \foobar \]", None, (r"\foobar{x}", r"\foobar{y}", r"\foobar")),
        (r"<b>giá \$5</b> <i>\(\foobar{x}\)</i>", None, (r"\foobar{x}",)),
        (r"\$5, \(x\)", '$5, <math alttext="x"><mi>x</mi></math>', ()),
        (r"<b>\$5</b>, \(x\)", '<strong>$5</strong>, <math alttext="x"><mi>x</mi></math>', ()),
        (r"<b>\$5</b> $\foobar$ \(x\)",
         r'<strong>\$5</strong> $\foobar$ <math alttext="x"><mi>x</mi></math>', (r"\foobar",)),
    ],
)  # fmt: skip
def test_latex_that_is_not_understood_stays_as_it_was_written(
    written: str, html: str | None, failed: tuple[str, ...]
) -> None:
    text = Content.of_html(written)
    made, pieces = formulas_from_latex(QuestionRecord(TrueFalse(text, True)))
    assert (made.question.stem.html, pieces) == (html or text.html, failed)


@given(st.text("$\\()[]x^ 1\n", max_size=60))
def test_no_piece_of_a_text_is_lost(text: str) -> None:
    pieces = split_latex(text)
    assert all(piece for _, piece in pieces)
    assert "".join(written for _, _, written in pieces_of(text)) == text
    assert all(first != "text" or second != "text" for (first, _), (second, _) in itertools.pairwise(pieces))

    def letters(written: str) -> str:
        return "".join(written.split()).translate(str.maketrans("", "", "$\\()[]"))

    assert letters("".join(piece for _, piece in pieces)) == letters(text)


@pytest.mark.parametrize("part", ["$", r"\(", r"\[", "$x ", "$$x", r"\(x$", "\\", r"\$", "$\n \n"])
def test_a_long_text_of_opening_marks_is_split_in_time(part: str) -> None:
    text = part * 20_000
    pieces = split_latex(text)
    assert pieces
