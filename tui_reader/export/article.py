"""The Markdown file of one article's highlights: our part between two markers, the reader's own text around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tui_reader.doc import without_controls
from tui_reader.errors import FileError
from tui_reader.model import Highlight

from . import escape, front_matter

BEGIN = "<!-- tui-reader:begin -->"
END = "<!-- tui-reader:end -->"


def short_id(entry_id: int) -> str:
    """What names an entry in file names and front matter; never changes."""
    return f"e{entry_id}"


def article_file(highlights: Sequence[Highlight], *, existing: str | None = None) -> str:
    """The file for the highlights of one entry (at least one).

    Of `existing`, all outside the markers and all front matter keys that are not ours stay to the byte, and so do tags
    that the reader added to ours. FileError if the markers or the front matter are damaged: better no export than lost
    notes. The same highlights always give the same bytes.
    """
    ordered = sorted(highlights, key=lambda one: (one.quote.start, one.quote.end, one.id))
    section = "\n".join([BEGIN, *_section(ordered), END])
    if existing is None or not existing.strip():
        return front_matter.merged("", _properties(ordered, ())) + f"\n{section}\n"
    front, body = front_matter.parted(existing)
    begin, end = _markers(body)
    ours = _hash_tags(body[begin:end])
    own_tags = [tag for tag in front_matter.listed(front, "tags") if tag not in ours]
    return front_matter.merged(front, _properties(ordered, own_tags)) + body[:begin] + section + body[end:]


def quote_markdown(highlight: Highlight) -> str:
    """One quote with its source, for the clipboard."""
    source = highlight.source
    title = escape.inline(source.title) or "Untitled"
    address = escape.passage_address(source.url, highlight.quote)
    byline = [
        f"[{title}]({address})" if address else title,
        escape.inline(source.author),
        escape.inline(source.feed_title),
        _day(source.published_at),
    ]
    return "\n".join([*_contained(escape.block(highlight.quote.exact)), "", ", ".join(filter(None, byline)), ""])


# --- our section -----------------------------------------------------------------------------------------------------


def _section(ordered: Sequence[Highlight]) -> list[str]:
    source = _newest(ordered).source
    lines = [f"# {escape.inline(source.title) or 'Untitled'}", ""]
    for highlight in ordered:
        lines += [
            *_contained(escape.block(highlight.quote.exact)),
            "",
            f"^hl-{highlight.id}",
            "",
            _facts(highlight),
            "",
        ]
        if highlight.note.strip():
            lines += [*_note(highlight.note), ""]
    return lines


def _facts(highlight: Highlight) -> str:
    address = escape.passage_address(highlight.source.url, highlight.quote)
    facts = [
        highlight.kind,
        " ".join(f"#{tag}" for tag in _tags([highlight])),
        _day(highlight.made_at),
        f"[passage]({address})" if address else "",
        "no longer in the article" if highlight.state == "orphan" else "",
    ]
    return " · ".join(filter(None, facts))


def _note(note: str) -> list[str]:
    """The reader's own Markdown in a callout: a container, which also ends what the note leaves open."""
    text = re.sub(r"(?m)(^|\s)\^(?=hl-\w+[ \t]*$)", r"\1\\^", without_controls(note).strip())
    if text.count("%%") % 2:
        head, _, tail = text.rpartition("%%")
        text = rf"{head}\%\%{tail}"
    return _contained(["[!note]", *text.split("\n")])


def _contained(lines: Iterable[str]) -> list[str]:
    """As a block quote. Every line of ours that holds foreign text starts with a sign of ours: none can be a marker."""
    return [f"> {line}" if line else ">" for line in lines]


# --- around it -------------------------------------------------------------------------------------------------------


def _properties(ordered: Sequence[Highlight], own_tags: Iterable[str]) -> dict[str, str]:
    """Our front matter keys with the line of each, in the order of a new file."""
    source = _newest(ordered).source
    values = {
        "title": escape.yaml_string(source.title),
        "source": escape.yaml_string(source.url or ""),
        "author": escape.yaml_string(source.author),
        "published": escape.yaml_string(_day(source.published_at)),
        "created": escape.yaml_string(_day(min(each.made_at for each in ordered))),
        "updated": escape.yaml_string(_day(max(each.changed_at for each in ordered))),
        "feed": escape.yaml_string(source.feed_title),
        "lang": escape.yaml_string(source.lang),
        "companies": escape.yaml_list(source.companies),
        "topics": escape.yaml_list(source.topics),
        "tags": escape.yaml_list(dict.fromkeys([*_tags(ordered), *own_tags])),
        "highlights": str(len(ordered)),
        "reader_id": escape.yaml_string(short_id(ordered[0].entry_id)),
    }
    return {key: f"{key}: {value}\n" for key, value in values.items()}


def _markers(body: str) -> tuple[int, int]:
    """Where our part starts and ends in `body`."""
    begins, ends = (
        list(re.finditer(rf"^{re.escape(marker)}(?=[ \t]*\r?$)", body, re.MULTILINE)) for marker in (BEGIN, END)
    )
    if len(begins) != 1 or len(ends) != 1 or begins[0].start() > ends[0].start():
        raise FileError(
            f"its marker lines are damaged: {BEGIN} stands there {len(begins)} times and {END} {len(ends)} times, "
            "instead of once each and in this order; mend them, or move the file away"
        )
    return begins[0].start(), ends[0].end()


def _tags(highlights: Iterable[Highlight]) -> list[str]:
    """The tags in the letters that Obsidian allows, sorted."""
    tags = {re.sub(r"[^\w/-]+", "-", escape.one_line(tag)).strip("-/") for one in highlights for tag in one.tags}
    return sorted(tags - {""})


def _hash_tags(section: str) -> set[str]:
    """What an earlier export said under our quotes: tags of the front matter that are ours to take away."""
    lines = [line for line in section.splitlines() if " · " in line and not line.startswith(">")]
    return {tag for line in lines for tag in re.findall(r"(?<!\S)#([\w/-]+)", line)}


def _newest(highlights: Iterable[Highlight]) -> Highlight:
    """The one whose copy of the article's title, address and tags is the latest."""
    return max(highlights, key=lambda one: (one.changed_at, one.id))


def _day(when: datetime | None) -> str:
    return when.astimezone(UTC).date().isoformat() if when else ""
