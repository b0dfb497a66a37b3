"""Text → text that compares equal where a reader sees the same word; one character in, one out, so offsets stay true.

Full-width Latin becomes ASCII, traditional Chinese simplified, capitals small. The search index, the taxonomy and the
anchoring of highlights all fold in this one way.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from unicodedata import normalize

VERSION = "1"
"""Goes up when `fold` or `spaced` change: the search index is then made anew."""


_FOREIGN = re.compile("[\u3000-\U0010ffff]")
"""The table has nothing below it."""


def fold(text: str) -> str:
    """The folded form, with `len(fold(text)) == len(text)`."""
    if text.isascii():
        return text.lower()
    # Many texts have nothing that the table knows, and translating is slow.
    low = (text.translate(_table()) if _FOREIGN.search(text) else text).lower()
    if len(low) == len(text):
        return low
    # A few capitals grow when lowered (İ): those stay as they are.
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text.translate(_table()))


def plain(text: str) -> str:
    """Folded and without accents, character for character: as the search index compares Latin words."""
    folded = fold(text)
    return folded if folded.isascii() else folded.translate(_unaccented())


def bare(text: str) -> str:
    """Folded, and without what people write or leave out within a name: blanks, hyphens, middle dots."""
    return re.sub(r"[ \t\-_·]+", "", fold(text))


def spaced(folded: str) -> str:
    """Folded text with every Chinese or Japanese character a word of its own, as the search index wants it.

    SQLite's `unicode61` takes a run of Chinese for one word and `trigram` misses words of two characters; single
    characters and phrases of them find every word and invent none.
    """
    return folded if folded.isascii() else folded.translate(_spacing())


def indexed(text: str) -> str:
    """`spaced(fold(text))` in one pass, for the many texts that go into the index."""
    if text.isascii():
        return text.lower()
    return spaced(fold(text)) if "İ" in text else text.translate(_folding_and_spacing()).lower()


def is_ideograph(char: str) -> bool:
    """True for Han characters and kana, which are written without spaces between words."""
    return (
        "぀" <= char <= "ヿ"
        or "㐀" <= char <= "䶿"
        or "一" <= char <= "鿿"
        or "豈" <= char <= "﫿"
        or char >= "\U00020000"
    )


class _Spaced(dict[int, str]):
    """For `str.translate`, which asks once a character and remembers nothing else."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = f" {char} " if is_ideograph(char) else char
        return self[point]


class _Unaccented(dict[int, str]):
    """For `str.translate`; Latin letters only, for in Korean and Japanese the marks are part of the letter."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = normalize("NFD", char)[0] if "À" <= char <= "ɏ" or "Ḁ" <= char <= "ỿ" else char
        return self[point]


@cache
def _unaccented() -> _Unaccented:
    return _Unaccented()


@cache
def _spacing() -> _Spaced:
    return _Spaced()


@cache
def _folding_and_spacing() -> _Spaced:
    return _Spaced({point: spaced(chr(to) if isinstance(to, int) else to) for point, to in _table().items()})


@cache
def _table() -> dict[int, str]:
    # The Han pairs come from OpenCC (Apache-2.0) through scripts/make_fold_table.py. They are shipped as data, not
    # taken from the library at run time, because a new release of it would silently part the index from the queries.
    old, new = files(__package__).joinpath("fold_han.txt").read_text(encoding="utf-8").splitlines()
    table = dict(zip(map(ord, old), new, strict=True))
    table |= {0xFF01 + i: chr(0x21 + i) for i in range(94)}
    table[0x3000] = " "
    return table
