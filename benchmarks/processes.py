"""Our own program in child processes: its environment, its time, its memory."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Left out of the children's environment: a user's Python keeps byte code, and the user's own settings are not ours.
_UNSET = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "TUI_READER_DB", "TUI_READER_CONFIG", "NO_COLOR")


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    output: str
    peak: Peak


def program(database: Path, *words: str, config: Path | None = None) -> list[str]:
    """The command line of tui-reader."""
    options = ["--db", str(database), *(["--config", str(config)] if config else [])]
    return [sys.executable, "-m", "tui_reader", *options, *words]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _UNSET} | {"LC_ALL": "C.UTF-8"}


def run(command: list[str], *, watch: bool = False) -> Run:
    """To its end. Raises CalledProcessError. `watch` looks at its memory all the while, which costs a little time."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        peak = Peak(process.pid)
        if watch:
            peak.start()
        output, _ = process.communicate()
        seconds = time.perf_counter() - begin
    peak.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Run(seconds, output, peak)


class Peak:
    """The most memory that a process and its children have each had resident (VmHWM), looked at 20 times a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._kilobytes: dict[int, int] = {}
        self._ended = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        self._ended.set()

    def look(self) -> None:
        for pid in tree(self._pid):
            with suppress(OSError, StopIteration):
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                self._kilobytes[pid] = next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)

    @property
    def megabytes(self) -> float:
        """Of the process itself."""
        return self._kilobytes.get(self._pid, 0) / 1024

    @property
    def megabytes_with_children(self) -> float:
        return sum(self._kilobytes.values()) / 1024

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            self.look()


def tree(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    with suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text(encoding="ascii").split():
                found += tree(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time of the process, its children, and those of them that have ended."""
    ticks = 0
    for each in tree(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
