"""The recipe of the Markdown folder: highlights are written into its files, and what was edited there comes back.

The store remembers what was last written. What has changed since on one side only goes to the other; what has changed
on both is a conflict, and stays as it is on both sides until the reader has chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from tui_reader.clean import clean_line, clean_text
from tui_reader.errors import FileError
from tui_reader.export import (
    Block,
    By,
    Known,
    Press,
    Sheet,
    Written,
    blocks,
    kind_of,
    read_sheet,
    sheet_files,
    sheets_of,
    shown,
    tags_after,
    write_sheets,
)
from tui_reader.model import Highlight, Noted
from tui_reader.store import Stamped, Store

Prefer = Literal["file", "store"]
Field = Literal["note", "tags", "kind"]
Status = Literal["pulled", "conflict", "kept"]
Value = str | tuple[str, ...] | None

_CHOSEN: dict[Prefer | None, Status] = {"file": "pulled", "store": "kept", None: "conflict"}


@dataclass(frozen=True, slots=True)
class Pulled:
    """The note, tags or kind of one highlight, which the file has otherwise than the reader."""

    id: str
    entry_id: int | None
    """None if the highlight is gone from the store."""
    file: str
    field: Field
    status: Status
    """Kept: the reader has chosen the store's, and the next export writes it over."""
    store: Value
    """None if the highlight is gone."""
    in_file: Value
    exported: Value
    """As both had it before; None if that is not known."""


@dataclass(frozen=True, slots=True)
class Pull:
    changes: tuple[Pulled, ...]
    failed: tuple[str, ...]
    """A line for each file that could not be read back, with the reason."""


def export_highlights(
    store: Store, highlights: Iterable[Highlight], folder: Path, press: Press, *, by: By, file: str = ""
) -> Written:
    """FileError if the folder cannot be used. For articles, give all highlights of each.

    `file` is the name of the one file for all, if it has not the usual one.
    """
    place = _place(folder)
    chosen = tuple(highlights)
    known = Known(store.exports.last(place), store.exports.known())
    written = write_sheets(_sheets(store, chosen, press, place, by=by, file=file), folder, press, known)
    if store.writable:
        here = {each.id: each for each in chosen}
        store.exports.record(
            place,
            {
                part: {each: Stamped.of(here[each], noted) for each, noted in found.items()}
                for part, found in written.noted.items()
            },
        )
    if written.broken:
        raise FileError(written.broken)
    left = {each.id for each in store.highlights.all()} if written.removed else set()
    return replace(written, removed=tuple(each for each in written.removed if each.id not in left))


def pull_notes(
    store: Store,
    highlights: Iterable[Highlight],
    folder: Path,
    press: Press,
    *,
    by: By,
    now: datetime,
    file: str = "",
    prefer: Prefer | None = None,
) -> Pull:
    """Read edited notes, tags and kinds back, in one undoable step. `prefer` decides conflicts; else they are left."""
    place = _place(folder)
    reading = _Reading(store, {each.id: each for each in highlights}, prefer)
    failed: list[str] = []
    known = Known(store.exports.last(place), store.exports.known())
    sheets = _sheets(store, reading.old.values(), press, place, by=by, file=file)
    seen: list[tuple[str, dict[str, Noted]]] = []
    for sheet, path in sheet_files(sheets, folder, press, known):
        try:
            there = read_sheet(sheet, path, press, known)
            written = blocks(press.section(sheet), there)
            last = known.last.get(sheet.part, {})
            agreed = reading.take(path.name, there, written, last)
            seen.append((sheet.part, {each: noted for each, noted in agreed.items() if noted != last.get(each)}))
        except (FileError, OSError) as error:
            failed.append(f"{path.name}: {error}")
    with store.writing():
        pairs, late = _still_the_same(store, reading)
        store.highlights.take_back(pairs, now=now)
        for part, found in seen:
            store.exports.see(place, part, {each: noted for each, noted in found.items() if each not in late})
    failed += [f"{each.file}: {each.id} was changed while it was read; pull again" for each in late.values()]
    return Pull(tuple(each for each in reading.changes if each.id not in late), tuple(failed))


def whole_articles(store: Store, entry_ids: Iterable[int]) -> list[Highlight]:
    """All highlights of these entries: a file of an article always holds all of them."""
    return [each for entry_id in dict.fromkeys(entry_ids) for each in store.highlights.of_entry(entry_id)]


def stale_entries(store: Store, folder: Path) -> tuple[int, ...]:
    """What an export into the folder would change. All entries with highlights, if it is not there any more."""
    if not folder.is_dir():
        return tuple(each.entry_id for each in store.highlights.all())
    return store.exports.stale(_place(folder))


def _place(folder: Path) -> str:
    return str(folder.absolute().resolve())


def _sheets(
    store: Store, highlights: Iterable[Highlight], press: Press, place: str, *, by: By, file: str
) -> list[Sheet]:
    """What is to be in the folder, with files all of whose highlights are gone."""
    sheets = sheets_of(highlights, by, press.style.names)
    if by == "all" and file:
        return [replace(sheet, part=f"all {file}", file=file) for sheet in sheets]
    emptied = [Sheet(part, "", "", ()) for part in sorted(store.exports.gone(place))] if by == "article" else []
    return [*sheets, *(sheet for sheet in emptied if sheet.entry_id is not None)]


