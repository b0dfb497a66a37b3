"""A text through a command of the reader's own: it comes on the standard input, and nowhere else."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import re
import signal
from collections.abc import Callable, Sequence

from tui_reader.errors import FileError

LONGEST = 1_000_000
"""Characters of output; a command that says more is ended."""

_PATIENCE = 0.4
"""Seconds that it has to end by itself when it is cancelled."""

_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")


async def pipe(text: str, words: Sequence[str], *, on_output: Callable[[str], None]) -> int:
    """Run the command, without a shell and without a terminal, until it ends or this is cancelled. → its exit code.

    `on_output` gets what it says, errors too, as it comes. Raises FileError where it cannot be run.
    """
    try:
        child = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # Of its own session it has no terminal to write to, and is ended with all that it has begun.
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise FileError(f"cannot run {words[0]}: {getattr(error, 'strerror', None) or error}") from error
    assert child.stdin is not None
    assert child.stdout is not None
    writing = asyncio.create_task(_write(child.stdin, text))
    try:
        await _read(child.stdout, on_output)
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(child.wait(), _PATIENCE)
        return 0
    finally:
        writing.cancel()
        await _end(child)


def plain_lines(text: str) -> list[str]:
    """What a program says for a terminal, as lines of text; the last is not finished."""
    text = _SEQUENCES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [line.expandtabs(4) for line in text.split("\n")]


async def _write(stdin: asyncio.StreamWriter, text: str) -> None:
    # A command that has read enough closes its end.
    with contextlib.suppress(ConnectionError):
        stdin.write(text.encode("utf-8", "replace"))
        await stdin.drain()
        stdin.close()
        await stdin.wait_closed()


async def _read(stdout: asyncio.StreamReader, on_output: Callable[[str], None]) -> None:
    decoder, room = codecs.getincrementaldecoder("utf-8")("replace"), LONGEST
    while room > 0 and (some := await stdout.read(2**16)):
        shown = decoder.decode(some)[:room]
        room -= len(shown)
        on_output(shown)
    if room <= 0:
        on_output(f"\n… more than {LONGEST:,} characters: the rest is left out")


async def _end(child: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        if child.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number) if hasattr(os, "killpg") else child.terminate()
        # What it still says is read: a full pipe would never close.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.communicate(), _PATIENCE)
