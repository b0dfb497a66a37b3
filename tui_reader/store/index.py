"""The full-text index: what goes in, and how words of a query are written for it (SQLite FTS5).

The index keeps no copy of the text, so that taking an entry out needs its old text, folded exactly as it went in:
`fold.VERSION` is kept with the index, and another version makes it anew.
"""

from __future__ import annotations

import re

from tui_reader.fold import VERSION, fold, indexed, plain, spaced

from .database import Database, stem

_WORD = re.compile(r"[^\W_]+")
_SHORT = 4
"""Latin words shorter than this are not extended to longer ones: `ai` must not find `aim`."""


_ENDING = re.compile(r"(?<=[a-z]{3})(?:ations?|ings?|i?ed|ies|es|s|ers?|ly|y|e)$")
_LONE_E, _Y, _ANY = "(?:es|ed|ers?|ing|e)", "(?:ies|ied|ying|y)", "(?:es|s|ed|ers?|e|ings?|ly|ations?)?"
"""What may stand in place of an ending: apple and apples are one word, apple and apply are two."""


class Index:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry_id: int, *, title: str, text: str, author: str) -> None:
        self._database.run(
            "INSERT INTO search (rowid, title, body, author) VALUES (?, ?, ?, ?)",
            (entry_id, *_indexed(title, text, author)),
        )

    def replace(self, entry_id: int, *, old: tuple[str, str, str], new: tuple[str, str, str]) -> None:
        """Title, text and author: as they were when they went in, and as they are now."""
        self._database.run(
            "INSERT INTO search (search, rowid, title, body, author) VALUES ('delete', ?, ?, ?, ?)",
            (entry_id, *_indexed(*old)),
        )
        self.add(entry_id, title=new[0], text=new[1], author=new[2])

    def current(self) -> bool:
        """False if the index was folded by other rules than today's."""
        made_with = self._database.value("SELECT value FROM meta WHERE key = 'fold'")
        return made_with == VERSION or (made_with is None and not self._database.value("SELECT count(*) FROM entries"))

    def rebuild(self) -> int:
        """Make the index anew. → how many entries are in it."""
        with self._database.writing():
            self._database.run("INSERT INTO search (search) VALUES ('delete-all')")
            ids = self._database.column("SELECT entries.id FROM entries JOIN versions ON versions.id = version_id")
            # One by one: all texts together need not fit into memory.
            for entry_id in ids:
                row = self._database.row(
                    "SELECT entries.title, versions.text, author FROM entries "
                    "JOIN versions ON versions.id = version_id WHERE entries.id = ?",
                    (entry_id,),
                )
                assert row is not None
                self.add(entry_id, title=row["title"], text=row["text"], author=row["author"])
            self.remember()
        return len(ids)

    def remember(self) -> None:
        self._database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('fold', ?)", (VERSION,))


def match_words(text: str, *, phrase: bool) -> str:
    """Words of a query as an FTS5 string, "" if nothing in them can be searched.

    What stands together in the query (`发布Qwen3`, `GPT-5`) stands together in the text. Unless it is a phrase, the
    last Latin word also finds longer words.
    """
    words = _WORD.findall(spaced(fold(text)))
    if not words:
        return ""
    return '"' + " ".join(words) + ('"*' if not phrase and _extends(words[-1]) else '"')


def word_pattern(text: str, *, phrase: bool) -> str:
    """What `match_words` finds, as a regular expression over `plain` text: to mark it, or where there is no index.

    Nearly: for English words it knows the common endings, not all that stemming knows.
    """
    words = _WORD.findall(spaced(plain(text)))
    if not words:
        return re.escape(plain(text))
    before = r"(?<![a-z0-9])" if words[0].isascii() else ""
    after = r"(?![a-z0-9])" if words[-1].isascii() and (phrase or not _extends(words[-1])) else ""
    return before + r"[\W_]*".join(map(_inflected, words)) + after


def _extends(word: str) -> bool:
    """Not what stemming shortens: the index would take apple for the beginning of application."""
    return word.isascii() and len(word) >= _SHORT and not word.isdigit() and stem(word) == word


def _inflected(word: str) -> str:
    """The word with whatever ending."""
    if not (word.isascii() and word.isalpha()):
        return re.escape(word)
    ending = _ENDING.search(word) if len(word) > _SHORT else None
    if ending is None:
        return word + _ANY
    beginning, cut = word[: ending.start()], ending.group()
    if cut in ("y", "ies", "ied"):
        return beginning + _Y
    if cut == "e":
        return beginning + _LONE_E
    if beginning[-1] == beginning[-2] and len(beginning) >= _SHORT:
        # runn-ing
        return f"{beginning[:-1]}(?:{beginning[-1]}?{_ANY})"
    return beginning + _ANY


def _indexed(title: str, text: str, author: str) -> tuple[str, str, str]:
    return indexed(title), indexed(text), indexed(author)
