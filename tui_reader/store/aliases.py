"""What people call companies and topics: names → slugs, and what a search for a name also looks for.

The names come from the taxonomy with each refresh, so that no search has to load it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from tui_reader.errors import QueryError
from tui_reader.fold import bare, fold
from tui_reader.model import Alias, And, Expansion, Field, Or, Term, Words

from .database import Database
from .tags import Tags

_LONGEST = 4
"""Words that one name may have in a query: Moonshot AI, Big Bear Research Institute."""


@dataclass(frozen=True, slots=True)
class Expanded:
    term: Term | None
    used: tuple[Expansion, ...] = ()


class Aliases:
    def __init__(self, database: Database, tags: Tags) -> None:
        self._database = database
        self._tags = tags
        self._bundled: dict[str, dict[str, str]] = {}

    def expand(self, term: Term | None) -> Expanded:
        """The term with what its words also mean.

        A name stands for itself, for other names of the same thing, or, where it names a company as a whole, for all
        that is tagged with it. Not so in quotes, and not behind a minus: that would take away more than was asked.
        """
        keys = tuple({bare(text) for text in _candidates(term)} - {""}) if term else ()
        known = self._find(keys) if keys else {}
        if not known or term is None:
            return Expanded(term)
        used: list[Expansion] = []
        return Expanded(_widened(term, known, used), tuple(dict.fromkeys(used)))

    def slug(self, field: Field) -> str:
        """Of what a reader calls a company or topic. Raises QueryError, with the nearest right word."""
        text = field.value.lower()
        if self._tags.known(field.name, text):
            return text
        key = bare(field.value)
        found = self._database.value("SELECT slug FROM aliases WHERE key = ? AND kind = ?", (key, field.name))
        if found is None:
            everything = self._all(field.name)
            if key not in everything:
                raise unknown_value(field, everything, what=field.name)
            found = everything[key]
        return str(found)

    def tag(self, text: str) -> tuple[str, str]:
        """(kind, slug) of what a person calls so: a company, a topic, or a label, which need not be there yet.

        A slug goes before a label, and that before other names (Qwen). `company:`, `topic:` or `tag:` before the name
        settles it. Raises QueryError for a company or topic that nobody knows, and for no name at all.
        """
        said, _, named = text.partition(":")
        kind, name = (said, named) if said in ("company", "topic", "tag") else ("", text)
        name = " ".join(name.split())
        if not name:
            raise QueryError(f"no name of a tag in '{text[:40]}'", offset=0)
        if kind in ("company", "topic"):
            return kind, self.slug(Field(kind, name))
        label = next((each for each in self._tags.labels() if fold(each) == fold(name)), "")
        found = None if kind else self._company_or_topic(name, only_slugs=bool(label))
        return found or ("label", label or name)

    def names(self, kind: str) -> tuple[str, ...]:
        """What can be said for a company or topic: all slugs first, then names in Chinese."""
        keys = self._all(kind)
        return (*sorted(set(keys.values())), *sorted(key for key in keys if not key.isascii()))

    def named_like(self, words: str) -> frozenset[tuple[str, str]]:
        """(kind, slug) of the companies and topics of which one name has these words in it."""
        rows = self._database.rows("SELECT DISTINCT kind, slug FROM aliases WHERE instr(key, ?)", (bare(words),))
        return frozenset((row["kind"], row["slug"]) for row in rows)

    def _find(self, keys: Sequence[str]) -> dict[str, Alias]:
        rows = self._database.rows(
            "SELECT * FROM aliases WHERE key IN (SELECT value FROM json_each(?)) AND (widens OR same != '[]')",
            (json.dumps(keys),),
        )
        return {
            row["key"]: Alias(
                row["key"], row["kind"], row["slug"], widens=bool(row["widens"]), same=tuple(json.loads(row["same"]))
            )
            for row in rows
        }

    def _company_or_topic(self, name: str, *, only_slugs: bool) -> tuple[str, str] | None:
        for kind in ("company", "topic"):
            slug = self._all(kind).get(bare(name))
            if slug and (slug == name.lower() or not only_slugs):
                return kind, slug
        return None

    def _all(self, kind: str) -> dict[str, str]:
        """Key → slug."""
        rows = self._database.rows("SELECT key, slug FROM aliases WHERE kind = ?", (kind,))
        if rows:
            return {row["key"]: row["slug"] for row in rows}
        if kind not in self._bundled:
            # Nothing was ever refreshed here. Loaded only now, for it takes longer than most commands.
            from tui_reader.tagging import load_taxonomy

            names = load_taxonomy().search_names()
            self._bundled[kind] = {alias.key: alias.slug for alias in names if alias.kind == kind}
        return self._bundled[kind]


def unknown_value(field: Field, choices: Mapping[str, str], *, what: str) -> QueryError:
    """The error for a value that nothing in the store has.

    It proposes the choice whose key (see `bare`) is most like it; where none is, it lists the first ones.
    """
    parts = re.split("[,|/]", field.value)
    if len(parts) > 1 and all(bare(part) in choices for part in parts):
        hint = f"({' or '.join(f'{field.name}:{part}' for part in parts)})"
        return QueryError(
            f"{field.name}: at {field.at} takes one value: did you mean {hint}?", offset=field.at, hint=hint
        )
    nearest = _nearest(bare(field.value), choices)
    if nearest:
        return proposing(field, nearest)
    first = [value[:30] for value in islice(dict.fromkeys(choices.values()), 5)]
    some = f"; there are {', '.join(first)}{' …' if len(first) == 5 else ''}" if first else ""
    return QueryError(f"{field.name}:{field.value[:40]} at {field.at}: no such {what}{some}", offset=field.at)


def proposing(field: Field, value: str) -> QueryError:
    """The error that knows what was meant."""
    hint = f'{field.name}:"{value}"' if " " in value else f"{field.name}:{value}"
    return QueryError(f"{field.name}:{field.value[:40]}: did you mean {hint}?", offset=field.at, hint=hint)


def _nearest(key: str, choices: Mapping[str, str]) -> str:
    """The choice whose key, or the beginning of it, is most like this one; "" if none is like it."""
    from difflib import SequenceMatcher  # only mistakes pay for it

    matcher = SequenceMatcher(b=key)

    def likeness(text: str) -> float:
        if not text.isascii() and text.startswith(key[:2]):
            # The first two Chinese characters say as much as a Latin word does.
            return 0.7
        matcher.set_seq1(text)
        return matcher.ratio()

    # Hardly anybody mistypes the first letter, and comparing with all names would be felt while somebody types.
    near = [each for each in choices if each[:1] == key[:1]]
    scored = [(max(likeness(each), likeness(each[: len(key) + 1])), each) for each in near]
    best = max(scored, default=(0.0, ""))
    return choices[best[1]] if best[0] >= 0.7 else ""


# --- terms -----------------------------------------------------------------------------------------------------------


def _candidates(term: Term) -> Iterator[str]:
    """Every word and run of words that may be a name."""
    match term:
        case Words(text, False):
            yield text
        case And(terms):
            for start, end in _runs(terms):
                yield _joined(terms[start:end])
            for each in terms:
                yield from _candidates(each)
        case Or(terms):
            for each in terms:
                yield from _candidates(each)


def _widened(term: Term, known: dict[str, Alias], used: list[Expansion]) -> Term:
    match term:
        case Words(text, False):
            return _with_others(term, text, known, used)
        case And(terms):
            parts: list[Term] = []
            at = 0
            while at < len(terms):
                end = next((end for start, end in _runs(terms, at) if bare(_joined(terms[start:end])) in known), 0)
                if end:
                    parts.append(_with_others(And(terms[at:end]), _joined(terms[at:end]), known, used))
                else:
                    parts.append(_widened(terms[at], known, used))
                at = end or at + 1
            return parts[0] if len(parts) == 1 else And(tuple(parts))
        case Or(terms):
            return Or(tuple(_widened(each, known, used) for each in terms))
    return term


def _with_others(term: Term, text: str, known: dict[str, Alias], used: list[Expansion]) -> Term:
    alias = known.get(bare(text))
    if alias is None:
        return term
    others: tuple[Term, ...] = tuple(Words(name) for name in alias.same)
    if alias.widens:
        others = (*others, Field(alias.kind, alias.slug))
    used.append(Expansion(text, alias.same, alias.slug if alias.widens else ""))
    return Or((term, *others))


def _runs(terms: Sequence[Term], at: int | None = None) -> Iterator[tuple[int, int]]:
    """(start, end) of words side by side, two to four of them; the longest first. `at`: only those that start there."""
    for start in range(len(terms)) if at is None else (at,):
        words = takewhile(lambda term: isinstance(term, Words) and not term.phrase, terms[start : start + _LONGEST])
        for length in range(len(tuple(words)), 1, -1):
            yield start, start + length


def _joined(terms: Sequence[Term]) -> str:
    return " ".join(each.text for each in terms if isinstance(each, Words))
