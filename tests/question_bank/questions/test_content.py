"""Texts with markup: whatever HTML goes in, only known elements come out, and nothing that is a text is lost."""

import pickle
import re
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.errors import InvalidSpec
from question_bank.questions import Content
from question_bank.questions.markup import ATTRIBUTES, BLOCKS, INLINES, MATHML, Element, walk
from question_bank.questions.markup_reader import read_markup
from question_bank.questions.pictures import PictureRefused, picture_bytes, picture_uri
from tests.question_bank.strategies import EVERY_MARKUP, contents, small_picture

KNOWN = INLINES | BLOCKS | MATHML | {"br", "img", "li", "tr", "td", "th"}
PICTURE = picture_uri(small_picture())


def huge_png() -> bytes:
    """A PNG of a few bytes that claims two billion pixels a side."""
    header = b"IHDR" + b"\x7f\xff\xff\xff" * 2 + b"\x08\x02\0\0\0"
    data = b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + header + zlib.crc32(header).to_bytes(4, "big") + data


@pytest.mark.parametrize(
    ("written", "markup", "plain"),
    [
        ("<p>một</p><p>hai</p>", None, "một\nhai"),
        ("<div>một<br>hai</div>", None, "một\nhai"),
        ("một <b>hai</b>", "một <strong>hai</strong>", "một hai"),
        ("<b>một<i>hai</b>ba</i>", "<strong>một<em>hai</em></strong>ba", "mộthaiba"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O", "H₂O"),
        ("x<sup>2n+1</sup>", "x<sup>2n+1</sup>", "x²ⁿ⁺¹"),
        ("x<sup>ab</sup>", "x<sup>ab</sup>", "x^(ab)"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>", "– a\n– b"),
        ("<ol start=3><li>a<li>b</ol>", '<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
        ('<ol type="A" start="2"><li>a</ol>', '<ol start="2" type="A"><li>a</li></ol>', "B. a"),
        ('<ol type="i" start="3"><li>a<li>b</ol>', '<ol start="3" type="i"><li>a</li><li>b</li></ol>', "iii. a\niv. b"),
        ("<ul>lẻ<li>a</ul>", "<ul><li>lẻ</li><li>a</li></ul>", "– lẻ\n– a"),
        (
            "Cho:<table><tr><td>1<td>2<tr><td>3</table>xong",
            "Cho:<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>xong",
            "Cho:\n1 | 2\n3\nxong",
        ),
        ("<pre>if x:\n    y</pre>", "<pre>if x:\n    y</pre>", "if x:\n    y"),
        ("<b><p>một</p><p>hai</p></b>ba", "<strong>một<br/>hai</strong><br/>ba", "một\nhai\nba"),
        ("<b> </b>một<i></i>", None, "một"),
        ("một\n   hai", None, "một hai"),
        ("<h2>Tiêu đề</h2>chữ", "<strong>Tiêu đề</strong><br/>chữ", "Tiêu đề\nchữ"),
        (
            "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>",
            "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>",
            "a/2",
        ),
        (
            "<math><semantics><mrow><mi>x</mi></mrow><annotation>x</annotation></semantics></math>",
            "<math><mrow><mi>x</mi></mrow></math>",
            "x",
        ),
        ("<math>x<b>y</b></math>", "<math><mtext>x</mtext><mtext>y</mtext></math>", "xy"),
    ],
)
def test_html_becomes_our_markup(written: str, markup: str | None, plain: str) -> None:
    text = Content.of_html(written)
    assert (text.markup, str(text)) == (markup, plain)


@pytest.mark.parametrize(
    ("written", "markup", "lost"),
    [
        ('w<span style="text-decoration: underline;">a</span>nt', "w<u>a</u>nt", []),
        (
            '<i style="TEXT-DECORATION: line-through underline">a <span>b</span></i>c',
            "<em><u><s>a b</s></u></em>c",
            [],
        ),
        (
            'x<span style="vertical-align:super">2</span>H<sub style="vertical-align: sub">2</sub>',
            "x<sup>2</sup>H<sub>2</sub>",
            [],
        ),
        (
            '<p style="font-weight:700 !important">a</p><p style="font-style:italic">b</p>',
            "<strong>a</strong><br/><em>b</em>",
            [],
        ),
        ('<h2 style="font-weight:bold">a</h2><s><font style="text-decoration:line-through">b</font></s>',
         "<strong>a</strong><br/><s>b</s>", []),
        ('<p>a<span style="font-weight:bold">b</p><p>c</p>', "a<strong>b</strong><br/>c", []),
        ('<table><tr><td style="font-weight:bold;vertical-align:super">b<td><span>c</span></table>',
         "<table><tr><td><strong>b</strong></td><td>c</td></tr></table>", []),
        ('<table style="font-weight:bold"><tr><td>b</table>', "<table><tr><td>b</td></tr></table>", ["table style"]),
        # As word processors wrap what is copied from them.
        ('<b style="font-weight:normal">a<b>b</b>c</b>d', "a<strong>b</strong>cd", []),
        ('<ol style="list-style: lower-alpha inside"><li>a</ol>', '<ol type="a"><li>a</li></ol>', []),
        ('<ol><li style="list-style-type:upper-roman" value="4">a<li value=5>b</ol>',
         '<ol start="4" type="I"><li>a</li><li>b</li></ol>', []),
        ("<ol reversed><li>a<li value=9>b</ol>", "<ol><li>a</li><li>b</li></ol>", ["ol reversed", "li value"]),
        ('<ol style="list-style-type:lower-greek"><li>a</ol>', "<ol><li>a</li></ol>", ["ol style"]),
        ('a<span style="display:none">b<span>c</span>d</span>e', None, ['span style="display:none"']),
        ('<p hidden>a</p><img style="visibility:hidden" src="x">b', None,
         ["p hidden", 'img style="visibility:hidden"']),
        ('a<mi style="font-weight:bold">b</mi><T style="display:none">', None, []),
    ],
)  # fmt: skip
def test_styles_become_elements_or_are_named(written: str, markup: str | None, lost: list[str]) -> None:
    reading = read_markup(written)
    assert (Content.of_nodes(reading.nodes).markup, reading.lost) == (markup, lost)


@pytest.mark.parametrize(
    "unit",
    [
        '<span style="font-weight:bold">',
        "</i><div>",
        "<p hidden>",
        "<ol><li value=3 style='list-style-type:a'>",
        f"<i style='{';' * 900}'>",
    ],
)
def test_styles_take_no_time(unit: str) -> None:
    assert read_markup((unit * 8_000)[:79_000]).nodes is not None


@pytest.mark.parametrize(
    "written",
    [
        "cặp <s,d> nào?",
        "a < b và b > c",
        "a <b && c> d",
        "List<String> x",
        "</kết thúc>",
        "<T>",
        "5 <x< 7",
        "<",
        "<<>>",
    ],
)
def test_text_that_only_looks_like_html_survives(written: str) -> None:
    assert str(Content.of_html(written)) == written
    assert Content(written).html == Content(written).html.replace("<b", "")
    assert str(Content.of_html(Content(written).html)) == written


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>chữ",
        "<img src=x onerror=alert(1)>chữ",
        '<img src="data:text/html,<script>alert(1)</script>">chữ',
        '<a href="javascript:alert(1)">chữ</a>',
        "<svg onload=alert(1)><p>x</p></svg>chữ",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>chữ",
        "<b style='position:fixed' onclick=alert(1)>chữ</b>",
        "<td onclick=alert(1) colspan='2;x'>chữ",
        '<math href="javascript:alert(1)"><mi xlink:href="x">chữ</mi></math>',
        "<iframe srcdoc='<script>'></iframe>chữ",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>chữ",
        "<!--<img src=x onerror=alert(1)>-->chữ",
        "<![CDATA[<script>alert(1)</script>]]>chữ",
    ],
)
def test_nothing_that_runs_comes_through(written: str) -> None:
    text = Content.of_html(written)
    assert "chữ" in text or "ch" in text.html
    assert re.search(r"<(?!/?(?:" + "|".join(KNOWN) + r")\b)", text.html) is None
    assert " on" not in re.sub(r">[^<]*<", "><", text.html)
    assert "javascript:" not in re.sub(r">[^<]*<", "><", text.html)


@given(st.text(st.sampled_from("<>/=\"'abpitdrmsx &;#-!\n"), max_size=80) | st.text(max_size=60))
def test_whatever_is_read_only_known_elements_and_attributes_are_built(written: str) -> None:
    text = Content.of_html(written)
    for element in walk(text.nodes):
        assert element.tag in KNOWN
        assert {name for name, _ in element.attributes} <= set(ATTRIBUTES.get(element.tag, ()))
    if text.markup is not None:
        assert Content.of_markup(text.markup) == text, "the canonical spelling reads back as itself"


_NAMES = [
    "b",
    "s",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "p",
    "br",
    "pre",
    "math",
    "mi",
    "mrow",
    "blockquote",
    "sub",
    "code",
]
_TAGS = [f"<{end}{tag}>" for tag in _NAMES for end in ("", "/")]


@settings(max_examples=500)
@given(st.lists(st.sampled_from([*_TAGS, "a", " ", "y", "\u0301", "\n", "KHÔNG."]), max_size=14).map("".join))
def test_markup_of_any_nesting_comes_to_rest_and_stays_in_its_box(written: str) -> None:
    text = Content.of_html(written)
    assert Content.from_json(text.to_json()) == text
    parents = {"li": {"ul", "ol"}, "tr": {"table"}, "td": {"tr"}, "th": {"tr"}}

    def check(nodes: tuple[object, ...], parent: str) -> None:
        for node in nodes:
            if isinstance(node, Element):
                assert node.tag not in parents or parent in parents[node.tag], text.html
                check(node.children, node.tag)

    check(text.nodes, "")
    assert "".join(text.html.split()).count("KHÔNG") == written.count("KHÔNG"), "no word is lost, not even in a formula"


@given(contents(EVERY_MARKUP))
def test_a_text_comes_back_from_everything_it_is_kept_in(text: Content) -> None:
    assert Content.from_json(text.to_json()) == text
    assert pickle.loads(pickle.dumps(text)) == text
    assert hash(Content.from_json(text.to_json())) == hash(text)
    assert Content.of_html(text.html).identity.replace(" ", "") == text.identity.replace(" ", "")


def test_a_plain_text_is_equal_to_its_words_and_one_with_markup_is_not() -> None:
    assert Content("chữ") == "chữ"
    assert Content.of_html("<b>chữ</b>") != "chữ"
    assert Content.of_html("<b>chữ</b>") != Content("chữ")
    assert {Content("chữ"): 1}["chữ"] == 1
    assert Content("<b>") == "<b>", "a text is never taken for HTML unasked"


def test_an_item_without_its_list_is_a_line() -> None:
    assert Content.of_html("Sai<li>x</li>y<td>z</td>") == "Sai\nx\ny\nz"


@pytest.mark.parametrize("value", [None, 1, ["a"], {"html": 1}, {"text": "a"}, {"html": "a", "more": 1}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidSpec):
        Content.from_json(value)


class TestPictures:
    def test_a_picture_of_the_file_is_carried_whole(self) -> None:
        data = small_picture()
        text = Content.of_html('<p>Xem <img src="a.png" alt="sơ đồ" width="40px" class="x"></p>', {"a.png": data}.get)
        (picture,) = text.elements("img")
        assert picture_bytes(picture.get("src") or "") == ("image/png", data)
        assert (picture.get("alt"), picture.get("width"), picture.get("class")) == ("sơ đồ", "40", None)
        assert re.fullmatch(r"Xem \[hình [0-9a-f]{6}: sơ đồ\]", text)

    def test_two_pictures_are_two_texts(self) -> None:
        one, other = (Content.of_html(f'<img src="{picture_uri(small_picture(red))}">') for red in (10, 200))
        assert one != other
        assert one.identity != other.identity

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (None, "missing"),
            (b"GIF89a", "none"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none"),
            (huge_png(), "large"),
            (b"\xff" * (3 * 1024 * 1024), "large"),
            (small_picture(1, "BMP"), "kind"),
        ],
    )
    def test_one_that_cannot_be_shown_is_named_with_the_reason(self, data: bytes | None, reason: str) -> None:
        reading = read_markup('<img src="hinh/a.png">', lambda address: data)
        assert reading.nodes == ()
        assert reading.pictures == [("hinh/a.png", reason)]

    def test_an_address_that_is_no_picture_is_refused(self) -> None:
        with pytest.raises(PictureRefused):
            picture_bytes("data:image/png;base64,@@@")


def test_what_loses_its_meaning_is_named() -> None:
    reading = read_markup('<a href="x">luật</a> <video src="y"></video><a name="z">mục</a><u>gạch</u>')
    assert reading.lost == ["a", "video"]


@pytest.mark.parametrize(
    "written",
    [
        "<b>" * 20_000 + "x",
        "<table>" * 5_000 + "x",
        "<div><ul><li>" * 3_000,
        "<" * 100_000,
        "<a" * 100_000,
        "&" * 200_000,
        "<b></b>" * 50_000,
        "x" * 300_000,
        "<td>" * 30_000,
        "<math><mrow>" * 20_000,
        "<!-- >" * 30_000,
        "<!--" * 50_000,
        "<![CDATA[" * 20_000,
        "<!x" * 60_000 + ">",
        '<a b="' * 25_000 + ">",
        "<a " + "b='" * 50_000 + ">",
        "<a" + " b" * 90_000,
        "</" * 90_000,
        "</a " * 50_000 + ">",
        "<svg>" * 30_000 + "x",
        "<script>" * 20_000,
        "<?" * 90_000 + ">",
        "<a b=" * 40_000 + ">",
        "&#" * 90_000,
        "<" + "a" * 190_000 + ">",
    ],
)
def test_hostile_html_costs_little(written: str) -> None:
    text = Content.of_html(written)
    assert max((str(text.markup or "").count("<table>"), 0)) <= 60


def test_the_canonical_markup_has_one_spelling() -> None:
    assert Content.of_html(f"<img  SRC='{PICTURE}'  alt='a' >").markup == f'<img src="{PICTURE}" alt="a"/>'
