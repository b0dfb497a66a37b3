"""What the screen must not wait for: large queries on a thread, and our own commands in child processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from tui_reader.store import Store, open_store

T = TypeVar("T")

_PATIENCE = 0.4
"""Seconds that a child has to end by itself: quitting takes no longer than that."""


class BackgroundStore:
    """A second connection to the store, on one thread: queries run there one after the other.

    The demo's store is in memory and small: its queries run at once, on the store itself; as they do where the disk is
    so full that a file can be opened but once.
    """

    def __init__(self, store: Store) -> None:
        self._main = store
        self._path = store.path
        shared = store.path is not None and not store.database.alone
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store") if shared else None
        self._own: contextlib.ExitStack | None = None
        self._store: Store | None = None
        self._closed = False

    async def run(self, query: Callable[[Store], T]) -> T:
        """Raises what the query raises."""
        if self._thread is None:
            return query(self._main)
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, query)

    def close(self) -> None:
        """Stop the query that runs, if any: quitting waits for none."""
        self._closed = True
        if self._thread is None:
            return
        if self._store is not None:
            self._store.database.interrupt()
        self._thread.submit(self._end)
        self._thread.shutdown(wait=True, cancel_futures=False)

    def _run(self, query: Callable[[Store], T]) -> T:
        if self._closed:
            raise asyncio.CancelledError
        if self._store is None:
            assert self._path is not None
            self._own = contextlib.ExitStack()
            self._store = self._own.enter_context(open_store(self._path, create=False))
        return query(self._store)

    def _end(self) -> None:
        if self._own is not None:
            self._own.close()


class Commands:
    """Our own command line, run in child processes: one recipe for the application, cron and scripts."""

    def __init__(self, options: Sequence[str], log: Path | None) -> None:
        """`options` are the global ones, such as `--db`; the child's errors go to the file `log`."""
        self._options = tuple(options)
        self._log = log
        self._running: set[asyncio.subprocess.Process] = set()
        self._closed = False
        self._open = 0
        """Commands whose child has not ended, or not even begun."""
        self._idle = asyncio.Event()
        self._idle.set()
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self, *words: str) -> tuple[int, str, str]:
        """→ (exit code, output, errors)."""
        async with self._child(words, stdin=asyncio.subprocess.DEVNULL) as child:
            out, err = await child.communicate()
        return child.returncode or 0, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")

    async def lines(self, *words: str, on_line: Callable[[dict[str, Any]], object]) -> tuple[int, str]:
        """Run a command that prints JSON Lines, with its standard input held open: it ends when we do.

        → (exit code, last line of its errors). `on_line` gets each object as it comes.
        """
        async with self._child(words, stdin=asyncio.subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            errors = asyncio.create_task(child.stderr.read())
            try:
                async for line in child.stdout:
                    with contextlib.suppress(ValueError):
                        on_line(json.loads(line))
                text = (await errors).decode("utf-8", "replace")
                await child.wait()
            finally:
                errors.cancel()
        self._write_log(text)
        return child.returncode or 0, (text.strip().splitlines() or [""])[-1].removeprefix("error: ")

    def stop(self) -> None:
        """End all children now; what they have stored so far stays."""
        for child in self._running:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()

    async def close(self) -> None:
        """End all children, and wait until they have: their pipes must be closed while there is a loop to do so."""
        self._closed = True
        self.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), 2 * _PATIENCE)

    @contextlib.asynccontextmanager
    async def _child(self, words: Sequence[str], *, stdin: int) -> AsyncIterator[asyncio.subprocess.Process]:
        self._open += 1
        self._idle.clear()
        child = None
        try:
            child = await asyncio.create_subprocess_exec(
                *self._command(words),
                stdin=stdin,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=2**20,
            )
            if self._closed:
                # Begun while the others were being ended.
                raise asyncio.CancelledError
            self._running.add(child)
            yield child
        finally:
            self._running -= {child}
            # Whoever was cancelled is not to wait, and could be cancelled again.
            ending = asyncio.create_task(_end(child))
            self._ending.add(ending)
            ending.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        self._open -= 1
        if not self._open:
            self._idle.set()

    def _command(self, words: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "tui_reader", *self._options, *words]

    def _write_log(self, text: str) -> None:
        if not text.strip() or self._log is None:
            return
        with contextlib.suppress(OSError):
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("a", encoding="utf-8") as log:
                log.write(text)


async def _end(child: asyncio.subprocess.Process | None) -> None:
    """Ask it to end, and after a while make it. What it still says is read: a full pipe would never close."""
    if child is None or child.returncode is not None:
        return
    if child.stdin is not None:
        child.stdin.close()
    for end in (child.terminate, child.kill):
        with contextlib.suppress(ProcessLookupError):
            end()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.communicate(), _PATIENCE)
            return
