"""Processes that end without a word: killed in the middle of what they do, at as many moments as one likes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

_fork = multiprocessing.get_context("fork")

MOMENTS = 6
"""How many moments a work is killed at: a landing has a few minutes for all tests."""


def killed_everywhere(work: Callable[[], object]) -> Iterator[int]:
    """Do the work in child processes that are killed at moments spread evenly over it, one after the other.

    The moments are counted in calls of functions, Python's and C's, so that they are no matter of luck. → which one, as
    soon as that child is gone; the caller looks at what is left, and makes things as they were before.
    """
    calls = _calls_of(work)
    for number in range(MOMENTS):
        _run(work, kill_at=max(1, calls * (2 * number + 1) // (2 * MOMENTS)))
        yield number


def killed_while(work: Callable[[Callable[[object], None]], object], *, after: int) -> list[object]:
    """Kill a child that tells what it has done, once it has told so many things. → all that it told."""
    receiver, sender = _fork.Pipe(duplex=False)
    process = _fork.Process(target=work, args=(sender.send,))
    process.start()
    sender.close()
    told: list[object] = []
    with suppress(EOFError):
        while True:
            told.append(receiver.recv())
            if len(told) == after:
                process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    return told


def _calls_of(work: Callable[[], object]) -> int:
    receiver, sender = _fork.Pipe(duplex=False)
    process = _fork.Process(target=_counted, args=(work, sender, None))
    process.start()
    sender.close()
    calls: int = receiver.recv()
    process.join()
    assert process.exitcode == 0
    return calls


def _run(work: Callable[[], object], *, kill_at: int) -> None:
    process = _fork.Process(target=_counted, args=(work, None, kill_at))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)


def _counted(work: Callable[[], object], answer: object, kill_at: int | None) -> None:
    calls = 0

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1
        if calls == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    work()
    sys.setprofile(None)
    if answer is not None:
        answer.send(calls)  # type: ignore[attr-defined]
