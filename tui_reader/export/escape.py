"""Text from articles made harmless in Markdown, in YAML and in links: it shows as it was and starts nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from tui_reader.doc import without_controls
from tui_reader.model import Quote

# CommonMark, GitHub, Obsidian and Logseq together: emphasis, code, links, tags, tables, comments, math, ids, HTML.
_INLINE = re.compile(r"[\\`*_{}\[\]<>#|~$^]|==+|%%+|\(\(+|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(?:([-+=:])|(\d{1,9})([.)]))")


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return " ".join(without_controls(text).split())


def literal(text: str) -> str:
    """A piece of a line of Markdown that says `text`, white space as it is."""
    return _INLINE.sub(lambda match: "".join("\\" + char for char in match[0]), text)


def inline(text: str) -> str:
    """`text` as one line, for the middle of a line of Markdown."""
    return literal(one_line(text))


def line_start(markdown: str) -> str:
    """A line of Markdown that no longer starts a list or an underlined heading."""
    return _LINE_START.sub(_escaped_start, markdown)


def block(text: str) -> list[str]:
    """Literal text as lines of Markdown: a blank line parts paragraphs, any other line end is a hard break.

    Of canonical texts only code has lines that begin with a blank: it is fenced, for Markdown drops these blanks.
    """
    lines: list[str] = []
    for part in re.split(r"\n{2,}", without_controls(text).strip("\n").rstrip()):
        lines += ["", *(fenced(part) if re.search(r"\n[ \t]", part) else _paragraph(part))]
    return lines[1:]


def fenced(code: str, language: str = "") -> list[str]:
    """A block of code, to the letter."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + re.sub(r"[^\w+#.-]", "", language), *code.split("\n"), fence]


def _paragraph(text: str) -> list[str]:
    lines = [line_start(inline(each)) for each in text.split("\n")]
    return [*(f"{line}  " for line in lines[:-1]), lines[-1]]


def yaml_string(text: str) -> str:
    """A YAML string in JSON's clothes, which every YAML parser reads as the same text."""
    return _json(one_line(text))


def yaml_list(values: Iterable[str]) -> str:
    return _json([one_line(value) for value in values])


def web_address(url: str | None) -> str:
    """The address for the inside of a Markdown link; "" if it is not http(s)."""
    url = one_line(url or "")
    if not re.match(r"https?://", url, re.IGNORECASE):
        return ""
    # Percent codes say the same to the server and nothing to Markdown or Obsidian.
    return quote(url, safe=":/?#@!&',;=+%~-._").replace("==", "%3D%3D").replace("%%", "%25%25")


def link_target(url: str) -> str:
    """As `web_address`, with mail addresses."""
    return quote(one_line(url), safe=":@?=&.+-_%") if url.lower().startswith("mailto:") else web_address(url)


def passage_address(url: str | None, place: Quote) -> str:
    """The address with a text fragment (`#:~:text=`) that makes browsers scroll to the quote; "" if not http(s)."""
    base = web_address(url).partition(":~:")[0]
    if not base:
        return ""
    lines = [each for each in (one_line(part) for part in place.exact.split("\n")) if each]
    if not lines:
        return base
    if len(lines) == 1 and len(lines[0]) <= 120:
        text = _before(place) + _term(lines[0]) + _after(place)
    else:
        text = f"{_term(_first_words(lines[0]))},{_term(_last_words(lines[-1]))}"
    return f"{base}{':~:' if '#' in base else '#:~:'}text={text}"


def _json(value: str | list[str]) -> str:
    # A comment that starts in the front matter would hide the article from programs that look for comments first.
    return json.dumps(value, ensure_ascii=False).replace("<!--", "\\u003c!--")


def _escaped_start(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"


def _term(text: str) -> str:
    # "-" and "," part the terms of a fragment, so they are the two that `quote` must not leave alone.
    return quote(text, safe="").replace("-", "%2D")


def _before(place: Quote) -> str:
    """A short quote needs a word of its line before it to be told from others like it."""
    words = _last_words(place.prefix.rpartition("\n")[2], at_most=16)
    return f"{_term(words)}-," if words and len(place.exact) < 24 else ""


def _after(place: Quote) -> str:
    words = _first_words(place.suffix.partition("\n")[0], at_most=16)
    return f",-{_term(words)}" if words and len(place.exact) < 24 else ""


def _first_words(text: str, *, at_most: int = 40) -> str:
    """Whole words from the start; in Chinese, which a browser does not cut into words this way, characters."""
    text = one_line(text)
    if len(text) <= at_most:
        return text
    cut = text[:at_most]
    return cut.rpartition(" ")[0] or cut


def _last_words(text: str, *, at_most: int = 40) -> str:
    return _first_words(text[::-1], at_most=at_most)[::-1]
