"""`E` on an article: its exported file if it has one, which is the reader's to write; else its Markdown, to be read."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from textual.screen import Screen

from tui_reader.doc import Doc
from tui_reader.model import Article
from tui_reader.ui.editor import edit_file, show_text
from tui_reader.ui.messages import ExportEdited
from tui_reader.ui.screens.article_parts import article_markdown
from tui_reader.ui.screens.editing import in_editor

_OTHERWISE = "| pipes the article to a command"


def open_article(screen: Screen[None], article: Article, doc: Doc, folder: Path | None) -> str:
    """→ the sentence that reports it. `folder`: of the export; None where there is none. Raises ReaderError.

    An exported file is synced afterwards: notes that were edited there come back, as they do from any editor.
    """
    file = _exported(article.entry.id, folder) if folder is not None else None
    if file is None:
        kept = in_editor(screen.app, partial(show_text, article_markdown(article, doc)), otherwise=_OTHERWISE)
        return f"the article stays as it is; what you wrote is in {kept}" if kept else ""
    if not in_editor(screen.app, partial(edit_file, file), otherwise=_OTHERWISE):
        return ""
    screen.app.post_message(ExportEdited(article.entry.id))
    return f"edited {file.name}"


def _exported(entry_id: int, folder: Path) -> Path | None:
    """By its name, which ends in the id; not in hidden folders."""
    from tui_reader.export import article_files

    names = []
    for place, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        names += [str((Path(place) / each).relative_to(folder)) for each in files if f"(e{entry_id}).md" in each]
    found = article_files(name.replace(os.sep, "/") for name in names).get(entry_id)
    return folder / found if found else None
