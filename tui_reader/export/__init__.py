"""Highlights and articles as files that other programs read: Markdown, W3C annotations, CSV. Text in, text out.

Only `folder` touches the disk.
"""

from __future__ import annotations

from .document import document_markdown
from .folder import Known, Removed, Written, read_sheet, sheet_files, write_sheets
from .names import article_files, file_name, short_id
from .page import page_text, quote_markdown
from .reading import Block, blocks, kind_of, shown, tags_after
from .records import annotation_lines, csv_text
from .section import PRESETS, Preset, Press, Style, template_text
from .sheets import By, Sheet, sheets_of

__all__ = [
    "PRESETS",
    "Block",
    "By",
    "Known",
    "Preset",
    "Press",
    "Removed",
    "Sheet",
    "Style",
    "Written",
    "annotation_lines",
    "article_files",
    "blocks",
    "csv_text",
    "document_markdown",
    "file_name",
    "kind_of",
    "page_text",
    "quote_markdown",
    "read_sheet",
    "sheet_files",
    "sheets_of",
    "short_id",
    "shown",
    "tags_after",
    "template_text",
    "write_sheets",
]
