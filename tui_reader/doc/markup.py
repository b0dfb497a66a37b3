"""HTML, or plain text, → Doc: what each element means to the builder."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_reader.doc.builder import Builder
from tui_reader.doc.characters import without_controls
from tui_reader.doc.model import Doc, SpanKind

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def build_doc(html: str) -> Doc:
    """The article as text, blocks and spans. Any string gives a Doc; nothing in it is trusted to be clean.

    A table may begin with "\\t", for an empty first cell, and code with the spaces that indent its first line; no other
    block begins or ends with white space. A table of one column, or with lists or several paragraphs in a cell, is
    layout: it becomes plain blocks.
    """
    # Imported here: 19 ms, and the app draws its lists before it draws the first article.
    from selectolax.lexbor import LexborHTMLParser

    builder = Builder()
    parser = LexborHTMLParser(html, is_fragment=True)
    _walk(parser.root, builder)
    return builder.finish()


def text_doc(text: str) -> Doc:
    """Plain text as a Doc: blank lines part its paragraphs, single line ends stay."""
    builder = Builder()
    for line in without_controls(text).split("\n"):
        builder.add(line)
        builder.break_line()  # Two of them in a row part paragraphs.
    return builder.finish()


# fmt: off
_SKIPPED = {
    "annotation", "button", "head", "iframe", "noscript", "object", "option", "rp", "script", "select", "style", "svg",
    "template", "textarea", "title",
}
_BLOCKS = {
    "address", "article", "aside", "caption", "center", "details", "div", "fieldset", "figcaption", "figure", "footer",
    "form", "header", "legend", "main", "nav", "p", "section", "summary",
}
# fmt: on
_SPAN_KINDS: dict[str, SpanKind] = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "emphasis"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("s", "del", "strike"), "strike"),
    "mark": "mark",
    "sup": "sup",
    "sub": "sub",
    "a": "link",
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LAYOUT = ":is(td, th) :is(table, ul, ol, dl, pre, blockquote, hr, h1, h2, h3, h4, h5, h6, p + p, div + div, figure)"
_SECOND_CELL = "td + td, td + th, th + td, th + th"
_LONGEST_CELL = 400
_LANGUAGE = re.compile(r"\blang(?:uage)?-([\w+#.-]{1,30})")
_NUMBER = re.compile(r"-?[0-9]{1,6}")
_HREF = re.compile(r"(?:https?://|mailto:)[^\s\"<>]+", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:image|img|photo|picture|图片|图像|\S+\.(?:png|jpe?g|gif|webp|svg|avif))?", re.IGNORECASE
)


def _walk(first: LexborNode | None, builder: Builder) -> None:
    """Depth first, without recursion: markup may nest deeper than Python's stack."""
    node, above = first, list["tuple[LexborNode, str]"]()
    while node is not None or above:
        if node is None:
            node, tag = above.pop()
            _leave(builder, tag)
        elif node.is_text_node:
            builder.add(without_controls(node.text_content or ""))
        elif (tag := node.tag or "") not in _SKIPPED and node.is_element_node:
            _enter(builder, tag, node)
            above.append((node, tag))
            node = node.first_child
            continue
        node = node.next


def _enter(builder: Builder, tag: str, node: LexborNode) -> None:
    if tag in _SPAN_KINDS:
        if tag == "code" and node.prev is not None and node.prev.tag == "code":
            builder.break_code_line()
        builder.open_span(_SPAN_KINDS[tag], _safe_href(node.attributes.get("href")) if tag == "a" else "")
    elif tag in _BLOCKS:
        builder.break_block()
    elif tag in _HEADINGS:
        builder.begin("heading", level=_HEADINGS[tag])
    elif tag in _ENTER:
        _ENTER[tag](builder, node)


def _leave(builder: Builder, tag: str) -> None:
    if tag in _SPAN_KINDS:
        builder.close_span()
    elif tag in _BLOCKS:
        builder.break_block()
    elif tag in _HEADINGS:
        builder.begin("paragraph")
    elif tag in _LEAVE:
        _LEAVE[tag](builder)


def _enter_image(builder: Builder, node: LexborNode) -> None:
    alt = " ".join(without_controls(node.attributes.get("alt") or "").split())[:300].rstrip()
    builder.add_image("" if _SAYS_NOTHING.fullmatch(alt) else alt, _safe_href(node.attributes.get("src")))


def _enter_pre(builder: Builder, node: LexborNode) -> None:
    code = node.css_first("code")
    classes = [each.attributes.get("class") or "" for each in (node, code) if each is not None]
    language = _LANGUAGE.search(" ".join(classes))
    builder.begin("code", language=language[1].lower() if language else "")


def _enter_table(builder: Builder, node: LexborNode) -> None:
    builder.begin_table(
        layout=len(node.css("tr")) < 2
        or not node.css_first(_SECOND_CELL)
        or node.css_first(_LAYOUT) is not None
        or any(len(cell.text()) > _LONGEST_CELL for cell in node.css("td, th"))
    )


_ENTER: dict[str, Callable[[Builder, LexborNode], None]] = {
    "blockquote": lambda builder, node: builder.quote(1),
    "br": lambda builder, node: builder.break_line(),
    "dd": lambda builder, node: builder.begin_description(),
    "dl": lambda builder, node: builder.begin_list(None),
    "dt": lambda builder, node: builder.begin_term(),
    "hr": lambda builder, node: builder.add_rule(),
    "img": _enter_image,
    "li": lambda builder, node: builder.begin_item(_number(node.attributes.get("value"))),
    "ol": lambda builder, node: builder.begin_list(_number(node.attributes.get("start"), 1)),
    "pre": _enter_pre,
    "q": lambda builder, node: builder.add("“"),
    "rt": lambda builder, node: builder.add("（"),
    "table": _enter_table,
    "td": lambda builder, node: builder.begin_cell(),
    "th": lambda builder, node: builder.begin_cell(),
    "tr": lambda builder, node: builder.begin_row(),
    "ul": lambda builder, node: builder.begin_list(None),
}
_LEAVE: dict[str, Callable[[Builder], None]] = {
    "blockquote": lambda builder: builder.quote(-1),
    "dd": lambda builder: builder.end_part(),
    "dl": lambda builder: builder.end_list(),
    "dt": lambda builder: builder.end_term(),
    "li": lambda builder: builder.end_part(),
    "ol": lambda builder: builder.end_list(),
    "pre": lambda builder: builder.begin("paragraph"),
    "q": lambda builder: builder.add("”"),
    "rt": lambda builder: builder.add("）"),
    "table": lambda builder: builder.end_table(),
    "ul": lambda builder: builder.end_list(),
}


def _number(value: str | None, default: int | None = None) -> int | None:
    return int(value) if value and _NUMBER.fullmatch(value) else default


def _safe_href(href: str | None) -> str:
    return href if href and _HREF.fullmatch(href) and href == without_controls(href) else ""
