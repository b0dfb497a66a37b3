"""A program in a terminal of its own: keys go in, and what a person would see is read from an emulator."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pexpect
import pyte


class Terminal:
    def __init__(
        self,
        words: list[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        columns: int,
        rows: int,
        blocked: frozenset[signal.Signals],
    ) -> None:
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "tui_reader", *words],
            env=dict(env),
            cwd=str(cwd),
            dimensions=(rows, columns),
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, blocked),
        )
        self._child.delaybeforesend = None
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._gone = False
        self.bytes = b""
        """All that the program wrote."""

    @property
    def pid(self) -> int:
        return int(self._child.pid)

    @property
    def text(self) -> str:
        # pyte's own `display` stumbles over the half of a wide character that was written over.
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        return "\n".join("".join(self._screen.buffer[y][x].data for x in columns).rstrip() for y in rows)

    def attributes_of(self, wanted: Callable[[str], bool]) -> set[str]:
        """What the characters of the first such line have: bold, underscore, reverse, italics, strikethrough."""
        for y, line in enumerate(self.text.splitlines()):
            if wanted(line):
                row = [self._screen.buffer[y][x] for x in range(self._screen.columns)]
                names = ("bold", "underscore", "reverse", "italics", "strikethrough")
                return {name for name in names if any(getattr(cell, name) for cell in row)}
        return set()

    def press(self, keys: str) -> None:
        self._child.send(keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def wait_for(self, what: str | Callable[[str], bool], *, seconds: float = 30) -> str:
        """Read until the screen has it. → the screen."""
        give_up = time.monotonic() + seconds
        while not (what in self.text if isinstance(what, str) else what(self.text)):
            assert time.monotonic() < give_up, f"no {what!r} on the screen:\n{self.text}"
            assert self._read(), f"it ended before {what!r} was on the screen:\n{self.text}"
        return self.text

    def wait_for_end(self, *, seconds: float = 30) -> int:
        """Read until the program has ended. → its exit code, or minus the signal that ended it."""
        give_up = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < give_up, f"it goes on:\n{self.text}"
        self._child.wait()
        self._gone = True
        return -self._child.signalstatus if self._child.signalstatus else int(self._child.exitstatus or 0)

    def hang_up(self) -> None:
        """The window is closed, without a word to the program."""
        os.close(self._child.child_fd)

    def ended(self, *, seconds: float = 10) -> bool:
        """Whether the program ends in that time, with nobody there to read what it writes."""
        give_up = time.monotonic() + seconds
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
        self._gone = True
        return True

    def close(self) -> None:
        if not self._gone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(pexpect.ExceptionPexpect, OSError):
            self._child.close(force=True)

    def _read(self) -> bool:
        """Take in what has come. → False at the end of the program."""
        try:
            some = self._child.read_nonblocking(2**16, timeout=0.1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.bytes += some
        self._stream.feed(some)
        return True


@contextlib.contextmanager
def terminal(
    *words: str,
    env: Mapping[str, str],
    cwd: Path,
    columns: int = 120,
    rows: int = 36,
    blocked: frozenset[signal.Signals] = frozenset(),
) -> Iterator[Terminal]:
    """`blocked`: signals that do not reach the program."""
    opened = Terminal(list(words), env=env, cwd=cwd, columns=columns, rows=rows, blocked=blocked)
    try:
        yield opened
    finally:
        opened.close()
