"""The taxonomy: companies, topics and words of context, read from TOML and checked.

Lists are written as one string with commas, because a hundred lines of quoted words are hard to read and slow to parse.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from tui_reader.errors import TaxonomyError
from tui_reader.fold import fold

RULES = "1"
"""Goes up when the code of the tagger changes what it finds."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company, lab, university, regulator or other body. What its word lists mean: see companies.toml."""

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
    near: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of stories. What its word lists mean: see topics.toml."""

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
    def name(self, slug: str) -> str:
        """For display; the slug itself if it is unknown."""
        entry = self.companies.get(slug) or self.topics.get(slug)
        return entry.name if entry else slug

    def names(self) -> dict[tuple[str, str], str]:
        """(kind, slug) → what it is called, for all."""
        companies = {("company", slug): company.name for slug, company in self.companies.items()}
        return companies | {("topic", slug): topic.name for slug, topic in self.topics.items()}

    def aliases(self, slug: str) -> tuple[str, ...]:
        """What a search for the slug should look for: every name and product that stands for it by itself.

        Empty for topics and unknown slugs.
        """
        company = self.companies.get(slug)
        return _unique((*company.names, *company.products)) if company else ()

    @cached_property
    def _index(self) -> dict[str, str]:
        return _index(self.companies.values(), self.topics.values())

    def find(self, text: str) -> str | None:
        """The slug that a person means by a slug, a name, or a product, in any case and script."""
        return self._index.get(_plain(text))

    def nearest(self, text: str) -> str | None:
        """The slug whose slug or name is most like a mistyped one, None if none is like it."""
        close = difflib.get_close_matches(_plain(text), self._index, n=1, cutoff=0.6)
        return self._index[close[0]] if close else None


def load_taxonomy(extra: Path | None = None) -> Taxonomy:
    """The bundled taxonomy, extended by a file of the reader's own.

    That file has tables `[companies.<slug>]`, `[topics.<slug>]` and `[words]`. An entry with a known slug adds to it
    (and replaces its name), `mute = true` drops it. Raises TaxonomyError, which names file and entry.
    """
    here = files(__package__)
    sources = [(name, here.joinpath(name).read_bytes()) for name in ("companies.toml", "topics.toml")]
    raw: dict[str, dict[str, dict[str, Any]]] = {"companies": {}, "topics": {}, "words": {}}
    for name, data in sources:
        _merge(raw, _parse(name, data), name)
    if extra is not None:
        try:
            data = extra.read_bytes()
        except OSError as error:
            raise TaxonomyError(f"{extra}: cannot be read: {error.strerror}") from error
        sources.append((str(extra), data))
        _merge(raw, _parse(str(extra), data), str(extra))
    return _build(raw, _version(data for _, data in sources), sources[-1][0])


def _parse(name: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{name}: is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        # A slug written twice ends here too: TOML does not allow a table to be opened again.
        raise TaxonomyError(f"{name}: {error}") from error


def _merge(raw: dict[str, dict[str, dict[str, Any]]], new: dict[str, Any], file: str) -> None:
    for section, entries in new.items():
        if section not in raw:
            raise TaxonomyError(f"{file}: unknown section [{section}]{_hint(section, raw)}")
        for slug, entry in entries.items():
            where = f"{file}: {section}.{slug}"
            if section == "words":
                raw[section].setdefault(slug, {"": ()})[""] += _words(entry, where)
            else:
                _merge_entry(raw[section], slug, _entry(entry, section, where), where)


def _merge_entry(known: dict[str, dict[str, Any]], slug: str, entry: dict[str, Any], where: str) -> None:
    if entry.pop("mute", False):
        known.pop(slug, None)
        return
    old = known.setdefault(slug, {"where": where})
    for key, value in entry.items():
        old[key] = old.get(key, ()) + value if isinstance(value, tuple) else value
    old["where"] = where
    if not old.get("name"):
        raise TaxonomyError(f"{where}: has no name")


def _entry(entry: Any, section: str, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise TaxonomyError(f"{where}: must be a table")
    lists = _list_keys(section)
    checked: dict[str, Any] = {}
    for key, value in entry.items():
        if key in lists:
            checked[key] = _words(value, f"{where}: {key}")
        elif key == "mute" and isinstance(value, bool):
            checked[key] = value
        elif key in _TEXT_KEYS[section] and isinstance(value, str):
            checked[key] = value
        else:
            raise TaxonomyError(f"{where}: unknown key or wrong type: {key}{_hint(key, lists)}")
    return checked


_TEXT_KEYS = {"companies": ("name", "zh", "kind", "country"), "topics": ("name", "zh")}
_CLASSES: dict[str, type] = {"companies": Company, "topics": Topic}


def _list_keys(section: str) -> tuple[str, ...]:
    return tuple(f.name for f in fields(_CLASSES[section]) if f.name not in ("slug", *_TEXT_KEYS[section]))


def _words(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, str):
        raise TaxonomyError(f"{where}: must be one string with commas")
    words = _unique(word for part in value.split(",") if (word := " ".join(part.split())))
    for word in words:
        if "*" in word[:-1] and "|" not in word or word == "*":
            raise TaxonomyError(f"{where}: {word}: a star may only end a word")
    return words


def _hint(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _version(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256(RULES.encode())
    for data in parts:
        digest.update(data)
    return digest.hexdigest()[:10]


def _build(raw: Mapping[str, dict[str, dict[str, Any]]], version: str, file: str) -> Taxonomy:
    companies = {slug: Company(slug=slug, **_without_where(entry)) for slug, entry in raw["companies"].items()}
    topics = {slug: Topic(slug=slug, **_without_where(entry)) for slug, entry in raw["topics"].items()}
    words = {name: entry[""] for name, entry in raw["words"].items()}
    if both := companies.keys() & topics.keys():
        raise TaxonomyError(f"{file}: {min(both)} is both a company and a topic")
    _check_strong(raw["companies"], companies)
    return Taxonomy(companies, topics, words, version)


def _without_where(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "where"}


def _check_strong(raw: Mapping[str, dict[str, Any]], companies: Mapping[str, Company]) -> None:
    strong = [(alias, slug) for slug, company in companies.items() for alias in (*company.names, *company.products)]
    owner: dict[str, str] = {}
    for key, (alias, slug) in zip(_plain_all(alias for alias, _ in strong), strong, strict=True):
        other = owner.setdefault(key, slug)
        if other != slug:
            raise TaxonomyError(f"{raw[slug]['where']}: {alias} already stands for {other}")
    never = [(words, slug) for slug, company in companies.items() for words in company.never]
    for key, (words, slug) in zip(_plain_all(words for words, _ in never), never, strict=True):
        if owner.get(key, slug) != slug:
            raise TaxonomyError(f"{raw[slug]['where']}: never {words}: but that stands for {owner[key]}")


def _index(self) -> dict[str, str]:
        return _index(self.companies.values(), self.topics.values())

    def find(self, text: str) -> str | None:
        """The slug that a person means by a slug, a name, or a product, in any case and script."""
        return self._index.get(_plain(text))

    def nearest(self, text: str) -> str | None:
        """The slug whose slug or name is most like a mistyped one, None if none is like it."""
        close = difflib.get_close_matches(_plain(text), self._index, n=1, cutoff=0.6)
        return self._index[close[0]] if close else None


def load_taxonomy(extra: Path | None = None) -> Taxonomy:
    """The bundled taxonomy, extended by a file of the reader's own.

    That file has tables `[companies.<slug>]`, `[topics.<slug>]` and `[words]`. An entry with a known slug adds to it
    (and replaces its name), `mute = true` drops it. Raises TaxonomyError, which names file and entry.
    """
    here = files(__package__)
    sources = [(name, here.joinpath(name).read_bytes()) for name in ("companies.toml", "topics.toml")]
    raw: dict[str, dict[str, dict[str, Any]]] = {"companies": {}, "topics": {}, "words": {}}
    for name, data in sources:
        _merge(raw, _parse(name, data), name)
    if extra is not None:
        try:
            data = extra.read_bytes()
        except OSError as error:
            raise TaxonomyError(f"{extra}: cannot be read: {error.strerror}") from error
        sources.append((str(extra), data))
        _merge(raw, _parse(str(extra), data), str(extra))
    return _build(raw, _version(data for _, data in sources), sources[-1][0])


def _parse(name: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{name}: is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        # A slug written twice ends here too: TOML does not allow a table to be opened again.
        raise TaxonomyError(f"{name}: {error}") from error


def _merge(raw: dict[str, dict[str, dict[str, Any]]], new: dict[str, Any], file: str) -> None:
    for section, entries in new.items():
        if section not in raw:
            raise TaxonomyError(f"{file}: unknown section [{section}]{_hint(section, raw)}")
        for slug, entry in entries.items():
            where = f"{file}: {section}.{slug}"
            if section == "words":
                raw[section].setdefault(slug, {"": ()})[""] += _words(entry, where)
            else:
                _merge_entry(raw[section], slug, _entry(entry, section, where), where)


def _merge_entry(known: dict[str, dict[str, Any]], slug: str, entry: dict[str, Any], where: str) -> None:
    if entry.pop("mute", False):
        known.pop(slug, None)
        return
    old = known.setdefault(slug, {"where": where})
    for key, value in entry.items():
        old[key] = old.get(key, ()) + value if isinstance(value, tuple) else value
    old["where"] = where
    if not old.get("name"):
        raise TaxonomyError(f"{where}: has no name")


def _entry(entry: Any, section: str, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise TaxonomyError(f"{where}: must be a table")
    lists = _list_keys(section)
    checked: dict[str, Any] = {}
    for key, value in entry.items():
        if key in lists:
            checked[key] = _words(value, f"{where}: {key}")
        elif key == "mute" and isinstance(value, bool):
            checked[key] = value
        elif key in _TEXT_KEYS[section] and isinstance(value, str):
            checked[key] = value
        else:
            raise TaxonomyError(f"{where}: unknown key or wrong type: {key}{_hint(key, lists)}")
    return checked


_TEXT_KEYS = {"companies": ("name", "zh", "kind", "country"), "topics": ("name", "zh")}
_CLASSES: dict[str, type] = {"companies": Company, "topics": Topic}


def _list_keys(section: str) -> tuple[str, ...]:
    return tuple(f.name for f in fields(_CLASSES[section]) if f.name not in ("slug", *_TEXT_KEYS[section]))


def _words(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, str):
        raise TaxonomyError(f"{where}: must be one string with commas")
    words = _unique(word for part in value.split(",") if (word := " ".join(part.split())))
    for word in words:
        if "*" in word[:-1] and "|" not in word or word == "*":
            raise TaxonomyError(f"{where}: {word}: a star may only end a word")
    return words


def _hint(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _version(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256(RULES.encode())
    for data in parts:
        digest.update(data)
    return digest.hexdigest()[:10]


def _build(raw: Mapping[str, dict[str, dict[str, Any]]], version: str, file: str) -> Taxonomy:
    companies = {slug: Company(slug=slug, **_without_where(entry)) for slug, entry in raw["companies"].items()}
    topics = {slug: Topic(slug=slug, **_without_where(entry)) for slug, entry in raw["topics"].items()}
    words = {name: entry[""] for name, entry in raw["words"].items()}
    if both := companies.keys() & topics.keys():
        raise TaxonomyError(f"{file}: {min(both)} is both a company and a topic")
    _check_strong(raw["companies"], companies)
    return Taxonomy(companies, topics, words, version)


def _without_where(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "where"}


def _check_strong(raw: Mapping[str, dict[str, Any]], companies: Mapping[str, Company]) -> None:
    strong = [(alias, slug) for slug, company in companies.items() for alias in (*company.names, *company.products)]
    owner: dict[str, str] = {}
    for key, (alias, slug) in zip(_plain_all(alias for alias, _ in strong), strong, strict=True):
        other = owner.setdefault(key, slug)
        if other != slug:
            raise TaxonomyError(f"{raw[slug]['where']}: {alias} already stands for {other}")
    for slug, company in companies.items():
        for words in company.never:
            if owner.get(_plain(words), slug) != slug:
                raise TaxonomyError(f"{raw[slug]['where']}: never {words}: but that stands for {owner[_plain(words)]}")


def _index(companies: Iterable[Company], topics: Iterable[Topic]) -> dict[str, str]:
    """Slugs go before display names and those before aliases, where two are alike."""
    entries = (*companies, *topics)
    pairs = [(entry.slug, entry.slug) for entry in entries]
    pairs += [(name, entry.slug) for entry in entries for name in (entry.name, entry.zh) if name]
    for entry in entries:
        if isinstance(entry, Company):
            aliases = (*entry.names, *entry.products, *entry.weak, *entry.platforms, *entry.tickers, *entry.vague)
            pairs += [(alias, entry.slug) for alias in aliases]
    index: dict[str, str] = {}
    for key, (_, slug) in zip(_plain_all(text for text, _ in pairs), pairs, strict=True):
        index.setdefault(key, slug)
    return index


def _plain_all(texts: Iterable[str]) -> list[str]:
    # One call for all, because folding has a cost per call.
    return _plain("\n".join(texts)).split("\n")


def _plain(text: str) -> str:
    return re.sub(r"[ \t\-_·]+", "", fold(text))


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
