"""Highlights and articles as files that other programs read: Markdown, W3C annotations, CSV. Text in, text out.

Only `write_folder` touches the disk.
"""

from __future__ import annotations

from .article import article_file, quote_markdown, short_id
from .document import document_markdown
from .folder import Written, file_name, find_file, write_folder
from .records import annotation_lines, csv_text

__all__ = [
    "Written",
    "annotation_lines",
    "article_file",
    "csv_text",
    "document_markdown",
    "file_name",
    "find_file",
    "quote_markdown",
    "short_id",
    "write_folder",
]
