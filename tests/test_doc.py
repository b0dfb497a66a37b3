"""What a Doc promises: its text is canonical, and its blocks and spans say exactly where everything stands."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui_reader.clean import clean_html
from tui_reader.doc import Block, Doc, Span, build_doc, sentences, text_doc, without_controls

DATA = Path(__file__).parent / "data/html"
FRAGMENTS = (DATA / "fragments.txt").read_text(encoding="utf-8").splitlines()
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x9d\x00\u202e\u0301\u0302\u1100\u1161 \n\t\r\u3000\xa0é智。"))
)
MARKUP = st.lists(st.one_of(st.sampled_from(FRAGMENTS), TEXTS), max_size=30).map("".join)


def parts(doc: Doc) -> list[str]:
    """Each block as a line: kind, level, marker, quoted and text."""
    return [
        f"{block.kind}{block.level or ''} {block.marker}{'>' * block.quoted}|{doc.text[block.start : block.end]}"
        for block in doc.blocks
    ]


def spans(doc: Doc) -> list[tuple[str, str, str]]:
    return [(span.kind, doc.text[span.start : span.end], span.href) for span in doc.spans]


def assert_sound(doc: Doc) -> None:
    assert doc.text == without_controls(doc.text)
    assert unicodedata.is_normalized("NFC", doc.text)
    at = 0
    for number, block in enumerate(doc.blocks):
        assert doc.text[at : block.start] in (("\n\n", "\n") if number else ("",))
        assert_block(block, doc.text[block.start : block.end])
        at = block.end
    assert at == len(doc.text)
    assert list(doc.spans) == sorted(doc.spans, key=lambda span: span.start)
    for span in doc.spans:
        assert_span(span, doc)


def assert_block(block: Block, text: str) -> None:
    assert (block.kind == "rule") == (text == "")
    assert text == text.rstrip()
    if block.kind not in ("code", "table"):
        assert text == text.strip()
        assert "\t" not in text
        assert "  " not in text


def assert_span(span: Span, doc: Doc) -> None:
    text = doc.text[span.start : span.end]
    assert span.start < span.end
    assert text == text.strip()
    assert any(block.start <= span.start and span.end <= block.end for block in doc.blocks)
    assert span.href == "" or span.href.startswith(("https://", "http://", "mailto:"))


# --- blocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>Chips  \n and\tmodels</h2><p>One.</p>Two.<div>Three.</div>",
         ["heading2 |Chips and models", "paragraph |One.", "paragraph |Two.", "paragraph |Three."]),
        ("<p>one<br>two<br><br>three<br/> <br/> <br/>four<br></p>",
         ["paragraph |one\ntwo", "paragraph |three", "paragraph |four"]),
        ("<p>&nbsp;</p><p></p><div><br></div><p>\u200c&nbsp;\u200c</p><p>　　缩进&nbsp;　两格</p>",
         ["paragraph |缩进 两格"]),
        ("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li><p>d</p><p>e</p></li></ul>",
         ["item1 •|a", "item2 1.|b", "item2 2.|c", "item1 •|d", "paragraph1 |e"]),
        ('<ol start="9"><li>i<li value="20">t<li></li><li>w</ol>', ["item1 9.|i", "item1 20.|t", "item1 22.|w"]),
        ("<li>stray</li>", ["item1 •|stray"]),
        ("<ul><li><h3>Head</h3>text</li></ul>", ["item1 •|Head", "paragraph1 |text"]),
        ("<blockquote>a<blockquote><p>b</p></blockquote></blockquote>c",
         ["paragraph >|a", "paragraph >>|b", "paragraph |c"]),
        ("<dl><dt>Term</dt><dd>Meaning</dd><dd><p>a</p><p>b</p></dd></dl>",
         ["paragraph |Term", "paragraph1 |Meaning", "paragraph1 |a", "paragraph1 |b"]),
        ("<hr>a<hr><p></p><hr>b<hr>", ["paragraph |a", "rule |", "paragraph |b"]),
        ("<figure><img src='https://e.x/a.png' alt='A chart'><figcaption>By us</figcaption></figure>",
         ["paragraph |[A chart]", "paragraph |By us"]),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby> <q>cited</q>", ["paragraph |漢（かん） “cited”"]),
        ("<script>x</script><style>y</style><template>z</template>a", ["paragraph |a"]),
    ],
)  # fmt: skip
def test_blocks(html: str, expected: list[str]) -> None:
    doc = build_doc(html)
    assert_sound(doc)
    assert parts(doc) == expected


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>a<li>b<ul><li>c</ul></ul><ul><li>d</ul><p>e", "a\nb\nc\n\nd\n\ne"),
        ("<ul><li>a<p>more</p><li>b</ul>", "a\n\nmore\n\nb"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl><dl><dt>e</dl>", "a\nb\nc\nd\n\ne"),
        ("<p>a<hr>b", "a\n\n\n\nb"),
    ],
)
def test_separators(html: str, text: str) -> None:
    assert build_doc(html).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>人工\n  智能<b>公司</b>\n<i>发布</i></p>", "人工智能公司发布"),
        ("<p>发布\n Qwen \n模型，\n价格</p>", "发布 Qwen 模型，价格"),
        ("<p>发布\n“长风”\n模型 ——\n<b>昨天</b> said\n“x”\ny</p>", "发布“长风”模型 ——昨天 said “x” y"),
        ("<p>智 能 <b> 公司</b></p>", "智 能 公司"),
        ("<p>a <b> b </b> c<i>d </i><u> e</u></p>", "a b cd e"),
        ("<p>e&#x301;<b>&#x301;</b> u<i>&#x308;</i>x</p>", "é\u0301 üx"),
        ("<p>z" + "<b>&#x336;</b>" * 40, "z" + "\u0336" * 8),
        ("<p>a&#27;[31mb&#x9d;c&#x202e;d\x00</p>", "a[31mbcd"),
    ],
)
def test_white_space_and_characters(html: str, text: str) -> None:
    doc = build_doc(html)
    assert_sound(doc)
    assert doc.text == text


def test_code_keeps_its_white_space() -> None:
    doc = build_doc(
        '<pre><code class="language-Python">\n\n    if a:\n\treturn  1\n\n    <b>else</b>: \n\n</code></pre>after'
    )
    assert parts(doc) == ["code |    if a:\n\treturn  1\n\n    else:", "paragraph |after"]
    assert doc.blocks[0].language == "python"
    assert spans(doc) == [("strong", "else", "")]


def test_lines_of_code_in_elements_of_their_own() -> None:
    html = "<pre><code><span>a = 1</span></code><code>  b = 2</code></pre><pre>c<br>d<div>e</div></pre>"
    assert parts(build_doc(html)) == ["code |a = 1\n  b = 2", "code |c\nd\ne"]


def test_a_table_is_lines_and_tabs() -> None:
    html = (
        "<table><caption>Prices</caption><thead><tr><th></th><th>In</th><th>Out</th></tr></thead>"
        "<tr><td><p>Tern 2</p></td><td> 1 <b>US$</b></td><td>6<br>net</td></tr>"
        "<tr><td></td></tr><tr><td>x<td></tr></table>"
    )
    doc = build_doc(html)
    assert_sound(doc)
    assert parts(doc) == ["paragraph |Prices", "table |\tIn\tOut\nTern 2\t1 US$\t6 net\nx"]
    assert spans(doc) == [("strong", "US$", "")]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
        "<table><tr><td>a</td><td>b</td></tr></table>",
        "<table><tr><td>a</td><td><ul><li>b</li></ul></td></tr><tr><td></td><td></td></tr></table>",
        "<table><tr><td><table><tr><td>a</td></tr></table></td><td>b</td></tr><tr><td></td><td></td></tr></table>",
        "<table><tr><td><p>a</p><p>b</p></td><td></td></tr><tr><td></td><td></td></tr></table>",
    ],
)
def test_a_layout_table_becomes_blocks(table: str) -> None:
    doc = build_doc(table)
    assert_sound(doc)
    assert [line.partition("|")[2] for line in parts(doc)] == ["a", "b"]
    assert "table" not in {block.kind for block in doc.blocks}


# --- spans -----------------------------------------------------------------------------------------------------------


def test_spans_fit_their_words() -> None:
    html = (
        '<p>The <b>price </b>of <a href="https://e.x/t"> <i>Tern</i> 2 </a>fell <s>a bit</s> <mark>by half</mark>.</p>'
    )
    assert spans(build_doc(html)) == [
        ("strong", "price", ""),
        ("link", "Tern 2", "https://e.x/t"),
        ("emphasis", "Tern", ""),
        ("strike", "a bit", ""),
        ("mark", "by half", ""),
    ]


def test_a_span_over_two_blocks_is_two_spans() -> None:
    doc = build_doc('<a href="https://e.x/"><p>one</p><p>two</p></a><b>x<br><br>y</b>')
    assert_sound(doc)
    assert spans(doc) == [("link", "one", "https://e.x/"), ("link", "two", "https://e.x/"), ("strong", "x", ""),
                          ("strong", "y", "")]  # fmt: skip


def test_a_span_within_its_own_kind_is_one() -> None:
    assert spans(build_doc("<strong>a <b>b</b> c</strong>")) == [("strong", "a b c", "")]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "JAVASCRIPT:x", "/relative", "data:x", "https://e.x/\x1b", ""])
def test_unsafe_links_are_only_text(href: str) -> None:
    assert spans(build_doc(f'<a href="{href}">x</a><img src="{href}" alt="y">')) == [("image", "[y]", "")]


def test_images() -> None:
    html = """<p>See <img src="https://e.x/a.png" alt="Chart of prices"> and <img src="https://e.x/b.png"> this.</p>
        <p><img src="https://e.x/c.png"></p>
        <p><a href="https://e.x/v"><img src="https://e.x/d.png" alt="d.png"></a></p>"""
    doc = build_doc(html)
    assert doc.text == "See [Chart of prices] and this.\n\n[image]\n\n[image]"
    assert spans(doc) == [
        ("image", "[Chart of prices]", "https://e.x/a.png"),
        ("image", "[image]", "https://e.x/c.png"),
        ("image", "[image]", "https://e.x/d.png"),
        ("link", "[image]", "https://e.x/v"),
    ]


# --- whole articles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["newsletter", "wechat"])
def test_an_article_reads_as_it_should(name: str) -> None:
    html = (DATA / f"{name}.html").read_text(encoding="utf-8")
    doc = build_doc(clean_html(html, base="https://weekly.example/p/price-cut"))
    assert_sound(doc)
    assert doc.text + "\n" == (DATA / f"{name}.txt").read_text(encoding="utf-8")


@settings(max_examples=100, deadline=None)
@given(MARKUP)
@example("<pre> <b> a</b> </pre>")
@example("<table><tr><td>&#x301;<tr><td><td>b</table>")
@example("a\u0301<b>\u0301x</b><i>\u0302</i>")
def test_any_markup_gives_a_sound_doc(html: str) -> None:
    assert_sound(build_doc(html))
    assert_sound(build_doc(clean_html(html, base="https://e.x/")))


def test_depth_is_no_matter() -> None:
    doc = build_doc("<b><blockquote>" * 3_000 + "x")
    assert_sound(doc)
    assert doc.text == "x"


def test_real_articles_give_sound_docs() -> None:
    pages = Path(__file__).parents[1] / "../shared/corpus/pages"
    if not pages.is_dir():
        pytest.skip("the corpus of real pages is not here")
    for page in ("readability-ars-1", "readability-qq", "readability-wikipedia-4", "readability-lwn-1"):
        html = (pages / f"{page}.expected.html").read_text(encoding="utf-8")
        assert_sound(build_doc(clean_html(html, base="https://e.x/")))


# --- plain text ------------------------------------------------------------------------------------------------------


def test_plain_text_has_paragraphs_and_lines() -> None:
    doc = text_doc("  One <b>line\x1b\r\nand  another\r\n \r\n\r\nTwo & more\n")
    assert_sound(doc)
    assert parts(doc) == ["paragraph |One <b>line\nand another", "paragraph |Two & more"]
    assert text_doc("") == Doc("", (), ())


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_any_text_gives_a_sound_doc(text: str) -> None:
    assert_sound(text_doc(text))


# --- sentences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("joint", [" ", "\n", "\n\n"])
@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Lee of Harbor Inc. paid $3.5 billion.", "The U.S. government approved.", "See No. 5, e.g. this one."],
        ["It opened an office in the U.S.", "The company hired J. R. Smith.", "He left at 5 p.m.", "But she stayed."],
        ["“Really?” he asked.", "“Yes!”", "Read https://e.x/a?b=1.c&d=e for more...", "Then go."],
        ["Version 4.1 is out (finally!).", "Version 5?", "Not yet… maybe in Dec. 2026."],
    ],
)
def test_english_sentences(expected: list[str], joint: str) -> None:
    text = joint.join(expected)
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == expected


@pytest.mark.parametrize("joint", ["", " ", "\n"])
@pytest.mark.parametrize(
    "expected",
    [
        [
            "北辰智能发布新模型。",
            "价格是多少？",
            "“便宜！”",
            "他说：“每百万 token 2.5 元。”",
            "真的吗?",
            "当然……",
            "再见",
        ],
        ["模型叫Tern 2，官网是tern.example。", "它很快；", "也便宜（半价！）。", "『好。』"],
    ],
)
def test_chinese_sentences(expected: list[str], joint: str) -> None:
    text = joint.join(expected)
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == expected


def test_the_number_of_a_point_is_no_sentence() -> None:
    text = "1. First point\n2. Second. Third."
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == [
        "1. First point",
        "2. Second.",
        "Third.",
    ]


def test_sentences_stay_within_their_part_of_the_text() -> None:
    text = "Head\n\nOne. Two.\n\nTail."
    assert [text[start:end] for start, end in sentences(text, 6, 15)] == ["One.", "Two."]
    assert sentences(text, 4, 6) == []


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.integers(0, 50), st.integers(0, 50))
def test_sentences_cover_all_but_white_space(text: str, start: int, end: int) -> None:
    found = sentences(text, min(start, len(text)), min(end, len(text)))
    rest, at = "", min(start, len(text))
    for first, last in found:
        assert at <= first < last
        rest += text[at:first]
        at = last
    if found or start < end:
        rest += text[at : max(at, min(end, len(text)))]
    assert rest.strip() == ""
