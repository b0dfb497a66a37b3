"""A file of another program → its highlights, whichever of the known programs wrote it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from tui_reader.errors import FileError
from tui_reader.model import Clipping

from .hypothesis import hypothesis
from .kindle import kindle
from .readwise import readwise

Form = Literal["readwise", "hypothesis", "kindle"]
FORMS: tuple[Form, ...] = get_args(Form)
Read = tuple[list[Clipping], list[str]]

MOST_BYTES = 64 * 2**20
MOST_CLIPPINGS = 200_000


def read_clippings(data: bytes, *, name: str, form: Form | None = None) -> tuple[tuple[Clipping, ...], tuple[str, ...]]:
    """→ (highlights, why the others are none). FileError if the file is of no known form, or too large.

    `hypothesis` also reads W3C Web Annotations, our own among them.
    """
    if len(data) > MOST_BYTES:
        raise FileError(f"{name} is larger than {MOST_BYTES // 2**20} MiB: split it")
    text = _text(data, name)
    readers: dict[Form, Callable[[str], Read]] = {"readwise": readwise, "hypothesis": hypothesis, "kindle": kindle}
    try:
        found, skipped = readers[form or _form(text, name)](text)
    except ValueError as error:
        raise FileError(f"{name}: {error}") from error
    if len(found) > MOST_CLIPPINGS:
        raise FileError(f"{name} has more than {MOST_CLIPPINGS:,} highlights: split it")
    return tuple(dict.fromkeys(found)), tuple(skipped)


def _text(data: bytes, name: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileError(f"{name} is not UTF-8") from error


def _form(text: str, name: str) -> Form:
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        return "hypothesis"
    if "\n==========" in text:
        return "kindle"
    if "highlight" in start.partition("\n")[0].lower():
        return "readwise"
    raise FileError(f"{name} is neither Readwise's CSV nor JSON of Hypothesis nor a Kindle's My Clippings.txt")
