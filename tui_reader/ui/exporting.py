"""Exports of the application: our own command in a child process, so that no key waits for the disk."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tui_reader.ui.background import Commands
from tui_reader.ui.text import number


class Exporter:
    """One export after the other: two at once would read the same files."""

    def __init__(self, commands: Commands, folder: Path) -> None:
        self._commands = commands
        self.folder = folder
        self._turn = asyncio.Lock()

    async def export(self, *words: str, quiet: bool) -> str:
        """→ the sentence that reports it. `quiet`: "" unless something was read back, or is wrong."""
        async with self._turn:
            code, out, err = await self._commands.run(
                "export", "highlights", "--output", str(self.folder), "--json", "--child", *words
            )
        records = list(_objects(out))
        told = [_read_back(records), _conflicts(records), _failed(records)]
        if not any("written" in record for record in records):
            told.append(f"not exported: {(err.strip().splitlines() or [''])[-1].removeprefix('error: ')}")
        elif not quiet and not any(told) and code == 0:
            told.append(self._written(records[-1]))
        return " · ".join(filter(None, told))

    def _written(self, record: dict[str, Any]) -> str:
        return (
            f"exported {number(record['highlights'], 'highlight')}: "
            f"{number(record['written'], 'file')} written, {record['unchanged']} unchanged, in {self.folder}"
        )


def _objects(out: str) -> Iterable[dict[str, Any]]:
    for line in out.splitlines():
        with contextlib.suppress(ValueError):
            yield json.loads(line)


def _read_back(records: Iterable[dict[str, Any]]) -> str:
    count = sum(record.get("status") == "pulled" for record in records)
    return f"{number(count, 'edit')} read back from Markdown · u undoes" if count else ""


def _conflicts(records: Iterable[dict[str, Any]]) -> str:
    count = sum(record.get("status") == "conflict" for record in records)
    if not count:
        return ""
    return f"{number(count, 'note')} changed here and in Markdown: `tui-reader export highlights --pull` shows both"


def _failed(records: Iterable[dict[str, Any]]) -> str:
    failed = [line for record in records for line in record.get("failed", ())]
    if not failed:
        return ""
    # The reason first: a title may fill the line.
    file, _, reason = failed[0].partition(": ")
    return f"{number(len(failed), 'file')} not written: {reason} ({file})"
