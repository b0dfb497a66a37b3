"""The other end of the pool: reads calls from standard input, runs them within limits, writes their results."""

from __future__ import annotations

import os
import pickle
import struct
import sys
from collections.abc import Callable
from functools import cache, partial
from typing import Any, BinaryIO

MAX_MEMORY = 2**30
"""Bytes of address space."""

_LENGTH = struct.Struct(">Q")


def main() -> None:
    """Serve until standard input ends, which is also what happens when the parent is killed."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not get between the answers.
    os.dup2(2, 1)
    _limit_memory()
    tools: dict[int, Callable[[], Any]] = {}
    while question := _read(questions):
        task, seconds, handed = pickle.loads(question)
        _limit_time(seconds)
        answer = _run(task if handed is None else partial(_with_tool, task, handed, tools))
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _read(stream: BinaryIO) -> bytes:
    header = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(header)[0]) if len(header) == _LENGTH.size else b""


def _with_tool(task: Callable[[Any], Any], handed: tuple[int, Any], tools: dict[int, Callable[[], Any]]) -> Any:
    number, tool = handed
    if tool is not None:
        tools[number] = cache(tool)
    return task(tools[number]())


def _run(task: Any) -> bytes:
    try:
        return pickle.dumps((True, task()))
    except Exception as error:  # It is raised again where the question came from.
        return pickle.dumps((False, error))


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return  # Windows has no such limits, macOS not all of them.


def _limit_time(seconds: float) -> None:
    """End this process by itself, should nobody be left to kill it."""
    try:
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 2, hard))
    except (ImportError, OSError, ValueError):
        return
