"""The way back: what a reader has made of the notes, tags and kinds in our part of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from tui_reader.doc import without_controls
from tui_reader.errors import FileError
from tui_reader.model import Highlight, HighlightKind, Noted

from .fence import BEGIN, END, with_markers
from .section import CHECK_BY, block_uuid, harmless_note, kind_words, tag_word, tag_words

_BLOCK_ID = re.compile(r"\^hl-(\w+)[ \t]*$")
_UUID = re.compile(r"\s*(?:- )?id:: ([0-9a-f-]{36})\s*$")
_FACTS = re.compile(r"(?:\s*- )?(?:[^>].* · )?\d{4}-\d{2}-\d{2}(?: · .*)?\s*$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CHECK_BY = re.compile(rf"{CHECK_BY} (\d{{4}}-\d{{2}}-\d{{2}})")
_KINDS: tuple[HighlightKind, ...] = get_args(HighlightKind)
_PROPERTY = re.compile(r"\s*(?:- )?(?:id|collapsed|heading):: ")
_CALLOUT = re.compile(r">\s*\[![\w-]+\]")


@dataclass(frozen=True, slots=True)
class Block:
    """One highlight, as the file has it."""

    id: str
    quote: str
    """Its first line, for messages."""
    noted: Noted


def blocks(section: str, ids: Iterable[str]) -> dict[str, Block]:
    """The highlights of our part by id; `ids` are those that may be in it.

    What stands below a quote is its note, in a callout or not: nothing that a reader wrote in our part is passed over.
    FileError if it is not clear which highlight a note is about.
    """
    lines = [line for line in without_controls(section).split("\n") if line.strip() not in _MARKERS]
    logseq = {block_uuid(each): each for each in ids} if any(map(_UUID.match, lines)) else {}
    found: dict[str, Block] = {}
    for block in _outlined(lines, logseq) if logseq else _plain(lines):
        if block.id in found:
            raise FileError(f"the highlight ^hl-{block.id} stands there twice; take one away")
        found[block.id] = block
    return found


def shown(highlight: Highlight) -> Noted:
    """What a file says of it that nobody has edited."""
    return Noted(
        _restored(harmless_note(highlight.note)),
        tuple(tag_words([highlight])),
        kind_words(highlight.kind, highlight.check_by),
    )


def tags_after(tags: Sequence[str], words: Iterable[str]) -> tuple[str, ...]:
    """The tags of a highlight whose file now has `words`: those that are still there as they were, and the new ones."""
    wanted = list(words)
    kept = [tag for tag in tags if tag_word(tag) in wanted or not tag_word(tag)]
    return (*kept, *(word for word in wanted if word not in map(tag_word, kept)))


def kind_of(words: str) -> tuple[HighlightKind, date | None]:
    """Of a file's words, `claim · check by 2026-12-01`. FileError if they say something else."""
    kind: HighlightKind = ""
    check_by: date | None = None
    for part in filter(None, words.split(" · ")):
        if part in _KINDS and not kind:
            kind = part
        elif (match := _CHECK_BY.fullmatch(part)) and check_by is None:
            check_by = _day(match[1])
        else:
            raise FileError(f"“{part}” is no kind: write fact, claim, number or question, or “{CHECK_BY} 2026-12-31”")
    if check_by and kind not in ("", "claim"):
        raise FileError(f"a {kind} has no day to check it by: only a claim has")
    return ("claim" if check_by else kind), check_by


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FileError(f"{text} is no day: write “{CHECK_BY} 2026-12-31”") from None


_MARKERS = {BEGIN, END, f"- {BEGIN}", f"- {END}"}


# --- Obsidian's way --------------------------------------------------------------------------------------------------


def _plain(lines: Sequence[str]) -> list[Block]:
    """Quotes, each with its block id below it, then its facts and note."""
    places = [number for number, line in enumerate(lines) if _BLOCK_ID.match(line)]
    starts = [_quote_start(lines, place) for place in places]
    found: list[Block] = []
    for number, place in enumerate(places):
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        match = _BLOCK_ID.match(lines[place])
        assert match is not None
        found.append(
            Block(match[1], _first(lines[starts[number] : place]), _noted(_without_heading(lines[place + 1 : stop])))
        )
    return found


