"""What a Doc is: text, blocks and spans. It counts only in characters of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "code", "table", "rule"]
SpanKind = Literal["strong", "emphasis", "code", "strike", "mark", "sup", "sub", "link", "image"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text that starts on a line of its own."""

    kind: BlockKind
    start: int
    end: int
    """Half-open. A rule is empty. Between two blocks the text has a blank line ("\\n\\n"), between two items of
    one list, and between the parts of one definition list, a single "\\n"."""
    level: int = 0
    """Headings: 1 to 6. Items: nesting depth from 1. Else the depth of the list it continues, or 0."""
    marker: str = ""
    """Display only, before the first line of an item: "•", "3."; "" where a paragraph continues an item."""
    quoted: int = 0
    """How many block quotes it stands in."""
    language: str = ""
    """Of code, if the source says."""


@dataclass(frozen=True, slots=True)
class Span:
    """A style or link within one block."""

    kind: SpanKind
    start: int
    end: int
    href: str = ""
    """Of links and images: absolute, http(s) or mailto only; else ""."""


@dataclass(frozen=True, slots=True)
class Doc:
    """`text` is canonical: NFC, white space collapsed, no control characters but "\\n" and "\\t", images as their
    alt text in brackets. In code white space is kept. In tables a line is a row and "\\t" parts its cells."""

    text: str
    blocks: tuple[Block, ...]
    spans: tuple[Span, ...]
    """In order of `start`; they may nest."""
