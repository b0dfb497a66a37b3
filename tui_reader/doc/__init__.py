"""Clean HTML → Doc: the canonical text of an article, and how to draw it. Counts only in characters of that text.

It never decides colours, widths or line breaks: that is the screen's work.
"""

from tui_reader.doc.characters import normal_form, without_controls
from tui_reader.doc.markup import build_doc, text_doc
from tui_reader.doc.model import Block, BlockKind, Doc, Span, SpanKind
from tui_reader.doc.sentence import sentences
from tui_reader.doc.writing import doc_html, excerpt

__all__ = [
    "Block",
    "BlockKind",
    "Doc",
    "Span",
    "SpanKind",
    "build_doc",
    "doc_html",
    "excerpt",
    "normal_form",
    "sentences",
    "text_doc",
    "without_controls",
]
