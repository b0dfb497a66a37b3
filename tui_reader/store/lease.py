"""One refresh at a time a database: a lock on a file, which the system lets go however its holder ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tui_reader.errors import StoreError


class LeaseHeld(StoreError):
    """Another process refreshes this database now."""


@contextlib.contextmanager
def refresh_lease(database: Path) -> Iterator[None]:
    """Raises LeaseHeld at once if another process has it."""
    path = database.with_name(database.name + ".refresh")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    try:
        _lock(handle, database)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, database: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise LeaseHeld(f"another refresh of {database} is running") from error
