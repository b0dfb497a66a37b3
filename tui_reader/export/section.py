"""Our part of a file, from a template: a preset's, or the reader's own.

A template gets its values as Markdown that is escaped already, so that none it could write lets an article out.

Block ids after Obsidian's help (github.com/obsidianmd/obsidian-help, "Internal links"): letters, numbers, dashes; for a
quote on a line of their own. Logseq's is a UUID in the property `id`, before what has no first line of its own, such as
a quote.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, get_args

from tui_reader.doc import without_controls
from tui_reader.errors import FileError
from tui_reader.model import Highlight, HighlightKind, Source

from . import escape
from .fence import BEGIN, END, without_markers
from .names import page_name
from .sheets import Names, Sheet, by_article, newest

if TYPE_CHECKING:
    from jinja2 import Template

Preset = Literal["obsidian", "logseq"]
CHECK_BY = "check by"
PRESETS: tuple[Preset, ...] = get_args(Preset)


@dataclass(frozen=True, slots=True)
class Style:
    """How our part of the files looks."""

    preset: Preset = "obsidian"
    template: str = ""
    """The text of the reader's own template; "" for that of the preset."""
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A highlight, as templates know it: `highlight.quote`, `highlight.note` … All of it is Markdown."""

    id: str
    quote: str
    """Lines; `quoted` makes a block quote of them."""
    note: str
    """The reader's own Markdown, with nothing in it that would end our part."""
    kind: str
    tags: tuple[str, ...]
    """In the letters that Obsidian allows."""
    date: str
    address: str
    """Of the passage in its article, with a text fragment; "" without a web address."""
    gone: bool
    """Whether the article no longer says it."""
    facts: tuple[str, ...]
    """Kind, tags, date, link and whether it is gone, for one line."""

    @property
    def uuid(self) -> str:
        """Its id as Logseq wants it, whose blocks are named so."""
        return block_uuid(self.id)


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """An article with its highlights, as templates know it."""

    title: str
    heading: str
    """The title with its link, feed and date, for one line."""
    address: str
    author: str
    feed: str
    published: str
    lang: str
    companies: tuple[str, ...]
    """As links between pages."""
    topics: tuple[str, ...]
    highlights: tuple[Passage, ...]


def template_text(preset: Preset) -> str:
    return (files(__package__) / "templates" / f"{preset}.md").read_text(encoding="utf-8")


class Press:
    """Prints the sections of one export, all from one template."""

    def __init__(self, style: Style) -> None:
        """FileError if the template is no template."""
        self.style = style
        self._template = _compiled(style.template or template_text(style.preset))

    def section(self, sheet: Sheet) -> str:
        """With its marker lines, without a last line end. FileError if the template fails."""
        marker = "- " if self.style.preset == "logseq" else ""
        text = _printed(self._template, self._values(sheet)) if sheet.highlights else ""
        inside = without_markers(without_controls(text)).strip("\n")
        gap = "\n" if self.style.preset == "logseq" else "\n\n"
        return f"{marker}{BEGIN}\n{inside}{gap if inside else ''}{marker}{END}"

    def _values(self, sheet: Sheet) -> dict[str, object]:
        articles = [_article(group, self.style.names) for group in by_article(sheet.highlights)]
        grouped = sheet.entry_id is None
        only = None if grouped else articles[0]
        return {
            "title": escape.inline(sheet.title) or "Untitled",
            "grouped": grouped,
            "links": [*only.companies, *only.topics] if only else [],
            "articles": articles,
        }


def page_link(name: str) -> str:
    """`[[Alibaba]]`: the name of the page is that of its file."""
    target = page_name(name, otherwise="")
    return f"[[{target}]]" if target else escape.inline(name)


def links_of(kind: str, slugs: Iterable[str], names: Names) -> tuple[str, ...]:
    return tuple(page_link(names.get((kind, slug), slug)) for slug in slugs)


