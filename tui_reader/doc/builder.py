"""Text and breaks → blocks: decides what white space and which separators stand between the words of a Doc."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui_reader.doc.characters import join_lines, joins, normal_form
from tui_reader.doc.model import Block, BlockKind, Doc, Span, SpanKind

_INVISIBLE = " \u200c\u200d\u200e\u200f\ufe0f"
_MOST_SPACE = 1000


@dataclass(slots=True)
class _OpenSpan:
    kind: SpanKind
    href: str
    start: int | None = None
    """None until text comes."""


class Builder:
    """Collects text into blocks.

    White space, separators and spans wait until the text comes that they belong to: so nothing begins or ends with
    white space, and nothing is empty.
    """

    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._spans: list[Span] = []
        self._group = 0
        # Where the next text stands.
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._language = ""
        self._quoted = 0
        self._lists: list[int | None] = []
        self._lists_begun = 0
        self._part: tuple[BlockKind, int, str] | None = None
        self._tables: list[bool] = []
        self._open: dict[SpanKind, _OpenSpan] = {}
        self._nested: list[SpanKind | None] = []
        # The block that is open, if it has text, and what waits for more of it.
        self._block: Block | None = None
        self._last = ""
        self._space = ""
        self._breaks = 0
        self._images: list[tuple[str, str]] = []
        self._rule = False
        self._cells = ""
        self._first_cell = True

    def finish(self) -> Doc:
        self._close_block()
        self._spans.sort(key=lambda span: (span.start, -span.end))
        text = "".join(self._text)
        doc = Doc(text, tuple(self._blocks), tuple(self._spans))
        return doc if normal_form(text) == text else _normalized(doc)

    def add(self, text: str) -> None:
        """Text without controls. White space in it is collapsed, but in code."""
        if self._kind == "code":
            self._add_code(text.replace("\xa0", " "))
            return
        if "\n" in text:
            text = join_lines(text)
        words = " ".join(text.split())
        if not words.strip(_INVISIBLE):
            self._widen(text)
            return
        self._widen(text[: len(text) - len(text.lstrip())])
        self._approach(words[0])
        self._put(words)
        self._widen(text[len(text.rstrip()) :])

    def break_line(self) -> None:
        if self._kind == "code":
            self.add("\n")
        elif self._kind == "paragraph":
            self._breaks += 1
        else:
            self._widen(" ")

    def break_block(self) -> None:
        if self._kind == "code":
            self._space += "\n" if self._block and "\n" not in self._space else ""
        elif self._kind == "table":
            self._widen(" ")
        else:
            self._close_block()

    def break_code_line(self) -> None:
        """WeChat gives each line of a listing a <code> of its own."""
        if self._kind == "code":
            self.break_block()

    def begin(self, kind: BlockKind, *, level: int = 0, language: str = "") -> None:
        if self._kind == "table":
            self.break_block()
            return
        self._close_block()
        self._kind, self._level, self._language = kind, level, language

    def open_span(self, kind: SpanKind, href: str = "") -> None:
        """A span within one of its own kind adds nothing: it is only counted."""
        self._nested.append(None if kind in self._open else kind)
        self._open.setdefault(kind, _OpenSpan(kind, href))

    def close_span(self) -> None:
        kind = self._nested.pop()
        if kind:
            self._end_span(self._open.pop(kind))

    def quote(self, step: int) -> None:
        self.break_block()
        self._quoted += step

    def add_rule(self) -> None:
        self.break_block()
        self._rule = bool(self._blocks)

    def add_image(self, alt: str, href: str) -> None:
        if alt:
            self.open_span("image", href)
            self.add(f"[{alt}]")
            self.close_span()
        elif not self._block and self._kind in ("paragraph", "heading"):
            link = self._open.get("link")
            self._images.append((href, link.href if link else ""))

    # lists and definition lists

    def begin_list(self, first: int | None) -> None:
        self.break_block()
        self._lists_begun += not self._lists
        self._lists.append(first)

    def end_list(self) -> None:
        self.end_part()
        self._lists.pop()

    def begin_item(self, value: int | None) -> None:
        self.break_block()
        number = self._lists[-1] if self._lists else None
        if number is not None:
            number = number if value is None else value
            self._lists[-1] = number + 1
        self._part = ("item", max(len(self._lists), 1), "•" if number is None else f"{number}.")

    def begin_term(self) -> None:
        self.break_block()
        self._part = ("paragraph", max(len(self._lists) - 1, 0), "")
        self.open_span("strong")

    def end_term(self) -> None:
        self.close_span()
        self.end_part()

    def begin_description(self) -> None:
        self.break_block()
        self._part = ("paragraph", max(len(self._lists), 1), "")

    def end_part(self) -> None:
        self.break_block()
        self._part = None

    # tables

    def begin_table(self, *, layout: bool) -> None:
        self.break_block()
        self._tables.append(layout or self._kind != "paragraph")

    def begin_row(self) -> None:
        self.break_block()
        if self._tables and not self._tables[-1]:
            self._kind, self._cells, self._first_cell = "table", "\n", True

    def begin_cell(self) -> None:
        self.break_block()
        if self._kind == "table":
            self._cells += "" if self._first_cell else "\t"
            self._first_cell = False

    def end_table(self) -> None:
        self.break_block()
        if self._tables.pop() is False:
            self._close_block()
            self._kind = "paragraph"

    # the text itself

    def _widen(self, space: str) -> None:
        """Remember white space, and whether a line ended in it, until text follows."""
        if "\n" in space:
            self._space = "\n"
        elif not self._space and (space[:1].isspace() or space[-1:].isspace()):
            self._space = " "

    def _approach(self, first: str) -> None:
        """Write what stands between the text so far and text that begins with `first`."""
        space, breaks, self._space, self._breaks = self._space, self._breaks, "", 0
        if self._cells:
            self._append(self._cells if self._block else self._cells.lstrip("\n"))
            self._cells = ""
        elif breaks > 1:
            self._close_block()
        elif not self._block:
            return
        elif breaks:
            self._append("\n")
        elif space and not ("\n" in space and joins(self._last, first)):
            self._append(" ")

    def _put(self, text: str) -> None:
        self._open_block()
        for span in self._open.values():
            if span.start is None:
                span.start = self._length
        self._append(text)

    def _add_code(self, text: str) -> None:
        body = text.strip()
        if not body:
            self._space += text[:_MOST_SPACE]
            self._space = self._space[:_MOST_SPACE]
            return
        indent, _, _ = text.partition(body)
        before = self._space + indent
        self._append(before if self._block else before.rpartition("\n")[2])
        self._put(body)
        self._space = text[len(indent) + len(body) :]

    def _append(self, text: str) -> None:
        if text:
            self._open_block()
            self._text.append(text)
            self._length += len(text)
            self._last = text[-1]

    def _open_block(self) -> None:
        if self._block:
            return
        if self._rule:
            self._separate("\n\n")
            self._blocks.append(Block("rule", self._length, self._length, quoted=self._quoted))
            self._group, self._rule = 0, False
        kind, level, marker, group = self._kind, self._level or len(self._lists), "", 0
        if self._part and kind in ("paragraph", "heading"):
            (kind, level, marker), self._part = self._part, None
            group = self._lists_begun if self._lists else 0
        if self._blocks:
            self._separate("\n" if group and group == self._group else "\n\n")
        self._group = group
        self._block = Block(kind, self._length, self._length, level, marker, self._quoted, self._language)

    def _separate(self, separator: str) -> None:
        self._text.append(separator)
        self._length += len(separator)

    def _close_block(self) -> None:
        if not self._block:
            self._show_images()
        if self._block:
            for span in self._open.values():
                self._end_span(span)
                span.start = None
            self._blocks.append(replace(self._block, end=self._length))
        self._block = None
        self._last = self._space = self._cells = ""
        self._breaks = 0
        self._images.clear()

    def _show_images(self) -> None:
        """Images without a description are shown only where there is nothing else."""
        images, self._images = self._images, []
        for href, link in images:
            self._space = " "
            self.open_span("link", link)
            self.add_image("image", href)
            self.close_span()

    def _end_span(self, span: _OpenSpan) -> None:
        redundant = span.kind == self._kind == "code" or (span.kind == "link" and not span.href)
        if span.start is not None and not redundant:
            self._spans.append(Span(span.kind, span.start, self._length, span.href))


def _normalized(doc: Doc) -> Doc:
    """The same Doc with each block in normal form. An offset moves with the text before it in its block."""
    pieces, blocks, spans = list[str](), list[Block](), list[Span]()
    waiting = list(reversed(doc.spans))
    old_end = new_end = 0
    for block in doc.blocks:
        old, separator = doc.text[block.start : block.end], doc.text[old_end : block.start]
        new = normal_form(old)
        start = new_end + len(separator)
        old_end, new_end = block.end, start + len(new)
        pieces += separator, new
        blocks.append(replace(block, start=start, end=new_end))
        while waiting and waiting[-1].end <= block.end:
            span = waiting.pop()
            first, last = (start + len(normal_form(old[: at - block.start])) for at in (span.start, span.end))
            if first < last:
                spans.append(replace(span, start=first, end=last))
    return Doc("".join(pieces), tuple(blocks), tuple(spans))
