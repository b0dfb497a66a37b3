"""What both screens show of an article: its text, what stands above it, and its highlights as marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui_reader.anchor import find_quote
from tui_reader.doc import Doc, build_doc, text_doc
from tui_reader.model import Article, Highlight, source_of
from tui_reader.ui.text import Piece, age, local, number
from tui_reader.ui.widgets.article_painter import Mark
from tui_reader.ui.widgets.highlight_rows import SIGNS

FOLLOW_AFTER = 0.15
"""Seconds that the cursor must rest in a list before the article follows. Drawing one takes 25 ms, which the next key
would have to wait for: whoever goes down a list at seven keys a second waits for none."""


def article_doc(article: Article) -> Doc:
    """From the cleaned HTML; from the canonical text if there is none."""
    return build_doc(article.html) if article.html else text_doc(article.text)


def article_markdown(article: Article, doc: Doc) -> str:
    """`doc` is the text of it that is meant."""
    from tui_reader.export import document_markdown

    return document_markdown(source_of(article.entry), doc)


def article_header(article: Article, now: datetime) -> tuple[tuple[Piece, ...], ...]:
    """Lines of pieces: title, source, tags."""
    entry = article.entry
    when = f"{local(entry.published_at)} · {age(entry.published_at, now)}"
    facts = [entry.feed_title, entry.author, when if entry.dated else f"{when} (first seen: the feed gives no date)"]
    if entry.lang:
        facts.append(entry.lang)
    if entry.parent_title:
        facts.insert(1, f"in “{entry.parent_title}”")
    if entry.stories:
        facts.append(f"split into {number(entry.stories, 'story', 'stories')} (D joins)")
    signs = [
        # A sign stays with its word where the line is broken.
        text.replace(" ", "\N{NO-BREAK SPACE}")
        for text, on in (("★ starred", entry.starred), ("◷ later", entry.later), ("~ edited (d)", article.versions > 1))
        if on
    ]
    lines: list[tuple[Piece, ...]] = [
        ((entry.title or "(no title)", "title"),),
        # The dot ends a line where it must, and begins none.
        (("\N{NO-BREAK SPACE}· ".join(fact for fact in (*facts, *signs) if fact), "meta"),),
    ]
    tags: list[Piece] = []
    for tag in article.tags:
        tags += [(tag.name if tag.salience == "primary" else f"({tag.name})", tag.kind), ("  ", "meta")]
    if tags:
        lines.append(tuple(tags[:-1]))
    if not article.text:
        lines.append((("the feed gives no text" + (" · f fetches it, o opens the page" if entry.url else ""), "meta"),))
    return tuple(lines)


def marks_of(doc: Doc, highlights: Sequence[Highlight]) -> tuple[Mark, ...]:
    """Where highlights lie in this text; those that are not found are left out, never guessed."""
    marks = []
    for highlight in highlights:
        span = _span(doc.text, highlight)
        if span is not None:
            sign = "✎" if highlight.note and not highlight.kind else SIGNS[highlight.kind]
            marks.append(Mark(highlight.id, *span, sign))
    return tuple(sorted(marks, key=lambda mark: mark.start))


def _span(text: str, highlight: Highlight) -> tuple[int, int] | None:
    """As the store has found it; anew where today's cleaner makes another text than is stored."""
    if highlight.state == "orphan":
        return None
    found = highlight.found
    if found and text.startswith(found.words, found.start):
        return found.start, found.start + len(found.words)
    anew = find_quote(text, highlight.quote)
    return (anew.start, anew.end) if anew else None
