"""The program in a pseudo-terminal that answers as a modern terminal does, timed frame by frame.

Textual puts each frame between the marks of synchronized output (DEC private mode 2026) if the terminal says that it
knows them. So every frame has an end, and no screen need be emulated.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from benchmarks.processes import Peak, environment, tree

COLUMNS, LINES = 120, 40

_END_OF_FRAME = b"\x1b[?2026l"
_QUESTION, _ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
# The bar of the focused list is bold, that of the other one is not.
_CURSOR = re.compile(rb"\x1b\[1;[0-9;]*m\xe2\x96\x8c(.{0,160})", re.DOTALL)


class Terminal:
    def __init__(self, command: list[str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            env=environment() | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._unread = b""
        self._cursor: tuple[bytes, ...] = ()
        self.peak = Peak(self._process.pid)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def has_children(self) -> bool:
        return len(tree(self._process.pid)) > 1

    def wait_for(self, text: str, *, timeout: float = 60.0) -> float:
        """Seconds from the start of the program to the end of the first frame that shows the text."""
        wanted, deadline = text.encode(), time.perf_counter() + timeout
        while (frame := self._frame(deadline)) is not None:
            if wanted in frame:
                return time.perf_counter() - self.began
        said = _ESCAPE.sub(b"", self._unread)[-2000:].decode(errors="replace")
        raise TimeoutError(f"the screen did not show {text!r}; the program said last: {said}")

    def press(self, key: str, *, any_frame: bool = False, timeout: float = 10.0) -> float | None:
        """Seconds until the cursor of the list is drawn on another row, or until the next frame, whatever it shows.

        None if that does not happen.
        """
        begin = time.perf_counter()
        os.write(self._master, key.encode())
        deadline, before = begin + timeout, self._cursor
        while (frame := self._frame(deadline)) is not None:
            now = time.perf_counter()
            if (self._see_cursor(frame) and self._cursor != before) or any_frame:
                return now - begin
        return None

    def send(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def rest(self, seconds: float) -> None:
        """Let the program draw what it likes meanwhile."""
        deadline = time.perf_counter() + seconds
        while (frame := self._frame(deadline)) is not None:
            self._see_cursor(frame)

    def close(self) -> float:
        """Quit, as its reader would. → seconds until the program has ended."""
        self.peak.look()
        begin = time.perf_counter()
        self.send("\x11")
        while self._process.poll() is None and time.perf_counter() < begin + 5:
            self._read_on()
        seconds = time.perf_counter() - begin
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)
        return seconds

    def _read_on(self) -> None:
        """So that the program can write while it ends; not longer than it takes to see that it has."""
        if select.select([self._master], [], [], 0.005)[0]:
            with contextlib.suppress(OSError):
                os.read(self._master, 1 << 16)

    def _see_cursor(self, frame: bytes) -> bool:
        found = tuple(_ESCAPE.sub(b"", row)[:60] for row in _CURSOR.findall(frame))
        self._cursor = found or self._cursor
        return bool(found)

    def _frame(self, deadline: float) -> bytes | None:
        """The next whole frame; None at the deadline, or when the program has ended."""
        while True:
            frame, mark, rest = self._unread.partition(_END_OF_FRAME)
            if mark:
                self._unread = rest
                return frame
            left = deadline - time.perf_counter()
            if left <= 0 or not select.select([self._master], [], [], left)[0]:
                return None
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:
                return None
            if _QUESTION in data:
                os.write(self._master, _ANSWER)
            self._unread += data
