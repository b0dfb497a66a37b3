"""Standard input, output and error of the command line: open, in UTF-8, and closed without a word."""

from __future__ import annotations

import contextlib
import os
import sys


def open_streams() -> None:
    """What was closed by whoever started us leads nowhere: else Python has None there, and the next file its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115 - they stay
    # An ASCII locale must not turn a Chinese title into a traceback.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def drop_output() -> None:
    """Nobody wants what is still to be written, and Python must not complain about it on its way out."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
