"""Where our part of a file is: between two marker lines. All outside of them is the reader's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_reader.errors import FileError

BEGIN = "<!-- tui-reader:begin -->"
END = "<!-- tui-reader:end -->"
# Logseq makes every paragraph an item of a list.
_LINE = r"(?m)^(?:- )?{}(?=[ \t]*\r?$)"


@dataclass(frozen=True, slots=True)
class Fenced:
    before: str
    ours: str
    """With the marker lines, but for the white space around them."""
    after: str

    @property
    def line_end(self) -> str:
        return "\r\n" if self.ours.split("\n", 1)[0].endswith("\r") else "\n"


def fenced(body: str) -> Fenced:
    """Raises FileError if it is not clear what is ours."""
    begins, ends = (list(re.finditer(_LINE.format(re.escape(each)), body)) for each in (BEGIN, END))
    if len(begins) != 1 or len(ends) != 1 or begins[0].start() > ends[0].start():
        raise FileError(_complaint(len(begins), len(ends)))
    start, end = begins[0].start(), ends[0].end()
    return Fenced(body[:start], body[start:end], body[end:])


def without_markers(markdown: str) -> str:
    """Text for the inside of our part, none of whose lines is a marker."""
    return re.sub(rf"(?m)^((?:- )?)(?=(?:{re.escape(BEGIN)}|{re.escape(END)})[ \t]*$)", r"\1\\", markdown)


def with_markers(markdown: str) -> str:
    """What `without_markers` made of it, turned back."""
    return re.sub(rf"(?m)^((?:- )?)\\(?=(?:{re.escape(BEGIN)}|{re.escape(END)})[ \t]*$)", r"\1", markdown)


def _complaint(begins: int, ends: int) -> str:
    if begins == ends == 0:
        return (
            f"a file of your own, or without its marker lines: put {BEGIN} and {END} on lines of their own where the "
            "highlights shall stand, or move the file away"
        )
    return (
        f"its marker lines are damaged: {BEGIN} stands there {begins} times and {END} {ends} times, "
        "instead of once each and in this order; mend them, or move the file away"
    )
