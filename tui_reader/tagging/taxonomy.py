"""The taxonomy: companies, topics and groups of words, read from TOML and checked.

Lists are written as one string with commas, which may go on over lines, because a hundred lines of quoted words are
hard to read and slow to parse.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from tui_reader.errors import TaxonomyError
from tui_reader.fold import bare
from tui_reader.model import Alias
from tui_reader.tagging.learned import NOTHING_LEARNED, Learned, read_weights

RULES = "6"
"""Goes up when the code of the tagger changes what it finds."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company, lab, university, authority or other body. What its lists mean: see companies.toml."""

    slug: str
    name: str
    zh: str = ""
    kind: str = "company"
    country: str = ""
    names: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of stories. What its lists mean: see topics.toml."""

    slug: str
    name: str
    zh: str = ""
    cues: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taxonomy:
    companies: dict[str, Company]
    topics: dict[str, Topic]
    words: dict[str, tuple[str, ...]]
    """Named groups of words, for the pairs of topics and for the context of weak names."""
    version: str
    """Changes whenever data or rules change: tags made under another version are stale."""
    learned: Learned = NOTHING_LEARNED
    """What the wording of an entry says about its topics."""

    def name(self, slug: str) -> str:
        """For display; the slug itself if it is unknown."""
        entry = self.companies.get(slug) or self.topics.get(slug)
        return entry.name if entry else slug

    def aliases(self, slug: str) -> tuple[str, ...]:
        """What a search for the slug should look for: every name and product that stands for it by itself.

        Empty for topics and unknown slugs.
        """
        company = self.companies.get(slug)
        return _unique((*company.names, *company.products)) if company else ()

    def search_names(self) -> tuple[Alias, ...]:
        """Every name and product with its slug, and what a search for it should also look for.

        Names of one thing (see same.toml) mean each other. A name of the company itself, or the beginning of one, means
        all that is tagged so; a product means no more than itself.
        """
        same = {
            bare(name): tuple(other for other in group if other != name)
            for company in self.companies.values()
            for group in _groups(company)
            for name in group
        }
        own = {slug: _own_names(company) for slug, company in self.companies.items()}
        return tuple(
            Alias(
                key,
                "company" if slug in self.companies else "topic",
                slug,
                widens=key not in same and key in own.get(slug, ()),
                same=same.get(key, ()),
            )
            for key, slug in self._by_key.items()
        )

    def find(self, text: str) -> str | None:
        """The slug that a person means by a slug, a name or a product, in any case and script."""
        return self._by_key.get(bare(text)) if text.strip() else None

    def nearest(self, text: str) -> str | None:
        """The slug whose slug or name is most like a mistyped one, None if none is like it."""
        close = difflib.get_close_matches(bare(text), self._by_key, n=1, cutoff=0.6)
        return self._by_key[close[0]] if close else None

    @cached_property
    def _by_key(self) -> dict[str, str]:
        # Slugs go before display names and those before aliases, where two are alike. Made only when asked for,
        # because tagging needs none of it.
        entries: tuple[Company | Topic, ...] = (*self.companies.values(), *self.topics.values())
        pairs = [(entry.slug, entry.slug) for entry in entries]
        pairs += [(name, entry.slug) for entry in entries for name in (entry.name, entry.zh) if name]
        for role in ("names", "products", "weak", "platforms", "tickers", "vague"):
            pairs += [(alias, company.slug) for company in self.companies.values() for alias in getattr(company, role)]
        pairs += [
            (name, company.slug) for company in self.companies.values() for group in _groups(company) for name in group
        ]
        found: dict[str, str] = {}
        for key, (_, slug) in zip(_keys(text for text, _ in pairs), pairs, strict=True):
            found.setdefault(key, slug)
        return found


def load_taxonomy(extra: Path | None = None) -> Taxonomy:
    """The bundled taxonomy, extended by a file of the reader's own.

    That file has tables `[companies.<slug>]`, `[topics.<slug>]` and `[words]`. An entry with a known slug adds to it
    (and replaces its name), `mute = true` drops it. Raises TaxonomyError, which names file and entry.
    """
    here = files(__package__)
    sources = [(name, here.joinpath(name).read_bytes()) for name in ("companies.toml", "same.toml", "topics.toml")]
    if extra is not None:
        try:
            sources.append((str(extra), extra.read_bytes()))
        except OSError as error:
            raise TaxonomyError(f"{extra}: cannot be read: {error.strerror}") from error
    raw: _Raw = {"companies": {}, "topics": {}, "words": {}}
    digest = hashlib.sha256(RULES.encode())
    for file, data in sources:
        digest.update(data)
        for section, entries in _parse(file, data).items():
            _merge(raw, section, entries, _Source(file, data))
    weights = here.joinpath("topic_weights.txt").read_bytes()
    digest.update(weights)
    learned = read_weights(weights.decode("utf-8"), hashlib.sha256(weights).hexdigest()[:10])
    return replace(_build(raw, digest.hexdigest()[:10]), learned=learned)


class _Source(NamedTuple):
    """A file, which says where in it something stands."""

    file: str
    data: bytes

    def line(self, table: str, key: str = "") -> int:
        """Of a key of a table, else of the table; 1 if it is written in a way that is not looked for."""
        found, within = 1, False
        for number, line in enumerate(self.data.decode("utf-8").split("\n"), 1):
            if header := re.match(r"\s*\[([^\]]+)\]", line):
                within = re.sub(r"[\s\"']", "", header[1]) == table
                found = number if within else found
            elif within and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return number
        return found

    def error(self, table: str, key: str, problem: str) -> TaxonomyError:
        entry = f"{table}: {key}: {problem}" if key else f"{table}: {problem}"
        return TaxonomyError(f"{self.file}, line {self.line(table, key)}: {entry}")


class _Where(NamedTuple):
    """The entry that a mistake is in."""

    source: _Source
    table: str

    def error(self, problem: str, *, key: str = "") -> TaxonomyError:
        return self.source.error(self.table, key, problem)


def _own_names(company: Company) -> frozenset[str]:
    """Keys of what names the company itself: its names, and the doubtful ones that one of them begins with."""
    names = tuple(_keys((company.name, company.zh or company.name, *company.names)))
    short = (key for key in _keys(company.weak) if key and any(name.startswith(key) for name in names))
    return frozenset((*names, *short))


def _groups(company: Company) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(name.strip() for name in group.split("=")) for group in company.same)


_Raw = dict[str, dict[str, dict[str, Any]]]
"""section → slug → key → value; the key `where` holds the file that spoke last."""

_CLASSES: dict[str, type] = {"companies": Company, "topics": Topic}
_KEYS = {section: [field.name for field in fields(noun)[1:]] for section, noun in _CLASSES.items()}
_TEXTS = {"companies": ("name", "zh", "kind", "country"), "topics": ("name", "zh")}


def _parse(file: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{file}: is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        # A slug written twice ends here too: TOML does not allow a table to be opened again.
        raise TaxonomyError(f"{file}: {error}") from error


def _merge(raw: _Raw, section: str, entries: Any, source: _Source) -> None:
    if section not in raw or not isinstance(entries, dict):
        raise TaxonomyError(f"{source.file}: unknown section [{section}]{_hint(section, raw)}")
    known = raw[section]
    for slug, value in entries.items():
        if section == "words":
            words = known.setdefault(slug, {"": ()})
            words[""] += _words(value, _Where(source, section), slug)
            continue
        where = _Where(source, f"{section}.{slug}")
        entry = _checked(value, section, where)
        if entry.pop("mute", False):
            known.pop(slug, None)
            continue
        if any(slug in raw[other] for other in _CLASSES if other != section):
            raise where.error("is both a company and a topic")
        old = known.setdefault(slug, {})
        for key, new in entry.items():
            old[key] = _unique((*old.get(key, ()), *new)) if isinstance(new, tuple) else new
        old["where"] = where
        if not old.get("name"):
            raise where.error("has no name")


def _checked(value: Any, section: str, where: _Where) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise where.error("must be a table")
    known = _KEYS[section]
    entry: dict[str, Any] = {}
    for key, content in value.items():
        if key == "mute" and isinstance(content, bool):
            entry[key] = content
        elif key not in known:
            raise where.error(f"unknown key {key}{_hint(key, known)}", key=key)
        elif key not in _TEXTS[section]:
            entry[key] = _words(content, where, key)
        elif isinstance(content, str):
            entry[key] = content
        else:
            raise where.error("must be a string", key=key)
    return entry


def _words(value: Any, where: _Where, key: str) -> tuple[str, ...]:
    if not isinstance(value, str):
        raise where.error("must be one string with commas", key=key)
    joined = " ".join(re.sub(r"\|\n\s*", "|", value).split())
    words = _unique(word for part in joined.split(",") if (word := part.strip()))
    for word in words:
        if "*" in word and (word == "*" or re.search(r"\*(?!$|\||\s*\+)", word)):
            raise where.error(f"{word}: a star may only end a word or phrase", key=key)
    return words


def _hint(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _build(raw: _Raw, version: str) -> Taxonomy:
    where: dict[str, _Where] = {
        slug: entry.pop("where") for section in _CLASSES for slug, entry in raw[section].items()
    }
    words = {group: entry[""] for group, entry in raw["words"].items()}
    companies = {slug: Company(slug=slug, **entry) for slug, entry in raw["companies"].items()}
    topics = {slug: Topic(slug=slug, **entry) for slug, entry in raw["topics"].items()}
    _check_names(companies, where)
    _check_around(companies, words, where)
    _check_topics(topics, words, where)
    return Taxonomy(companies, topics, words, version)


def _check_names(companies: dict[str, Company], where: dict[str, _Where]) -> None:
    everyday = frozenset(files(__package__).joinpath("everyday.txt").read_text(encoding="utf-8").split())
    owner: dict[str, str] = {}
    for key, alias, slug, role in _aliases(companies, "names", "products"):
        if owner.setdefault(key, slug) != slug:
            raise where[slug].error(f"{alias} already stands for {owner[key]}", key=role)
        if alias.lower() in everyday:
            raise where[slug].error(f"{alias} is an everyday word: put it under weak or vague", key=role)
    for key, phrase, slug, role in _aliases(companies, "never"):
        if owner.get(key, slug) != slug:
            raise where[slug].error(f"{phrase} stands for {owner[key]}", key=role)
    for key, alias, slug, role in _aliases(companies, "weak", "vague"):
        other = companies[owner.setdefault(key, slug)]
        if other.slug != slug and not (_has_context(companies[slug]) and _has_context(other)):
            raise where[slug].error(f"{alias} may mean {other.slug} too: near must tell them apart", key=role)


def _aliases(companies: dict[str, Company], *roles: str) -> list[tuple[str, str, str, str]]:
    """(key, alias, slug, role)."""
    found = [
        (alias, slug, role) for slug, company in companies.items() for role in roles for alias in getattr(company, role)
    ]
    return [(key, *each) for key, each in zip(_keys(alias for alias, _, _ in found), found, strict=True)]


def _has_context(company: Company) -> bool:
    return bool(company.near or company.around or company.against)


def _check_around(companies: dict[str, Company], words: dict[str, tuple[str, ...]], where: dict[str, _Where]) -> None:
    for slug, company in companies.items():
        for group in company.around:
            if group not in words:
                raise where[slug].error(f"{group}: no such group{_hint(group, words)}", key="around")


def _check_topics(topics: dict[str, Topic], words: dict[str, tuple[str, ...]], where: dict[str, _Where]) -> None:
    for slug, topic in topics.items():
        for pair in topic.pairs:
            sides = [side.strip().split("|") for side in pair.split("+")]
            if len(sides) != 2 or not all(word for side in sides for word in side):
                raise where[slug].error(f"{pair}: a pair is written left + right", key="pairs")
            for group in re.findall(r"@([^|+\s]+)", pair):
                if group not in words:
                    raise where[slug].error(f"@{group}: no such group{_hint(group, words)}", key="pairs")


def _keys(texts: Iterable[str]) -> list[str]:
    # One call for all, because folding has a cost per call.
    return bare("\n".join(texts)).split("\n")


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
