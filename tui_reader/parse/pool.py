"""Parsing in processes that may be killed: a feed can hang, swell or crash a parser, and nothing in-process stops that.

Plain subprocesses and pipes: an executor of the standard library fails all its work when one process dies.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from tui_reader.errors import ParseError
from tui_reader.model import ParsedFeed

from .reading import parse

DEADLINE = 20.0
"""Seconds that one feed may take."""

Result = TypeVar("Result")

Tool = Callable[[], Any]
"""Makes what a task works with; picklable. Each process calls it once, when the first task wants it."""

_LENGTH = struct.Struct(">Q")
_MAX_ANSWER = 2**28
_CODE = "from tui_reader.parse.worker import main; main()"


class ParseBody(Protocol):
    async def __call__(self, body: bytes, *, url: str, content_type: str = "") -> ParsedFeed: ...


class Run(Protocol):
    async def __call__(self, task: Callable[..., Result], *, tool: Tool | None = None) -> Result: ...


@asynccontextmanager
async def parsing(*, workers: int = 2, deadline: float = DEADLINE) -> AsyncIterator[ParseBody]:
    """`parse` as an async function that runs elsewhere, on up to `workers` processes, started when first needed."""
    async with killable(workers=workers, deadline=deadline) as run:

        async def parse_body(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
            return await run(partial(parse, body, url=url, content_type=content_type))

        yield parse_body


@asynccontextmanager
async def killable(*, workers: int = 2, deadline: float = DEADLINE) -> AsyncIterator[Run]:
    """`await run(task)`: the result of a picklable call that may hang or crash without harm.

    With a `tool`, the task is given what that made. What the task raises is raised here. ParseError if it overran its
    deadline or took its process with it.
    """
    pool = [_Worker(deadline) for _ in range(workers)]
    free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
    for worker in pool:
        free.put_nowait(worker)

    async def run(task: Callable[..., Result], *, tool: Tool | None = None) -> Result:
        # Last in, first out: one feed at a time never starts a second process.
        worker = await free.get()
        try:
            result: Result = await worker.run(task, tool)
            return result
        finally:
            free.put_nowait(worker)

    try:
        yield run
    finally:
        await asyncio.gather(*(worker.stop() for worker in pool))


class _Worker:
    """One process, started on demand and replaced after a crash."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._process: asyncio.subprocess.Process | None = None
        self._tools: list[Tool] = []
        """Those that the process has."""

    async def run(self, task: Callable[..., Any], tool: Tool | None) -> Any:
        try:
            async with asyncio.timeout(self._deadline):
                succeeded, value = await self._exchange(pickle.dumps((task, self._deadline, self._handed(tool))))
        except TimeoutError as error:
            await self.stop()
            raise ParseError(f"the feed took longer than {self._deadline:g} s to read") from error
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            await self.stop()
            raise ParseError("the feed crashed its parser") from error
        except BaseException:
            # Cancelled between question and answer: the next one to ask would get this answer.
            await self.stop()
            raise
        if not succeeded:
            raise value
        return value

    async def stop(self) -> None:
        process, self._process = self._process, None
        self._tools = []
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    def _handed(self, tool: Tool | None) -> tuple[int, Tool | None] | None:
        """The tool's number, and the tool itself if the process does not have it yet."""
        if tool is None:
            return None
        if tool in self._tools:
            return self._tools.index(tool), None
        self._tools.append(tool)
        return len(self._tools) - 1, tool

    async def _exchange(self, question: bytes) -> tuple[bool, Any]:
        process = self._process = self._process or await _start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(_LENGTH.pack(len(question)) + question)
        await process.stdin.drain()
        length = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))[0]
        if length > _MAX_ANSWER:
            raise EOFError
        answer: tuple[bool, Any] = pickle.loads(await process.stdout.readexactly(length))
        return answer


async def _start() -> asyncio.subprocess.Process:
    # The child finds what the parent finds, and nothing in the current folder (-P) that the parent would not.
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        _CODE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=env,
        limit=2**20,
    )
