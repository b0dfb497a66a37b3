"""The one door of the package: a Doc in, stories out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from tui_reader.digest.judge import is_digest
from tui_reader.digest.lines import Line, read_lines, weight
from tui_reader.digest.outline import outline
from tui_reader.digest.ways import Part
from tui_reader.digest.words import SOURCES
from tui_reader.doc import Doc, build_doc, doc_html, excerpt, sentences
from tui_reader.model import CleanEntry

_FEWEST_BLOCKS = 2
_LONGEST_TITLE = 160
_SHORT_LEAD = 24
"""Letters of a lead-in below which it only says whom the story is about."""

_SAYS_ENOUGH = 12
"""Letters of a Chinese lead-in above which it is more than a name."""

_BESIDE = 14
"""Letters that may stand beside a title in its line: its number, its language."""

_COLON = re.compile(r"[:：](?!//)")
"""What stands before it is enough of a long sentence."""

_DASH = re.compile(r"\s+[—–|｜-]\s+|[|｜]")
"""Between a title and what is said about it, if there is one: two are a parenthesis."""

_IN_BRACKETS = re.compile(r"(?<=\S)\s*[(（][^()（）]{2,30}[)）]$")

_NUMBER = re.compile(r"\s*(?:↗\s*)?#\d+$")


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    url: str | None
    """What it is about, if it names that: its title is a link, or its last line says "Read more"."""
    start: int
    end: int
    """Half-open, in the text of the issue: whole blocks, without the line that is the title."""


def story_entries(issue: CleanEntry, doc: Doc, *, feed_title: str = "", wished: bool = False) -> tuple[CleanEntry, ...]:
    """The stories of an issue as entries of their own, published as it was.

    Their guids follow from the issue's and from their address or title. A story without an address has the issue's,
    with a text fragment that leads browsers to it.
    """
    found = find_stories(issue.title, doc, feed_title=feed_title, wished=wished)
    addresses = Counter(story.url for story in found)
    entries = dict[str, CleanEntry]()
    for story in found:
        html = doc_html(excerpt(doc, story.start, story.end))
        name = story.url if story.url and addresses[story.url] == 1 else story.title
        guid = "story:" + hashlib.sha256(f"{issue.guid}\n{name}".encode()).hexdigest()[:20]
        url = story.url or _passage(issue.url, story.title)
        entry = replace(issue, guid=guid, url=url, title=story.title, html=html, text=build_doc(html).text, stories=())
        entries.setdefault(guid, entry)
    return tuple(entries.values())


def find_stories(title: str, doc: Doc, *, feed_title: str = "", wished: bool = False) -> tuple[Story, ...]:
    """The stories of an issue, in order; nothing if it is one article.

    `wished`: the reader wants it split, so that two parts of any kind are enough.
    """
    if len(doc.blocks) < _FEWEST_BLOCKS:
        return ()
    lines = read_lines(doc)
    found = outline(lines)
    split = len(found.stories) > 1 if wished else is_digest(title, lines, found, feed_title=feed_title)
    if not split:
        return ()
    dashes = [False, *(_has_dash(lines, part) for part in found.stories), False]
    stories = [
        _story(doc, lines, part, least=0 if before or after else _SHORT_LEAD)
        for part, before, after in zip(found.stories, dashes, dashes[2:], strict=False)
    ]
    return _without_brackets(stories)


def _without_brackets(stories: Sequence[Story]) -> tuple[Story, ...]:
    """What most titles end in is no part of them: how long they take to read, of what kind they are."""
    short = [_IN_BRACKETS.sub("", story.title) for story in stories]
    if sum(name != story.title for name, story in zip(short, stories, strict=True)) * 2 <= len(stories):
        return tuple(stories)
    return tuple(replace(story, title=name) for name, story in zip(short, stories, strict=True))


def _has_dash(lines: Sequence[Line], part: Part) -> bool:
    """Whether it begins "Title — text", without mark-up that says so; if the next one does, too, it is a form."""
    line = lines[part.first]
    return not line.name and part.way != "title" and len(_DASH.split(line.text, maxsplit=2)) == 2


def _story(doc: Doc, lines: tuple[Line, ...], part: Part, *, least: int) -> Story:
    line, last = lines[part.first], part.last
    if part.way == "title":
        line = replace(line, name=line.text, begins="bold")
    while last > part.first + 1 and lines[last - 1].is_rule:
        last -= 1
    end = lines[last - 1].block.end
    titled = last > part.first + 1 and weight(line.text) <= weight(line.name) + _BESIDE
    start = lines[part.first + 1].block.start if titled else line.block.start
    return Story(_title(doc, line, end, least=least), _address(lines[part.first : last]), start, end)


def _address(lines: Sequence[Line]) -> str | None:
    """The link of the title or of the first sentences, else of the line that says where to read on."""
    for line in lines[:2]:
        if line.links:
            return line.links[0]
    for number, line in enumerate(lines):
        if SOURCES.match(line.text):
            following = lines[number : number + 2]
            return next((href for each in following for href in each.links), None)
    return None


def _title(doc: Doc, line: Line, end: int, *, least: int) -> str:
    """The heading or line in bold; a lead-in if it says enough by itself, else the first sentence."""
    name = line.name
    says_little = name and weight(name) < _SHORT_LEAD and weight(line.text) > weight(name) + _BESIDE
    if says_little and line.begins in ("lead", "link", "") and not _is_named(line):
        name = ""
    if not name:
        name = _first_sentence(doc, line, end, least=least)
    name = _NUMBER.sub("", " ".join(name.split()).strip(" :：。").lstrip("|｜/·—– \ufe0f"))
    name = name if name.endswith("..") else name.removesuffix(".")
    colon = _COLON.search(name, 15, 90) if len(name) > 100 else None
    name = name[: colon.start()] if colon else name
    return name if len(name) <= _LONGEST_TITLE else name[: _LONGEST_TITLE - 1].rstrip() + "…"


def _first_sentence(doc: Doc, line: Line, end: int, *, least: int) -> str:
    """Or what stands in it before a dash, if that has letters enough; a semicolon ends no sentence."""
    spans = sentences(doc.text, line.start, end)
    whole = next((stop for _, stop in spans if doc.text[:stop].rstrip()[-1] not in ";；"), end)
    name = doc.text[line.start : whole]
    title, dash, rest = _DASH.sub("\0", name).partition("\0")
    return title if dash and "\0" not in rest and weight(title) >= least else name


def _is_named(line: Line) -> bool:
    """Whether the lead-in is a title, however short: in brackets, above the text, before a dash, or a new sentence."""
    after = line.text.partition(line.name)[2]
    sign = line.name[-1] if line.name.endswith((":", "：")) else after.lstrip(" .。")[:1]
    if line.mark == "bracket" or sign in ("\n", "—", "–", "-"):
        return True
    if line.begins == "link":
        return sign in (":", "：")
    # Chinese has no spaces between words.
    chinese = any(letter >= "\u3400" for letter in line.name)
    whole = weight(line.name) > _SAYS_ENOUGH if chinese else line.name.count(" ") > 1
    return whole and (sign in (":", "：") or (after[:1] in (" ", ".", "。") and (chinese or sign.isupper())))


def _passage(url: str | None, words: str) -> str | None:
    """The issue's address, with the text fragment of the story's title."""
    if not url:
        return None
    # "-" and "," part the terms of a fragment; `quote` leaves the first alone.
    start = " ".join(words.removesuffix("…").split()[:8])[:60]
    return f"{url}{':~:' if '#' in url else '#:~:'}text={quote(start, safe='').replace('-', '%2D')}"
