"""Which files there are to be: one an article, a company, a topic or a day, or one for all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from tui_reader.model import Highlight

from .escape import one_line
from .names import file_name, page_name, short_id

By = Literal["article", "all", "company", "topic", "day"]
Names = Mapping[tuple[str, str], str]
"""What the taxonomy calls its companies and topics, by kind and slug."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one file is to hold."""

    part: str
    """What it is, for ever: `e42`, `all`, `company-alibaba`, `2026-03-02`."""
    title: str
    file: str
    """The name of the file, if it is new."""
    highlights: tuple[Highlight, ...]
    """In the order of the file; none where all that were in it are gone."""

    @property
    def reader_id(self) -> str:
        """What the file itself says that it is; its name may be another one every time."""
        return self.part.partition(" ")[0]

    @property
    def entry_id(self) -> int | None:
        """Of a file that is an article's."""
        return int(self.part[1:]) if self.part[:1] == "e" and self.part[1:].isdigit() else None


def sheets_of(highlights: Iterable[Highlight], by: By, names: Names) -> tuple[Sheet, ...]:
    """Those without a company or topic are in no file of companies or topics."""
    groups: dict[str, list[Highlight]] = defaultdict(list)
    titles: dict[str, str] = {}
    for highlight in highlights:
        parts = _parts(highlight, by, names)
        titles.update(parts)
        for part in parts:
            groups[part].append(highlight)
    taken: set[str] = set()
    return tuple(_sheet(part, titles[part], groups[part], by, taken) for part in sorted(groups))


def newest(highlights: Iterable[Highlight]) -> Highlight:
    """The one whose copy of the article's title, address and tags is the latest."""
    return max(highlights, key=lambda one: (one.changed_at, one.id))


def in_order(highlights: Iterable[Highlight]) -> tuple[Highlight, ...]:
    """By the text of their article, which is the order of its file."""
    return tuple(sorted(highlights, key=lambda one: (one.quote.start, one.quote.end, one.id)))


def by_article(highlights: Iterable[Highlight]) -> list[tuple[Highlight, ...]]:
    """Newest article first, each in the order of its text."""
    groups: dict[int, list[Highlight]] = defaultdict(list)
    for highlight in highlights:
        groups[highlight.entry_id].append(highlight)
    return [in_order(group) for _, group in sorted(groups.items(), key=lambda item: _age(item[1]), reverse=True)]


def _age(group: Sequence[Highlight]) -> tuple[str, int]:
    first = newest(group)
    return ((first.source.published_at or first.made_at).isoformat(), first.entry_id)


def _parts(highlight: Highlight, by: By, names: Names) -> dict[str, str]:
    """The parts that it is in, with the title of each."""
    source = highlight.source
    if by == "article":
        return {short_id(highlight.entry_id): one_line(source.title)}
    if by == "all":
        return {"all": "Highlights"}
    if by == "day":
        day = highlight.made_at.astimezone(UTC).date().isoformat()
        return {day: day}
    slugs = source.companies if by == "company" else source.topics
    return {f"{by}-{_word(slug)}": one_line(names.get((by, slug), slug)) for slug in slugs}


def _word(slug: str) -> str:
    """A reader's own taxonomy may have any slug, also one that is a path."""
    return re.sub(r"[^\w-]+", "-", slug)


def _sheet(part: str, title: str, group: Sequence[Highlight], by: By, taken: set[str]) -> Sheet:
    if by == "article":
        source = newest(group).source
        return Sheet(part, one_line(source.title), file_name(source, group[0].entry_id), in_order(group))
    name = page_name(title, otherwise=part)
    # macOS and Windows take names that differ in their capitals for one.
    if name.casefold() in taken:
        name = page_name(f"{title} ({part})", otherwise=part)
    taken.add(name.casefold())
    ordered = tuple(each for article in by_article(group) for each in article)
    return Sheet(part, title, f"{name}.md", ordered)