def tag_words(highlights: Iterable[Highlight]) -> list[str]:
    """The tags in the letters that Obsidian allows, sorted."""
    return sorted({word for one in highlights for tag in one.tags if (word := tag_word(tag))})


def tag_word(tag: str) -> str:
    return re.sub(r"[^\w/-]+", "-", escape.one_line(tag)).strip("-/")


def block_uuid(highlight_id: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:tui-reader:highlight:{highlight_id}"))


def contained(lines: Iterable[str]) -> list[str]:
    """As a block quote. Every line of ours that holds foreign text starts with a sign of ours: none can be a marker."""
    return [f"> {line}" if line else ">" for line in lines]


def harmless_note(note: str) -> str:
    """The reader's own Markdown, but for what would name a block anew or hide what follows."""
    text = re.sub(r"(?m)(^|\s)\^(?=hl-\w+[ \t]*$)", r"\1\\^", without_controls(note).strip())
    if text.count("%%") % 2:
        head, _, tail = text.rpartition("%%")
        text = rf"{head}\%\%{tail}"
    return text


def kind_words(kind: HighlightKind, check_by: date | None) -> str:
    """`claim · check by 2026-12-01`, as people may edit it."""
    return " · ".join(filter(None, [kind, f"{CHECK_BY} {check_by.isoformat()}" if check_by else ""]))


def day(when: datetime | None) -> str:
    return when.astimezone(UTC).date().isoformat() if when else ""


# --- what templates are given ----------------------------------------------------------------------------------------


def _article(group: tuple[Highlight, ...], names: Names) -> ArticlePart:
    source = newest(group).source
    title, address = escape.inline(source.title) or "Untitled", escape.web_address(source.url)
    published, feed = day(source.published_at), escape.inline(source.feed_title)
    return ArticlePart(
        title=title,
        heading=" · ".join(filter(None, [f"[{title}]({address})" if address else title, feed, published])),
        address=address,
        author=escape.inline(source.author),
        feed=feed,
        published=published,
        lang=escape.inline(source.lang),
        companies=links_of("company", source.companies, names),
        topics=links_of("topic", source.topics, names),
        highlights=tuple(map(_passage, group)),
    )


def _passage(highlight: Highlight) -> Passage:
    address = escape.passage_address(highlight.source.url, highlight.quote)
    tags = tuple(tag_words([highlight]))
    gone = highlight.state == "orphan"
    facts = [
        kind_words(highlight.kind, highlight.check_by),
        " ".join(f"#{tag}" for tag in tags),
        day(highlight.made_at),
        f"[passage]({address})" if address else "",
        "no longer in the article" if gone and _had_text(highlight.source) else "",
    ]
    return Passage(
        id=highlight.id,
        quote="\n".join(escape.block(highlight.quote.exact)),
        note=harmless_note(highlight.note),
        kind=highlight.kind,
        tags=tags,
        date=day(highlight.made_at),
        address=address,
        gone=gone,
        facts=tuple(filter(None, facts)),
    )


def _had_text(source: Source) -> bool:
    """False for a book or page that was never an article here: its highlights came from another program."""
    return not source.feed_url.startswith("import:")


# --- Jinja2 ----------------------------------------------------------------------------------------------------------


def _compiled(text: str) -> Template:
    # Imported late: it takes 70 ms, and only an export needs it.
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False, undefined=StrictUndefined
    )
    environment.filters["quoted"] = _quoted
    try:
        return environment.from_string(text)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise FileError(f"the template is wrong{f' in line {line}' if line else ''}: {error}") from error


def _printed(template: Template, values: Mapping[str, object]) -> str:
    from jinja2 import TemplateError

    try:
        return template.render(values)
    except (
        TemplateError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
        RecursionError,
    ) as error:
        raise FileError(f"the template fails: {error}") from error


def _quoted(text: str) -> str:
    return "\n".join(contained(text.split("\n")))
