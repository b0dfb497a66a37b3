"""Tags the archive anew when taxonomy or vetoes have changed: only what is affected, and in small steps."""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple, dataclass
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import NamedTuple

from tui_reader.model import TagRow, Veto
from tui_reader.store import EntryText, Given, Store
from tui_reader.tagging import Tagger, Taxonomy, story_surroundings
from tui_reader.tagging.changes import Difference, Finder, difference, fingerprint

STEP = 200
"""Entries in one transaction: short enough for others to write in between."""

MANY = 1500
"""Entries from which the processes that help are worth their start."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which entries to look at, and which of these to tag anew."""

    ids: tuple[int, ...]
    settled: str | None
    """What this version has tagged need not be tagged anew but for the vetoes; None if all is to be."""
    difference: Difference
    vetoes: frozenset[Veto]
    """Those that came or went: entries that have the name are affected."""
    version: str
    """The taxonomy to tag by."""
    note: str
    """For the next plan, once this one is carried out."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one entry's tags, as (kind, slug)."""

    entry_id: int
    title: str
    new: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    done: int
    of: int
    tagged: int
    """How many of these were tagged anew; the others cannot have changed."""
    changes: tuple[Change, ...]


def plan(store: Store, taxonomy: Taxonomy, *, all: bool = False) -> Plan:
    """Cheap where nothing has changed."""
    kept = store.retagging.tagged_by()
    was = json.loads(kept) if kept else {}
    vetoes = store.vetoes.all()
    changed = frozenset(vetoes) ^ frozenset(Veto(*each) for each in was.get("vetoes", ()))
    note = json.dumps(
        {"vetoes": [astuple(veto) for veto in vetoes], "taxonomy": fingerprint(taxonomy)}, ensure_ascii=False
    )
    if all:
        return Plan(store.retagging.ids(), None, Difference("", all=True), frozenset(), taxonomy.version, note)
    ids = store.retagging.ids() if changed else store.retagging.ids(other_than=taxonomy.version)
    return Plan(ids, taxonomy.version, difference(was.get("taxonomy", ""), taxonomy), changed, taxonomy.version, note)


def save_names(store: Store, taxonomy: Taxonomy) -> None:
    """What the taxonomy calls its slugs, and people call them, so that screens and searches need not load it."""
    companies = {("company", slug): company.name for slug, company in taxonomy.companies.items()}
    topics = {("topic", slug): topic.name for slug, topic in taxonomy.topics.items()}
    store.tags.save_names(companies | topics, taxonomy.version, taxonomy.search_names())


def surroundings(store: Store, feed_title: str, issue_id: int | None, title: str) -> str:
    """What stands for the feed's title where an entry is tagged; `issue_id` if it is a story of an issue."""
    return feed_title if issue_id is None else story_surroundings(feed_title, title, store.tags.of(issue_id))


def steps(store: Store, plan: Plan, tagger: Tagger, *, dry_run: bool = False, helpers: int = 0) -> Iterator[Step]:
    """Do it, a few hundred entries a transaction. `helpers` are processes that do the tagging.

    Given up half-way, it leaves what it has done, and the next plan finds the rest.
    """
    wanted = tuple(sorted({*plan.difference.phrases, *(veto.alias for veto in plan.vetoes)}))
    done = 0
    with _helping(tagger, wanted, helpers if len(plan.ids) >= MANY else 0) as tag:
        for texts, found in tag(_batches(store, plan)):
            done += len(texts)
            tagged = {entry_id: rows for entry_id, rows in found.items() if rows is not None}
            changes = _compare(store, texts, tagged, dry_run=dry_run, version=plan.version)
            yield Step(done, len(plan.ids), len(tagged), changes)
    if not dry_run and plan.note != store.retagging.tagged_by():
        store.retagging.keep_tagged_by(plan.note)


class _Job(NamedTuple):
    id: int
    title: str
    text: str
    feed_title: str
    vetoes: frozenset[tuple[str, str, str]]
    surely: bool
    """False if it needs tagging only where it has one of the changed phrases."""


_Batch = tuple[tuple[EntryText, ...], list[_Job]]
_Found = dict[int, tuple[TagRow, ...] | None]
"""By entry; None for those that cannot have changed."""


def _batches(store: Store, plan: Plan) -> Iterator[_Batch]:
    vetoes: dict[int, frozenset[tuple[str, str, str]]] = {}
    for start in range(0, len(plan.ids), STEP):
        texts = store.retagging.texts(plan.ids[start : start + STEP])
        jobs = []
        for each in texts:
            if each.feed_id not in vetoes:
                vetoes[each.feed_id] = store.vetoes.of_feed(each.feed_id)
            around = surroundings(store, each.feed_title, each.parent_id, each.title)
            jobs.append(_Job(each.id, each.title, each.text, around, vetoes[each.feed_id], _surely(each, plan)))
        yield texts, jobs


