"""A whole article as Markdown, made from its Doc."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC

from tui_reader.doc import Block, Doc, Span, without_controls
from tui_reader.model import Source

from . import escape

_MAX_NESTING = 8
# Where Markdown has no sign of its own, or where its sign would not work, HTML does the same.
_SIGNS = {"strong": "**", "emphasis": "*", "strike": "~~"}
_TAGS = {"strong": "strong", "emphasis": "em", "strike": "del", "mark": "mark", "sup": "sup", "sub": "sub"}


def document_markdown(source: Source, doc: Doc) -> str:
    """The article with its title and where it is from; what its text says is never taken for Markdown."""
    address = escape.web_address(source.url)
    date = source.published_at.astimezone(UTC).date().isoformat() if source.published_at else ""
    facts = [escape.inline(source.author), escape.inline(source.feed_title), date, f"<{address}>" if address else ""]
    lines = [f"# {escape.inline(source.title) or 'Untitled'}", "", " · ".join(filter(None, facts)), ""]
    widths: list[int] = []
    before: Block | None = None
    for block in doc.blocks:
        quoting = "> " * block.quoted
        if before and not (_is_new_item(block) and doc.text[before.end : block.start] == "\n"):
            lines.append(("> " * min(before.quoted, block.quoted)).rstrip())
        lines += [(quoting + line).rstrip(" ") if not line else quoting + line for line in _block(doc, block, widths)]
        before = block
    return without_controls("\n".join(lines).rstrip("\n") + "\n")


# --- blocks ----------------------------------------------------------------------------------------------------------


def _block(doc: Doc, block: Block, widths: list[int]) -> list[str]:
    """The lines of one block. `widths` holds how far each level of the open list indents, and is kept up to date."""
    marker = ""
    if _is_new_item(block):
        marker = f"{block.marker} " if re.fullmatch(r"\d{1,9}[.)]", block.marker) else "- "
        del widths[block.level - 1 :]
        widths.append(len(marker))
    del widths[block.level :]
    hanging = " " * sum(widths)
    first = hanging[: len(hanging) - len(marker)] + marker
    lines = _lines(doc, block)
    return [(first if number == 0 else hanging) + line if line else "" for number, line in enumerate(lines)]


def _is_new_item(block: Block) -> bool:
    return block.kind == "item" and bool(block.marker)


def _lines(doc: Doc, block: Block) -> list[str]:
    if block.kind == "rule":
        return ["---"]
    if block.kind == "code":
        return escape.fenced(doc.text[block.start : block.end], block.language)
    spans = _within(doc.spans, block.start, block.end)
    if block.kind == "table":
        return _table(doc.text, block, spans)
    text = _inline(doc.text, block.start, block.end, spans)
    if block.kind == "heading":
        return [f"{'#' * max(2, min(block.level, 6))} {' '.join(text.split())}"]
    lines = [escape.line_start(line) for line in text.split("\n")]
    return [f"{line}  " for line in lines[:-1]] + lines[-1:]


def _table(text: str, block: Block, spans: Sequence[Span]) -> list[str]:
    rows: list[list[str]] = []
    at = block.start
    for row in text[block.start : block.end].split("\n"):
        cells: list[str] = []
        for cell in row.split("\t"):
            cells.append(_inline(text, at, at + len(cell), _within(spans, at, at + len(cell))).strip())
            at += len(cell) + 1
        rows.append(cells)
    columns = max(len(row) for row in rows)
    lines = [f"| {' | '.join(row + [''] * (columns - len(row)))} |" for row in rows]
    return [lines[0], f"|{' --- |' * columns}", *lines[1:]]


# --- spans -----------------------------------------------------------------------------------------------------------


def _within(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    first = bisect_left(spans, start, key=_start)
    return spans[first : bisect_left(spans, end, lo=first, key=_start)]


def _start(span: Span) -> int:
    return span.start


def _inline(text: str, start: int, end: int, spans: Sequence[Span], *, nesting: int = 0) -> str:
    """The text from `start` to `end` with the spans that start in it; those that overlap are cut to nest."""
    parts: list[str] = []
    at = start
    number = 0
    while number < len(spans) and nesting < _MAX_NESTING:
        span = spans[number]
        stop = min(span.end, end)
        inner = _within(spans[number + 1 :], span.start, stop)
        parts += [escape.literal(text[at : span.start]), _span(text, span, stop, inner, nesting)]
        at = stop
        number += 1 + len(inner)
    return "".join([*parts, escape.literal(text[at:end])])


def _span(text: str, span: Span, end: int, others: Sequence[Span], nesting: int) -> str:
    # Markdown wants its signs tight to the words.
    raw = text[span.start : end]
    lead, trail = raw[: len(raw) - len(raw.lstrip())], raw[len(raw.rstrip()) :]
    start, end = span.start + len(lead), end - len(trail)
    if start >= end:
        return raw
    if span.kind == "code":
        return lead + _code(text[start:end]) + trail
    if span.kind == "image":
        return lead + _image(text[start:end], span.href) + trail
    inner = _inline(text, start, end, others, nesting=nesting + 1)
    if span.kind == "link":
        address = escape.link_target(span.href)
        return lead + (f"[{inner}]({address})" if address else inner) + trail
    if span.kind in _SIGNS and _binds(inner, text[max(0, start - 1) : start], text[end : end + 1]):
        return lead + _SIGNS[span.kind] + inner + _SIGNS[span.kind] + trail
    return f"{lead}<{_TAGS[span.kind]}>{inner}</{_TAGS[span.kind]}>{trail}"


def _code(text: str) -> str:
    text = escape.one_line(text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1) if longest else "`"
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return fence + space + text + space + fence


def _image(text: str, href: str) -> str:
    alt = escape.inline(text.removeprefix("[").removesuffix("]"))
    address = escape.web_address(href)
    return f"![{alt}]({address})" if address else escape.inline(text)


def _binds(inner: str, before: str, after: str) -> bool:
    """CommonMark's rule of flanking, which quotation marks or a link right inside of bold Chinese text break."""
    opens = not _is_punctuation(inner[0]) or _is_edge(before)
    closes = not _is_punctuation(inner[-1]) or _is_edge(after)
    return opens and closes


def _is_edge(char: str) -> bool:
    return not char or char.isspace() or _is_punctuation(char)


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
