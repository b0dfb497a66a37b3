"""HTML → one line of plain text, and plain text → HTML; for titles, names and bodies that are declared as text."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<[a-zA-Z/!]")
_REFERENCE = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_MARKUP = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li)\b", re.IGNORECASE)
_WITHOUT_TEXT = re.compile(r"<(script|style|template)\b(?:.*?</\1\s*>|.*\Z)", re.DOTALL | re.IGNORECASE)


def line(text: object) -> str:
    """One line, to the letter; "" for what is no text."""
    return " ".join(scalar(text).split()) if isinstance(text, str) else ""


def scalar(text: str) -> str:
    """Without lone surrogates: JSON can hold them, UTF-8 and so the store cannot."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def line_of_text(text: object) -> str:
    """As `line`, for text that is declared as plain: complete references are decoded all the same, because nobody
    writes them into a title to be read, unless the title is about markup."""
    written = line(text)
    return written if has_tags(written) else line(decoded(written))


def decoded(text: str) -> str:
    """With complete references decoded."""
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)


def line_of_html(source: str) -> str:
    """The text of a fragment: tags removed, entities decoded once."""
    if not _TAG.search(source):
        return line(html.unescape(source))
    from selectolax.lexbor import LexborHTMLParser

    # A line break parts words too, but has no text of its own.
    source = _BREAK.sub(r" \g<0>", _WITHOUT_TEXT.sub(" ", source[:20_000]))
    body = LexborHTMLParser(source).body
    return line(body.text() if body else "")


def to_html(text: str, *, line_breaks: bool = True) -> str:
    """Paragraphs from text: a blank line ends one, a single line end is kept where `line_breaks`."""
    escaped = html.escape(scalar(text).strip(), quote=False).replace("\r\n", "\n")
    paragraphs = [part.strip() for part in re.split(r"\n[ \t]*\n\s*", escaped)]
    if line_breaks:
        paragraphs = [part.replace("\n", "<br>\n") for part in paragraphs]
    return "\n".join(f"<p>{part}</p>" for part in paragraphs if part)


def has_tags(source: str) -> bool:
    return bool(_TAG.search(source))


def weight(source: str) -> int:
    """How much there is to read in a fragment, in characters; markup hardly counts."""
    return len("".join(_MARKUP.sub("", source).split()))
