"""A figure with its spread, its goal, and how busy the machine was with other things; and the table of all of them."""

from __future__ import annotations

import dataclasses
import json
import os
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.processes import cpu_seconds


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    unit: str
    values: tuple[float, ...]
    others: float
    """Processors that everything but this benchmark used meanwhile: well above 0, the figure is spoilt."""
    goal: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def missed(self) -> bool:
        if self.goal is None:
            return False
        middle = median(self.values)
        return middle < self.goal if self.more_is_better else middle > self.goal


class Load:
    """How many processors others use, from the moment this is made."""

    def __init__(self) -> None:
        self._begin, self._busy, self._own = time.perf_counter(), _busy_seconds(), cpu_seconds(os.getpid())

    @property
    def others(self) -> float:
        busy, own = _busy_seconds() - self._busy, cpu_seconds(os.getpid()) - self._own
        return max(0.0, busy - own) / max(time.perf_counter() - self._begin, 0.01)


@contextmanager
def stopwatch(values: list[float], *, scale: float = 1.0) -> Iterator[None]:
    """Appends the seconds that the block took, times `scale`."""
    begin = time.perf_counter()
    yield
    values.append((time.perf_counter() - begin) * scale)


def milliseconds(work: Callable[[], object], *, runs: int) -> tuple[float, ...]:
    values: list[float] = []
    for _ in range(runs):
        with stopwatch(values, scale=1000):
            work()
    return tuple(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def lines(figures: Iterable[Figure]) -> Iterator[str]:
    """JSON Lines."""
    for figure in figures:
        record = dataclasses.asdict(figure) | {
            "median": median(figure.values),
            "min": min(figure.values),
            "max": max(figure.values),
            "missed": figure.missed,
        }
        yield json.dumps(record, ensure_ascii=False)


def table(figures: Iterable[Figure]) -> Iterator[str]:
    heads = ("measure", "median", "min", "max", "unit", "goal", "others", "note")
    rows = [heads, *map(_cells, figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        cells = (_padded(row[column], width, right=0 < column < 4) for column, width in enumerate(widths))
        yield "  ".join(cells).rstrip()


def _cells(figure: Figure) -> tuple[str, ...]:
    goal = "" if figure.goal is None else f"{'≥' if figure.more_is_better else '≤'} {_number(figure.goal)}"
    return (
        figure.name,
        _number(median(figure.values)),
        _number(min(figure.values)),
        _number(max(figure.values)),
        figure.unit,
        goal + (" missed" if figure.missed else ""),
        f"{figure.others:.1f}",
        figure.note,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _busy_seconds() -> float:
    """What all processors together have worked since the machine started."""
    user, nice, system, _idle, _wait, irq, softirq, steal, *_ = map(
        int, Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