def _still_the_same(store: Store, reading: _Reading) -> tuple[list[tuple[Highlight, Highlight]], dict[str, Pulled]]:
    """→ what is to be changed, as (old, new), and what others have changed since it was read, by highlight."""
    pairs: list[tuple[Highlight, Highlight]] = []
    late: dict[str, Pulled] = {}
    now = {each.id: each for each in store.highlights.some(reading.new)}
    for each, new in reading.new.items():
        old, current = reading.old[each], now.get(each)
        if current and _editable(current) == _editable(old):
            edited = replace(current, note=new.note, tags=new.tags, kind=new.kind, check_by=new.check_by)
            pairs.append((current, edited))
        else:
            late[each] = next(change for change in reading.changes if change.id == each)
    return pairs, late


def _editable(highlight: Highlight) -> tuple[object, ...]:
    return highlight.note, highlight.tags, highlight.kind, highlight.check_by


class _Reading:
    """The files of one folder, read one after the other: a highlight may stand in several."""

    def __init__(self, store: Store, highlights: Mapping[str, Highlight], prefer: Prefer | None) -> None:
        self.old = highlights
        self.new: dict[str, Highlight] = {}
        self.changes: list[Pulled] = []
        self._prefer = prefer

    def take(
        self, file: str, there: Mapping[str, Block], written: Mapping[str, Block], last: Mapping[str, Noted]
    ) -> dict[str, Noted]:
        """→ what is agreed upon now, by highlight. FileError if it is not clear what the file says."""
        for each in self.old.keys() & there.keys() & written.keys():
            if self._shows_kinds(written[each]):
                # Before anything is taken of the file.
                kind_of(there[each].noted.kind or "")
        agreed: dict[str, Noted] = {}
        for each, block in there.items():
            highlight = self.new.get(each) or self.old.get(each)
            base = last.get(each)
            if highlight is None:
                noted = self._of_a_gone_one(file, block, base)
            elif each in written:
                self._check_readable(block, written[each], highlight)
                noted = self._of(file, highlight, block.noted, base, kinds=self._shows_kinds(written[each]))
            else:
                continue
            if noted is not None:
                agreed[each] = noted
        return agreed

    def _check_readable(self, there: Block, written: Block, highlight: Highlight) -> None:
        before = self.old[highlight.id]
        if there.noted != written.noted and written.noted.note != shown(before).note:
            raise FileError("edited there, but the template leaves no clear place for notes: nothing was read back")

    def _shows_kinds(self, written: Block) -> bool:
        """False if the reader's own template has something else where kinds stand."""
        return written.noted.kind == shown(self.old[written.id]).kind

    def _of(self, file: str, highlight: Highlight, in_file: Noted, base: Noted | None, *, kinds: bool) -> Noted | None:
        ours = shown(highlight)
        note = self._settle(file, highlight, "note", (ours.note, in_file.note, base.note if base else None))
        tags = in_file.tags is None or self._settle(
            file, highlight, "tags", (ours.tags, in_file.tags, base.tags if base else None)
        )
        kind = (
            in_file.kind is None
            or not kinds
            or self._settle(file, highlight, "kind", (ours.kind, in_file.kind, base.kind if base else None))
        )
        if base is None:
            return in_file if note and tags and kind else None
        return Noted(
            in_file.note if note else base.note,
            in_file.tags if tags else base.tags,
            in_file.kind if kind else base.kind,
        )

    def _settle(self, file: str, highlight: Highlight, field: Field, values: tuple[Value, Value, Value]) -> bool:
        """→ False if file and store differ and nobody has said which is right."""
        ours, in_file, base = values
        if in_file in (ours, base):
            return True
        status: Status = "pulled" if ours == base else _CHOSEN[self._prefer]
        self.changes.append(Pulled(highlight.id, highlight.entry_id, file, field, status, *values))
        if status == "pulled":
            self.new[highlight.id] = _edited(self.new.get(highlight.id, highlight), field, in_file)
        return status != "conflict"

    def _of_a_gone_one(self, file: str, block: Block, base: Noted | None) -> Noted | None:
        """Its words in the file are edited, and it is no longer in the store: only the reader can say."""
        if base is None or block.noted == base:
            return None
        status: Status = "kept" if self._prefer == "store" else "conflict"
        self.changes.append(Pulled(block.id, None, file, "note", status, None, block.noted.note, base.note))
        return block.noted if status == "kept" else None


def _edited(highlight: Highlight, field: Field, value: Value) -> Highlight:
    if field == "note":
        return replace(highlight, note=clean_text(str(value)))
    if field == "kind":
        kind, check_by = kind_of(str(value))
        return replace(highlight, kind=kind, check_by=check_by)
    assert isinstance(value, tuple)
    return replace(highlight, tags=tuple(clean_line(tag, limit=80) for tag in tags_after(highlight.tags, value)))
