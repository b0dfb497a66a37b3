"""`python -m benchmarks`: one table, or with `--json` a line a figure."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from benchmarks.archive import archive
from benchmarks.commands import commands
from benchmarks.figures import Figure, lines, table
from benchmarks.highlighting import highlighting
from benchmarks.queries import growing, reading, writing
from benchmarks.refreshing import refreshing, slow_network
from benchmarks.screen import keys, keys_during_refresh, opening

Part = Callable[[], Iterator[Figure]]


def main() -> None:
    options = _options()
    figures: list[Figure] = []
    for name, part in _parts(options.scale, options.runs, full=options.full).items():
        if not options.only or name in options.only:
            print(f"measuring: {name}", file=sys.stderr)
            figures += part()
    for line in lines(figures) if options.json else table(figures):
        print(line)


def _parts(scale: float, runs: int, *, full: bool) -> dict[str, Part]:
    def scaled(number: int) -> int:
        return max(1, round(number * scale))

    entries = scaled(100_000)
    parts: dict[str, Part] = {
        "refresh": lambda: refreshing(feeds=scaled(100), runs=runs),
        "commands": lambda: commands(archive(entries), runs=2 * runs),
        "reading": lambda: reading(archive(entries), runs=2 * runs),
        "writing": lambda: writing(archive(entries), marks=scaled(50_000), runs=runs),
        "opening": lambda: opening(archive(entries), runs=runs),
        "keys": lambda: keys(archive(entries), downs=150, pages=40),
        "highlights": lambda: highlighting(highlights=scaled(10_000), runs=runs),
        "keys-during-refresh": lambda: keys_during_refresh(archive(entries), feeds=scaled(100)),
    }
    if full:
        parts["growing"] = lambda: growing(archive(entries), times=10, runs=runs)
        parts["slow-network"] = lambda: slow_network(feeds=scaled(1000), latency=0.1, runs=3)
    return parts


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast, how lean.")
    parser.add_argument("--scale", type=float, default=1.0, help="0.1 for a quick try with a tenth of everything")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured (default: %(default)s)")
    parser.add_argument(
        "--full", action="store_true", help="also what takes long: 1,000,000 entries; 1,000 feeds with latency"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--only", nargs="+", metavar="PART", help=f"some of: {', '.join(_parts(1, 1, full=True))}")
    options = parser.parse_args()
    unknown = set(options.only or ()) - set(_parts(1, 1, full=True))
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    options.full = options.full or bool({"growing", "slow-network"} & {*(options.only or ())})
    return options


if __name__ == "__main__":
    main()