def _quote_start(lines: Sequence[str], place: int) -> int:
    """The first line of the quote whose block id is in the line `place`."""
    start = place
    while start and not lines[start - 1].strip():
        start -= 1
    if not (start and lines[start - 1].startswith(">")):
        return place
    while start and lines[start - 1].startswith(">"):
        start -= 1
    return start


def _without_heading(lines: Sequence[str]) -> Sequence[str]:
    """Without the title of the next article, where a file holds several."""
    last = max((number for number, line in enumerate(lines) if line.strip()), default=-1)
    return lines[:last] if last >= 0 and lines[last].startswith("## ") else lines


def _noted(lines: Sequence[str]) -> Noted:
    facts = next((number for number, line in enumerate(lines) if _FACTS.match(line)), None)
    rest = [line for number, line in enumerate(lines) if number != facts]
    return _with_facts(_restored("\n".join(_unwrapped(rest))), None if facts is None else lines[facts])


def _unwrapped(lines: Iterable[str]) -> list[str]:
    """Callouts without their frame; a quote of the reader's own stays one."""
    found: list[str] = []
    callout = False
    inside = False
    for line in lines:
        starts = line.startswith(">") and not inside
        inside = line.startswith(">")
        if starts:
            callout = bool(_CALLOUT.match(line))
            if callout:
                continue
        found.append(line.removeprefix(">").removeprefix(" ") if inside and callout else line)
    return found


# --- Logseq's way ----------------------------------------------------------------------------------------------------


def _outlined(lines: Sequence[str], ids: dict[str, str]) -> list[Block]:
    """Items of a list, each with its id as a property, then its quote; facts and note are items below it."""
    found: list[Block] = []
    for item in _items(lines):
        match = next((match for line in item if (match := _UUID.match(line)) and match[1] in ids), None)
        if match is None:
            continue
        first = next((number for number, line in enumerate(item) if line.startswith("\t")), len(item))
        below = [line for line in item[first:] if not _PROPERTY.match(line)]
        facts = below[0] if below and _FACTS.match(below[0]) else None
        note = "\n".join(map(_dedented, below if facts is None else below[1:]))
        found.append(Block(ids[match[1]], _first(item[:first]), _with_facts(_restored(note), facts)))
    return found


def _items(lines: Sequence[str]) -> list[list[str]]:
    items: list[list[str]] = []
    for line in lines:
        if line.startswith("- ") or not items:
            items.append([line])
        else:
            items[-1].append(line)
    return items


def _dedented(line: str) -> str:
    line = line.removeprefix("\t")
    return line[2:] if line[:2] in ("- ", "  ") else line.removeprefix("\t")


# --- both ------------------------------------------------------------------------------------------------------------


def _first(lines: Sequence[str]) -> str:
    """The first words of a block quote; "" if these are no lines of one."""
    quoted = (line.strip().removeprefix(">").strip() for line in lines if line.strip().startswith(">"))
    return next((line for line in quoted if line and not line.startswith("```")), "")


def _with_facts(note: str, facts: str | None) -> Noted:
    return Noted(note, None, None) if facts is None else Noted(note, _hash_tags(facts), _kind_words(facts))


def _kind_words(line: str) -> str:
    """What stands before the day on which the highlight was made, but for its tags."""
    parts = [re.sub(r"(?<!\S)#[\w/-]+", "", part).strip() for part in line.strip().removeprefix("- ").split(" · ")]
    made = max(number for number, part in enumerate(parts) if _DAY.fullmatch(part))
    return " · ".join(" ".join(part.lower().split()) for part in parts[:made] if part)


def _hash_tags(line: str) -> tuple[str, ...]:
    return tuple(sorted(set(re.findall(r"(?<!\S)#([\w/-]+)", line))))


def _restored(note: str) -> str:
    """Without what made it harmless."""
    note = re.sub(r"\\\^(?=hl-\w+[ \t]*$)", "^", note.replace(r"\%\%", "%%"), flags=re.MULTILINE)
    return with_markers(note).strip()