def _surely(entry: EntryText, plan: Plan) -> bool:
    if entry.taxonomy == plan.settled:
        return False
    return plan.difference.all or entry.taxonomy != plan.difference.version


def _tag(tagger: Tagger, finder: Finder, jobs: Sequence[_Job]) -> _Found:
    found: _Found = {}
    for job in jobs:
        if job.surely or finder.finds(job.title, job.text):
            tags = tagger.tag(job.title, job.text, feed_title=job.feed_title, vetoes=job.vetoes)
            found[job.id] = tuple(map(TagRow.of, tags))
        else:
            found[job.id] = None
    return found


def _compare(
    store: Store, texts: Sequence[EntryText], tagged: dict[int, tuple[TagRow, ...]], *, dry_run: bool, version: str
) -> tuple[Change, ...]:
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(store.writing())
        before = store.retagging.given(list(tagged))
        different = {
            each: rows for each, rows in tagged.items() if frozenset(_own(rows, before[each])) != before[each].machine
        }
        if not dry_run:
            store.retagging.save(different, ids=[each.id for each in texts], taxonomy=version)
    titles = {each.id: each.title for each in texts}
    changes = (_change(each, titles[each], before[each], rows) for each, rows in different.items())
    return tuple(change for change in changes if change.new or change.gone)


def _own(rows: Sequence[TagRow], given: Given) -> tuple[TagRow, ...]:
    """Without those that the reader has settled."""
    return tuple(row for row in rows if (row.kind, row.slug) not in given.hand)


def _change(entry_id: int, title: str, given: Given, rows: Sequence[TagRow]) -> Change:
    before = {(row.kind, row.slug) for row in given.machine}
    after = {(row.kind, row.slug) for row in _own(rows, given)}
    return Change(entry_id, title, tuple(sorted(after - before)), tuple(sorted(before - after)))


_Done = tuple[tuple[EntryText, ...], _Found]
_Tag = Callable[[Iterator[_Batch]], Iterator[_Done]]


# --- in other processes ----------------------------------------------------------------------------------------------


@contextmanager
def _helping(tagger: Tagger, phrases: tuple[str, ...], helpers: int) -> Iterator[_Tag]:
    """→ what tags batches, in their order; in this process if there are no helpers."""
    if not helpers:
        yield partial(_tag_here, tagger, Finder(phrases))
        return
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        pipes = []
        for _ in range(helpers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_help, args=(tagger.taxonomy, phrases, theirs), daemon=True)
            with _deaf_to_interrupts():
                process.start()
            theirs.close()
            stack.callback(process.join)
            # It has nothing to lose, and whoever gives up half-way need not wait for its batch.
            stack.callback(process.terminate)
            stack.callback(ours.close)
            pipes.append(ours)
        yield partial(_tag_there, pipes, partial(_tag, tagger, Finder(phrases)))


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """For processes that start within: Ctrl-C reaches all that run on the terminal, and only we should answer it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It unblocks what we block, when the first process starts it.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _tag_here(tagger: Tagger, finder: Finder, batches: Iterator[_Batch]) -> Iterator[_Done]:
    for texts, jobs in batches:
        yield texts, _tag(tagger, finder, jobs)


def _tag_there(
    pipes: Sequence[Connection], tag: Callable[[Sequence[_Job]], _Found], batches: Iterator[_Batch]
) -> Iterator[_Done]:
    """A helper has one batch at a time: with two, both ends of a full pipe could wait for each other.

    The batch of a helper that has died is tagged here.
    """
    busy: list[tuple[Connection, _Batch]] = []
    for pipe in pipes:
        _hand_out(pipe, batches, busy)
    while busy:
        pipe, (texts, jobs) = busy.pop(0)
        found: _Found
        try:
            found = pipe.recv()
        except (EOFError, OSError):
            found = tag(jobs)
        _hand_out(pipe, batches, busy)
        yield texts, found


def _hand_out(pipe: Connection, batches: Iterator[_Batch], busy: list[tuple[Connection, _Batch]]) -> None:
    batch = next(batches, None)
    if batch is not None:
        with suppress(OSError):
            pipe.send(batch[1])
        busy.append((pipe, batch))


def _help(taxonomy: Taxonomy, phrases: tuple[str, ...], pipe: Connection) -> None:
    """A helper's life: until the other end is closed."""
    tagger, finder = Tagger(taxonomy), Finder(phrases)
    while True:
        try:
            jobs = pipe.recv()
        except (EOFError, OSError):
            return
        found = _tag(tagger, finder, jobs)
        with suppress(OSError):
            pipe.send(found)
