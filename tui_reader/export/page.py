"""The text of one file: what it is about, our part between two markers, and the reader's own words around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from tui_reader.errors import FileError
from tui_reader.model import Highlight

from . import escape, front_matter, logseq
from .fence import Fenced, fenced
from .reading import Block, blocks
from .section import PRESETS, Preset, Style, contained, day, links_of, tag_words
from .sheets import Sheet, newest

Properties = dict[str, str | list[str]]


class _Top(Protocol):
    """What stands above the text of a page, in one of two ways: YAML or Logseq's."""

    def parted(self, text: str) -> tuple[str, str]: ...
    def merged(self, front: str, ours: Mapping[str, str]) -> str: ...
    def listed(self, front: str, key: str) -> tuple[str, ...]: ...


def page_text(sheet: Sheet, section: str, style: Style, *, existing: str | None = None) -> str:
    """The whole file, with the section that a `Press` made. Without highlights it wants an `existing` one.

    Of `existing`, all outside the markers and all front matter keys that are not ours stay to the byte, and so do tags
    that the reader added to ours. FileError if the markers or the front matter are damaged: better no export than lost
    notes. The same highlights always give the same bytes.
    """
    top = _top(style.preset)
    if existing is None or not existing.strip():
        return top.merged("", _lines(_properties(sheet, (), style), style.preset)) + f"\n{section}\n"
    front, body = top.parted(existing)
    _check_whose(sheet, style.preset, existing)
    part = fenced(body)
    own_tags = _own_tags(top.listed(front, "tags"), blocks(part.ours, [each.id for each in sheet.highlights]).values())
    lines = _lines(_properties(sheet, own_tags, style), style.preset)
    end = part.line_end
    ours = {key: line.replace("\n", end) for key, line in lines.items()}
    return top.merged(front, ours) + part.before + section.replace("\n", end) + part.after


def reader_id(text: str, preset: Preset) -> str:
    """What a file says that it is; "" if nothing. FileError if its front matter is damaged."""
    top = _top(preset)
    return next(iter(top.listed(top.parted(text)[0], _key("reader_id", preset))), "")


def our_part(preset: Preset, existing: str) -> Fenced:
    """Raises FileError."""
    return fenced(_top(preset).parted(existing)[1])


def quote_markdown(highlight: Highlight) -> str:
    """One quote with its source, for the clipboard."""
    source = highlight.source
    title = escape.inline(source.title) or "Untitled"
    address = escape.passage_address(source.url, highlight.quote)
    byline = [
        f"[{title}]({address})" if address else title,
        escape.inline(source.author),
        escape.inline(source.feed_title),
        day(source.published_at),
    ]
    return "\n".join([*contained(escape.block(highlight.quote.exact)), "", ", ".join(filter(None, byline)), ""])


def _top(preset: Preset) -> _Top:
    return logseq if preset == "logseq" else front_matter


# --- what stands at the top ------------------------------------------------------------------------------------------


def _properties(sheet: Sheet, own_tags: Iterable[str], style: Style) -> Properties:
    """Our keys in the order of a new file."""
    if not sheet.highlights:
        return {"highlights": "0"}
    about = _about_article(sheet, style) if sheet.entry_id is not None else {"title": sheet.title}
    made = min(each.made_at for each in sheet.highlights)
    changed = max(each.changed_at for each in sheet.highlights)
    properties: Properties = {
        **about,
        "tags": list(dict.fromkeys([*tag_words(sheet.highlights), *own_tags])),
        "highlights": str(len(sheet.highlights)),
        "reader_id": sheet.reader_id,
    }
    return _with_dates(properties, made, changed)


def _about_article(sheet: Sheet, style: Style) -> Properties:
    source = newest(sheet.highlights).source
    return {
        "title": source.title,
        "source": source.url or "",
        "author": source.author,
        "published": day(source.published_at),
        "feed": source.feed_title,
        "lang": source.lang,
        "companies": _tags("company", source.companies, style),
        "topics": _tags("topic", source.topics, style),
    }


def _with_dates(properties: Properties, made: datetime, changed: datetime) -> Properties:
    dates: Properties = {"created": day(made.astimezone(UTC)), "updated": day(changed.astimezone(UTC))}
    place = list(properties).index("published") + 1 if "published" in properties else 1
    items = list(properties.items())
    return dict([*items[:place], *dates.items(), *items[place:]])


def _tags(kind: str, slugs: Iterable[str], style: Style) -> list[str]:
    """Slugs, which queries of Obsidian's want; links where properties are made of them."""
    return list(links_of(kind, slugs, style.names) if style.preset == "logseq" else slugs)


def _lines(properties: Properties, preset: Preset) -> dict[str, str]:
    make = _logseq_line if preset == "logseq" else _yaml_line
    lines = {_key(key, preset): make(_key(key, preset), value) for key, value in properties.items()}
    # In Logseq a title would be the name of the page, and two articles of one title one page.
    return {key: line for key, line in lines.items() if line and not (preset == "logseq" and key == "title")}


def _key(key: str, preset: Preset) -> str:
    return key.replace("_", "-") if preset == "logseq" else key


def _yaml_line(key: str, value: str | list[str]) -> str:
    if key == "highlights":
        return f"{key}: {value}\n"
    return f"{key}: {escape.yaml_list(value) if isinstance(value, list) else escape.yaml_string(value)}\n"


def _logseq_line(key: str, value: str | list[str]) -> str:
    if isinstance(value, list):
        shown = ", ".join(escape.one_line(each) for each in value)
    elif key == "source":
        shown = escape.web_address(value)
    else:
        shown = escape.inline(value)
    return f"{key}:: {shown}\n" if shown else ""


# --- what stands there already ---------------------------------------------------------------------------------------


def _own_tags(listed: Iterable[str], there: Iterable[Block]) -> list[str]:
    """Tags that the reader added: those that no quote of an earlier export has are not ours to take away."""
    ours = {tag for block in there for tag in block.noted.tags or ()}
    return [tag for tag in listed if tag not in ours]


def _check_whose(sheet: Sheet, preset: Preset, existing: str) -> None:
    for each in PRESETS:
        whose = reader_id(existing, each)
        if whose and each != preset:
            raise FileError(f"it was written for {each.title()}; move it away, or export to another folder")
        if whose not in ("", sheet.reader_id):
            raise FileError(f"it holds other highlights ({whose}); move it away, or export to another folder")
