"""What may be typed next in a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_reader.query.dates import DATE_WORDS
from tui_reader.query.grammar import CHOICES, DATE_FIELDS, FIELDS, QUOTES, TOKEN, WORD
from tui_reader.query.writing import quoted_unless


def word_at(text: str, cursor: int) -> str:
    """What of the word at the cursor lies before it: the part that a completion replaces. May be ""."""
    tokens = list(TOKEN.finditer(text[:cursor]))
    return tokens[-1].group() if tokens and tokens[-1].lastgroup in {"field", "word"} else ""


def complete(text: str, cursor: int, *, values: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What may stand in place of `word_at(text, cursor)`: fields by their beginning, values also by their middle.

    `values` has the known values of a field, such as the slugs of the companies.
    """
    word = word_at(text, cursor)
    last = TOKEN.match(word)
    if last is None:
        return ()
    if last["name"] is None:
        starts = (*(f"{name}:" for name in FIELDS + DATE_FIELDS), "near(")
        return tuple(start for start in starts if start.startswith(word.lower()))
    name, typed = last["name"].lower(), (last["value"] or "").strip("".join((*QUOTES, *QUOTES.values()))).casefold()
    options = CHOICES.get(name) or values.get(name) or (DATE_WORDS if name in DATE_FIELDS else ())
    found = [option for option in options if typed in option.casefold()]
    found.sort(key=lambda option: not option.casefold().startswith(typed))
    return tuple(whole for option in found if (whole := f"{name}:{quoted_unless(WORD, option)}") != word)
