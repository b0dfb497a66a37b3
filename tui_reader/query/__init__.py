"""The query language of the search box, the filters, the saved views and the command line: text → View, and back.

    query  = all ("or" all)…            or, OR: one side or the other
    all    = term term …                side by side: all of them; AND between them says the same
    term   = -term | NOT term | (query) | near(word word, 5) | name:value | "phrase" | word

Full-width （ ） ： － “ ” 「 」 『 』 mean the same as their ASCII twins, and ， 、 ； 。 part words as a blank does.
Companies, topics and feeds stay as they were typed: only the store knows which ones there are.
"""

from tui_reader.query.completion import complete, word_at
from tui_reader.query.dates import DAY_FORMS, parse_day
from tui_reader.query.grammar import CHOICES, DATE_FIELDS, FIELDS, parse_query
from tui_reader.query.writing import describe, format_query, words_of

__all__ = [
    "CHOICES",
    "DATE_FIELDS",
    "DAY_FORMS",
    "FIELDS",
    "complete",
    "describe",
    "format_query",
    "parse_day",
    "parse_query",
    "word_at",
    "words_of",
]
