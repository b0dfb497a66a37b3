"""Doc → HTML: a part of an article as an article of its own. `build_doc` reads the same words in it again.

White space between blocks may come out another way where lists and quotes stand within each other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from tui_reader.doc.model import Block, Doc, Span, SpanKind

_TAGS: dict[SpanKind, str] = {
    "strong": "strong", "emphasis": "em", "code": "code", "strike": "s", "mark": "mark", "sup": "sup", "sub": "sub",
}  # fmt: skip


def excerpt(doc: Doc, start: int, end: int) -> Doc:
    """The blocks that lie between two offsets."""
    blocks = tuple(
        replace(block, start=block.start - start, end=block.end - start)
        for block in doc.blocks
        if start <= block.start and block.end <= end
    )
    spans = tuple(
        replace(span, start=span.start - start, end=span.end - start)
        for span in doc.spans
        if start <= span.start and span.end <= end
    )
    return Doc(doc.text[start:end], blocks, spans)


def doc_html(doc: Doc) -> str:
    """Only elements that the cleaner keeps, and only addresses that the Doc has."""
    writer = _Writer(doc)
    # The innermost last: an image may fill all of a link.
    spans = sorted(doc.spans, key=lambda span: (span.start, -span.end, span.kind == "image"))
    first = 0
    for block in doc.blocks:
        last = bisect_left(spans, block.end, first, key=lambda span: span.start)
        writer.add(block, spans[first:last])
        first = last
    return writer.finish()


class _Writer:
    def __init__(self, doc: Doc) -> None:
        self._text = doc.text
        self._out: list[str] = []
        self._quoted = 0
        self._lists: list[str] = []
        self._end = 0
        """Of the block before."""

    def finish(self) -> str:
        self._close_lists(0)
        self._quote(0)
        return "".join(self._out)

    def add(self, block: Block, spans: Sequence[Span]) -> None:
        if block.quoted != self._quoted:
            self._close_lists(0)
            self._quote(block.quoted)
        if block.kind == "item":
            self._begin_item(block)
        elif not (block.level and block.kind == "paragraph" and self._lists):
            self._close_lists(0)
        self._out.append(self._element(block, spans))
        self._end = block.end

    def _element(self, block: Block, spans: Sequence[Span]) -> str:
        if block.kind == "rule":
            return "<hr>"
        if block.kind == "table":
            return _table(self._text, block, spans)
        words = _inline(self._text, block.start, block.end, spans)
        if block.kind == "heading":
            return f"<h{block.level}>{words}</h{block.level}>"
        if block.kind == "code":
            return f"<pre><code>{words}</code></pre>"
        return f"<p>{words}</p>".replace("\n", "<br>")

    def _quote(self, depth: int) -> None:
        step = "<blockquote>" if depth > self._quoted else "</blockquote>"
        self._out.append(step * abs(depth - self._quoted))
        self._quoted = depth

    def _begin_item(self, block: Block) -> None:
        """Open or go on with the list it stands in; what is written next is in the item."""
        number = block.marker.rstrip(".") if block.marker[:-1].isdigit() else ""
        tag = "ol" if number else "ul"
        # An empty line between two items parts two lists.
        apart = self._end and "\n\n" in self._text[self._end : block.start]
        self._close_lists(0 if apart else block.level)
        if len(self._lists) == block.level and self._lists[-1] != tag:
            self._close_lists(block.level - 1)
        if len(self._lists) == block.level:
            self._out.append("</li>")
        while len(self._lists) < block.level:
            self._lists.append(tag)
            self._out.append(f"<{tag}>" if len(self._lists) == block.level else f"<{tag}><li>")
        self._out.append(f'<li value="{number}">' if number else "<li>")

    def _close_lists(self, level: int) -> None:
        while len(self._lists) > level:
            self._out.append(f"</li></{self._lists.pop()}>")


def _table(text: str, block: Block, spans: Sequence[Span]) -> str:
    rows, at = [], block.start
    for line in text[block.start : block.end].split("\n"):
        cells = []
        for cell in line.split("\t"):
            inside = [span for span in spans if at <= span.start and span.end <= at + len(cell)]
            cells.append(f"<td>{_inline(text, at, at + len(cell), inside)}</td>")
            at += len(cell) + 1
        rows.append(f"<tr>{''.join(cells)}</tr>")
    # A table of one row is taken for layout.
    return f"<table>{''.join(rows)}{'<tr></tr>' if len(rows) == 1 else ''}</table>"


def _inline(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    """Text with its spans, which are in order of their starts and may nest."""
    out = list[str]()
    at = start
    for number, span in enumerate(spans):
        if span.start < at:
            continue  # It lies within the one before, and was written with that.
        within = [each for each in spans[number + 1 :] if each.start < span.end]
        out += escape(text[at : span.start]), _span(text, span, min(span.end, end), within)
        at = span.end
    return "".join((*out, escape(text[at:end])))


def _span(text: str, span: Span, end: int, within: Sequence[Span]) -> str:
    if span.kind == "image":
        alt = text[span.start + 1 : end - 1]
        source = f' src="{escape(span.href)}"' if span.href else ""
        return f'<img{source} alt="{escape("" if alt == "image" else alt)}">'
    words = _inline(text, span.start, end, within)
    if span.kind == "link":
        return f'<a href="{escape(span.href)}">{words}</a>' if span.href else words
    return f"<{_TAGS[span.kind]}>{words}</{_TAGS[span.kind]}>"
