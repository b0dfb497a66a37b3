"""A folder of Markdown files: what is in them is looked at before they are written, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui_reader.errors import FileError
from tui_reader.model import Noted

from .files import Files
from .page import our_part, page_text
from .reading import Block, blocks
from .section import Press
from .sheets import Sheet

_LEFT_BEHIND = 3600
"""Seconds after which a temporary file is that of an export that was killed."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A highlight that is gone and has left its file."""

    file: str
    id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Written:
    """What an export did; `failed` has a line for each file that was left as it is, with the reason."""

    written: int
    unchanged: int
    failed: tuple[str, ...]
    files: tuple[Path, ...]
    removed: tuple[Removed, ...] = ()
    noted: Mapping[str, Mapping[str, Noted]] = field(default_factory=dict)
    """What now stands in the files that were written or right, by part and highlight."""
    broken: str = ""
    """Why it ended before the last file; "" if it did not."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the reader's own records say of a folder."""

    last: Mapping[str, Mapping[str, Noted]]
    """What was last written into its files or read from them, by part and highlight."""
    ids: Collection[str]
    """All highlights that are or were in the store."""


@dataclass(slots=True)
class _Report:
    written: int = 0
    unchanged: int = 0
    failed: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    noted: dict[str, dict[str, Noted]] = field(default_factory=dict)


def write_sheets(sheets: Iterable[Sheet], folder: Path, press: Press, known: Known) -> Written:
    """Brings these files up to date; others are left alone.

    A file that cannot be merged is in `failed`; what ails the whole folder is in `broken`, with all that was done.
    """
    broken = ""
    report = _Report()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = Files(folder, press.style.preset, known.last)
        _sweep(folder, files.names)
        for sheet in sheets:
            path = files.path(sheet) or folder / sheet.file
            try:
                _update(sheet, path, press, known, report)
            except FileError as error:
                report.failed.append(f"{path.name}: {error}")
    except OSError as error:
        broken = f"cannot export to {folder}: {error.strerror or error}"
    return Written(
        report.written,
        report.unchanged,
        tuple(report.failed),
        tuple(report.files),
        tuple(report.removed),
        report.noted,
        broken,
    )


def read_sheet(sheet: Sheet, path: Path, press: Press, known: Known) -> dict[str, Block]:
    """The highlights of the file as they stand in it. FileError if it cannot be read, or is not clear."""
    existing = _text(path)
    return {} if existing is None else _blocks(sheet, existing, press, known)


def sheet_files(sheets: Iterable[Sheet], folder: Path, press: Press, known: Known) -> list[tuple[Sheet, Path]]:
    """Those of the sheets that have a file. FileError if the folder cannot be read."""
    try:
        files = Files(folder, press.style.preset, known.last)
    except OSError as error:
        raise FileError(f"cannot read {folder}: {error.strerror or error}") from error
    return [(sheet, path) for sheet in sheets if (path := files.path(sheet))]


# --- one file --------------------------------------------------------------------------------------------------------


def _update(sheet: Sheet, path: Path, press: Press, known: Known, report: _Report) -> None:
    existing = _text(path)
    if existing is None and not sheet.highlights:
        return
    section = press.section(sheet)
    new = page_text(sheet, section, press.style, existing=existing)
    wanted = blocks(section, [each.id for each in sheet.highlights])
    gone: list[Block] = []
    if existing is not None and existing.strip():
        there = _blocks(sheet, existing, press, known)
        _refuse_edited(there, wanted, known.last.get(sheet.part, {}))
        gone = [block for block in there.values() if block.id not in wanted]
    if new == existing:
        report.unchanged += 1
    else:
        _replace(path, new.encode())
        report.written += 1
    report.files.append(path)
    report.removed += [Removed(path.name, block.id, block.quote) for block in gone]
    report.noted[sheet.part] = {each: block.noted for each, block in wanted.items()}


def _blocks(sheet: Sheet, existing: str, press: Press, known: Known) -> dict[str, Block]:
    ids = {*(each.id for each in sheet.highlights), *known.last.get(sheet.part, ())}
    there = blocks(our_part(press.style.preset, existing).ours, ids)
    strange = [each for each in there if each not in known.ids]
    if strange:
        raise FileError(
            f"it has highlights of another database (^hl-{strange[0]}): move it away, or export to another folder"
        )
    return there


def _refuse_edited(there: Mapping[str, Block], wanted: Mapping[str, Block], last: Mapping[str, Noted]) -> None:
    """Notes, tags and kinds that the reader has edited in the file are not written over."""
    for each, block in there.items():
        new = wanted[each].noted if each in wanted else last.get(each, block.noted)
        if block.noted not in (new, last.get(each)):
            raise FileError(
                f"its notes, tags or kinds were edited there (^hl-{each}): `export highlights --pull` reads them back"
            )


def _text(path: Path) -> str | None:
    """None if there is no such file. FileError if it is none that may be written."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise FileError("a link or no plain file: not written")
    try:
        return path.read_bytes().decode() if path.exists() else None
    except UnicodeDecodeError:
        raise FileError("not UTF-8: not written") from None
    except PermissionError as error:
        raise FileError(f"cannot be read: {error.strerror}") from None


def _replace(path: Path, data: bytes) -> None:
    """Whoever looks, or pulls the plug, finds the old file or the new one."""
    temporary = path.with_name(f".{path.name[-40:]}.{os.getpid()}.tmp")
    # Of a process that had our number before us.
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sweep(folder: Path, names: Iterable[str]) -> None:
    """Take away what exports that were killed have left behind."""
    for name in names:
        if re.fullmatch(r"\..*\.md\.\d+\.tmp", name):
            with contextlib.suppress(OSError):
                if time.time() - (folder / name).stat().st_mtime > _LEFT_BEHIND:
                    (folder / name).unlink()
